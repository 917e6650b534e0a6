"""Looks for the unit that systemd runs us by, with its drop-ins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.config.settings import Config
from gateway.doctor.ask_machine import credentials
from gateway.doctor.unit import UnitSeen
from gateway.templates_files import packaged

NAME = "gateway"
_PLACES = ("etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system")


def unit(config: Config, root: Path = Path("/")) -> UnitSeen | None:
    """None where no unit of ours is installed: a container, or a first try."""
    path = _first(root, f"{NAME}.service")
    if path is None:
        return None
    text = "\n".join([_text(path), *map(_text, _drop_ins(root, f"{NAME}.service"))])
    socket = _first(root, f"{NAME}.socket")
    shipped = packaged("systemd") / f"{NAME}.service"
    return UnitSeen(
        path=str(path),
        text=text,
        shipped=_text(shipped),
        configuration=str(config.path.absolute()),
        socket=_text(socket) if socket else None,
        sockets=tuple(each.name for each in (*config.listen.smtp, *config.listen.lmtp) if each.kind == "fd"),
        credentials=credentials(config),
    )


def _first(root: Path, name: str) -> Path | None:
    """/etc goes before /run, and that before what packages bring (systemd.unit(5))."""
    return next((path for place in _PLACES if (path := root / place / name).is_file()), None)


def _drop_ins(root: Path, name: str) -> Iterator[Path]:
    """By name, each once: the one in /etc hides those of the same name."""
    found: dict[str, Path] = {}
    for place in reversed(_PLACES):
        found |= {path.name: path for path in (root / place / f"{name}.d").glob("*.conf")}
    yield from (found[name] for name in sorted(found))


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""
