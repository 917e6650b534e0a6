"""What events of time make of a ticket, and the marks that any event leaves on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from gateway.desk.events import (
    ArticleAdded,
    Assigned,
    Event,
    FirstResponse,
    PhaseEntered,
    StatusChanged,
    Undone,
)
from gateway.desk.events_time import (
    AssigneeAway,
    ClockMissed,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockWarned,
    CustomerCalled,
    Delayed,
    Escalated,
    KeptQuiet,
    LadderSet,
    NobodyAvailable,
    PhaseLate,
    ProgressSent,
    Promised,
    PromiseWarned,
    Rated,
    Reminded,
    Snoozed,
    StaleNoticed,
    StatusAsked,
    TaskRecorded,
    TimeEvent,
    TimeSpent,
    UpdateAsked,
)
from gateway.desk.ticket import Clock, Ladder, Promise, Ticket


def passed(ticket: Ticket, event: TimeEvent) -> Ticket:
    """The ticket after an event of time."""
    match event:
        case ClockStarted() | ClockPaused() | ClockResumed() | ClockStopped() | ClockWarned() | ClockMissed():
            return _clock(ticket, event)
        case Promised() | PromiseWarned() | Delayed() | PhaseLate():
            return _promise(ticket, event)
        case LadderSet():
            since = ticket.ladder.since if ticket.ladder and event.sent else event.at
            return replace(ticket, ladder=Ladder(since, event.coming, event.closes, event.sent))
        case Reminded():
            since = ticket.ladder.since if ticket.ladder else event.at
            return replace(ticket, ladder=Ladder(since, event.coming, event.closes, event.number))
        case UpdateAsked():
            return replace(ticket, update_asked=True)
        case Escalated():
            clocks = tuple(clock for clock in ticket.clocks if clock.name != "escalation")
            return replace(ticket, tier=event.after, clocks=clocks, answered=False)
        case TaskRecorded():
            return replace(ticket, external_ref=event.ref)
        case StaleNoticed():
            return replace(ticket, stale=event.number, stale_at=event.at)
        case Snoozed():
            return replace(ticket, snoozed_until=event.until)
        case AssigneeAway():
            return replace(ticket, offered_until=event.until)
        case TimeSpent():
            return replace(ticket, minutes_spent=ticket.minutes_spent + event.minutes)
        case Rated():
            return replace(ticket, rating=event.stars, rating_comment=event.comment)
        case CustomerCalled() | NobodyAvailable() | StatusAsked() | KeptQuiet() | ProgressSent():
            return ticket
        case _:
            assert_never(event)


def heard(ticket: Ticket, event: Event) -> Ticket:
    """When the customer last heard news, and from when on they wait for some."""
    match event:
        case ArticleAdded(direction="out", visibility="public", machine=False):
            told = True
        case StatusChanged(before=before, after=after):
            told = after == "on_hold" or (after == "open" and before in ("pending", "solved", "closed"))
        case PhaseEntered(by=by):
            told = by.startswith("agent:")
        case ProgressSent() | CustomerCalled() | Promised() | Delayed() | TaskRecorded():
            told = True
        case _:
            told = False
    return replace(ticket, told_at=event.at, update_asked=False) if told else ticket


def touched(ticket: Ticket, event: Event) -> Ticket:
    """When one of us last did anything on it, and whether somebody has taken it up where it is now."""
    if isinstance(event, Undone):
        return ticket
    if not event.by.startswith("agent:"):
        moved = isinstance(event, StatusChanged)
        return replace(ticket, stale=0, stale_at=None) if moved else ticket
    match event:
        case FirstResponse() | StatusChanged() | ArticleAdded(direction="out", visibility="public"):
            answered = True
        case Assigned(assignee=assignee):
            answered = assignee is not None
        case _:
            answered = ticket.answered
    snoozed = ticket.snoozed_until if isinstance(event, Snoozed) else None
    return replace(ticket, touched_at=event.at, stale=0, stale_at=None, snoozed_until=snoozed, answered=answered)


# -- clocks ------------------------------------------------------------------------------------------------------------

ClockEvent = ClockStarted | ClockPaused | ClockResumed | ClockStopped | ClockWarned | ClockMissed


def _clock(ticket: Ticket, event: ClockEvent) -> Ticket:
    others = tuple(clock for clock in ticket.clocks if clock.name != event.clock)
    before = ticket.clock(event.clock)
    if isinstance(event, ClockStarted):
        started = Clock(
            event.clock, event.priority, event.since, event.due, event.first, event.warn, business=event.business
        )
        return replace(ticket, clocks=(*others, started))
    if before is None:
        raise ValueError(f"the clock {event.clock} of ticket {ticket.number} was never started")
    return replace(ticket, clocks=(*others, _ticked(before, event)))


def _ticked(clock: Clock, event: ClockPaused | ClockResumed | ClockStopped | ClockWarned | ClockMissed) -> Clock:
    match event:
        case ClockPaused():
            return replace(clock, left=event.left, warn_left=event.warn_left)
        case ClockResumed():
            stood = max(timedelta(0), event.due - clock.due)
            return replace(
                clock, started=clock.started + stood, due=event.due, warn=event.warn, left=None, warn_left=None,
                stopped=None,
            )  # fmt: skip
        case ClockStopped():
            return replace(clock, stopped=event.at, left=event.left, warn_left=event.warn_left)
        case ClockWarned():
            return replace(clock, warn=None)
        case ClockMissed():
            return replace(clock, missed=event.at, warn=None)
        case _:
            assert_never(event)


def _promise(ticket: Ticket, event: Promised | PromiseWarned | Delayed | PhaseLate) -> Ticket:
    promise = ticket.promise
    match event:
        case Promised():
            steps = ticket.steps
            if steps:
                steps = (*steps[:-1], replace(steps[-1], first=None, by=event.due, promised=True))
            return replace(ticket, steps=steps, promise=Promise(event.due, event.warn, event.apology), late_phase=False)
        case PromiseWarned():
            return ticket if promise is None else replace(ticket, promise=replace(promise, warned=1 + event.passed))
        case Delayed():
            return ticket if promise is None else replace(ticket, promise=replace(promise, warned=2, admitted=True))
        case PhaseLate():
            return replace(ticket, late_phase=True)
        case _:
            assert_never(event)
