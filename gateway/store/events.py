"""Events as rows: the truth about every ticket, written once and read for ever."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, get_args

from sqlalchemy import Connection, Row, bindparam, insert, select

from gateway.desk.events import Event
from gateway.store.codec import FromTheFuture, decode, encode
from gateway.store.tables import event

KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}

# Built once: they are on the path of every change.
_INSERT = insert(event)
_EVENTS = select(event).where(event.c.ticket == bindparam("mine")).order_by(event.c.seq)
_MANY = 500  # parameters of one statement


def append(tx: Connection, happened: Iterable[tuple[int, int, Sequence[Event]]]) -> None:
    """Write of each ticket, by its number, these events as the n-th and those after it."""
    rows = [
        {
            "ticket": number,
            "seq": seq,
            "at": each.at,
            "kind": type(each).__name__,
            "by": each.by,
            "data": encode(each, leave_out=("at", "by")),
        }
        for number, first, events in happened
        for seq, each in enumerate(events, first)
    ]
    if rows:
        tx.execute(_INSERT, rows)


def events_of(tx: Connection, number: int) -> list[Event]:
    """Everything that happened on the ticket, in order. Raises FromTheFuture."""
    return [_event(row) for row in tx.execute(_EVENTS, {"mine": number})]


def events_of_many(tx: Connection, numbers: Sequence[int]) -> dict[int, list[Event]]:
    """The same of many tickets, in one query for every few hundred. Raises FromTheFuture."""
    found: dict[int, list[Event]] = {}
    for start in range(0, len(numbers), _MANY):
        mine = event.c.ticket.in_(numbers[start : start + _MANY])
        for row in tx.execute(select(event).where(mine).order_by(event.c.ticket, event.c.seq)):
            found.setdefault(row.ticket, []).append(_event(row))
    return found


def as_plain(shown: Event) -> dict[str, Any]:
    """The event as JSON, for `of_plain`."""
    return {"kind": type(shown).__name__, **encode(shown)}


def of_plain(plain: dict[str, Any]) -> Event:
    """Raises FromTheFuture, and what JSON of another make leads to: KeyError, TypeError, ValueError."""
    fields = dict(plain)
    return _decoded(fields.pop("kind"), fields)


def _event(row: Row[Any]) -> Event:
    return _decoded(row.kind, {"at": row.at.isoformat(), "by": row.by, **row.data})


def _decoded(name: str, fields: dict[str, Any]) -> Event:
    kind = KINDS.get(name)
    if kind is None:
        raise FromTheFuture(f"no event is called {name}: a newer gateway wrote it")
    return decode(kind, fields)
