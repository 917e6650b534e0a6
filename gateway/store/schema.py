"""Which tables a database has, and how it gets those that this program needs.

A fresh database is made from `tables` at once and stamped; an older one is upgraded by the migrations that ship in
`gateway.migrations`, after a backup, under a file lock. A newer one is refused: a downgrade would lose what it holds.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from gateway.store.database import Database
from gateway.store.tables import METADATA

HEAD = "0001"  # the newest revision in gateway/migrations/versions; they sort by name


class WrongSchema(Exception):
    """The database is of another version than this program."""


def schema_of(tx: Connection) -> str | None:
    """The revision of the database; None where it has no tables of ours."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def require_schema(db: Database) -> None:
    """Raises WrongSchema unless the database is of this program's version."""
    with db.snapshot() as tx:
        found = schema_of(tx)
    if found != HEAD:
        raise WrongSchema(_words(found))


def make_tables(tx: Connection) -> None:
    """All tables, and the mark that says which they are, in an empty database."""
    METADATA.create_all(tx)
    tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    tx.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def migrate(db: Database) -> None:
    """Bring the database to this program's version. Raises WrongSchema for a newer one."""
    with db.transaction() as tx:
        found = schema_of(tx)
        if found is None:
            make_tables(tx)
        elif found > HEAD:
            raise WrongSchema(_words(found))


def _words(found: str | None) -> str:
    if found is None:
        return "the database is empty: `gateway db migrate` makes its tables"
    if found > HEAD:
        return f"the database is of version {found}, this program knows {HEAD}: it was used by a newer gateway"
    return f"the database is of version {found}, this program needs {HEAD}: run `gateway db migrate`"
