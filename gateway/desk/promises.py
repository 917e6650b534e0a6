"""Dates that customers were given: a promise is reminded of before it breaks, and admitted once when it did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.desk import calendar
from gateway.desk.events import Event
from gateway.desk.events_time import Delayed, PhaseLate, Promised, PromiseWarned
from gateway.desk.hours import open_for_letters
from gateway.desk.moves import moved
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused
from gateway.desk.spans import Span
from gateway.desk.ticket import Ticket

GRACE: Final = Span(1, "business days")  # from the date that was missed to the letter that says so
_WARN_AT: Final = 0.75
_OURS: Final = ("new", "open", "on_hold")


def promised(ticket: Ticket, due: datetime, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    """An agent's date for the present phase. Raises Refused where nothing is to come."""
    if ticket.status in ("solved", "closed"):
        why = "{ticket} is {status}: reopen it before you promise a date for it"
        raise Refused(Phrase(why, ticket=ticket.number, status=Phrase(ticket.status)))
    if ticket.promise is not None and ticket.promise.by == due:
        return []
    warn = min(calendar.next_opening(policy.office, now + (due - now) * _WARN_AT), due - timedelta(seconds=1))
    # A promise for a day ends as the day does, when the office closes: a minute before is still that day.
    apology = calendar.add(policy.office, due - timedelta(minutes=1), GRACE)
    promise = Promised(at=now, by=by, phase=ticket.phase, due=due, warn=max(warn, now), apology=max(apology, due))
    return [promise, *moved(ticket, "agent_acted", by, policy, now)]


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    if ticket.status not in _OURS or ticket.undecided:
        return None
    promise, step = ticket.promise, ticket.step
    if promise is not None:
        instants = [promise.warn, promise.by] if promise.warned == 0 else [promise.by] if promise.warned == 1 else []
        return min([*instants, *([] if promise.admitted or not ticket.reachable else [promise.apology])], default=None)
    if step is None or step.by is None or ticket.late_phase:
        return None
    return step.by


def passed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """To us at three quarters of the time and at the date, to the customer a business day after it. The end of a
    timeframe is for us to know alone: that was no promise."""
    due = due_at(ticket, policy)
    if due is None or due > now:
        return []
    promise, step = ticket.promise, ticket.step
    if promise is None:
        end = step.by if step is not None else None
        if end is None or not calendar.is_open(policy.office, now):
            return []
        return [PhaseLate(at=now, by="gateway", phase=ticket.phase, due=end)]
    if promise.apology <= now and not promise.admitted and ticket.reachable:
        return [Delayed(at=now, by="gateway", missed=promise.by)] if open_for_letters(policy, now) else []
    if promise.by <= now and promise.warned < 2:
        return [PromiseWarned(at=now, by="gateway", due=promise.by, passed=True)]
    if promise.warn <= now and promise.warned < 1:
        return [PromiseWarned(at=now, by="gateway", due=promise.by)]
    return []
