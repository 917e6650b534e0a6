"""An organisation's monthly allowance of working time: what is used of it. It starts anew on the first of the month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TOLD_AT = (80, 100)  # per cent used, at which the contact there and the leads here are told


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that bears on time logged: `minutes` (negative ones correct earlier ones), or the `undoes` events
    before it that were taken back. `seq` counts the events of `ticket`."""

    ticket: int
    seq: int
    at: datetime
    minutes: int = 0
    undoes: int = 0


def month_of(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The first instant of the month in which `at` lies there, and of the next one; in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    first = datetime(local.year, local.month, 1, tzinfo=local.tzinfo)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first.astimezone(UTC), after.astimezone(UTC)


def spent(entries: Iterable[Entry], month: tuple[datetime, datetime]) -> timedelta:
    """What was logged in `month` (half open); never less than nothing."""
    begin, end = month
    known = list(entries)
    back = {
        (entry.ticket, seq) for entry in known if entry.undoes for seq in range(entry.seq - entry.undoes, entry.seq)
    }
    minutes = sum(e.minutes for e in known if begin <= e.at < end and (e.ticket, e.seq) not in back)
    return max(timedelta(0), timedelta(minutes=minutes))


def reached(before: timedelta, after: timedelta, allowance: timedelta) -> int | None:
    """The highest share in per cent of TOLD_AT that `after` has reached and `before` had not; None: none is new."""
    new = [share for share in TOLD_AT if before * 100 < allowance * share <= after * 100]
    return max(new, default=None)
