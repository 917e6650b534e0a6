"""The tickets of a problem: those that share a cause. Names are looked up by their key (`desk.problems.key_of`)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, literal_column, select

from gateway.desk.ticket import Ticket
from gateway.store.codec import decode
from gateway.store.tables import ticket

_OF = select(ticket.c.snapshot).where(ticket.c.problem.is_not(None)).order_by(ticket.c.number)
_WORKED = ("new", "open", "pending", "on_hold")


def tickets_of(tx: Connection, key: str) -> list[Ticket]:
    """All of them, the oldest first, closed ones too. Raises FromTheFuture."""
    return [decode(Ticket, snapshot) for (snapshot,) in tx.execute(_OF.where(ticket.c.problem == key))]


def all_tickets(tx: Connection, *, over: bool) -> Iterator[Ticket]:
    """Those of every problem that is not over, which is one with a ticket neither solved nor closed; or of all."""
    unsolved = select(ticket.c.problem).where(
        ticket.c.status != literal_column("'closed'"), ticket.c.status.in_(_WORKED), ticket.c.problem.is_not(None)
    )
    wanted = _OF if over else _OF.where(ticket.c.problem.in_(unsolved))
    return (decode(Ticket, snapshot) for (snapshot,) in tx.execute(wanted))


def spelling(tx: Connection, key: str) -> str | None:
    """How the name was written first; None where no ticket has it."""
    first = tx.execute(_OF.where(ticket.c.problem == key).limit(1)).scalar_one_or_none()
    return None if first is None else decode(Ticket, first).problem
