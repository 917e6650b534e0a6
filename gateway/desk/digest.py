"""The daily digest: what waits for each agent in the morning, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.desk.assignment import away_until
from gateway.desk.calendar import Calendar, windows
from gateway.desk.decide import late_at
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Digest:
    """`tickets` in the order in which they are worked; `late` of them have missed a target."""

    agent: Agent
    tickets: tuple[Ticket, ...]
    late: int


def digests(tickets: Iterable[Ticket], policy: Policy, now: datetime) -> tuple[Digest, ...]:
    """For every agent who is there and wants to hear of tickets: their own that wait for us, and those of their teams
    that nobody has. Who has none gets no digest."""
    waiting = sorted(
        (ticket for ticket in tickets if ticket.status in ("new", "open")),
        key=lambda ticket: (_order(ticket, policy), ticket.created_at, ticket.number),
    )
    found = []
    for agent in policy.agents.values():
        if agent.notify == "none" or agent.role == "viewer" or away_until(agent, policy, now) is not None:
            continue
        theirs = tuple(ticket for ticket in waiting if _is_for(ticket, agent))
        if theirs:
            found.append(Digest(agent, theirs, sum(is_late(ticket, now) for ticket in theirs)))
    return tuple(found)


def is_late(ticket: Ticket, now: datetime) -> bool:
    """A target or a promise of it was missed."""
    at = late_at(ticket)
    return ticket.late_since is not None or (at is not None and at <= now)


def begins_week(office: Calendar, today: date) -> bool:
    """The first day since Monday on which the office is open."""
    return _is_first_open(office, today, today - timedelta(days=today.weekday()))


def begins_quarter(office: Calendar, today: date) -> bool:
    """The first day of a quarter of the year on which the office is open."""
    return _is_first_open(office, today, date(today.year, (today.month - 1) // 3 * 3 + 1, 1))


def _is_first_open(office: Calendar, today: date, begin: date) -> bool:
    before = (begin + timedelta(days=days) for days in range((today - begin).days))
    return bool(windows(office, today)) and not any(windows(office, day) for day in before)


def leads_there(policy: Policy, now: datetime) -> tuple[Agent, ...]:
    """Who hears how the desk does: the leads who are not away, and want letters."""
    leads = (agent for agent in policy.agents.values() if agent.role == "lead" and agent.notify != "none")
    return tuple(agent for agent in leads if away_until(agent, policy, now) is None)


def looks_again(category: str, policy: Policy) -> tuple[Agent, ...]:
    """Who is told of what was put off in a category: the teams it belongs to, or everybody where it has none."""
    teams = {team.id for team in policy.teams.values() if category in team.categories}
    known = (agent for agent in policy.agents.values() if agent.role != "viewer" and agent.notify != "none")
    return tuple(agent for agent in known if not teams or teams & set(agent.teams))


def _is_for(ticket: Ticket, agent: Agent) -> bool:
    if ticket.assignee is not None:
        return ticket.assignee == agent.id
    if agent.id in ticket.muted:
        return False
    return agent.notify != "mine" and (ticket.team is None or ticket.team in agent.teams)


def _order(ticket: Ticket, policy: Policy) -> int:
    priority = policy.priorities.get(ticket.priority)
    return priority.order if priority else 99
