"""What a letter to staff is made of, by the words its templates use: the whole ticket, private notes included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.dates import Locale, Moment
from gateway.desk.events import DeliveryFailed
from gateway.desk.notice import Notice
from gateway.desk.outcome import Remark
from gateway.desk.policy import Policy
from gateway.desk.quotes import size_words
from gateway.desk.ticket import Article, Ticket, agent_in
from gateway.letters_allowance import manager
from gateway.letters_files import NOTHING, Sent, files
from gateway.letters_long import MESSAGE, beginning
from gateway.letters_matter import Matter, further_lines, matter
from gateway.letters_progress import Expectation, Progress, expectation, progress
from gateway.letters_view import (
    Desk,
    Listed,
    Reader,
    TicketView,
    Words,
    Writer,
    category_of,
    desk,
    first_name,
    listed,
    mailbox_of,
    shown_name,
    ticket_view,
    writer,
)
from gateway.mail.fold import one_line

EARLIER = 2_000  # characters of each message before the one that a letter is about
REMARK = 200  # characters of what a customer wrote beside a rating


@dataclass(frozen=True, slots=True)
class Facts:
    """The ticket in short, names as configured; "" where there is none. `quote`: what the open one asks for.
    `manager`: who looks after the organisation here. `problem`: the cause that it shares with other tickets."""

    status: str
    category: str
    phase: str
    priority: str
    assignee: str
    team: str
    tier: str
    tags: tuple[str, ...]
    quote: str
    organisation: str
    manager: str
    problem: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A letter of ours that did not arrive."""

    recipient: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Rated:
    """What a customer wrote beside a rating, in one line and shortened; `reference` of their ticket."""

    reference: str
    stars: int
    comment: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """`customer` is whom a public reply goes to. `note_to` is the address of private notes, "" where there is none;
    `private`: a reply to this letter becomes a note too. `message`: the words it is about; `before`: the conversation
    so far, newest first, the message left out. `message_role`: "agent" too where it only says that it is one's.
    `ticket`, `facts`, `customer` are None in letters about no ticket. `mail_id` names the message's mail to /release.
    `actor`: who of us made it happen. `listing`: a digest's tickets. `matter`: what runs out or is amiss, None where
    the letter's name says it; `lines` are further ones. `remarks`: what customers wrote beside their ratings.
    """

    letter: str
    language: str
    subject: str
    automatic: bool
    desk: Desk
    gateway: str
    you: Reader
    ticket: TicketView | None
    facts: Facts | None
    customer: Reader | None
    author: Writer | None
    message: Words | None
    message_role: str
    mail_id: str
    actor: str
    before: tuple[Words, ...]
    progress: Progress | None
    expect: Expectation | None
    failure: Failure | None
    reply_to: str
    note_to: str
    private: bool
    lines: tuple[str, ...]
    reason: str
    matter: Matter | None
    listing: tuple[Listed, ...]
    remarks: tuple[Rated, ...]
    today: Moment


def staff_view(
    notice: Notice, ticket: Ticket | None, articles: tuple[Article, ...], tickets: tuple[Ticket, ...],
    policy: Policy, locale: Locale, *,
    reply_to: str, note_to: str, subject: str, token: str, sent: Sent, now: datetime,
    remarks: tuple[Remark, ...] = (),
) -> StaffView:  # fmt: skip
    """`sent` holds the hashes of the files that go along."""
    article = next((one for one in articles if one.id == notice.article), None)
    author = policy.agents.get(notice.author or "")
    category = category_of(ticket, policy) if ticket else None
    about = matter(notice, ticket, policy, locale)
    return StaffView(
        letter=notice.letter,
        language=locale.language,
        subject=subject,
        automatic=notice.automation != "no",
        desk=desk(policy, mailbox_of(ticket, policy), locale),
        gateway=policy.name,
        you=Reader(shown_name(notice.to.name), first_name(notice.to.name), notice.to.email, notice.audience),
        ticket=ticket_view(ticket, policy, token, locale) if ticket else None,
        facts=_facts(ticket, policy, locale.language) if ticket else None,
        customer=_customer(ticket) if ticket else None,
        author=writer(author, policy) if author else None,
        message=_words(article, locale, sent) if article else None,
        message_role=_role(article, policy),
        mail_id=(article.mail_id or article.id) if article else "",
        actor=_actor(notice, policy),
        before=_before(articles, article, locale),
        progress=progress(ticket, category, now, locale) if ticket and category else None,
        expect=expectation(ticket, category, now, locale) if ticket and category else None,
        failure=_failure(notice),
        reply_to=reply_to,
        note_to=note_to,
        private=notice.private,
        lines=further_lines(notice, about),
        reason=notice.reason,
        matter=about,
        listing=tuple(listed(one, policy, now, locale) for one in tickets),
        remarks=tuple(Rated(policy.reference(e.ticket), e.stars, one_line(e.comment, REMARK)) for e in remarks),
        today=locale.moment(now),
    )


def _role(article: Article | None, policy: Policy) -> str:
    if article is None:
        return ""
    return "agent" if policy.agent_of(article.author.email) else article.author.role


def _facts(ticket: Ticket, policy: Policy, language: str) -> Facts:
    category = category_of(ticket, policy)
    phase, priority = category.phase(ticket.phase), policy.priorities.get(ticket.priority)
    organisation = policy.organisations.get(ticket.organisation or "")
    agent, team = policy.agents.get(ticket.assignee or ""), policy.teams.get(ticket.team or "")
    return Facts(
        status=ticket.status.replace("_", " "),
        category=category.name.within(language),
        phase=phase.name.within(language) if phase else ticket.phase,
        priority=priority.name.within(language) if priority and priority.name else ticket.priority,
        assignee=agent.name if agent else ticket.assignee or "",
        team=team.name.within(language) if team else "",
        tier=ticket.tier or "",
        tags=ticket.tags,
        quote=size_words(ticket.quote.minutes, ticket.quote.amount) if ticket.quote else "",
        organisation=organisation.name if organisation else ticket.organisation or "",
        manager=manager(ticket, policy),
        problem=ticket.problem or "",
    )


def _customer(ticket: Ticket) -> Reader:
    person = ticket.requester
    return Reader(shown_name(person.name), first_name(person.name), person.email, "requester")


def _words(article: Article, locale: Locale, sent: Sent = NOTHING, most: int = MESSAGE) -> Words:
    whole = article.text.strip("\n")
    shown = beginning(whole, most)
    return Words(
        text=shown,
        more=len(shown) < len(whole),
        name=shown_name(article.author.name) or article.author.email,
        email=article.author.email,
        at=locale.moment(article.at),
        files=files(article.attachments, locale, sent),
    )


def _before(articles: tuple[Article, ...], shown: Article | None, locale: Locale) -> tuple[Words, ...]:
    """The last three before the one that is shown, newest first; what is held is nobody's word yet."""
    earlier = [one for one in articles if one is not shown and one.visibility != "held" and one.text.strip()]
    if shown is not None:
        earlier = [one for one in earlier if one.at <= shown.at]
    return tuple(_words(one, locale, most=EARLIER) for one in reversed(earlier[-3:]))


def _actor(notice: Notice, policy: Policy) -> str:
    """The name of the agent who did what the letter is about, or ""."""
    agent = policy.agents.get(agent_in(notice.about.by)) if notice.about else None
    return agent.name if agent else ""


def _failure(notice: Notice) -> Failure | None:
    event = notice.about
    if not isinstance(event, DeliveryFailed):
        return None
    return Failure(event.recipient, event.status, event.diagnostic)
