"""An organisation's monthly allowance of working time: what is used of it. It starts anew on the first of the month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.desk.causes import TimeLogged
from gateway.desk.events import Event
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket

_MINUTE = timedelta(minutes=1)
TOLD_AT = (80, 100)  # per cent used, at which the contact there and the leads here are told


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that bears on time logged: `minutes` (negative ones correct earlier ones), or the `undoes` events
    before it that were taken back, or the `told` mark that people heard of. `seq` counts the events of `ticket`."""

    ticket: int
    seq: int
    at: datetime
    minutes: int = 0
    undoes: int = 0
    told: int = 0


def month_of(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The first instant of the month in which `at` lies there, and of the next one; in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    first = datetime(local.year, local.month, 1, tzinfo=local.tzinfo)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first.astimezone(UTC), after.astimezone(UTC)


def spent(entries: Iterable[Entry], month: tuple[datetime, datetime]) -> timedelta:
    """What was logged in `month` (half open); never less than nothing."""
    return max(timedelta(0), timedelta(minutes=sum(entry.minutes for entry in _standing(entries, month))))


def last_mark(entries: Iterable[Entry], month: tuple[datetime, datetime]) -> int:
    """The highest mark that people heard of in `month`, in per cent; 0: of none."""
    return max((entry.told for entry in _standing(entries, month)), default=0)


def accounted(ticket: Ticket, cause: TimeLogged, policy: Policy, now: datetime) -> list[Event]:
    """A mark that is reached for the first time in this month; of two at once, and after the higher one, no lower."""
    organisation = policy.organisations.get(ticket.organisation or "")
    if organisation is None or organisation.allowance is None:
        return []
    share = reached(cause.before, cause.after, organisation.allowance)
    if share is None or share <= cause.told:
        return []
    mark = AllowanceReached(
        at=now, by="gateway", organisation=organisation.id,
        month=f"{now.astimezone(ZoneInfo(policy.timezone)):%Y-%m}", share=share,
        spent=round(cause.after / _MINUTE), allowance=round(organisation.allowance / _MINUTE),
    )  # fmt: skip
    return [mark]


def reached(before: timedelta, after: timedelta, allowance: timedelta) -> int | None:
    """The highest share in per cent of TOLD_AT that `after` has reached and `before` had not; None: none is new."""
    new = [share for share in TOLD_AT if before * 100 < allowance * share <= after * 100]
    return max(new, default=None)


def _standing(entries: Iterable[Entry], month: tuple[datetime, datetime]) -> list[Entry]:
    """Those of the month that were not taken back."""
    begin, end = month
    known = list(entries)
    back = {
        (entry.ticket, seq) for entry in known if entry.undoes for seq in range(entry.seq - entry.undoes, entry.seq)
    }
    return [entry for entry in known if begin <= entry.at < end and (entry.ticket, entry.seq) not in back]
