"""The one place where SQLite and PostgreSQL are spelled differently in statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_leave(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
    """Insert `rows`; where the key columns `keys` are known already, the row that is there stays as it is."""
    if rows:
        tx.execute(_leaving(tx.dialect.name, table, tuple(keys)), [dict(row) for row in rows])


def insert_new(tx: Connection, table: Table, row: Mapping[str, Any], *, key: str) -> bool:
    """Insert `row`; False, and nothing is done, where its column `key` is known already."""
    return tx.execute(_new(tx.dialect.name, table, key), dict(row)).rowcount == 1


def insert_or_update(
    tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str], change: Iterable[str]
) -> None:
    """Insert `rows`; where the key columns `keys` are known already, the columns `change` take the new values."""
    if rows:
        statement = _updating(tx.dialect.name, table, tuple(keys), tuple(change))
        tx.execute(statement, [dict(row) for row in rows])


# Each is built once: building one costs several times what SQLite takes for it.


@cache
def _leaving(dialect: str, table: Table, keys: tuple[str, ...]) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=keys)
    return postgresql.insert(table).on_conflict_do_nothing(index_elements=keys)


@cache
def _new(dialect: str, table: Table, key: str) -> Executable:
    return _leaving(dialect, table, (key,)).execution_options(preserve_rowcount=True)


@cache
def _updating(dialect: str, table: Table, keys: tuple[str, ...], change: tuple[str, ...]) -> Insert:
    if dialect == "sqlite":
        lite = sqlite.insert(table)
        return lite.on_conflict_do_update(index_elements=keys, set_={name: lite.excluded[name] for name in change})
    post = postgresql.insert(table)
    return post.on_conflict_do_update(index_elements=keys, set_={name: post.excluded[name] for name in change})
