"""The one place where SQLite and PostgreSQL are spelled differently in statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_leave(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
    """Insert `rows`; where the key columns `keys` are known already, the row that is there stays as it is."""
    if rows:
        statement: Insert
        if tx.dialect.name == "sqlite":
            statement = sqlite.insert(table).on_conflict_do_nothing(index_elements=keys)
        else:
            statement = postgresql.insert(table).on_conflict_do_nothing(index_elements=keys)
        tx.execute(statement, [dict(row) for row in rows])


def insert_or_update(
    tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str], change: Iterable[str]
) -> None:
    """Insert `rows`; where the key columns `keys` are known already, the columns `change` take the new values."""
    if not rows:
        return
    if tx.dialect.name == "sqlite":
        lite = sqlite.insert(table)
        tx.execute(
            lite.on_conflict_do_update(index_elements=keys, set_={name: lite.excluded[name] for name in change}),
            [dict(row) for row in rows],
        )
    else:
        post = postgresql.insert(table)
        tx.execute(
            post.on_conflict_do_update(index_elements=keys, set_={name: post.excluded[name] for name in change}),
            [dict(row) for row in rows],
        )
