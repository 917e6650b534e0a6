"""Template files, read: the built-in ones, and the operator's, which go before them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import gateway
from gateway.mail.render import DEFAULT, Templates

_KINDS = frozenset({".txt", ".html"})
_MARK = re.compile(r"\{#-?\s*based on (\S+) (\S+) sha256:([0-9a-f]{8,64})\s*-?#\}\n?")


@dataclass(frozen=True, slots=True)
class Based:
    """What an operator's file says of itself: which built-in text it began as. `sha256` may be cut short."""

    template: str
    version: str
    sha256: str


def load_templates(builtin: Path, override: Path | None = None) -> Templates:
    """UnicodeDecodeError or OSError where a file cannot be read."""
    return Templates(sources(builtin, override))


def sources(builtin: Path, override: Path | None = None) -> dict[str, str]:
    """All texts by their names, a built-in one also as "default:NAME".

    `override` is the operator's `template_dir`; where it is missing or the same folder, the built-in ones are all.
    """
    own = _texts(builtin)
    theirs = _texts(override) if override and overrides(builtin, override) else {}
    return {**{DEFAULT + name: text for name, text in own.items()}, **own, **theirs}


def overrides(builtin: Path, override: Path | None) -> bool:
    """Whether the operator has templates of their own."""
    return override is not None and override.is_dir() and not _same(override, builtin)


def packaged(kind: Literal["templates", "config", "systemd"]) -> Path:
    """Where our own files of that kind lie: in the installed package, or beside it in a checkout."""
    inside = resources.files("gateway") / "_data" / kind
    if inside.is_dir():
        return Path(str(inside))
    return Path(gateway.__file__).resolve().parent.parent / kind


def begun(template: str, text: str) -> str:
    """A copy of a built-in text to be changed, which says what it is a copy of."""
    return f"{{#- based on {template} {gateway.__version__} sha256:{fingerprint(text)} -#}}\n{text}"


def based_on(text: str) -> Based | None:
    found = _MARK.search(text)
    return Based(found[1], found[2], found[3]) if found else None


def without_mark(text: str) -> str:
    return _MARK.sub("", text, count=1)


def fingerprint(text: str) -> str:
    """The beginning of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in _KINDS and path.is_file()
    }


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
