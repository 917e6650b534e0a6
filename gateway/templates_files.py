"""Template files, read: the built-in ones, and the operator's, which go before them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import gateway
from gateway.mail.render import DEFAULT, Templates

_KINDS = frozenset({".txt", ".html"})


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


def _texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in _KINDS and path.is_file()
    }


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
