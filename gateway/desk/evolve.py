"""An event makes the next ticket: `evolve`, and `replay`, which is nothing but evolving from the start.

What an event changes is said once, in `_changes`, as the fields of the ticket that are others after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

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
    PersonForgotten,
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
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.events_bonds import Absorbed, BondEvent, GivenBack, MergedInto, SplitOff, Unmerged
from gateway.desk.events_problem import ProblemChanged, ProblemTold
from gateway.desk.events_quote import (
    DecisionOvertaken,
    QuoteApproved,
    Quoted,
    QuoteDeclined,
    QuoteEvent,
    QuoteWithdrawn,
)
from gateway.desk.events_time import TimeEvent
from gateway.desk.events_told import Mentioned, Muted, ToldEvent, Unmuted
from gateway.desk.evolve_bonds import bound, untagged
from gateway.desk.evolve_time import Changes, heard, passed, touched
from gateway.desk.quotes import changed
from gateway.desk.ticket import Heard, Link, Participant, Person, Step, Ticket, agent_in


def replay(events: Iterable[Event]) -> Ticket | None:
    """The ticket that these events, oldest first, amount to; None of no events. ValueError unless it was opened."""
    ticket: Ticket | None = None
    for event in events:
        if ticket is None:
            ticket = opened(_must_open(event))
        else:
            _become(ticket, event)
    return ticket


def after_all(ticket: Ticket, events: Iterable[Event]) -> Ticket:
    """The ticket after `events`, in order."""
    after = ticket
    for event in events:
        if after is ticket:
            after = evolve(ticket, event)
        else:
            _become(after, event)
    return after


def _become(ticket: Ticket, event: Event) -> None:
    """`evolve` of a ticket that nobody else has seen yet: to make a new one of fifty fields for each event would cost
    ten times as much as all else here."""
    for name, value in _changes(ticket, event).items():
        object.__setattr__(ticket, name, value)


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
    return replace(ticket, **_changes(ticket, event))


def _must_open(event: Event) -> TicketOpened:
    if not isinstance(event, TicketOpened):
        raise ValueError(f"a ticket's first event is TicketOpened, not {type(event).__name__}")
    return event


def _changes(ticket: Ticket, event: Event) -> Changes:
    """Its own effect, and the marks that any event leaves."""
    own = _own(ticket, event)
    if isinstance(event, Undone):
        marks: Changes = {}
    else:
        marks = touched(ticket, event) | heard(event)
    return marks | own | {"updated_at": event.at, "version": ticket.version + 1}


def _own(ticket: Ticket, event: Event) -> Changes:
    match event:
        case TicketOpened():
            raise ValueError(f"ticket {ticket.number} was opened twice")
        case ArticleAdded():
            return _article_added(ticket, event)
        case StatusChanged():
            return _status_changed(ticket, event)
        case PhaseEntered():
            step = Step(event.phase, event.at, event.expected_from, event.expected_by, event.promised, event.implied)
            return {"steps": (*ticket.steps, step), "promise": None, "late_phase": False}
        case CategoryChanged():
            return {"category": event.after}
        case PriorityChanged():
            return {"priority": event.after}
        case TeamChanged():
            return {"team": event.after}
        case Assigned():
            muted = tuple(agent for agent in ticket.muted if agent != event.assignee)
            return {"assignee": event.assignee, "offered_until": None, "muted": muted}
        case SubjectChanged():
            return {"subject": event.after}
        case LanguageChanged():
            return {"language": event.after}
        case Tagged():
            return {"tags": (*ticket.tags, event.tag)}
        case Untagged():
            return untagged(ticket, event.tag)
        case ParticipantAdded():
            others = tuple(other for other in ticket.participants if other.email != event.email)
            return {"participants": (*others, Participant(event.name, event.email, event.role))}
        case ParticipantRemoved():
            return {"participants": tuple(p for p in ticket.participants if p.email != event.email)}
        case Linked():
            return {"links": (*ticket.links, Link(event.link, event.number))}
        case ProblemChanged():
            return {"problem": event.after, "heard": None}
        case ProblemTold():
            return {"heard": Heard(event.at, event.article, event.words, event.own)} if event.article else {}
        case _:
            return _noted(ticket, event)


def _noted(
    ticket: Ticket,
    event: FirstResponse
    | DeliveryFailed
    | Acknowledged
    | Undone
    | MachineMailFiled
    | ArticleReleased
    | RelationSuspected
    | LetterWithheld
    | PersonForgotten
    | QuoteEvent
    | ToldEvent
    | AllowanceReached
    | TimeEvent
    | BondEvent,
) -> Changes:
    match event:
        case FirstResponse():
            return {"first_response_at": ticket.first_response_at or event.at}
        case DeliveryFailed():
            return {"undelivered": tuple(dict.fromkeys((*ticket.undelivered, event.recipient)))}
        case Acknowledged():
            return {"acknowledged": True}
        case Undone():
            return {each.name: getattr(event.before, each.name) for each in fields(event.before)}
        case MachineMailFiled():
            theirs = event.by == "requester" and event.until is not None
            return {"away_until": date.fromisoformat(event.until or "")} if theirs else {}
        case ArticleReleased() | RelationSuspected() | LetterWithheld() | PersonForgotten():
            return {}
        case Mentioned() | AllowanceReached():
            return {}
        case Quoted() | QuoteApproved() | QuoteDeclined() | QuoteWithdrawn() | DecisionOvertaken():
            return changed(ticket, event)
        case Muted(by=by):
            return {"muted": (*ticket.muted, agent_in(by))}
        case Unmuted(by=by):
            return {"muted": tuple(agent for agent in ticket.muted if agent != agent_in(by))}
        case MergedInto() | Absorbed() | GivenBack() | Unmerged() | SplitOff():
            return bound(ticket, event)
        case _:
            return passed(ticket, event)


def _article_added(ticket: Ticket, event: ArticleAdded) -> Changes:
    """A person who writes shows that mail reaches them again. Held, private and machine mail leave no mark, but for
    the mail that opened the ticket: whether a machine wrote that one.

    An agent who answers knows what did not arrive before: whether it does now, the next report will say.
    """
    if event.machine and ticket.version == 1:
        return {"machine": True}
    if event.machine or event.visibility != "public":
        return {}
    if event.direction == "in":
        writer = ticket.requester.email if event.by == "requester" else event.by
        reached = tuple(address for address in ticket.undelivered if address != writer)
        if event.by != "requester":
            return {"last_in": event.at, "undelivered": reached}
        return {"last_in": event.at, "undelivered": reached, "away_until": None, "machine": False}
    return {"last_out": event.at, "undelivered": ()}


def _status_changed(ticket: Ticket, event: StatusChanged) -> Changes:
    done = event.after in ("solved", "closed")
    again = event.before in ("solved", "closed") and not done
    return {
        "status": event.after,
        "status_since": event.at,
        "close_due": event.close_due,
        "ladder": ticket.ladder if event.after == "pending" else None,
        "promise": None if done else ticket.promise,
        "quote": None if done else ticket.quote,
        "solved_at": event.at if event.after == "solved" else ticket.solved_at if event.after == "closed" else None,
        "closed_at": event.at if event.after == "closed" else None,
        "reopened": ticket.reopened + again,
    }
