"""Calls of hooks that we promised: put in the transaction that decides them, claimed, tried, settled.

What is written before a try makes a crash in the middle of it cost at most one repeat. Nothing in a row is personal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select, text, update

from gateway.desk.hooks import Call
from gateway.store.codec import storable
from gateway.store.dialect import insert_or_leave
from gateway.store.tables import hook_call

Outcome = Literal["done", "again", "failed"]

# Spelled out: a partial index serves no query that brings its condition as parameters.
_WAITING = text("state = 'waiting'")


@dataclass(frozen=True, slots=True)
class Promised:
    """`id` is the same for every try. `attempts` is how often it was tried, this time included."""

    id: str
    call: Call
    at: datetime
    attempts: int


def put(tx: Connection, calls: Iterable[Call], now: datetime) -> None:
    """Promise them; one that was promised before stays as it is."""
    rows = [
        {
            "id": f"{call.ticket}.{call.seq}.{call.hook}", "hook": call.hook, "ticket": call.ticket, "seq": call.seq,
            "name": call.name, "at": now, "state": "waiting", "attempts": 0, "next_attempt": now, "said": "",
        }
        for call in calls
    ]  # fmt: skip
    insert_or_leave(tx, hook_call, rows, keys=("id",))


def claim(tx: Connection, now: datetime, *, hooks: Iterable[str], limit: int, lease: timedelta) -> list[Promised]:
    """Calls of these hooks that are due, the longest due first; until `now + lease` nobody else gets them."""
    due = select(hook_call).where(_WAITING, hook_call.c.next_attempt <= now, hook_call.c.hook.in_(list(hooks)))
    ready = due.order_by(hook_call.c.next_attempt, hook_call.c.id).limit(limit)
    rows = tx.execute(ready.with_for_update(skip_locked=True)).all()
    if rows:
        taken = update(hook_call).where(hook_call.c.id.in_([row.id for row in rows]))
        tx.execute(taken.values(attempts=hook_call.c.attempts + 1, next_attempt=now + lease))
    return [_promised(row) for row in rows]


def settle(tx: Connection, call_id: str, outcome: Outcome, *, said: str, next_attempt: datetime) -> None:
    """`said` is what the program printed, or why it did not run. `next_attempt` counts where it is tried `again`."""
    state = "waiting" if outcome == "again" else outcome
    mine = update(hook_call).where(hook_call.c.id == call_id)
    tx.execute(mine.values(state=state, said=storable(said), next_attempt=next_attempt))


def forget(tx: Connection, before: datetime) -> int:
    """Remove what ended before then; how many."""
    ended = delete(hook_call).where(hook_call.c.state != "waiting", hook_call.c.next_attempt < before)
    return tx.execute(ended).rowcount


def _promised(row: Row[Any]) -> Promised:
    return Promised(row.id, Call(row.hook, row.ticket, row.seq, row.name), row.at, row.attempts + 1)
