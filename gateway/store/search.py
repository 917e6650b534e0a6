"""`ticket list`: priority first, order of receipt second."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal_column, or_, select

from gateway.desk.ticket import Status, Ticket
from gateway.store import words
from gateway.store.codec import decode
from gateway.store.tables import ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Each condition that is given must hold; of its values one. None given: everything that is not closed.

    `assignee` and `team`: "none" is nobody. `tags` must all be there. `created_before`: older than that.
    `late_at`: with a target missed by then. `words` must all occur in subject, requester or conversation (see `words`).
    """

    status: tuple[Status, ...] = ()
    category: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    from_: str = ""
    created_before: datetime | None = None
    created_after: datetime | None = None
    late_at: datetime | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as a list shows it."""

    number: int
    priority: str
    status: Status
    category: str
    phase: str
    assignee: str | None
    team: str | None
    requester_name: str
    requester_email: str
    due_at: datetime | None
    late_at: datetime | None
    created_at: datetime
    updated_at: datetime
    subject: str


_COLUMNS = tuple(ticket.c[each.name] for each in fields(Line))


def listed(tx: Connection, wanted: Filter = Filter(), limit: int | None = None) -> list[Line]:
    """The tickets that fit, in the order in which they are to be worked: the first `limit` of them."""
    return [Line(*row) for row in tx.execute(_chosen(tx, _COLUMNS, wanted, limit))]


def tickets(tx: Connection, wanted: Filter = Filter(), limit: int | None = None) -> list[Ticket]:
    """The same tickets whole, as they were written last. Raises FromTheFuture."""
    return [decode(Ticket, snapshot) for (snapshot,) in tx.execute(_chosen(tx, (ticket.c.snapshot,), wanted, limit))]


def count(tx: Connection, wanted: Filter = Filter()) -> int:
    """How many fit."""
    return int(tx.execute(select(func.count()).select_from(ticket).where(*_conditions(tx, wanted))).scalar_one())


def _chosen(
    tx: Connection, columns: Sequence[ColumnElement[Any]], wanted: Filter, limit: int | None
) -> Select[tuple[Any, ...]]:
    ordered = select(*columns).order_by(ticket.c.priority_order, ticket.c.created_at, ticket.c.number)
    return ordered.where(*_conditions(tx, wanted)).limit(limit)


def _conditions(tx: Connection, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted == Filter():
        yield ticket.c.status != literal_column("'closed'")  # so that the partial index serves
    for name in ("status", "category", "phase", "priority"):
        values: tuple[str, ...] = getattr(wanted, name)
        if values:
            yield ticket.c[name].in_(values)
    if wanted.assignee:
        yield _or_nobody(ticket.c.assignee, wanted.assignee)
    if wanted.team:
        yield _or_nobody(ticket.c.team, wanted.team)
    for tag in wanted.tags:
        yield cast(ticket.c.tags, String).contains(json.dumps(tag, ensure_ascii=False), autoescape=True)
    if wanted.from_:
        yield or_(
            *(words.contains(column, wanted.from_) for column in (ticket.c.requester_email, ticket.c.requester_name))
        )
    if wanted.created_before is not None:
        yield ticket.c.created_at < wanted.created_before
    if wanted.created_after is not None:
        yield ticket.c.created_at >= wanted.created_after
    if wanted.late_at is not None:
        yield ticket.c.late_at <= wanted.late_at
    for word in wanted.words:
        yield words.has(tx, word)


def _or_nobody(column: ColumnElement[Any], values: tuple[str, ...]) -> ColumnElement[bool]:
    some = column.in_([value for value in values if value != "none"])
    return or_(some, column.is_(None)) if "none" in values else some
