"""Clocks: budgets of time that start, stand still, run out.

`follow` sets them after whatever happened, from the ticket alone: a clock runs while what it waits for is not done and
it is our turn. Resolution and first response stand still while the ticket waits for the customer, for an answer or
for a decision.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.events import Event
from gateway.desk.events_time import ClockMissed, ClockPaused, ClockResumed, ClockStarted, ClockStopped, ClockWarned
from gateway.desk.policy import Policy, Priority
from gateway.desk.spans import Range, Span
from gateway.desk.ticket import Clock, ClockName, Ticket

NAMES: Final[tuple[ClockName, ...]] = ("first_response", "assignment", "resolution", "escalation")

Turn = Literal["runs", "stands still", "is over"]


def follow(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """What the clocks do now; nothing where each does already what it should."""
    priority = policy.priorities.get(ticket.priority)
    if priority is None:
        return []
    return [event for name in NAMES for event in _follow(ticket, name, priority, policy, now)]


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    """When the next of its clocks warns or runs out."""
    return min((at for clock in ticket.clocks for at in _instants(clock)), default=None)


def passed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """Warnings and misses; a clock that ran out unseen is missed, and no longer warned of."""
    events: list[Event] = []
    for clock in ticket.clocks:
        if clock.name == "escalation" or not clock.runs or clock.missed:
            continue
        if clock.due <= now:
            events.append(ClockMissed(at=now, by="gateway", clock=clock.name, due=clock.due))
        elif clock.warn is not None and clock.warn <= now:
            events.append(ClockWarned(at=now, by="gateway", clock=clock.name, due=clock.due))
    return events


def late_at(ticket: Ticket) -> datetime | None:
    """When its next target is missed, or was."""
    targets = [clock.due for clock in ticket.clocks if clock.runs and clock.name != "escalation"]
    promise = ticket.promise
    if promise is not None and ticket.status in ("new", "open", "on_hold") and not ticket.undecided:
        targets.append(promise.by)
    return min(targets, default=None)


def calendar_of(priority: Priority, policy: Policy) -> Calendar:
    return policy.calendars.get(priority.calendar, policy.office)


def _instants(clock: Clock) -> tuple[datetime, ...]:
    if not clock.runs or clock.missed:
        return ()
    return (clock.due,) if clock.warn is None else (clock.due, clock.warn)


# -- what each clock should do -----------------------------------------------------------------------------------------


def _turn(ticket: Ticket, name: ClockName) -> Turn:
    done = ticket.status in ("solved", "closed")
    match name:
        case "first_response":
            done = done or ticket.first_response_at is not None
        case "assignment":
            return "is over" if done or ticket.assignee is not None else "runs"
        case "resolution":
            pass
        case "escalation":
            return "is over" if ticket.answered or ticket.status not in ("new", "open") else "runs"
    if done:
        return "is over"
    return "stands still" if ticket.status == "pending" or ticket.undecided else "runs"


def _follow(ticket: Ticket, name: ClockName, priority: Priority, policy: Policy, now: datetime) -> list[Event]:
    clock, turn = ticket.clock(name), _turn(ticket, name)
    if turn == "runs" and (clock is None or _is_another(clock, priority)):
        started = _started(ticket, name, priority, policy, now)
        if started is not None:
            return [started]
        return [_stopped(clock, policy, now)] if clock is not None and clock.stopped is None else []
    if clock is None:
        return []
    if turn == "is over":
        return [_stopped(clock, policy, now)] if clock.stopped is None else []
    if turn == "stands still":
        left, warn_left = _left(clock, policy, now)
        still = ClockPaused(at=now, by="gateway", clock=name, left=left, warn_left=warn_left)
        return [still] if clock.runs else []
    return [] if clock.runs else [_resumed(clock, policy, now)]


def _is_another(clock: Clock, priority: Priority) -> bool:
    """The priority changed: its targets hold now. What was missed stays missed."""
    return clock.priority != priority.id and clock.missed is None


def _started(ticket: Ticket, name: ClockName, priority: Priority, policy: Policy, now: datetime) -> ClockStarted | None:
    """From the time the ticket came, less what the clock stood still; where that would be over already, from now."""
    target = _target(ticket, name, priority, policy)
    if target is None:
        return None
    hours, before = calendar_of(priority, policy), ticket.clock(name)
    since = now if name == "escalation" else before.started if before is not None else ticket.created_at
    if calendar.add(hours, since, target.last) <= now:
        since = now
    due = calendar.add(hours, since, target.last)
    first = calendar.add(hours, since, target.first) if target.first != target.last else None
    business = target.last.unit != "clock"
    warn = None if name == "escalation" else _share(hours, since, due, priority.warn_at, business=business)
    return ClockStarted(
        at=now, by="gateway", clock=name, priority=priority.id, since=since, due=due, first=first,
        warn=None if warn is None or warn >= due else warn, business=business,
    )  # fmt: skip


def _target(ticket: Ticket, name: ClockName, priority: Priority, policy: Policy) -> Range | None:
    match name:
        case "first_response":
            span: Span | None = priority.first_response
            outside = priority.first_response_outside
            if outside is not None and not calendar.is_open(calendar_of(priority, policy), ticket.created_at):
                span = outside
        case "assignment":
            span = priority.assign_within
        case "resolution":
            return priority.resolution
        case "escalation":
            tiers = [tier.id for tier in policy.tiers]
            known = ticket.tier in tiers[:-1]  # from the last one there is nowhere to go
            span = policy.tiers[tiers.index(ticket.tier or "")].patience(ticket.priority) if known else None
    return Range(span, span) if span is not None else None


def _share(hours: Calendar, since: datetime, due: datetime, percent: int, *, business: bool) -> datetime:
    """When `percent` of the time from `since` to `due` are gone."""
    if not business:
        return since + (due - since) * percent / 100
    return calendar.add_open_time(hours, since, calendar.between(hours, since, due) * percent / 100)


# -- standing still ----------------------------------------------------------------------------------------------------


def _hours(clock: Clock, policy: Policy) -> Calendar:
    priority = policy.priorities.get(clock.priority)
    return calendar_of(priority, policy) if priority else policy.office


def _left(clock: Clock, policy: Policy, now: datetime) -> tuple[int, int | None]:
    if clock.left is not None:
        return clock.left, clock.warn_left
    hours = _hours(clock, policy)

    def until(at: datetime) -> int:
        return round((calendar.between(hours, now, at) if clock.business else at - now).total_seconds())

    return until(clock.due), until(clock.warn) if clock.warn is not None else None


def _stopped(clock: Clock, policy: Policy, now: datetime) -> ClockStopped:
    left, warn_left = _left(clock, policy, now)
    late = clock.missed is not None or (clock.left is None and clock.due < now)
    return ClockStopped(at=now, by="gateway", clock=clock.name, late=late, left=left, warn_left=warn_left)


def _resumed(clock: Clock, policy: Policy, now: datetime) -> ClockResumed:
    """What was late already stays as late as it was."""
    hours, left = _hours(clock, policy), clock.left or 0

    def after(seconds: int) -> datetime:
        length = timedelta(seconds=seconds)
        return calendar.add_open_time(hours, now, length) if clock.business else now + length

    due = after(left) if left > 0 else clock.due
    warn = after(clock.warn_left) if clock.warn_left is not None and clock.warn_left > 0 else None
    return ClockResumed(at=now, by="gateway", clock=clock.name, due=due, warn=warn)
