"""What of a configuration can be known without understanding it: where its state lies.

For what has to work while the configuration is broken (the daemon goes on with the one it has), or has no time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

PLACES = ("gateway.toml", "/etc/gateway/gateway.toml")  # as config.load, which takes long to import

_WRITTEN = re.compile(r"""^\s*state_dir\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def find(given: str, environ: Mapping[str, str]) -> Path | None:
    """The configuration file that is said, or else is there."""
    said = given or environ.get("GATEWAY_CONFIG", "")
    if said:
        return Path(said)
    return next((Path(place) for place in PLACES if Path(place).is_file()), None)


def state_dir(main: Path, environ: Mapping[str, str]) -> Path | None:
    """Where the daemon of `main` keeps its state: where it says so, else `state` beside it.

    None where that takes more than a glance: the file cannot be read, or [gateway] stands in an included one.
    """
    try:
        text = main.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    try:
        gateway = tomllib.loads(text).get("gateway")
        written = gateway.get("state_dir", "state") if isinstance(gateway, dict) else None
    except (ValueError, RecursionError):  # no TOML, at this moment
        found = _WRITTEN.search(text)
        written = found[1] if found else "state"
    if not isinstance(written, str):
        return None
    given = environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else main.parent / written
