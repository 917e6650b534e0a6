"""Bytes by their SHA-256: up to 64 KiB in their row, longer ones in a file under `directory`/ab/abcdef….

A file is written aside, fsynced, renamed, and its directory fsynced, before the row that promises it is committed; it
is checked against its name whenever it is read. A file that no row knows is nobody's, and is swept after a day.
Raw mails and attachments are both blobs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, exists, select

from gateway.store.dialect import insert_or_update
from gateway.store.files import sync_folder
from gateway.store.tables import attachment, blob, enclosure, mail

INLINE = 65_536
GRACE = timedelta(days=1)
_GET = select(blob.c.data, blob.c.size).where(blob.c.sha256 == bindparam("wanted"))  # built once: every mail is read


class BlobDamaged(Exception):
    """Bytes that we promised to keep are missing, or are not what their hash says."""


class Aside:
    """A file being written: not a blob until `keep`. A process that dies leaves it to `sweep`, as its lock dies too."""

    def __init__(self, directory: Path) -> None:
        handle, name = tempfile.mkstemp(dir=directory, prefix="in-")  # 0600
        self._path = Path(name)
        self._file = os.fdopen(handle, "wb", buffering=0)
        fcntl.flock(handle, fcntl.LOCK_EX)

    def write(self, chunk: bytes | bytearray) -> None:
        view = memoryview(chunk)
        while view:
            view = view[self._file.write(view) :]

    def keep(self, path: Path) -> None:
        """Make it durable as `path`. Raises OSError; then it is still aside."""
        os.fsync(self._file.fileno())
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(path.parent.parent)
        self._path.replace(path)
        sync_folder(path.parent)
        self._file.close()

    def drop(self) -> None:
        """Forget it; nothing happens to what was kept."""
        if not self._file.closed:
            with suppress(FileNotFoundError):
                self._path.unlink()
            self._file.close()


class Blobs:
    """`directory` is made (0700) where it is missing; None keeps every blob in its row (a desk in memory)."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        if directory is not None:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            (directory / "aside").mkdir(mode=0o700, exist_ok=True)

    def aside(self) -> Aside:
        return Aside(self._home() / "aside")

    def path(self, sha256: str) -> Path:
        return self._home() / sha256[:2] / sha256

    def in_row(self, size: int) -> bool:
        return size <= INLINE or self.directory is None

    def stage(self, data: Iterable[bytes]) -> None:
        """Write what is too long for a row to its file now, outside of any transaction; blocks for the fsyncs."""
        for each in data:
            if not self.in_row(len(each)):
                self._write_file(hashlib.sha256(each).hexdigest(), each)

    def put(self, tx: Connection, data: Iterable[bytes], now: datetime) -> None:
        """Keep each of `data`. Long ones that `stage` has not written are written here."""
        rows = {}
        for each in data:
            sha256 = hashlib.sha256(each).hexdigest()
            short = self.in_row(len(each))
            if not short:
                self._write_file(sha256, each)
            rows[sha256] = blob_row(sha256, len(each), each if short else None, now)
        put_rows(tx, list(rows.values()))

    def get(self, tx: Connection, sha256: str) -> bytes:
        """The bytes, checked. Raises BlobDamaged."""
        row = tx.execute(_GET, {"wanted": sha256}).one_or_none()
        if row is None:
            raise BlobDamaged(f"{sha256}: no such blob")
        data: bytes = row.data if row.data is not None else self._read_file(sha256)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamaged(f"{sha256}: {len(data)} of {row.size} octets, and not those that were given")
        return data

    def is_there(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def disown(self, tx: Connection, sha256: str) -> None:
        """Remove the file that no row promises; whoever promises it now waits for this transaction."""
        if self.directory is not None and not _known(tx, sha256):
            self.path(sha256).unlink(missing_ok=True)

    def strangers(self, tx: Connection) -> Iterator[Path]:
        """Files that no row knows."""
        return (path for path in self._files() if not _known(tx, path.name))

    def sweep(self, tx: Connection, now: datetime) -> int:
        """Remove blobs that nothing refers to, put more than a day before `now`; the number of files removed.

        Files go while the transaction that looked for their rows still holds the database.
        """
        used = (exists().where(column == blob.c.sha256) for column in (mail.c.sha256, attachment.c.sha256))
        enclosed = exists().where(enclosure.c.sha256 == blob.c.sha256)
        tx.execute(delete(blob).where(blob.c.put_at < now - GRACE, *(~each for each in used), ~enclosed))
        removed = self._sweep_aside()
        for path in self.strangers(tx):
            if path.stat().st_mtime < (now - GRACE).timestamp():
                path.unlink()
                removed += 1
        return removed

    def discard(self, tx: Connection, names: Iterable[str]) -> None:
        """Remove the files of blobs whose rows were removed, and that nobody has put again since."""
        for sha256 in () if self.directory is None else names:
            if not _known(tx, sha256):
                self.path(sha256).unlink(missing_ok=True)

    def _sweep_aside(self) -> int:
        """Files whose writers are dead: nobody holds their lock."""
        removed = 0
        for path in () if self.directory is None else (self.directory / "aside").iterdir():
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                removed += 1
        return removed

    def _files(self) -> Iterator[Path]:
        if self.directory is not None:
            for folder in self.directory.iterdir():
                if len(folder.name) == 2 and folder.is_dir():
                    yield from folder.iterdir()

    def _write_file(self, sha256: str, data: bytes) -> None:
        path = self.path(sha256)
        if path.is_file() and path.stat().st_size == len(data):
            os.utime(path)
            return
        file = self.aside()
        try:
            file.write(data)
            file.keep(path)
        finally:
            file.drop()

    def _read_file(self, sha256: str) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise BlobDamaged(f"{sha256}: its file is missing") from None

    def _home(self) -> Path:
        if self.directory is None:
            raise AssertionError("a desk in memory has no files")
        return self.directory


def _known(tx: Connection, sha256: str) -> bool:
    return tx.execute(select(blob.c.sha256).where(blob.c.sha256 == sha256)).first() is not None


def blob_row(sha256: str, size: int, data: bytes | None, now: datetime) -> dict[str, object]:
    return {"sha256": sha256, "size": size, "data": data, "put_at": now}


def put_rows(tx: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    in_one_order = sorted(rows, key=lambda row: str(row["sha256"]))  # two gateways then cannot wait for each other
    insert_or_update(tx, blob, in_one_order, keys=("sha256",), change=("put_at",))
