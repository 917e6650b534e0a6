"""For worlds beside the real one: a copy of the tickets that time will change, and when the next thing happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal_column, select, text

from gateway.store.tables import article, attachment, blob, counter, event, outbox, ticket

# Built once, and asked at every instant of a simulation. Spelled out, so that the partial indexes serve.
_NEXT = select(
    select(func.min(ticket.c.due_at)).where(ticket.c.due_at.is_not(None)).scalar_subquery().label("due"),
    select(func.min(outbox.c.next_attempt))
    .where(text("state IN ('waiting', 'queued', 'sending')"))
    .scalar_subquery()
    .label("attempt"),
)
_PAGE = 400  # numbers in one statement: SQLite admits a thousand


def copy(source: Connection, target: Connection, until: datetime) -> list[int]:
    """Copy every ticket that is not closed, and of those that fall due up to `until` all that belongs to them. The
    numbers of these, the soonest first.

    The bytes of files stay behind: a letter that time brings has none.
    """
    _rows(source, target, counter)
    _rows(source, target, ticket, ticket.c.status != literal_column("'closed'"))
    falls_due = (ticket.c.due_at.is_not(None), ticket.c.due_at <= until, ticket.c.status != literal_column("'closed'"))
    wanted = select(ticket.c.number).where(*falls_due).order_by(ticket.c.due_at, ticket.c.number)
    numbers = list(source.execute(wanted).scalars())
    for page in _pages(numbers):
        _rows(source, target, event, event.c.ticket.in_(page))
        _rows(source, target, article, article.c.ticket.in_(page))
        _stand_ins(source, target, page)
        _rows(source, target, attachment, attachment.c.ticket.in_(page))
        _rows(source, target, outbox, outbox.c.ticket.in_(page))
    return numbers


def _rows(source: Connection, target: Connection, table: Table, *where: ColumnElement[bool]) -> None:
    rows: list[dict[str, Any]] = [dict(row) for row in source.execute(select(table).where(*where)).mappings()]
    if rows:
        target.execute(insert(table), rows)


def _stand_ins(source: Connection, target: Connection, page: Sequence[int]) -> None:
    """Attachments refer to blobs: rows without their bytes."""
    named = select(attachment.c.sha256).where(attachment.c.ticket.in_(page)).distinct()
    there = set(target.execute(select(blob.c.sha256)).scalars())
    wanted = select(blob.c.sha256, blob.c.size, blob.c.put_at).where(blob.c.sha256.in_(named))
    rows = [{**row, "data": b""} for row in source.execute(wanted).mappings() if row["sha256"] not in there]
    if rows:
        target.execute(insert(blob), rows)


def _pages(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _PAGE):
        yield numbers[start : start + _PAGE]


def next_instants(tx: Connection) -> tuple[datetime | None, datetime | None]:
    """When the next ticket falls due, and when the next letter does."""
    row = tx.execute(_NEXT).one()
    return row.due, row.attempt
