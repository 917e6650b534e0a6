"""What the tables must say of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.config.document import Document
from gateway.config.entry import Trouble
from gateway.config.tables import Row
from gateway.config.transport import Folders


@dataclass(frozen=True, slots=True)
class World:
    """What checks look at besides the rows: `closed` are the closed dates of each calendar."""

    folders: Folders
    environment: Mapping[str, str]
    today: date
    closed: Mapping[str, frozenset[date]]
    answers: frozenset[str]


def troubles(root: Row, document: Document, world: World) -> list[Trouble]:
    return []
