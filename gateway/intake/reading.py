"""A mail with everything that reading alone can say of it: the first input of every rule."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.desk.policy import Policy
from gateway.mail import thread
from gateway.mail.authentication import read as read_authentication
from gateway.mail.authentication import verdict
from gateway.mail.automatic import Classified, classify
from gateway.mail.language import guess
from gateway.mail.message import (
    Address,
    Authentication,
    AuthResult,
    AutoReply,
    Bounce,
    Envelope,
    Kind,
    Message,
    Parts,
)
from gateway.mail.quoting import annotate
from gateway.mail.returned import message_id_of, notice_of

MACHINES: frozenset[Kind] = frozenset(
    ("auto_reply", "bounce", "delay_report", "receipt", "calendar_reply", "reaction", "feedback_report")
)


@dataclass(frozen=True, slots=True)
class Reading:
    """`sender` is the one usable address of the one From field, or None. `passed`: what our server said of it.

    `about` is the Message-ID of the mail that a report is about.
    """

    envelope: Envelope
    message: Message
    kind: Kind
    why_kind: str
    bounce: Bounce | None
    auto_reply: AutoReply | None
    authentication: Authentication
    passed: AuthResult
    parts: Parts
    carriers: thread.Carriers
    language: str
    sender: Address | None
    about: str | None = None

    @property
    def machine(self) -> bool:
        """Nobody wrote it. List mail is written by people."""
        return self.kind in MACHINES


def read(message: Message, envelope: Envelope, policy: Policy) -> Reading:
    found = classify(message, envelope)
    said = read_authentication(message, policy.security.trust_auth_results)
    parts = annotate(message)
    return Reading(
        envelope=envelope,
        message=message,
        kind=found.kind,
        why_kind=found.reason,
        bounce=found.bounce,
        auto_reply=found.auto_reply,
        authentication=said,
        passed=verdict(said),
        parts=parts,
        carriers=thread.carriers(message, envelope, policy.own_addresses, policy.prefix),
        language=guess(f"{message.subject}\n{parts.reply or message.text}"),
        sender=usable_sender(message),
        about=_about(message, found),
    )


def _about(message: Message, found: Classified) -> str | None:
    if found.bounce is not None:
        return found.bounce.original_message_id
    return message_id_of(notice_of(message), message) if found.kind in ("feedback_report", "receipt") else None


def usable_sender(message: Message) -> Address | None:
    """The single address of the single From field (RFC 5322 §3.6.2): with none or several, nobody is the sender."""
    if message.from_fields != 1 or len(message.from_) != 1 or not message.from_[0].email:
        return None
    return message.from_[0]
