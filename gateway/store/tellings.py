"""What agents do on many tickets at once, as far as it is still to be done.

It is promised in the transaction that decides it, and its row is deleted in the one that does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast, get_args

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.desk.commands import Command
from gateway.desk.ticket import Article
from gateway.store.codec import FromTheFuture, decode, encode
from gateway.store.tables import telling as rows

_IS_DUE = select(rows.c.id).where(rows.c.due_at <= bindparam("now")).limit(1)  # built once: every round asks
_KINDS: dict[str, type[Command]] = {kind.__name__: kind for kind in get_args(Command)}


@dataclass(frozen=True, slots=True)
class Promised:
    """What `agent` does on the ticket; `quiet` as in `AgentActed`."""

    ticket: int
    agent: str
    commands: tuple[Command, ...]
    article: Article | None
    quiet: bool = False


def put(tx: Connection, telling: str, promised: Sequence[Promised], now: datetime) -> None:
    """`telling` is the id of what is done on all of them."""
    made = [
        {"telling": telling, "ticket": each.ticket, "due_at": now, "act": _plain(each)}
        for each in promised
    ]  # fmt: skip
    if made:
        tx.execute(insert(rows), made)


def is_due(tx: Connection, now: datetime) -> bool:
    return tx.execute(_IS_DUE, {"now": now}).one_or_none() is not None


def due(tx: Connection, now: datetime, limit: int) -> list[tuple[int, Promised]]:
    """Those that wait the longest first, each with its id; another gateway gets others. Raises FromTheFuture."""
    wanted = select(rows).where(rows.c.due_at <= now).order_by(rows.c.due_at, rows.c.id).limit(limit)
    return [(row.id, _promised(row.ticket, row.act)) for row in tx.execute(wanted.with_for_update(skip_locked=True))]


def done(tx: Connection, identifier: int) -> None:
    tx.execute(delete(rows).where(rows.c.id == identifier))


def later(tx: Connection, identifier: int, due_at: datetime) -> None:
    tx.execute(update(rows).where(rows.c.id == identifier).values(due_at=due_at))


def withdraw(tx: Connection, telling: str) -> int:
    """What is still to be done of it is not done any more; on how many tickets."""
    return tx.execute(delete(rows).where(rows.c.telling == telling)).rowcount


def _plain(promised: Promised) -> dict[str, Any]:
    return {
        "agent": promised.agent,
        "commands": [{"kind": type(each).__name__, **encode(each)} for each in promised.commands],
        "article": encode(promised.article) if promised.article is not None else None,
        "quiet": promised.quiet,
    }


def _promised(ticket: int, act: dict[str, Any]) -> Promised:
    article = decode(Article, act["article"]) if act["article"] is not None else None
    return Promised(ticket, act["agent"], tuple(map(_command, act["commands"])), article, act["quiet"])


def _command(plain: dict[str, Any]) -> Command:
    values = dict(plain)
    name = values.pop("kind")
    if name not in _KINDS:
        raise FromTheFuture(f"no command is called {name}: a newer gateway wrote it")
    return cast(Command, decode(cast(Any, _KINDS[name]), values))
