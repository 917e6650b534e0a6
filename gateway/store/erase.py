"""Forgetting for good: a ticket with its words, letters and mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from gateway.store import words
from gateway.store.database import Database
from gateway.store.tables import (
    article,
    attachment,
    enclosure,
    event,
    hook_call,
    mail,
    message_ref,
    outbox,
    telling,
    ticket,
)


def closed_before(tx: Connection, before: datetime, limit: int = 1000) -> list[int]:
    """Tickets that were closed before then, the longest closed first. One that was merged stays as long as the one it
    goes on as: replies to it find that one."""
    other = ticket.alias()
    goes_on = select(other.c.number).where(other.c.number == ticket.c.merged_into).exists()
    old = select(ticket.c.number).where(ticket.c.status == "closed", ticket.c.closed_at < before, ~goes_on)
    return list(tx.execute(old.order_by(ticket.c.closed_at, ticket.c.number).limit(limit)).scalars())


def erase_ticket(tx: Connection, number: int) -> bool:
    """Remove the ticket and everything on it; False where there is none. Its number is not given again.

    The next sweep removes the bytes of its files, `scrub` what the database file still shows of them.
    """
    letters = select(outbox.c.id).where(outbox.c.ticket == number)
    tx.execute(delete(enclosure).where(enclosure.c.letter.in_(letters)))
    for table in (outbox, attachment, article, message_ref, event, mail, hook_call, telling):
        tx.execute(delete(table).where(table.c.ticket == number))
    return tx.execute(delete(ticket).where(ticket.c.number == number)).rowcount == 1


def scrub(db: Database) -> bool:
    """Write an SQLite file anew and empty its log, so that nothing deleted can be read from the disk's files.

    False where somebody was reading all the while, so that the log could not be emptied; or on a PostgreSQL, whose
    own vacuum and archives decide when deleted rows are overwritten.
    """
    if db.path is None:
        return db.dialect == "sqlite"
    db.write(words.optimize)
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("VACUUM")
    return empty_log(db)


def empty_log(db: Database) -> bool:
    """Whether what SQLite has logged, deleted rows among it, stands in no file any more."""
    if db.path is None:
        return db.dialect == "sqlite"
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
