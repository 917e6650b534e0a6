"""Header values → text: encoded words (RFC 2047) as they are sent, not as they should be.

Tolerated: raw 8-bit bytes in and around words, characters split over two words, base64 cut at any place, blanks
inside words, words within quotes and glued to text, labels that are wrong.
"""

from __future__ import annotations

import base64
import itertools
import re

from gateway.mail.charset import decode
from gateway.mail.transfer import base64_bytes

_WORD = re.compile(rb"=\?([^?\s]{0,60})\?([bBqQ])\?((?:[^?]|\?(?!=)){0,20000}?)\?=")
# A field that was cut in the middle of its last word.
_CUT_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]{1,2000})$")
_WORD_RUN = re.compile(_WORD.pattern + rb"(?:[ \t]*" + _WORD.pattern + rb")*")
_Q_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_BINARY = re.compile("[\x01-\x08\x0e-\x1f].*[\x80-\uffff]|[\x80-\uffff].*[\x01-\x08\x0e-\x1f]", re.S)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def text_of(value: bytes, label: str = "") -> str:
    """The decoded value on one line: no C0, C1, NUL, line or paragraph separators (each becomes a space).

    `label` names the charset of raw 8-bit bytes, where the mail declares one for its body.
    """
    if b"=?" not in value:
        return one_line(_raw(value, label))
    value = _CUT_WORD.sub(rb"=?\1?\2?\3?=", value)
    text: list[str] = []
    run: list[re.Match[bytes]] = []
    position = 0
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        # Blanks between two encoded words are not part of the text (RFC 2047 §6.2).
        if between.strip() or not run:
            text.append(_decoded(run))
            run = []
            text.append(_raw(between, label))
        run.append(match)
        position = match.end()
    text.append(_decoded(run))
    text.append(_raw(value[position:], label))
    return one_line("".join(text))


def one_line(text: str) -> str:
    """Control characters and line separators become one space each run; outer blanks go."""
    return _CONTROLS.sub(" ", text).strip()


def _raw(value: bytes, label: str) -> str:
    """Bytes outside encoded words: the body's charset is a hint for 8-bit bytes only, never "utf-7" for plain ASCII."""
    return value.decode("ascii") if value.isascii() else decode(value, label)[0]


def _bytes(words: list[re.Match[bytes]]) -> bytes:
    """What the words hold; base64 that was cut in the middle of a quantum goes on in the next word."""
    out = b""
    pending = b""
    for match in words:
        if match[2] in b"qQ":
            out += base64_bytes(pending)
            out += _Q_BYTE.sub(lambda m: bytes((int(m[1], 16),)), match[3].replace(b"_", b" "))
            pending = b""
            continue
        pending += match[3]
        if pending.endswith(b"=") or len(pending) % 4 == 0:
            out += base64_bytes(pending)
            pending = b""
    return out + base64_bytes(pending)


def _decoded(run: list[re.Match[bytes]]) -> str:
    """Adjacent words: those of one charset are one run of bytes, a character may be split over them."""
    out: list[str] = []
    for charset, matches in itertools.groupby(run, key=lambda match: match[1].lower()):
        same = list(matches)
        text = decode(_bytes(same), charset.decode("latin-1"))[0]
        # Binary rubbish is no text in any charset: what was sent says more.
        rubbish = text.count("\ufffd") * 4 > len(text) > 4 or _BINARY.search(text)
        out.append(" ".join(match[0].decode("latin-1") for match in same) if rubbish else text)
    return "".join(out)


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
