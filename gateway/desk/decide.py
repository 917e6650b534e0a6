"""The heart: what follows from a cause. `decide` says it in events, `evolve` (evolve.py) makes them so.

No I/O, no clock: `now` is an argument. A command that the desk refuses raises `Refused`, whose text says why and what
to do instead; nothing of the whole cause is then done.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gateway.desk import calendar, commands
from gateway.desk.events import (
    Acknowledged,
    AgentActed,
    ArticleAccepted,
    ArticleAdded,
    ArticleReleased,
    Assigned,
    CategoryChanged,
    Cause,
    CustomerWrote,
    DeliveryFailed,
    Event,
    FirstResponse,
    LanguageChanged,
    LetterFailed,
    LetterStopped,
    LetterWithheld,
    Linked,
    MachineMailFiled,
    MachineWrote,
    MailHeld,
    ParticipantAdded,
    PhaseEntered,
    PriorityChanged,
    RelationSuspected,
    Request,
    StatusChanged,
    SubjectChanged,
    Tagged,
    TeamChanged,
    TicketOpened,
    TimePassed,
    Untagged,
)
from gateway.desk.evolve import evolve
from gateway.desk.policy import Category, Phase, Policy
from gateway.desk.ticket import Article, ParticipantRole, Ticket, article_mark
from gateway.desk.workflow import Happening, after


class Refused(Exception):
    """A rule of the desk forbids it; the text says which, and what to do instead."""


def open_ticket(request: Request, policy: Policy, now: datetime) -> list[Event]:
    """The events of a new ticket, the first of them `TicketOpened`."""
    by = request.by
    events: list[Event] = [
        TicketOpened(
            at=now,
            by=by,
            number=request.number,
            mailbox=request.mailbox,
            subject=request.subject,
            requester_name=request.requester.name,
            requester_email=request.requester.email,
            category=request.category,
            priority=request.priority,
            language=request.language,
            channel=request.channel,
            team=request.team,
            tier=request.tier,
            organisation=request.organisation,
            tags=request.tags,
        ),
        _added(request.article, now, machine=request.machine),
        _entered(policy.categories[request.category].phases[0], policy, now, by="gateway"),
    ]
    if request.follow_up_of is not None:
        events.append(Linked(at=now, by="gateway", link="follow_up_of", number=request.follow_up_of))
    events += [ParticipantAdded(at=now, by=by, name=p.name, email=p.email) for p in request.participants]
    events += [RelationSuspected(at=now, by="gateway", number=n, why=why) for n, why in request.suspects]
    if request.assignee is not None:
        events.append(Assigned(at=now, by="gateway", assignee=request.assignee, automatic=True))
    if request.acknowledge:
        events.append(Acknowledged(at=now, by="gateway", letter=request.acknowledge))
    elif request.withheld:
        recipient = request.requester.email
        events.append(LetterWithheld(at=now, by="gateway", letter="ack", recipient=recipient, why=request.withheld))
    return events


def decide(ticket: Ticket, cause: Cause, policy: Policy, now: datetime) -> list[Event]:
    """What is true after `cause`, in order; nothing when it changes nothing."""
    match cause:
        case CustomerWrote():
            return _customer_wrote(ticket, cause, policy, now)
        case AgentActed():
            return _agent_acted(ticket, cause, policy, now)
        case MailHeld(article=article):
            return [_added(article, now)]
        case MachineWrote(article=article, sort=sort, until=until):
            filed = MachineMailFiled(at=now, by=article_mark(article), sort=sort, until=until)
            return [_added(article, now, machine=True), filed]
        case LetterFailed(letter=letter, recipient=recipient, status=status, diagnostic=diagnostic):
            failed = DeliveryFailed(
                at=now, by="gateway", letter=letter, recipient=recipient, status=status, diagnostic=diagnostic
            )
            return [failed]
        case ArticleAccepted():
            return _accepted(ticket, cause, policy, now)
        case LetterStopped(letter=letter, recipient=recipient, why=why):
            return [LetterWithheld(at=now, by="gateway", letter=letter, recipient=recipient, why=why)]
        case TimePassed():
            return _time_passed(ticket, now)
        case _:
            assert_never(cause)


def next_due(ticket: Ticket, policy: Policy) -> datetime | None:
    """When time alone will next change this ticket; None: not by itself."""
    if ticket.status == "solved" and ticket.requester.email not in ticket.undelivered:
        return ticket.close_due
    return None


def dues(ticket: Ticket, policy: Policy) -> list[tuple[str, datetime]]:
    """What is due on the ticket, by kind, the soonest first: what customers and agents wait for."""
    found: list[tuple[str, datetime]] = []
    step = ticket.step
    if step is not None and step.by is not None and ticket.status not in ("solved", "closed"):
        found.append(("phase", step.by))
    closing = next_due(ticket, policy)
    if ticket.status == "solved" and closing is not None:
        found.append(("close", closing))
    return sorted(found, key=lambda one: one[1])


# -- people write ------------------------------------------------------------------------------------------------------


def _added(article: Article, now: datetime, *, machine: bool = False) -> ArticleAdded:
    return ArticleAdded(
        at=now,
        by=article_mark(article),
        article=article.id,
        direction=article.direction,
        visibility=article.visibility,
        machine=machine,
    )


def _customer_wrote(ticket: Ticket, cause: CustomerWrote, policy: Policy, now: datetime) -> list[Event]:
    """A "thanks" keeps what is solved or closed as it is."""
    events: list[Event] = [_added(cause.article, now), *_joined(ticket, cause, now)]
    if cause.thanks and policy.thanks_keeps_closed and ticket.status in ("solved", "closed"):
        return events
    return events + _moved(ticket, "customer_wrote", article_mark(cause.article), policy, now)


def _joined(ticket: Ticket, cause: CustomerWrote, now: datetime) -> list[Event]:
    """Whom the requester brings along; a participant brings nobody."""
    by = article_mark(cause.article)
    strangers = (person for person in cause.joins if ticket.role_of(person.email) == "stranger")
    if by != "requester":
        return []
    return [ParticipantAdded(at=now, by=by, name=each.name, email=each.email) for each in strangers]


def _accepted(ticket: Ticket, cause: ArticleAccepted, policy: Policy, now: datetime) -> list[Event]:
    """A released mail counts as if its sender had been proven when it came."""
    author = cause.article.author
    events: list[Event] = [ArticleReleased(at=now, by=cause.by, article=cause.article.id)]
    if cause.join or cause.alias:
        role: ParticipantRole = "alias" if cause.alias else "cc"
        events.append(ParticipantAdded(at=now, by=cause.by, name=author.name, email=author.email, role=role))
    return events + _moved(ticket, "customer_wrote", article_mark(cause.article), policy, now)


def _moved(ticket: Ticket, happening: Happening, by: str, policy: Policy, now: datetime) -> list[Event]:
    """The status that follows, with the phase that a reopened ticket goes back to."""
    status = after(ticket.status, happening)
    if status == ticket.status:
        return []
    events: list[Event] = [StatusChanged(at=now, by=by, before=ticket.status, after=status)]
    if status not in ("solved", "closed"):
        events += _back_from_final(ticket, policy, now)
    return events


def _back_from_final(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """An open ticket does not stand in a final phase: it goes back to the last other one that it was in."""
    category = policy.categories.get(ticket.category)
    final = {phase.id for phase in category.phases if phase.final} if category else set()
    if category is None or ticket.phase not in final:
        return []
    earlier = next((step.phase for step in reversed(ticket.steps) if step.phase not in final), category.phases[0].id)
    phase = category.phase(earlier)
    return [_entered(phase, policy, now, by="gateway")] if phase and phase.id != ticket.phase else []


# -- agents act --------------------------------------------------------------------------------------------------------


def _agent_acted(ticket: Ticket, cause: AgentActed, policy: Policy, now: datetime) -> list[Event]:
    """The words first, then the commands in their order, each on the ticket that those before have made."""
    events: list[Event] = []
    if cause.article is not None:
        for event in _answered(ticket, cause.article, policy, now):
            events.append(event)
            ticket = evolve(ticket, event)
    for command in cause.commands:
        for event in _obeyed(ticket, command, cause.agent, policy, now):
            events.append(event)
            ticket = evolve(ticket, event)
    return events


def _answered(ticket: Ticket, article: Article, policy: Policy, now: datetime) -> list[Event]:
    events: list[Event] = [_added(article, now)]
    if article.visibility == "public":
        by = article_mark(article)
        if ticket.first_response_at is None:
            events.append(FirstResponse(at=now, by=by))
        events += _moved(ticket, "agent_acted", by, policy, now)
    return events


def _obeyed(ticket: Ticket, command: commands.Command, agent: str, policy: Policy, now: datetime) -> list[Event]:
    """What one command makes true; nothing when it is so already."""
    by = f"agent:{agent}"
    match command:
        case commands.Take():
            return _assigned(ticket, agent, by, policy, now)
        case commands.Assign(to=to):
            return _assigned(ticket, to, by, policy, now)
        case commands.ToTeam(team=team):
            return [TeamChanged(at=now, by=by, before=ticket.team, after=team)] if team != ticket.team else []
        case commands.EnterPhase(phase=phase):
            return _phase_moved(ticket, phase, by, policy, now)
        case commands.SetCategory(category=category):
            return _category_changed(ticket, category, by, policy, now)
        case commands.SetPriority(priority=priority):
            changed = PriorityChanged(at=now, by=by, before=ticket.priority, after=priority)
            return [changed] if priority != ticket.priority else []
        case commands.SetSubject(subject=subject):
            renamed = SubjectChanged(at=now, by=by, before=ticket.subject, after=subject)
            return [renamed] if subject != ticket.subject else []
        case commands.SetLanguage(language=language):
            spoken = LanguageChanged(at=now, by=by, before=ticket.language, after=language)
            return [spoken] if language != ticket.language else []
        case commands.Tag(tag=tag):
            return [Tagged(at=now, by=by, tag=tag)] if tag not in ticket.tags else []
        case commands.Untag(tag=tag):
            return [Untagged(at=now, by=by, tag=tag)] if tag in ticket.tags else []
        case commands.Ask():
            return _refused_when_closed(ticket, "ask on") or _moved(ticket, "asked", by, policy, now)
        case commands.Hold():
            return _refused_when_closed(ticket, "hold") or _moved(ticket, "held", by, policy, now)
        case commands.Solve():
            return _solved(ticket, by, policy, now)
        case commands.Close():
            return _moved(ticket, "closed", by, policy, now)
        case commands.Reopen():
            return _moved(ticket, "reopened", by, policy, now)
        case _:
            assert_never(command)


def _refused_when_closed(ticket: Ticket, verb: str) -> list[Event]:
    if ticket.status == "closed":
        raise Refused(f"{ticket.number} is closed: reopen it before you {verb} it")
    return []


def _assigned(ticket: Ticket, to: str | None, by: str, policy: Policy, now: datetime) -> list[Event]:
    events: list[Event] = []
    if to != ticket.assignee:
        events.append(Assigned(at=now, by=by, assignee=to))
    return events + (_moved(ticket, "agent_acted", by, policy, now) if to else [])


def _phase_moved(ticket: Ticket, phase_id: str, by: str, policy: Policy, now: datetime) -> list[Event]:
    category = policy.categories[ticket.category]
    phase = category.phase(phase_id)
    if phase is None:
        known = ", ".join(each.id for each in category.phases)
        raise Refused(f"{category.id} has no phase {phase_id}; it has {known}")
    if phase.id == ticket.phase:
        return []
    events: list[Event] = [_entered(phase, policy, now, by=by)]
    if phase.final:
        _refused_when_closed(ticket, "move")
        return events + _set_solved(ticket, by, policy, now)
    return events + _moved(ticket, "agent_acted", by, policy, now)


def _category_changed(ticket: Ticket, category_id: str, by: str, policy: Policy, now: datetime) -> list[Event]:
    """The phase of the same id in the new category, else its first."""
    if category_id == ticket.category:
        return []
    category: Category = policy.categories[category_id]
    phase = category.phase(ticket.phase) or category.phases[0]
    events: list[Event] = [CategoryChanged(at=now, by=by, before=ticket.category, after=category_id)]
    if phase.id != ticket.phase:
        events.append(_entered(phase, policy, now, by="gateway"))
    return events


def _solved(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    """Solving enters the category's final phase where the customer has seen from the first that there is one."""
    if ticket.status == "solved":
        return []
    _refused_when_closed(ticket, "solve")
    category = policy.categories[ticket.category]
    final = next((p for p in category.phases if p.final and not p.hidden_until_reached), None)
    events: list[Event] = []
    if final is not None and final.id != ticket.phase:
        events.append(_entered(final, policy, now, by=by))
    return events + _set_solved(ticket, by, policy, now)


def _set_solved(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    if ticket.status == "solved":
        return []
    gap = policy.solved.close_after
    due = calendar.add(policy.office, now, gap) if gap else None
    return [StatusChanged(at=now, by=by, before=ticket.status, after=after(ticket.status, "solved"), close_due=due)]


def _entered(phase: Phase, policy: Policy, now: datetime, *, by: str) -> PhaseEntered:
    """With the dates of its timeframe as the calendar has them today (DESIGN law 2)."""
    if phase.expect is None:
        return PhaseEntered(at=now, by=by, phase=phase.id)
    first, last = (calendar.add(policy.office, now, span) for span in (phase.expect.first, phase.expect.last))
    return PhaseEntered(at=now, by=by, phase=phase.id, expected_from=first, expected_by=last)


# -- time passes -------------------------------------------------------------------------------------------------------


def _time_passed(ticket: Ticket, now: datetime) -> list[Event]:
    """What was solved is closed, unless the answer never reached the customer."""
    due = ticket.close_due
    if ticket.status != "solved" or due is None or due > now or ticket.requester.email in ticket.undelivered:
        return []
    return [StatusChanged(at=now, by="gateway", before="solved", after="closed")]
