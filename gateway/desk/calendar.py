"""Business time: when a desk is open, what a span means from a moment on, how much open time lies between two.

Instants are aware; results are in UTC. Subtracting two local times of one zone would count a day with a change of
daylight saving time an hour wrong, so local wall-clock time is only ever used to find the instants of a day's hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from gateway.desk.spans import Span

Window = tuple[datetime, datetime]

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time(0)
# Ten years without an open day: nobody waits for that one.
_CLOSED_FOR_GOOD: Final = 3660


class NeverOpens(ValueError):
    """The calendar {name} has no opening hours left to count."""

    def __init__(self, name: str) -> None:
        super().__init__(f'the calendar "{name}" never opens')


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works.

    `timezone` is an IANA name. `hours` maps a weekday (0 is Monday) to its (opens, closes) pairs, local wall-clock
    time, in order, not overlapping; a pair that closes at 00:00 closes at the end of its day. `always` is open around
    the clock whatever `hours` says. `closed` are the local dates on which nobody works, holidays included.

    An hour that a change of the clocks skips is empty; one that it repeats is open or closed both times, and a time
    in it means the first.
    """

    name: str
    timezone: str = "UTC"
    hours: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    always: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


StepState = Literal["start", "counted", "over", "no hours", "closed"]


@dataclass(frozen=True, slots=True)
class DayStep:
    """One local day on the way from a start to its end.

    "start" is the day on which counting begins, "counted" one that counts: `number` is its number among the business
    days (0 else), `spent` the open time used on it. "over" is a day that was open, but not any more at the
    start, "no hours" a weekday on which nobody works, "closed" a closed date.
    """

    day: date
    state: StepState
    number: int = 0
    spent: timedelta = timedelta(0)


def add(calendar: Calendar, start: datetime, span: Span) -> datetime:
    """The instant `span` after `start`, in UTC.

    A clock span is clock time. For the business units a start outside opening hours moves to the next opening. n
    business days later is the same local time on the n-th open day after it, drawn into that day's hours: before them
    to their beginning, after them to their end, in a break to the end of the break. Business hours count open time.
    """
    at = _utc(start)
    match span.unit:
        case "clock":
            return at + timedelta(seconds=span.amount)
        case "business hours":
            return _add_open_time(calendar, at, timedelta(hours=span.amount))
        case "business days":
            return _add_open_days(calendar, at, span.amount)


def add_open_time(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """The instant, in UTC, at which `length` of open time has passed since `start`: undoes `between`."""
    return _add_open_time(calendar, _utc(start), length)


def between(calendar: Calendar, a: datetime, b: datetime) -> timedelta:
    """The open time from `a` to `b`, negative where `b` is the earlier. Undoes `add` of business hours."""
    a, b = _utc(a), _utc(b)
    if b < a:
        return -between(calendar, b, a)
    if calendar.always and not calendar.closed:
        return b - a
    total = timedelta(0)
    day = _local_day(calendar, a)
    last = _local_day(calendar, b) + _DAY  # a clock put back over midnight shows a day twice
    while day <= last:
        for opens, closes in windows(calendar, day):
            total += max(timedelta(0), min(closes, b) - max(opens, a))
        day += _DAY
    return total


def business_days_between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """How many whole business days `b` is after `a`: the largest n with `add(a, n business days) <= b`, or 0.

    NeverOpens where the calendar has no day to count from.
    """
    a, b = _utc(a), _utc(b)
    start = next_opening(calendar, a)
    local = start.astimezone(calendar.zone).time()
    day, last = _local_day(calendar, start) + _DAY, _local_day(calendar, b) + _DAY
    count = 0
    while day <= last:
        drawn = _drawn_in(calendar, day, local)
        if drawn is not None and drawn <= b:
            count += 1
        day += _DAY
    return count


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` lies in opening hours; the moment of closing does not."""
    at = _utc(at)
    day = _local_day(calendar, at)
    return any(opens <= at < closes for near in (day, day + _DAY) for opens, closes in windows(calendar, near))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """`at` itself where the calendar is open then, else the next moment it opens. NeverOpens where there is none."""
    at = _utc(at)
    opens, _ = next(_windows_from(calendar, at))
    return max(opens, at)


def closing_of_day(calendar: Calendar, day: date) -> datetime:
    """The moment the calendar closes for the last time on the local date `day`; the end of a day that is not open."""
    spans = windows(calendar, day)
    return spans[-1][1] if spans else _instant(calendar.timezone, day + _DAY, _MIDNIGHT)


def local_date(calendar: Calendar, at: datetime) -> date:
    """The date that the calendar's zone shows at `at`."""
    return _local_day(calendar, _utc(at))


def reaches(calendar: Calendar) -> date:
    """The last date the closed days are known for; `date.max` for a calendar that names none."""
    return max(calendar.closed, default=date.max)


def windows(calendar: Calendar, day: date) -> tuple[Window, ...]:
    """The opening hours of the local date `day` as instants, in order; () where it is not open."""
    if day in calendar.closed:
        return ()
    pairs = ((_MIDNIGHT, _MIDNIGHT),) if calendar.always else calendar.hours.get(day.weekday(), ())
    found = []
    for opens, closes in pairs:
        start = _instant(calendar.timezone, day, opens)
        end = _instant(calendar.timezone, day + _DAY if closes == _MIDNIGHT else day, closes)
        if start < end:  # not so for hours that a change of the clocks skips
            found.append((start, end))
    return tuple(found)


def explain(calendar: Calendar, start: datetime, span: Span) -> list[DayStep]:
    """The local days that `add` walks over, in order; none for a clock span, which asks no calendar."""
    at = _utc(start)
    if span.unit == "clock":
        return []
    end = add(calendar, at, span)
    moved = next_opening(calendar, at)
    first, last = _local_day(calendar, moved), _local_day(calendar, end)
    steps, number, day = [], 0, _local_day(calendar, at)
    while day <= last:
        spent = timedelta(0)
        if span.unit == "business hours":
            spent = sum((max(timedelta(0), min(e, end) - max(s, at)) for s, e in windows(calendar, day)), timedelta(0))
        if day == first:
            steps.append(DayStep(day, "start", 0, spent))
        elif day > first and windows(calendar, day):
            number += 1
            steps.append(DayStep(day, "counted", number, spent))
        else:
            steps.append(DayStep(day, _why_not(calendar, day)))
        day += _DAY
    return steps


def _why_not(calendar: Calendar, day: date) -> StepState:
    if day in calendar.closed:
        return "closed"
    return "over" if windows(calendar, day) else "no hours"


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    return at.astimezone(UTC)


def _local_day(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


@lru_cache(maxsize=4096)  # every look at a ticket asks for the hours of the same few weeks
def _instant(timezone: str, day: date, local: time) -> datetime:
    """The instant at which the clocks show `local` on `day`; of a time that they skip, the moment they jump."""
    zone = ZoneInfo(timezone)
    shown = datetime.combine(day, local.replace(tzinfo=None, fold=0), zone)
    before, after = shown.utcoffset(), shown.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    if before >= after:  # an ordinary time, or a repeated one (PEP 495)
        return shown.astimezone(UTC)
    naive = shown.replace(tzinfo=UTC)
    low, high = naive - after, naive - before  # the jump lies between: low < jump <= high
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _opens_at_all(calendar: Calendar) -> bool:
    return calendar.always or any(calendar.hours.values())


def _windows_from(calendar: Calendar, at: datetime) -> Iterator[Window]:
    """The windows that are not over at `at`, in order, for ever. NeverOpens after ten years without one."""
    if not _opens_at_all(calendar):
        raise NeverOpens(calendar.name)
    day, shut = _local_day(calendar, at), 0
    while shut < _CLOSED_FOR_GOOD:
        shut += 1
        for window in windows(calendar, day):
            if window[1] > at:
                shut = 0
                yield window
        day += _DAY
    raise NeverOpens(calendar.name)


def _add_open_time(calendar: Calendar, at: datetime, left: timedelta) -> datetime:
    if calendar.always and not calendar.closed:
        return at + left
    for opens, closes in _windows_from(calendar, at):
        start = max(opens, at)
        if left <= closes - start:
            return start + left
        left -= closes - start
    raise NeverOpens(calendar.name)


def _add_open_days(calendar: Calendar, at: datetime, count: int) -> datetime:
    start = next_opening(calendar, at)
    if count == 0:
        return start
    local = start.astimezone(calendar.zone).time()
    day, shut = _local_day(calendar, start), 0
    while shut < _CLOSED_FOR_GOOD:
        day += _DAY
        drawn = _drawn_in(calendar, day, local)
        shut = shut + 1 if drawn is None else 0
        count -= drawn is not None
        if drawn is not None and count == 0:
            return drawn
    raise NeverOpens(calendar.name)


def _drawn_in(calendar: Calendar, day: date, local: time) -> datetime | None:
    """`local` on `day`, drawn into the hours of that day; None where it has none."""
    spans = windows(calendar, day)
    if not spans:
        return None
    at = _instant(calendar.timezone, day, local)
    for opens, closes in spans:
        if at <= closes:
            return max(at, opens)
    return spans[-1][1]
