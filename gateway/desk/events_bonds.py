"""Events by which tickets are joined and parted. Each says of its own ticket which articles came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.desk.ticket import Status, Veil


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedInto:
    """The ticket goes on as `number`, where all of its articles are now. `status` is what it had before; `left` are
    readers who are not on the other ticket and so read along no more."""

    at: datetime
    by: str
    number: int
    status: Status
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """Ticket `number` was merged into this one, and brought `articles`.

    `files`: the numbers that its attachments had there and have here. `minutes`: working time logged there. `brought`:
    tickets that had been merged into it. `veils`: who does not see what. `article`: the last in which a customer wrote.
    `last_in`: when. `stopped`: ids of letters of the other ticket that were not sent because of it. `tags`: those of it
    that this ticket does not have by itself.
    """

    at: datetime
    by: str
    number: int
    articles: tuple[str, ...] = ()
    files: tuple[tuple[int, int], ...] = ()
    minutes: int = 0
    brought: tuple[int, ...] = ()
    veils: tuple[Veil, ...] = ()
    article: str | None = None
    last_in: datetime | None = None
    stopped: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """Ticket `number` is one of its own again, and these articles and attachments are there now."""

    at: datetime
    by: str
    number: int
    articles: tuple[str, ...] = ()
    files: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """The ticket goes on as `number` no longer: these articles are here again."""

    at: datetime
    by: str
    number: int
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """The article became ticket `number`; `files`: the numbers of its attachments here and there."""

    at: datetime
    by: str
    number: int
    article: str
    files: tuple[tuple[int, int], ...] = ()


BondEvent = MergedInto | Absorbed | GivenBack | Unmerged | SplitOff
