"""Who gets a ticket: round-robin, or whoever has the fewest open ones; never somebody who is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from gateway.desk import calendar
from gateway.desk.causes import Offered
from gateway.desk.events import Assigned, Event, FirstResponse, TeamChanged, TicketOpened
from gateway.desk.events_time import AssigneeAway, Escalated, NobodyAvailable
from gateway.desk.hours import opening_on
from gateway.desk.policy import Agent, Policy, Priority, Team
from gateway.desk.ticket import Ticket


def to_be_assigned(ticket: Ticket, events: Sequence[Event], policy: Policy) -> Team | None:
    """The team one of whom gets the ticket now: it just came to it, and nobody has it."""
    team = policy.teams.get(ticket.team or "")
    came = any(isinstance(event, TicketOpened | TeamChanged | Escalated) for event in events)
    if team is None or team.assign == "manual" or not came:
        return None
    return None if ticket.assignee is not None or ticket.status in ("solved", "closed") else team


def members(team: Team, policy: Policy) -> list[Agent]:
    """Who may be given its tickets, in the order of the configuration."""
    return [agent for agent in policy.agents.values() if team.id in agent.teams and agent.role != "viewer"]


def offered(ticket: Ticket, cause: Offered, policy: Policy, now: datetime) -> list[Event]:
    team = policy.teams.get(ticket.team or "")
    if team is None or team.assign == "manual" or ticket.assignee is not None or ticket.status in ("solved", "closed"):
        return []
    agent = _chosen(team, cause, policy, now)
    if agent is None:
        return [NobodyAvailable(at=now, by="gateway", team=team.id)]
    priority = policy.priorities.get(ticket.priority)
    return given(agent.id, priority, now, answered=ticket.first_response_at is not None)


def given(agent: str | None, priority: Priority | None, now: datetime, *, answered: bool) -> list[Event]:
    """The desk gives it to `agent`, which is the first response where the priority says so."""
    events: list[Event] = [Assigned(at=now, by="gateway", assignee=agent, automatic=True)]
    if priority is not None and priority.first_response_by == "assigned" and not answered:
        events.append(FirstResponse(at=now, by="gateway"))
    return events


def away_until(agent: Agent, policy: Policy, now: datetime) -> date | None:
    """The last day of the absence that `agent` is in, or None."""
    today = calendar.local_date(_hours(agent, policy), now)
    return max((end for start, end in agent.away if start <= today <= end), default=None)


def due_at(ticket: Ticket, policy: Policy, now: datetime) -> datetime | None:
    """When the assignee's next absence begins, that the team has not heard of."""
    agent = policy.agents.get(ticket.assignee or "")
    if agent is None or ticket.status not in ("new", "open", "on_hold"):
        return None
    today, told = calendar.local_date(policy.office, now), ticket.offered_until
    begins = [start for start, end in agent.away if end >= today and (told is None or end > told)]
    return opening_on(policy.office, min(begins)) if begins else None


def passed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    agent, due = policy.agents.get(ticket.assignee or ""), due_at(ticket, policy, now)
    until = away_until(agent, policy, now) if agent else None
    if agent is None or due is None or due > now or until is None or not calendar.is_open(policy.office, now):
        return []
    return [AssigneeAway(at=now, by="gateway", agent=agent.id, until=until)]


def _chosen(team: Team, cause: Offered, policy: Policy, now: datetime) -> Agent | None:
    """Who is at work now goes before who will be later."""
    everybody = members(team, policy)
    if not everybody:
        return None
    turn = cause.turn % len(everybody)
    in_turn = [*everybody[turn:], *everybody[:turn]]
    there = [agent for agent in in_turn if away_until(agent, policy, now) is None]
    at_work = [agent for agent in there if calendar.is_open(_hours(agent, policy), now)] or there
    if team.assign == "least-open":
        has = dict(cause.open)
        return min(at_work, key=lambda agent: has.get(agent.id, 0), default=None)
    return at_work[0] if at_work else None


def _hours(agent: Agent, policy: Policy) -> calendar.Calendar:
    return policy.calendars.get(agent.calendar, policy.office)
