"""A ticket and what hangs on it: frozen values, changed only by `evolve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Status = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
Direction = Literal["in", "out", "internal"]
Visibility = Literal["public", "private", "held"]
AuthorRole = Literal["requester", "participant", "agent", "stranger", "gateway"]
ParticipantRole = Literal["cc", "alias"]
LinkKind = Literal["follow_up_of", "related", "merged_into", "split_from"]
Channel = Literal["mail", "phone", "chat", "forum", "web"]
MOST_MERGES = 10  # a merge of merges is followed so far
ClockName = Literal["first_response", "assignment", "resolution", "escalation"]


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

    Both are None where no timeframe can be given. `promised`: an agent gave `by`, it is no guideline. `implied`: by
    what happened to the ticket; nobody named the phase.
    """

    phase: str
    entered: datetime
    first: datetime | None = None
    by: datetime | None = None
    promised: bool = False
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A budget of time that ends at `due`; of a range `first` is its earlier end. `priority` is the one it is for.

    `started` is moved by the time it stood still. `business`: it counts open time. `left`, `warn_left` are seconds (of
    open time, where it counts that) until due and warning while it stands still, else None. `warn` None: no warning is
    to come. `missed`: when it was found late. `stopped`: when what it waits for was done.
    """

    name: ClockName
    priority: str
    started: datetime
    due: datetime
    first: datetime | None = None
    warn: datetime | None = None
    business: bool = False
    left: int | None = None
    warn_left: int | None = None
    missed: datetime | None = None
    stopped: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.left is None and self.stopped is None


@dataclass(frozen=True, slots=True)
class Ladder:
    """While we wait for the customer: `sent` reminders so far, those `coming`, and when the ticket closes, if it will.

    The first letter of it went out at `since`.
    """

    since: datetime
    coming: tuple[datetime, ...] = ()
    closes: datetime | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """A date that an agent gave. `warned`: 1 before it, 2 at it. `apology`: when it is admitted that it was missed."""

    by: datetime
    warn: datetime
    apology: datetime
    warned: int = 0
    admitted: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What its customer was told last as one of many: when, in which article, and the mark of those words. `own`: each
    was told it in words of their own."""

    at: datetime
    article: str
    words: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What work takes, for the customer to decide on. `amount` as the agent wrote it, or ""; `by` "agent:ana".

    `replaces`: it took the place of another one. `number` counts the quotes of the ticket, from 1. `asked`: when the
    customer was asked for it anew, having answered an older letter.
    """

    at: datetime
    by: str
    minutes: int
    amount: str = ""
    replaces: bool = False
    number: int = 1
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    kind: LinkKind
    number: int


@dataclass(frozen=True, slots=True)
class Veil:
    """`articles` came from another ticket, where `readers` (addresses) did not see them: here they do not either."""

    articles: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absorption:
    """Ticket `number` was merged into this one. `articles` are those of it that are here, `files` the numbers that its
    attachments had there and have here, `minutes` its working time, `brought` the tickets merged into it before,
    `tags` what this ticket is tagged with because of it.
    """

    number: int
    articles: tuple[str, ...] = ()
    files: tuple[tuple[int, int], ...] = ()
    minutes: int = 0
    brought: tuple[int, ...] = ()
    veils: tuple[Veil, ...] = ()
    tags: tuple[str, ...] = ()


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
    """One message of the conversation. `text` is its new part, `quoted` what it quotes, `message_id` the mail's own.

    `reached`: those on the ticket whom an agent's own mail went to, so that no letter has to bring it.
    """

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
    reached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What `replay` makes of a ticket's events.

    `subject` is the customer's, without token or Re:. `steps` are the phases entered, oldest first; the last is the
    present one. `last_in`, `last_out`: the last public article from outside and from us. `away_until`: the requester's
    absence note named that day. `machine`: no person has written on it yet.

    `told_at`: when the customer last heard news from us; `update_asked`: the assignee was asked for some since then.
    `answered`: somebody of ours took it up since it came to this tier. `touched_at`: when one of us last did anything,
    `stale` the reminders since then, the last at `stale_at`. `late_phase`: its timeframe has passed, and was told.
    `muted`: the agents who want to hear no more of it. `offered_until`: the end of the assignee's absence that the team
    was told of. `problem`: the cause that it shares with other tickets, as agents call it. `quote`: the one that is
    open, of `quotes` so far. `absorbed`: what was merged into this one. `reopened`: how often it was.
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
    problem: str | None = None
    heard: Heard | None = None
    minutes_spent: int = 0
    rating: int | None = None
    acknowledged: bool = False
    machine: bool = False
    clocks: tuple[Clock, ...] = ()
    ladder: Ladder | None = None
    promise: Promise | None = None
    late_phase: bool = False
    told_at: datetime | None = None
    update_asked: bool = False
    answered: bool = False
    touched_at: datetime | None = None
    stale: int = 0
    stale_at: datetime | None = None
    snoozed_until: datetime | None = None
    away_until: date | None = None
    offered_until: date | None = None
    rating_comment: str = ""
    undelivered: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()
    quote: Quote | None = None
    quotes: int = 0
    absorbed: tuple[Absorption, ...] = ()
    reopened: int = 0
    version: int = field(default=0)

    @property
    def step(self) -> Step | None:
        return self.steps[-1] if self.steps else None

    @property
    def phase(self) -> str:
        return self.steps[-1].phase if self.steps else ""

    def clock(self, name: ClockName) -> Clock | None:
        return next((clock for clock in self.clocks if clock.name == name), None)

    @property
    def late_since(self) -> datetime | None:
        """When the first of its targets was missed; None: none was."""
        return min((clock.due for clock in self.clocks if clock.missed and clock.name != "escalation"), default=None)

    @property
    def reachable(self) -> bool:
        """Letters that nobody asked for may go to the requester: a person, whom our mail reaches."""
        return not self.machine and self.requester.email not in self.undelivered

    @property
    def undecided(self) -> bool:
        """It is on hold until the customer decides on a quote, and has not asked us something about it since."""
        if self.quote is None or self.status != "on_hold":
            return False
        ours = max(self.quote.asked or self.quote.at, self.last_out or self.quote.at)
        return self.last_in is None or self.last_in <= ours

    @property
    def merged_into(self) -> int | None:
        return next((link.number for link in self.links if link.kind == "merged_into"), None)

    @property
    def letters_of(self) -> tuple[int, ...]:
        """The tickets on which letters about its articles were written: itself, and those merged into it."""
        return (self.number, *(number for each in self.absorbed for number in (each.number, *each.brought)))

    def hidden_from(self, email: str) -> frozenset[str]:
        """The articles that this reader (address in normal form) did not see before tickets were merged."""
        veils = (veil for each in self.absorbed for veil in each.veils if email in veil.readers)
        return frozenset(article for veil in veils for article in veil.articles)

    def role_of(self, email: str) -> Literal["requester", "participant", "alias", "stranger"]:
        """What `email` (normal form) is to this ticket; agents are known to the policy, not here."""
        if email == self.requester.email:
            return "requester"
        for participant in self.participants:
            if participant.email == email:
                return "alias" if participant.role == "alias" else "participant"
        return "stranger"


def agent_in(by: str) -> str:
    """The agent's id in a mark such as "agent:ana"; "" where it is somebody else's."""
    return by.removeprefix("agent:") if by.startswith("agent:") else ""


def article_mark(article: Article) -> str:
    """Who wrote, for logs and events: "requester", "agent:ana", an address for others."""
    author = article.author
    if author.role == "agent":
        return f"agent:{author.id}"
    return author.role if author.role in ("requester", "gateway") else author.email
