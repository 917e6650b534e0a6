"""The figures of a desk: how long first responses and resolutions took, which targets were kept, what waits.

Pure: outcomes in, figures out. A length is told twice: as clock time, and as open time of the calendar in which the
ticket's priority counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from gateway.desk.opentime import OpenTime, open_time
from gateway.desk.outcome import Outcome
from gateway.desk.policy import Policy

By = Literal["category", "priority", "agent", "week", "organisation"]
NOBODY = "-"
DONE = ("solved", "closed")
_QUARTER = 900  # seconds: no zone has a midnight within a quarter of an hour


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of `count` lengths of time: their mean, the middle one, the one that 80 % do not exceed, and the longest."""

    count: int = 0
    mean: timedelta | None = None
    median: timedelta | None = None
    most: timedelta | None = None
    longest: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many targets were kept and missed; those still running are neither, unless they are late already."""

    kept: int = 0
    missed: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there was no target."""
        return self.kept / (self.kept + self.missed) if self.kept or self.missed else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the tickets opened in a period, and of the backlog: what is neither solved nor closed now, whenever opened.

    `machine` of the opened ones are of machines alone: nobody waits for a response to these, so that they count as work
    and in no length and no target. `reopened` are those that came back. A resolution lasts until the ticket was solved
    for the last time; one that is open again has none. `…_business` is open time. `minutes` is all time logged on those
    tickets. `ratings` are the stars given, from 1 to 5.
    """

    opened: int = 0
    machine: int = 0
    solved: int = 0
    reopened: int = 0
    first_response: Lengths = Lengths()
    first_response_business: Lengths = Lengths()
    first_response_kept: Kept = Kept()
    resolution: Lengths = Lengths()
    resolution_business: Lengths = Lengths()
    resolution_kept: Kept = Kept()
    ratings: tuple[int, ...] = ()
    minutes: int = 0
    backlog: int = 0
    backlog_age: Lengths = Lengths()

    @property
    def rating(self) -> float | None:
        return sum(self.ratings) / len(self.ratings) if self.ratings else None


@dataclass(frozen=True, slots=True)
class Hours:
    """The open time of each priority's calendar; `office` for a priority that is not configured any more."""

    of: Mapping[str, OpenTime]
    office: OpenTime

    def seconds(self, each: Outcome, end: datetime) -> float:
        """From its creation."""
        return self.of.get(each.priority, self.office).seconds(each.created_at, end)


def hours(policy: Policy, begin: datetime, end: datetime) -> Hours:
    """For outcomes that lie between the two."""
    made = {name: open_time(each, begin, end) for name, each in policy.calendars.items()}
    own = {name: made.get(each.calendar, made[policy.calendar]) for name, each in policy.priorities.items()}
    return Hours(own, made[policy.calendar])


def figures(outcomes: Iterable[Outcome], since: datetime, now: datetime, hours: Hours) -> Figures:
    """Of the tickets opened since then, and of those that wait. A merged one is told by the one it went into."""
    tally = _Tally()
    for each in outcomes:
        tally.add(each, since, now, hours)
    return tally.told()


def grouped(
    outcomes: Iterable[Outcome], by: By, zone: str, since: datetime, now: datetime, hours: Hours
) -> Mapping[str, Figures]:
    """A group's figures by its name, in order of names. A ticket without an agent or organisation is NOBODY's.

    `zone` is the one by whose calendar a week begins.
    """
    key = _key(by, ZoneInfo(zone))
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for each in outcomes:
        tallies[key(each)].add(each, since, now, hours)
    return {name: tallies[name].told() for name in sorted(tallies)}


def _key(by: By, zone: ZoneInfo) -> Callable[[Outcome], str]:
    match by:
        case "category":
            return lambda each: each.category
        case "priority":
            return lambda each: each.priority
        case "agent":
            return lambda each: each.assignee or NOBODY
        case "organisation":
            return lambda each: each.organisation or NOBODY
        case "week":
            week = cache(lambda quarter: f"{datetime.fromtimestamp(quarter * _QUARTER, zone):%G-W%V}")
            return lambda each: week(each.created_at.timestamp() // _QUARTER)


def kept(targets: Iterable[bool | None]) -> Kept:
    """Of the tickets that have such a target: those that were kept in time, and not."""
    found = [each for each in targets if each is not None]
    return Kept(sum(found), len(found) - sum(found))


def lengths(given: Iterable[float]) -> Lengths:
    """Of lengths in seconds."""
    found = sorted(given)
    if not found:
        return Lengths()
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    # The nearest rank: the smallest that at least 80 % do not exceed.
    most = found[-(-len(found) * 4 // 5) - 1]
    mean = sum(found) / len(found)
    return Lengths(len(found), *(timedelta(seconds=each) for each in (mean, middle, most, found[-1])))


@dataclass(slots=True)
class _Tally:
    """What is counted of outcomes that go by: of a hundred thousand none is kept, and times are seconds."""

    opened: int = 0
    machine: int = 0
    solved: int = 0
    reopened: int = 0
    minutes: int = 0
    response: list[float] = field(default_factory=list)
    response_business: list[float] = field(default_factory=list)
    response_kept: list[bool | None] = field(default_factory=list)
    resolution: list[float] = field(default_factory=list)
    resolution_business: list[float] = field(default_factory=list)
    resolution_kept: list[bool | None] = field(default_factory=list)
    ratings: list[int] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)

    def add(self, each: Outcome, since: datetime, now: datetime, hours: Hours) -> None:
        if each.merged_into is not None:
            return
        if each.status not in DONE:
            self.ages.append((now - each.created_at).total_seconds())
        if each.created_at < since:
            return
        self.opened += 1
        self.solved += each.status in DONE
        self.reopened += each.reopened > 0
        self.minutes += each.minutes_spent
        if each.machine:
            self.machine += 1
        else:
            self._add_waited(each, hours)

    def _add_waited(self, each: Outcome, hours: Hours) -> None:
        self.response_kept.append(each.response_kept)
        self.resolution_kept.append(each.resolution_kept)
        if each.first_response_at is not None:
            self.response.append((each.first_response_at - each.created_at).total_seconds())
            self.response_business.append(hours.seconds(each, each.first_response_at))
        ended = each.ended_at
        if ended is not None:
            self.resolution.append((ended - each.created_at).total_seconds())
            self.resolution_business.append(hours.seconds(each, ended))
        if each.rating is not None:
            self.ratings.append(each.rating)

    def told(self) -> Figures:
        return Figures(
            opened=self.opened,
            machine=self.machine,
            solved=self.solved,
            reopened=self.reopened,
            first_response=lengths(self.response),
            first_response_business=lengths(self.response_business),
            first_response_kept=kept(self.response_kept),
            resolution=lengths(self.resolution),
            resolution_business=lengths(self.resolution_business),
            resolution_kept=kept(self.resolution_kept),
            ratings=tuple(self.ratings),
            minutes=self.minutes,
            backlog=len(self.ages),
            backlog_age=lengths(self.ages),
        )
