"""Where mail comes in: `Incoming` takes the bytes as they stream, `commit` returns once they cannot be lost.

Mails that are committed at the same time share one transaction, so that many cost one fsync; a single one waits for
nobody. Up to 64 KiB a mail stays in memory and goes into its row; longer ones stream to a file, in constant memory.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from gateway.mail.accepted import Accepted, ImapPosition, StorageFull
from gateway.mail.message import Envelope
from gateway.store.blobs import Aside, Blobs, blob_row, put_rows
from gateway.store.codec import storable
from gateway.store.database import Database, is_full
from gateway.store.dialect import insert_or_leave
from gateway.store.keying import KeyScanner
from gateway.store.tables import imap_position, mail

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 256  # mails of one transaction: bounds how long the first of them waits
_FEW_INODES = 100
_IDS = select(mail.c.key, mail.c.id).where(mail.c.key.in_(bindparam("keys", expanding=True)))  # built once
LOOK_AGAIN = timedelta(seconds=1)  # asking the file systems at every MAIL costs more than all the rest of it


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail whose bytes are at hand (`data`) or durable as a file (None), about to be promised."""

    id: str
    key: str
    sha256: str
    size: int
    data: bytes | None
    envelope: Envelope
    imap: ImapPosition | None
    received_at: datetime


class Spool:
    """`clock` gives aware instants, `new_id` ids of mails; `message_size` is the largest mail, in octets.

    `promised` is called after each commit: something waits to be delivered.
    """

    def __init__(
        self,
        db: Database,
        blobs: Blobs,
        *,
        message_size: int,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        promised: Callable[[], None] = lambda: None,
    ) -> None:
        self._promised = promised
        self._looked: datetime | None = None
        self._room = True
        self._db = db
        self.blobs = blobs
        self._message_size = message_size
        self._clock = clock
        self._new_id = new_id
        self._files = ThreadPoolExecutor(4, "store-files")
        self._waiting: list[tuple[Taken, asyncio.Future[Accepted]]] = []
        self._flusher: asyncio.Task[None] | None = None

    def incoming(self) -> Incoming:
        return Incoming(self)

    def has_room(self) -> bool:
        """False while any file system in use has less than twice the largest mail free, or hardly an inode."""
        now = self._clock()
        if self._looked is None or not timedelta() <= now - self._looked < LOOK_AGAIN:
            self._room = all(_has_room(place, 2 * self._message_size) for place in self._places())
            self._looked = now
        return self._room

    async def aside(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn` in a thread that may wait for a disk. Raises StorageFull for a full one."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._files, lambda: fn(*args, **kwargs))
        except OSError as error:
            raise (StorageFull(str(error)) if is_full(error) else error) from error

    async def accept(
        self, scanner: KeyScanner, size: int, data: bytes | None, envelope: Envelope, imap: ImapPosition | None
    ) -> Accepted:
        """`data` None: the bytes are a durable file by now."""
        taken = Taken(
            id=self._new_id(),
            key=scanner.key(),
            sha256=scanner.sha256(),
            size=size,
            data=data,
            envelope=envelope,
            imap=imap,
            received_at=self._clock(),
        )
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((taken, future))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        return await future

    async def disown(self, sha256: str) -> None:
        """Remove a file that was kept but not promised, unless another mail promised the same one."""
        with suppress(DBAPIError, OSError):  # then the sweep finds it
            await self._db.run(self.blobs.disown, sha256)

    def close(self) -> None:
        self._files.shutdown(wait=True)

    async def _flush(self) -> None:
        while self._waiting:
            batch = self._waiting[:_MOST]
            del self._waiting[:_MOST]
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[Taken, asyncio.Future[Accepted]]]) -> None:
        try:
            answers = await self._db.run(accept_all, self.blobs, [taken for taken, _ in batch])
        except Exception as error:  # noqa: BLE001 - each waiting peer must hear of it, and the next batch goes on
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for each in batch:  # one of them may be the cause; the others shall not suffer
                    await self._commit([each])
                return
            failure = StorageFull(str(error)) if is_full(error) else error
            for _, future in batch:
                if not future.done():
                    future.set_exception(failure)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)
        self._promised()

    def _places(self) -> set[Path]:
        database = self._db.path.parent if self._db.path else None
        return {place for place in (database, self.blobs.directory) if place is not None}


class Incoming:
    """One mail on its way in. Ends with `commit` or `abort`; `abort` may follow a failed commit and be repeated."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._scanner = KeyScanner()
        self._memory = bytearray()
        self._file: Aside | None = None
        self._size = 0

    async def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._spool.blobs.in_row(self._size):
            self._scanner.feed(chunk)
            self._memory += chunk
        else:
            await self._spool.aside(self._spill, chunk)

    async def commit(self, envelope: Envelope, imap: ImapPosition | None = None) -> Accepted:
        if self._file is None:
            return await self._spool.accept(self._scanner, self._size, bytes(self._memory), envelope, imap)
        await self._spool.aside(self._file.keep, self._spool.blobs.path(self._scanner.sha256()))
        try:
            accepted = await self._spool.accept(self._scanner, self._size, None, envelope, imap)
        except Exception:
            await self._spool.disown(self._scanner.sha256())
            raise
        if accepted.duplicate:
            await self._spool.disown(self._scanner.sha256())
        return accepted

    async def abort(self) -> None:
        self._memory.clear()
        if self._file is not None:
            await self._spool.aside(self._file.drop)

    def _spill(self, chunk: bytes) -> None:
        self._scanner.feed(chunk)
        if self._file is None:
            self._file = self._spool.blobs.aside()
            self._file.write(self._memory)
            self._memory.clear()
        self._file.write(chunk)


def accept_all(tx: Connection, blobs: Blobs, mails: list[Taken]) -> list[Accepted]:
    """Promise all of them, or none. Of a mail whose key is known the copies are counted and the recipients added.

    UNIQUE carries the promise, not the look before: who loses a race finds the other's id in the look after.
    """
    before = _ids(tx, mails)
    first = {taken.key: taken for taken in reversed(mails) if taken.key not in before}
    new = dict(sorted(first.items()))  # in one order, so that two gateways cannot wait for each other
    for taken in new.values():
        if taken.data is None and not blobs.is_there(taken.sha256):
            raise FileNotFoundError(f"{taken.sha256}: disowned before it was promised")
    put_rows(tx, [blob_row(each.sha256, each.size, each.data, each.received_at) for each in new.values()])
    insert_or_leave(tx, mail, [_mail_row(each) for each in new.values()], keys=("key",))
    ids = _ids(tx, mails)
    positions = [_position_row(each.imap, ids[each.key]) for each in mails if each.imap]
    insert_or_leave(tx, imap_position, positions, keys=("account", "folder", "uidvalidity", "uid"))
    answers = [Accepted(ids[each.key], duplicate=ids[each.key] != each.id) for each in mails]
    for taken, answer in sorted(zip(mails, answers, strict=True), key=lambda pair: pair[0].key):
        if answer.duplicate:
            _count_copy(tx, answer.mail_id, taken.envelope.rcpt_tos)
    return answers


def _ids(tx: Connection, mails: list[Taken]) -> dict[str, str]:
    return {row.key: row.id for row in tx.execute(_IDS, {"keys": [each.key for each in mails]})}


def _mail_row(taken: Taken) -> dict[str, object]:
    envelope = taken.envelope
    return {
        "id": taken.id,
        "key": taken.key,
        "copies": 1,
        "received_at": taken.received_at,
        "source": envelope.source,
        "mailbox": taken.imap.account if taken.imap else "",
        "mail_from": storable(envelope.mail_from),
        "rcpt_tos": [storable(address) for address in envelope.rcpt_tos],
        "peer": storable(envelope.peer),
        "helo": storable(envelope.helo),
        "tls": envelope.tls,
        "size": taken.size,
        "sha256": taken.sha256,
        "state": "pending",
    }


def _position_row(imap: ImapPosition, mail_id: str) -> dict[str, object]:
    return {
        "account": imap.account,
        "folder": imap.folder,
        "uidvalidity": imap.uidvalidity,
        "uid": imap.uid,
        "mail": mail_id,
    }


def _count_copy(tx: Connection, mail_id: str, rcpt_tos: tuple[str, ...]) -> None:
    row = tx.execute(select(mail.c.copies, mail.c.rcpt_tos).where(mail.c.id == mail_id).with_for_update()).one()
    everybody = list(dict.fromkeys((*row.rcpt_tos, *map(storable, rcpt_tos))))
    tx.execute(update(mail).where(mail.c.id == mail_id).values(copies=row.copies + 1, rcpt_tos=everybody))


def _has_room(place: Path, wanted: int) -> bool:
    free = os.statvfs(place)
    return free.f_bavail * free.f_frsize >= wanted and (free.f_files == 0 or free.f_favail >= _FEW_INODES)
