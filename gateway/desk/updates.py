"""Regular news for the customer, even when there are none: the assignee is asked first, then the letter says so.

While a ticket is new or open its category or priority says how often; once a target is missed, the priority's
`update_once_late`; on hold `[on_hold]`. Whatever an agent tells the customer restarts the interval.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.events import Event
from gateway.desk.events_time import ProgressSent, UpdateAsked
from gateway.desk.moves import moved
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused
from gateway.desk.sla import calendar_of
from gateway.desk.spans import Span
from gateway.desk.ticket import Ticket

_ASKED_BEFORE: Final = timedelta(days=1)  # but never more than a quarter of the interval


def informed(ticket: Ticket, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    """An agent tells the customer how it goes. Raises Refused where there is nothing left to tell."""
    if ticket.status == "closed":
        why = "{ticket} is closed: reopen it before you report progress on it"
        raise Refused(Phrase(why, ticket=ticket.number))
    told = ProgressSent(at=now, by=by, next_at=_next_from(ticket, policy, now))
    return [told, *moved(ticket, "agent_acted", by, policy, now)]


def next_update(ticket: Ticket, policy: Policy) -> datetime | None:
    """When the customer hears from us at the latest; None where nothing says how often."""
    if not ticket.reachable:
        return None
    return _next_from(ticket, policy, ticket.told_at or ticket.created_at)


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    due = next_update(ticket, policy)
    return due if due is None or ticket.update_asked else _ask_at(ticket, policy, due)


def passed(ticket: Ticket, policy: Policy, now: datetime, *, halted: bool = False) -> list[Event]:
    """`halted`: more important work is going on, and nobody is asked."""
    due = next_update(ticket, policy)
    if due is None:
        return []
    if due <= now:
        if not calendar.is_open(_hours(ticket, policy), now):
            return []
        return [ProgressSent(at=now, by="gateway", next_at=_next_from(ticket, policy, now))]
    if ticket.update_asked or halted or _ask_at(ticket, policy, due) > now:
        return []
    return [UpdateAsked(at=now, by="gateway", due=due)]


def _ask_at(ticket: Ticket, policy: Policy, due: datetime) -> datetime:
    """A day before it; of shorter intervals after three quarters, in hours in which somebody can still find out."""
    since = ticket.told_at or ticket.created_at
    quarter = (due - since) / 4
    if quarter >= _ASKED_BEFORE:
        return due - _ASKED_BEFORE
    at = calendar.next_opening(_hours(ticket, policy), due - quarter)
    return at if at < due else due - quarter


def _next_from(ticket: Ticket, policy: Policy, told: datetime) -> datetime | None:
    """The first letter due after news at `told`, drawn into the hours in which it may go out."""
    hours = _hours(ticket, policy)
    instants = [calendar.add(hours, since, span) for since, span in _intervals(ticket, policy, told)]
    return calendar.next_opening(hours, min(instants)) if instants else None


def _intervals(ticket: Ticket, policy: Policy, told: datetime) -> list[tuple[datetime, Span]]:
    if ticket.status == "on_hold":
        return [(told, policy.on_hold_update_every)] if policy.on_hold_update_every else []
    priority, category = policy.priorities.get(ticket.priority), policy.categories.get(ticket.category)
    if ticket.status not in ("new", "open"):
        return []
    found = []
    every = (category.update_every if category else None) or (priority.update_every if priority else None)
    if every is not None:
        found.append((told, every))
    late = ticket.late_since
    if late is not None and priority is not None and priority.update_once_late is not None:
        found.append((max(told, late), priority.update_once_late))
    return found


def _hours(ticket: Ticket, policy: Policy) -> Calendar:
    priority = policy.priorities.get(ticket.priority)
    return policy.office if priority is None or ticket.status == "on_hold" else calendar_of(priority, policy)
