"""A small durable spool of files, for tests: what the protocols of this room promise, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import uuid
from collections.abc import Set
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gateway.edge.ports import Accepted, Beginning, ImapPosition, StorageFull
from gateway.mail.message import Envelope


@dataclass(frozen=True)
class Stored:
    envelope: dict[str, Any]
    data: bytes


@dataclass
class FileSpool:
    """One folder a spool: NAME.eml beside NAME.json (envelope, position). The same bytes from the same sender are one.

    `full` and `broken` are what a disk does; a mail with `poison` in it is never taken; `delay` is a slow commit, in
    seconds.
    """

    folder: Path
    full: bool = False
    room: bool = True
    broken: Exception | None = None
    poison: bytes = b""
    delay: float = 0.0
    committing: asyncio.Event = field(default_factory=asyncio.Event)
    opened: int = 0
    forgotten: int = 0

    def incoming(self) -> FileIncoming:
        self.opened += 1
        return FileIncoming(self, self.folder / f"{uuid.uuid4().hex}.tmp")

    def has_room(self) -> bool:
        return self.room

    def stored(self) -> list[Stored]:
        names = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [
            Stored(json.loads(path.read_text())["envelope"], path.with_suffix(".eml").read_bytes()) for path in names
        ]


class FileIncoming:
    def __init__(self, spool: FileSpool, path: Path) -> None:
        self._spool = spool
        self._path = path
        self._file = path.open("wb")
        self._digest = hashlib.sha256()

    async def write(self, chunk: bytes) -> None:
        if self._spool.full:
            raise StorageFull
        if self._spool.poison and self._spool.poison in chunk:
            raise ValueError("poison")
        self._digest.update(chunk)
        self._file.write(chunk)

    async def commit(self, envelope: Envelope, imap: ImapPosition | None = None) -> Accepted:
        self._spool.committing.set()
        await asyncio.sleep(self._spool.delay)
        if self._spool.broken is not None:
            raise self._spool.broken
        return await asyncio.to_thread(self._settle, envelope, imap)

    def _settle(self, envelope: Envelope, imap: ImapPosition | None) -> Accepted:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        name = self._digest.hexdigest()[:16]
        duplicate = (self._spool.folder / f"{name}.json").exists()
        self._path.replace(self._spool.folder / f"{name}.eml")
        said = {"envelope": asdict(envelope), "imap": asdict(imap) if imap else None}
        if imap is not None:
            with (self._spool.folder / "positions").open("a") as ledger:
                ledger.write(json.dumps(asdict(imap)) + "\n")
        if not duplicate:
            (self._spool.folder / f"{name}.json").write_text(json.dumps(said))
        return Accepted(name, duplicate)

    async def abort(self) -> None:
        self._file.close()
        if self._path.exists():
            self._path.unlink()
            self._spool.forgotten += 1


@dataclass
class FileLedger:
    """Reads the positions that a FileSpool wrote beside its mails."""

    spool: FileSpool
    aside: list[tuple[ImapPosition, str, bytes]] = field(default_factory=list)
    beginnings: dict[tuple[str, str], Beginning] = field(default_factory=dict)
    broken: Exception | None = None

    async def begun(self, account: str, folder: str, beginning: Beginning) -> Beginning:
        return self.beginnings.setdefault((account, folder), beginning)

    async def taken(self, account: str, folder: str, uidvalidity: int) -> Set[int]:
        path = self.spool.folder / "positions"
        lines = path.read_text().splitlines() if path.exists() else []
        known = [ImapPosition(**json.loads(line)) for line in lines] + [position for position, _, _ in self.aside]
        return {
            each.uid
            for each in known
            if (each.account, each.folder, each.uidvalidity) == (account, folder, uidvalidity)
        }

    async def set_aside(self, position: ImapPosition, reason: str, header: bytes) -> None:
        if self.broken is not None:
            raise self.broken
        self.aside.append((position, reason, header))
