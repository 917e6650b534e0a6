"""A ticket and what hangs on it: frozen values, changed only by `evolve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Status = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
Direction = Literal["in", "out", "internal"]
Visibility = Literal["public", "private", "held"]
AuthorRole = Literal["requester", "participant", "agent", "stranger", "gateway"]
ParticipantRole = Literal["cc", "alias"]
LinkKind = Literal["follow_up_of", "related", "merged_into", "split_from"]
Channel = Literal["mail", "phone", "chat", "forum", "web"]


@dataclass(frozen=True, slots=True)
class Person:
    """`email` is in normal form; `name` is what they call themselves, cleaned to one line, or ""."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Role "cc" reads along with letters of their own; "alias" is another address of the requester."""

    name: str
    email: str
    role: ParticipantRole = "cc"


@dataclass(frozen=True, slots=True)
class Step:
    """A phase that was entered. `first` and `by` are the ends of its expected range, as computed at that moment.

    Both are None where no timeframe can be given. `promised`: an agent gave `by`, it is no guideline.
    """

    phase: str
    entered: datetime
    first: datetime | None = None
    by: datetime | None = None
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    kind: LinkKind
    number: int


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """`id` counts from 1 within the ticket. The bytes are in the store, by `sha256`."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """`id` is the agent's id where an agent wrote."""

    role: AuthorRole
    name: str
    email: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One message of the conversation. `text` is its new part, `quoted` what it quotes, `message_id` the mail's own."""

    id: str
    at: datetime
    direction: Direction
    visibility: Visibility
    author: Author
    subject: str
    text: str
    quoted: str = ""
    message_id: str | None = None
    mail_id: str | None = None
    attachments: tuple[AttachmentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What `replay` makes of a ticket's events.

    `subject` is the customer's, without token or Re:. `steps` are the phases entered, oldest first; the last is the
    present one. `asked`: when we last asked the customer something. `last_in`, `last_out`: the last public article
    from outside and from us. `away_until`: the requester's absence note named that day.
    """

    number: int
    mailbox: str
    subject: str
    status: Status
    category: str
    priority: str
    requester: Person
    created_at: datetime
    updated_at: datetime
    steps: tuple[Step, ...] = ()
    participants: tuple[Participant, ...] = ()
    team: str | None = None
    assignee: str | None = None
    tier: str | None = None
    organisation: str | None = None
    language: str = "en"
    channel: Channel = "mail"
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    status_since: datetime | None = None
    last_in: datetime | None = None
    last_out: datetime | None = None
    first_response_at: datetime | None = None
    close_due: datetime | None = None
    external_ref: str | None = None
    minutes_spent: int = 0
    rating: int | None = None
    acknowledged: bool = False
    undelivered: tuple[str, ...] = ()
    version: int = field(default=0)

    @property
    def step(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def phase(self) -> str:
        return self.steps[-1].phase if self.steps else ""

    @property
    def merged_into(self) -> int | None:
        return next((link.number for link in self.links if link.kind == "merged_into"), None)

    def role_of(self, email: str) -> Literal["requester", "participant", "alias", "stranger"]:
        """What `email` (normal form) is to this ticket; agents are known to the policy, not here."""
        if email == self.requester.email:
            return "requester"
        for participant in self.participants:
            if participant.email == email:
                return "alias" if participant.role == "alias" else "participant"
        return "stranger"


def article_mark(article: Article) -> str:
    """Who wrote, for logs and events: "requester", "agent:ana", an address for others."""
    author = article.author
    if author.role == "agent":
        return f"agent:{author.id}"
    return author.role if author.role in ("requester", "gateway") else author.email
