"""What of a mail is kept: its article with its files, the ids it is known by, and what it proves of its sender."""

from __future__ import annotations

from datetime import datetime

from gateway.advance import NewId
from gateway.desk.ticket import Article, AttachmentRef, Author, AuthorRole, Direction, Visibility
from gateway.intake.reading import Reading
from gateway.intake.verdict import Verdict
from gateway.store import articles, people
from gateway.store.mails import SpooledMail
from gateway.store.transaction import Transaction


def article_of(
    tx: Transaction,
    mail: SpooledMail,
    reading: Reading,
    verdict: Verdict,
    new_id: NewId,
    direction: Direction,
    visibility: Visibility,
    agent: str = "",
) -> Article:
    """The mail as an article; its files are numbered on from the ticket's others."""
    message = reading.message
    opens = verdict.decision in ("new_ticket", "follow_up") or verdict.ticket is None
    first = 1 if opens or verdict.ticket is None else articles.next_attachment(tx, verdict.ticket)
    sender = reading.sender or (message.from_[0] if message.from_ else None)
    roles: dict[str, AuthorRole] = {
        "requester": "requester", "alias": "requester", "participant": "participant", "agent": "agent",
    }  # fmt: skip
    claimed = verdict.sender_role == "agent" and not verdict.proven
    role = "stranger" if claimed else roles.get(verdict.sender_role, "stranger")
    return Article(
        id=new_id(),
        at=mail.received_at,
        direction=direction,
        visibility=visibility,
        author=Author(role, sender.name if sender else "", sender.email if sender else "", agent),
        subject=message.subject,
        text=reading.parts.reply,
        quoted=reading.parts.quoted,
        message_id=message.message_id,
        mail_id=mail.id,
        attachments=tuple(
            AttachmentRef(
                id=number,
                name=each.name,
                content_type=each.content_type,
                size=each.size,
                sha256=each.sha256,
                inline=each.inline,
                content_id=each.content_id,
            )
            for number, each in enumerate(message.attachments, start=first)
        ),
    )


def files_of(reading: Reading) -> dict[str, bytes]:
    """The bytes of the attachments, by SHA-256."""
    return {each.sha256: each.data for each in reading.message.attachments}


def remember(tx: Transaction, reading: Reading, number: int) -> None:
    """The mail's own id, and the ids it mentions: a sibling that answers one of those belongs here too."""
    message = reading.message
    articles.remember(tx, number, message.message_id, (*message.in_reply_to, *message.references))


def learn(tx: Transaction, reading: Reading, verdict: Verdict, number: int | None, now: datetime) -> None:
    """A code that came back from the address it was issued to proves that the address reads its mail."""
    if number is None:
        return
    remember(tx, reading, number)
    match = verdict.match
    if match.strong and not match.retired and reading.sender and match.issued_to == reading.sender.email:
        people.mark_proven(tx, reading.sender.email, now)
