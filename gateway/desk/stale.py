"""A ticket that nobody of us touches: its assignee is reminded, then the lead."""

from __future__ import annotations

from datetime import datetime

from gateway.desk import calendar
from gateway.desk.events import Event
from gateway.desk.events_time import StaleNoticed
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    """In office hours; while we wait for nobody but ourselves."""
    gap = policy.stale.repeat if ticket.stale else policy.stale.after
    if gap is None or ticket.status not in ("new", "open"):
        return None
    due = calendar.add(policy.office, _since(ticket), gap)
    return calendar.next_opening(policy.office, max(due, ticket.snoozed_until or due))


def passed(ticket: Ticket, policy: Policy, now: datetime, *, halted: bool = False) -> list[Event]:
    """`halted`: more important work is going on, and nobody is reminded of this."""
    due = due_at(ticket, policy)
    if due is None or due > now or halted or not calendar.is_open(policy.office, now):
        return []
    return [StaleNoticed(at=now, by="gateway", number=ticket.stale + 1)]


def _since(ticket: Ticket) -> datetime:
    moved = [at for at in (ticket.touched_at, ticket.status_since, ticket.stale_at) if at is not None]
    return max([ticket.created_at, *moved])
