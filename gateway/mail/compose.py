"""A letter as bytes: text first, HTML beside it, files after them (RFC 5322, 2045, 2046, 2183, 2387).

A pure function: the boundaries come from the letter's id and the date is stored, so that every try sends the same mail.
What leaves here has CRLF line ends, no line over 998 octets, and is seven bits wide, but for addresses that need
SMTPUTF8 (RFC 6531).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from gateway.mail.fold import (
    BadField,
    address_field,
    id_field,
    is_media_type,
    parameter,
    parameter_field,
    text_field,
    token_field,
)
from gateway.mail.letter import Enclosure, Letter

# A boundary that begins so can stand in no quoted-printable and no base64 part (RFC 2045 §6.7).
_MARK: Final = "=_"
_ASCII: Final = bytes(range(128))
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_FIELD: Final = re.compile(rb"([!-9;-~]+):[ \t]")


def needs_smtputf8(letter: Letter) -> bool:
    """Whether only a relay with SMTPUTF8 can take it. Domains are A-labels already; a local part has no such form."""
    return not all(map(str.isascii, (letter.to, letter.from_, letter.reply_to, letter.envelope_from)))


def compose(letter: Letter, read: Callable[[str], bytes]) -> bytes:
    """`read` gives the bytes of an enclosure by its SHA-256. BadField where a value fits into no mail."""
    body = _body(letter, read)
    fields = [*_fields(letter), "MIME-Version: 1.0\r\n"]
    block = "".join(fields).encode() + body
    _check(block, [field.partition(":")[0] for field in fields])
    return block


def _fields(letter: Letter) -> list[str]:
    utf8 = needs_smtputf8(letter)
    date = letter.date.astimezone(UTC) if letter.date.tzinfo else _no_zone(letter.date)
    fields = [
        token_field("Date", format_datetime(date)),
        address_field("From", letter.from_name, letter.from_, utf8=utf8),
        address_field("Reply-To", letter.reply_to_name, letter.reply_to, utf8=utf8),
        address_field("To", letter.to_name, letter.to, utf8=utf8),
        text_field("Subject", letter.subject),
        id_field("Message-ID", [letter.message_id]),
    ]
    if letter.in_reply_to:
        fields.append(id_field("In-Reply-To", [letter.in_reply_to]))
    if letter.references:
        fields.append(id_field("References", letter.references))
    fields.append(token_field("Auto-Submitted", letter.auto_submitted))
    fields.append(token_field("Content-Language", letter.language))
    return fields + [text_field(name, value) for name, value in letter.headers]


def _no_zone(date: datetime) -> datetime:
    raise BadField(f"Date: {date.isoformat()} has no time zone")


# -- bodies: each is its own header fields, an empty line, its content; ending in CRLF ---------------------------------


def _body(letter: Letter, read: Callable[[str], bytes]) -> bytes:
    inline = [file for file in letter.enclosures if file.content_id and letter.html]
    attached = [file for file in letter.enclosures if file not in inline]
    body = _text_part("plain", letter.text)
    if letter.html:
        page = _text_part("html", letter.html)
        if inline:
            page = _multipart(letter, "related", [page, *(_file_part(file, read) for file in inline)])
        body = _multipart(letter, "alternative", [body, page])
    if attached:
        body = _multipart(letter, "mixed", [body, *(_file_part(file, read) for file in attached)])
    return body


def _multipart(letter: Letter, kind: str, parts: list[bytes]) -> bytes:
    boundary = f"{_MARK}{kind[:3]}_{re.sub('[^A-Za-z0-9]', '', letter.id)[:40]}"
    parameters = [f'boundary="{boundary}"']
    if kind == "related":
        parameters.insert(0, 'type="text/html"')  # RFC 2387 §3.1
    head = parameter_field("Content-Type", f"multipart/{kind}", parameters).encode() + b"\r\n"
    opening = f"--{boundary}\r\n".encode()
    return head + b"".join(opening + part for part in parts) + f"--{boundary}--\r\n".encode()


def _text_part(kind: str, text: str) -> bytes:
    lines = _LINE_END.split(text.replace("\x00", "").rstrip("\r\n"))
    data = ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")
    if data.isascii() and max(map(len, lines)) <= 78:
        encoding, coded = "7bit", data
    elif len(data.translate(None, _ASCII)) > len(data) // 3:
        encoding, coded = "base64", _base64(data)
    else:
        encoding, coded = "quoted-printable", _quoted_printable(data)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + coded


def _file_part(file: Enclosure, read: Callable[[str], bytes]) -> bytes:
    # message/* and multipart/* may not be base64 (RFC 2045 §6.4), and eight-bit ones could not travel as they are.
    composite = file.content_type.lower().startswith(("message/", "multipart/"))
    kind = file.content_type if is_media_type(file.content_type) and not composite else "application/octet-stream"
    fields = [
        f"Content-Type: {kind}\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        parameter_field(
            "Content-Disposition",
            "inline" if file.content_id else "attachment",
            parameter("filename", file.name or "file"),
        ),
    ]
    if file.content_id:
        fields.append(id_field("Content-ID", [f"<{file.content_id.strip('<>')}>"]))
    return "".join(fields).encode() + b"\r\n" + _base64(read(file.sha256))


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n") or b"\r\n"


def _quoted_printable(data: bytes) -> bytes:
    return binascii.b2a_qp(data, istext=True)


# -- the last look -----------------------------------------------------------------------------------------------------


def _check(mail: bytes, expected: list[str]) -> None:
    """The header block has exactly the fields that were meant, whatever the values were (DUTIES OUT-14)."""
    block = mail.partition(b"\r\n\r\n")[0]
    found = [match[1].decode() for line in block.split(b"\r\n") if (match := _FIELD.match(line))]
    loose = [line for line in block.split(b"\r\n") if not _FIELD.match(line) and line[:1] != b" "]
    content = ["Content-Type", "Content-Transfer-Encoding"][: len(found) - len(expected)]
    if found != [*expected, *content] or loose or b"\n" in block.replace(b"\r\n", b"") or b"\x00" in block:
        raise BadField("the header block is not the one that was meant")
