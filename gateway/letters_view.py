"""What the templates of letters see: small values in the reader's words, nothing that has to be computed in them.

Letters to customers are made from `PublicStory`, which has no private article in it and no place for one; letters to
staff from the whole `Story`. So no template, however it is written, shows a customer what is not theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from gateway.dates import Locale, Moment, city, hours_words, moment
from gateway.desk.calendar import NeverOpens, is_open, next_opening
from gateway.desk.policy import Agent, Category, Link, Mailbox, Policy
from gateway.desk.quotes import size_words
from gateway.desk.ticket import Article, AttachmentRef, AuthorRole, Ticket
from gateway.letters_files import File
from gateway.mail.fold import one_line

QUOTED_LINES = 5
QUOTED_CHARACTERS = 400


_GREETING = re.compile(
    r"(?i)(hello|hi|hey|dear|good (morning|afternoon|evening|day)|greetings|"
    r"hallo|guten (morgen|tag|abend)|moin|liebe[r]?|sehr geehrte[rs]?|servus)\b|\w+(?: [\w.]+){0,3},$"
)


@dataclass(frozen=True, slots=True)
class PublicArticle:
    """An article that everybody on the ticket may read."""

    id: str
    at: datetime
    inbound: bool
    role: AuthorRole
    name: str
    email: str
    text: str
    attachments: tuple[AttachmentRef, ...]
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the letter goes to. `first` is what to greet them by, "" where they never said a name."""

    name: str
    first: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Writer:
    """An agent of ours: who wrote, or has the ticket. `signature` in lines, never empty; `phone` "" where none."""

    name: str
    first: str
    signature: tuple[str, ...]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote. `mine`: the reader of this letter did. `more`: it was cut short.

    `greets`: it begins with a greeting of its own; `signs`: it ends with the writer's name.
    """

    text: str
    name: str
    email: str
    at: Moment
    files: tuple[File, ...] = ()
    mine: bool = False
    more: bool = False
    greets: bool = False
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A mail that the reader's own client writes: `word` is its text, "" where the reader writes it."""

    kind: str
    word: str
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    first: str
    last: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Desk:
    """`address` is the mailbox that the ticket came to; `always`: it is open around the clock."""

    name: str
    address: str
    phone: str
    call_url: str
    hours: tuple[Hours, ...]
    always: bool
    city: str
    file_limit: str


@dataclass(frozen=True, slots=True)
class PhaseView:
    name: str
    meaning: str
    next: str
    headline: str
    final: bool


@dataclass(frozen=True, slots=True)
class CategoryView:
    id: str
    name: str
    helps: str
    costs: bool
    revisit: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """`title` is the customer's subject, `task` the external task number or "", `channel` "mail", "phone", "chat"…"""

    number: int
    reference: str
    token: str
    title: str
    status: str
    task: str
    channel: str
    opened: Moment
    category: CategoryView
    phase: PhaseView


@dataclass(frozen=True, slots=True)
class Listed:
    """A ticket as one line of a list: `since` when it was opened, `by` when its phase usually ends, or None.
    `quote`: what an open one asks for, or ""."""

    reference: str
    title: str
    status: str
    priority: str
    category: str
    phase: str
    since: Moment
    by: Moment | None
    promised: bool
    assignee: str
    quote: str = ""


def public(articles: Iterable[Article]) -> tuple[PublicArticle, ...]:
    """The articles that customers may see, and no others."""
    return tuple(
        PublicArticle(
            id=article.id,
            at=article.at,
            inbound=article.direction == "in",
            role=article.author.role,
            name=article.author.name,
            email=article.author.email,
            text=article.text,
            attachments=article.attachments,
            message_id=article.message_id,
        )
        for article in articles
        if article.visibility == "public" and article.direction != "internal"
    )


# -- people ------------------------------------------------------------------------------------------------------------


def shown_name(name: str) -> str:
    """A name to put in a header or a greeting: one line, no longer than a name is, and never an address."""
    line = one_line(name.replace('"', " "), 70)
    return "" if "@" in line or "//" in line else line


def first_name(name: str) -> str:
    """What to greet somebody by: "Maria" of "Maria Lopez" and "Lopez, Maria"; of a title the whole name."""
    shown = shown_name(name)
    last, comma, rest = shown.partition(",")
    given = (rest if comma and rest.strip() else last).split()
    if not given:
        return ""
    return shown if given[0].endswith(".") else given[0]


def writer(agent: Agent, policy: Policy) -> Writer:
    signature = tuple(agent.signature.strip("\n").split("\n")) if agent.signature.strip() else ()
    return Writer(agent.name, first_name(agent.name), signature or (agent.name, policy.public_name), agent.phone)


# -- words -----------------------------------------------------------------------------------------------------------


def last_words(article: PublicArticle, reader: str, locale: Locale) -> Words:
    """The beginning of what was written, at most five lines and 400 characters."""
    lines = [line.rstrip() for line in article.text.strip().split("\n")]
    short = "\n".join(lines[:QUOTED_LINES])
    if len(short) > QUOTED_CHARACTERS:
        short = short[:QUOTED_CHARACTERS].rsplit(" ", 1)[0]
    more = len(short) < len("\n".join(lines))
    return Words(
        text=f"{short} …" if more else short,
        name=shown_name(article.name) or article.email,
        email=article.email,
        at=locale.moment(article.at),
        mine=article.email == reader,
        more=more,
    )


def greets(text: str) -> bool:
    """Whether a text begins as letters do: a short first line that ends in a comma, or says hello."""
    first = text.strip().split("\n", 1)[0].strip()
    return bool(_GREETING.match(first)) and len(first) <= 60


def signs(text: str, name: str) -> bool:
    """Whether the last line of a text is, or ends in, the writer's first name."""
    last = text.strip().rsplit("\n", 1)[-1].strip(" -–—.,").lower()
    return bool(name) and "\n" in text.strip() and last.split(" ")[0] == name.lower() and len(last) <= 60


def anchors(links: Iterable[Link], language: str) -> tuple[Anchor, ...]:
    return tuple(Anchor(link.text.within(language), link.url) for link in links)


def mailto(address: str, subject: str, word: str = "") -> str:
    """RFC 6068. A tap writes the mail; no link scanner can send it."""
    target = quote(address, safe="@+.-_=!$&'*~")
    url = f"mailto:{target}?subject={quote(subject, safe='')}"
    return f"{url}&body={quote(word, safe='')}" if word else url


# -- the desk ----------------------------------------------------------------------------------------------------------


def desk(policy: Policy, mailbox: Mailbox, locale: Locale) -> Desk:
    calendar = policy.office
    return Desk(
        name=policy.public_name,
        address=mailbox.address,
        phone=policy.phone,
        call_url=policy.support_call_url,
        hours=tuple(Hours(*run) for run in hours_words(calendar, locale.language)),
        always=calendar.always,
        city=city(calendar.timezone),
        file_limit=locale.size(policy.limits.message_size),
    )


def closed_until(policy: Policy, now: datetime, locale: Locale) -> Moment | None:
    """When the office opens again; None while it is open, or where it never does."""
    if is_open(policy.office, now):
        return None
    try:
        return moment(next_opening(policy.office, now), policy.office.zone, locale.language)
    except NeverOpens:
        return None


# -- the ticket and its way --------------------------------------------------------------------------------------------


def ticket_view(ticket: Ticket, policy: Policy, token: str, locale: Locale, *, titled: bool = True) -> TicketView:
    """`titled` False: nothing of what the customer wrote."""
    language = locale.language
    category = category_of(ticket, policy)
    return TicketView(
        number=ticket.number,
        reference=policy.reference(ticket.number),
        token=token,
        title=one_line(ticket.subject, 200) if titled else "",
        status=ticket.status,
        task=ticket.external_ref or "",
        channel=ticket.channel,
        opened=locale.moment(ticket.created_at),
        category=CategoryView(
            category.id,
            category.name.within(language),
            category.helps.within(language),
            category.costs,
            category.revisit,
        ),
        phase=_phase_view(ticket, category, language),
    )


def listed(ticket: Ticket, policy: Policy, now: datetime, locale: Locale) -> Listed:
    category, step = category_of(ticket, policy), ticket.step
    phase, priority = category.phase(ticket.phase), policy.priorities.get(ticket.priority)
    agent = policy.agents.get(ticket.assignee or "")
    return Listed(
        reference=policy.reference(ticket.number),
        title=one_line(ticket.subject, 100),
        status=ticket.status,
        priority=priority.name.within(locale.language) if priority and priority.name else ticket.priority,
        category=category.name.within(locale.language),
        phase=phase.name.within(locale.language) if phase else ticket.phase,
        since=locale.moment(ticket.created_at),
        by=locale.moment(step.by) if step and step.by and step.by >= now else None,
        promised=bool(step and step.promised),
        assignee=agent.name if agent else "",
        quote=size_words(ticket.quote.minutes, ticket.quote.amount) if ticket.quote else "",
    )


def category_of(ticket: Ticket, policy: Policy) -> Category:
    """The ticket's category; the first one for a ticket whose own is no longer configured."""
    return policy.categories.get(ticket.category) or next(iter(policy.categories.values()))


def mailbox_of(ticket: Ticket | None, policy: Policy) -> Mailbox:
    return policy.mailboxes.get(ticket.mailbox if ticket else "", policy.first_mailbox)


def _phase_view(ticket: Ticket, category: Category, language: str) -> PhaseView:
    phase = category.phase(ticket.phase) or category.phases[0]
    return PhaseView(
        phase.name.within(language),
        phase.meaning.within(language),
        phase.next.within(language),
        phase.headline.within(language),
        phase.final,
    )
