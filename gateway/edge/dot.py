"""The end of mail data, and the dots before it (RFC 5321 §4.1.1.4, §4.5.2), as a parser that is fed.

Only <CRLF>.<CRLF> ends a mail. A bare CR, a bare LF, NUL and a line of any length are bytes like others: whoever
takes <LF>.<CRLF> for an end lets a stranger write the next envelope (CVE-2023-51764, -51765, -51766).
"""

from __future__ import annotations

_END = b"\r\n.\r\n"


class DotReader:
    """`feed` chunks as they come from the socket; it returns the mail's own bytes.

    Once `done`, `rest` holds what the client sent after the end: its next commands.
    """

    __slots__ = ("_held", "_opening", "done", "rest")

    def __init__(self) -> None:
        self._held = b"\r\n"  # the <CRLF> of DATA itself: a mail may be nothing but the dot
        self._opening = True
        self.done = False
        self.rest = b""

    def feed(self, chunk: bytes) -> bytes:
        data = self._held + chunk
        end = data.find(_END)
        if end >= 0:
            self.done = True
            self.rest = data[end + len(_END) :]
            data = data[: end + 2]
        else:
            kept = _unsure(data)
            self._held = data[len(data) - kept :]
            data = data[: len(data) - kept]
        if not data:
            return b""
        data = data.replace(b"\r\n.", b"\r\n")
        if self._opening:
            self._opening = False
            return data[2:]
        return data


def _unsure(data: bytes) -> int:
    """How many octets at the end may belong to the end mark, or to a dot that was stuffed."""
    return next((length for length in (4, 3, 2, 1) if data.endswith(_END[:length])), 0)
