"""Causes: what reaches the desk, before it is known what follows from it. Nothing of them is kept; events are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.desk.causes_bonds import BondCause
from gateway.desk.commands import Command
from gateway.desk.ticket import Article, Channel, Person, Ticket
from gateway.desk.words import Word


@dataclass(frozen=True, slots=True)
class CustomerWrote:
    """The requester, an alias of theirs, or a participant; `article` is public and from outside.

    `joins` are those whom a proven requester brought along on Cc.
    """

    article: Article
    thanks: bool = False
    joins: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerSaid:
    """A mail of somebody on the ticket whose new text is a word that the desk knows."""

    article: Article
    word: Word


@dataclass(frozen=True, slots=True)
class MailHeld:
    """A matched mail whose sender may not append: kept with `visibility` held, no other effect."""

    article: Article
    why: str


@dataclass(frozen=True, slots=True)
class MachineWrote:
    """Machine mail on the ticket; `sort` in words, `until` the ISO day an absence ends."""

    article: Article
    sort: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class AgentActed:
    """An agent answered (public article), noted (private), commanded, or all at once. `agent` is an id.

    `quiet`: the customer gets no letter about it. `others`: the tickets that commands name, by the number named; of one
    that was merged, where it goes on.
    """

    agent: str
    commands: tuple[Command, ...] = ()
    article: Article | None = None
    quiet: bool = False
    others: Mapping[int, Ticket] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetterFailed:
    """A letter of ours did not arrive, by the relay's final word or by a report."""

    letter: str
    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class LetterPutOff:
    """A letter of ours waits for the relay, and is tried again at `until`."""

    recipient: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ArticleAccepted:
    """A held mail was released. `join`: its sender becomes a participant; `alias`: an address of the requester. `word`:
    what its new text is, where the desk knows that."""

    article: Article
    by: str
    join: bool = False
    alias: bool = False
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class LetterStopped:
    """A letter was decided but may not leave: over a limit of the recipient."""

    letter: str
    recipient: str
    why: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A ticket that nobody has, in a team that gets its tickets assigned: one of them is chosen.

    `turn` counts the tickets that the team was given so far; `open` is how many each of them has that are not done.
    """

    turn: int = 0
    open: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TimeLogged:
    """Working time was logged on a ticket of an organisation: what it had used of its allowance this month `before`
    and `after` that, and the mark that people heard of last in it, in per cent."""

    before: timedelta
    after: timedelta
    told: int = 0


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened but time. `halted_above`: a ticket is open that halts all work on priorities of a higher
    `order` than this: reminders to staff about those wait."""

    halted_above: int | None = None


Cause = (
    CustomerWrote
    | CustomerSaid
    | MailHeld
    | MachineWrote
    | AgentActed
    | LetterFailed
    | LetterPutOff
    | ArticleAccepted
    | LetterStopped
    | Offered
    | TimeLogged
    | TimePassed
    | BondCause
)


@dataclass(frozen=True, slots=True)
class Request:
    """What opens a ticket. `article` is its first one, `further` those that came with it, such as the words of an agent
    who forwards; `acknowledge` names the letter, or None for none, and `reply` is a saved answer that goes out in it.

    `suspects` are (number, why) of tickets that the mail named without proof; `follow_up_of` the closed ticket that
    it answers too late; `split_from` the one on which `article` was until now.
    """

    number: int
    mailbox: str
    subject: str
    requester: Person
    article: Article
    category: str
    priority: str
    language: str = "en"
    channel: Channel = "mail"
    team: str | None = None
    tier: str | None = None
    assignee: str | None = None
    organisation: str | None = None
    tags: tuple[str, ...] = ()
    by: str = "requester"
    machine: bool = False
    acknowledge: str | None = None
    withheld: str | None = None
    follow_up_of: int | None = None
    suspects: tuple[tuple[int, str], ...] = ()
    participants: tuple[Person, ...] = ()
    further: tuple[Article, ...] = ()
    reply: Article | None = None
    split_from: int | None = None
