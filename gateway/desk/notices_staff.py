"""Letters to staff: what came in, what runs out, what nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.desk import phrases
from gateway.desk.events import (
    ArticleAdded,
    ArticleReleased,
    Assigned,
    DeliveryFailed,
    Event,
    PriorityChanged,
    RelationSuspected,
    TicketOpened,
)
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.events_bonds import Absorbed
from gateway.desk.events_quote import DecisionOvertaken, QuoteApproved, QuoteDeclined
from gateway.desk.events_time import (
    AssigneeAway,
    ClockMissed,
    ClockWarned,
    Escalated,
    NobodyAvailable,
    PhaseLate,
    PromiseWarned,
    Rated,
    StaleNoticed,
    UpdateAsked,
)
from gateway.desk.events_told import Mentioned
from gateway.desk.notice import Notice
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.recipients import (
    Told,
    assigned_or_staff,
    by_name,
    everybody,
    leads,
    manager,
    named,
    staff,
    together,
)
from gateway.desk.ticket import ClockName, Person, Ticket, agent_in

_DECIDED: Final = QuoteApproved | QuoteDeclined | DecisionOvertaken
_REASONS: Final[dict[type[Event], str]] = {
    QuoteApproved: "quote-approved", QuoteDeclined: "quote-declined", DecisionOvertaken: "quote-overtaken",
}  # fmt: skip
POOR: Final = 2  # stars: from here down the lead hears of it
CLOCKS: Final[dict[ClockName, str]] = {
    "first_response": "first response",
    "assignment": "assignment",
    "resolution": "solution",
    "escalation": "escalation",
}


def to_staff(ticket: Ticket, event: Event, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    match event:
        case TicketOpened() | PriorityChanged():
            yield from _came(ticket, event, events, policy, once)
        case ArticleAdded():
            yield from _article(ticket, event, events, policy, once)
        case ArticleReleased() if any(isinstance(each, _DECIDED) for each in events):
            yield from _customer_wrote(ticket, event, events, policy, once)
        case Assigned():
            yield from _assigned(ticket, event, policy, once)
        case DeliveryFailed():
            yield from _undelivered(ticket, event, policy, once)
        case Escalated(automatic=automatic):
            told = staff(ticket, policy, event.at, besides=agent_in(event.by))
            reason = "no-first-response" if automatic else "escalated"
            yield from _letters(ticket, "agent_escalated", told, policy, once, event, reason=reason)
        case StaleNoticed(number=number):
            told = assigned_or_staff(ticket, policy, event.at)
            told = together(told, leads(ticket, policy)) if number > 1 else told
            yield from _letters(ticket, "agent_stale", told, policy, once, event, reason="stale")
        case Absorbed():
            yield from _absorbed(ticket, event, policy, once)
        case AssigneeAway():
            yield from _offered(ticket, event, policy, once)
        case NobodyAvailable():
            yield from _nobody(ticket, event, policy, once)
        case _:
            yield from _warned(ticket, event, policy, once)


def _came(
    ticket: Ticket, event: TicketOpened | PriorityChanged, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    """A new one; or one that becomes so urgent that everybody has to know."""
    priority = policy.priorities.get(ticket.priority)
    alarm = priority is not None and priority.alert == "all"
    actor = agent_in(event.by)
    if isinstance(event, PriorityChanged):
        if alarm and event.after == ticket.priority and not any(isinstance(e, TicketOpened) for e in events):
            told = everybody(policy, besides=actor)
            yield from _letters(ticket, "agent_new", told, policy, once, event, reason="alert")
        return
    told = everybody(policy, besides=actor) if alarm else staff(ticket, policy, event.at, besides=actor)
    article = next((e.article for e in events if isinstance(e, ArticleAdded)), None)
    reason = "alert" if alarm else "new"
    lines = _relations(events, policy)
    yield from _letters(ticket, "agent_new", told, policy, once, event, reason=reason, article=article, lines=lines)


def _relations(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """The tickets that the mail may be about, for whoever reads it first."""
    found = (event for event in events if isinstance(event, RelationSuspected))
    return tuple(f"Perhaps about {policy.reference(event.number)}: {event.why}." for event in found)


def _article(
    ticket: Ticket, event: ArticleAdded, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    agent = agent_in(event.by)
    if agent and event.visibility == "private":
        yield from _noted(ticket, event, events, policy, once)
    if event.visibility == "held" and agent:
        return  # their own answer, which crossed a colleague's: they are told with that one
    if event.visibility == "held":
        told = staff(ticket, policy, event.at)
        yield from _letters(ticket, "agent_held", told, policy, once, event, reason="held", article=event.article)
    elif event.machine or any(isinstance(e, TicketOpened) for e in events):
        return
    elif not agent and event.visibility == "public":
        yield from _customer_wrote(ticket, event, events, policy, once)


def _noted(ticket: Ticket, event: ArticleAdded, events: Sequence[Event], policy: Policy, once: str) -> Iterator[Notice]:
    """A note: to whom it names, and to whom the ticket is. One that came with the ticket is told with it."""
    author, new = agent_in(event.by), any(isinstance(e, TicketOpened) for e in events)
    named = [one for e in events if isinstance(e, Mentioned) and e.article == event.article for one in e.agents]
    mentioned = by_name(named, policy)
    told = [] if new else [one for one in staff(ticket, policy, event.at, besides=author) if one not in mentioned]
    letter, article = "agent_note", event.article
    for notice in (
        *_to(mentioned, ticket, letter, policy, once, event, reason="mention", article=article),
        *_letters(ticket, letter, told, policy, once, event, reason="note", article=article),
    ):
        yield _by(notice, author)


def _customer_wrote(
    ticket: Ticket, event: ArticleAdded | ArticleReleased, events: Sequence[Event], policy: Policy, once: str
) -> Iterator[Notice]:
    """Of a mail that was held they know; not what was decided by it."""
    told = staff(ticket, policy, event.at)
    about: Event = event
    reason = "customer-reply"
    for decision in events:
        if isinstance(decision, _DECIDED):
            told = together(told, _maker(decision.quoted_by, policy))
            about, reason = decision, _REASONS[type(decision)]
    yield from _letters(ticket, "agent_reply", told, policy, once, about, reason=reason, article=event.article)


def _maker(by: str, policy: Policy) -> Told:
    """Whoever made a quote hears what was decided on it, whoever has the ticket by now."""
    agent = policy.agents.get(agent_in(by))
    return [(Person(agent.name, agent.email), agent.id)] if agent is not None and agent.notify != "none" else []


def _absorbed(ticket: Ticket, event: Absorbed, policy: Policy, once: str) -> Iterator[Notice]:
    """Whoever works on it gets what the customer wrote elsewhere."""
    told = staff(ticket, policy, event.at, besides=agent_in(event.by))
    line = f"{policy.reference(event.number)} was merged into it: what was said there is here now."
    if event.article is not None:
        yield from _letters(
            ticket, "agent_reply", told, policy, once, event, reason="merged", article=event.article, lines=(line,)
        )


def _assigned(ticket: Ticket, event: Assigned, policy: Policy, once: str) -> Iterator[Notice]:
    """Whoever gets a ticket from somebody else is told."""
    agent = policy.agents.get(event.assignee or "")
    if agent is None or event.by == f"agent:{agent.id}" or agent.notify == "none":
        return
    told: Told = [(Person(agent.name, agent.email), agent.id)]
    yield from _letters(ticket, "agent_assigned", told, policy, once, event, reason="assigned")


def _undelivered(ticket: Ticket, event: DeliveryFailed, policy: Policy, once: str) -> Iterator[Notice]:
    """Never to the address that failed (DUTIES OUT-05), and nothing about a colleague's: two mailboxes that are both
    broken would tell each other for ever."""
    if policy.agent_of(event.recipient) or any(team.email == event.recipient for team in policy.teams.values()):
        return
    told = [one for one in staff(ticket, policy, event.at) if one[0].email != event.recipient]
    yield from _letters(ticket, "agent_delivery_failed", told, policy, once, event, reason="delivery-failed")


def _offered(ticket: Ticket, event: AssigneeAway, policy: Policy, once: str) -> Iterator[Notice]:
    away = policy.agents.get(event.agent)
    told = staff(ticket, policy, event.at, besides=event.agent)
    line = f"{away.name if away else event.agent} has it and is away until {event.until.isoformat()}: who takes it?"
    yield from _letters(ticket, "agent_new", told, policy, once, event, reason="away", lines=(line,))


def _nobody(ticket: Ticket, event: NobodyAvailable, policy: Policy, once: str) -> Iterator[Notice]:
    """To the leads about this ticket; to the administrators once a day and team."""
    team = policy.teams.get(event.team)
    line = f"Nobody in {team.name.default if team else event.team} is there to get it."
    told = leads(ticket, policy)
    yield from _letters(ticket, "agent_warning", told, policy, once, event, reason="nobody-available", lines=(line,))
    for address in policy.admins:
        yield Notice(
            letter="admin_alert",
            to=Person("", address),
            audience="admin",
            automation="auto-generated",
            once=f"alert:nobody:{event.team}:{event.at:%Y-%m-%d}:{address}",
            about=event,
            reason=f"nobody in the team {event.team} is there",
            lines=(line, f"gateway ticket show {ticket.number}"),
        )


# -- what runs out -----------------------------------------------------------------------------------------------------


def _warned(ticket: Ticket, event: Event, policy: Policy, once: str) -> Iterator[Notice]:
    """To the assignee, or the team; of what was missed the leads hear too."""
    at = _warning(event, policy)
    if at is None:
        return
    reason, line, with_leads = at
    told = assigned_or_staff(ticket, policy, event.at)
    if isinstance(event, AllowanceReached):
        told = together(leads(ticket, policy) or told, manager(event.organisation, policy))
    elif isinstance(event, Rated):
        told = leads(ticket, policy) or told
    elif with_leads:
        told = together(told, leads(ticket, policy))
    yield from _letters(ticket, "agent_warning", told, policy, once, event, reason=reason, lines=(line,))


def _warning(event: Event, policy: Policy) -> tuple[str, str, bool] | None:
    """Its reason, what is to be said, and whether the leads hear of it."""
    match event:
        case ClockWarned(clock=clock, due=due):
            return CLOCKS[clock], f"Its {CLOCKS[clock]} is due on {moment(due, policy)}.", False
        case ClockMissed(clock=clock, due=due):
            return CLOCKS[clock], f"Its {CLOCKS[clock]} was due on {moment(due, policy)}: it is late.", True
        case PromiseWarned(due=due, passed=False):
            return "promise", f"The customer was promised {moment(due, policy)}. If that will not hold: /eta.", False
        case PromiseWarned(due=due):
            return "promise", f"The customer was promised {moment(due, policy)}: the promise is broken. /eta?", True
        case PhaseLate(phase=phase, due=due):
            return "phase", f"The phase {phase} was usually over by {moment(due, policy)}.", False
        case UpdateAsked(due=due):
            return "update", f"The customer hears from us on {moment(due, policy)}. News? Use /progress.", False
        case AllowanceReached(organisation=name, share=share):
            return "allowance", f"{name} has used {share} % of its allowance of this month.", True
        case Rated(stars=stars, comment=comment) if stars <= POOR:
            return "rating", f"The customer rated it {stars} of 5" + (f": {comment}" if comment else "."), True
        case _:
            return None


def moment(at: datetime, policy: Policy) -> Phrase:
    return phrases.moment(at, policy.timezone)


# -- how they are written ----------------------------------------------------------------------------------------------


def _letters(
    ticket: Ticket,
    letter: str,
    told: Told,
    policy: Policy,
    once: str,
    about: Event,
    *,
    reason: str,
    article: str | None = None,
    lines: tuple[str, ...] = (),
) -> Iterator[Notice]:
    """To those who are `told`, or to whom `[letter.x] to` names."""
    rule = policy.letters.get(letter)
    told = named(rule.to, ticket, policy, about.at) if rule is not None and rule.to else told
    yield from _to(told, ticket, letter, policy, once, about, reason=reason, article=article, lines=lines)


def _to(
    told: Told,
    ticket: Ticket,
    letter: str,
    policy: Policy,
    once: str,
    about: Event,
    *,
    reason: str,
    article: str | None = None,
    lines: tuple[str, ...] = (),
) -> Iterator[Notice]:
    """Nobody is told of what they did themselves, as an agent or as somebody on the ticket."""
    for to, agent in told:
        if _did(agent, about, ticket, policy):
            continue
        yield Notice(
            letter=letter,
            to=to,
            audience="agent",
            automation="auto-generated",
            once=f"{once}:{letter}:{to.email}",
            article=article,
            agent=agent,
            about=about,
            reason=reason,
            lines=lines,
        )


def _did(agent: str | None, about: Event, ticket: Ticket, policy: Policy) -> bool:
    if isinstance(about, ArticleAdded) and about.visibility == "held":
        return False  # who it claims to be is to hear of it
    whose = policy.agents.get(agent or "")
    actor = ticket.requester.email if about.by == "requester" else about.by
    return whose is not None and (about.by == f"agent:{whose.id}" or actor in whose.addresses)


def _by(notice: Notice, author: str) -> Notice:
    """A colleague's note: a reply to it stays one."""
    return replace(notice, author=author, private=True)
