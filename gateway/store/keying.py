"""What makes two copies of a mail the same mail: a key over its content, taken while the bytes stream by.

The key is SHA-256 over "v1", Message-ID, From address, Date, Subject and the hash of the body (DUTIES §4.3). It leaves
out what the way adds (Received, Return-Path, Delivered-To, X-…, DKIM), so that a redelivery, and the same mail over
SMTP and IMAP, are one; the same Message-ID with another body stays apart. Line ends and blank lines at the end, which
the way also changes, do not count. A scanner of its own, linear and bounded, because this runs before any parser.
"""

from __future__ import annotations

import hashlib

_WANTED = (b"message-id", b"from", b"date", b"subject")
_LINE = 16_384  # octets of one line that are looked at; the rest goes into the body's hash, so it still counts
_FIELD = 65_536
_HEADER = 1_048_576  # octets of header that are read as fields: four times what a mail that can be read may have


class KeyScanner:
    """Feed it the raw mail in any pieces, then ask for `key`. Holds at most a field of 64 KiB and a line of 16."""

    def __init__(self) -> None:
        self._raw = hashlib.sha256()
        self._body = _BodyHash()
        self._fields: dict[bytes, bytearray] = {}
        self._open: bytearray | None = None  # the wanted field that a continuation line belongs to
        self._line = bytearray()
        self._cut = False  # the line was longer than _LINE
        self._in_body = False
        self._header = 0

    def feed(self, chunk: bytes) -> None:
        self._raw.update(chunk)
        at = 0
        while not self._in_body:
            end = chunk.find(b"\n", at)
            if end < 0:
                self._take(chunk[at:])
                return
            self._take(chunk[at : end + 1])
            self._end_line()
            at = end + 1
        self._body.feed(chunk[at:])

    def sha256(self) -> str:
        """Of all bytes, as they were."""
        return self._raw.hexdigest()

    def key(self) -> str:
        if self._line:
            self._end_line()
        if not self._fields.get(b"message-id") and not self._fields.get(b"date"):
            # Hardly a header: what looks like unimportant fields may be all of its text.
            return hashlib.sha256(b"v1|raw|" + self._raw.digest()).hexdigest()
        values = [_normal(name, bytes(self._fields.get(name, b""))) for name in _WANTED]
        parts = (b"v1", *values, self._body.digest())
        return hashlib.sha256(b"".join(b"%d:%b|" % (len(part), part) for part in parts)).hexdigest()

    def _take(self, piece: bytes) -> None:
        room = _LINE - len(self._line)
        self._line += piece[:room]
        if len(piece) > room:
            self._cut = True
            self._body.feed(piece[room:])

    def _end_line(self) -> None:
        line = bytes(self._line)
        self._line.clear()
        blank = line in (b"\n", b"\r\n") and not self._cut
        self._cut = False
        self._header += len(line)
        if blank:
            self._in_body = True
        elif line[:1] in b" \t":
            self._extend(line)
        else:
            self._start_field(line)
        self._in_body = self._in_body or self._header >= _HEADER  # a million fields cost seconds

    def _start_field(self, line: bytes) -> None:
        name, colon, value = line.partition(b":")
        name = name.rstrip(b" \t").lower()
        if not colon or not name or b" " in name:
            self._open = None
            self._body.feed(line)  # no field at all: text that lost its blank line
            return
        self._open = None
        if name in _WANTED:
            self._open = self._fields.setdefault(name, bytearray())
            self._extend(b"\0" + value if self._open else value)

    def _extend(self, value: bytes) -> None:
        if self._open is None:
            return
        room = _FIELD - len(self._open)
        self._open += value[:room]
        self._body.feed(value[room:])


class _BodyHash:
    """SHA-256 of text with CRLF read as LF and without the line ends at its end."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._newlines = 0
        self._carriage = False

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            return
        if self._carriage:
            chunk = b"\r" + chunk
        self._carriage = chunk.endswith(b"\r")
        chunk = (chunk[:-1] if self._carriage else chunk).replace(b"\r\n", b"\n")
        text = chunk.rstrip(b"\n")
        if text:
            self._write_newlines()
            self._hash.update(text)
        self._newlines += len(chunk) - len(text)

    def digest(self) -> bytes:
        return self._hash.digest()

    def _write_newlines(self) -> None:
        while self._newlines:
            count = min(self._newlines, 65_536)
            self._hash.update(b"\n" * count)
            self._newlines -= count


def _normal(name: bytes, value: bytes) -> bytes:
    """One line, single spaces; of From the address in angle brackets where there is one, in lower case."""
    if name == b"message-id":
        return b"".join(value.split())
    if name == b"from":
        opened, closed = value.rfind(b"<"), value.rfind(b">")
        return b"".join(value[opened + 1 : closed].lower().split()) if -1 < opened < closed else value.lower().strip()
    return b" ".join(value.split())
