import itertools

import pytest

from gateway.mail.accepted import Beginning, ImapPosition
from gateway.store import mails
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.ledger import ImapLedger
from tests.store.samples import T0


@pytest.fixture
def ledger(db: Database, blobs: Blobs) -> ImapLedger:
    ids = itertools.count()
    return ImapLedger(db, blobs, clock=lambda: T0, new_id=lambda: str(next(ids)))


@pytest.mark.asyncio
async def test_a_folder_begins_once(ledger: ImapLedger) -> None:
    first = Beginning(T0, uidvalidity=7, uidnext=100)
    assert await ledger.begun("support", "INBOX", first) == first
    assert await ledger.begun("support", "INBOX", Beginning(T0, 8, 1)) == first
    assert await ledger.begun("support", "Archive", Beginning(T0, 8, 1)) == Beginning(T0, 8, 1)


@pytest.mark.asyncio
async def test_a_mail_that_cannot_be_taken_is_in_quarantine_once_and_counts_as_taken(
    ledger: ImapLedger, db: Database, blobs: Blobs
) -> None:
    position = ImapPosition("support", "INBOX", 7, 41)
    for _ in range(2):
        await ledger.set_aside(position, "larger than message_size", b"Subject: huge\r\n\r\n")
    await ledger.set_aside(ImapPosition("support", "INBOX", 7, 42), "larger than message_size", b"")
    assert await ledger.taken("support", "INBOX", 7) == {41, 42}
    assert await ledger.taken("support", "INBOX", 8) == set()
    first, _ = await db.read(mails.listed, states=("quarantined",))
    assert (first.reason, first.mail.mailbox) == ("larger than message_size", "support")
    assert first.mail.sha256 is not None
    with db.snapshot() as tx:
        assert blobs.get(tx, first.mail.sha256) == b"Subject: huge\r\n\r\n"
