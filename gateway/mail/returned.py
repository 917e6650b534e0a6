"""The mail that came back: its header fields, wherever a report keeps them.

Either a part of its own (message/rfc822, text/rfc822-headers and kin), or an attachment that merely looks
like a header, or the tail of the notice's text behind a line such as "--- Below this line is a copy".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.mail.message import Message, Part

# A notice is read so far; what a mail server says about a failure fits in it.
NOTICE = 24_576
_HEADER_BLOCK = 65_536
_FIELDS = 500

_RETURNED_TYPES = frozenset(
    (
        "message/rfc822",
        "message/global",
        "message/partial",
        "message/rfc822-headers",
        "message/global-headers",
        "text/rfc822-headers",
    )
)
_STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))

_FIELD = re.compile(r"([!-9;-~]{1,76})[ \t]*:(.*)", re.S)
_FOLD = re.compile(r"\n(?=[ \t])")
_LOOKS_LIKE_A_HEADER = re.compile(
    r"\s{0,8}(?:Received|Return-Path|X-[\w-]{1,60}|DKIM-Signature|Message-ID|From|Date|MIME-Version|Subject|To):", re.I
)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_MENTIONED_ID = re.compile(r"^[ \t]{0,8}(?:Original-)?Message-ID:\s{0,4}(<[^<>\s]{1,998}>)", re.I | re.M)

# Lines behind which the returned mail begins: a ruled line that names it, or a sentence that says it follows ...
_ANNOUNCED = re.compile(
    r"^[ \t]{0,12}(?:[-=*_>]{2,80}[^\n]{0,60}?(?:copy of|enclosed|original|unsent|returned|header|below this line|"
    r"undelivered"
    r"|message follows|message body)[^\n]{0,80}"
    r"|[^\n]{0,60}\b(?:message|mail|headers?)(?: headers?| text| body| contents?)? follows?\b[^\n]{0,40}"
    r"|(?:original|returned|undelivered) (?:message|mail)(?: headers?)?:?"
    r"|(?:below|included|enclosed|attached)\b[^\n]{0,40}\b(?:copy|message|header)[^\n]{0,40}[.:])[ \t]{0,8}$",
    re.I | re.M,
)
# ... or its first field itself: one that no notice begins a line with.
_BEGUN = re.compile(
    r"^(?:Received:\s{0,3}(?:from|by|\()|Return-Path:\s{0,3}<|DKIM-Signature:|ARC-Seal:|Message-ID:\s{0,3}<|"
    r"MIME-Version:"
    r"|X-Received:|From [^\s@]{1,64}(?:@\S{1,255})?\s{1,3}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun))",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A report as a person reads it: `text` without the returned mail, whose fields are `headers`.

    `fields` are the sources of its status parts (RFC 3464 §2), in order.
    """

    text: str
    headers: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()


def notice_of(message: Message) -> Notice:
    """Take a report apart: the words, the status parts, the returned mail."""
    words: list[str] = []
    returned = ""
    fields: list[str] = []
    for part in message.parts:
        if part.content_type in _STATUS_TYPES:
            fields.append(part.text)
        elif part.content_type in _RETURNED_TYPES or (words and _looks_returned(part)):
            returned = returned or part.text
        elif part.content_type == "text/plain" and not returned:
            words.append(part.text)
    text = "\n".join(words)[:NOTICE]
    if not text.strip():
        text = message.text[:NOTICE]
    said, tail = _split(text)
    return Notice(said, header_fields(returned or tail), tuple(fields))


def header_fields(source: str) -> tuple[tuple[str, str], ...]:
    """The fields of the header that `source` begins with: names in lower case, values unfolded, not decoded."""
    block = source[:_HEADER_BLOCK].replace("\r\n", "\n").lstrip("\n \t")
    found: list[tuple[str, str]] = []
    for line in _FOLD.sub(" ", block.partition("\n\n")[0]).split("\n"):
        match = _FIELD.match(line.strip())
        if match and len(found) < _FIELDS:
            found.append((match[1].lower(), " ".join(match[2].split())))
    return tuple(found)


def message_id_of(notice: Notice, message: Message) -> str | None:
    """The Message-ID of the mail that the report is about.

    From its own header; else from the words; else what the report answers (some send In-Reply-To instead of a copy).
    """
    for name, value in notice.headers:
        if name == "message-id":
            match = _MESSAGE_ID.search(value)
            if match:
                return match.group()
    mentioned = _MENTIONED_ID.search(notice.text)
    if mentioned:
        return mentioned[1]
    return next(iter(message.in_reply_to or message.references[-1:]), None)


def _looks_returned(part: Part) -> bool:
    return part.content_type.startswith("text/") and _LOOKS_LIKE_A_HEADER.match(part.text) is not None


def _split(text: str) -> tuple[str, str]:
    """(the words, the returned mail) of one text: cut where the earliest sign of the returned mail stands."""
    announced, begun = _ANNOUNCED.search(text), _BEGUN.search(text)
    if announced and (not begun or announced.start() < begun.start()):
        return text[: announced.start()], text[announced.end() :].lstrip("\n")
    if begun:
        return text[: begun.start()], text[begun.start() :]
    return text, ""
