"""`ticket list`: priority first, order of receipt second."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, cast, func, literal_column, or_, select

from gateway.desk.ticket import Status
from gateway.store.tables import article, ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Each condition that is given must hold; of its values one. None given: everything that is not closed.

    `assignee` and `team`: "none" is nobody. `tags` must all be there. `created_before`: older than that.
    `late_at`: with a target missed by then. `words` must all occur in subject, requester or conversation.
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


def listed(tx: Connection, wanted: Filter = Filter(), limit: int = 10_000) -> list[Line]:
    """The tickets that fit, in the order in which they are to be worked."""
    ordered = select(ticket).order_by(ticket.c.priority_order, ticket.c.created_at, ticket.c.number).limit(limit)
    return [_line(row) for row in tx.execute(ordered.where(*_conditions(wanted)))]


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
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
        yield or_(_has(ticket.c.requester_email, wanted.from_), _has(ticket.c.requester_name, wanted.from_))
    if wanted.created_before is not None:
        yield ticket.c.created_at < wanted.created_before
    if wanted.created_after is not None:
        yield ticket.c.created_at >= wanted.created_after
    if wanted.late_at is not None:
        yield ticket.c.late_at <= wanted.late_at
    for word in wanted.words:
        yield _somewhere(word)


def _or_nobody(column: ColumnElement[Any], values: tuple[str, ...]) -> ColumnElement[bool]:
    some = column.in_([value for value in values if value != "none"])
    return or_(some, column.is_(None)) if "none" in values else some


def _somewhere(word: str) -> ColumnElement[bool]:
    said = select(article.c.position).where(article.c.ticket == ticket.c.number, _has(article.c.text, word))
    near = (ticket.c.subject, ticket.c.requester_email, ticket.c.requester_name)
    return or_(*(_has(column, word) for column in near), said.exists())


def _has(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)


def _line(row: Row[Any]) -> Line:
    return Line(
        number=row.number,
        priority=row.priority,
        status=row.status,
        category=row.category,
        phase=row.phase,
        assignee=row.assignee,
        team=row.team,
        requester_name=row.requester_name,
        requester_email=row.requester_email,
        due_at=row.due_at,
        late_at=row.late_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        subject=row.subject,
    )
