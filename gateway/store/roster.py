"""What the desk has to know of other tickets: whose turn it is, how much each agent has, what halts all other work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, literal_column, select, update

from gateway.store.dialect import insert_or_leave
from gateway.store.tables import counter, ticket

_WORKED = ("new", "open", "pending", "on_hold")
MOST = 50  # tickets of one customer that a list names


def next_turn(tx: Connection, team: str) -> int:
    """How many tickets were given out in this team by turn before this one."""
    name = f"turn:{team}"
    up = update(counter).where(counter.c.name == name).values(value=counter.c.value + 1).returning(counter.c.value)
    value = tx.execute(up).scalar_one_or_none()
    if value is None:
        insert_or_leave(tx, counter, [{"name": name, "value": 0}], keys=("name",))
        value = tx.execute(up).scalar_one()
    return int(value) - 1


def open_of(tx: Connection, agents: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """How many tickets that are neither solved nor closed each of these agents has; who has none is left out."""
    mine = select(ticket.c.assignee, func.count()).where(ticket.c.assignee.in_(agents), ticket.c.status.in_(_WORKED))
    return tuple((row[0], int(row[1])) for row in tx.execute(mine.group_by(ticket.c.assignee)))


def is_open(tx: Connection, priorities: Sequence[str]) -> bool:
    """Whether a ticket of one of these priorities is not solved, and does not wait for its customer."""
    closed: ColumnElement[str] = literal_column("'closed'")  # so that the partial index serves
    urgent = select(ticket.c.number).where(
        ticket.c.status != closed, ticket.c.status.in_(("new", "open", "on_hold")), ticket.c.priority.in_(priorities)
    )
    return tx.execute(urgent.limit(1)).one_or_none() is not None


def waiting(tx: Connection, limit: int = 2_000) -> list[int]:
    """The tickets that wait for us, in the order in which they are worked."""
    closed: ColumnElement[str] = literal_column("'closed'")
    ours = select(ticket.c.number).where(ticket.c.status != closed, ticket.c.status.in_(("new", "open")))
    ordered = ours.order_by(ticket.c.priority_order, ticket.c.created_at, ticket.c.number)
    return list(tx.execute(ordered.limit(limit)).scalars())


def tickets_of(tx: Connection, email: str, *, closed: bool) -> list[int]:
    """The newest 50 tickets that the address opened, the newest first; those that are closed only where asked for."""
    mine = select(ticket.c.number).where(ticket.c.requester_email == email)
    if not closed:
        mine = mine.where(ticket.c.status != literal_column("'closed'"))
    return list(tx.execute(mine.order_by(ticket.c.created_at.desc(), ticket.c.number.desc()).limit(MOST)).scalars())


def put_off(tx: Connection, category: str, tag: str) -> list[int]:
    """Tickets of the category that are solved or closed and carry the tag, in order."""
    done = select(ticket.c.number, ticket.c.tags).where(
        ticket.c.category == category, ticket.c.status.in_(("solved", "closed")), ticket.c.merged_into.is_(None)
    )
    return [row.number for row in tx.execute(done.order_by(ticket.c.number)) if tag in row.tags]
