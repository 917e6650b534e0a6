"""What intake asks of the store (`Facts`) and what it answers (`Verdict`): values, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gateway.desk.ticket import Person, Status, Ticket
from gateway.desk.words import Word

Decision = Literal["new_ticket", "append", "follow_up", "hold", "file", "ignore", "quarantine"]
MatchedBy = Literal["reply_address", "message_id", "subject_token", "sibling", "none"]
SenderRole = Literal["requester", "participant", "agent", "alias", "stranger", "gateway"]
CarrierName = Literal["reply_address", "message_id", "subject_token", "sibling", "report"]
IdKind = Literal["ours", "customer", "mentioned"]


@dataclass(frozen=True, slots=True)
class KnownId:
    """A Message-ID that the store knows. "ours": of the letter `letter` to `recipient`; "customer": of a mail on the
    ticket; "mentioned": a mail on the ticket referred to it, we never saw it (a sibling's ancestor). `at`: when ours
    was written."""

    message_id: str
    ticket: int
    kind: IdKind
    recipient: str = ""
    letter: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An agent answered on a ticket: their id, and their public article's."""

    agent: str
    article: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What intake needs of a ticket. Addresses are in normal form; `correspondents` is everybody whom a letter on it
    was ever written to (codes were issued to them)."""

    number: int
    status: Status
    mailbox: str
    category: str
    requester: str
    participants: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    closed_at: datetime | None = None
    merged_into: int | None = None
    team: str | None = None
    assignee: str | None = None
    language: str = "en"
    requester_name: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody a code may have been issued to."""
        return tuple(dict.fromkeys((self.requester, *self.aliases, *self.participants, *self.correspondents)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that bears on one mail.

    `tickets` holds every ticket that a carrier names and, where one was merged, its target too. `duplicate_of`: the
    mail of the same key that we took before. `sender_proven`: a code issued to this address has come back before.
    `opened_recently`: tickets this sender opened within the limit's period. `open_subjects`: the numbers and subjects
    of those of their tickets that are neither solved nor closed. `alike`: how many mails of the same fingerprint came
    within the hour, by the ticket they went to (0: none). `suppressed`: why no automatic letter goes to the sender.
    `answered`: where an agent writes, the newest answer of any other agent on each ticket. `whole`: the ticket that the
    mail goes to, where it consists of one word to the desk.
    """

    tickets: Mapping[int, TicketFacts] = field(default_factory=dict)
    ids: tuple[KnownId, ...] = ()
    duplicate_of: str | None = None
    own_letter: bool = False
    sender_proven: bool = False
    sender_blocked: bool = False
    opened_recently: int = 0
    open_subjects: tuple[tuple[int, str], ...] = ()
    acknowledged_recently: int = 0
    alike: Mapping[int, int] = field(default_factory=dict)
    suppressed: str = ""
    answered: Mapping[int, Answered] = field(default_factory=dict)
    whole: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One carrier that was looked at. `result` in the contract's words: "valid", "bad code", "unknown ticket"…"""

    carrier: CarrierName
    value: str
    result: str


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket a mail belongs to, if any. `issued_to`: whom the code was made for ("" for carriers without one).

    `strong`: a long code carries it. `retired`: by a key that no longer counts. `suspects` are tickets named
    without proof.
    """

    ticket: int | None = None
    by: MatchedBy = "none"
    issued_to: str = ""
    strong: bool = False
    retired: bool = False
    note: bool = False
    letter: str = ""
    trace: tuple[Trace, ...] = ()
    suspects: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a mail, and why in words.

    `ticket` is the one it goes to (after following merges) or answers too late. `acknowledge` is the letter a new
    ticket is acknowledged with, or None, and `unacknowledged` says why not. `private`: a proven agent's note.
    `proven`: an agent's proof was enough. `requester`: who a new ticket is for, where that is not the sender.
    `rule` is the name of the last configured rule that matched. `twins`: open tickets of the same sender about, it
    seems, the same thing. `unanswered`: why no automatic letter may answer it on its ticket. A hold that is `quiet`
    is told to nobody, but stands in the digest; `once` is the key under which one about no ticket is told. `asks`: the
    sender wants a list of their tickets, of those that are open or of all. `crossed`: the answer of a colleague that
    the writer of this one has not seen. `reached`: the customers whom an agent's own mail went to; `brings`:
    those of them who join a new ticket. `confirm`: the agent who has to confirm what it orders before it is done.
    `word`: what somebody on the ticket says with one word.
    """

    decision: Decision
    reason: str
    match: Match = Match()
    sender_role: SenderRole = "stranger"
    ticket: int | None = None
    proven: bool = False
    private: bool = False
    acknowledge: str | None = None
    unacknowledged: str = ""
    tell: Literal["", "team", "agent"] = ""
    would: tuple[str, ...] = ()
    rule: str = ""
    twins: tuple[tuple[int, str], ...] = ()
    requester: Person | None = None
    unanswered: str = ""
    quiet: bool = False
    once: str = ""
    orders: bool = False
    reached: tuple[str, ...] = ()
    brings: tuple[Person, ...] = ()
    asks: Literal["", "open", "all"] = ""
    crossed: Answered | None = None
    confirm: str = ""
    word: Word | None = None
