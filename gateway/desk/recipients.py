"""Who of us is told about a ticket, and who of the customer's side reads along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from gateway.desk.assignment import away_until
from gateway.desk.notice import Audience
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Person, Ticket

Told = list[tuple[Person, str | None]]  # each with their id; None: a team's own address


def readers(ticket: Ticket) -> Iterator[tuple[Person, Audience]]:
    """The customers of a ticket: one letter each. An alias is the requester once more, and gets none."""
    yield ticket.requester, "requester"
    for participant in ticket.participants:
        if participant.role == "cc":
            yield Person(participant.name, participant.email), "participant"


def staff(ticket: Ticket, policy: Policy, now: datetime, *, besides: str = "") -> Told:
    """The assignee, or the team where there is none, or they are away; and whoever wants to know all. `besides`: who
    acted.

    A team with an address of its own gets one letter. With no team at all, everybody; of a team that has nobody, the
    leads. Whoever muted the ticket is as good as away.
    """
    told: dict[str, tuple[Person, str | None]] = {}
    assignee = policy.agents.get(ticket.assignee or "")
    team = policy.teams.get(ticket.team or "")
    to_team = assignee is None or assignee.id in ticket.muted or away_until(assignee, policy, now) is not None
    for agent in policy.agents.values():
        if agent.id == besides or not _hears(agent, ticket) or (agent.role == "viewer" and agent.notify != "all"):
            continue
        mine = assignee is not None and agent.id == assignee.id
        ours = to_team and agent.notify == "team" and (team is None or team.id in agent.teams)
        if mine or agent.notify == "all" or (ours and not (team and team.email)):
            told[agent.email] = (Person(agent.name, agent.email), agent.id)
    if to_team and team is not None and team.email:
        told[team.email] = (Person(team.name.default, team.email), None)
    empty = team is not None and not team.email and not any(team.id in agent.teams for agent in policy.agents.values())
    return [*told.values(), *(leads(ticket, policy) if to_team and empty else ())]


def assigned_or_staff(ticket: Ticket, policy: Policy, now: datetime) -> Told:
    """The assignee whatever they want to hear of, if they are there; else as `staff`."""
    agent = policy.agents.get(ticket.assignee or "")
    if agent is None or not _hears(agent, ticket) or away_until(agent, policy, now) is not None:
        return staff(ticket, policy, now)
    return _told([agent])


def leads(ticket: Ticket, policy: Policy) -> Told:
    """The leads of its team; where it has none, all leads."""
    every = [agent for agent in policy.agents.values() if agent.role == "lead" and _hears(agent, ticket)]
    return _told([agent for agent in every if ticket.team in agent.teams] or every)


def manager(organisation: str, policy: Policy) -> Told:
    """Who answers for the organisation here: an agent, or an address."""
    found = policy.organisations.get(organisation)
    name = found.manager if found is not None else ""
    agent = policy.agents.get(name) or policy.agent_of(name)
    if agent is None:
        return [(Person("", name), None)] if "@" in name else []
    return _told([agent]) if agent.notify != "none" else []


def everybody(policy: Policy, *, besides: str = "") -> Told:
    """For an alarm: whatever they want to hear of, and whether or not they muted the ticket. Viewers only look."""
    return _told(agent for agent in policy.agents.values() if agent.role != "viewer" and agent.id != besides)


def named(to: str, ticket: Ticket, policy: Policy, now: datetime) -> Told:
    """Whom `[letter.x] to` names: "assignee", "team", "leads", "all", or an address."""
    agent = policy.agents.get(ticket.assignee or "")
    match to:
        case "assignee":
            return _told([agent]) if agent and agent.id not in ticket.muted else []
        case "team":
            members = (each for each in policy.agents.values() if ticket.team in each.teams)
            return _told(each for each in members if each.id not in ticket.muted)
        case "leads":
            return leads(ticket, policy)
        case "all":
            return everybody(policy)
        case _:
            return [(Person("", to), None)]


def by_name(agents: Iterable[str], policy: Policy) -> Told:
    """Those of these ids who want letters at all."""
    found = (policy.agents.get(each) for each in agents)
    return _told(agent for agent in found if agent is not None and agent.notify != "none")


def together(*told: Told) -> Told:
    """Each address once."""
    return list({person.email: (person, agent) for each in told for person, agent in each}.values())


def _hears(agent: Agent, ticket: Ticket) -> bool:
    return agent.notify != "none" and agent.id not in ticket.muted


def _told(agents: Iterable[Agent]) -> Told:
    return [(Person(agent.name, agent.email), agent.id) for agent in agents]
