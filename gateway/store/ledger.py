"""What has been taken from IMAP: an optimisation, since the key of a mail is what tells duplicates (DUTIES §4.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from datetime import datetime

from sqlalchemy import Connection, select

from gateway.mail.accepted import Beginning, ImapPosition
from gateway.store.blobs import Blobs
from gateway.store.codec import storable
from gateway.store.database import Database
from gateway.store.dialect import insert_or_leave
from gateway.store.tables import imap_folder, imap_position, mail


class ImapLedger:
    """`clock` gives aware instants, `new_id` ids of mails."""

    def __init__(self, db: Database, blobs: Blobs, *, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._db = db
        self._blobs = blobs
        self._clock = clock
        self._new_id = new_id

    async def begun(self, account: str, folder: str, beginning: Beginning) -> Beginning:
        """The beginning recorded for this folder; the first call records the one given."""
        return await self._db.run(begun, account, folder, beginning)

    async def taken(self, account: str, folder: str, uidvalidity: int) -> Set[int]:
        """The UIDs of committed and of set-aside mails."""
        return await self._db.read(taken, account, folder, uidvalidity)

    async def set_aside(self, position: ImapPosition, reason: str, header: bytes) -> None:
        """Quarantine a mail that cannot be taken: durable once it returns. `header` is its header block, or empty."""
        await self._db.run(set_aside, self._blobs, position, reason, header, self._new_id(), self._clock())


def begun(tx: Connection, account: str, folder: str, beginning: Beginning) -> Beginning:
    row = {
        "account": account,
        "folder": folder,
        "begun_at": beginning.at,
        "uidvalidity": beginning.uidvalidity,
        "uidnext": beginning.uidnext,
    }
    insert_or_leave(tx, imap_folder, [row], keys=("account", "folder"))
    wanted = select(imap_folder).where(imap_folder.c.account == account, imap_folder.c.folder == folder)
    kept = tx.execute(wanted).one()
    return Beginning(kept.begun_at, kept.uidvalidity, kept.uidnext)


def taken(tx: Connection, account: str, folder: str, uidvalidity: int) -> frozenset[int]:
    place = (imap_position.c.account == account, imap_position.c.folder == folder)
    wanted = select(imap_position.c.uid).where(*place, imap_position.c.uidvalidity == uidvalidity)
    return frozenset(tx.execute(wanted).scalars())


def set_aside(
    tx: Connection, blobs: Blobs, position: ImapPosition, reason: str, header: bytes, mail_id: str, now: datetime
) -> None:
    """A quarantined mail whose bytes are its header alone; once for each position."""
    place = (position.account, position.folder, position.uidvalidity, position.uid)
    blobs.put(tx, [header], now)
    row = {
        "id": mail_id,
        "key": hashlib.sha256(repr(("aside", *place)).encode()).hexdigest(),
        "received_at": now,
        "source": "imap",
        "mailbox": position.account,
        "mail_from": "",
        "rcpt_tos": [],
        "size": len(header),
        "sha256": hashlib.sha256(header).hexdigest(),
        "state": "quarantined",
        "settled_at": now,
        "decision": "quarantine",
        "reason": storable(reason),
    }
    insert_or_leave(tx, mail, [row], keys=("key",))
    columns = ("account", "folder", "uidvalidity", "uid")
    insert_or_leave(tx, imap_position, [dict(zip(columns, place, strict=True)) | {"mail": mail_id}], keys=columns)
