"""Delivery reports as sending services tell them: one JSON object in a mail (Amazon SES and who copied its form)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from gateway.mail.address import normal
from gateway.mail.dsn_status import best, stated
from gateway.mail.message import Bounce, BouncedRecipient, Message
from gateway.mail.returned import Notice, message_id_of
from gateway.mail.words import one_line

_MOST_RECIPIENTS = 200
_DIAGNOSTIC = 500
_SUCCESS_CODE = re.compile(r"(?<![\w.])2\.\d{1,3}\.\d{1,3}(?!\.?\d)")


def service_notification(message: Message, notice: Notice) -> Bounce | None:
    """The report in the JSON that the text begins with, or None where it begins with none."""
    start = message.text.find('{"notificationType"', 0, 4_096)
    if start < 0:
        start = message.text.find('{"eventType"', 0, 4_096)
    if start < 0:
        return None
    try:
        event, _ = json.JSONDecoder(strict=False).raw_decode(message.text[start : start + 262_144])
    except (ValueError, RecursionError):
        return None
    kind = str(event.get("notificationType") or event.get("eventType")).lower() if isinstance(event, dict) else ""
    body = event.get(kind) if kind in ("bounce", "delivery") else None
    if not isinstance(body, dict):
        return None
    listed = body.get("bouncedRecipients") or body.get("recipients")
    mail = event.get("mail")
    found = tuple(_recipients(listed if isinstance(listed, list) else [], body))
    original = mail.get("headers") if isinstance(mail, dict) else None
    return Bounce(
        "delivered" if kind == "delivery" else "failed",
        found,
        original_message_id=_message_id(original) or message_id_of(notice, message),
    )


def _recipients(listed: list[object], body: dict[str, object]) -> Iterator[BouncedRecipient]:
    for item in listed[:_MOST_RECIPIENTS]:
        entry = item if isinstance(item, dict) else {"emailAddress": item}
        address = normal(_said(entry.get("emailAddress")))
        diagnostic = _said(entry.get("diagnosticCode") or body.get("smtpResponse"))[:_DIAGNOSTIC]
        status = _said(entry.get("status"))
        if address:
            yield BouncedRecipient(address, _status(status, diagnostic), diagnostic)


def _status(given: str, diagnostic: str) -> str:
    for text in (given, diagnostic):
        success = _SUCCESS_CODE.search(text)
        if success:
            return success.group()
    return best(stated(given), diagnostic)


def _message_id(fields: object) -> str | None:
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict) and str(field.get("name")).lower() == "message-id":
            return _said(field.get("value"))[:998]
    return None


def _said(value: object) -> str:
    """A string as it may be kept: JSON's escapes spell controls and halves of characters too."""
    return one_line(str(value or "").encode("utf-8", "replace").decode("utf-8"))
