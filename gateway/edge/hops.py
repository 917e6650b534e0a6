"""How many servers a mail has passed, counted while it streams by: a loop stops here (RFC 5321 §6.3)."""

from __future__ import annotations

import re

_RECEIVED = re.compile(rb"\nreceived[ \t]{0,8}:", re.IGNORECASE)
_BODY = re.compile(rb"\n\r?\n")
_OVERLAP = len(b"\nreceived") + 8  # the longest beginning of a field name that a chunk may end with


class HopCount:
    """`feed` the mail in pieces; `hops` are the Received fields of its header block so far."""

    __slots__ = ("_in_header", "_tail", "hops")

    def __init__(self) -> None:
        self._tail = b"\n"
        self._in_header = True
        self.hops = 0

    def feed(self, piece: bytes) -> None:
        if not self._in_header:
            return
        known = len(self._tail)
        data = self._tail + piece
        body = _BODY.search(data)
        if body is not None:
            self._in_header = False
            data = data[: body.start() + 1]
        self.hops += sum(1 for field in _RECEIVED.finditer(data) if field.end() > known)
        self._tail = data[-_OVERLAP:]
