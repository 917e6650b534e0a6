"""Content-Transfer-Encoding undone (RFC 2045 §6), leniently: damaged base64 gives what there is, an unknown
encoding gives the bytes as they are."""

from __future__ import annotations

import binascii
import re

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(sorted(set(range(256)) - set(_ALPHABET)))
_STREAM = _ALPHABET + b"=\r\n"
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? ([0-7]{3,4}) ([^\r\n]{1,255}?)[ \t]*\r?$", re.M)


def undo(data: bytes, encoding: str) -> bytes:
    """The octets behind `data`; `encoding` is the field's value, lower case or not."""
    name = encoding.strip().strip("\"'").lower().split(";")[0].split(" ")[0]
    if name == "base64":
        return base64_bytes(data)
    if name in ("quoted-printable", "quotedprintable", "quoted/printable", "qp"):
        return binascii.a2b_qp(data)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        begin = _UU_BEGIN.search(data)
        return uu_bytes(data[begin.end() :]) if begin else data
    return data


def base64_bytes(data: bytes) -> bytes:
    """RFC 4648 with foreign bytes skipped, padding wanted nowhere, a lone last character dropped.

    Text after the padding (a list's footer) is not data; base64 after it (two streams pasted together) is.
    """
    out = bytearray()
    while data:
        stream, padding, data = data.partition(b"=")
        kept = stream.translate(None, _FOREIGN)
        out += binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
        data = data.lstrip(b"=\r\n\t ")
        if not padding or data.translate(None, _STREAM):
            break
    return bytes(out)


def uu_bytes(data: bytes) -> bytes:
    """The lines after a "begin" line, up to "end" or the first line that is none."""
    out = bytearray()
    for line in data.split(b"\n"):
        line = line.rstrip(b"\r")
        if not line and not out:
            continue
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out += binascii.a2b_uu(line + b"\n")
        except binascii.Error:
            # Trailing garbage is common: the length byte says how much of the line counts.
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:wanted])
            except binascii.Error:
                break
    return bytes(out)
