"""Every table, declared with SQLModel; rows are not domain types and never leave this room.

Statements on the path of a mail are Core, on `table(…)`. Column types are portable: SQLite and PostgreSQL alike, and
texts have no length, which only one of the two would check.
Instants are `UTCDateTime` (SQLModel's own for a plain `datetime`): naive ones are refused, aware UTC ones come back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMES = {  # a batch migration cannot drop a constraint without a name
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_Big = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only an INTEGER primary key


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Row(SQLModel):
    metadata = MetaData(naming_convention=NAMES)


class MailRow(Row, table=True):
    """A mail we said yes to. `key` is its identity (DUTIES §4.3), `copies` how often it came, `rcpt_tos` of all.

    `fingerprint` is that of its conversation, which loops repeat; "" until it was judged.
    """

    __tablename__ = "mail"
    __table_args__ = (
        _partial("ix_mail_pending", "received_at", "id", where="state = 'pending'"),
        Index("ix_mail_state_received_at", "state", "received_at"),
        _partial("ix_mail_fingerprint", "fingerprint", "received_at", where="fingerprint != ''"),
    )
    id: str = Field(primary_key=True)
    key: str = Field(unique=True)
    copies: int = 1
    received_at: datetime = Field(index=True)
    source: str
    mailbox: str = ""
    mail_from: str
    rcpt_tos: list[str] = Field(sa_type=JSON)
    peer: str = ""
    helo: str = ""
    tls: bool = False
    size: int = Field(sa_type=BigInteger)
    sha256: str | None = Field(default=None, index=True, foreign_key="blob.sha256")
    state: str = "pending"
    attempts: int = 0
    error: str = ""
    settled_at: datetime | None = None
    decision: str = ""
    reason: str = ""
    verdict: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    kind: str = ""
    ticket: int | None = Field(default=None, sa_type=BigInteger, index=True)
    article: str | None = None
    message_id: str | None = None
    from_email: str = ""
    subject: str = ""
    released_by: str = ""
    released_as: str = ""
    fingerprint: str = ""


class BlobRow(Row, table=True):
    """Bytes by their hash. `data` None: they are a file (see `blobs`). `put_at` is the last time they were given."""

    __tablename__ = "blob"
    sha256: str = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    data: bytes | None = Field(default=None, sa_type=LargeBinary)
    put_at: datetime


class ImapPositionRow(Row, table=True):
    """A message of an IMAP folder whose mail is committed: an optimisation, `mail.key` is the promise."""

    __tablename__ = "imap_position"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    mail: str


class ImapFolderRow(Row, table=True):
    """The first connect ever to a folder."""

    __tablename__ = "imap_folder"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    begun_at: datetime
    uidvalidity: int = Field(sa_type=BigInteger)
    uidnext: int = Field(sa_type=BigInteger)


class TicketRow(Row, table=True):
    """The projection of a ticket for searching; its events are the truth. `tags` and the like are JSON lists.

    `late_at` is when its next target is missed, `due_at` when the desk next has to look at it, `first_due` the soonest
    of what people wait for. `problem` and `task` (its external reference) are keys of names. `snapshot` is all of the
    ticket, so that a list of many needs no replay; the gateway of version `projected_by` made it.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        _partial("ix_ticket_due_at", "due_at", where="due_at IS NOT NULL"),
        _partial("ix_ticket_worked", "priority_order", "created_at", "number", where="status != 'closed'"),
        Index("ix_ticket_requester_email_created_at", "requester_email", "created_at"),
        Index("ix_ticket_assignee_status", "assignee", "status"),
        _partial("ix_ticket_problem", "problem", where="problem IS NOT NULL"),
        _partial("ix_ticket_task", "task", where="task IS NOT NULL"),
    )
    number: int = Field(primary_key=True, sa_type=_Big, sa_column_kwargs={"autoincrement": False})
    version: int
    mailbox: str
    subject: str
    status: str
    category: str
    phase: str
    priority: str
    priority_order: int
    requester_name: str
    requester_email: str
    participants: list[Any] = Field(sa_type=JSON)
    team: str | None = None
    assignee: str | None = None
    tier: str | None = None
    organisation: str | None = None
    language: str
    channel: str
    tags: list[str] = Field(sa_type=JSON)
    merged_into: int | None = Field(default=None, sa_type=BigInteger)
    problem: str | None = None
    task: str | None = None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    first_response_at: datetime | None = None
    due_at: datetime | None = None
    late_at: datetime | None = None
    first_due: datetime | None = None
    projected_by: str = ""
    machine: bool = False
    reopened: int = 0
    response_kept: bool | None = None
    resolution_kept: bool | None = None
    rating: int | None = None
    minutes_spent: int = 0
    snapshot: dict[str, Any] = Field(sa_type=JSON)


class EventRow(Row, table=True):
    """What happened on a ticket, for ever. `seq` counts from 1 within it."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("ticket", "seq"),
        _partial("ix_event_logged", "at", where="kind IN ('TimeSpent', 'Undone', 'AllowanceReached')"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=_Big)
    ticket: int = Field(sa_type=BigInteger, foreign_key="ticket.number")
    seq: int
    at: datetime
    kind: str
    by: str
    data: dict[str, Any] = Field(sa_type=JSON)


class ArticleRow(Row, table=True):
    """One message of a conversation; `position` orders them."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_ticket_position", "ticket", "position"),)
    position: int | None = Field(default=None, primary_key=True, sa_type=_Big)
    id: str = Field(unique=True)
    ticket: int = Field(sa_type=BigInteger, foreign_key="ticket.number")
    at: datetime
    direction: str
    visibility: str
    author_role: str
    author_name: str
    author_email: str
    author_id: str = ""
    subject: str
    text: str
    quoted: str = ""
    message_id: str | None = None
    mail_id: str | None = Field(default=None, index=True)
    reached: list[str] = Field(sa_type=JSON)


class AttachmentRow(Row, table=True):
    """`id` counts from 1 within the ticket."""

    __tablename__ = "attachment"
    ticket: int = Field(primary_key=True, sa_type=_Big, foreign_key="ticket.number")
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    article: str = Field(foreign_key="article.id", index=True)
    name: str
    content_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(foreign_key="blob.sha256", index=True)
    inline: bool = False
    content_id: str | None = None


class MessageRefRow(Row, table=True):
    """Message-IDs that are not ours: of customers' mails on a ticket, and those that such mails mention."""

    __tablename__ = "message_ref"
    message_id: str = Field(primary_key=True)
    ticket: int = Field(primary_key=True, sa_type=_Big, foreign_key="ticket.number", index=True)
    kind: str


class OutboxRow(Row, table=True):
    """A letter we promised. `once`: it is decided once. `letter` holds the fields that have no column of their own, and
    stands last: SQLite reads through what is large to get to what stands behind it.

    `attempts` and `next_attempt` are written before each try, so that a crash in the middle of one cannot repeat it
    at once. `trying` is the gateway that has it in hand. `merged_by`: the `once` of the letter that says it all.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        _partial("ix_outbox_due", "next_attempt", where="state IN ('waiting', 'queued', 'sending')"),
        _partial("ix_outbox_answered", "sent_at", where="auto_submitted = 'auto-replied'"),
        Index("ix_outbox_ticket_recipient", "ticket", "recipient"),
        Index("ix_outbox_recipient_auto_submitted_date", "recipient", "auto_submitted", "date"),
        Index("ix_outbox_state_date", "state", "date"),
        Index("ix_outbox_sent_at", "sent_at"),
    )
    id: str = Field(primary_key=True)
    once: str = Field(unique=True)
    message_id: str = Field(unique=True)
    ticket: int | None = Field(default=None, sa_type=BigInteger)
    article: str | None = None
    name: str
    recipient: str
    subject: str
    auto_submitted: str
    date: datetime
    not_before: datetime
    state: str
    attempts: int = 0
    next_attempt: datetime
    trying: str = ""
    merged_by: str = ""
    last_code: int | None = None
    last_text: str = ""
    sent_at: datetime | None = None
    letter: dict[str, Any] = Field(sa_type=JSON)


class EnclosureRow(Row, table=True):
    """Which bytes a letter needs, so that no sweep takes them away."""

    __tablename__ = "enclosure"
    letter: str = Field(primary_key=True, foreign_key="outbox.id")
    sha256: str = Field(primary_key=True, foreign_key="blob.sha256", index=True)


class HookCallRow(Row, table=True):
    """A call of a hook because of the `seq`th event of a ticket. `said` is what the program printed last."""

    __tablename__ = "hook_call"
    __table_args__ = (_partial("ix_hook_call_waiting", "next_attempt", "id", where="state = 'waiting'"),)
    id: str = Field(primary_key=True)
    hook: str
    ticket: int = Field(sa_type=BigInteger, index=True)
    seq: int
    name: str
    at: datetime
    state: str
    attempts: int
    next_attempt: datetime
    said: str


class TellingRow(Row, table=True):
    """What an agent does on a ticket together with others, and is still to be done. `telling` is the same for all."""

    __tablename__ = "telling"
    __table_args__ = (Index("ix_telling_due_at_id", "due_at", "id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=_Big)
    telling: str = Field(index=True)
    ticket: int = Field(sa_type=BigInteger, index=True)
    due_at: datetime
    act: dict[str, Any] = Field(sa_type=JSON)


class PersonRow(Row, table=True):
    """An address we have met. `proven_at`: a code that was issued to it came back from it.

    `suppressed_at`: since when no automatic letter goes there, and `suppressed_why` in words.
    """

    __tablename__ = "person"
    email: str = Field(primary_key=True)
    name: str = ""
    language: str = ""
    proven_at: datetime | None = None
    hard_bounces: int = 0
    blocked: bool = False
    suppressed_at: datetime | None = None
    suppressed_why: str = ""


class KeyRow(Row, table=True):
    __tablename__ = "key"
    id: str = Field(primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)
    made_at: datetime
    retired_at: datetime | None = None


class CounterRow(Row, table=True):
    """`value` is the last one given out."""

    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int = Field(sa_type=BigInteger)


class PauseRow(Row, table=True):
    """What is paused: "in", "out" or "timers"; no row, no pause."""

    __tablename__ = "pause"
    what: str = Field(primary_key=True)
    since: datetime
    by: str = ""


METADATA = Row.metadata


def table(row: type[Row]) -> Table:
    return METADATA.tables[str(row.__tablename__)]


mail = table(MailRow)
blob = table(BlobRow)
imap_position = table(ImapPositionRow)
imap_folder = table(ImapFolderRow)
ticket = table(TicketRow)
event = table(EventRow)
article = table(ArticleRow)
attachment = table(AttachmentRow)
message_ref = table(MessageRefRow)
outbox = table(OutboxRow)
enclosure = table(EnclosureRow)
hook_call = table(HookCallRow)
telling = table(TellingRow)
person = table(PersonRow)
key = table(KeyRow)
counter = table(CounterRow)
pause = table(PauseRow)
