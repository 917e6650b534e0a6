"""The engine, and how work gets to it: `run` in the one writing thread, `read` in the reading one, `transaction` here.

A unit of work is a plain function `fn(tx, …)`; it returns values and never awaits. SQLite writes begin with BEGIN
IMMEDIATE: a deferred BEGIN that writes later fails at once when another connection wrote in between, whatever the
busy timeout. What a program promises with a 250 is safe against power loss by WAL with synchronous=FULL alone
(measured: NORMAL lost acknowledged rows), so these are read back on every connection.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import StaticPool

from gateway.store.files import sync_folder

P = ParamSpec("P")
T = TypeVar("T")

BUSY_MS = 5_000
_WANTED = {"synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_MS}  # 2 is FULL
_FULL = 13  # SQLITE_FULL
_BROKEN = frozenset({8, 10, 11, _FULL, 14, 26})  # READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_AGAIN = frozenset({"40001", "40P01"})  # PostgreSQL: serialization_failure, deadlock_detected
_TRIES = 5


DatabaseTrouble = DBAPIError
"""What the database says when it cannot do its work, for those who know of no driver."""


class NoDatabase(Exception):
    """There is no database here yet; `gateway serve` makes one."""


class UnsafeDatabase(Exception):
    """The database does not keep what it is told to: a setting that durability needs did not take."""


class Database:
    """One database for one process. Safe to use from several threads; SQLite admits one writer at a time."""

    def __init__(self, url: str, *, create: bool = True, units: bool = True) -> None:
        """`url` as SQLAlchemy's. Without `units` nothing begins by itself: what is in memory may do without. Raises
        NoDatabase where a file is missing and may not be made."""
        address = make_url(url)
        self.dialect = address.get_backend_name()
        self.path = _file_of(address.database) if self.dialect == "sqlite" else None
        in_memory = self.dialect == "sqlite" and self.path is None
        if self.path is not None:
            _make(self.path, create=create)
        self._engine = _engine(url, in_memory=in_memory, units=units)
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._reader = self._writer if in_memory else ThreadPoolExecutor(1, "store-reader")
        self._watch: Connection | None = None

    @property
    def engine(self) -> Engine:
        return self._engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction: committed when the block ends, rolled back when it raises."""
        with self._engine.begin() as tx:
            yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading transaction: everything read in it is of one moment, and no writer waits for it."""
        with self._engine.connect().execution_options(readonly=True) as tx:
            yield tx

    async def run(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn(tx, …)` in a writing transaction of its own; once this returns, it is committed and durable.

        A cancelled caller leaves the work running: it may still have been committed.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: self.write(fn, *args, **kwargs))

    async def read(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work() -> T:
            with self.snapshot() as tx:
                return fn(tx, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def write(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, here and now. Where PostgreSQL says that two transactions collided, all of `fn` is repeated."""
        for left in reversed(range(_TRIES)):
            try:
                with self.transaction() as tx:
                    return fn(tx, *args, **kwargs)
            except DBAPIError as error:
                if not left or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
        raise AssertionError("the last try returns or raises")

    def data_version(self) -> int:
        """A number that is another one once anybody, this process included, has written; costs 0.1 ms."""
        if self._watch is None or self._watch.invalidated:
            self._watch = self._engine.connect().execution_options(readonly=True)
        asked = "PRAGMA data_version"
        if self.dialect != "sqlite":
            asked = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        version = int(self._watch.execute(text(asked)).scalar_one())
        self._watch.rollback()
        return version

    def close(self) -> None:
        """Let work that was handed over finish, then give everything back."""
        for executor in (self._writer, self._reader):
            executor.shutdown(wait=True)
        if self._watch is not None:
            self._watch.close()
        self._engine.dispose()


def is_full(error: BaseException) -> bool:
    """Whether `error` (or what it wraps) says that a disk or a quota is full."""
    inner = getattr(error, "orig", error)
    if isinstance(inner, sqlite3.Error):
        return (getattr(inner, "sqlite_errorcode", 0) & 0xFF) == _FULL
    if isinstance(inner, OSError):
        return inner.errno in (28, 122)  # ENOSPC, EDQUOT
    return getattr(inner, "sqlstate", None) in ("53100", "53400")  # disk_full, configuration_limit_exceeded


def is_trouble(error: BaseException) -> bool:
    """Whether the database could not do its work just now: locked, full, gone. A broken promise of ours is none."""
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError | ProgrammingError)


def _file_of(database: str | None) -> Path | None:
    return None if database in (None, "", ":memory:") else Path(str(database))


def _make(path: Path, *, create: bool) -> None:
    """Make the file ourselves, so that no moment passes in which others may read it (SQLite gives -wal its mode)."""
    if path.exists():
        return
    if not create:
        raise NoDatabase(f"{path}: no database here; `gateway serve` makes it")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    sync_folder(path.parent)


def _engine(url: str, *, in_memory: bool, units: bool) -> Engine:
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_pre_ping=True, json_serializer=_to_json)
        event.listen(engine, "connect", _check_postgresql)
        return engine
    options: dict[str, Any] = (
        {"poolclass": StaticPool} if in_memory else {"pool_size": 4, "max_overflow": 60, "pool_use_lifo": True}
    )
    engine = create_engine(url, connect_args={"check_same_thread": False}, json_serializer=_to_json, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    if units:  # whoever listens to an engine is asked at every statement: an eighth of what one costs
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "handle_error", _discard_broken)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """DUTIES STO-01. In memory there is no log: the journal mode stays "memory"."""
    connection.isolation_level = None  # BEGIN is ours; the module's own would leave SELECTs outside
    ask = connection.execute
    (mode,) = ask("PRAGMA journal_mode=WAL").fetchone()
    for name, value in _WANTED.items():
        ask(f"PRAGMA {name}={value}")
    ask("PRAGMA journal_size_limit=67108864")
    ask("PRAGMA secure_delete=ON")  # what is deleted is overwritten: a customer may ask for it
    connection.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows ASCII alone
    found = {name: ask(f"PRAGMA {name}").fetchone()[0] for name in _WANTED}
    if mode not in ("wal", "memory") or found != _WANTED:
        raise UnsafeDatabase(f"journal_mode={mode}, {found}; wanted wal, {_WANTED}")


def _lower(value: str | None) -> str | None:
    return None if value is None else str(value).lower()


def _begin_sqlite(connection: Connection) -> None:
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _discard_broken(context: ExceptionContext) -> None:
    """DUTIES STO-05: what a connection says after a failed write or fsync is not to be believed."""
    if getattr(context.original_exception, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
        context.is_disconnect = True


def _check_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (mode,) = cursor.fetchone()
    connection.rollback()
    if mode == "off":
        raise UnsafeDatabase("synchronous_commit is off: what was accepted could be lost")
