"""Mails that are made to exhaust whoever reads them, by the maker that lies beside the shared vectors."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location

from tests.vectors.corpus import FOLDER

SENDER, RECIPIENT = "alice@cust.test", "support@example.test"


def giants() -> dict[str, Callable[[], bytes]]:
    """What makes each, by name; none where the folder is missing."""
    path = FOLDER / "make_big.py"
    spec = spec_from_file_location("make_big", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return {}
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    found: dict[str, Callable[[], bytes]] = made.G
    return found
