"""A forward as an attachment: who wrote the attached mail (RFC 2046 §5.2.1)."""

from __future__ import annotations

import re
from typing import Final

from gateway.mail.address import mailboxes
from gateway.mail.message import Address, Message
from gateway.mail.quoting_subject import is_forward_prefix, prefix_of
from gateway.mail.words import text_of

MAX_HEAD_CHARS: Final = 64 * 1024
_FROM: Final = re.compile(r"^from[ \t]*:[ \t]*(.{0,2000}(?:\n[ \t].{0,2000}){0,10})", re.I | re.M)
_BLANK_LINE: Final = re.compile(r"\r?\n\r?\n")


def attached_sender(message: Message) -> Address | None:
    """The author of the one mail attached to a forward, else None.

    A forward is a mail whose subject says so, or one with no text but the attached mail; a delivery report is none.
    """
    mails = [part for part in message.parts if part.content_type == "message/rfc822"]
    if len(mails) != 1 or mails[0].report_type or message.content_type == "multipart/report":
        return None
    if message.text.strip() and not is_forward_prefix(prefix_of(message.subject)):
        return None
    head = _BLANK_LINE.split(mails[0].text[:MAX_HEAD_CHARS].lstrip("\r\n"), maxsplit=1)[0]
    found = _FROM.search(head)
    people = mailboxes(text_of(found[1].encode())) if found else ()
    return next((one for one in people if one.email), None)
