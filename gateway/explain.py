"""What the gateway makes of a mail, as the object of `gateway mail explain --json`."""

from __future__ import annotations

from typing import Any

from gateway.mail import authentication
from gateway.mail.automatic import classify
from gateway.mail.language import guess
from gateway.mail.message import Address, Bounce, Message, Unreadable
from gateway.mail.parse import parse
from gateway.mail.quoting import annotate


def describe(raw: bytes, file: str) -> dict[str, Any]:
    """`file` exactly as given. A mail that cannot be read has the kind "unreadable", its reason, and nothing else."""
    try:
        message = parse(raw)
    except Unreadable as error:
        return unreadable(file, str(error))
    return {"file": file, **_reading(message), **_undecided()}


def unreadable(file: str, reason: str) -> dict[str, Any]:
    """The object for what could not be read: a cap exceeded, or no such file."""
    empty = {**_reading(Message()), "kind": "unreadable", "defects": [reason]}
    return {"file": file, **empty, **_undecided(), "decision": "quarantine", "reason": reason}


def _reading(message: Message) -> dict[str, Any]:
    parts = annotate(message)
    classified = classify(message)
    auto_reply = classified.auto_reply
    forwarded = {"from": _person(parts.forwarded_from)} if parts.forwarded_from else {"from": None}
    return {
        "kind": classified.kind,
        "subject": message.subject,
        "from": _person(next((one for one in message.from_ if one.email), next(iter(message.from_), Address()))),
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
        "language": guess(parts.reply or message.text),
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
        "authentication": _authenticated(message),
        "bounce": _bounce(classified.bounce),
        "auto_reply": {"sort": auto_reply.sort, "until": auto_reply.until} if auto_reply else None,
        "forwarded": forwarded if parts.forwarded else None,
    }


def _undecided() -> dict[str, Any]:
    """What only a configured desk can say."""
    return {"match": None, "sender_role": "stranger", "decision": None, "reason": "", "would": []}


def _person(one: Address | None) -> dict[str, str]:
    return {"name": one.name, "email": one.email} if one else {"name": "", "email": ""}


def _bounce(bounce: Bounce | None) -> dict[str, Any] | None:
    if bounce is None:
        return None
    recipients = [{"email": r.email, "status": r.status, "diagnostic": r.diagnostic} for r in bounce.recipients]
    return {"action": bounce.action, "recipients": recipients, "original_message_id": bounce.original_message_id}


def _authenticated(message: Message) -> dict[str, str]:
    """Nobody is trusted here: which server speaks for us is the configuration's to say."""
    said = authentication.read(message, "")
    return {"spf": said.spf, "dkim": said.dkim, "dmarc": said.dmarc}
