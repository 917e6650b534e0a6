"""Header blocks → fields, of the mail and of its parts (RFC 5322 §2.2, RFC 2046 §5.1).

Read byte by line, never by a grammar: one junk line must not cost the Subject, and a missing blank line not the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.mail.message import Unreadable

MAX_FIELDS = 1000
MAX_SAME_NAME = 500
MAX_LINES = 40_000
MAX_ENCODED_WORDS = 500

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*(.*)", re.S)
_KNOWN = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|mime-version"
    rb"|content-[a-z-]+|x-[\w-]+|list-[a-z-]+|resent-[a-z-]+|dkim-signature|arc-[a-z-]+|delivered-to|auto-submitted"
    rb"|authentication-results|user-agent|importance|priority|precedence|thread-[a-z]+|organization|errors-to|status"
    rb"|envelope-to|lines|comments|keywords|disposition-[a-z-]+|return-receipt-to|autocrypt|feedback-id|newsgroups)"
    rb"[ \t]*:"
)
_PARAMETER = re.compile(rb"[\w*.-]{1,40}[ \t]*=")
_MBOX_FROM = re.compile(rb">?From [^\r\n]*(?:\r\n|\n|\r)")
_BLANK_LINES = re.compile(rb"(?:[ \t]*(?:\r\n|\n|\r))+")
# Fields in which a following unfolded line continues the sentence; in others it is junk.
_PROSE = frozenset((b"subject", b"comments", b"keywords", b"thread-topic", b"x-mailer", b"user-agent", b"organization"))


@dataclass(frozen=True, slots=True)
class Field:
    """`name` in lower case; `value` unfolded (line ends gone, blanks kept), else as sent."""

    name: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """A header block. `body` is where the rest begins, as an index into the same bytes."""

    fields: tuple[Field, ...]
    body: int
    defects: tuple[str, ...] = ()

    def first(self, name: str) -> bytes:
        return next((field.value for field in self.fields if field.name == name), b"")

    def all(self, name: str) -> tuple[bytes, ...]:
        return tuple(field.value for field in self.fields if field.name == name)


def mail_start(data: bytes) -> int:
    """Where the first header field begins: after a byte order mark, blank lines and an mbox "From " line."""
    start = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    for pattern in (_BLANK_LINES, _MBOX_FROM, _BLANK_LINES):
        if match := pattern.match(data, start):
            start = match.end()
    return start


def with_line_feeds(data: bytes) -> bytes:
    """A mail of an old Mac has CR alone for every line end: it gets line feeds. CR CR LF of some gateways is CR LF.

    Beside real line ends a bare CR is no line end (RFC 5322 §2.2): whoever takes it for one reads other fields than
    the servers before did, who judged the sender.
    """
    if b"\n" not in data:
        return data.replace(b"\r", b"\n")
    start = mail_start(data)
    return data.replace(b"\r\r\n", b"\r\n") if b"\r\r\n" in data[start : start + 4096] else data


def read_head(data: bytes, start: int, end: int) -> Head:
    """The header block of data[start:end]. Raises `Unreadable` beyond the caps on fields and lines."""
    fields: list[tuple[bytes, list[bytes]]] = []
    defects: list[str] = []
    position, lines = start, 0
    body = end
    while position < end:
        stop = data.find(b"\n", position, end)
        after = end if stop == -1 else stop + 1
        line = data[position : end if stop == -1 else stop].rstrip(b"\r")
        lines += 1
        if lines > MAX_LINES or len(fields) > MAX_FIELDS:
            raise Unreadable(f"more than {MAX_FIELDS} header fields or {MAX_LINES} header lines")
        if not line:
            body = after
            break
        if line[:1] in b" \t":
            if not line.strip() and not _field_follows(data, after, end):
                body = after
                break
            if fields:
                fields[-1][1].append(line)
        elif fields and _PARAMETER.match(line) and fields[-1][1][-1].rstrip().endswith(b";"):
            defects.append("a parameter that is not folded")
            fields[-1][1].append(b" " + line)
        elif match := _FIELD.match(line):
            fields.append((match[1].lower(), [match[2]]))
        elif _field_follows(data, after, end):
            defects.append("a line among the headers that is no field")
            if fields and _continues(*fields[-1]):
                fields[-1][1].append(b" " + line)
        else:
            defects.append("no blank line after the header")
            body = position
            break
        position = after
    if any(b"".join(values).count(b"=?") > MAX_ENCODED_WORDS for _, values in fields):
        raise Unreadable(f"more than {MAX_ENCODED_WORDS} encoded words in one field")
    found = tuple(Field(name.decode("ascii"), b"".join(values).strip(b" \t\r")) for name, values in fields)
    return Head(found, body, tuple(dict.fromkeys(defects)))


def _field_follows(data: bytes, position: int, end: int) -> bool:
    """Whether a well-known field comes before the next blank line, within twenty lines."""
    for _ in range(20):
        if position >= end or data[position : position + 1] in (b"\n", b"\r"):
            return False
        if _KNOWN.match(data, position, end):
            return True
        stop = data.find(b"\n", position, end)
        if stop == -1:
            return False
        position = stop + 1
    return False


def _continues(name: bytes, values: list[bytes]) -> bool:
    last = values[-1].rstrip()
    return name in _PROSE or not last or last.endswith((b",", b";", b"=")) or b"".join(values).count(b'"') % 2 == 1
