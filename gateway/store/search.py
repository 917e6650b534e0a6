"""Which tickets there are: by filters and words, for lists and for whoever works next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, func, literal_column, or_, select

from gateway.desk.ticket import Status, Ticket
from gateway.store import words
from gateway.store.codec import decode
from gateway.store.tables import ticket

Order = Literal["work", "newest"]
"""As they are to be worked: priority first, receipt second. Or those that changed last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Each condition that is given must hold; of its values one. None given: everything that is not closed.

    `assignee` and `team`: "none" is nobody. `tags` must all be there. `ref`: keys of problems, or of tasks elsewhere.
    `created_before`: older than that. `late_at`: with a target missed by then. `words` must all occur in subject,
    requester or conversation (see `words`).
    """

    status: tuple[Status, ...] = ()
    category: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ref: tuple[str, ...] = ()
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
    first_due: datetime | None
    late_at: datetime | None
    created_at: datetime
    updated_at: datetime
    subject: str


_COLUMNS = tuple(ticket.c[each.name] for each in fields(Line))


def listed(tx: Connection, wanted: Filter = Filter(), limit: int | None = None, *, order: Order = "work") -> list[Line]:
    """The first `limit` tickets that fit."""
    return [Line(*row) for row in tx.execute(_chosen(_COLUMNS, _conditions(tx, wanted), limit, order))]


def tickets(
    tx: Connection, wanted: Filter = Filter(), limit: int | None = None, *, order: Order = "work"
) -> Iterator[Ticket]:
    """The same tickets whole, as they were written last, each read when it is asked for. Raises FromTheFuture."""
    return _whole(tx, _chosen((ticket.c.snapshot,), _conditions(tx, wanted), limit, order))


def waiting_for(tx: Connection, agent: str, teams: Sequence[str]) -> Iterator[Ticket]:
    """New and open tickets that the agent has, or that nobody has and one of `teams` or no team, in order of work."""
    free = and_(ticket.c.assignee.is_(None), or_(ticket.c.team.is_(None), ticket.c.team.in_(teams)))
    mine = (
        ticket.c.status != literal_column("'closed'"),
        ticket.c.status.in_(("new", "open")),
        or_(ticket.c.assignee == agent, free),
    )
    return _whole(tx, _chosen((ticket.c.snapshot,), mine, None, "work"))


def numbers(tx: Connection, wanted: Filter = Filter(), *, order: Order = "work") -> list[int]:
    """Which fit."""
    return list(tx.execute(_chosen((ticket.c.number,), _conditions(tx, wanted), None, order)).scalars())


def count(tx: Connection, wanted: Filter = Filter()) -> int:
    """How many fit."""
    return int(tx.execute(select(func.count()).select_from(ticket).where(*_conditions(tx, wanted))).scalar_one())


def _whole(tx: Connection, statement: Select[tuple[Any, ...]]) -> Iterator[Ticket]:
    return (decode(Ticket, snapshot) for (snapshot,) in tx.execute(statement))


def _chosen(
    columns: Sequence[ColumnElement[Any]], conditions: Iterable[ColumnElement[bool]], limit: int | None, order: Order
) -> Select[tuple[Any, ...]]:
    work = (ticket.c.priority_order, ticket.c.created_at, ticket.c.number)
    ordered = work if order == "work" else (ticket.c.updated_at.desc(), ticket.c.number.desc())
    return select(*columns).where(*conditions).order_by(*ordered).limit(limit)


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
    if wanted.ref:
        yield or_(ticket.c.problem.in_(wanted.ref), ticket.c.task.in_(wanted.ref))
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
