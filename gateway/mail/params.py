"""Content-Type and Content-Disposition: a value and its parameters (RFC 2045 §5.1, RFC 2183, RFC 2231)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.mail.charset import decode
from gateway.mail.message import Unreadable
from gateway.mail.words import one_line, text_of

MAX_PARAMETERS = 200

_NAME = re.compile(rb"[;\s]*([^=;\s\"]+)[ \t]*(=?)[ \t]*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)(?:"|\Z)', re.S)
_ESCAPED = re.compile(rb'\\(["\\])')
# A forgotten semicolon: `charset=utf-8 format=flowed`.
_NEXT = re.compile(
    rb"\s+(?=(?:charset|format|delsp|name|filename|boundary|type|method|report-type|protocol|micalg)\*?=)", re.I
)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,4})(\*?))?")


@dataclass(frozen=True, slots=True)
class Valued:
    """`value` is lower case; `params` map lower-case names to decoded text; `raw` to the bytes as sent, unquoted."""

    value: str
    params: dict[str, str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)


def read(source: bytes) -> Valued:
    """Raises `Unreadable` beyond 200 parameters."""
    head, _, rest = source.partition(b";")
    words = head.split(None, 1)
    value = one_line(words[0].strip(b"\"' ").decode("latin-1").lower()) if words else ""
    if len(words) > 1:
        rest = words[1] + b";" + rest
    if b"=" in head and "=" in value:
        rest, value = source, ""
    raw = _raw(rest)
    return Valued(value, _decoded(raw), raw)


def _raw(rest: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    position = 0
    for _ in range(rest.count(b"=") + rest.count(b";") + 1):
        match = _NAME.match(rest, position)
        if not match:
            break
        position = match.end()
        if not match[2]:
            continue
        if len(found) >= MAX_PARAMETERS:
            raise Unreadable(f"more than {MAX_PARAMETERS} parameters in one field")
        if quoted := _QUOTED.match(rest, position):
            value, position = _ESCAPED.sub(rb"\1", quoted[1]), quoted.end()
            if not rest[quoted.end() - 1 :].startswith(b'"'):
                value = value.split(b";", 1)[0]
        else:
            stop = rest.find(b";", position)
            stop = len(rest) if stop == -1 else stop
            if another := _NEXT.search(rest, position, stop):
                stop = another.start()
            value, position = rest[position:stop].strip(), stop
            if len(value) > 2 and value[:1] == value[-1:] == b"'":
                value = value[1:-1]
        found.setdefault(match[1].decode("latin-1").lower(), value)
    return found


def _decoded(raw: dict[str, bytes]) -> dict[str, str]:
    plain = {name: text_of(value) for name, value in raw.items() if "*" not in name}
    for base in dict.fromkeys(name.partition("*")[0] for name in raw if "*" in name):
        text = _extended(base, raw)
        if text:
            plain[base] = text
    return plain


def _extended(base: str, raw: dict[str, bytes]) -> str:
    """RFC 2231: `base*`, or `base*0`, `base*1*`, … in the order of their numbers up to the first gap."""
    whole = raw.get(f"{base}*")
    if whole is not None:
        label, data = _labelled(whole)
        return _text(_unpercent(data), label)
    sections: list[bytes] = []
    label = ""
    for number in range(len(raw)):
        if (value := raw.get(f"{base}*{number}*")) is not None:
            if number == 0:
                label, value = _labelled(value)
            sections.append(_unpercent(value))
        elif (value := raw.get(f"{base}*{number}")) is not None:
            sections.append(value)
        else:
            break
    return _text(b"".join(sections), label)


def _labelled(value: bytes) -> tuple[str, bytes]:
    parts = value.split(b"'", 2)
    if len(parts) == 3 and len(parts[0]) < 60:
        return parts[0].decode("latin-1"), parts[2]
    return "", value


def _unpercent(value: bytes) -> bytes:
    return _PERCENT.sub(lambda m: bytes((int(m[1], 16),)), value)


def _text(data: bytes, label: str) -> str:
    if b"=?" in data and b"?=" in data:
        return text_of(data, label)
    return decode(data, label)[0]
