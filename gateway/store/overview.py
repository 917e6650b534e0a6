"""How many there are of what, and what comes next: one screen for operators. Reads only, counts in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from gateway.desk.ticket import Status
from gateway.store.mails import MailState
from gateway.store.tables import mail, ticket

_BEFORE_DONE = ("new", "open", "pending", "on_hold")


@dataclass(frozen=True, slots=True)
class Tickets:
    """`by_status` has only statuses that occur. `unassigned` and `late` are not solved or closed yet."""

    by_status: dict[Status, int] = field(default_factory=dict)
    unassigned: int = 0
    late: int = 0
    closed_lately: int = 0


def tickets(tx: Connection, *, now: datetime, lately: datetime) -> Tickets:
    """`lately`: since when a closed ticket counts as closed lately."""
    grouped = select(ticket.c.status, func.count()).group_by(ticket.c.status)
    worked = select(func.count()).where(ticket.c.status.in_(_BEFORE_DONE))
    return Tickets(
        by_status={row[0]: int(row[1]) for row in tx.execute(grouped)},
        unassigned=int(tx.execute(worked.where(ticket.c.assignee.is_(None))).scalar_one()),
        late=int(tx.execute(worked.where(ticket.c.late_at <= now)).scalar_one()),
        closed_lately=int(tx.execute(select(func.count()).where(ticket.c.closed_at >= lately)).scalar_one()),
    )


def mails(tx: Connection) -> dict[MailState, int]:
    """How many mails are in each state."""
    grouped = select(mail.c.state, func.count()).group_by(mail.c.state)
    return {row[0]: int(row[1]) for row in tx.execute(grouped)}


def oldest_pending(tx: Connection) -> datetime | None:
    """When the mail that waits the longest came in."""
    waiting = select(mail.c.received_at).where(mail.c.state == "pending").order_by(mail.c.received_at).limit(1)
    instant: datetime | None = tx.execute(waiting).scalar_one_or_none()
    return instant


def newest_recipients(tx: Connection, limit: int) -> list[tuple[datetime, str, Sequence[str]]]:
    """Of the newest mails, newest first: when it came, the mailbox it was fetched from ("" else), to whom it went."""
    wanted = select(mail.c.received_at, mail.c.mailbox, mail.c.rcpt_tos).order_by(mail.c.received_at.desc())
    return [(row[0], row[1], row[2]) for row in tx.execute(wanted.limit(limit))]


def next_due(tx: Connection, limit: int) -> list[tuple[int, datetime]]:
    """The tickets that fall due next, soonest first."""
    wanted = select(ticket.c.number, ticket.c.due_at).where(ticket.c.due_at.is_not(None))
    return [(row[0], row[1]) for row in tx.execute(wanted.order_by(ticket.c.due_at, ticket.c.number).limit(limit))]
