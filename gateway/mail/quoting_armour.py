"""Words in PGP's armour (RFC 9580 §7): "-----BEGIN PGP SIGNED MESSAGE-----" around what somebody wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_OPENING: Final = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]{1,20}:[^\n]{0,80}\n){0,10}[ \t]*\n", re.M
)
_SIGNATURE: Final = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----[ \t]*\n(?:[^\n]{0,200}\n){0,100}?-----END PGP SIGNATURE-----[ \t]*$", re.M
)
_ESCAPED: Final = re.compile(r"^- (?=-)", re.M)


@dataclass(frozen=True, slots=True)
class Armoured:
    """`text` is what was written, with the lines around the armour; `armour` the armour itself."""

    text: str
    armour: str


def unarmoured(text: str) -> Armoured | None:
    """The text without its armour, dash-escapes undone, or None where it wears none."""
    opening = _OPENING.search(text) if "-----BEGIN PGP SIGNED MESSAGE-----" in text else None
    signature = _SIGNATURE.search(text, opening.end()) if opening else None
    if opening is None or signature is None:
        return None
    inner = _ESCAPED.sub("", text[opening.end() : signature.start()])
    return Armoured(text[: opening.start()] + inner + text[signature.end() :], f"{opening[0].rstrip()}\n{signature[0]}")
