"""What figures are made of; and how long first responses and phases took lately, which is measured now and then, and
read for every letter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from gateway.desk.events_time import Rated
from gateway.desk.outcome import Outcome, Remark
from gateway.desk.stays import Passage
from gateway.desk.ticket import Step
from gateway.store.codec import decode
from gateway.store.dialect import insert_or_update
from gateway.store.events import events_of_many
from gateway.store.tables import counter, ticket

LATELY = timedelta(days=30)
_NAME = "first_response"  # its value is seconds
_PHASE = "phase:"
_FORGET_PHASES = delete(counter).where(counter.c.name.startswith(_PHASE, autoescape=True))
_READ = select(counter.c.value).where(counter.c.name == _NAME)
_PEOPLE = (ticket.c.merged_into.is_(None), ticket.c.machine.is_(False))
_RESPONSES = select(ticket.c.created_at, ticket.c.first_response_at).where(
    ticket.c.created_at >= bindparam("since"), ticket.c.first_response_at.is_not(None), *_PEOPLE
)
_OUTCOME = select(*(ticket.c[name] for name in Outcome._fields))
_WAITING = ticket.c.status.in_(("new", "open", "pending", "on_hold"))


def outcomes(tx: Connection, since: datetime) -> Iterator[Outcome]:
    """Of the tickets opened since then, and of those that wait, in no order; each read when it is asked for."""
    return map(Outcome._make, tx.execute(_OUTCOME.where(or_(ticket.c.created_at >= since, _WAITING))))


def oldest(tx: Connection) -> datetime | None:
    """When the oldest ticket was opened."""
    first: datetime | None = tx.execute(select(func.min(ticket.c.created_at))).scalar_one()
    return first


def remarks(tx: Connection, since: datetime) -> list[Remark]:
    """Beside the ratings that were given since then, the last of each ticket, the worst first."""
    rated = (ticket.c.rating.is_not(None), ticket.c.updated_at >= since)
    numbers = tx.execute(select(ticket.c.number).where(*rated).order_by(ticket.c.number)).scalars().all()
    found = []
    for number, events in events_of_many(tx, numbers).items():
        last = next((event for event in reversed(events) if isinstance(event, Rated)), None)
        if last is not None and last.at >= since and last.comment:
            found.append(Remark(number, last.stars, last.comment))
    return sorted(found, key=lambda each: each.stars)


def measure(tx: Connection, now: datetime) -> timedelta | None:
    """Of the tickets opened in the last 30 days that had one; None, and none is kept, where no ticket had."""
    rows = tx.execute(_RESPONSES, {"since": now - LATELY})
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


def passages(tx: Connection, categories: Collection[str], since: datetime) -> Iterator[Passage]:
    """The ways of the tickets of these categories that changed since then; merged ones and those of machines alone left
    out."""
    wanted = select(
        ticket.c.category, ticket.c.snapshot["steps"].label("steps"), ticket.c.solved_at, ticket.c.closed_at
    )
    rows = tx.execute(wanted.where(ticket.c.category.in_(categories), ticket.c.updated_at >= since, *_PEOPLE))
    return (
        Passage(row.category, tuple(decode(Step, each) for each in row.steps or ()), row.solved_at or row.closed_at)
        for row in rows
    )


def keep_phases(tx: Connection, took: Mapping[tuple[str, str], tuple[timedelta, timedelta]]) -> None:
    """The median and the 80 % of each (category, phase); what was kept before is forgotten."""
    tx.execute(_FORGET_PHASES)
    rows = [
        {"name": name, "value": round(length.total_seconds())}
        for key, both in took.items()
        for name, length in zip(_names(*key), both, strict=True)
    ]
    insert_or_update(tx, counter, rows, keys=("name",), change=("value",))


def phase(tx: Connection, category: str, phase: str) -> tuple[timedelta, timedelta] | None:
    """As they were measured last; None where there are too few cases."""
    names = _names(category, phase)
    rows = tx.execute(select(counter.c.name, counter.c.value).where(counter.c.name.in_(names)))
    found = {row.name: timedelta(seconds=row.value) for row in rows}
    return (found[names[0]], found[names[1]]) if len(found) == len(names) else None


def _names(category: str, phase: str) -> tuple[str, str]:
    return f"{_PHASE}{category}:{phase}:50", f"{_PHASE}{category}:{phase}:80"
