"""Files that travel inside a text part: uuencode (POSIX) and yEnc. Nothing is written by the names they give."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

MAX_FILES = 50

_UU = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255}?)[ \t]*\r?\n(?=[!-`])", re.M)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.M)
_YENC = re.compile(rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255}?)[ \t]*\r?\n(?:=ypart [^\r\n]*\r?\n)?", re.M)
_MINUS_42 = bytes((code - 42) & 255 for code in range(256))
_YENC_END = re.compile(rb"^=yend[^\r\n]*(?:\r?\n|\Z)", re.M)


@dataclass(frozen=True, slots=True)
class Embedded:
    """`files` are (name as sent, bytes); `text` is the part without yEnc blocks, which are binary. uuencode stays."""

    text: bytes
    files: tuple[tuple[bytes, bytes], ...] = ()


def find(data: bytes) -> Embedded:
    """Only whole blocks count: a sentence that starts with "begin 2024 …" is a sentence."""
    files: list[tuple[bytes, bytes]] = []
    if b"begin " in data:
        position = 0
        while len(files) < MAX_FILES and (begin := _UU.search(data, position)):
            end = _UU_END.search(data, begin.end())
            if end is None:
                break
            if content := uu_lines(data[begin.end() : end.start()]):
                files.append((begin[1], content))
            position = end.end()
    if b"=ybegin " in data:
        data, found = _yenc(data)
        files += found
    return Embedded(data, tuple(files))


def uu_lines(block: bytes) -> bytes:
    """The bytes of uuencoded lines, or b"" where one of them is none. Trailing garbage on a line is common."""
    out = bytearray()
    for line in block.split(b"\n"):
        line = line.rstrip(b"\r")
        if not line or line in (b"`", b" "):
            continue
        wanted = 1 + (((line[0] - 32) & 63) * 4 + 2) // 3
        if not 32 <= line[0] <= 96 or len(line) > wanted + 4:
            return b""
        try:
            out += binascii.a2b_uu(line[: wanted + (-(wanted - 1) % 4)])
        except binascii.Error:
            return b""
    return bytes(out)


def _yenc(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    position = 0
    while len(files) < MAX_FILES and (begin := _YENC.search(data, position)):
        end = _YENC_END.search(data, begin.end())
        if end is None:
            break
        files.append((begin[1], _yenc_bytes(data[begin.end() : end.start()])))
        kept.append(data[position : begin.start()])
        position = end.end()
    return b"".join([*kept, data[position:]]), files


def _yenc_bytes(block: bytes) -> bytes:
    """Each byte is 42 ahead; one after "=" is 64 more. Line ends are not data."""
    lines = block.translate(None, b"\r\n").split(b"=")
    shifted = lines[0].translate(_MINUS_42)
    return shifted + b"".join(
        bytes(((one[0] - 64 - 42) & 255,)) + one[1:].translate(_MINUS_42) for one in lines[1:] if one
    )
