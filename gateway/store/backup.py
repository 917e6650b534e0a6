"""A copy of everything while the daemon runs, and the way back. SQLite only: a PostgreSQL has tools of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from gateway.store import pauses
from gateway.store.blobs import BlobDamaged, Blobs
from gateway.store.database import Database
from gateway.store.schema import copy_into, require_schema
from gateway.store.tables import blob

DATABASE, FILES = "gateway.db", "blobs"
_NOTE = "last-backup.json"  # in the state directory


class NotEmpty(Exception):
    """There is a desk here already; a restore never writes over one."""


def back_up(db: Database, blobs: Blobs, destination: Path) -> int:
    """Copy database and files to the folder `destination`, and read the copy back; the number of files copied.

    A folder with an earlier backup is brought up to date: files are named by their content. Raises BlobDamaged.
    """
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy_into(db, destination / DATABASE)  # first: every file that a row promises was durable before its row
    copies = Blobs(destination / FILES)
    copied = sum(_copy(blobs.path(sha256), copies.path(sha256), sha256) for sha256 in _in_files(destination))
    os.sync()
    return copied


def note(state_dir: Path, destination: Path, now: datetime) -> None:
    """That a backup was made, for `doctor`. Raises OSError: who may copy a desk need not be able to write into it."""
    aside = state_dir / (_NOTE + ".part")
    aside.write_text(json.dumps({"at": now.isoformat(), "destination": str(destination.absolute())}), encoding="utf-8")
    aside.replace(state_dir / _NOTE)


def noted(state_dir: Path) -> tuple[datetime, str] | None:
    """When the last backup was made, and where it lies; None where none was noted."""
    try:
        found = json.loads((state_dir / _NOTE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(found["at"]), str(found["destination"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def restore(source: Path, database: Path, files: Path, *, now: datetime) -> None:
    """Make a desk of the backup in `source`; its sending is paused until somebody resumes it.

    Raises NotEmpty where `database` exists, WrongSchema for another version, BlobDamaged.
    """
    if database.exists():
        raise NotEmpty(f"{database} exists")
    wanted = _in_files(source)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    origin, target = Blobs(source / FILES), Blobs(files)
    for sha256 in wanted:
        _copy(origin.path(sha256), target.path(sha256), sha256)
    aside = database.with_name(database.name + ".part")
    shutil.copyfile(source / DATABASE, aside)
    aside.chmod(0o600)
    os.sync()
    aside.replace(database)
    restored = Database(f"sqlite:///{database}", create=False)
    try:
        require_schema(restored)
        restored.write(pauses.pause, "out", now=now, by="restore")
    finally:
        restored.close()


def _in_files(folder: Path) -> list[str]:
    """The blobs of the copy in `folder` that are files. Raises NoDatabase."""
    copy = Database(f"sqlite:///{folder / DATABASE}", create=False)
    try:
        with copy.snapshot() as tx:
            return list(tx.execute(select(blob.c.sha256).where(blob.c.data.is_(None))).scalars())
    finally:
        copy.close()


def _copy(source: Path, target: Path, sha256: str) -> bool:
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return False
    if not source.is_file():
        raise BlobDamaged(f"{sha256}: its file is missing")
    target.parent.mkdir(mode=0o700, exist_ok=True)
    aside = target.with_name(target.name + ".part")
    shutil.copyfile(source, aside)
    aside.chmod(0o600)
    with aside.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise BlobDamaged(f"{sha256}: its file is not what was given")
    aside.replace(target)
    return True
