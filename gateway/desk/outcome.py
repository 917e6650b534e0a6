"""What became of a ticket, in the few values that figures are made of."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from gateway.desk.ticket import ClockName, Status, Ticket


class Outcome(NamedTuple):
    """A tuple, for a hundred thousand of them are read at once; the fields are those of `Ticket` by their names.

    `reopened` is how often. `response_kept`, `resolution_kept`: whether that target was reached in time; None where
    there is none, or it still runs and is not late.
    """

    created_at: datetime
    status: Status
    category: str
    priority: str
    team: str | None
    assignee: str | None
    organisation: str | None
    merged_into: int | None
    machine: bool
    reopened: int
    first_response_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    response_kept: bool | None
    resolution_kept: bool | None
    rating: int | None
    minutes_spent: int

    @property
    def ended_at(self) -> datetime | None:
        """When it was solved (the last time), or closed without that."""
        return self.solved_at or self.closed_at


class Remark(NamedTuple):
    """What a customer wrote beside a rating, in their words; `stars` from 1 to 5."""

    ticket: int
    stars: int
    comment: str


def outcome(ticket: Ticket) -> Outcome:
    return Outcome(
        created_at=ticket.created_at,
        status=ticket.status,
        category=ticket.category,
        priority=ticket.priority,
        team=ticket.team,
        assignee=ticket.assignee,
        organisation=ticket.organisation,
        merged_into=ticket.merged_into,
        machine=ticket.machine,
        reopened=ticket.reopened,
        first_response_at=ticket.first_response_at,
        solved_at=ticket.solved_at,
        closed_at=ticket.closed_at,
        response_kept=kept(ticket, "first_response"),
        resolution_kept=kept(ticket, "resolution"),
        rating=ticket.rating,
        minutes_spent=ticket.minutes_spent,
    )


def kept(ticket: Ticket, name: ClockName) -> bool | None:
    """Whether the target was reached in time; None: there is none, or it still runs and is not late."""
    clock = ticket.clock(name)
    if clock is None:
        return None
    return False if clock.missed else True if clock.stopped else None
