"""Agents act: their words first, then their commands in order, each on the ticket that those before have made."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gateway.desk import bonds, commands, escalation, problems, promises, quotes, updates
from gateway.desk.causes import AgentActed
from gateway.desk.events import (
    Assigned,
    Event,
    FirstResponse,
    LanguageChanged,
    Linked,
    ParticipantAdded,
    ParticipantRemoved,
    PriorityChanged,
    SubjectChanged,
    Tagged,
    TeamChanged,
    Untagged,
)
from gateway.desk.events_time import CustomerCalled, KeptQuiet, Snoozed, TaskRecorded, TimeSpent
from gateway.desk.events_told import Muted, Unmuted
from gateway.desk.evolve import after_all
from gateway.desk.mentions import mentioned
from gateway.desk.moves import added, category_changed, entered, moved, refuse_when_closed, set_solved, solved
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused
from gateway.desk.ticket import Article, Ticket, article_mark
from gateway.desk.workflow import Happening


def agent_acted(ticket: Ticket, cause: AgentActed, policy: Policy, now: datetime) -> list[Event]:
    """Raises Refused, which says which command it was; nothing of the whole is then done."""
    _refuse_when_merged(ticket, policy)
    words = [] if cause.article is None else _answered(ticket, cause.article, policy, now)
    done = each_command(after_all(ticket, words), cause, policy, now)
    events = [*words, *(event for events in done for event in events)]
    return [KeptQuiet(at=now, by=f"agent:{cause.agent}"), *events] if cause.quiet and events else events


def each_command(ticket: Ticket, cause: AgentActed, policy: Policy, now: datetime) -> list[list[Event]]:
    """What each command makes true, in order; nothing where it is so already."""
    done: list[list[Event]] = []
    for index, command in enumerate(cause.commands):
        try:
            events = _obeyed(ticket, command, cause, policy, now)
        except Refused as refusal:
            raise Refused(refusal.why, index) from refusal
        ticket = after_all(ticket, events)
        done.append(events)
    return done


def _refuse_when_merged(ticket: Ticket, policy: Policy) -> None:
    if ticket.merged_into is not None:
        this, other = policy.reference(ticket.number), policy.reference(ticket.merged_into)
        why = "{this} was merged into {other}: act on that one, or unmerge {this}"
        raise Refused(Phrase(why, this=this, other=other))


def _answered(ticket: Ticket, article: Article, policy: Policy, now: datetime) -> list[Event]:
    events: list[Event] = [added(article, now), *mentioned(article, policy, now)]
    if article.visibility == "public":
        by = article_mark(article)
        if ticket.first_response_at is None:
            events.append(FirstResponse(at=now, by=by))
        events += moved(ticket, "agent_acted", by, policy, now)
    return events


def _obeyed(ticket: Ticket, command: commands.Command, cause: AgentActed, policy: Policy, now: datetime) -> list[Event]:
    by = f"agent:{cause.agent}"
    _refuse_when_merged(ticket, policy)
    match command:
        case commands.Take() | commands.Assign() | commands.ToTeam() | commands.Escalate() | commands.Snooze():
            return _staffed(ticket, command, cause.agent, policy, now)
        case commands.MergeInto(number=number):
            return bonds.merged(ticket, number, cause.others.get(number), by, policy, now)
        case commands.Unmerge(number=number):
            return bonds.given_back(ticket, number, by, policy, now)
        case commands.EnterPhase(phase=phase):
            return _phase_moved(ticket, phase, by, policy, now)
        case commands.GiveDate(by=date):
            return promises.promised(ticket, date, policy, now, by=by)
        case commands.SetCategory(category=category):
            return category_changed(ticket, category, by, policy, now)
        case commands.Ask():
            refuse_when_closed(ticket, "ask on")
            return moved(ticket, "asked", by, policy, now)
        case commands.Hold():
            refuse_when_closed(ticket, "hold")
            return moved(ticket, "held", by, policy, now)
        case commands.HandOver(ref=ref):
            return _handed_over(ticket, ref, by, policy, now)
        case commands.Inform():
            return updates.informed(ticket, policy, now, by=by)
        case commands.Call():
            return _called(ticket, by, policy, now)
        case commands.Solve():
            return solved(ticket, by, policy, now)
        case commands.Close():
            return moved(ticket, "closed", by, policy, now)
        case commands.Reopen():
            return moved(ticket, "reopened", by, policy, now)
        case commands.Mute(on=on):
            return _muted(ticket, cause.agent, now, on=on)
        case commands.UseAnswer():
            return []
        case commands.Spend(minutes=minutes):
            return [TimeSpent(at=now, by=by, minutes=minutes)]
        case commands.MakeQuote(minutes=minutes, amount=amount):
            return quotes.quoted(ticket, minutes, amount, policy, now, by=by)
        case commands.TakeBackQuote():
            return quotes.withdrawn(ticket, policy, now, by=by)
        case _:
            return _described(ticket, command, by, now)


Staffing = commands.Take | commands.Assign | commands.ToTeam | commands.Escalate | commands.Snooze
Describing = (
    commands.SetPriority
    | commands.SetSubject
    | commands.SetLanguage
    | commands.Tag
    | commands.Untag
    | commands.AddReader
    | commands.RemoveReader
    | commands.LinkTo
    | commands.SetProblem
    | commands.Tell
)


def _staffed(ticket: Ticket, command: Staffing, agent: str, policy: Policy, now: datetime) -> list[Event]:
    """Who works on it, and when they are reminded."""
    by = f"agent:{agent}"
    match command:
        case commands.Take():
            return _assigned(ticket, agent, by, policy, now)
        case commands.Assign(to=to):
            return _assigned(ticket, to, by, policy, now)
        case commands.ToTeam(team=team):
            return [TeamChanged(at=now, by=by, before=ticket.team, after=team)] if team != ticket.team else []
        case commands.Escalate(tier=tier):
            refuse_when_closed(ticket, "escalate")
            return escalation.by_agent(ticket, tier, policy, now, by=by)
        case commands.Snooze(until=until):
            return [Snoozed(at=now, by=by, until=until)] if until != ticket.snoozed_until else []
        case _:
            assert_never(command)


def _described(ticket: Ticket, command: Describing, by: str, now: datetime) -> list[Event]:
    """What the ticket is called, and who and what belongs to it."""
    match command:
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
        case commands.AddReader(email=email):
            reads = ticket.role_of(email) != "stranger"
            return [] if reads else [ParticipantAdded(at=now, by=by, name="", email=email)]
        case commands.RemoveReader(email=email):
            reads = ticket.role_of(email) == "participant"
            return [ParticipantRemoved(at=now, by=by, email=email)] if reads else []
        case commands.LinkTo(number=number):
            linked = any(link.number == number for link in ticket.links)
            return [] if linked else [Linked(at=now, by=by, link="related", number=number)]
        case commands.SetProblem(problem=problem):
            return problems.belongs(ticket, problem, by, now)
        case commands.Tell():
            return problems.told(ticket, command, by, now)
        case _:
            assert_never(command)


def _assigned(ticket: Ticket, to: str | None, by: str, policy: Policy, now: datetime) -> list[Event]:
    """Who takes up what the desk gave them says so once."""
    events: list[Event] = []
    taken = to is not None and by == f"agent:{to}"
    if to != ticket.assignee:
        events.append(Assigned(at=now, by=by, assignee=to))
    elif taken and not ticket.answered:
        events.append(Assigned(at=now, by=by, assignee=to, again=True))
    if to is None:
        return events
    priority = policy.priorities.get(ticket.priority)
    counts = ("take", "assigned") if taken else ("assigned",)
    if priority is not None and priority.first_response_by in counts and ticket.first_response_at is None:
        events.append(FirstResponse(at=now, by=by))
    return events + moved(ticket, "agent_acted", by, policy, now)


def _muted(ticket: Ticket, agent: str, now: datetime, *, on: bool) -> list[Event]:
    if on == (agent in ticket.muted):
        return []
    by = f"agent:{agent}"
    return [Muted(at=now, by=by) if on else Unmuted(at=now, by=by)]


def _phase_moved(ticket: Ticket, phase_id: str, by: str, policy: Policy, now: datetime) -> list[Event]:
    category = policy.categories[ticket.category]
    phase = category.phase(phase_id)
    if phase is None:
        known = ", ".join(each.id for each in category.phases)
        why = "{category} has no phase {phase}; it has {known}"
        raise Refused(Phrase(why, category=category.id, phase=phase_id, known=known))
    if phase.id == ticket.phase and not (ticket.step and ticket.step.implied):
        return []
    if phase.final:
        refuse_when_closed(ticket, "move")
        return [entered(phase, policy, now, by=by), *set_solved(ticket, by, policy, now)]
    there = entered(phase, policy, now, by=by)
    return [there, *moved(after_all(ticket, [there]), _by_moving(ticket, now), by, policy, now)]


def _by_moving(ticket: Ticket, now: datetime) -> Happening:
    """Who goes back to a step that does not end it works on it again; unless the same mail says that it is solved."""
    over = ticket.status in ("solved", "closed") and now not in (ticket.solved_at, ticket.closed_at)
    return "reopened" if over else "agent_acted"


def _called(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    """A voicemail is an answer of a person."""
    first: list[Event] = [FirstResponse(at=now, by=by)] if ticket.first_response_at is None else []
    return [CustomerCalled(at=now, by=by), *first, *moved(ticket, "agent_acted", by, policy, now)]


def _handed_over(ticket: Ticket, ref: str, by: str, policy: Policy, now: datetime) -> list[Event]:
    refuse_when_closed(ticket, "hold")
    events: list[Event] = []
    if ref != ticket.external_ref:
        events += [TaskRecorded(at=now, by=by, ref=ref), *problems.of_task(ticket, ref, by, now)]
    return events + moved(ticket, "held", by, policy, now)
