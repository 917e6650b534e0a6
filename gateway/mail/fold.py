"""Header fields, written: cleaned to one line, encoded (RFC 2047, RFC 2231), folded (RFC 5322 §2.2.3).

Ours and not the standard library's, because a repeat of a letter has to be the same bytes whatever Python sends it,
and because `EmailMessage` folds a long id of In-Reply-To or References into an encoded word, which breaks threads
(cpython gh-79986).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

LINE = 76
LONGEST = 998  # octets of a line, RFC 5322 §2.1.1
_WORD = 45  # octets of text in an encoded word: 60 of base64, which with its frame stay below 75 (RFC 2047 §2)

# C0, DEL, C1, line and paragraph separators, marks and overrides of direction, zero-width spaces, lone surrogates.
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb]+"
)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_{}~-]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_PLAIN = r"[^\s\"(),:;<>@\[\\\]]+"
_ADDRESS = re.compile(rf'(?:{_PLAIN}|"(?:[\x21\x23-\x5b\x5d-\x7e]|\\[\x21-\x7e])*")@(?:{_PLAIN}|\[[0-9A-Fa-f:.IPv]+\])')


class BadField(ValueError):
    """A value that cannot stand in its header field, whatever is done to it."""


def one_line(value: str, longest: int = 900) -> str:
    """`value` as one line without control or direction characters, cut to `longest` characters."""
    line = " ".join(_UNFIT.sub(" ", value).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def text_field(name: str, value: str) -> str:
    """An unstructured field such as Subject."""
    return _folded(name, _words(one_line(value)))


def token_field(name: str, value: str) -> str:
    """A field of ASCII words that must not be encoded, such as Auto-Submitted."""
    line = one_line(value)
    if not line.isascii():
        raise BadField(f"{name}: not ASCII")
    return _folded(name, line.split())


def id_field(name: str, ids: Iterable[str]) -> str:
    """Message-IDs, folded between them only."""
    words = [one_line(identifier, LONGEST) for identifier in ids]
    if any(" " in word or not word.isascii() for word in words):
        raise BadField(f"{name}: no Message-ID")
    return _folded(name, words)


def address_field(name: str, display: str, address: str, *, utf8: bool = False) -> str:
    """One mailbox. `utf8`: its local part may be other than ASCII (RFC 6532)."""
    if not _ADDRESS.fullmatch(address) or _UNFIT.search(address) or not (utf8 or address.isascii()):
        raise BadField(f"{name}: no address that can be written here")
    shown = one_line(display, 200)
    if not shown:
        return _folded(name, [address])
    return _folded(name, [*_phrase(shown), f"<{address}>"])


def parameter(name: str, value: str) -> list[str]:
    """A MIME parameter as its pieces: a quoted string where it is short and ASCII, else RFC 2231 §3 and §4."""
    line = one_line(value, 255)
    if line.isascii() and len(line) <= 60:
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        return [f'{name}="{escaped}"']
    encoded = "utf-8''" + quote(line.encode(), safe="")
    if len(encoded) <= 60:
        return [f"{name}*={encoded}"]
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,20}", encoded)
    return [f"{name}*{index}*={piece}" for index, piece in enumerate(pieces)]


def parameter_field(name: str, value: str, parameters: Iterable[str]) -> str:
    """Content-Type or Content-Disposition with parameters made by `parameter`."""
    pieces = [value, *parameters]
    return _folded(name, [piece + ";" for piece in pieces[:-1]] + pieces[-1:])


def is_media_type(value: str) -> bool:
    main, slash, sub = value.partition("/")
    return bool(slash and _TOKEN.fullmatch(main) and _TOKEN.fullmatch(sub))


def _phrase(text: str) -> list[str]:
    """A display name: atoms where it may, a quoted string where it is ASCII, encoded words else."""
    if not text.isascii():
        return _words(text)
    if _ATOMS.fullmatch(text) and "=?" not in text:
        return text.split()
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _words(text: str) -> list[str]:
    """ASCII words as they are, the stretch from the first to the last other one as encoded words."""
    words = text.split(" ")
    odd = [i for i, word in enumerate(words) if not word.isascii() or "=?" in word or len(word) > LONGEST // 2]
    if not odd:
        return words
    first, last = odd[0], odd[-1] + 1
    return [*words[:first], *_encoded(" ".join(words[first:last])), *words[last:]]


def _encoded(text: str) -> list[str]:
    chunks: list[bytes] = [b""]
    for character in text:
        octets = character.encode()
        if len(chunks[-1]) + len(octets) > _WORD:
            chunks.append(b"")
        chunks[-1] += octets
    return [f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in chunks]


def _folded(name: str, words: Iterable[str]) -> str:
    if not _NAME.fullmatch(name):
        raise BadField(f"no name of a field: {name!r}")
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    if any(len(line.encode()) > LONGEST for line in lines):
        raise BadField(f"{name}: a line longer than {LONGEST} octets")
    return "\r\n".join(lines) + "\r\n"
