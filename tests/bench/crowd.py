"""A desk with very many tickets, written straight into its database: what lists and searches are measured on."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.desk.events import ArticleAdded, Event, FirstResponse, StatusChanged, TicketOpened
from gateway.desk.ticket import Article, Author
from gateway.store import articles, tickets
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from tests.store.samples import ticket_of

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
WORDS = (
    "export import invoice error printer login password order customer screen button report month fails slow again "
    "never always since update yesterday browser window table number address delivery payment account server mail "
    "please thanks question file attached save print open close page list search wrong missing empty double total"
).split()
RARE = 1_000  # one ticket in so many speaks of a walrus


def fill(db: Database, blobs: Blobs, count: int, *, closed: int = 0) -> None:
    """Tickets 1 to `count` with two messages each, the first `closed` of them closed: copies of two real ones."""
    for number, done in ((1, True), (2, False)):
        db.write(_one, blobs, number, closed=done)
    assert db.path is not None
    _multiply(db.path, count, closed)


def _one(tx: object, blobs: Blobs, number: int, *, closed: bool) -> None:
    later = BEGIN + timedelta(hours=1)
    events: list[Event] = [
        TicketOpened(
            at=BEGIN, by="requester", number=number, mailbox="support", subject="Trouble with order",
            requester_name="Customer", requester_email="customer@customer.example", category="question",
            priority="medium",
        ),
        ArticleAdded(at=BEGIN, by="requester", article=f"a{number}", direction="in", visibility="public"),
        ArticleAdded(at=later, by="agent:ana", article=f"b{number}", direction="out", visibility="public"),
        StatusChanged(at=later, by="agent:ana", before="new", after="closed" if closed else "open"),
        FirstResponse(at=later, by="agent:ana"),
    ]  # fmt: skip
    tickets.save(tx, ticket_of(events), events, due_at=None, priority_order=2)  # type: ignore[arg-type]
    for side in "ab":
        author = Author("requester", "Customer", "customer@customer.example")
        said = Article(f"{side}{number}", BEGIN, "in", "public", author, "Trouble with order", "")
        articles.add(tx, blobs, number, said, {}, BEGIN)  # type: ignore[arg-type]


def _multiply(path: Path, count: int, closed: int) -> None:
    """In SQL, as 100,000 times the way of a mail would take minutes."""
    text = " ".join(random.Random(7).choices(WORDS, k=20_000))
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("BEGIN")
        db.execute("CREATE TEMP TABLE made (number INTEGER PRIMARY KEY, source INTEGER)")
        db.executemany("INSERT INTO made VALUES (?, ?)", ((n, 1 if n <= closed else 2) for n in range(3, count + 1)))
        own = {"number": "made.number", "priority_order": "made.number % 4", "requester_email": _EMAIL,
               "subject": "'Trouble with order ' || made.number", "snapshot": _SNAPSHOT}  # fmt: skip
        db.execute(copied(db, "ticket", "number", own))
        db.execute(copied(db, "event", "ticket", {"id": "NULL", "ticket": "made.number", "data": _DATA}))
        words = f"substr(?, 1 + made.number * 97 % {len(text) - 400}, 400)"
        walrus = f"CASE made.number % {RARE} WHEN 0 THEN ' walrus' ELSE '' END"
        own = {"position": "NULL", "ticket": "made.number", "id": "substr(from_.id, 1, 1) || made.number",
               "author_email": _EMAIL, "text": f"{words} || {walrus}"}  # fmt: skip
        db.execute(copied(db, "article", "ticket", own), (text,))
        db.execute("COMMIT")


_EMAIL = "'c' || (made.number % 9000) || '@customer.example'"
_SUBJECT = "'$.subject', 'Trouble with order ' || made.number"
_SNAPSHOT = f"json_set(from_.snapshot, '$.number', made.number, {_SUBJECT}, '$.requester.email', {_EMAIL})"
_DATA = (
    f"CASE seq WHEN 1 THEN json_set(data, '$.number', made.number, {_SUBJECT}, '$.requester_email', {_EMAIL}) "
    "WHEN 4 THEN data WHEN 5 THEN data ELSE json_set(data, '$.article', substr('ab', seq - 1, 1) || made.number) END"
)


def copied(db: sqlite3.Connection, table: str, key: str, own: dict[str, str]) -> str:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    chosen = ", ".join(own.get(each, f"from_.{each}") for each in columns)
    return f"INSERT INTO {table} SELECT {chosen} FROM made JOIN {table} AS from_ ON from_.{key} = made.source"
