"""The outbox as operators see it: what is where, and the few things they may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from gateway.mail.letter import Letter
from gateway.store.outbox import LetterState, letter_of
from gateway.store.tables import outbox


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter and how it fares. `last_code` and `last_text` are the relay's last answer."""

    letter: Letter
    state: LetterState
    attempts: int
    next_attempt: datetime
    last_code: int | None
    last_text: str
    sent_at: datetime | None


def listed(tx: Connection, *, states: Sequence[LetterState] = (), limit: int = 1000) -> list[Queued]:
    """Letters in these states (none given: all that have not left), oldest first."""
    wanted = select(outbox).where(outbox.c.state.in_(states or ("waiting", "queued", "sending", "held", "failed")))
    return [_queued(row) for row in tx.execute(wanted.order_by(outbox.c.date, outbox.c.id).limit(limit))]


def get(tx: Connection, letter_id: str) -> Queued | None:
    row = tx.execute(select(outbox).where(outbox.c.id == letter_id)).one_or_none()
    return _queued(row) if row else None


def retry(tx: Connection, letter_id: str, now: datetime) -> bool:
    """Try it now: one that failed, or waits for its next try."""
    return _move(tx, letter_id, ("queued", "failed", "waiting"), "queued", now)


def hold(tx: Connection, letter_id: str) -> bool:
    return _move(tx, letter_id, ("waiting", "queued"), "held")


def release(tx: Connection, letter_id: str, now: datetime) -> bool:
    return _move(tx, letter_id, ("held",), "queued", now)


def drop(tx: Connection, letter_id: str) -> bool:
    """It never leaves. One that is being tried at this moment cannot be dropped."""
    return _move(tx, letter_id, ("waiting", "queued", "held", "failed"), "dropped")


def hold_all(tx: Connection) -> int:
    """Hold everything that has not left, as after a restore."""
    return tx.execute(update(outbox).where(outbox.c.state.in_(("waiting", "queued"))).values(state="held")).rowcount


def counts(tx: Connection) -> dict[str, int]:
    """How many letters are in each state."""
    grouped = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: int(row[1]) for row in tx.execute(grouped)}


def _move(
    tx: Connection, letter_id: str, before: Sequence[LetterState], after: LetterState, due: datetime | None = None
) -> bool:
    values: dict[str, Any] = {"state": after} if due is None else {"state": after, "next_attempt": due}
    mine = update(outbox).where(outbox.c.id == letter_id, outbox.c.state.in_(before))
    return tx.execute(mine.values(**values)).rowcount == 1


def _queued(row: Row[Any]) -> Queued:
    return Queued(
        letter=letter_of(row),
        state=row.state,
        attempts=row.attempts,
        next_attempt=row.next_attempt,
        last_code=row.last_code,
        last_text=row.last_text,
        sent_at=row.sent_at,
    )
