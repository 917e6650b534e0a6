"""The arguments of MAIL and RCPT: a path and its parameters (RFC 5321 §4.1.2, RFC 6531 §3.3).

Strict where leniency would relay or smuggle, lenient where real senders are: missing angle brackets and a blank
after the colon pass, control characters and broken UTF-8 never do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANGLED = re.compile(r'<((?:[^<>"\\]|"(?:[^"\\]|\\.)*")*)>(.*)', re.DOTALL)
_BARE = re.compile(r"([^\s<>]+)(.*)", re.DOTALL)
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")

PATH_OCTETS = 512
"""RFC 5321 §4.5.3.1.3 promises 256; bounce addresses in the wild are longer."""


@dataclass(frozen=True, slots=True)
class Path:
    """`address` without brackets and source route, "" for <>. `parameters` are (KEYWORD, value or None)."""

    address: str
    parameters: tuple[tuple[str, str | None], ...] = ()


class BadPath(ValueError):
    """Not a path. `octets` is true where the bytes are at fault (no UTF-8), and not the grammar."""

    def __init__(self, text: str, *, octets: bool = False) -> None:
        super().__init__(text)
        self.octets = octets


def read_path(keyword: str, argument: str | None) -> Path:
    """Read `FROM:<path> PARAMETER=value …`. `argument` is UTF-8 decoded with surrogateescape. Raises BadPath."""
    if argument is None or argument[: len(keyword) + 1].upper() != f"{keyword}:":
        raise BadPath(f"syntax: {keyword}:<address>")
    text = argument[len(keyword) + 1 :].strip(" \t")
    found = _ANGLED.fullmatch(text) or _BARE.fullmatch(text)
    if found is None:
        raise BadPath(f"syntax: {keyword}:<address>")
    address, rest = found[1], found[2]
    _check_octets(address)
    return Path(_mailbox(address), _parameters(rest))


def _check_octets(address: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in address):
        raise BadPath("address is not UTF-8", octets=True)
    if _UNPRINTABLE.search(address):
        raise BadPath("control character in address")
    if len(address.encode()) > PATH_OCTETS:
        raise BadPath("path too long")


def _mailbox(address: str) -> str:
    if address.startswith("@"):  # RFC 5321 appendix C: a source route is ignored, what follows it is the mailbox
        _, colon, address = address.partition(":")
        if not colon or not address:
            raise BadPath("malformed source route")
    if " " in _QUOTED.sub("", address):
        raise BadPath("blank in address")
    local, at, domain = address.rpartition("@")
    if at and not (local and domain):
        raise BadPath("malformed address")
    return address


def _parameters(rest: str) -> tuple[tuple[str, str | None], ...]:
    if rest and not rest.startswith((" ", "\t")):
        raise BadPath("blank expected after the address")
    parameters = []
    for word in rest.split():
        found = _PARAMETER.fullmatch(word)
        if found is None:
            raise BadPath("malformed parameter")
        parameters.append((found[1].upper(), found[2]))
    return tuple(parameters)
