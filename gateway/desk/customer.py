"""Customers write: whole mails, and single words."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gateway.desk import ladder, naming, quotes
from gateway.desk.causes import ArticleAccepted, CustomerSaid, CustomerWrote
from gateway.desk.events import ArticleReleased, Event, ParticipantAdded, ParticipantRemoved, StatusChanged
from gateway.desk.events_time import Rated, StatusAsked
from gateway.desk.evolve import after_all
from gateway.desk.moves import added, category_changed, moved, solved
from gateway.desk.policy import Policy
from gateway.desk.ticket import ParticipantRole, Ticket, article_mark
from gateway.desk.words import (
    AsksStatus,
    ChoosesCategory,
    Decides,
    Leaves,
    Rates,
    SaysKeepOpen,
    SaysLater,
    SaysSolved,
    Word,
)


def customer_wrote(ticket: Ticket, cause: CustomerWrote, policy: Policy, now: datetime) -> list[Event]:
    """A "thanks" keeps what is solved or closed as it is."""
    events: list[Event] = [added(cause.article, now), *_joined(ticket, cause, now)]
    if cause.thanks and policy.thanks_keeps_closed and ticket.status in ("solved", "closed"):
        return events
    return events + moved(ticket, "customer_wrote", article_mark(cause.article), policy, now)


def _joined(ticket: Ticket, cause: CustomerWrote, now: datetime) -> list[Event]:
    """Whom the requester brings along; a participant brings nobody."""
    by = article_mark(cause.article)
    strangers = (person for person in cause.joins if ticket.role_of(person.email) == "stranger")
    if by != "requester":
        return []
    return [ParticipantAdded(at=now, by=by, name=each.name, email=each.email) for each in strangers]


def accepted(ticket: Ticket, cause: ArticleAccepted, policy: Policy, now: datetime) -> list[Event]:
    """A released mail counts as if its sender had been proven when it came; so does the word that it may be."""
    author, by = cause.article.author, "requester" if cause.alias else article_mark(cause.article)
    events: list[Event] = [ArticleReleased(at=now, by=cause.by, article=cause.article.id)]
    if cause.join or cause.alias:
        role: ParticipantRole = "alias" if cause.alias else "cc"
        events.append(ParticipantAdded(at=now, by=cause.by, name=author.name, email=author.email, role=role))
    if cause.word is not None and understood(cause.word, ticket, by, policy):
        return events + _done(ticket, cause.word, by, author.email, policy, now)
    return events + moved(ticket, "customer_wrote", by, policy, now)


def customer_said(ticket: Ticket, cause: CustomerSaid, policy: Policy, now: datetime) -> list[Event]:
    """What the word does; an ordinary mail where it does nothing here."""
    article, by = cause.article, article_mark(cause.article)
    if not understood(cause.word, ticket, by, policy):
        return customer_wrote(ticket, CustomerWrote(article), policy, now)
    return [added(article, now), *_done(ticket, cause.word, by, article.author.email, policy, now)]


def understood(word: Word, ticket: Ticket, by: str, policy: Policy) -> bool:
    """Whether the word means something from this writer on this ticket: the requester may do more than readers."""
    match word:
        case AsksStatus():
            return True
        case Leaves():
            return by != "requester" and ticket.role_of(by) == "participant"
        case Decides():
            return quotes.may_decide(ticket, by, policy)
        case SaysLater():
            return by == "requester" and ticket.status == "pending"
        case ChoosesCategory(name=name):
            chosen = naming.category(name, policy)
            choosable = isinstance(chosen, str) and policy.categories[chosen].choose
            return by == "requester" and choosable and ticket.status not in ("solved", "closed")
        case SaysSolved() | SaysKeepOpen() | Rates():
            return by == "requester"
        case _:
            assert_never(word)


def is_private(word: Word) -> bool:
    """Words that are said to the desk alone: they are no part of the conversation that everybody on it may read."""
    return isinstance(word, Rates | AsksStatus | Leaves | SaysLater | ChoosesCategory)


def _done(ticket: Ticket, word: Word, by: str, email: str, policy: Policy, now: datetime) -> list[Event]:
    """`email` is the address that it was said from."""
    match word:
        case SaysSolved():
            return _closed_by_word(ticket, by, policy, now)
        case SaysKeepOpen():
            return moved(ticket, "customer_wrote", by, policy, now)
        case SaysLater(span=span):
            return [ladder.later(ticket, span, policy, now, by=by)]
        case Rates(stars=stars, comment=comment):
            return [Rated(at=now, by=by, stars=stars, comment=comment)]
        case ChoosesCategory(name=name):
            chosen = naming.category(name, policy)
            return category_changed(ticket, str(chosen), by, policy, now)
        case Decides():
            return quotes.decided(ticket, word, policy, now, by=by)
        case AsksStatus():
            return [StatusAsked(at=now, by=by, email=email)]
        case Leaves():
            return [ParticipantRemoved(at=now, by=by, email=by)]
        case _:
            assert_never(word)


def _closed_by_word(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    """Solved, and closed at once: nobody else has to agree."""
    if ticket.status == "closed":
        return []
    events = solved(ticket, by, policy, now)
    status = after_all(ticket, events).status
    return [*events, StatusChanged(at=now, by=by, before=status, after="closed")]
