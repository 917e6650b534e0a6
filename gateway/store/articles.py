"""The words of a ticket: articles and their attachments, and the Message-IDs by which customers' mails are known."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from gateway.desk.ticket import Article, AttachmentRef, Author, Visibility
from gateway.store.blobs import Blobs
from gateway.store.codec import storable
from gateway.store.dialect import insert_or_leave, insert_or_update
from gateway.store.tables import article as articles
from gateway.store.tables import attachment, message_ref

# Built once: they are on the path of every mail and every letter.
_INSERT = insert(articles)
_HAS_FILES = select(attachment.c.id).where(attachment.c.ticket == bindparam("mine")).exists().label("has_files")
_ARTICLES = select(articles, _HAS_FILES).where(articles.c.ticket == bindparam("mine")).order_by(articles.c.position)
_FILES = select(attachment).where(attachment.c.ticket == bindparam("mine")).order_by(attachment.c.id)
_LAST_FILE = select(func.max(attachment.c.id)).where(attachment.c.ticket == bindparam("mine"))
_LONGEST_ID = 200  # longer ones are kept by their hash: an index entry has a limit


def add(tx: Connection, blobs: Blobs, number: int, article: Article, data: Mapping[str, bytes], now: datetime) -> None:
    """Put `article` at the end of the conversation; `data` are the bytes of its attachments by SHA-256."""
    author = article.author
    row = {
        "id": article.id,
        "ticket": number,
        "at": article.at,
        "direction": article.direction,
        "visibility": article.visibility,
        "author_role": author.role,
        "author_name": author.name,
        "author_email": author.email,
        "author_id": author.id,
        "subject": article.subject,
        "text": article.text,
        "quoted": article.quoted,
        "message_id": None if article.message_id is None else storable(article.message_id),
        "mail_id": article.mail_id,
        "reached": list(article.reached),
    }
    tx.execute(_INSERT, row)
    if article.attachments:
        blobs.put(tx, (data[ref.sha256] for ref in article.attachments), now)
        tx.execute(insert(attachment), [_attachment_row(number, article.id, ref) for ref in article.attachments])


def of(tx: Connection, number: int) -> tuple[Article, ...]:
    """The whole conversation, oldest first."""
    rows = tx.execute(_ARTICLES, {"mine": number}).all()
    files = defaultdict(list)
    if rows and rows[0].has_files:
        for row in tx.execute(_FILES, {"mine": number}):
            files[row.article].append(_ref(row))
    return tuple(_article(row, tuple(files[row.id])) for row in rows)


def get(tx: Connection, article_id: str) -> tuple[int, Article] | None:
    """The article and the ticket it is on."""
    row = tx.execute(select(articles).where(articles.c.id == article_id)).one_or_none()
    if row is None:
        return None
    refs = tx.execute(select(attachment).where(attachment.c.article == article_id).order_by(attachment.c.id))
    return row.ticket, _article(row, tuple(_ref(each) for each in refs))


def show(tx: Connection, article_id: str, visibility: Visibility) -> None:
    """Change who may see it: a held article that was released is public."""
    tx.execute(update(articles).where(articles.c.id == article_id).values(visibility=visibility))


def take_out(tx: Connection, article_id: str) -> None:
    """With its attachments' names; the caller adds an article of the same id."""
    tx.execute(delete(attachment).where(attachment.c.article == article_id))
    tx.execute(delete(articles).where(articles.c.id == article_id))


def move(tx: Connection, articles_: Sequence[str], to: int, files: Iterable[tuple[int, int]]) -> None:
    """These articles belong to ticket `to` from now on; `files` are the numbers that their attachments had and get."""
    mine = attachment.c.article.in_(articles_)
    tx.execute(update(articles).where(articles.c.id.in_(articles_)).values(ticket=to))
    for before, after in files:
        row = update(attachment).where(mine, attachment.c.ticket != to, attachment.c.id == before)
        tx.execute(row.values(ticket=to, id=after))


def take_over(tx: Connection, number: int, article: Article) -> None:
    """An article that is on another ticket is the first of this one: seen by whom, by whom, with which attachments."""
    mine = articles.c.id == article.id
    seen = {"ticket": number, "visibility": article.visibility, "author_role": article.author.role}
    tx.execute(update(articles).where(mine).values(**seen))
    files = attachment.c.article == article.id
    before = tx.execute(select(attachment.c.id).where(files).order_by(attachment.c.id)).scalars().all()
    for old, ref in zip(before, article.attachments, strict=True):
        row = update(attachment).where(files, attachment.c.ticket != number, attachment.c.id == old)
        tx.execute(row.values(ticket=number, id=ref.id))


def know_elsewhere(tx: Connection, message_id: str, before: int, number: int) -> None:
    """A mail that names `message_id` belongs to ticket `number` from now on, and no longer to `before`."""
    gone = (message_ref.c.message_id == ref_key(message_id), message_ref.c.ticket == before)
    tx.execute(delete(message_ref).where(*gone))
    remember(tx, number, message_id)


def next_attachment(tx: Connection, number: int) -> int:
    """The id that the next attachment of this ticket gets."""
    return int(tx.execute(_LAST_FILE, {"mine": number}).scalar_one() or 0) + 1


def attachments_of(tx: Connection, number: int) -> tuple[AttachmentRef, ...]:
    return tuple(_ref(row) for row in tx.execute(_FILES, {"mine": number}))


def elsewhere(tx: Connection, number: int, hashes: Collection[str]) -> frozenset[str]:
    """Which of these files are on another ticket, too."""
    if not hashes:
        return frozenset()
    others = select(attachment.c.sha256).where(attachment.c.sha256.in_(hashes), attachment.c.ticket != number)
    return frozenset(tx.execute(others.distinct()).scalars())


def remember(tx: Connection, number: int, own: str | None, mentioned: Iterable[str] = ()) -> None:
    """From now on a mail that names `own` (a customer's Message-ID), or one that it mentions, belongs to `number`."""
    others = dict.fromkeys(ref_key(each) for each in mentioned)
    insert_or_leave(
        tx,
        message_ref,
        [{"message_id": key, "ticket": number, "kind": "mentioned"} for key in others],
        keys=("message_id", "ticket"),
    )
    if own:
        row = {"message_id": ref_key(own), "ticket": number, "kind": "customer"}
        insert_or_update(tx, message_ref, [row], keys=("message_id", "ticket"), change=("kind",))


def ref_key(message_id: str) -> str:
    """What a Message-ID is kept and looked up as."""
    plain = storable(message_id)
    return plain if len(plain) <= _LONGEST_ID else "sha256:" + hashlib.sha256(plain.encode()).hexdigest()


def _attachment_row(number: int, article_id: str, ref: AttachmentRef) -> dict[str, object]:
    return {
        "ticket": number,
        "id": ref.id,
        "article": article_id,
        "name": ref.name,
        "content_type": ref.content_type,
        "size": ref.size,
        "sha256": ref.sha256,
        "inline": ref.inline,
        "content_id": ref.content_id,
    }


def _ref(row: Row[Any]) -> AttachmentRef:
    return AttachmentRef(row.id, row.name, row.content_type, row.size, row.sha256, row.inline, row.content_id)


def _article(row: Row[Any], refs: tuple[AttachmentRef, ...]) -> Article:
    return Article(
        id=row.id,
        at=row.at,
        direction=row.direction,
        visibility=row.visibility,
        author=Author(row.author_role, row.author_name, row.author_email, row.author_id),
        subject=row.subject,
        text=row.text,
        quoted=row.quoted,
        message_id=row.message_id,
        mail_id=row.mail_id,
        attachments=refs,
        reached=tuple(row.reached),
    )
