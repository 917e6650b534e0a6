"""An agent's act that reaches two tickets: one is merged into another, and taken back out of it.

Articles are where they are shown: a merge moves them, with their attachments, which get new numbers there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from gateway.advance import Desk, Files, NewId, advance, change, load, save
from gateway.desk.causes import AgentActed
from gateway.desk.causes_bonds import Absorbs, ComesBack
from gateway.desk.commands import MergeInto, Unmerge
from gateway.desk.events import Event
from gateway.desk.events_bonds import Absorbed, GivenBack, MergedInto
from gateway.desk.evolve import after_all, replay
from gateway.desk.phrases import Phrase
from gateway.desk.refused import Refused
from gateway.desk.ticket import MOST_MERGES, Absorption, Article, Ticket
from gateway.desk.undo import Act, undone
from gateway.store import articles, events, outbox, tickets
from gateway.store.transaction import Transaction


def informed(tx: Transaction, cause: AgentActed) -> AgentActed:
    """With the tickets that its commands are about."""
    named = [command.number for command in cause.commands if isinstance(command, MergeInto)]
    found = ((number, goes_on_as(tx, number)) for number in named)
    return replace(cause, others={number: ticket for number, ticket in found if ticket is not None}) if named else cause


def goes_on_as(tx: Transaction, number: int) -> Ticket | None:
    """The ticket, or the one that it was merged into, up to ten merges away; None: there is none of this number."""
    ticket = tickets.load(tx, number, replay)
    for _ in range(MOST_MERGES):
        if ticket is None or ticket.merged_into is None:
            break
        ticket = tickets.load(tx, ticket.merged_into, replay)
    return ticket


def act(
    tx: Transaction,
    desk: Desk,
    number: int,
    cause: AgentActed,
    now: datetime,
    new_id: NewId,
    files: Files | None = None,
) -> Ticket:
    """What the agent did, on this ticket and on those that it reaches. Raises Refused (then nothing is done) and
    NoSuchTicket."""
    return act_on(tx, desk, load(tx, number), informed(tx, cause), now, new_id, files)


def act_on(
    tx: Transaction, desk: Desk, ticket: Ticket, cause: AgentActed, now: datetime, new_id: NewId, files: Files | None
) -> Ticket:
    """As `act`, with a ticket that was loaded in this very transaction, and a cause that is `informed`."""
    number, after = ticket.number, change(tx, desk, ticket, cause, now, new_id, files)
    for command in cause.commands:
        match command:
            case MergeInto(number=named):
                _join(tx, desk, after, cause.others[named].number, now, new_id)
            case Unmerge(number=named):
                _come_back(tx, desk, number, named, now, new_id)
            case _:
                pass
    return after


def _join(tx: Transaction, desk: Desk, gone: Ticket, into: int, now: datetime, new_id: NewId) -> None:
    merged = _last(events.events_of(tx, gone.number), MergedInto)
    said = articles.of(tx, gone.number)
    next_ = articles.next_attachment(tx, into)
    numbers = [ref.id for ref in articles.attachments_of(tx, gone.number)]
    cause = Absorbs(
        other=gone,
        by=merged.by,
        status=merged.status,
        articles=tuple(article.id for article in said),
        files=tuple((before, after) for after, before in enumerate(numbers, next_)),
        latest=next((article.id for article in reversed(said) if _from_customer(article)), None),
        stopped=outbox.stop_waiting(tx, gone.number, now),
    )
    articles.move(tx, cause.articles, into, cause.files)
    advance(tx, desk, into, cause, now, new_id)


def _from_customer(article: Article) -> bool:
    return article.direction == "in" and article.visibility == "public"


def _come_back(tx: Transaction, desk: Desk, here: int, number: int, now: datetime, new_id: NewId) -> None:
    given = _last(events.events_of(tx, here), GivenBack)
    merged = _last(events.events_of(tx, number), MergedInto)
    articles.move(tx, given.articles, number, [(now_, then) for then, now_ in given.files])
    advance(tx, desk, number, ComesBack(given.by, given.articles, merged.status), now, new_id)


# -- undo, while nothing has left --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Joined:
    """A merge that can be taken back: what it brought to ticket `into`, and `since`, the events there from it on."""

    into: int
    brought: Absorption
    absorbed: Absorbed
    since: Sequence[Event]


def joined(tx: Transaction, desk: Desk, gone: int, into: int) -> Joined:
    """Raises Refused where more than the merge itself would have to be taken back."""
    this, target = desk.policy.reference(gone), load(tx, into)
    brought = next((each for each in target.absorbed if each.number == gone), None)
    if brought is None or target.merged_into is not None:
        why = "{other} was merged itself since: {this} cannot be taken back"
        raise Refused(Phrase(why, other=desk.policy.reference(into), this=this))
    happened = events.events_of(tx, into)
    index = max(i for i, event in enumerate(happened) if isinstance(event, Absorbed) and event.number == gone)
    absorbed = happened[index]
    assert isinstance(absorbed, Absorbed)
    if brought.articles != absorbed.articles:
        raise Refused(Phrase("some of it was split off since: unmerge {this} instead", this=this))
    return Joined(into, brought, absorbed, happened[index:])


def take_back(tx: Transaction, desk: Desk, gone: int, found: Joined, agent: str, now: datetime) -> None:
    """The other half of the undo of a merge: the ticket gives back what it got. Where nothing has happened on it since,
    it is as it was before."""
    brought, into = found.brought, load(tx, found.into)
    event: Event
    if all(event.at == found.absorbed.at for event in found.since):
        event = undone(events.events_of(tx, into.number), Act(found.absorbed.at, len(found.since), ()), agent, now)
    else:
        by = f"agent:{agent}"
        event = GivenBack(at=now, by=by, number=gone, articles=brought.articles, files=brought.files)
    save(tx, desk, after_all(into, [event]), [event])
    articles.move(tx, brought.articles, gone, [(here, there) for there, here in brought.files])
    outbox.wait_again(tx, found.absorbed.stopped)


_Kind = TypeVar("_Kind", bound=Event)


def _last(happened: Sequence[Event], kind: type[_Kind]) -> _Kind:
    return next(event for event in reversed(happened) if isinstance(event, kind))
