"""What configuration means: the desk's rules as frozen values.

`config` builds one `Policy` from gateway.toml and config/*.toml; everything below reads it and nothing changes it.
Names of things are their table names (`[category.bug]` is `Category.id == "bug"`), references are those names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from gateway.desk.calendar import Calendar
from gateway.desk.spans import Range, Span

Role = Literal["agent", "lead", "viewer"]
Notify = Literal["none", "mine", "team", "all"]
Assign = Literal["round-robin", "least-open", "manual"]
Proof = Literal["code", "dmarc", "none"]
Strangers = Literal["hold", "accept", "new-ticket"]
EnterOn = Literal["assigned", "first_response", "task", "escalated"]
CcJoins = Literal["never", "same-domain", "all"]
SubjectToken = Literal["suffix", "prefix", "none"]
ReplyAddress = Literal["plus", "none"]
StopsFirstResponse = Literal["reply", "take", "assigned"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text for customers: one string, or one a language. `default` serves every language without its own."""

    default: str = ""
    languages: tuple[tuple[str, str], ...] = ()

    def within(self, language: str) -> str:
        return dict(self.languages).get(language, self.default)

    def __bool__(self) -> bool:
        return bool(self.default or self.languages)


@dataclass(frozen=True, slots=True)
class Link:
    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a category, as the customer sees it. `expect` None: no timeframe can be given. `enter_on`: what makes
    a ticket that has not come so far enter it."""

    id: str
    name: Text
    meaning: Text = Text()
    next: Text = Text()
    headline: Text = Text()
    note: Text = Text()
    expect: Range | None = None
    links: tuple[Link, ...] = ()
    final: bool = False
    hidden_until_reached: bool = False
    enter_on: EnterOn | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """`phases` is in order and never empty; the first is where a ticket starts."""

    id: str
    name: Text
    phases: tuple[Phase, ...]
    addresses: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    choose: bool = False
    priority: str = "medium"
    note: Text = Text()
    helps: Text = Text()
    links: tuple[Link, ...] = ()
    costs: bool = False
    tier: str | None = None
    revisit: Literal["", "quarterly"] = ""
    measured: bool = False
    update_every: Span | None = None

    def phase(self, phase_id: str) -> Phase | None:
        return next((phase for phase in self.phases if phase.id == phase_id), None)


@dataclass(frozen=True, slots=True)
class Priority:
    """`order` 1 is worked first. A span in business units runs in `calendar`."""

    id: str
    name: Text
    order: int = 3
    words: tuple[str, ...] = ()
    calendar: str = "office"
    first_response: Span | None = None
    first_response_outside: Span | None = None
    first_response_by: StopsFirstResponse = "reply"
    resolution: Range | None = None
    assign_within: Span | None = None
    alert: Literal["team", "all"] = "team"
    halts: bool = False
    update_every: Span | None = None
    update_once_late: Span | None = None
    warn_at: int = 75


@dataclass(frozen=True, slots=True)
class Pending:
    """While we wait for the customer: gaps between reminders, then the gap to closing (DESIGN law 3)."""

    reminders: tuple[Span, ...] = ()
    close_after: Span | None = None
    send_between: str = "business hours"
    out_of_office_pauses: bool = True


@dataclass(frozen=True, slots=True)
class Solved:
    close_after: Span | None = None
    rating: bool = True


@dataclass(frozen=True, slots=True)
class Stale:
    after: Span | None = None
    repeat: Span | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """`escalate_after` maps a priority to its span; "default" serves the others. An absent one never escalates."""

    id: str
    team: str
    escalate_after: tuple[tuple[str, Span], ...] = ()

    def patience(self, priority: str) -> Span | None:
        spans = dict(self.escalate_after)
        return spans.get(priority, spans.get("default"))


@dataclass(frozen=True, slots=True)
class Agent:
    """`away` are closed date ranges, both ends included; `also` are other addresses the agent writes from."""

    id: str
    name: str
    email: str
    also: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    role: Role = "agent"
    notify: Notify = "team"
    signature: str = ""
    unix_user: str = ""
    phone: str = ""
    calendar: str = ""
    away: tuple[tuple[date, date], ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.email, *self.also)


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: Text
    email: str = ""
    assign: Assign = "manual"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    domains: tuple[str, ...] = ()
    contact: str = ""
    manager: str = ""
    allowance: timedelta | None = None
    priority: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule; an empty one is not asked. Several must all hold, of a list one."""

    from_: tuple[str, ...] = ()
    from_domain: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    header: tuple[tuple[str, str], ...] = ()
    list_id: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Then:
    category: str = ""
    priority: str = ""
    team: str = ""
    assignee: str = ""
    tier: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    requester: Literal["", "reply_to"] = ""
    hold: bool = False
    drop: bool = False
    reply_with: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    when: When
    then: Then
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class LetterPolicy:
    """`merge_within` None: the letter's own default. `to` "" leaves the recipients as they are."""

    enabled: bool = True
    to: str = ""
    merge_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`address` and `aliases` are in normal form."""

    id: str
    address: str
    aliases: tuple[str, ...] = ()
    category: str = "question"
    reply_address: ReplyAddress = "plus"

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)


@dataclass(frozen=True, slots=True)
class Security:
    """`junk_header` is (field name in lower case, value), or None. `trusted_networks` are our own, as "10.0.0.0/8"."""

    trust_auth_results: str = ""
    agents_must_pass: Proof = "code"
    strangers: Strangers = "hold"
    cc_joins: CcJoins = "never"
    junk_header: tuple[str, str] | None = None
    quote_to_strangers: bool = False
    trusted_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` in `per`; of count 0 nothing passes."""

    count: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes."""

    message_size: int = 25_000_000
    attachments_out: int = 10_000_000
    new_tickets: Rate = Rate(20, timedelta(hours=1))
    automatic_letters: Rate = Rate(5, timedelta(hours=1))
    all_automatic_letters: Rate = Rate(600, timedelta(minutes=1))
    connections: int = 200
    connections_per_ip: int = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A saved answer of config/answers/*.md, with the {places} that `answers` fills."""

    name: str
    text: Text


HookedOn = Literal[
    "opened", "wrote", "answered", "noted", "held", "assigned", "phase", "status", "new", "open", "pending", "on_hold",
    "solved", "closed", "reopened", "priority", "escalated", "task", "warned", "late", "stale", "delayed",
    "undelivered", "rated", "time", "quoted", "approved", "declined",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hook:
    """A program that is run for each event that one of the names `on` stands for (see `hooks`)."""

    id: str
    on: tuple[HookedOn, ...]
    command: tuple[str, ...]
    timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole desk. `reopen_window` None means always. `timezone` is an IANA name."""

    name: str
    public_name: str
    domain: str
    prefix: str
    mailboxes: Mapping[str, Mailbox]
    categories: Mapping[str, Category]
    priorities: Mapping[str, Priority]
    calendars: Mapping[str, Calendar]
    language: str = "en"
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    calendar: str = "office"
    support_call_url: str = ""
    phone: str = ""
    links: tuple[Link, ...] = ()
    start: int = 1000
    subject_token: SubjectToken = "suffix"
    reopen_window: Span | None = None
    thanks_keeps_closed: bool = True
    undo_window: timedelta = timedelta(seconds=60)
    pending: Pending = Pending()
    solved: Solved = Solved()
    on_hold_update_every: Span | None = None
    stale: Stale = Stale()
    tiers: tuple[Tier, ...] = ()
    agents: Mapping[str, Agent] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    letters: Mapping[str, LetterPolicy] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    security: Security = Security()
    limits: Limits = Limits()
    admins: tuple[str, ...] = ()
    hooks: tuple[Hook, ...] = ()

    @property
    def office(self) -> Calendar:
        """The calendar of the desk itself."""
        return self.calendars[self.calendar]

    @property
    def first_mailbox(self) -> Mailbox:
        return next(iter(self.mailboxes.values()))

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address that mail to us may have, without plus-tags, in normal form."""
        return frozenset(address for box in self.mailboxes.values() for address in box.addresses)

    def mailbox_of(self, address: str) -> Mailbox | None:
        """`address` in normal form and without a plus-tag."""
        return next((box for box in self.mailboxes.values() if address in box.addresses), None)

    def agent_of(self, email: str) -> Agent | None:
        """The agent who writes from `email` (normal form)."""
        return next((agent for agent in self.agents.values() if email in agent.addresses), None)

    def reference(self, number: int) -> str:
        return f"{self.prefix}-{number}"
