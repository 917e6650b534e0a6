import asyncio
import itertools
import sqlite3
import stat
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gateway.mail.accepted import Accepted, ImapPosition, StorageFull
from gateway.mail.message import Envelope
from gateway.store import ledger, mails
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.spool import Spool
from tests.store.samples import MAIL, MINUTE, T0, mail_of

ENVELOPE = Envelope(mail_from="maria@customer.example", rcpt_tos=("support@acme.example",), peer="192.0.2.7", tls=True)


@pytest.fixture
def spool(db: Database, blobs: Blobs) -> Iterator[Spool]:
    made = spool_on(db, blobs)
    yield made
    made.close()


def spool_on(db: Database, blobs: Blobs) -> Spool:
    ids = itertools.count(1)
    return Spool(db, blobs, message_size=25_000_000, clock=lambda: T0, new_id=lambda: f"{next(ids):032x}")


async def give(spool: Spool, raw: bytes, envelope: Envelope = ENVELOPE, imap: ImapPosition | None = None) -> Accepted:
    incoming = spool.incoming()
    for at in range(0, len(raw), 65_536):
        await incoming.write(raw[at : at + 65_536])
    return await incoming.commit(envelope, imap)


def raw_of(db: Database, blobs: Blobs, mail_id: str) -> bytes:
    with db.snapshot() as tx:
        record = mails.get(tx, mail_id)
        assert record is not None
        assert record.mail.sha256 is not None
        return blobs.get(tx, record.mail.sha256)


@pytest.mark.asyncio
async def test_an_accepted_mail_waits_with_its_envelope_and_its_very_bytes(
    spool: Spool, db: Database, blobs: Blobs
) -> None:
    accepted = await give(spool, MAIL)
    (waiting,) = await db.read(mails.pending, 10)
    assert waiting.id == accepted.mail_id
    assert waiting.envelope == ENVELOPE
    assert waiting.received_at == T0
    assert raw_of(db, blobs, waiting.id) == MAIL


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [0, 65_000, 70_000, 3_000_000])
async def test_a_mail_of_any_size_comes_back_as_it_came(spool: Spool, db: Database, blobs: Blobs, size: int) -> None:
    raw = mail_of(1, size)
    accepted = await give(spool, raw)
    assert raw_of(db, blobs, accepted.mail_id) == raw


@pytest.mark.asyncio
@pytest.mark.parametrize("size", [0, 200_000])
async def test_a_redelivery_makes_nothing_new_and_adds_its_recipients(
    spool: Spool, db: Database, blobs: Blobs, size: int
) -> None:
    raw = mail_of(1, size)
    first = await give(spool, raw)
    again = raw.replace(b"mx.acme.example", b"mx2.acme.example")
    second = await give(spool, again, Envelope(mail_from="x@y.example", rcpt_tos=("sales@acme.example",)))
    (waiting,) = await db.read(mails.pending, 10)
    assert second == Accepted(first.mail_id, duplicate=True)
    assert (waiting.copies, waiting.envelope.rcpt_tos) == (2, ("support@acme.example", "sales@acme.example"))
    assert raw_of(db, blobs, first.mail_id) == raw
    assert blobs.directory is not None
    assert len([path for path in blobs.directory.rglob("*") if path.is_file()]) == (1 if size else 0)


@pytest.mark.asyncio
async def test_many_at_once_share_their_commits_and_each_gets_its_own_answer(spool: Spool, db: Database) -> None:
    commits = 0
    run = db.run

    async def counting(fn: Callable[..., object], *args: object, **kwargs: object) -> object:
        nonlocal commits
        commits += 1
        return await run(fn, *args, **kwargs)

    db.run = counting  # type: ignore[method-assign,assignment]
    answers = await asyncio.gather(*(give(spool, mail_of(n % 100)) for n in range(200)))
    assert len({answer.mail_id for answer in answers}) == 100
    assert sum(answer.duplicate for answer in answers) == 100
    assert commits < 20
    assert len(await db.read(mails.pending, 1000)) == 100


@pytest.mark.asyncio
async def test_the_position_on_the_server_is_committed_with_the_mail(spool: Spool, db: Database) -> None:
    await give(spool, MAIL, imap=ImapPosition("support", "INBOX", 7, 41))
    await give(spool, MAIL, imap=ImapPosition("support", "INBOX", 7, 42))
    assert await db.read(ledger.taken, "support", "INBOX", 7) == {41, 42}
    (waiting,) = await db.read(mails.pending, 10)
    assert (waiting.mailbox, waiting.copies) == ("support", 2)


@pytest.mark.asyncio
async def test_fifty_megabytes_pass_in_constant_memory(spool: Spool, db: Database) -> None:
    chunk = b"x" * 65_534 + b"\r\n"
    incoming = spool.incoming()
    await incoming.write(MAIL)
    tracemalloc.start()
    for _ in range(763):
        await incoming.write(chunk)
    await incoming.commit(ENVELOPE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (waiting,) = await db.read(mails.pending, 10)
    assert waiting.size > 50_000_000
    assert peak < 2_000_000


@pytest.mark.asyncio
async def test_an_aborted_mail_leaves_nothing_behind(spool: Spool, blobs: Blobs, db: Database) -> None:
    incoming = spool.incoming()
    await incoming.write(mail_of(1, 200_000))
    await incoming.abort()
    await incoming.abort()
    assert blobs.directory is not None
    assert [path for path in blobs.directory.rglob("*") if path.is_file()] == []
    assert await db.read(mails.pending, 10) == []


@pytest.mark.asyncio
async def test_a_full_disk_is_said_in_its_own_word_and_leaves_nothing_behind(lite: Database, blobs: Blobs) -> None:
    spool = spool_on(lite, blobs)
    with lite.snapshot() as tx:
        pages = int(tx.exec_driver_sql("PRAGMA page_count").scalar_one())

    def fill(connection: sqlite3.Connection, _record: object = None) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(lite.engine, "connect", fill)
    lite.engine.dispose()
    wordy = Envelope(helo="x" * 60_000)
    outcomes = await asyncio.gather(
        *(give(spool, mail_of(n, 60_000 if n else 200_000), wordy) for n in range(8)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} == {StorageFull}
    assert blobs.directory is not None
    assert [path for path in blobs.directory.rglob("*") if path.is_file()] == []
    event.remove(lite.engine, "connect", fill)
    lite.engine.dispose()
    assert await give(spool, MAIL) == Accepted((await lite.read(mails.pending, 10))[0].id)


@pytest.mark.asyncio
async def test_files_are_for_the_daemon_alone(lite: Database, blobs: Blobs, tmp_path: Path) -> None:
    await give(spool_on(lite, blobs), mail_of(1, 200_000))
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in [tmp_path / "state", *tmp_path.rglob("state/**/*")]
    }
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.asyncio
async def test_there_is_no_room_while_less_than_two_of_the_largest_mails_fit(db: Database, blobs: Blobs) -> None:
    modest, huge = (
        Spool(db, blobs, message_size=size, clock=lambda: T0, new_id=lambda: "1") for size in (1_000, 10**15)
    )
    assert modest.has_room()
    assert not huge.has_room()
    modest.close()
    huge.close()


@pytest.mark.asyncio
async def test_a_mail_is_settled_once(spool: Spool, db: Database) -> None:
    accepted = await give(spool, MAIL)
    told = {
        "now": T0 + MINUTE,
        "state": "done",
        "decision": "new_ticket",
        "reason": "nothing matched",
        "kind": "person",
        "ticket": 1042,
        "article": "a1",
        "verdict": {"trace": []},
        "message_id": "<one@customer.example>",
        "from_email": "maria@customer.example",
        "subject": "The export fails",
    }
    await db.run(mails.settle, accepted.mail_id, **told)  # type: ignore[arg-type]
    assert await db.read(mails.pending, 10) == []
    with pytest.raises(mails.NotPending):
        await db.run(mails.settle, accepted.mail_id, **told)  # type: ignore[arg-type]
    record = await db.read(mails.get, accepted.mail_id)
    assert record is not None
    assert (record.state, record.ticket, record.verdict) == ("done", 1042, {"trace": []})


@pytest.mark.asyncio
async def test_a_mail_that_fails_is_counted_set_aside_and_can_be_released(spool: Spool, db: Database) -> None:
    accepted = await give(spool, MAIL)
    assert await db.run(mails.note_failure, accepted.mail_id, "Traceback\0…") == 1
    assert await db.run(mails.note_failure, accepted.mail_id, "Traceback\0…") == 2
    assert await db.run(mails.quarantine, accepted.mail_id, now=T0, reason="failed twice")
    assert await db.read(mails.find, accepted.mail_id[:31]) == [accepted.mail_id]
    assert await db.read(mails.find, "%") == []
    (record,) = await db.read(mails.listed, states=("quarantined",))
    assert (record.reason, record.error) == ("failed twice", "Traceback\ufffd…")
    assert await db.run(mails.release, accepted.mail_id, by="ana", as_="join")
    (waiting,) = await db.read(mails.pending, 10)
    assert (waiting.attempts, waiting.released_by, waiting.released_as) == (0, "ana", "join")


@pytest.mark.asyncio
async def test_a_swept_store_keeps_what_is_referred_to_and_nothing_else(
    spool: Spool, db: Database, blobs: Blobs
) -> None:
    kept = await give(spool, mail_of(1, 200_000))
    await db.run(blobs.put, [b"short and nobody's"], T0)
    blobs.stage([b"long and nobody's" * 10_000])
    assert await db.run(blobs.sweep, T0 + timedelta(days=36_500)) == 1
    assert raw_of(db, blobs, kept.mail_id) == mail_of(1, 200_000)
    assert await db.run(blobs.sweep, T0 + timedelta(days=36_500)) == 0


@pytest.mark.asyncio
async def test_while_another_process_holds_the_database_everybody_is_told_to_come_again_at_once(
    lite: Database, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.store.database._WANTED", {"busy_timeout": 200})
    lite.engine.dispose()
    spool, other = spool_on(lite, blobs), sqlite3.connect(str(lite.path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    outcomes = await asyncio.gather(*(give(spool, mail_of(n)) for n in range(100)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {OperationalError}
    assert time.monotonic() - started < 10  # one after the other they would wait for 20 s
    other.execute("ROLLBACK")
    assert not (await give(spool, MAIL)).duplicate
    other.close()


@pytest.mark.asyncio
async def test_one_mail_that_cannot_be_stored_does_not_take_others_with_it(spool: Spool, db: Database) -> None:
    odd = Envelope(rcpt_tos=(object(),))  # type: ignore[arg-type]
    outcomes = await asyncio.gather(
        *(give(spool, mail_of(n), odd if n == 3 else ENVELOPE) for n in range(6)), return_exceptions=True
    )
    assert [isinstance(outcome, Accepted) for outcome in outcomes] == [n != 3 for n in range(6)]
    assert len(await db.read(mails.pending, 10)) == 5
