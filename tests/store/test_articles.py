import hashlib
from pathlib import Path

import pytest
from sqlalchemy import update

from gateway.desk.ticket import AttachmentRef
from gateway.store import articles, facts, tickets
from gateway.store.blobs import BlobDamaged, Blobs
from gateway.store.database import Database
from gateway.store.tables import blob
from tests.store.samples import T0, article, ticket_of, worked

SHORT, LONG = b"a short file", b"a long file" * 10_000


@pytest.fixture
def number(db: Database) -> int:
    db.write(tickets.save, ticket_of(worked(1000)), worked(1000), due_at=None, priority_order=2)
    return 1000


def refs(*files: bytes, first: int = 1) -> tuple[tuple[AttachmentRef, ...], dict[str, bytes]]:
    named = {hashlib.sha256(data).hexdigest(): data for data in files}
    made = (
        AttachmentRef(n, f"file-{n}.pdf", "application/pdf", len(data), sha256, content_id="logo" if n == 2 else None)
        for n, (sha256, data) in enumerate(named.items(), first)
    )
    return tuple(made), named


def test_a_conversation_comes_back_in_its_order_with_its_files(db: Database, blobs: Blobs, number: int) -> None:
    attached, data = refs(SHORT, LONG)
    first, second = article("b", attachments=attached), article("a", direction="out", quoted="> and so on")
    db.write(articles.add, blobs, number, first, data, T0)
    db.write(articles.add, blobs, number, second, {}, T0)
    with db.snapshot() as tx:
        assert articles.of(tx, number) == (first, second)
        assert articles.get(tx, "b") == (number, first)
        assert articles.next_attachment(tx, number) == 3
        assert [blobs.get(tx, ref.sha256) for ref in articles.attachments_of(tx, number)] == [SHORT, LONG]


def test_a_file_that_was_staged_is_not_written_again(db: Database, blobs: Blobs, number: int) -> None:
    attached, data = refs(LONG)
    blobs.stage(data.values())
    path = blobs.path(attached[0].sha256)
    before = path.stat().st_ino
    db.write(articles.add, blobs, number, article("a", attachments=attached), data, T0)
    assert path.stat().st_ino == before


def test_a_released_article_is_seen_by_all(db: Database, blobs: Blobs, number: int) -> None:
    db.write(articles.add, blobs, number, article("a", visibility="held"), {}, T0)
    db.write(articles.show, "a", "public")
    with db.snapshot() as tx:
        assert [each.visibility for each in articles.of(tx, number)] == ["public"]


@pytest.mark.parametrize("data", [SHORT, LONG])
def test_bytes_that_are_not_what_was_given_are_not_handed_out(
    db: Database, blobs: Blobs, number: int, data: bytes
) -> None:
    attached, named = refs(data)
    db.write(articles.add, blobs, number, article("a", attachments=attached), named, T0)
    path: Path = blobs.path(attached[0].sha256)
    if path.exists():
        path.write_bytes(data[:-1] + b"!")
    with db.transaction() as tx:
        tx.execute(update(blob).where(blob.c.data.is_not(None)).values(data=b"!"))
    with db.snapshot() as tx, pytest.raises(BlobDamaged):
        blobs.get(tx, attached[0].sha256)


def test_an_id_that_was_mentioned_first_and_came_later_is_the_customers(db: Database, number: int) -> None:
    long = f"<{'x' * 900}@customer.example>"
    db.write(articles.remember, number, "<b@c.example>", ["<a@c.example>", long])
    db.write(articles.remember, number, "<a@c.example>", ["<b@c.example>"])
    with db.snapshot() as tx:
        known = facts.known_ids(tx, [long, "<a@c.example>", "<b@c.example>", "<never@c.example>"])
    assert [(each.message_id, each.ticket, each.kind) for each in known] == [
        (long, number, "mentioned"),
        ("<a@c.example>", number, "customer"),
        ("<b@c.example>", number, "customer"),
    ]
