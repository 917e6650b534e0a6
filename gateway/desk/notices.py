"""Which event is worth which letter, to whom: the desk's post, decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from gateway.desk.events import (
    Acknowledged,
    ArticleAdded,
    Assigned,
    DeliveryFailed,
    Event,
    PhaseEntered,
    RelationSuspected,
    StatusChanged,
    TicketOpened,
)
from gateway.desk.notice import Audience, Automation, Notice
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Person, Ticket

MERGE_PHASES = timedelta(minutes=10)  # a quick succession of phases gives one letter


def notices(ticket: Ticket, events: Sequence[Event], policy: Policy) -> Iterator[Notice]:
    """The letters that `events` (the last ones of `ticket`, which has them all) are worth, oldest first.

    A letter that is switched off (`[letter.x] enabled = false`) is not written. The numbers of the events make the
    keys under which each letter is written once.
    """
    first = ticket.version - len(events) + 1
    for index, event in enumerate(events):
        for notice in _of(ticket, event, events, policy, once=f"{ticket.number}:{first + index}"):
            rule = policy.letters.get(notice.letter)
            if rule is None or rule.enabled:
                yield notice


def staff(ticket: Ticket, policy: Policy, *, besides: str = "") -> list[tuple[Person, str | None]]:
    """Who of us is told about this ticket, each with their id (None: a team's own address). `besides`: who acted.

    The assignee, or the team where there is none; and whoever wants to know all. A team with an address of its own
    gets one letter. With no team at all, everybody.
    """
    told: dict[str, tuple[Person, str | None]] = {}
    assignee = policy.agents.get(ticket.assignee or "")
    team = policy.teams.get(ticket.team or "")
    for agent in policy.agents.values():
        if agent.id == besides or agent.notify == "none" or (agent.role == "viewer" and agent.notify != "all"):
            continue
        mine = assignee is not None and agent.id == assignee.id
        ours = assignee is None and agent.notify == "team" and (team is None or team.id in agent.teams)
        if mine or agent.notify == "all" or (ours and not (team and team.email)):
            told[agent.email] = (Person(agent.name, agent.email), agent.id)
    if assignee is None and team is not None and team.email:
        told[team.email] = (Person(team.name.default, team.email), None)
    return list(told.values())


def _of(ticket: Ticket, event: Event, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    match event:
        case TicketOpened():
            yield from _opened(ticket, event, events, policy, once)
        case Acknowledged(letter=letter):
            yield from _acknowledged(ticket, letter, events, once)
        case ArticleAdded():
            yield from _article(ticket, event, events, policy, once)
        case StatusChanged():
            yield from _status(ticket, event, events, policy, once)
        case PhaseEntered():
            yield from _phase(ticket, event, events, once)
        case Assigned():
            yield from _assigned(ticket, event, policy, once)
        case DeliveryFailed():
            yield from _undelivered(ticket, event, policy, once)
        case _:
            return


def _opened(
    ticket: Ticket, event: TicketOpened, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    article = next((e.article for e in events if isinstance(e, ArticleAdded)), None)
    yield from _to_staff(
        ticket, "agent_new", policy, once, article=article, about=event, reason="new", besides=_agent(event.by),
        lines=_relations(events, policy),
    )  # fmt: skip


def _relations(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """The tickets that the mail may be about, for whoever reads it first."""
    found = (event for event in events if isinstance(event, RelationSuspected))
    return tuple(f"Perhaps about {policy.reference(event.number)}: {event.why}." for event in found)


def _acknowledged(ticket: Ticket, letter: str, events: Sequence[Event], once: str) -> Iterator[Notice]:
    """An acknowledgement answers the mail that opened the ticket; a ticket that an agent made, nobody's mail."""
    article = next((e.article for e in events if isinstance(e, ArticleAdded)), None)
    automation: Automation = "auto-generated" if letter == "created_for_you" else "auto-replied"
    stranger = letter == "ack_stranger"
    yield Notice(
        letter=letter,
        to=Person("", ticket.requester.email) if stranger else ticket.requester,
        audience="stranger" if stranger else "requester",
        automation=automation,
        once=f"{once}:{letter}",
        article=article,
    )


def _article(
    ticket: Ticket, event: ArticleAdded, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    agent = _agent(event.by)
    if event.visibility == "held":
        yield from _to_staff(ticket, "agent_held", policy, once, article=event.article, about=event, reason="held")
    elif event.machine or any(isinstance(e, TicketOpened) for e in events):
        return
    elif agent and event.visibility == "public":
        yield from _answer(ticket, event, events, policy, once, agent)
    elif agent:
        yield from _to_staff(
            ticket, "agent_note", policy, once, article=event.article, about=event, reason="note", besides=agent,
            author=agent, private=True,
        )  # fmt: skip
    else:
        yield from _to_staff(
            ticket, "agent_reply", policy, once, article=event.article, about=event, reason="customer-reply"
        )


def _answer(
    ticket: Ticket, event: ArticleAdded, events: Sequence[Event], policy: Policy, once: str, agent: str
) -> Iterator[Notice]:
    """An agent's words go to the customer in one letter, which carries whatever else happened with them."""
    for to, audience in _readers(ticket):
        yield Notice(
            letter=_answer_letter(events),
            to=to,
            audience=audience,
            automation="no",
            once=f"{once}:answer:{to.email}",
            article=event.article,
            author=agent,
            about=event,
            delay=policy.undo_window,
        )


def _answer_letter(events: Sequence[Event]) -> str:
    """CONTRACT §7: a phase change is `phase_changed` even when words carry it, /ask is `question`, a final phase
    `solved`, else `reply`."""
    changed = [e.after for e in events if isinstance(e, StatusChanged)]
    if "solved" in changed:
        return "solved"
    if "pending" in changed:
        return "question"
    moved = any(isinstance(e, PhaseEntered) and e.by.startswith("agent:") for e in events)
    return "phase_changed" if moved else "reply"


def _status(
    ticket: Ticket, event: StatusChanged, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    if _carried(events):
        return
    agent = _agent(event.by)
    if event.after == "solved":
        letter = "solved"
    elif event.after == "closed":
        letter = "closed"
    elif event.before in ("solved", "closed"):
        letter = "reopened"
    else:
        return
    automation: Automation = "auto-generated" if event.by == "gateway" or agent else "auto-replied"
    article = next((e.article for e in events if isinstance(e, ArticleAdded)), None)
    for to, audience in _readers(ticket):
        yield Notice(
            letter=letter,
            to=to,
            audience=audience,
            automation=automation,
            once=f"{once}:{letter}:{to.email}",
            article=article,
            author=agent or None,
            about=event,
            delay=policy.undo_window if agent else timedelta(),
        )


def _phase(ticket: Ticket, event: PhaseEntered, events: Sequence[Event], once: str) -> Iterator[Notice]:
    """A phase that an agent entered without a word of their own. A final one is told by `solved`."""
    if not event.by.startswith("agent:") or _carried(events):
        return
    if any(isinstance(e, StatusChanged) and e.after == "solved" for e in events):
        return
    for to, audience in _readers(ticket):
        yield Notice(
            letter="phase_changed",
            to=to,
            audience=audience,
            automation="auto-generated",
            once=f"{once}:phase_changed:{to.email}",
            about=event,
            delay=MERGE_PHASES,
        )


def _assigned(ticket: Ticket, event: Assigned, policy: Policy, once: str) -> Iterator[Notice]:
    """Whoever gets a ticket from somebody else is told."""
    agent: Agent | None = policy.agents.get(event.assignee or "")
    if agent is None or event.by == f"agent:{agent.id}" or agent.notify == "none":
        return
    yield Notice(
        letter="agent_assigned",
        to=Person(agent.name, agent.email),
        audience="agent",
        automation="auto-generated",
        once=f"{once}:agent_assigned:{agent.email}",
        agent=agent.id,
        about=event,
        reason="assigned",
    )


def _undelivered(ticket: Ticket, event: DeliveryFailed, policy: Policy, once: str) -> Iterator[Notice]:
    """Never to the address that failed (DUTIES OUT-05), and nothing about a colleague's: two mailboxes that are both
    broken would tell each other for ever."""
    if policy.agent_of(event.recipient) or any(team.email == event.recipient for team in policy.teams.values()):
        return
    for notice in _to_staff(ticket, "agent_delivery_failed", policy, once, about=event, reason="delivery-failed"):
        if notice.to.email != event.recipient:
            yield notice


def _to_staff(
    ticket: Ticket,
    letter: str,
    policy: Policy,
    once: str,
    *,
    article: str | None = None,
    about: Event | None = None,
    reason: str = "",
    besides: str = "",
    author: str | None = None,
    private: bool = False,
    lines: tuple[str, ...] = (),
) -> Iterator[Notice]:
    for to, agent in staff(ticket, policy, besides=besides):
        yield Notice(
            letter=letter,
            to=to,
            audience="agent",
            automation="auto-generated",
            once=f"{once}:{letter}:{to.email}",
            article=article,
            agent=agent,
            author=author,
            about=about,
            reason=reason,
            private=private,
            lines=lines,
        )


def _readers(ticket: Ticket) -> Iterator[tuple[Person, Audience]]:
    """The customers of a ticket: one letter each. An alias is the requester once more, and gets none."""
    yield ticket.requester, "requester"
    for participant in ticket.participants:
        if participant.role == "cc":
            yield Person(participant.name, participant.email), "participant"


def _carried(events: Sequence[Event]) -> bool:
    """An agent's words went out with these events: the letter with the words tells the rest."""
    return any(isinstance(e, ArticleAdded) and e.direction == "out" and e.visibility == "public" for e in events)


def _agent(by: str) -> str:
    """The agent's id in "agent:ana", or ""."""
    return by.removeprefix("agent:") if by.startswith("agent:") else ""
