"""The heart: what follows from a cause. `decide` says it in events, `evolve` (evolve.py) makes them so.

No I/O, no clock: `now` is an argument. A command that the desk refuses raises `Refused`, whose text says why and what
to do instead; nothing of the whole cause is then done. Each idea of time is a file of its own, with `due_at`, when time
will next bring something, and `passed`, what it then brings.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, assert_never

from gateway.desk import allowance, assignment, calendar, escalation, implied, ladder, promises, sla, stale, updates
from gateway.desk.agent import agent_acted
from gateway.desk.assignment import offered
from gateway.desk.bonds import absorbed, came_back, split_off
from gateway.desk.causes import (
    AgentActed,
    ArticleAccepted,
    Cause,
    CustomerSaid,
    CustomerWrote,
    LetterFailed,
    LetterPutOff,
    LetterStopped,
    MachineWrote,
    MailHeld,
    Offered,
    Request,
    TimeLogged,
    TimePassed,
)
from gateway.desk.causes_bonds import Absorbs, ComesBack, SplitsOff
from gateway.desk.customer import accepted, customer_said, customer_wrote
from gateway.desk.events import DeliveryFailed, Event, LetterWithheld, MachineMailFiled, StatusChanged, TicketOpened
from gateway.desk.evolve import after_all, opened
from gateway.desk.hours import open_for_letters
from gateway.desk.moves import added
from gateway.desk.opened import opened_events
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused as Refused
from gateway.desk.ticket import Ticket, article_mark

_AGAIN: Final = timedelta(minutes=15)  # what is due and cannot be done yet is looked at again after so long


def open_ticket(request: Request, policy: Policy, now: datetime) -> list[Event]:
    """The events of a new ticket, the first of them `TicketOpened`."""
    events = opened_events(request, policy, now)
    first = events[0]
    assert isinstance(first, TicketOpened)
    ticket = after_all(opened(first), events[1:])
    further = implied.follow(ticket, events, policy, now)
    return [*events, *further, *sla.follow(after_all(ticket, further), policy, now)]


def decide(ticket: Ticket, cause: Cause, policy: Policy, now: datetime) -> list[Event]:
    """What is true after `cause`, in order; nothing when it changes nothing."""
    return decided(ticket, cause, policy, now)[1]


def decided(ticket: Ticket, cause: Cause, policy: Policy, now: datetime) -> tuple[Ticket, list[Event]]:
    """As `decide`, and the ticket after it."""
    events = _direct(ticket, cause, policy, now)
    if not events:
        return ticket, []
    after = after_all(ticket, events)
    implied_too = implied.follow(after, events, policy, now)
    after, events = after_all(after, implied_too), [*events, *implied_too]
    further = [*ladder.follow(after, events, policy, now), *sla.follow(after, policy, now)]
    return after_all(after, further), [*events, *further]


def next_due(ticket: Ticket, policy: Policy, now: datetime | None = None) -> datetime | None:
    """When time alone will next change this ticket; None: not by itself. `now` defaults to its last change."""
    found = [due_at(ticket, policy) for due_at in _DUE]
    found.append(assignment.due_at(ticket, policy, now or ticket.updated_at))
    return min((at for at in found if at is not None), default=None)


def next_look(ticket: Ticket, policy: Policy, now: datetime) -> datetime | None:
    """When the desk next has to look at it: where something is due and had to wait, for the office to open or for more
    important work, that is later than `now`."""
    due = next_due(ticket, policy, now)
    if due is None or due > now:
        return due
    return now + _AGAIN if calendar.is_open(policy.office, now) else calendar.next_opening(policy.office, now)


def late_at(ticket: Ticket) -> datetime | None:
    """When the next target of the ticket is missed, or was; None: there is none."""
    return sla.late_at(ticket)


def dues(ticket: Ticket, policy: Policy) -> list[tuple[str, datetime]]:
    """What is due on the ticket, by kind, the soonest first: what customers and agents wait for."""
    found: list[tuple[str, datetime | None]] = [(clock.name, clock.due) for clock in ticket.clocks if clock.runs]
    step = ticket.step
    if step is not None and ticket.status not in ("solved", "closed"):
        found.append(("phase", step.by))
    reminding = ticket.ladder is not None and bool(ticket.ladder.coming)
    found += [
        ("update", updates.next_update(ticket, policy)),
        ("reminder" if reminding else "close", ladder.due_at(ticket, policy)),
        ("close", ticket.ladder.closes if reminding and ticket.ladder and ticket.reachable else _closing_at(ticket)),
        ("stale", stale.due_at(ticket, policy)),
    ]
    return sorted(((kind, at) for kind, at in found if at is not None), key=lambda one: one[1])


def first_due(ticket: Ticket, policy: Policy) -> datetime | None:
    """The soonest of what is due on the ticket."""
    return next((at for _, at in dues(ticket, policy)), None)


def _direct(ticket: Ticket, cause: Cause, policy: Policy, now: datetime) -> list[Event]:
    """What the cause itself makes true; what follows of it for the clocks is `decide`'s."""
    match cause:
        case CustomerWrote():
            return customer_wrote(ticket, cause, policy, now)
        case CustomerSaid():
            return customer_said(ticket, cause, policy, now)
        case AgentActed():
            return agent_acted(ticket, cause, policy, now)
        case MailHeld(article=article):
            return [added(article, now)]
        case MachineWrote(article=article, sort=sort, until=until):
            filed = MachineMailFiled(at=now, by=article_mark(article), sort=sort, until=until)
            return [added(article, now, machine=True), filed]
        case LetterFailed(letter=letter, recipient=recipient, status=status, diagnostic=diagnostic):
            failed = DeliveryFailed(
                at=now, by="gateway", letter=letter, recipient=recipient, status=status, diagnostic=diagnostic
            )
            return [failed]
        case LetterPutOff(recipient=recipient, until=until):
            return ladder.put_off(ticket, recipient, until, policy, now)
        case ArticleAccepted():
            return accepted(ticket, cause, policy, now)
        case LetterStopped(letter=letter, recipient=recipient, why=why):
            return [LetterWithheld(at=now, by="gateway", letter=letter, recipient=recipient, why=why)]
        case Offered():
            return offered(ticket, cause, policy, now)
        case Absorbs():
            return absorbed(ticket, cause, policy, now)
        case ComesBack():
            return came_back(ticket, cause, policy, now)
        case SplitsOff():
            return split_off(ticket, cause, now)
        case TimeLogged():
            return allowance.accounted(ticket, cause, policy, now)
        case TimePassed():
            return _time_passed(ticket, cause, policy, now)
        case _:
            assert_never(cause)


# -- time passes -------------------------------------------------------------------------------------------------------


def _time_passed(ticket: Ticket, cause: TimePassed, policy: Policy, now: datetime) -> list[Event]:
    """Each idea in turn, on the ticket that those before have made: so a customer gets one letter at most, for what is
    said with it need not be said again."""
    priority = policy.priorities.get(ticket.priority)
    order = priority.order if priority else 0
    halted = cause.halted_above is not None and order > cause.halted_above
    ideas: tuple[Callable[[Ticket], list[Event]], ...] = (
        lambda ticket: _closed(ticket, policy, now),
        lambda ticket: ladder.passed(ticket, policy, now),
        lambda ticket: sla.passed(ticket, policy, now),
        lambda ticket: escalation.passed(ticket, policy, now),
        lambda ticket: promises.passed(ticket, policy, now),
        lambda ticket: updates.passed(ticket, policy, now, halted=halted),
        lambda ticket: assignment.passed(ticket, policy, now),
        lambda ticket: stale.passed(ticket, policy, now, halted=halted),
    )
    events: list[Event] = []
    for idea in ideas:
        if found := idea(ticket):
            ticket = after_all(ticket, found)
            events += found
    return events


def _closing_at(ticket: Ticket) -> datetime | None:
    """What was solved is closed, unless the answer never reached the customer."""
    return ticket.close_due if ticket.status == "solved" and ticket.requester.email not in ticket.undelivered else None


def _closed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    due = _closing_at(ticket)
    if due is None or due > now or not open_for_letters(policy, now):
        return []
    return [StatusChanged(at=now, by="gateway", before="solved", after="closed")]


_DUE: Final[tuple[Callable[[Ticket, Policy], datetime | None], ...]] = (
    lambda ticket, policy: _closing_at(ticket),
    ladder.due_at,
    sla.due_at,
    promises.due_at,
    updates.due_at,
    stale.due_at,
)
