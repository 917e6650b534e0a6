"""The figures of a desk: how long first responses and resolutions took, which targets were kept, what waits.

Pure: tickets in, figures out. Times are clock time, whatever calendar a target counts in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from gateway.desk.policy import Policy
from gateway.desk.ticket import ClockName, Ticket

By = Literal["category", "priority", "agent", "week", "organisation"]
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of `count` lengths of time: their mean, the middle one, and the one that 80 % do not exceed."""

    count: int = 0
    mean: timedelta | None = None
    median: timedelta | None = None
    most: timedelta | None = None


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

    `minutes` is all time logged on those tickets. `ratings` are the stars given, from 1 to 5. `allowance` are the
    minutes that an organisation has this month, `allowance_used` those it used of them; None where it has none.
    """

    opened: int = 0
    solved: int = 0
    first_response: Lengths = Lengths()
    first_response_kept: Kept = Kept()
    resolution: Lengths = Lengths()
    resolution_kept: Kept = Kept()
    ratings: tuple[int, ...] = ()
    minutes: int = 0
    backlog: int = 0
    backlog_age: Lengths = Lengths()
    allowance: int | None = None
    allowance_used: int | None = None

    @property
    def rating(self) -> float | None:
        return sum(self.ratings) / len(self.ratings) if self.ratings else None


def figures(opened: Iterable[Ticket], backlog: Iterable[Ticket], now: datetime) -> Figures:
    """`opened` are the tickets of the period, `backlog` those that wait. Merged ones are told by their targets."""
    own = [ticket for ticket in opened if ticket.merged_into is None]
    waiting = [ticket for ticket in backlog if ticket.merged_into is None]
    return Figures(
        opened=len(own),
        solved=sum(ticket.status in ("solved", "closed") for ticket in own),
        first_response=lengths(t.first_response_at - t.created_at for t in own if t.first_response_at),
        first_response_kept=kept(own, "first_response"),
        resolution=lengths(end - ticket.created_at for ticket in own if (end := ticket.solved_at or ticket.closed_at)),
        resolution_kept=kept(own, "resolution"),
        ratings=tuple(ticket.rating for ticket in own if ticket.rating is not None),
        minutes=sum(ticket.minutes_spent for ticket in own),
        backlog=len(waiting),
        backlog_age=lengths(now - ticket.created_at for ticket in waiting),
    )


def grouped(
    opened: Iterable[Ticket], backlog: Iterable[Ticket], by: By, policy: Policy, now: datetime
) -> Mapping[str, Figures]:
    """A group's figures by its name, in order of names. A ticket without an agent or organisation is NOBODY's."""
    key = _key(by, ZoneInfo(policy.timezone))
    groups: dict[str, tuple[list[Ticket], list[Ticket]]] = defaultdict(lambda: ([], []))
    for side, tickets in enumerate((opened, backlog)):
        for ticket in tickets:
            groups[key(ticket)][side].append(ticket)
    return {name: figures(*groups[name], now) for name in sorted(groups)}


def with_allowances(
    groups: Mapping[str, Figures], used: Mapping[str, timedelta], policy: Policy
) -> Mapping[str, Figures]:
    """Figures by organisation with what each `used` of its allowance this month; those without tickets, too."""
    found = dict(groups)
    for name, length in used.items():
        allowance = policy.organisations[name].allowance
        if allowance is not None:
            before = found.get(name, Figures())
            found[name] = replace(before, allowance=_minutes(allowance), allowance_used=_minutes(length))
    return {name: found[name] for name in sorted(found)}


def _minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def _key(by: By, zone: ZoneInfo) -> Callable[[Ticket], str]:
    match by:
        case "category":
            return lambda ticket: ticket.category
        case "priority":
            return lambda ticket: ticket.priority
        case "agent":
            return lambda ticket: ticket.assignee or NOBODY
        case "organisation":
            return lambda ticket: ticket.organisation or NOBODY
        case "week":
            return lambda ticket: f"{ticket.created_at.astimezone(zone):%G-W%V}"


def kept(tickets: Iterable[Ticket], clock: ClockName) -> Kept:
    """Of the tickets that have such a target."""
    found = [each for ticket in tickets if (each := ticket.clock(clock)) is not None]
    missed = sum(each.missed is not None for each in found)
    return Kept(sum(each.stopped is not None and each.missed is None for each in found), missed)


def lengths(given: Iterable[timedelta]) -> Lengths:
    found = sorted(given)
    if not found:
        return Lengths()
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    # The nearest rank: the smallest that at least 80 % do not exceed.
    return Lengths(len(found), sum(found, timedelta()) / len(found), middle, found[-(-len(found) * 4 // 5) - 1])
