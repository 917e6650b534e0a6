"""An event makes the next ticket: `evolve`, and `replay`, which is nothing but evolving from the start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import reduce

from gateway.desk.events import (
    Acknowledged,
    ArticleAdded,
    ArticleReleased,
    Assigned,
    CategoryChanged,
    DeliveryFailed,
    Event,
    FirstResponse,
    LanguageChanged,
    LetterWithheld,
    Linked,
    MachineMailFiled,
    ParticipantAdded,
    ParticipantRemoved,
    PhaseEntered,
    PriorityChanged,
    RelationSuspected,
    StatusChanged,
    SubjectChanged,
    Tagged,
    TeamChanged,
    TicketOpened,
    Undone,
    Untagged,
)
from gateway.desk.evolve_time import heard, passed, touched
from gateway.desk.ticket import Link, Participant, Person, Step, Ticket


def replay(events: Iterable[Event]) -> Ticket | None:
    """The ticket that these events, oldest first, amount to; None of no events. ValueError unless it was opened."""
    ticket: Ticket | None = None
    for event in events:
        ticket = opened(event) if isinstance(event, TicketOpened) else evolve(_must(ticket, event), event)
    return ticket


def after_all(ticket: Ticket, events: Iterable[Event]) -> Ticket:
    """The ticket after `events`, in order."""
    return reduce(evolve, events, ticket)


def opened(event: TicketOpened) -> Ticket:
    return Ticket(
        number=event.number,
        mailbox=event.mailbox,
        subject=event.subject,
        status="new",
        category=event.category,
        priority=event.priority,
        requester=Person(event.requester_name, event.requester_email),
        created_at=event.at,
        updated_at=event.at,
        status_since=event.at,
        team=event.team,
        tier=event.tier,
        organisation=event.organisation,
        language=event.language,
        channel=event.channel,
        tags=event.tags,
        version=1,
    )


def evolve(ticket: Ticket, event: Event) -> Ticket:
    """The ticket after `event`; its version counts the events."""
    after = heard(touched(_changed(ticket, event), event), event)
    return replace(after, updated_at=event.at, version=ticket.version + 1)


def _must(ticket: Ticket | None, event: Event) -> Ticket:
    if ticket is None:
        raise ValueError(f"a ticket's first event is TicketOpened, not {type(event).__name__}")
    return ticket


def _changed(ticket: Ticket, event: Event) -> Ticket:
    match event:
        case TicketOpened():
            raise ValueError(f"ticket {ticket.number} was opened twice")
        case ArticleAdded():
            return _article_added(ticket, event)
        case StatusChanged():
            return _status_changed(ticket, event)
        case PhaseEntered():
            step = Step(event.phase, event.at, event.expected_from, event.expected_by, event.promised)
            return replace(ticket, steps=(*ticket.steps, step), promise=None, late_phase=False)
        case CategoryChanged():
            return replace(ticket, category=event.after)
        case PriorityChanged():
            return replace(ticket, priority=event.after)
        case TeamChanged():
            return replace(ticket, team=event.after)
        case Assigned():
            return replace(ticket, assignee=event.assignee, offered_until=None)
        case SubjectChanged():
            return replace(ticket, subject=event.after)
        case LanguageChanged():
            return replace(ticket, language=event.after)
        case Tagged():
            return replace(ticket, tags=(*ticket.tags, event.tag))
        case Untagged():
            return replace(ticket, tags=tuple(tag for tag in ticket.tags if tag != event.tag))
        case ParticipantAdded():
            others = tuple(other for other in ticket.participants if other.email != event.email)
            return replace(ticket, participants=(*others, Participant(event.name, event.email, event.role)))
        case ParticipantRemoved():
            return replace(ticket, participants=tuple(p for p in ticket.participants if p.email != event.email))
        case Linked():
            return replace(ticket, links=(*ticket.links, Link(event.link, event.number)))
        case FirstResponse():
            return replace(ticket, first_response_at=ticket.first_response_at or event.at)
        case DeliveryFailed():
            return replace(ticket, undelivered=tuple(dict.fromkeys((*ticket.undelivered, event.recipient))))
        case Acknowledged():
            return replace(ticket, acknowledged=True)
        case Undone():
            return event.before
        case MachineMailFiled():
            theirs = event.by == "requester" and event.until is not None
            return replace(ticket, away_until=date.fromisoformat(event.until or "")) if theirs else ticket
        case ArticleReleased() | RelationSuspected() | LetterWithheld():
            return ticket
        case _:
            return passed(ticket, event)


def _article_added(ticket: Ticket, event: ArticleAdded) -> Ticket:
    """A person who writes shows that mail reaches them again. Held, private and machine mail leave no mark, but for
    the mail that opened the ticket: whether a machine wrote that one.

    An agent who answers knows what did not arrive before: whether it does now, the next report will say.
    """
    if event.machine and ticket.version == 1:
        return replace(ticket, machine=True)
    if event.machine or event.visibility != "public":
        return ticket
    if event.direction == "in":
        writer = ticket.requester.email if event.by == "requester" else event.by
        reached = tuple(address for address in ticket.undelivered if address != writer)
        theirs = event.by == "requester"
        return replace(
            ticket,
            last_in=event.at,
            undelivered=reached,
            away_until=None if theirs else ticket.away_until,
            machine=ticket.machine and not theirs,
        )
    return replace(ticket, last_out=event.at, undelivered=())


def _status_changed(ticket: Ticket, event: StatusChanged) -> Ticket:
    return replace(
        ticket,
        status=event.after,
        status_since=event.at,
        close_due=event.close_due,
        ladder=ticket.ladder if event.after == "pending" else None,
        promise=None if event.after in ("solved", "closed") else ticket.promise,
        solved_at=event.at if event.after == "solved" else ticket.solved_at if event.after == "closed" else None,
        closed_at=event.at if event.after == "closed" else None,
    )
