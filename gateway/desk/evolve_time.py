"""What events of time make of a ticket, and the marks that any event leaves on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, assert_never

from gateway.desk.events import ArticleAdded, Assigned, Event, FirstResponse, PhaseEntered, StatusChanged
from gateway.desk.events_quote import DecisionOvertaken, Quoted, QuoteWithdrawn
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
from gateway.desk.events_told import Muted, Unmuted
from gateway.desk.ticket import Clock, Ladder, Promise, Ticket

Changes = dict[str, Any]
"""Fields of a ticket by their names, with the values they have after an event."""


def passed(ticket: Ticket, event: TimeEvent) -> Changes:
    """What an event of time changes."""
    match event:
        case ClockStarted() | ClockPaused() | ClockResumed() | ClockStopped() | ClockWarned() | ClockMissed():
            return _clock(ticket, event)
        case Promised() | PromiseWarned() | Delayed() | PhaseLate():
            return _promise(ticket, event)
        case LadderSet():
            since = ticket.ladder.since if ticket.ladder and event.sent else event.at
            return {"ladder": Ladder(since, event.coming, event.closes, event.sent)}
        case Reminded():
            since = ticket.ladder.since if ticket.ladder else event.at
            return {"ladder": Ladder(since, event.coming, event.closes, event.number)}
        case UpdateAsked():
            return {"update_asked": True}
        case Escalated():
            clocks = tuple(clock for clock in ticket.clocks if clock.name != "escalation")
            return {"tier": event.after, "clocks": clocks, "answered": False}
        case TaskRecorded():
            return {"external_ref": event.ref}
        case StaleNoticed():
            return {"stale": event.number, "stale_at": event.at}
        case Snoozed():
            return {"snoozed_until": event.until}
        case AssigneeAway():
            return {"offered_until": event.until}
        case TimeSpent():
            return {"minutes_spent": ticket.minutes_spent + event.minutes}
        case Rated():
            return {"rating": event.stars, "rating_comment": event.comment}
        case CustomerCalled() | NobodyAvailable() | StatusAsked() | KeptQuiet() | ProgressSent():
            return {}
        case _:
            assert_never(event)


def heard(event: Event) -> Changes:
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
        case Quoted() | QuoteWithdrawn() | DecisionOvertaken():
            told = True
        case _:
            told = False
    return {"told_at": event.at, "update_asked": False} if told else {}


def touched(ticket: Ticket, event: Event) -> Changes:
    """When one of us last did anything on it, and whether somebody has taken it up where it is now."""
    if isinstance(event, Muted | Unmuted):
        return {}
    if not event.by.startswith("agent:"):
        return {"stale": 0, "stale_at": None} if isinstance(event, StatusChanged) else {}
    match event:
        case FirstResponse() | StatusChanged() | Quoted() | ArticleAdded(direction="out", visibility="public"):
            answered = True
        case Assigned(assignee=assignee):
            answered = assignee is not None
        case _:
            answered = ticket.answered
    return {"touched_at": event.at, "stale": 0, "stale_at": None, "snoozed_until": None, "answered": answered}


# -- clocks ------------------------------------------------------------------------------------------------------------

ClockEvent = ClockStarted | ClockPaused | ClockResumed | ClockStopped | ClockWarned | ClockMissed


def _clock(ticket: Ticket, event: ClockEvent) -> Changes:
    others = tuple(clock for clock in ticket.clocks if clock.name != event.clock)
    before = ticket.clock(event.clock)
    if isinstance(event, ClockStarted):
        started = Clock(
            event.clock, event.priority, event.since, event.due, event.first, event.warn, business=event.business
        )
        return {"clocks": (*others, started)}
    if before is None:
        raise ValueError(f"the clock {event.clock} of ticket {ticket.number} was never started")
    return {"clocks": (*others, _ticked(before, event))}


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


def _promise(ticket: Ticket, event: Promised | PromiseWarned | Delayed | PhaseLate) -> Changes:
    promise = ticket.promise
    match event:
        case Promised():
            steps = ticket.steps
            if steps:
                steps = (*steps[:-1], replace(steps[-1], first=None, by=event.due, promised=True))
            made = Promise(event.due, event.warn, event.apology)
            return {"steps": steps, "promise": made, "late_phase": False}
        case PromiseWarned():
            return {} if promise is None else {"promise": replace(promise, warned=1 + event.passed)}
        case Delayed():
            return {} if promise is None else {"promise": replace(promise, warned=2, admitted=True)}
        case PhaseLate():
            return {"late_phase": True}
        case _:
            assert_never(event)
