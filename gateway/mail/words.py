"""Header values → text: encoded words (RFC 2047) as they are sent, not as they should be.

Tolerated: raw 8-bit bytes in and around words, characters split over two words, base64 cut at any place, blanks
inside words, words within quotes and glued to text, labels that are wrong.
"""

from __future__ import annotations

import base64
import re

from gateway.mail.charset import decode
from gateway.mail.transfer import base64_bytes

_WORD = re.compile(rb"=\?([^?\s]{0,60})\?([bBqQ])\?((?:[^?]|\?(?!=)){0,20000}?)\?=")
_WORD_RUN = re.compile(_WORD.pattern + rb"(?:[ \t]*" + _WORD.pattern + rb")*")
_Q_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def text_of(value: bytes, label: str = "") -> str:
    """The decoded value on one line: no C0, C1, NUL, line or paragraph separators (each becomes a space).

    `label` names the charset of raw 8-bit bytes, where the mail declares one for its body.
    """
    if b"=?" not in value:
        return one_line(_raw(value, label))
    pieces: list[tuple[str, bytes]] = []
    text: list[str] = []
    position = 0
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        if between.strip() or not pieces:
            text.append(_joined(pieces))
            pieces = []
            text.append(_raw(between, label))
        pieces.append((match[1].decode("latin-1").lower(), _word(match[2], match[3])))
        position = match.end()
        _rejoin(pieces, match)
    text.append(_joined(pieces))
    text.append(_raw(value[position:], label))
    return one_line("".join(text))


def one_line(text: str) -> str:
    """Control characters and line separators become one space each run; outer blanks go."""
    return _CONTROLS.sub(" ", text).strip()


def _raw(value: bytes, label: str) -> str:
    """Bytes outside encoded words: the body's charset is a hint for 8-bit bytes only, never "utf-7" for plain ASCII."""
    return value.decode("ascii") if value.isascii() else decode(value, label)[0]


def _word(encoding: bytes, payload: bytes) -> bytes:
    if encoding in b"bB":
        return base64_bytes(payload)
    return _Q_BYTE.sub(lambda m: bytes((int(m[1], 16),)), payload.replace(b"_", b" "))


def _rejoin(pieces: list[tuple[str, bytes]], match: re.Match[bytes]) -> None:
    """Words of one charset are one run of bytes: a character may be split over them."""
    if len(pieces) > 1 and pieces[-1][0] == pieces[-2][0]:
        label, data = pieces.pop()
        pieces[-1] = (label, pieces[-1][1] + data)


def _joined(pieces: list[tuple[str, bytes]]) -> str:
    return "".join(_decoded(data, label) for label, data in pieces)


def _decoded(data: bytes, label: str) -> str:
    text = decode(data, label)[0]
    if len(text) > 4 and text.count("\ufffd") * 4 > len(text):
        # No text in any charset: what was sent says more than a row of question marks.
        return f"=?{label}?B?{base64.b64encode(data).decode('ascii')}?="
    return text


def canonical(value: bytes, label: str = "") -> str:
    """The value with every encoded word rewritten as a right one in UTF-8, raw bytes decoded, controls as U+0001.

    For a structural reader of addresses: what an encoded word holds stays hidden from it, so no comma, angle or "@"
    in there can become one.
    """
    out: list[str] = []
    position = 0
    for match in _WORD_RUN.finditer(value):
        out.append(_raw(value[position : match.start()], label))
        out.append(_encoded(text_of(match[0], label)))
        position = match.end()
    out.append(_raw(value[position:], label))
    return re.sub("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", "\x01", "".join(out))


def _encoded(text: str) -> str:
    """RFC 2047 §2: at most 75 characters a word."""
    words = []
    while text:
        piece = text[:45].encode("utf-8")[:45].decode("utf-8", "ignore")
        words.append(f"=?utf-8?b?{base64.b64encode(piece.encode('utf-8')).decode('ascii')}?=")
        text = text[len(piece) :]
    return " ".join(words)
