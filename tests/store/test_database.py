import asyncio
import sqlite3
import stat
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from gateway.mail.letter import Letter
from gateway.store import outbox, pauses, tickets
from gateway.store.database import Database, NoDatabase, UnsafeDatabase
from gateway.store.schema import migrate
from tests.store.samples import T0, letter


def test_every_connection_has_the_settings_that_durability_needs(lite: Database) -> None:
    with lite.transaction() as writing, lite.snapshot() as reading:
        for tx in (writing, reading):
            found = [tx.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous")]
            assert found == ["wal", 2]
            assert tx.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
            assert tx.execute(text("PRAGMA busy_timeout")).scalar_one() == 5000


def test_a_database_that_will_not_keep_a_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.database._WANTED", {"synchronous": 2, "foreign_keys": 7})
    db = Database(f"sqlite:///{tmp_path}/gateway.db")
    with pytest.raises(UnsafeDatabase, match="foreign_keys"), db.transaction():
        pass
    db.close()


def test_the_file_is_readable_by_its_owner_alone_and_made_only_where_it_may_be(tmp_path: Path) -> None:
    with pytest.raises(NoDatabase):
        Database(f"sqlite:///{tmp_path}/none.db", create=False)
    assert list(tmp_path.iterdir()) == []
    db = Database(f"sqlite:///{tmp_path}/state/gateway.db")
    migrate(db)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    db.close()


def test_a_connection_that_failed_to_write_is_not_used_again(lite: Database) -> None:
    made: list[sqlite3.Connection] = []
    event.listen(lite.engine, "connect", lambda connection, _: made.append(connection))
    lite.engine.dispose()

    def fill(tx: Connection) -> None:
        tx.exec_driver_sql("PRAGMA max_page_count=1")
        for n in range(1000):
            tx.execute(
                text("INSERT INTO person VALUES (:n, :long, '', NULL, 0, 0, NULL, '')"),
                {"n": str(n), "long": "x" * 9000},
            )

    with pytest.raises(DBAPIError, match="full"):
        lite.write(fill)
    lite.write(pauses.pause, "in", now=T0)
    assert len(made) == 2
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


def test_what_raised_is_rolled_back_whole(db: Database) -> None:
    def half(tx: Connection) -> None:
        pauses.pause(tx, "in", now=T0)
        tx.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DBAPIError):
        db.write(half)
    with db.snapshot() as tx:
        assert pauses.paused(tx) == {}


@pytest.mark.asyncio
async def test_work_is_done_in_the_order_in_which_it_was_handed_over(db: Database) -> None:
    numbers = await asyncio.gather(*(db.run(tickets.next_number, 1) for _ in range(50)))
    assert numbers == list(range(1, 51))


def test_fifty_threads_promise_a_letter_once_and_draw_fifty_numbers(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/gateway.db")
    migrate(db)
    start, promised, numbers = Barrier(50), [], []

    def promise(each: Letter) -> None:
        start.wait()
        promised.append(db.write(outbox.put, each))
        numbers.append(db.write(tickets.next_number, 1))

    threads = [Thread(target=promise, args=(letter(f"l{n}", once="ack 1042"),)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(promised) == [False] * 49 + [True]
    assert sorted(numbers) == list(range(1, 51))
    db.close()


def test_the_version_changes_when_another_process_writes_and_stays_while_nobody_does(tmp_path: Path) -> None:
    ours, theirs = (Database(f"sqlite:///{tmp_path}/gateway.db") for _ in range(2))
    migrate(ours)
    seen = ours.data_version()
    assert ours.data_version() == seen
    theirs.write(pauses.pause, "out", now=T0)
    assert ours.data_version() != seen
    ours.close()
    theirs.close()


def test_a_desk_in_memory_works_like_one_on_disk() -> None:
    db = Database("sqlite://")
    migrate(db)

    async def scene() -> dict[pauses.Pausable, object]:
        await db.run(pauses.pause, "timers", now=T0)
        return dict(await db.read(pauses.paused))

    assert asyncio.run(scene()) == {"timers": T0}
    db.close()
