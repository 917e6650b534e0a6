"""What operators have paused: a row each, so that every process on the database sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, select

from gateway.store.dialect import insert_or_leave
from gateway.store.tables import pause as pauses

Pausable = Literal["in", "out", "timers"]
_ALL = select(pauses)  # built once: every round asks


def pause(tx: Connection, what: Pausable, *, now: datetime, by: str = "") -> None:
    insert_or_leave(tx, pauses, [{"what": what, "since": now, "by": by}], keys=("what",))


def resume(tx: Connection, what: Pausable) -> None:
    tx.execute(delete(pauses).where(pauses.c.what == what))


def paused(tx: Connection) -> dict[Pausable, datetime]:
    """What is paused, and since when."""
    return {row.what: row.since for row in tx.execute(_ALL)}
