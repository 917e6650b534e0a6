"""How long tickets stood in the phases of their category: measured, beside the timeframe that the desk names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from math import ceil
from typing import Final, NamedTuple

from gateway.desk.calendar import Calendar
from gateway.desk.opentime import open_time
from gateway.desk.policy import Category, Policy
from gateway.desk.spans import Range, Span
from gateway.desk.ticket import Step

LEAST: Final = 20  # cases: of fewer a letter says nothing
LATELY: Final = timedelta(days=180)

_HOUR: Final = 3_600  # seconds
_DAY: Final = 24 * _HOUR
_SLACK: Final = 0.01  # so much over a whole number is none: seconds are no business day

Stood = dict[tuple[str, str], list[float]]
"""Seconds of open time, a case each, by category and phase."""


class Passage(NamedTuple):
    """A ticket's way: `steps` as they are in `Ticket`. `ended_at`: when it was solved or closed, if it is."""

    category: str
    steps: tuple[Step, ...]
    ended_at: datetime | None


def stood(passages: Iterable[Passage], policy: Policy, since: datetime, now: datetime) -> Stood:
    """Of the tickets that left the phase for good since then. Whoever came back to it is one case, with all its time.

    A final phase has no length, nor has one that the ticket is still in. Time is that of the office, by which the
    timeframes of phases are counted.
    """
    found: Stood = defaultdict(list)
    known = [each for each in passages if each.steps and each.category in policy.categories]
    begin = min((each.steps[0].entered for each in known), default=now)
    hours = open_time(policy.office, begin, now)
    for each in known:
        for phase, stays in _stays(each, policy.categories[each.category]):
            if stays[-1][1] >= since:
                found[each.category, phase].append(sum(hours.seconds(*stay) for stay in stays))
    return found


def _stays(passage: Passage, category: Category) -> Iterator[tuple[str, list[tuple[datetime, datetime]]]]:
    """The times from entering each phase to leaving it; a phase that was not left is not among them."""
    ends = [*(step.entered for step in passage.steps[1:]), passage.ended_at]
    stays: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for step, end in zip(passage.steps, ends, strict=True):
        if end is not None:
            stays[step.phase].append((step.entered, max(step.entered, end)))
    if passage.ended_at is None:
        stays.pop(passage.steps[-1].phase, None)
    for phase in category.phases:
        if phase.id in stays and not phase.final:
            yield phase.id, stays[phase.id]


def usual(median: timedelta, most: timedelta, office: Calendar) -> Range:
    """The middle one of such lengths and the one that 80 % do not exceed, as people count: "2 to 4 business days".

    The first is rounded, the last is rounded up. A business day is as long as the office is open on average.
    """
    day = _DAY if office.always else _length_of_day(office)
    first, last = median.total_seconds(), most.total_seconds()
    return Range(_span(first, day, round, clock=office.always), _span(last, day, ceil, clock=office.always))


def _span(seconds: float, day: float, whole: Callable[[float], int], *, clock: bool) -> Span:
    if seconds < day:
        hours = max(1, ceil(seconds / _HOUR - _SLACK))
        return Span(hours * _HOUR) if clock else Span(hours, "business hours")
    days = whole(seconds / day - _SLACK)
    return Span(days * _DAY) if clock else Span(days, "business days")


def _length_of_day(office: Calendar) -> int:
    """Seconds that the office is open on a day on which it is."""
    days = [pairs for pairs in office.hours.values() if pairs]
    seconds = 0
    for opens, closes in (pair for pairs in days for pair in pairs):
        begin, end = (each.hour * _HOUR + each.minute * 60 for each in (opens, closes))
        seconds += (end or _DAY) - begin
    return seconds // len(days) if days else _DAY
