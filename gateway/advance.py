"""The one path by which a ticket changes: decide, evolve, save, and the letters that follow, in one transaction.

Everything here happens inside the caller's unit of work: events, row, articles and letters are committed together,
or none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway import letters
from gateway.desk import hooks
from gateway.desk.allowance import Entry, last_mark, month_of, spent
from gateway.desk.answers import ANOTHERS_WORDS, fill
from gateway.desk.assignment import members, to_be_assigned
from gateway.desk.causes import (
    ArticleAccepted,
    Cause,
    LetterStopped,
    Offered,
    Request,
    TimeLogged,
    TimePassed,
)
from gateway.desk.decide import decide, decided, first_due, late_at, next_due, next_look, open_ticket
from gateway.desk.events import Acknowledged, Assigned, Event, ParticipantRemoved, TicketOpened
from gateway.desk.events_time import TaskRecorded, TimeSpent
from gateway.desk.evolve import after_all, opened, replay
from gateway.desk.notice import Notice
from gateway.desk.notices import notices
from gateway.desk.policy import Policy
from gateway.desk.spans import Range
from gateway.desk.stays import usual
from gateway.desk.ticket import Article, Ticket
from gateway.letters import Story
from gateway.letters_answer import places
from gateway.letters_files import small_images
from gateway.letters_long import as_file, is_too_long
from gateway.mail.letter import Letter
from gateway.mail.render import Templates
from gateway.mail.thread import Keys
from gateway.store import articles, calls, figures, logged, outbox, people, roster, sent, tickets
from gateway.store.blobs import Blobs
from gateway.store.transaction import Transaction

NewId = Callable[[], str]

NO_TICKET: Final = Story(None)
# What each letter to a customer says besides its own: the letters that need not be sent where they still wait.
_STEPS, _OUTCOMES = ("phase_changed", "assigned"), ("question", "solved", "reopened")
_TOLD_WITH: Final[Mapping[str, Sequence[str]]] = {
    "reply": _STEPS, "phase_changed": _STEPS, "assigned": _STEPS, "progress": _STEPS, "call": _STEPS,
    "question": (*_STEPS, *_OUTCOMES),
    **dict.fromkeys(("solved", "closed", "reopened"), (*_STEPS, *_OUTCOMES, "closed", "progress")),
}  # fmt: skip
_ACKS = frozenset({"ack", "ack_stranger"})
_ASIDE = frozenset({"reply", "assigned", "progress"})


@dataclass(frozen=True, slots=True)
class Desk:
    """What every change needs besides the ticket: the rules, the words, the keys of the codes in them, and where
    files are kept."""

    policy: Policy
    templates: Templates
    keys: Keys
    blobs: Blobs


class NoSuchTicket(LookupError):
    """There is no ticket of this number."""


def load(tx: Transaction, number: int) -> Ticket:
    """The ticket, or the one it was merged into is the caller's to find. Raises NoSuchTicket."""
    ticket = tickets.load(tx, number, replay)
    if ticket is None:
        raise NoSuchTicket(f"there is no ticket {number}")
    return ticket


Files = Mapping[str, bytes]
"""The bytes of an article's attachments, by SHA-256."""


def start(
    tx: Transaction, desk: Desk, request: Request, now: datetime, new_id: NewId, files: Files | None = None
) -> Ticket:
    """A new ticket with its first article and its letters. `request.number` is from `tickets.next_number`."""
    events = open_ticket(request, desk.policy, now)
    first = events[0]
    assert isinstance(first, TicketOpened)
    ticket, events = _offered(tx, desk, after_all(opened(first), events[1:]), events, now)
    acknowledged = next((place for place, event in enumerate(events) if isinstance(event, Acknowledged)), 0)
    came = after_all(opened(first), events[1 : acknowledged + 1])
    save(tx, desk, ticket, events)
    split = request.split_from is not None
    if split:
        articles.take_over(tx, ticket.number, request.article)
    fresh = request.further if split else (request.article, *request.further)
    for each in (*fresh, *_replied(request, ticket, desk.policy, now)):
        articles.add(tx, desk.blobs, ticket.number, each, files or {}, now)
    _write_letters(tx, desk, ticket, events, now, new_id, came=came)
    return ticket


def _replied(request: Request, ticket: Ticket, policy: Policy, now: datetime) -> tuple[Article, ...]:
    """The saved answer, filled. A stranger reads nothing in it that they could have had from the mail alone."""
    if request.acknowledge is None or request.reply is None:
        return ()
    hidden = request.acknowledge == "ack_stranger" and not policy.security.quote_to_strangers
    values = {
        name: value
        for name, value in places(ticket, None, policy, now).items()
        if not (hidden and name in ANOTHERS_WORDS)
    }
    return (replace(request.reply, text=fill(request.reply.text, values)),)


def advance(
    tx: Transaction,
    desk: Desk,
    number: int,
    cause: Cause,
    now: datetime,
    new_id: NewId,
    files: Files | None = None,
    unanswered: str = "",
) -> Ticket:
    """What follows from `cause`. Raises `Refused` (then nothing is done) and NoSuchTicket.

    `unanswered`: why no automatic letter may answer it, or "".
    """
    return change(tx, desk, load(tx, number), cause, now, new_id, files, unanswered)


def change(
    tx: Transaction,
    desk: Desk,
    ticket: Ticket,
    cause: Cause,
    now: datetime,
    new_id: NewId,
    files: Files | None = None,
    unanswered: str = "",
) -> Ticket:
    """As `advance`, with a ticket that was loaded in this very transaction."""
    after, events = decided(ticket, cause, desk.policy, now)
    if not events:
        return _looked_at(tx, desk, ticket, now)
    after, events = _offered(tx, desk, after, events, now)
    after, events = _accounted(tx, desk, after, events, now)
    save(tx, desk, after, events)
    for event in events:
        if isinstance(event, ParticipantRemoved):
            outbox.forget_reader(tx, ticket.number, event.email)
    _keep_article(tx, desk, ticket.number, cause, files or {}, now)
    _write_letters(tx, desk, after, events, now, new_id, unanswered)
    return after


def pass_time(
    tx: Transaction, desk: Desk, loaded: Iterable[Ticket], passed: TimePassed, now: datetime, new_id: NewId
) -> None:
    """As `change` for each of them, written with few statements; but for those that somebody gets now: who gets one
    depends on who got the one before."""
    changed: list[tuple[Ticket, list[Event]]] = []
    for ticket in loaded:
        after, events = decided(ticket, passed, desk.policy, now)
        if not events:
            _looked_at(tx, desk, ticket, now)
        elif to_be_assigned(after, events, desk.policy) is not None:
            change(tx, desk, ticket, passed, now, new_id)
        else:
            changed.append((after, events))
    _save_all(tx, desk, changed)
    for after, events in changed:
        _write_letters(tx, desk, after, events, now, new_id)


def _offered(
    tx: Transaction, desk: Desk, ticket: Ticket, events: list[Event], now: datetime
) -> tuple[Ticket, list[Event]]:
    """Where the team gets its tickets assigned, one of them gets it, with the same letters."""
    team = to_be_assigned(ticket, events, desk.policy)
    if team is None:
        return ticket, events
    least = team.assign == "least-open"
    has = roster.open_of(tx, [agent.id for agent in members(team, desk.policy)]) if least else ()
    found = decide(ticket, Offered(0 if least else roster.next_turn(tx, team.id), has), desk.policy, now)
    return after_all(ticket, found), [*events, *found]


def _accounted(
    tx: Transaction, desk: Desk, ticket: Ticket, events: list[Event], now: datetime
) -> tuple[Ticket, list[Event]]:
    """Where working time was logged on a ticket of an organisation: whether that reaches a mark of its allowance."""
    minutes = sum(event.minutes for event in events if isinstance(event, TimeSpent))
    organisation = desk.policy.organisations.get(ticket.organisation or "")
    if minutes <= 0 or organisation is None or organisation.allowance is None:
        return ticket, events
    month = month_of(now, desk.policy.timezone)
    before = logged.entries(tx, organisation.id, month[0])
    after = [*before, Entry(ticket.number, ticket.version, now, minutes)]
    cause = TimeLogged(spent(before, month), spent(after, month), last_mark(before, month))
    found = decide(ticket, cause, desk.policy, now)
    return after_all(ticket, found), [*events, *found]


def save(tx: Transaction, desk: Desk, ticket: Ticket, events: Sequence[Event]) -> None:
    """Append `events`, which led to `ticket`, write when it is due next, and promise the hooks that they call."""
    _save_all(tx, desk, [(ticket, events)])


def _save_all(tx: Transaction, desk: Desk, changed: Sequence[tuple[Ticket, Sequence[Event]]]) -> None:
    tickets.save_all(tx, [_as_saved(ticket, events, desk.policy) for ticket, events in changed])
    for ticket, events in changed:
        calls.put(tx, hooks.calls(ticket, events, desk.policy.hooks), ticket.updated_at)


def _as_saved(ticket: Ticket, events: Sequence[Event], policy: Policy) -> tickets.Change:
    priority = policy.priorities.get(ticket.priority)
    order = priority.order if priority else 99
    return tickets.Change(ticket, events, next_due(ticket, policy), order, late_at(ticket), first_due(ticket, policy))


def _looked_at(tx: Transaction, desk: Desk, ticket: Ticket, now: datetime) -> Ticket:
    """Nothing came of it: it is due no longer, or has to wait, or a changed configuration says another day."""
    due = next_look(ticket, desk.policy, now)
    soonest = first_due(ticket, desk.policy)
    tickets.reschedule(tx, ticket.number, due_at=due, late_at=late_at(ticket), first_due=soonest)
    return ticket


def _keep_article(tx: Transaction, desk: Desk, number: int, cause: Cause, files: Files, now: datetime) -> None:
    """A released article is here already; any other that a cause brings is new."""
    if isinstance(cause, ArticleAccepted):
        articles.show(tx, cause.article.id, cause.article.visibility)
        return
    article: Article | None = getattr(cause, "article", None)
    if article is not None:
        articles.add(tx, desk.blobs, number, article, files, now)


def _write_letters(
    tx: Transaction,
    desk: Desk,
    ticket: Ticket,
    events: Sequence[Event],
    now: datetime,
    new_id: NewId,
    unanswered: str = "",
    came: Ticket | None = None,
) -> None:
    """`came`: a new ticket before the desk gave it to somebody. Its acknowledgement says where it came in."""
    found = list(notices(ticket, events, desk.policy))
    story = articles.of(tx, ticket.number) if found else ()
    for notice in found:
        stopped = _stopped(tx, desk.policy, ticket.number, notice, unanswered, now)
        if stopped:
            _note_stopped(tx, desk, ticket.number, notice, stopped, now)
            continue
        shown = replace(ticket, steps=came.steps) if came is not None and notice.letter in _ACKS else ticket
        write(tx, desk, shown, story, notice, now, new_id)


def write(
    tx: Transaction,
    desk: Desk,
    ticket: Ticket,
    story: tuple[Article, ...],
    notice: Notice,
    now: datetime,
    new_id: NewId,
) -> bool:
    """Render it and promise it; False where it was promised before."""
    if notice.apart:
        return write_apart(tx, desk, notice, now, new_id)
    notice = _merged(tx, ticket, notice)
    ours = sent.seen_by(tx, ticket.number, notice.to.email)
    told = Story(
        ticket,
        story,
        _seen(ours, ticket, story, notice),
        spent=_spent(tx, desk.policy, ticket, now),
        mailed=tuple(at for at, _ in ours),
        logos=_logos(tx, ticket, story, notice),
        answers_in=figures.first_response(tx),
        lately=_lately(tx, desk.policy, ticket),
    )
    letter = letters.write(notice, told, desk.policy, desk.templates, desk.keys, now=now, letter_id=new_id())
    _keep_whole(tx, desk, letter, story, now)
    return outbox.put(tx, letter)


def write_apart(
    tx: Transaction, desk: Desk, notice: Notice, now: datetime, new_id: NewId, story: Story = NO_TICKET
) -> bool:
    """As `write`, a letter about no ticket in particular, or a list of some."""
    letter = letters.write(notice, story, desk.policy, desk.templates, desk.keys, now=now, letter_id=new_id())
    return outbox.put(tx, letter)


def _logos(tx: Transaction, ticket: Ticket, story: Iterable[Article], notice: Notice) -> frozenset[str]:
    small = (small_images(one.attachments) for one in story if one.id == notice.article and one.direction == "out")
    return articles.elsewhere(tx, ticket.number, next(small, frozenset()))


def _keep_whole(tx: Transaction, desk: Desk, letter: Letter, story: Iterable[Article], now: datetime) -> None:
    """Words that are too long for the letter itself go along as a file: its bytes are a blob from now on."""
    article = next((one for one in story if one.id == letter.article), None)
    whole = as_file(article.text) if article is not None and is_too_long(article.text) else b""
    if any(each.sha256 == hashlib.sha256(whole).hexdigest() for each in letter.enclosures):
        desk.blobs.put(tx, [whole], now)


def _lately(tx: Transaction, policy: Policy, ticket: Ticket) -> Range | None:
    """How long past tickets stood in the phase, in a category that tells it."""
    category = policy.categories.get(ticket.category)
    took = figures.phase(tx, ticket.category, ticket.phase) if category is not None and category.measured else None
    return usual(*took, policy.office) if took is not None else None


def _spent(tx: Transaction, policy: Policy, ticket: Ticket, now: datetime) -> timedelta | None:
    """What the organisation has used of this month's allowance; None where it has none."""
    organisation = policy.organisations.get(ticket.organisation or "")
    if organisation is None or organisation.allowance is None:
        return None
    month = month_of(now, policy.timezone)
    return spent(logged.entries(tx, organisation.id, month[0]), month)


def _merged(tx: Transaction, ticket: Ticket, notice: Notice) -> Notice:
    """A newer letter says what those have to say that still wait, so that none tells of what is over by then. A phase
    that waited to be told stays a letter about the phase, whatever is told with it."""
    names = _told_with(notice, ticket)
    if not names:
        return notice
    waited = outbox.replace_waiting(tx, ticket=ticket.number, names=names, recipient=notice.to.email, by=notice.once)
    return replace(notice, letter="phase_changed") if notice.letter in _ASIDE and "phase_changed" in waited else notice


def _told_with(notice: Notice, ticket: Ticket) -> Sequence[str]:
    names = _TOLD_WITH.get(notice.letter, ()) if notice.audience in ("requester", "participant") else ()
    if notice.automation == "no":  # a colleague's words say nothing of who has it
        return names if notice.author == ticket.assignee else [name for name in names if name != "assigned"]
    if notice.letter in _ASIDE and not _is_told_aside(notice):
        return [name for name in names if name == notice.letter]
    return names


def _is_told_aside(notice: Notice) -> bool:
    """An agent gave it away, or to a task elsewhere: a letter about the phase says that as well."""
    return isinstance(notice.about, Assigned | TaskRecorded) and notice.about.by.startswith("agent:")


def _seen(
    ours: Sequence[tuple[datetime, str]], ticket: Ticket, story: Iterable[Article], notice: Notice
) -> tuple[str, ...]:
    """The Message-IDs that this very reader has seen, oldest first: their own mails and our letters to them."""
    own = [(a.at, a.message_id) for a in story if a.message_id and _has(a, ticket, notice)]
    return tuple(identifier for _, identifier in sorted((*own, *ours)))


def _has(article: Article, ticket: Ticket, notice: Notice) -> bool:
    """They wrote it, or had it from an agent's own mail. A requester's aliases are the same person."""
    author = article.author.email
    if notice.to.email in article.reached:
        return True
    if article.direction != "in" or article.visibility != "public":
        return False
    return author == notice.to.email or (notice.audience == "requester" and ticket.role_of(author) == "alias")


def _stopped(tx: Transaction, policy: Policy, number: int, notice: Notice, unanswered: str, now: datetime) -> str:
    """Why an automatic letter to a customer may not leave, or "". What an agent wrote is never held back.

    What answers a mail has limits for each recipient and for each ticket, whoever is on it.
    """
    if notice.automation == "no" or notice.audience in ("agent", "admin"):
        return ""
    answers, limit, to = notice.automation == "auto-replied", policy.limits.automatic_letters, notice.to.email
    if answers and unanswered:
        return unanswered
    if answers and (lately := outbox.automatic_since(tx, to, now - limit.per)) >= limit.count:
        return f"{lately} automatic letters went there lately, which is the limit"
    if answers and (lately := outbox.answers_on(tx, number, now - limit.per, now)) >= limit.count:
        return f"the ticket answered {lately} times lately by itself, which is the limit"
    return people.suppression(tx, to)


def _note_stopped(tx: Transaction, desk: Desk, number: int, notice: Notice, why: str, now: datetime) -> None:
    ticket = load(tx, number)
    events = decide(ticket, LetterStopped(notice.letter, notice.to.email, why), desk.policy, now)
    save(tx, desk, after_all(ticket, events), events)
