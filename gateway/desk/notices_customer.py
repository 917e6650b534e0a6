"""Letters to customers: one to each reader, and of what happened together one letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gateway.desk.events import (
    Acknowledged,
    ArticleAdded,
    Assigned,
    CategoryChanged,
    Event,
    PhaseEntered,
    StatusChanged,
)
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.events_bonds import Absorbed, MergedInto, Unmerged
from gateway.desk.events_quote import DecisionOvertaken, QuoteApproved, Quoted, QuoteDeclined, QuoteWithdrawn
from gateway.desk.events_time import (
    CustomerCalled,
    Delayed,
    ProgressSent,
    Promised,
    Reminded,
    StatusAsked,
    TaskRecorded,
)
from gateway.desk.notice import Audience, Automation, Notice
from gateway.desk.policy import Policy
from gateway.desk.quotes import is_ours
from gateway.desk.recipients import readers
from gateway.desk.ticket import Person, Ticket, agent_in

MERGE_WITHIN: Final = timedelta(minutes=10)  # a quick succession of phases gives one letter


def to_customers(ticket: Ticket, event: Event, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    match event:
        case Acknowledged(letter=letter):
            yield _acknowledgement(ticket, letter, events, once)
        case ArticleAdded(by=by, direction="out", visibility="public") if by.startswith("agent:"):
            yield from _answer(ticket, event, events, policy, once)
        case StatusChanged() if not _is_bond(event, events):
            yield from _status(ticket, event, events, policy, once)
        case MergedInto() if not carried(events) and ticket.reachable:
            yield _merged(ticket, event, policy, once)
        case PhaseEntered() | Promised() | TaskRecorded() | CategoryChanged():
            yield from _progressed(ticket, event, events, policy, once)
        case Assigned():
            yield from _assigned(ticket, event, events, policy, once)
        case Reminded():
            letter = "reminder_last" if event.last else "reminder"
            yield _automatic(ticket.requester, letter, event, once)
        case ProgressSent(by="gateway"):
            yield from _to_all(ticket, "progress", event, once)
        case CustomerCalled() if not carried(events):
            yield replace(_automatic(ticket.requester, "call", event, once), author=agent_in(event.by))
        case Delayed():
            yield from _to_all(ticket, "delayed", event, once)
        case Quoted():
            yield from _quoted(ticket, event, events, policy, once)
        case QuoteApproved() | QuoteDeclined():
            yield from _decided(ticket, event, once)
        case DecisionOvertaken():
            yield from _asked_anew(ticket, event, events, policy, once)
        case QuoteWithdrawn() if not carried(events) and not _quotes(events):
            yield from _to_all(ticket, "progress", event, once, delay=policy.undo_window)
        case AllowanceReached():
            yield from _used(event, policy, once)
        case StatusAsked(email=email):
            yield from _standing(ticket, event, events, email, once)
        case _:
            return


def carried(events: Sequence[Event]) -> bool:
    """An agent's words went out with these events: the letter with the words tells the rest."""
    outward = (e for e in events if isinstance(e, ArticleAdded) and e.direction == "out" and e.visibility == "public")
    return any(event.by.startswith("agent:") for event in outward)


def _acknowledgement(ticket: Ticket, letter: str, events: Sequence[Event], once: str) -> Notice:
    """An acknowledgement answers the mail that opened the ticket; a ticket that an agent made, nobody's mail."""
    stranger = letter == "ack_stranger"
    return Notice(
        letter=letter,
        to=Person("", ticket.requester.email) if stranger else ticket.requester,
        audience="stranger" if stranger else "requester",
        automation="auto-generated" if letter == "created_for_you" else "auto-replied",
        once=f"{once}:{letter}",
        article=_replied(events) or _article(events),
    )


def _answer(
    ticket: Ticket, event: ArticleAdded, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    """An agent's words go to the customer in one letter, which carries whatever else happened with them; who had them
    from the agent's own mail gets none."""
    for to, audience in readers(ticket):
        if to.email in event.reached:
            continue
        yield Notice(
            letter=_answer_letter(events, audience),
            to=to,
            audience=audience,
            automation="no",
            once=f"{once}:answer:{to.email}",
            article=event.article,
            author=agent_in(event.by),
            about=event,
            delay=policy.undo_window,
        )


def _answer_letter(events: Sequence[Event], audience: Audience) -> str:
    """CONTRACT §7: a phase change is `phase_changed` even when words carry it, /ask is `question`, a final phase
    `solved`, /call `call`, /progress `progress`, /merge `merged` for the requester, else `reply`. A quote asks for a
    decision: `question`."""
    if audience == "requester" and any(isinstance(event, MergedInto) for event in events):
        return "merged"
    changed = [e.after for e in events if isinstance(e, StatusChanged)]
    if "solved" in changed:
        return "solved"
    if "pending" in changed:
        return "question"
    if any(_is_agents_phase(event) for event in events):
        return "phase_changed"
    if _quotes(events):
        return "question"
    if any(isinstance(event, CustomerCalled) for event in events):
        return "call"
    return "progress" if any(isinstance(event, ProgressSent) for event in events) else "reply"


def _status(
    ticket: Ticket, event: StatusChanged, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    letter = _status_letter(event)
    agent = agent_in(event.by)
    superseded = event.after == "solved" and ticket.status == "closed"
    if letter is None or carried(events) or superseded or (ticket.machine and event.after != "closed"):
        return
    if letter == "reopened" and (_quotes(events) or any(_is_agents_phase(each) for each in events)):
        return
    automation: Automation = "auto-generated" if event.by == "gateway" or agent else "auto-replied"
    for to, audience in readers(ticket):
        yield Notice(
            letter=letter,
            to=to,
            audience=audience,
            automation=automation,
            once=f"{once}:{letter}:{to.email}",
            article=_article(events),
            author=agent or None,
            about=event,
            delay=policy.undo_window if agent else timedelta(),
        )


def _is_bond(event: StatusChanged, events: Sequence[Event]) -> bool:
    """`merged` says why it was closed; what a merge reopens was written by nobody; a ticket that is one of its own
    again waits, or is solved, as it was."""
    unmerged = any(isinstance(each, Unmerged) for each in events) and event.after in ("pending", "solved")
    return unmerged or any(isinstance(each, MergedInto | Absorbed) for each in events)


def _merged(ticket: Ticket, event: MergedInto, policy: Policy, once: str) -> Notice:
    """To the requester alone: readers of this ticket may not be on the one that it goes on as."""
    return Notice(
        letter="merged", to=ticket.requester, audience="requester", automation="auto-generated",
        once=f"{once}:merged:{ticket.requester.email}", author=agent_in(event.by) or None, about=event,
        delay=policy.undo_window,
    )  # fmt: skip


def _status_letter(event: StatusChanged) -> str | None:
    match event.after:
        case "solved":
            return "solved"
        case "closed":
            return "closed_no_answer" if event.before == "pending" and event.by == "gateway" else "closed"
        case "pending":
            return "question" if event.by.startswith("agent:") else None
        case _:
            return "reopened" if event.before in ("solved", "closed") else None


def _progressed(
    ticket: Ticket,
    event: PhaseEntered | Promised | TaskRecorded | CategoryChanged,
    events: Sequence[Event],
    policy: Policy,
    once: str,
) -> Iterator[Notice]:
    """A phase, a date or a task that an agent gave without a word of their own, in one letter; a category that the
    customer chose. A final phase is told by `solved`, a question asks with it."""
    told = [e for e in events if isinstance(e, StatusChanged) and e.after in ("solved", "pending")]
    if carried(events) or told or ticket.machine or event is not _first_progress(events):
        return
    chosen = isinstance(event, CategoryChanged) or (isinstance(event, PhaseEntered) and not _is_agents_phase(event))
    letter = "progress" if isinstance(event, TaskRecorded) else "phase_changed"
    rule = policy.letters.get(letter)
    merge = rule.merge_within if rule is not None and rule.merge_within is not None else MERGE_WITHIN
    for to, audience in readers(ticket):
        yield Notice(
            letter=letter,
            to=to,
            audience=audience,
            automation="auto-replied" if chosen else "auto-generated",
            once=f"{once}:{letter}:{to.email}",
            article=_article(events) if chosen else None,
            about=event,
            delay=timedelta() if chosen else merge,
        )


def _first_progress(events: Sequence[Event]) -> Event | None:
    """A phase before a promise, a promise before a task: the letter tells all of them. A category that the customer
    chose is told with the phase that it brings, or where it brings none by itself."""
    chosen = [e for e in events if isinstance(e, CategoryChanged) and not e.by.startswith("agent:")]
    phases: list[Event] = [e for e in events if isinstance(e, PhaseEntered) and (chosen or _is_agents_phase(e))]
    phases = phases or [*chosen]
    dates = [e for e in events if isinstance(e, Promised)]
    tasks = [e for e in events if isinstance(e, TaskRecorded)]
    found: list[Event] = [*phases[-1:], *dates[-1:], *tasks[-1:]]
    return found[0] if found else None


def _assigned(ticket: Ticket, event: Assigned, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    """Who has it now and how to reach them: what an answer of theirs, a question, a solution, a new phase, or the
    letter about a ticket that follows another one says by itself."""
    over = ticket.machine or ticket.status in ("solved", "closed")
    asked = any(isinstance(each, StatusChanged) and each.after == "pending" for each in events)
    follows = any(isinstance(each, Acknowledged) and each.letter == "follow_up_opened" for each in events)
    told = carried(events) or asked or follows or any(_is_agents_phase(each) for each in events)
    if event.assignee is None or event.again or over or told or event.assignee != ticket.assignee:
        return
    rule = policy.letters.get("assigned")
    merge = rule.merge_within if rule is not None and rule.merge_within is not None else MERGE_WITHIN
    for to, audience in readers(ticket):
        yield Notice(
            letter="assigned",
            to=to,
            audience=audience,
            automation="auto-generated",
            once=f"{once}:assigned:{to.email}",
            about=event,
            delay=timedelta() if event.automatic else merge,
        )


def _standing(ticket: Ticket, event: StatusAsked, events: Sequence[Event], email: str, once: str) -> Iterator[Notice]:
    """To whoever asked: to an alias of the requester at the address they asked from."""
    people = {to.email: (to, audience) for to, audience in readers(ticket)}
    to, audience = people.get(email, (Person(ticket.requester.name, email), "requester"))
    yield Notice(
        letter="my_tickets",
        to=to,
        audience=audience,
        automation="auto-replied",
        once=f"{once}:my_tickets:{email}",
        article=_article(events),
        about=event,
    )


def _quoted(ticket: Ticket, event: Quoted, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    """A quote that an agent made without a word beside it, and without anything else that is told."""
    told = any(isinstance(e, StatusChanged) and e.after in ("pending", "solved", "closed") for e in events)
    if carried(events) or told or ticket.machine or _first_progress(events) is not None:
        return
    for notice in _to_all(ticket, "question", event, once, delay=policy.undo_window):
        yield replace(notice, author=agent_in(event.by))


def _decided(ticket: Ticket, event: QuoteApproved | QuoteDeclined, once: str) -> Iterator[Notice]:
    """To those who were asked as well, and need not answer any more; whoever decided knows it."""
    decider = ticket.requester.email if event.by == "requester" else event.by
    yield from (notice for notice in _to_all(ticket, "progress", event, once) if notice.to.email != decider)


def _asked_anew(
    ticket: Ticket, event: DecisionOvertaken, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    """To whoever decided, with the quote that is open; unless its own letter is about to tell them."""
    decider = ticket.requester.email if event.by == "requester" else event.by
    if event.at - event.quoted_at < policy.undo_window:
        return
    for notice in _to_all(ticket, "question", event, once):
        if notice.to.email == decider:
            yield replace(notice, automation="auto-replied", article=_article(events))


def _used(event: AllowanceReached, policy: Policy, once: str) -> Iterator[Notice]:
    """To whoever answers for the organisation: they need not know the ticket, and it is not named."""
    organisation = policy.organisations.get(event.organisation)
    if organisation is not None and organisation.contact and not is_ours(organisation.contact, policy):
        notice = _automatic(Person("", organisation.contact), "progress", event, once)
        yield replace(notice, delay=policy.undo_window, apart=True)


def _to_all(
    ticket: Ticket, letter: str, event: Event, once: str, *, delay: timedelta = timedelta()
) -> Iterator[Notice]:
    for to, audience in readers(ticket):
        yield Notice(
            letter=letter, to=to, audience=audience, automation="auto-generated", once=f"{once}:{letter}:{to.email}",
            about=event, delay=delay,
        )  # fmt: skip


def _automatic(to: Person, letter: str, event: Event, once: str) -> Notice:
    return Notice(
        letter=letter, to=to, audience="requester", automation="auto-generated", once=f"{once}:{letter}:{to.email}",
        about=event,
    )  # fmt: skip


def _quotes(events: Sequence[Event]) -> bool:
    return any(isinstance(event, Quoted) for event in events)


def _is_agents_phase(event: Event) -> bool:
    return isinstance(event, PhaseEntered) and event.by.startswith("agent:")


def _replied(events: Sequence[Event]) -> str | None:
    """The saved answer with which a rule of the desk answers."""
    return next((e.article for e in events if isinstance(e, ArticleAdded) and e.by == "gateway"), None)


def _article(events: Sequence[Event]) -> str | None:
    return next((event.article for event in events if isinstance(event, ArticleAdded)), None)
