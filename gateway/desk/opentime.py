"""Open time between very many pairs of instants: what `calendar.between` walks to, day by day, looked up here."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.desk import calendar
from gateway.desk.calendar import Calendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenTime:
    """The opening hours of a calendar as three columns: when each window opens and closes, and how much open time lies
    before it. Seconds, since the epoch the first two. Empty for a calendar that is open around the clock."""

    opens: tuple[float, ...]
    closes: tuple[float, ...]
    before: tuple[float, ...]

    def seconds(self, a: datetime, b: datetime) -> float:
        """As `calendar.between` has it, for instants that the columns reach."""
        if not self.opens:
            return (b - a).total_seconds()
        return self._until(b.timestamp()) - self._until(a.timestamp())

    def _until(self, at: float) -> float:
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0.0
        return self.before[index] + min(at, self.closes[index]) - self.opens[index]


def open_time(office: Calendar, begin: datetime, end: datetime) -> OpenTime:
    """The hours of `office` from the day of `begin` to that of `end`, both included."""
    if office.always and not office.closed:
        return OpenTime((), (), ())
    day, last = calendar.local_date(office, begin) - _DAY, calendar.local_date(office, end) + _DAY
    opens, closes, before = [begin.timestamp() - 2 * _DAY.total_seconds()], [], [0.0]
    closes.append(opens[0])  # so that a calendar without an hour in that time is not one that is always open
    while day <= last:
        for first, over in calendar.windows(office, day):
            before.append(before[-1] + closes[-1] - opens[-1])
            opens.append(first.timestamp())
            closes.append(over.timestamp())
        day += _DAY
    return OpenTime(tuple(opens), tuple(closes), tuple(before))
