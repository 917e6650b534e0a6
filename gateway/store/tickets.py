"""Tickets: their events appended, their projections kept beside them for searching, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, case, insert, select, update
from sqlalchemy.exc import IntegrityError

from gateway import __version__
from gateway.desk.events import Event
from gateway.desk.outcome import outcome
from gateway.desk.problems import key_of
from gateway.desk.ticket import Ticket
from gateway.store import events as event_rows
from gateway.store.codec import decode, encode
from gateway.store.dialect import insert_or_leave
from gateway.store.tables import counter, ticket

# Built once: statements built for each ticket would cost three times what SQLite takes.
_INSERT = insert(ticket)
_UPDATE = update(ticket).where(ticket.c.number == bindparam("mine"), ticket.c.version == bindparam("before"))
_RESCHEDULE = update(ticket).where(ticket.c.number == bindparam("mine"))
_SHOWN = select(ticket.c.number, ticket.c.snapshot, ticket.c.projected_by).with_for_update()
_ONE = _SHOWN.where(ticket.c.number == bindparam("mine"))
_THESE = _SHOWN.where(ticket.c.number.in_(bindparam("these", expanding=True))).order_by(ticket.c.number)
_DUE = (
    select(ticket.c.number)
    .where(ticket.c.due_at.is_not(None), ticket.c.due_at <= bindparam("now"))
    .order_by(ticket.c.due_at, ticket.c.number)
    .limit(bindparam("most", type_=Integer))
)
_FOLLOWING, _START = counter.c.value + 1, bindparam("start", type_=counter.c.value.type)
_COUNT = (
    update(counter)
    .where(counter.c.name == "ticket")
    .values(value=case((_FOLLOWING < _START, _START), else_=_FOLLOWING))
    .returning(counter.c.value)
)
Replay = Callable[[list[Event]], Ticket | None]


class Conflict(Exception):
    """Somebody else changed this ticket since it was loaded: load it again and decide anew."""


def next_number(tx: Connection, start: int) -> int:
    """A number that no ticket has had, `start` at least; given back if the transaction is."""
    number = tx.execute(_COUNT, {"start": start}).scalar_one_or_none()
    if number is None:
        insert_or_leave(tx, counter, [{"name": "ticket", "value": start - 1}], keys=("name",))
        number = tx.execute(_COUNT, {"start": start}).scalar_one()
    return int(number)


def reserve(tx: Connection, number: int) -> None:
    """`number` is taken: those that come are higher."""
    insert_or_leave(tx, counter, [{"name": "ticket", "value": number}], keys=("name",))
    tx.execute(update(counter).where(counter.c.name == "ticket", counter.c.value < number).values(value=number))


@dataclass(frozen=True, slots=True)
class Change:
    """`after` is what `events` led to, and `after.version` counts all of its events. The rest is what only the rules
    of the desk know of it: when it is due and when late, where it stands among others."""

    after: Ticket
    events: Sequence[Event]
    due_at: datetime | None
    priority_order: int
    late_at: datetime | None = None
    first_due: datetime | None = None

    @property
    def before(self) -> int:
        return self.after.version - len(self.events)

    def values(self) -> dict[str, Any]:
        return {
            **projection(self.after), "projected_by": __version__, "priority_order": self.priority_order,
            "due_at": self.due_at, "late_at": self.late_at, "first_due": self.first_due,
        }  # fmt: skip


def save(
    tx: Connection,
    after: Ticket,
    new_events: Sequence[Event],
    *,
    due_at: datetime | None,
    priority_order: int,
    late_at: datetime | None = None,
    first_due: datetime | None = None,
) -> None:
    """As `save_all`, of one ticket."""
    save_all(tx, [Change(after, new_events, due_at, priority_order, late_at, first_due)])


def save_all(tx: Connection, changes: Sequence[Change]) -> None:
    """Append the new events and write the projection of what they led to, in a few statements for all. Raises Conflict
    where one of the tickets has other events by now; then nothing of this transaction may be kept."""
    new = [change.values() for change in changes if not change.before]
    try:
        if new:
            tx.execute(_INSERT, new)
    except IntegrityError as error:
        raise Conflict(f"there already: ticket {_named(changes)}") from error
    old = []
    for change in changes:
        if change.before:
            row = change.values() | {"mine": change.after.number, "before": change.before}
            del row["number"]  # a key that is set, be it to itself, makes SQLite look through all that refers to it
            old.append(row)
    if old and tx.execute(_UPDATE, old).rowcount != len(old):
        raise Conflict(f"not any more: ticket {_named(changes)}")
    event_rows.append(tx, [(change.after.number, change.before + 1, change.events) for change in changes])


def _named(changes: Sequence[Change]) -> str:
    return ", ".join(f"{change.after.number} at version {change.before}" for change in changes)


def reschedule(
    tx: Connection,
    number: int,
    *,
    due_at: datetime | None,
    late_at: datetime | None = None,
    first_due: datetime | None = None,
) -> None:
    """Write anew when a ticket is due, where configuration changed it and no event did."""
    tx.execute(_RESCHEDULE, {"mine": number, "due_at": due_at, "late_at": late_at, "first_due": first_due})


def load(tx: Connection, number: int, replay: Replay) -> Ticket | None:
    """The ticket as its events make it, to be changed: on PostgreSQL its row is locked. None where there is none.

    What this very version projected from them is taken as it is, anything else is replayed: so a release that reads
    events in another way is not misled by what the one before it made of them.
    """
    row = tx.execute(_ONE, {"mine": number}).one_or_none()
    return None if row is None else _shown(tx, row, replay)


def load_all(tx: Connection, numbers: Sequence[int], replay: Replay) -> list[Ticket]:
    """Those there are of `numbers`, in their order: the same as `load`, in one statement."""
    rows = {row.number: row for row in tx.execute(_THESE, {"these": list(numbers)})}
    found = (_shown(tx, rows[number], replay) for number in numbers if number in rows)
    return [each for each in found if each is not None]


def _shown(tx: Connection, row: Row[*tuple[Any, ...]], replay: Replay) -> Ticket | None:
    if row.projected_by == __version__:
        return decode(Ticket, row.snapshot)
    return replay(event_rows.events_of(tx, row.number))


def due(tx: Connection, now: datetime, limit: int) -> list[int]:
    """Tickets that the desk has to look at by now, the longest due first."""
    return list(tx.execute(_DUE, {"now": now, "most": limit}).scalars())


def next_due_at(tx: Connection) -> datetime | None:
    """The instant at which the next ticket falls due."""
    wanted = select(ticket.c.due_at).where(ticket.c.due_at.is_not(None)).order_by(ticket.c.due_at).limit(1)
    instant: datetime | None = tx.execute(wanted).scalar_one_or_none()
    return instant


def projection(shown: Ticket) -> dict[str, Any]:
    """The columns that a ticket alone determines."""
    return {
        **outcome(shown)._asdict(),
        "number": shown.number,
        "version": shown.version,
        "mailbox": shown.mailbox,
        "subject": shown.subject,
        "phase": shown.phase,
        "requester_name": shown.requester.name,
        "requester_email": shown.requester.email,
        "participants": [[each.name, each.email, each.role] for each in shown.participants],
        "tier": shown.tier,
        "language": shown.language,
        "channel": shown.channel,
        "tags": list(shown.tags),
        "merged_into": shown.merged_into,
        "problem": key_of(shown.problem) if shown.problem else None,
        "task": key_of(shown.external_ref) if shown.external_ref else None,
        "created_at": shown.created_at,
        "updated_at": shown.updated_at,
        "snapshot": encode(shown),
    }
