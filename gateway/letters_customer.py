"""What a letter to a customer is made of, by the words its templates use.

Every name below is a name in templates/<language>/<letter>/: `ticket.title`, `expect.by`, `desk.phone`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.dates import Locale, Moment, balance_words
from gateway.desk.events_time import Promised, TaskRecorded
from gateway.desk.notice import Notice
from gateway.desk.policy import Link, Policy
from gateway.desk.spans import Range
from gateway.desk.ticket import Ticket
from gateway.desk.words import word_of
from gateway.letters_allowance import Usage, balance, left, manager, usage
from gateway.letters_files import NOTHING, File, Sent, files, without_places
from gateway.letters_long import beginning, enclosed, is_too_long
from gateway.letters_progress import Expectation, Progress, expectation, first_answer, progress
from gateway.letters_quote import Decision, Offer, decision, offer
from gateway.letters_view import (
    Anchor,
    Button,
    CategoryView,
    Desk,
    Listed,
    PublicArticle,
    Reader,
    TicketView,
    Words,
    Writer,
    anchors,
    category_of,
    closed_until,
    desk,
    first_name,
    greets,
    last_words,
    listed,
    mailbox_of,
    mailto,
    shown_name,
    signs,
    ticket_view,
    writer,
)
from gateway.letters_waiting import Closing, closing, missed, next_news

HISTORY = 20_480  # bytes
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
    "merged": ("reply", "solved"),
    "attachment_refused": ("reply",),
    "call": ("reply", "solved"),
}
_AVERAGE = re.compile(r"(?:[^.!?。\s][^.!?。]*)?(\{average_first_response\})[^.!?。]*[.!?。]?\s*")  # with its sentence
_WORDS = {"solved": "SOLVED", "later": "LATER", "keep_open": "KEEP OPEN"}
_PHASES = frozenset({"ack", "created_for_you", "phase_changed", "my_tickets"})
_RATED = frozenset({"solved", "closed"})
_CHOICE = frozenset({"ack", "created_for_you"})
# Letters in which somebody answers: they repeat what the answer is to.
_ANSWERS = frozenset({"reply", "question", "phase_changed", "solved", "progress"})
_REMINDERS = frozenset({"reminder", "reminder_last"})
_RELATED = {"follow_up_opened": "follow_up_of", "merged": "merged_into", "created_for_you": "split_from"}
_RECEIPTS = frozenset({"ack", "follow_up_opened", "reopened"})


@dataclass(frozen=True, slots=True)
class PublicStory:
    """A ticket and the public part of what was written on it, oldest first. `tickets`: what a list names;
    `mailed`: when we wrote to this very reader, oldest first; `answers_in`: how long first responses took lately,
    `lately`: the present phase."""

    ticket: Ticket | None
    articles: tuple[PublicArticle, ...] = ()
    spent: timedelta | None = None
    tickets: tuple[Ticket, ...] = ()
    mailed: tuple[datetime, ...] = ()
    answers_in: timedelta | None = None
    lately: Range | None = None


@dataclass(frozen=True, slots=True)
class CustomerView:
    """`message`: the words this letter carries, with its files; `said`: what the reader's side wrote before it.

    `received`: files that came with the reader's last mail. `choices`: other categories, to be chosen by mail.
    `readers`: the other people on the ticket. `balance` "8 h 30 min left of 10 h this month" in two parts. `asked`:
    what we wait for. `average_first_response` "2 h 10 min", or "" while it is not known. `missed`: the date that has
    passed. `next_news`: when they hear from us again at the latest. `related`: the reference of the ticket this one
    follows, was merged into or split from, or "". `handed_over`: the letter tells that it became a task elsewhere
    (`ticket.task`); `dated`: that it has a date now. `cause`: who made it happen, "requester", "agent", "gateway", "".
    `conversation`: all of it, newest first, where they asked for that. `manager`: who looks after their organisation,
    in letters of phases. `usage`: of an allowance, where it is about that. `offer`: the open quote; `decision`: what
    became of one. `listing`: the tickets of a list, which is about none: `ticket` and `category` are None.
    """

    letter: str
    language: str
    subject: str
    automatic: bool
    desk: Desk
    you: Reader
    ticket: TicketView | None
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
    asked: Words | None
    missed: Moment | None
    next_news: Moment | None
    handed_over: bool
    dated: bool
    cause: str
    buttons: tuple[Button, ...]
    ratings: tuple[Button, ...]
    choices: tuple[Button, ...]
    leave: Button | None
    links: tuple[Anchor, ...]
    notes: tuple[str, ...]
    readers: tuple[str, ...]
    balance: tuple[str, str] | None
    manager: str
    usage: Usage | None
    offer: Offer | None
    decision: Decision | None
    average_first_response: str
    related: str
    category: CategoryView | None
    listing: tuple[Listed, ...]
    conversation: tuple[Words, ...]
    lines: tuple[str, ...]
    today: Moment


def customer_view(
    notice: Notice, story: PublicStory, policy: Policy, locale: Locale, *, reply_to: str, subject: str, token: str,
    sent: Sent, now: datetime,
) -> CustomerView:  # fmt: skip
    """`reply_to` is the address that this very reader answers to; `sent` the hashes of files that go along."""
    known = notice.audience != "stranger"
    bare = CustomerView(
        letter=notice.letter,
        language=locale.language,
        subject=subject,
        automatic=notice.automation != "no",
        desk=desk(policy, mailbox_of(story.ticket, policy), locale),
        you=_reader(notice, known=known),
        ticket=None,
        author=None,
        assignee=None,
        message=None,
        progress=None,
        expect=None,
        answer=None,
        closed_until=closed_until(policy, now, locale),
        closing=Closing(None, (), None),
        received=(),
        said=None,
        asked=None,
        missed=None,
        next_news=None,
        handed_over=isinstance(notice.about, TaskRecorded),
        dated=isinstance(notice.about, Promised),
        cause="",
        buttons=_buttons(notice, reply_to, subject),
        ratings=(),
        choices=(),
        leave=None,
        links=anchors(policy.links, locale.language),
        notes=(),
        readers=(),
        balance=None,
        manager="",
        usage=usage(notice, policy) if known else None,
        offer=None,
        decision=None,
        average_first_response=balance_words(story.answers_in) if story.answers_in is not None else "",
        related="",
        category=None,
        listing=tuple(listed(one, policy, now, locale) for one in story.tickets) if known else (),
        conversation=(),
        lines=notice.lines,
        today=locale.moment(now),
    )
    if story.ticket is None:
        return replace(bare, buttons=tuple(button for button in bare.buttons if button.kind == "reply"))
    about = _about_ticket(bare, notice, story, story.ticket, policy, locale, now=now, token=token)
    if not known:
        answer = next((one for one in story.articles if one.id == notice.article and one.role == "gateway"), None)
        return replace(about, message=_carried(answer, policy.reference(story.ticket.number), locale, sent))
    return _conversation(about, notice, story, story.ticket, policy, locale, reply_to=reply_to, sent=sent)


def _about_ticket(
    view: CustomerView, notice: Notice, story: PublicStory, ticket: Ticket, policy: Policy, locale: Locale, *,
    now: datetime, token: str,
) -> CustomerView:  # fmt: skip
    """With what the desk says of the ticket: nothing here was written by a customer, but the title of one we know."""
    category = category_of(ticket, policy)
    titled = notice.audience != "stranger" or policy.security.quote_to_strangers
    shown = ticket_view(ticket, policy, token, locale, titled=titled)
    assignee = policy.agents.get(ticket.assignee or "")
    expect = expectation(ticket, category, now, locale, story.lately)
    answer = first_answer(ticket, policy, now, locale)
    return replace(
        view,
        ticket=shown,
        category=shown.category,
        assignee=writer(assignee, policy) if assignee else None,
        progress=progress(ticket, category, now, locale) if notice.letter != "merged" else None,  # it goes on elsewhere
        expect=expect,
        answer=answer,
        closed_until=_closed(view.closed_until, expect, answer),
        missed=missed(notice, ticket, now, locale),
        next_news=next_news(notice, ticket, policy, now, locale),
        closing=closing(notice, ticket, story.mailed, policy, now, locale),
        links=anchors((*policy.links, *category.links, *_phase_links(ticket, policy)), locale.language),
        notes=_notes(ticket, policy, locale.language, view.average_first_response),
    )


def _conversation(
    view: CustomerView, notice: Notice, story: PublicStory, ticket: Ticket, policy: Policy, locale: Locale, *,
    reply_to: str, sent: Sent,
) -> CustomerView:  # fmt: skip
    """With what was written, and what the reader may do by one tap."""
    article = next((one for one in story.articles if one.id == notice.article), None)
    author = policy.agents.get(notice.author or "")
    subject, requester = view.subject, notice.audience == "requester"
    return replace(
        view,
        author=writer(author, policy) if author else None,
        message=_carried(article, policy.reference(ticket.number), locale, sent),
        received=_received(notice, story, locale),
        said=_said(notice, story, ticket, article, policy, locale),
        asked=_asked(notice, story, locale),
        cause=_cause(notice),
        conversation=_whole(notice, story, ticket, locale),
        ratings=_ratings(ticket, policy, reply_to, subject) if requester and notice.letter in _RATED else (),
        choices=_choices(ticket, policy, reply_to, subject, locale) if requester and notice.letter in _CHOICE else (),
        leave=None if requester else Button("leave", "LEAVE", mailto(reply_to, subject, "LEAVE")),
        readers=_readers(notice, ticket),
        balance=balance(story.spent, ticket, policy),
        manager=manager(ticket, policy) if notice.letter in _PHASES else "",
        buttons=_while_decided(view.buttons, ticket),
        offer=offer(
            notice, ticket, policy, locale, left=left(story.spent, ticket, policy), reply_to=reply_to, subject=subject
        ),
        decision=decision(notice, ticket, locale),
        related=_related(notice, ticket, policy),
    )


def _closed(until: Moment | None, *awaited: Expectation | None) -> Moment | None:
    """Where something is done before the office opens again, the customer need not hear that it is closed."""
    earlier = until is not None and any(one is not None and one.by.at < until.at for one in awaited)
    return None if earlier else until


def _reader(notice: Notice, *, known: bool) -> Reader:
    name = shown_name(notice.to.name) if known else ""
    return Reader(name, first_name(name), notice.to.email, notice.audience)


def _message(article: PublicArticle, locale: Locale, sent: Sent = NOTHING) -> Words:
    whole = without_places(article.text, article.attachments, sent).strip("\n")
    shown = beginning(whole)
    return Words(
        text=shown,
        more=len(shown) < len(whole),
        name=article.name,
        email=article.email,
        at=locale.moment(article.at),
        files=files(article.attachments, locale, sent),
        greets=greets(article.text),
        signs=signs(shown, first_name(article.name)),
    )


def _carried(article: PublicArticle | None, reference: str, locale: Locale, sent: Sent) -> Words | None:
    """Our own words; of those that are too long the beginning, and the file that has them all."""
    if article is None or article.inbound:
        return None
    message = _message(article, locale, sent)
    if not is_too_long(article.text):
        return message
    whole = enclosed(article.text, reference)
    return replace(message, files=(File(0, whole.name, locale.size(whole.size), sent=True), *message.files))


def _received(notice: Notice, story: PublicStory, locale: Locale) -> tuple[File, ...]:
    if notice.letter not in _RECEIPTS:
        return ()
    came = [article for article in story.articles if article.inbound]
    return files(came[-1].attachments, locale) if came else ()


def _said(
    notice: Notice, story: PublicStory, ticket: Ticket, article: PublicArticle | None, policy: Policy, locale: Locale
) -> Words | None:
    """The last words from the customer's side before this letter, for people on the ticket; a tap is no words."""
    if notice.letter not in _ANSWERS or ticket.role_of(notice.to.email) == "stranger":
        return None
    theirs = (one for one in reversed(story.articles) if one.inbound and ticket.role_of(one.email) != "stranger")
    before = (one for one in theirs if article is None or one.at <= article.at)
    words = (one for one in before if one.text.strip() and word_of(one.text, policy.languages) is None)
    found = next(words, None)
    return last_words(found, notice.to.email, locale) if found else None


def _asked(notice: Notice, story: PublicStory, locale: Locale) -> Words | None:
    """What a person of ours wrote last: a reminder says it again."""
    if notice.letter not in _REMINDERS:
        return None
    ours = [one for one in story.articles if not one.inbound and one.role == "agent" and one.text.strip()]
    return last_words(ours[-1], notice.to.email, locale) if ours else None


def _whole(notice: Notice, story: PublicStory, ticket: Ticket, locale: Locale) -> tuple[Words, ...]:
    """The public conversation, newest first, for a reader on the ticket who asked where it stands; 20 KiB of it
    (DUTIES REN-06)."""
    if notice.letter != "my_tickets" or ticket.role_of(notice.to.email) == "stranger":
        return ()
    room, shown = HISTORY, []
    for article in reversed(story.articles):
        words = replace(_message(article, locale), mine=article.email == notice.to.email)
        room -= len(words.text.encode()) + 200
        if room < 0:
            break
        shown.append(words)
    return tuple(shown)


def _cause(notice: Notice) -> str:
    if notice.about is None:
        return ""
    return notice.about.by.partition(":")[0] if notice.about.by.startswith("agent:") else notice.about.by


def _buttons(notice: Notice, reply_to: str, subject: str) -> tuple[Button, ...]:
    kinds = _BUTTONS.get(notice.letter, ())
    if notice.audience == "participant":
        kinds = tuple(kind for kind in kinds if kind == "reply")
    return tuple(Button(kind, _WORDS.get(kind, ""), mailto(reply_to, subject, _WORDS.get(kind, ""))) for kind in kinds)


def _while_decided(buttons: tuple[Button, ...], ticket: Ticket) -> tuple[Button, ...]:
    """Who decides whether it is begun is not asked whether it is solved, and may take their time anyway."""
    needless = () if ticket.quote is None else ("solved",) if ticket.status == "pending" else ("solved", "later")
    return tuple(button for button in buttons if button.kind not in needless)


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


def _notes(ticket: Ticket, policy: Policy, language: str, average: str) -> tuple[str, ...]:
    """A desk may name its average in a note; while there is none, the sentence that names it is left out."""
    category = category_of(ticket, policy)
    phase = category.phase(ticket.phase)
    over = ticket.status in ("solved", "closed")
    notes = (phase.note.within(language) if phase else "", "" if over else category.note.within(language))
    said = (_AVERAGE.sub(lambda found: found[0].replace(found[1], average) if average else "", note) for note in notes)
    return tuple(note.strip() for note in said if note.strip())


def _readers(notice: Notice, ticket: Ticket) -> tuple[str, ...]:
    """The other people on the ticket, aliases of the requester left out: they are the same person."""
    people = [(ticket.requester.name, ticket.requester.email)]
    people += [(one.name, one.email) for one in ticket.participants if one.role == "cc"]
    return tuple(shown_name(name) or email for name, email in people if email != notice.to.email)


def _related(notice: Notice, ticket: Ticket, policy: Policy) -> str:
    """The one that the letter is about, where it is about one."""
    wanted = _RELATED.get(notice.letter)
    kinds = (wanted,) if wanted else ("follow_up_of", "merged_into", "split_from")
    return next((policy.reference(link.number) for link in ticket.links if link.kind in kinds), "")
