"""What figures are made of, and how long first responses took lately: measured now and then, read for every letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select

from gateway.desk.outcome import Outcome
from gateway.store.dialect import insert_or_update
from gateway.store.tables import counter, ticket

LATELY = timedelta(days=30)
_NAME = "first_response"  # its value is seconds
_READ = select(counter.c.value).where(counter.c.name == _NAME)
_OUTCOME = select(*(ticket.c[name] for name in Outcome._fields))
_WAITING = ticket.c.status.in_(("new", "open", "pending", "on_hold"))


def outcomes(tx: Connection, since: datetime) -> Iterator[Outcome]:
    """Of the tickets opened since then, and of those that wait, in no order; each read when it is asked for."""
    return map(Outcome._make, tx.execute(_OUTCOME.where(or_(ticket.c.created_at >= since, _WAITING))))


def oldest(tx: Connection) -> datetime | None:
    """When the oldest ticket was opened."""
    first: datetime | None = tx.execute(select(func.min(ticket.c.created_at))).scalar_one()
    return first


def measure(tx: Connection, now: datetime) -> timedelta | None:
    """Of the tickets opened in the last 30 days that had one; None, and none is kept, where no ticket had."""
    people = (ticket.c.merged_into.is_(None), ticket.c.machine.is_(False))
    answered = (ticket.c.created_at >= now - LATELY, ticket.c.first_response_at.is_not(None), *people)
    rows = tx.execute(select(ticket.c.created_at, ticket.c.first_response_at).where(*answered))
    lengths = [row.first_response_at - row.created_at for row in rows if row.first_response_at >= row.created_at]
    if not lengths:
        tx.execute(delete(counter).where(counter.c.name == _NAME))
        return None
    mean = sum(lengths, timedelta()) / len(lengths)
    row = {"name": _NAME, "value": round(mean.total_seconds())}
    insert_or_update(tx, counter, [row], keys=("name",), change=("value",))
    return mean


def first_response(tx: Connection) -> timedelta | None:
    """As it was measured last."""
    seconds = tx.execute(_READ).scalar_one_or_none()
    return None if seconds is None else timedelta(seconds=seconds)
