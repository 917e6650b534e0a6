"""What the gateway makes of a mail, as the object of `gateway mail explain --json`.

Reading is the same as the daemon's, and so is judging: with the same facts a mail gets here the verdict it gets there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from gateway.desk.policy import Policy
from gateway.intake.case import Case
from gateway.intake.chain import judge
from gateway.intake.loop import loop
from gateway.intake.reading import Reading, read
from gateway.intake.verdict import Facts, Match, Verdict
from gateway.mail.address import mailboxes
from gateway.mail.message import Address, Bounce, Envelope, Message
from gateway.mail.parse import parse
from gateway.mail.thread import Keys
from gateway.shown import instant
from gateway.store.mails import MailRecord

Json = dict[str, Any]

NOBODYS: Final = Policy("", "", "", "", mailboxes={}, categories={}, priorities={}, calendars={})
"""The policy of no desk at all: what a mail is can be told without one, where it goes cannot."""

# A word in the angles of an address, without a domain: somebody on the sender's own machine.
_BARE: Final = re.compile(r"<\s?([\w.+-]{1,64})\s?>")
_ADDRESSED: Final = ("delivered-to", "x-original-to", "to")
_MOST: Final = 100  # recipients that a header may name


def read_file(raw: bytes, policy: Policy, to: Sequence[str] = ()) -> Reading:
    """A mail from a file, as if it came to `to`, or else to whom its header names. Raises Unreadable."""
    message = parse(raw)
    return read(message, _envelope(message, to), policy)


def described(reading: Reading, file: str) -> Json:
    """What the mail is; where it goes is undecided. `file` exactly as given."""
    return {"file": file, **_described(reading), **_undecided(), "envelope": _sent(reading.envelope)}


def unreadable(file: str, reason: str) -> Json:
    """The object for what could not be read: a cap exceeded, or no such file."""
    empty = described(read(Message(), Envelope(source="ingest"), NOBODYS), file)
    found = {"kind": "unreadable", "kind_reason": reason, "defects": [reason]}
    return {**empty, **found, "decision": "quarantine", "reason": reason}


def decided(reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime) -> Json:
    """Where the mail would go now, and why: what replaces the undecided members."""
    verdict = judge(reading, facts, policy, keys, now)
    return {
        "match": _match(verdict),
        "sender_role": verdict.sender_role,
        "decision": verdict.decision,
        "reason": verdict.reason,
        "would": list(verdict.would),
        "rule": verdict.rule or None,
        **_came_back(reading, facts, verdict.decision, policy, now),
    }


def recorded(record: MailRecord, reading: Reading, facts: Facts, policy: Policy, now: datetime) -> Json:
    """Where a mail went that was handled before, and why: it is no duplicate of itself."""
    verdict = record.verdict or {}
    by = verdict.get("by", "none")
    return {
        "match": {"ticket": None if by == "none" else record.ticket, "by": by, "trace": verdict.get("trace", [])},
        "sender_role": verdict.get("sender_role", "stranger"),
        "decision": record.decision,
        "reason": record.reason,
        "would": list(verdict.get("would", [])),
        "rule": verdict.get("rule") or None,
        "mail": {
            "id": record.mail.id,
            "received_at": instant(record.mail.received_at),
            "state": record.state,
            "ticket": record.ticket,
        },
        **_came_back(reading, facts, record.decision, policy, now),
    }


def _came_back(reading: Reading, facts: Facts, decision: str, policy: Policy, now: datetime) -> Json:
    """Only the desk itself can tell a letter of its own that came back."""
    verdict = loop(Case(reading, facts, Match(), policy, now)) if decision == "ignore" else None
    return {"kind": "loop", "kind_reason": verdict.reason, "sender_role": "gateway"} if verdict else {}


def _match(verdict: Verdict) -> Json:
    match = verdict.match
    trace = [{"carrier": each.carrier, "value": each.value, "result": each.result} for each in match.trace]
    return {"ticket": match.ticket, "by": match.by, "trace": trace}


def _envelope(message: Message, to: Sequence[str]) -> Envelope:
    """As `mail ingest` would make it: the sender of Return-Path, else of From."""
    sender = message.header("return-path").strip().strip("<>")
    if not message.header("return-path"):
        sender = next((one.email for one in message.from_ if one.email), "")
    return Envelope(mail_from=sender, rcpt_tos=tuple(to or _named(message)), peer="explain", source="ingest")


def _named(message: Message) -> Iterator[str]:
    for name in _ADDRESSED:
        found = [each.email for value in message.header_all(name) for each in mailboxes(value) if each.email]
        if found:
            yield from list(dict.fromkeys(found))[:_MOST]
            return


def _described(reading: Reading) -> Json:
    message, parts = reading.message, reading.parts
    auto_reply = reading.auto_reply
    said = reading.authentication
    original = parts.forwarded_from if parts.forwarded and not reading.machine else None
    return {
        "kind": reading.kind,
        "kind_reason": reading.why_kind,
        "subject": message.subject,
        "from": _sender(message),
        "reply_to": [_person(one) for one in message.reply_to],
        "to": [_person(one) for one in message.to],
        "cc": [_person(one) for one in message.cc],
        "date": message.date.isoformat().replace("+00:00", "Z") if message.date else None,
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to[0] if message.in_reply_to else None,
        "references": list(message.references),
        "text": message.text,
        "reply_text": parts.reply,
        "quoted_text": parts.quoted,
        "signature": parts.signature,
        "html": bool(message.html),
        "language": reading.language,
        "attachments": [
            {
                "name": one.name,
                "content_type": one.content_type,
                "size": one.size,
                "sha256": one.sha256,
                "inline": one.inline,
                "content_id": one.content_id,
            }
            for one in message.attachments
        ],
        "defects": list(message.defects),
        "authentication": {"spf": said.spf, "dkim": said.dkim, "dmarc": said.dmarc},
        "bounce": _bounce(reading.bounce),
        "auto_reply": {"sort": auto_reply.sort, "until": auto_reply.until} if auto_reply else None,
        "forwarded": {"from": _person(original)} if original else None,
    }


def _undecided() -> Json:
    """What only a configured desk can say."""
    return {
        "match": {"ticket": None, "by": "none", "trace": []},
        "sender_role": "stranger",
        "decision": None,
        "reason": "",
        "would": [],
        "rule": None,
        "mail": None,
    }


def _sent(envelope: Envelope) -> Json:
    return {"mail_from": envelope.mail_from, "rcpt_tos": list(envelope.rcpt_tos)}


def _sender(message: Message) -> dict[str, str]:
    """Whom From names: where that is no address, with the word that stands in its place ("Moderator <moderator>")."""
    shown = _person(next((one for one in message.from_ if one.email), next(iter(message.from_), None)))
    bare = _BARE.search(message.header("from")[:998])
    return shown | {"email": bare[1]} if bare and not shown["email"] else shown


def _person(one: Address | None) -> dict[str, str]:
    return {"name": one.name, "email": one.email} if one else {"name": "", "email": ""}


def _bounce(bounce: Bounce | None) -> Json | None:
    if bounce is None:
        return None
    recipients = [{"email": r.email, "status": r.status, "diagnostic": r.diagnostic} for r in bounce.recipients]
    return {"action": bounce.action, "recipients": recipients, "original_message_id": bounce.original_message_id}
