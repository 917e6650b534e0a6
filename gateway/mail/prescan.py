"""What a mail may cost, looked at in its raw bytes before anything reads it."""

from __future__ import annotations

import re

from gateway.mail.fields import MAX_ENCODED_WORDS, MAX_FIELDS, MAX_SAME_NAME, mail_start
from gateway.mail.params import MAX_PARAMETERS

ODD_SIZE = 64 * 2**10
MAX_HEADER = 256 * 2**10
MAX_FIELD = 100 * 2**10
# Lists of people and of Message-IDs may be merely long: who reads them takes the first hundreds.
MAX_LIST = 1024 * 2**10
MAX_DELIMITERS = 2000

_END = re.compile(rb"\n\r?\n|\r\r")
_START = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:", re.M)
_LISTS = frozenset((b"to", b"cc", b"bcc", b"references", b"in-reply-to", b"resent-to", b"resent-cc", b"reply-to"))
_PARAMETRIC = frozenset((b"content-type", b"content-disposition"))


def prescan(raw: bytes) -> list[str]:
    """The caps this mail exceeds, in words; empty for a mail that may be parsed."""
    return _scan(raw, 1)


def is_odd(raw: bytes) -> bool:
    """Larger than 64 KiB, holding Outlook's TNEF, or past half of a cap: parse it in a limited child."""
    return len(raw) > ODD_SIZE or b"ms-tnef" in raw or bool(_scan(raw, 2))


def _scan(raw: bytes, share: int) -> list[str]:
    """`share` divides the caps: 2 asks whether a mail is beyond half of them."""
    start = mail_start(raw)
    end = _END.search(raw, start)
    head = raw[start : end.start() if end else len(raw)]
    if len(head) > (MAX_HEADER + 2 * MAX_LIST) // share:
        return [f"header of {len(head)} bytes"]
    starts = [(match.start(), match[1].lower()) for match in _START.finditer(head)]
    found: list[str] = []
    if len(starts) > MAX_FIELDS // share:
        return [f"{len(starts)} header fields, {MAX_FIELDS} allowed"]
    counts: dict[bytes, int] = {}
    total = 0
    ends = [at for at, _ in starts[1:]] + [len(head)]
    for (at, name), stop in zip(starts, ends, strict=False):
        value = head[at:stop]
        counts[name] = counts.get(name, 0) + 1
        total += 0 if name in _LISTS else len(value)
        found += _field(name, value, share)
    if total > MAX_HEADER // share:
        found.append(f"header of {total} bytes, {MAX_HEADER} allowed")
    found += [
        f"{n} fields {name.decode()!r}, {MAX_SAME_NAME} allowed"
        for name, n in counts.items()
        if n > MAX_SAME_NAME // share
    ]
    if (
        b"oundary" in head.lower()
        and (lines := raw.count(b"\n--") - raw.count(b"\n---") - raw.count(b"\n-- ")) > MAX_DELIMITERS // share
    ):
        found.append(f"{lines} delimiter lines, {MAX_DELIMITERS} allowed")
    return found


def _field(name: bytes, value: bytes, share: int) -> list[str]:
    found = []
    most = MAX_LIST if name in _LISTS else MAX_FIELD
    if len(value) > most // share:
        found.append(f"field {name.decode()!r} of {len(value)} bytes, {most} allowed")
    if (words := value.count(b"=?")) > MAX_ENCODED_WORDS // share:
        found.append(f"{words} encoded words in {name.decode()!r}, {MAX_ENCODED_WORDS} allowed")
    if name in _PARAMETRIC and (parameters := value.count(b";")) > MAX_PARAMETERS // share:
        found.append(f"{parameters} parameters in {name.decode()!r}, {MAX_PARAMETERS} allowed")
    return found
