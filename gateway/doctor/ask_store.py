"""Looks into the database: is it ours and whole, what did the newest mails carry, when was the last backup?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from gateway.config.secrets import SecretError
from gateway.config.settings import Config
from gateway.doctor.machine import Backup, DatabaseSeen
from gateway.mail.authentication import Stamps, stamps
from gateway.mail.fields import Field, mail_start, read_head, with_line_feeds
from gateway.mail.message import Unreadable
from gateway.store import backup, mails, schema
from gateway.store.blobs import BlobDamaged, Blobs
from gateway.store.database import Database, DatabaseTrouble, NoDatabase, UnsafeDatabase
from gateway.store.mails import SpooledMail
from gateway.store.transaction import Transaction

NEWEST = 20  # mails whose verdicts are looked at
_READ_THROUGH = 1_000_000_000  # octets of a database: some five seconds
_HEAD = 262_144  # octets of a mail in which its header is looked for


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """`stamps` of the newest mails. `behind`: by how much our clock was, at least, by a server's stamp; its `clock`."""

    database: DatabaseSeen
    stamps: tuple[Stamps, ...] = ()
    behind: timedelta = timedelta()
    clock: str = ""


def store(config: Config, environ: Mapping[str, str]) -> StoreSeen:
    """What a database raises that cannot be reached becomes its trouble."""
    where = config.storage.database.removeprefix("sqlite:///")
    try:
        db = Database(config.storage.database_url(environ), create=False)
    except NoDatabase:
        return StoreSeen(DatabaseSeen(where, missing=True))
    except SecretError as error:
        return StoreSeen(DatabaseSeen(where, trouble=str(error)))
    try:
        schema.require_schema(db)
        octets = _octets(db.path) if db.path else None
        seen = DatabaseSeen(where, octets, schema.HEAD, schema.damage(db, _READ_THROUGH))
        with db.snapshot() as tx:
            found = _newest(tx, Blobs(config.storage.blobs))
    except (schema.WrongSchema, UnsafeDatabase) as error:
        return StoreSeen(DatabaseSeen(where, trouble=str(error)))
    except DatabaseTrouble as error:
        return StoreSeen(DatabaseSeen(where, trouble=str(error.orig).strip()))
    finally:
        db.close()
    late, clock = min((_lateness(mail, head) for mail, head in found), default=(timedelta(), ""))
    carried = tuple(stamps((each.name, each.value.decode("latin-1")) for each in head) for _, head in found)
    return StoreSeen(seen, carried, -min(late, timedelta()), clock)


def _octets(path: Path) -> int:
    """With what waits in its log to be written into it."""
    log = path.with_name(path.name + "-wal")
    return path.stat().st_size + (log.stat().st_size if log.is_file() else 0)


def _newest(tx: Transaction, blobs: Blobs) -> list[tuple[SpooledMail, Sequence[Field]]]:
    found: list[tuple[SpooledMail, Sequence[Field]]] = []
    for mail in mails.newest(tx, NEWEST):
        head = _head(tx, blobs, mail)
        if head and not any(each.name == "x-ticket-loop" for each in head):  # our own, and tests of the doctor
            found.append((mail, head))
    return found


def _head(tx: Transaction, blobs: Blobs, mail: SpooledMail) -> Sequence[Field]:
    """Nothing where it cannot be read: `gateway verify` and the quarantine tell of these."""
    try:
        data = with_line_feeds(blobs.get(tx, mail.sha256 or "")[:_HEAD])
        return read_head(data, mail_start(data), len(data)).fields
    except (BlobDamaged, Unreadable):
        return ()


def head_of(config: Config, environ: Mapping[str, str], message_id: str) -> Sequence[Field] | None:
    """The header of a mail that has just come; None while it is not there."""
    db = Database(config.storage.database_url(environ), create=False)
    try:
        with db.snapshot() as tx:
            blobs = Blobs(config.storage.blobs)
            heads = (_head(tx, blobs, mail) for mail in mails.newest(tx, NEWEST))
            wanted = message_id.encode()
            return next((head for head in heads if any(_is_id(each, wanted) for each in head)), None)
    finally:
        db.close()


def _is_id(field: Field, wanted: bytes) -> bool:
    return field.name == "message-id" and field.value.strip() == wanted


def _lateness(mail: SpooledMail, head: Sequence[Field]) -> tuple[timedelta, str]:
    """From the stamp of the server that had the mail last to our own: below zero, one of the two clocks is wrong."""
    stamp = next((each.value.decode("latin-1") for each in head if each.name == "received"), "")
    words, _, date = stamp.rpartition(";")
    try:
        at = parsedate_to_datetime(date.strip())
    except ValueError:
        return timedelta(), ""
    at = at.replace(tzinfo=at.tzinfo or UTC)
    by = words.partition(" by ")[2].split()
    return mail.received_at - at, by[0] if by else "the server before us"


def last_backup(config: Config) -> Backup | None:
    """As `gateway backup` noted it."""
    noted = backup.noted(config.state_dir)
    return Backup(*noted) if noted else None
