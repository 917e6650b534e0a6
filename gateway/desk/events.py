"""Events: what is true once a cause (`causes`) has reached the desk.

Events are what the store keeps for ever: fields are added with defaults, never renamed, and a class is never removed.
They carry results, not recipes (DESIGN law 2): a date computed from a calendar stands in the event as that date.
Every event says when (`at`, UTC) and by whom (`by`: "requester", "agent:ana", "gateway", or a participant's address).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.events_bonds import BondEvent
from gateway.desk.events_problem import ProblemEvent
from gateway.desk.events_quote import QuoteEvent
from gateway.desk.events_time import TimeEvent
from gateway.desk.events_told import ToldEvent
from gateway.desk.ticket import Channel, LinkKind, ParticipantRole, Status, Ticket

# -- events ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened:
    at: datetime
    by: str
    number: int
    mailbox: str
    subject: str
    requester_name: str
    requester_email: str
    category: str
    priority: str
    language: str = "en"
    channel: Channel = "mail"
    team: str | None = None
    tier: str | None = None
    organisation: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAdded:
    """`article` is its id; the words are the store's. `machine`: no person wrote it, so it moves nothing. `reached`:
    who has it already, from its writer."""

    at: datetime
    by: str
    article: str
    direction: str
    visibility: str
    machine: bool = False
    reached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReleased:
    """A held article became part of the conversation."""

    at: datetime
    by: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """`close_due`: when a solved ticket will be closed, if it will."""

    at: datetime
    by: str
    before: Status
    after: Status
    close_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseEntered:
    """`expected_from`, `expected_by`: the ends of the phase's timeframe, computed now. `promised`: an agent's date.
    `implied`: by what happened, nobody named it."""

    at: datetime
    by: str
    phase: str
    expected_from: datetime | None = None
    expected_by: datetime | None = None
    promised: bool = False
    implied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChanged:
    at: datetime
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    at: datetime
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged:
    at: datetime
    by: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """`assignee` None: nobody any more. `automatic`: the desk chose. `again`: they took up what was theirs already."""

    at: datetime
    by: str
    assignee: str | None
    automatic: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectChanged:
    at: datetime
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChanged:
    at: datetime
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    at: datetime
    by: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Untagged:
    at: datetime
    by: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdded:
    at: datetime
    by: str
    name: str
    email: str
    role: ParticipantRole = "cc"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRemoved:
    at: datetime
    by: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    at: datetime
    by: str
    link: LinkKind
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstResponse:
    """Somebody of ours answered (or took it, where the desk counts that): stops the clock."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSuspected:
    """A mail named a ticket without proof: for the team's eyes, it moves nothing and the sender learns nothing."""

    at: datetime
    by: str
    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed:
    """`letter` is the outbox id of the letter that did not reach `recipient`; `status` an RFC 3463 code."""

    at: datetime
    by: str
    letter: str
    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineMailFiled:
    """A machine's mail on the ticket and what it was: "receipt", "auto_reply out_of_office", "bounce relayed"…"""

    at: datetime
    by: str
    sort: str
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWithheld:
    """A letter that would have gone out did not, and why: a limit, or a sender who must not be answered."""

    at: datetime
    by: str
    letter: str
    recipient: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    at: datetime
    by: str
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """An agent took back their last `events` events, whose letters had not left: the ticket is as it was `before`."""

    at: datetime
    by: str
    events: int
    before: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForgotten:
    """Who somebody on the ticket was, and what they wrote, was taken out of everything before this."""

    at: datetime
    by: str


Event = (
    TicketOpened
    | ArticleAdded
    | ArticleReleased
    | StatusChanged
    | PhaseEntered
    | CategoryChanged
    | PriorityChanged
    | TeamChanged
    | Assigned
    | SubjectChanged
    | LanguageChanged
    | Tagged
    | Untagged
    | ParticipantAdded
    | ParticipantRemoved
    | Linked
    | FirstResponse
    | RelationSuspected
    | DeliveryFailed
    | MachineMailFiled
    | LetterWithheld
    | Acknowledged
    | Undone
    | PersonForgotten
    | ProblemEvent
    | QuoteEvent
    | AllowanceReached
    | TimeEvent
    | ToldEvent
    | BondEvent
)
