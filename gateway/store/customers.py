"""Who wrote to us, told from their tickets and from what is known of their addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from gateway.store import people, words
from gateway.store.people import Known
from gateway.store.tables import article, mail, person, ticket


@dataclass(frozen=True, slots=True)
class Customer:
    """A requester; `last` is when one of their tickets last changed."""

    email: str
    name: str
    tickets: int
    last: datetime


def listed(tx: Connection, word: str = "", limit: int | None = None) -> list[Customer]:
    """Requesters whose name or address contains `word`, the last heard of first."""
    who, last = ticket.c.requester_email, func.max(ticket.c.updated_at).label("last")
    found = select(who, func.max(ticket.c.requester_name).label("name"), func.count().label("tickets"), last)
    if word:
        found = found.where(or_(*(words.contains(each, word) for each in (who, ticket.c.requester_name))))
    rows = tx.execute(found.group_by(who).order_by(last.desc(), who).limit(limit))
    return [Customer(row.requester_email, row.name, row.tickets, row.last) for row in rows]


def known(tx: Connection, email: str) -> Known | None:
    """What is known of the address (normal form); None: nothing, nor did it ever write to us."""
    met = tx.execute(select(person.c.email).where(person.c.email == email)).one_or_none()
    opened = select(ticket.c.requester_name).where(ticket.c.requester_email == email)
    name = tx.execute(opened.order_by(ticket.c.created_at.desc()).limit(1)).scalar_one_or_none()
    if met is None and name is None and not _wrote(tx, email):
        return None
    found = people.get(tx, email)
    return replace(found, name=found.name or name or "")


def _wrote(tx: Connection, email: str) -> bool:
    columns = (article.c.author_email, mail.c.from_email)
    return any(tx.execute(select(column).where(column == email).limit(1)).first() for column in columns)


def tickets_of(tx: Connection, email: str) -> list[int]:
    """The tickets that the address opened, oldest first."""
    mine = select(ticket.c.number).where(ticket.c.requester_email == email)
    return list(tx.execute(mine.order_by(ticket.c.number)).scalars())


def held_by(tx: Connection, agent: str) -> list[int]:
    """The tickets that the agent has and that are neither solved nor closed, in order of work."""
    mine = (ticket.c.assignee == agent, ticket.c.status.in_(("new", "open", "pending", "on_hold")))
    ordered = select(ticket.c.number).where(*mine)
    return list(tx.execute(ordered.order_by(ticket.c.priority_order, ticket.c.created_at, ticket.c.number)).scalars())
