import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from gateway.desk.evolve import replay
from gateway.store import schema, tickets
from gateway.store.database import Database
from gateway.store.schema import (
    HEAD,
    MIGRATIONS,
    DamagedDatabase,
    WrongSchema,
    make_tables,
    migrate,
    require_schema,
    schema_of,
)
from tests.store.samples import ticket_of, worked

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("ticket", recreate="always") as ticket:
        ticket.add_column(sa.Column("mood", sa.String(), nullable=False, server_default="calm"))
    {more}
"""


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Database]:
    """A database of the present version with a ticket in it: older than the version that a test invents."""
    database = Database(f"sqlite:///{tmp_path}/gateway.db")
    migrate(database)
    database.write(tickets.save, ticket_of(worked(1000)), worked(1000), due_at=None, priority_order=2)
    yield database
    database.close()


def newer_scripts(tmp_path: Path, more: str = "") -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "0002_mood.py").write_text(NEXT.format(before=HEAD, more=more))
    return folder


def shape(db: Database) -> set[tuple[str, ...]]:
    """Tables, columns, indexes and constraints, whatever their order."""
    with db.snapshot() as tx:
        found = tx.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
        parts = set()
        for kind, name, sql in found:
            body = sql[sql.index("(") :] if "(" in sql else sql
            lines = tuple(sorted(line.strip(" \t,()") for line in body.splitlines() if line.strip(" \t,()")))
            parts.add((str(kind), str(name), *lines))
        return parts


def test_the_migrations_make_the_very_tables_that_a_fresh_database_gets(tmp_path: Path) -> None:
    fresh, grown = (Database(f"sqlite:///{tmp_path}/{name}.db") for name in ("fresh", "grown"))
    migrate(fresh)
    schema._upgrade(grown, MIGRATIONS, "head")
    assert shape(grown) == shape(fresh)
    require_schema(grown)
    fresh.close()
    grown.close()


def test_the_newest_migration_is_the_one_this_program_needs() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_migrating_again_changes_nothing(older: Database) -> None:
    before = shape(older)
    assert migrate(older) == HEAD
    assert shape(older) == before


def test_an_older_database_is_upgraded_with_its_tickets_and_a_backup_beside_it(older: Database, tmp_path: Path) -> None:
    assert migrate(older, scripts=newer_scripts(tmp_path), head="0002") == HEAD
    with older.transaction() as tx:
        assert schema_of(tx) == "0002"
        assert tx.execute(text("SELECT mood FROM ticket")).scalars().all() == ["calm"]
        assert tickets.load(tx, 1000, replay) == ticket_of(worked(1000))  # a recreated parent kept its children
        assert tx.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    backup = tmp_path / f"gateway.db.{HEAD}"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT count(*) FROM event").fetchone() == (3,)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_a_migration_that_fails_leaves_the_database_as_it_was(older: Database, tmp_path: Path) -> None:
    before = shape(older)
    scripts = newer_scripts(tmp_path, more='op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(Exception, match="nowhere"):
        migrate(older, scripts=scripts, head="0002")
    assert shape(older) == before
    require_schema(older)


def test_a_migration_that_orphans_rows_is_refused(older: Database, tmp_path: Path) -> None:
    scripts = newer_scripts(tmp_path, more='op.execute("DELETE FROM ticket")')
    with pytest.raises(WrongSchema, match="references"):
        migrate(older, scripts=scripts, head="0002")
    with older.transaction() as tx:
        assert tickets.load(tx, 1000, replay) is not None


def test_a_database_that_a_newer_gateway_used_is_refused(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/gateway.db")
    db.write(make_tables, "9999")
    for refuse in (migrate, require_schema):
        with pytest.raises(WrongSchema, match="newer"):
            refuse(db)
    db.close()


def test_a_command_refuses_an_older_or_an_empty_database_and_says_what_to_do(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/gateway.db")
    with pytest.raises(WrongSchema, match="db migrate"):
        require_schema(db)
    db.write(make_tables, "0000")
    with pytest.raises(WrongSchema, match="db migrate"):
        require_schema(db)
    db.close()


@pytest.mark.parametrize("place", [0, 100, 3 * 4096])
def test_a_damaged_database_is_refused_and_left_as_it_is(older: Database, tmp_path: Path, place: int) -> None:
    older.close()
    path = tmp_path / "gateway.db"
    damaged = bytearray(path.read_bytes())
    damaged[place : place + 90] = b"\xff" * 90
    path.write_bytes(damaged)
    db = Database(f"sqlite:///{path}")
    with pytest.raises(DamagedDatabase):
        migrate(db)
    db.close()
    assert path.read_bytes() == damaged
