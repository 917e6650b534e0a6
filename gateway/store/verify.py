"""Is what we promised to keep still there and still true? Reads everything, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, text

from gateway.desk.bonds import conversation
from gateway.desk.events import Event
from gateway.desk.ticket import Ticket
from gateway.store import words
from gateway.store.blobs import BlobDamaged, Blobs
from gateway.store.codec import FromTheFuture
from gateway.store.events import events_of
from gateway.store.tables import article, blob, mail, ticket
from gateway.store.tickets import Replay, projection

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """`where` names the thing ("ticket 1042", "blob 3a7b…"), `what` says what is wrong with it."""

    where: str
    what: str


def verify(tx: Connection, blobs: Blobs, replay: Replay) -> Iterator[Difference]:
    """Everything that is not as it should be, as it is found."""
    yield from _database(tx)
    yield from _tickets(tx, replay)
    yield from _mails(tx)
    yield from _blobs(tx, blobs)


def _database(tx: Connection) -> Iterator[Difference]:
    if tx.dialect.name != "sqlite":
        return  # PostgreSQL checks its references itself, and its pages by checksums
    for (said,) in tx.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Difference("database", said)
    for row in tx.execute(text("PRAGMA foreign_key_check")):
        yield Difference("database", f"row {row[1]} of {row[0]} refers to a {row[2]} that is not there")
    for name in words.damaged(tx):
        yield Difference("database", f"{name}, by which words are found, does not know what its table knows")


def _tickets(tx: Connection, replay: Replay) -> Iterator[Difference]:
    last = 0
    wanted = select(ticket).order_by(ticket.c.number).limit(_PAGE)
    while rows := tx.execute(wanted.where(ticket.c.number > last)).all():
        for row in rows:
            for what in _of_ticket(tx, row, replay):
                yield Difference(f"ticket {row.number}", what)
        last = rows[-1].number


def _of_ticket(tx: Connection, row: Row[tuple[object, ...]], replay: Replay) -> Iterator[str]:
    number = int(row._mapping["number"])
    try:
        events = events_of(tx, number)
        shown = replay(events)
    except (FromTheFuture, ValueError) as error:
        yield f"its events cannot be replayed: {error}"
        return
    if shown is None:
        yield "it has no events"
        return
    yield from _unlike(row, shown)
    yield from _words_missing(tx, number, events)


def _unlike(row: Row[tuple[object, ...]], shown: Ticket) -> Iterator[str]:
    for name, value in projection(shown).items():
        if row._mapping[name] != value:
            yield f"{name} is {row._mapping[name]!r}, its events say {value!r}"


def _words_missing(tx: Connection, number: int, events: list[Event]) -> Iterator[str]:
    added = conversation(events)
    there = set(tx.execute(select(article.c.id).where(article.c.ticket == number)).scalars())
    yield from (f"article {each} was added, and its words are missing" for each in sorted(added - there))
    yield from (f"article {each} is there, and no event added it" for each in sorted(there - added))


def _mails(tx: Connection) -> Iterator[Difference]:
    """Every mail is somewhere: it waits with its bytes, or what was made of it exists."""
    rawless = select(mail.c.id).where(mail.c.state == "pending", mail.c.sha256.is_(None))
    for mail_id in tx.execute(rawless).scalars():
        yield Difference(f"mail {mail_id}", "it waits, and its bytes are gone")
    opened = select(mail.c.id, mail.c.article).outerjoin(article, article.c.id == mail.c.article)
    for row in tx.execute(opened.where(mail.c.state == "done", mail.c.article.is_not(None), article.c.id.is_(None))):
        yield Difference(f"mail {row.id}", f"it became article {row.article}, which is not there")


def _blobs(tx: Connection, blobs: Blobs) -> Iterator[Difference]:
    last = ""
    wanted = select(blob.c.sha256).order_by(blob.c.sha256).limit(_PAGE)
    while names := tx.execute(wanted.where(blob.c.sha256 > last)).scalars().all():
        for sha256 in names:
            try:
                blobs.get(tx, sha256)
            except BlobDamaged as error:
                yield Difference(f"blob {sha256}", str(error))
        last = names[-1]
    for path in blobs.strangers(tx):
        yield Difference(f"file {path}", "no row knows it; it is swept a day after it was written")
