"""Which tables a database has, and how it gets those that this program needs.

A fresh database is made from `tables` at once and stamped; an older one is upgraded by the migrations that ship in
`gateway.migrations`, after a backup, in one transaction, under a lock. A newer one is refused: what it holds would be
lost on the way back.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from gateway.store.database import Database
from gateway.store.files import sync_file, sync_folder
from gateway.store.tables import METADATA
from gateway.store.words import make as make_words

HEAD = "0001"  # the newest in gateway/migrations/versions; revisions sort by name
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_LOOKED_THROUGH = 100_000_000  # octets: half a second
_VERSION_TABLE = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)"""  # as Alembic makes it
_LOCK = 0x676174657761  # "gatewa": any number that all gateways on a PostgreSQL agree on


class WrongSchema(Exception):
    """The database is of another version than this program."""


class DamagedDatabase(WrongSchema):
    """The file is no database, or not whole any more: nothing is written to it."""


def schema_of(tx: Connection) -> str | None:
    """The revision of the database; None where it has no tables of ours."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def require_schema(db: Database) -> None:
    """Raises WrongSchema unless the database is of this program's version."""
    with _readable(db), db.snapshot() as tx:
        found = schema_of(tx)
    if found != HEAD:
        raise WrongSchema(_words(found, HEAD))


def migrate(db: Database, *, scripts: Path = MIGRATIONS, head: str = HEAD) -> str | None:
    """Bring the database to `head` by the migrations in `scripts`; the version it had before, None where it was empty.

    Raises WrongSchema for a newer one, DamagedDatabase, and what a migration raises: then the database is as it was.
    """
    with _alone(db), _readable(db):
        _look_through(db)
        found = _make_or_look(db, head)
        if found is not None and found > head:
            raise WrongSchema(_words(found, head))
        if found is not None and found < head:
            _back_up(db, found)
            _upgrade(db, scripts, head)
        return found


def make_tables(tx: Connection, head: str = HEAD) -> None:
    """All tables, and the mark that says which they are, in an empty database."""
    METADATA.create_all(tx)
    make_words(tx)
    tx.execute(text(_VERSION_TABLE))
    tx.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": head})


def copy_into(db: Database, destination: Path) -> None:
    """A consistent, compact copy of an SQLite database that is in use, durable, as a file of mode 0600."""
    aside = destination.with_name(destination.name + ".part")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with db.engine.connect() as connection:
        _driver(connection).execute("VACUUM INTO ?", (str(aside),))  # into an empty file it may; never in a transaction
    sync_file(aside)
    aside.replace(destination)
    sync_folder(destination.parent)


def _make_or_look(db: Database, head: str) -> str | None:
    with db.transaction() as tx:
        if db.dialect != "sqlite":
            tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = schema_of(tx)
        if found is None:
            make_tables(tx, head)
        return found


def _back_up(db: Database, found: str) -> None:
    """Beside the database: gateway.db.0001. A PostgreSQL is backed up by its own tools."""
    if db.path is not None:
        copy_into(db, db.path.with_name(f"{db.path.name}.{found}"))


def _upgrade(db: Database, scripts: Path, head: str) -> None:
    from alembic import command  # 0.2 s that only an upgrade has to wait
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with db.engine.connect() as connection:
        if db.dialect == "sqlite":
            # A batch migration makes a table anew: with foreign keys on, dropping the old one would empty its children.
            _driver(connection).execute("PRAGMA foreign_keys=OFF")
        try:
            config.attributes["connection"] = connection
            with connection.begin():
                command.upgrade(config, head)
                _check_references(connection)
        finally:
            connection.invalidate()  # the next one has its foreign keys on again


def _check_references(tx: Connection) -> None:
    if tx.dialect.name == "sqlite":
        broken = tx.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise WrongSchema(f"the migration would leave references to nothing: {broken}")


def damage(db: Database, most: int) -> str | None:
    """What is wrong with the pages of an SQLite file, "" where nothing is; None: it has more octets than `most`."""
    if db.path is None:
        return ""
    if db.path.stat().st_size > most:
        return None
    with db.snapshot() as tx:
        said = str(tx.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if said == "ok" else said


def _look_through(db: Database) -> None:
    """Before anything is written. A large database is left to `verify`: reading it would delay the start."""
    if said := damage(db, _LOOKED_THROUGH):
        raise _damaged(db, said)


@contextmanager
def _readable(db: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (11, 26):  # SQLITE_CORRUPT, SQLITE_NOTADB
            raise DamagedDatabase(
                f"{db.path} is damaged: {error.orig}; `gateway restore` brings a backup back"
            ) from error
        raise


@contextmanager
def _alone(db: Database) -> Iterator[None]:
    """No two processes migrate at the same time; the lock dies with its process."""
    if db.path is None:
        yield
        return
    handle = os.open(db.path.with_name(db.path.name + ".migrating"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _damaged(db: Database, said: str) -> DamagedDatabase:
    return DamagedDatabase(f"{db.path} is damaged: {said}; `gateway restore` brings a backup back")


def _words(found: str | None, head: str) -> str:
    if found is None:
        return "the database is empty: `gateway db migrate` makes its tables"
    if found > head:
        return f"the database is of version {found}, this program knows {head}: a newer gateway has used it"
    return f"the database is of version {found}, this program needs {head}: run `gateway db migrate`"
