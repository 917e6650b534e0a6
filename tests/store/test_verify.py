import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.desk.events import Event, StatusChanged
from gateway.desk.evolve import replay
from gateway.mail.message import Envelope
from gateway.store import articles, erase, mails, outbox, pauses, retention, tickets
from gateway.store.backup import NotEmpty, back_up, restore
from gateway.store.blobs import BlobDamaged, Blobs
from gateway.store.database import Database, NoDatabase
from gateway.store.spool import Taken, accept_all
from gateway.store.tables import mail
from gateway.store.verify import verify
from tests.store.samples import MINUTE, T0, article, letter, opened, ticket_of, worked
from tests.store.test_articles import LONG, SHORT, refs


@pytest.fixture
def desk(lite: Database, blobs: Blobs) -> Database:
    """A ticket with a conversation, a short file and a long one."""
    furnish(lite, blobs)
    return lite


def furnish(db: Database, blobs: Blobs) -> None:
    attached, data = refs(SHORT, LONG)
    db.write(tickets.save, ticket_of(worked(1000)), worked(1000), due_at=None, priority_order=2)
    db.write(articles.add, blobs, 1000, article("a1000", attachments=attached), data, T0)


def differences(db: Database, blobs: Blobs) -> list[str]:
    with db.snapshot() as tx:
        return [f"{found.where}: {found.what}" for found in verify(tx, blobs, replay)]


DAMAGE = {
    "UPDATE ticket SET status = 'solved'": ["ticket 1000: status is 'solved', its events say 'open'"],
    "DELETE FROM event WHERE seq = 3": [
        "ticket 1000: version is 3, its events say 2",
        "ticket 1000: status is 'open', its events say 'new'",
    ],
    "UPDATE event SET kind = 'TicketDreamt' WHERE seq = 2": ["ticket 1000: its events cannot be replayed"],
    "DELETE FROM event": ["ticket 1000: it has no events"],
    "DELETE FROM event WHERE seq = 1": ["ticket 1000: its events cannot be replayed"],
    "UPDATE article SET id = 'a1001'": ["article a1000 was added", "article a1001 is there"],
    "UPDATE blob SET data = x'00' WHERE data IS NOT NULL": ["and not those that were given"],
    "INSERT INTO article_words(article_words, rowid, author_name, author_email, subject, text) "
    "SELECT 'delete', position, author_name, author_email, subject, text FROM article": ["article_words, by which"],
    "DELETE FROM article": ["row 1 of attachment refers to a article"],
}


def test_a_desk_as_it_should_be_has_no_differences(db: Database, blobs: Blobs) -> None:
    furnish(db, blobs)
    assert differences(db, blobs) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_wrong_is_named(desk: Database, blobs: Blobs, damage: str) -> None:
    with desk.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute(damage)
        connection.invalidate()
    found = differences(desk, blobs)
    assert [words for words in DAMAGE[damage] if not any(words in each for each in found)] == []


def test_a_missing_file_and_one_that_nobody_knows_are_named(desk: Database, blobs: Blobs) -> None:
    known = blobs.path(refs(LONG)[0][0].sha256)
    known.rename(known.with_name("0" * 64))
    first, second = differences(desk, blobs)
    assert "its file is missing" in first
    assert "no row knows it" in second


def test_a_backup_can_be_taken_again_and_again_and_restored_elsewhere(
    desk: Database, blobs: Blobs, tmp_path: Path
) -> None:
    copy = tmp_path / "backup"
    assert back_up(desk, blobs, copy) == 1
    assert back_up(desk, blobs, copy) == 0
    database, files = tmp_path / "new" / "gateway.db", tmp_path / "new" / "blobs"
    restore(copy, database, files, now=T0)
    restored = Database(f"sqlite:///{database}", create=False)
    assert differences(restored, Blobs(files)) == []
    with restored.transaction() as tx:
        assert tickets.load(tx, 1000, replay) == ticket_of(worked(1000))
        assert pauses.paused(tx) == {"out": T0}
    restored.close()
    with pytest.raises(NotEmpty):
        restore(copy, database, files, now=T0)


def test_a_backup_that_would_not_help_is_no_backup(desk: Database, blobs: Blobs, tmp_path: Path) -> None:
    blobs.path(refs(LONG)[0][0].sha256).write_bytes(LONG[:-1] + b"!")
    with pytest.raises(BlobDamaged):
        back_up(desk, blobs, tmp_path / "backup")
    shutil.rmtree(tmp_path / "backup")
    with pytest.raises(NoDatabase):
        restore(tmp_path / "backup", tmp_path / "new.db", tmp_path / "new", now=T0)


def test_raw_mails_are_forgotten_once_they_are_settled_long_enough(db: Database, blobs: Blobs) -> None:
    for n, state in enumerate(("done", "held", "pending")):
        id_, data = f"m{n}", b"mail %d" % n
        sha256 = refs(data)[0][0].sha256
        db.write(accept_all, blobs, [Taken(id_, id_, sha256, 6, data, Envelope(), None, T0)])
        with db.transaction() as tx:
            tx.execute(update(mail).where(mail.c.id == id_).values(state=state, settled_at=T0))
    assert db.write(retention.forget_raw, T0) == 0
    assert db.write(retention.forget_raw, T0 + MINUTE) == 1
    with db.snapshot() as tx:
        assert [record.mail.id for record in mails.listed(tx) if record.mail.sha256] == ["m1", "m2"]
    db.write(blobs.sweep, T0 + 9999 * MINUTE)
    with db.snapshot() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM blob").scalar_one() == 2
    assert differences(db, blobs) == []


def test_an_erased_ticket_leaves_no_trace_in_any_file(desk: Database, blobs: Blobs, tmp_path: Path) -> None:
    secret = "canary-7f3a"
    desk.write(articles.add, blobs, 1000, article("secret", text=secret), {}, T0)
    desk.write(outbox.put, letter("l1", ticket=1000, text=secret))
    desk.write(articles.remember, 1000, f"<{secret}@customer.example>")
    assert desk.write(erase.erase_ticket, 1000)
    assert not desk.write(erase.erase_ticket, 1000)
    desk.write(blobs.sweep, T0 + 9_999_999 * MINUTE)
    erase.scrub(desk)
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert [path for path in files if secret.encode() in path.read_bytes() or path.parent.name != "state"] == []
    assert differences(desk, blobs) == []


def test_what_was_closed_long_ago_is_found_the_oldest_first(db: Database) -> None:
    for number, minutes in ((1, 5), (2, 1), (3, 9)):
        closed = StatusChanged(at=T0 + minutes * MINUTE, by="agent:ana", before="new", after="closed")
        events: list[Event] = [opened(number), closed]
        db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=2)
    with db.snapshot() as tx:
        assert erase.closed_before(tx, T0 + 9 * MINUTE) == [2, 1]
