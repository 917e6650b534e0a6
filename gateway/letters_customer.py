"""What a letter to a customer is made of, by the words its templates use.

Every name below is a name in templates/<language>/<letter>/: `ticket.title`, `expect.by`, `desk.phone`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.dates import Locale, Moment, balance_words
from gateway.desk.calendar import add
from gateway.desk.notice import Notice
from gateway.desk.policy import Link, Policy
from gateway.desk.ticket import Ticket
from gateway.letters_progress import Expectation, Progress, expectation, first_answer, progress
from gateway.letters_view import (
    Anchor,
    Button,
    CategoryView,
    Desk,
    File,
    PublicArticle,
    Reader,
    TicketView,
    Words,
    Writer,
    anchors,
    category_of,
    closed_until,
    desk,
    files,
    first_name,
    greets,
    last_words,
    mailbox_of,
    mailto,
    shown_name,
    signs,
    ticket_view,
    writer,
)

# The one-tap mails under each letter, the main one first.
_BUTTONS: dict[str, tuple[str, ...]] = {
    "ack": ("reply",),
    "created_for_you": ("reply", "solved"),
    "reply": ("reply", "solved"),
    "question": ("reply", "later"),
    "phase_changed": ("reply", "solved"),
    "assigned": ("reply", "solved"),
    "progress": ("reply", "solved"),
    "delayed": ("reply", "solved"),
    "reminder": ("reply", "later", "solved"),
    "reminder_last": ("reply", "keep_open", "solved"),
    "closed_no_answer": ("reply",),
    "solved": ("reply",),
    "closed": ("reply",),
    "reopened": ("reply",),
    "follow_up_opened": ("reply",),
    "merged": ("reply",),
    "attachment_refused": ("reply",),
    "call": ("reply", "solved"),
}
_WORDS = {"solved": "SOLVED", "later": "LATER", "keep_open": "KEEP OPEN"}
_RATED = frozenset({"solved", "closed"})
_CHOICE = frozenset({"ack", "created_for_you"})
# Letters in which somebody answers: they repeat what the answer is to.
_ANSWERS = frozenset({"reply", "question", "phase_changed", "solved", "progress"})
_RECEIPTS = frozenset({"ack", "follow_up_opened", "reopened"})


@dataclass(frozen=True, slots=True)
class PublicStory:
    """A ticket and the public part of what was written on it, oldest first."""

    ticket: Ticket
    articles: tuple[PublicArticle, ...]
    spent: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What becomes of a ticket that nobody answers on. `reminders` are still to come; `reopens`: until when a reply
    opens a closed ticket again, None for always."""

    at: Moment | None
    reminders: tuple[Moment, ...]
    reopens: Moment | None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """`message`: the words this letter carries, with its files; `said`: what the reader's side wrote before it.

    `received`: files that came with the reader's last mail. `choices`: other categories, to be chosen by mail.
    `readers` are the other people on the ticket. `balance` "8 h 30 min left of 10 h this month" in two parts.
    `related` is the reference of the ticket this one follows or was merged into, or "". `token`: see `ticket`.
    """

    letter: str
    language: str
    subject: str
    automatic: bool
    desk: Desk
    you: Reader
    ticket: TicketView
    author: Writer | None
    assignee: Writer | None
    message: Words | None
    progress: Progress | None
    expect: Expectation | None
    answer: Expectation | None
    closed_until: Moment | None
    closing: Closing
    received: tuple[File, ...]
    said: Words | None
    buttons: tuple[Button, ...]
    ratings: tuple[Button, ...]
    choices: tuple[Button, ...]
    leave: Button | None
    links: tuple[Anchor, ...]
    notes: tuple[str, ...]
    readers: tuple[str, ...]
    balance: tuple[str, str] | None
    related: str
    category: CategoryView
    lines: tuple[str, ...]
    today: Moment


def customer_view(
    notice: Notice, story: PublicStory, policy: Policy, locale: Locale, *, reply_to: str, subject: str, token: str,
    sent: frozenset[str], now: datetime,
) -> CustomerView:  # fmt: skip
    """`reply_to` is the address that this very reader answers to; `sent` the hashes of files that go along."""
    ticket = story.ticket
    category, box = category_of(ticket, policy), mailbox_of(ticket, policy)
    article = _article(notice, story)
    known = notice.audience != "stranger"
    shown = ticket_view(ticket, policy, token, locale, titled=known or policy.security.quote_to_strangers)
    assignee = policy.agents.get(ticket.assignee or "")
    author = policy.agents.get(notice.author or "")
    requester = notice.audience == "requester"
    return CustomerView(
        letter=notice.letter,
        language=locale.language,
        subject=subject,
        automatic=notice.automation != "no",
        desk=desk(policy, box, locale),
        you=_reader(notice, known=known),
        ticket=shown,
        author=writer(author, policy) if author else None,
        assignee=writer(assignee, policy) if assignee else None,
        message=_message(article, locale, sent) if article and not article.inbound else None,
        progress=progress(ticket, category, now, locale),
        expect=expectation(ticket, category, now, locale),
        answer=first_answer(ticket, policy, now, locale),
        closed_until=closed_until(policy, now, locale),
        closing=_closing(notice, ticket, policy, now, locale),
        received=_received(notice, story, locale) if known else (),
        said=_said(notice, story, article, locale) if known else None,
        buttons=_buttons(notice, reply_to, subject),
        ratings=_ratings(ticket, policy, reply_to, subject) if requester and notice.letter in _RATED else (),
        choices=_choices(ticket, policy, reply_to, subject, locale) if requester and notice.letter in _CHOICE else (),
        leave=Button("leave", "LEAVE", mailto(reply_to, subject, "LEAVE"))
        if notice.audience == "participant"
        else None,
        links=anchors((*policy.links, *category.links, *_phase_links(ticket, policy)), locale.language),
        notes=_notes(ticket, policy, locale.language),
        readers=_readers(notice, ticket) if known else (),
        balance=_balance(story, policy),
        related=_related(ticket, policy),
        category=shown.category,
        lines=notice.lines,
        today=locale.moment(now),
    )


def _article(notice: Notice, story: PublicStory) -> PublicArticle | None:
    """The one that the letter carries or is about; None where that is a private one, which no letter here can show."""
    return next((article for article in story.articles if article.id == notice.article), None)


def _reader(notice: Notice, *, known: bool) -> Reader:
    name = shown_name(notice.to.name) if known else ""
    return Reader(name, first_name(name), notice.to.email, notice.audience)


def _message(article: PublicArticle, locale: Locale, sent: frozenset[str]) -> Words:
    return Words(
        text=article.text.strip("\n"),
        name=article.name,
        email=article.email,
        at=locale.moment(article.at),
        files=files(article.attachments, locale, sent),
        greets=greets(article.text),
        signs=signs(article.text, first_name(article.name)),
    )


def _received(notice: Notice, story: PublicStory, locale: Locale) -> tuple[File, ...]:
    if notice.letter not in _RECEIPTS:
        return ()
    came = [article for article in story.articles if article.inbound]
    return files(came[-1].attachments, locale) if came else ()


def _said(notice: Notice, story: PublicStory, article: PublicArticle | None, locale: Locale) -> Words | None:
    """The last words from the customer's side before this letter, for people on the ticket."""
    if notice.letter not in _ANSWERS or story.ticket.role_of(notice.to.email) == "stranger":
        return None
    for earlier in reversed(story.articles):
        on_ticket = story.ticket.role_of(earlier.email) != "stranger"
        if earlier.inbound and on_ticket and earlier.text.strip() and (article is None or earlier.at <= article.at):
            return last_words(earlier, notice.to.email, locale)
    return None


def _closing(notice: Notice, ticket: Ticket, policy: Policy, now: datetime, locale: Locale) -> Closing:
    reopens = None
    if policy.reopen_window is not None:
        reopens = locale.moment(add(policy.office, ticket.closed_at or now, policy.reopen_window))
    if ticket.close_due is not None and ticket.close_due > now:
        return Closing(locale.moment(ticket.close_due), (), reopens)
    at, reminders = now, []
    gone = {"reminder": 1, "reminder_last": len(policy.pending.reminders)}.get(notice.letter, 0)
    if notice.letter not in {"question", "reminder", "reminder_last"}:
        return Closing(None, (), reopens)
    for gap in policy.pending.reminders[gone:]:
        at = add(policy.office, at, gap)
        reminders.append(locale.moment(at))
    closes = policy.pending.close_after
    return Closing(locale.moment(add(policy.office, at, closes)) if closes else None, tuple(reminders), reopens)


def _buttons(notice: Notice, reply_to: str, subject: str) -> tuple[Button, ...]:
    kinds = _BUTTONS.get(notice.letter, ())
    if notice.audience == "participant":
        kinds = tuple(kind for kind in kinds if kind == "reply")
    return tuple(Button(kind, _WORDS.get(kind, ""), mailto(reply_to, subject, _WORDS.get(kind, ""))) for kind in kinds)


def _ratings(ticket: Ticket, policy: Policy, reply_to: str, subject: str) -> tuple[Button, ...]:
    if not policy.solved.rating or ticket.rating is not None:
        return ()
    words = [f"RATING {stars}" for stars in (5, 4, 3, 2, 1)]
    return tuple(Button("rating", word, mailto(reply_to, subject, word), word[-1]) for word in words)


def _choices(ticket: Ticket, policy: Policy, reply_to: str, subject: str, locale: Locale) -> tuple[Button, ...]:
    others = [one for one in policy.categories.values() if one.choose and one.id != ticket.category]
    return tuple(
        Button("category", word, mailto(reply_to, subject, word), one.name.within(locale.language))
        for one in others
        if (word := f"CATEGORY {one.id}")
    )


def _phase_links(ticket: Ticket, policy: Policy) -> tuple[Link, ...]:
    phase = category_of(ticket, policy).phase(ticket.phase)
    return phase.links if phase else ()


def _notes(ticket: Ticket, policy: Policy, language: str) -> tuple[str, ...]:
    category = category_of(ticket, policy)
    phase = category.phase(ticket.phase)
    notes = ((phase.note.within(language) if phase else ""), category.note.within(language))
    return tuple(note for note in notes if note)


def _readers(notice: Notice, ticket: Ticket) -> tuple[str, ...]:
    """The other people on the ticket, aliases of the requester left out: they are the same person."""
    people = [(ticket.requester.name, ticket.requester.email)]
    people += [(one.name, one.email) for one in ticket.participants if one.role == "cc"]
    return tuple(shown_name(name) or email for name, email in people if email != notice.to.email)


def _balance(story: PublicStory, policy: Policy) -> tuple[str, str] | None:
    ticket = story.ticket
    organisation = policy.organisations.get(ticket.organisation or "")
    if organisation is None or organisation.allowance is None or story.spent is None:
        return None
    if not ticket.minutes_spent and not category_of(ticket, policy).costs:
        return None
    return balance_words(organisation.allowance - story.spent), balance_words(organisation.allowance)


def _related(ticket: Ticket, policy: Policy) -> str:
    for link in ticket.links:
        if link.kind in ("follow_up_of", "merged_into"):
            return policy.reference(link.number)
    return ""
