"""Content-Transfer-Encoding undone (RFC 2045 §6), leniently: damaged base64 gives what there is, an unknown
encoding gives the bytes as they are."""

from __future__ import annotations

import binascii

from gateway.mail.embedded import find

MAX_STREAMS = 1000

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(sorted(set(range(256)) - set(_ALPHABET)))
_STREAM = _ALPHABET + b"=\r\n"


def undo(data: bytes, encoding: str) -> bytes:
    """The octets behind `data`; `encoding` is the field's value, lower case or not."""
    name = encoding.strip().strip("\"'").lower().split(";")[0].split(" ")[0]
    if name == "base64":
        return base64_bytes(data) if _looks_encoded(data) else data
    if name in ("quoted-printable", "quotedprintable", "quoted/printable", "qp"):
        return binascii.a2b_qp(data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = find(data).files
        return files[0][1] if files else data
    return data


def _looks_encoded(data: bytes) -> bool:
    """Whether the first lines are base64, damaged or not, rather than words that were never encoded: those have blanks
    between them that part no quanta."""
    lines = [line.strip() for line in data.lstrip()[:2000].split(b"\n", 4)[:4]]
    if len(lines[0]) % 4 == 0 and not lines[0].translate(None, _ALPHABET + b"="):
        return True
    return all(len(group) % 4 == 0 for line in lines for group in line.split()[:-1])


def base64_bytes(data: bytes) -> bytes:
    """RFC 4648 with foreign bytes skipped, padding wanted nowhere, a lone last character dropped.

    Text after the padding (a list's footer) is not data; base64 after it (two streams pasted together) is.
    """
    stream, _, rest = data.partition(b"=")
    rest = rest.removeprefix(b"=")
    out = _stream(stream)
    padded = b"=" in rest or len(rest.translate(None, b"\r\n")) % 4 == 0
    if rest[:1] in b" \t" or not padded or rest.translate(None, _STREAM):
        return out
    more = rest.split(b"=", MAX_STREAMS)
    return out + b"".join(map(_stream, more))


def _stream(data: bytes) -> bytes:
    kept = data.translate(None, _FOREIGN)
    return binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
