"""Tickets as lines of JSON that another desk can take in, and mails as an mbox.

A record has the events, which are the truth, and the words; what a ticket shows is replayed from them. Numbers are
kept. Codes are not: they were made with the keys of the desk that sent them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from gateway.advance import Desk
from gateway.desk.bonds import conversation
from gateway.desk.decide import first_due, late_at, next_due
from gateway.desk.events import Event
from gateway.desk.evolve import replay
from gateway.desk.policy import Policy
from gateway.desk.ticket import Article, Ticket
from gateway.store import articles, events, mails, tickets
from gateway.store.blobs import Blobs
from gateway.store.codec import FromTheFuture, decode, encode
from gateway.store.transaction import Transaction

VERSION = 1
Json = dict[str, Any]
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


class BadRecord(ValueError):
    """It is no ticket that this desk can have."""


@dataclass(frozen=True, slots=True)
class Record:
    """A ticket as it travels. `files` are bytes by SHA-256."""

    ticket: Ticket
    events: Sequence[Event]
    articles: Sequence[Article]
    files: dict[str, bytes]


# -- tickets -----------------------------------------------------------------------------------------------------------


def record(tx: Transaction, blobs: Blobs, number: int, *, files: bool) -> Json:
    """A ticket whole; `files`: with the bytes of its attachments."""
    said = articles.of(tx, number)
    names = dict.fromkeys(ref.sha256 for article in said for ref in article.attachments) if files else {}
    return {
        "version": VERSION,
        "number": number,
        "events": [events.as_plain(event) for event in events.events_of(tx, number)],
        "articles": [encode(article) for article in said],
        "files": {sha256: base64.b64encode(blobs.get(tx, sha256)).decode() for sha256 in names},
    }


def read(given: object) -> Record:
    """What `record` made, in this program or in an older one. Raises BadRecord."""
    try:
        return _read(given)
    except FromTheFuture as error:
        raise BadRecord(str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # what JSON of another make leads to
        raise BadRecord(f"it is no ticket as gateway export writes them: {error}") from error


def take(tx: Transaction, desk: Desk, given: Record, now: datetime) -> bool:
    """Make the ticket; False where its number is taken. Raises BadRecord.

    No letter is written about it, no hook called. Attachments whose bytes are not in the record are left out.
    """
    ticket = given.ticket
    _fits(ticket, desk.policy)
    if tickets.load(tx, ticket.number, replay) is not None:
        return False
    if any(articles.get(tx, article.id) for article in given.articles):
        raise BadRecord("one of its articles is on another ticket of this desk")
    order = desk.policy.priorities[ticket.priority].order
    due = next_due(ticket, desk.policy, now)
    soonest = first_due(ticket, desk.policy)
    tickets.save(tx, ticket, given.events, due_at=due, priority_order=order, late_at=late_at(ticket), first_due=soonest)
    tickets.reserve(tx, ticket.number)
    for article in given.articles:
        there = tuple(ref for ref in article.attachments if ref.sha256 in given.files)
        articles.add(tx, desk.blobs, ticket.number, replace(article, attachments=there), given.files, now)
        articles.remember(tx, ticket.number, article.message_id)
    return True


def _read(given: Any) -> Record:
    if given["version"] != VERSION:
        raise ValueError(f"version {given['version']}, this program knows {VERSION}")
    happened = [events.of_plain(each) for each in given["events"]]
    said = [decode(Article, each) for each in given["articles"]]
    ticket = replay(happened)
    if ticket is None or ticket.number != given["number"]:
        raise ValueError("its events are not those of its number")
    if conversation(happened) != {article.id for article in said}:
        raise ValueError("its events do not tell of these articles")
    files = {sha256: base64.b64decode(data, validate=True) for sha256, data in given["files"].items()}
    if any(hashlib.sha256(data).hexdigest() != sha256 for sha256, data in files.items()):
        raise ValueError("a file is not what its hash says")
    return Record(ticket, happened, said, files)


def _fits(ticket: Ticket, policy: Policy) -> None:
    for what, word, known in (
        ("category", ticket.category, policy.categories),
        ("priority", ticket.priority, policy.priorities),
        ("mailbox", ticket.mailbox, policy.mailboxes),
    ):
        if word not in known:
            raise BadRecord(f"ticket {ticket.number}: there is no {what} {word} here")


# -- mails -------------------------------------------------------------------------------------------------------------


def mbox(tx: Transaction, blobs: Blobs, since: datetime | None) -> Iterator[bytes]:
    """Every mail whose bytes are kept, oldest first, as mboxrd: a line that begins with From gets one more >."""
    for mail in mails.kept(tx, since):
        assert mail.sha256 is not None
        raw = blobs.get(tx, mail.sha256).replace(b"\r\n", b"\n")
        sender = re.sub(r"\s", "", mail.envelope.mail_from) or "MAILER-DAEMON"
        at = mail.received_at.astimezone(UTC)
        yield f"From {sender} {at:%a %b %e %H:%M:%S %Y}\n".encode("utf-8", "replace")
        yield _FROM.sub(rb">\1", raw)
        yield b"\n" if raw.endswith(b"\n") else b"\n\n"
