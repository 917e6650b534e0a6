"""Events of who of us is told: named in a note, or with no wish to hear more of a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """The private note `article` names these agents: they are told of it, whatever else they are told."""

    at: datetime
    by: str
    article: str
    agents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """Whoever did it gets no more letters about the ticket, but for what is meant for them alone."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmuted:
    at: datetime
    by: str


ToldEvent = Mentioned | Muted | Unmuted
