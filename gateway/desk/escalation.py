"""A ticket goes to the next tier: because an agent says so, or because nobody took it up in time."""

from __future__ import annotations

from datetime import datetime

from gateway.desk.events import Assigned, Event, TeamChanged
from gateway.desk.events_time import Escalated
from gateway.desk.moves import moved
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy, Tier
from gateway.desk.refused import Refused
from gateway.desk.ticket import Ticket


def by_agent(ticket: Ticket, tier_id: str | None, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    """To the tier `tier_id`, or one up. Raises Refused where there is none."""
    tier = _next(ticket, policy) if tier_id is None else next((t for t in policy.tiers if t.id == tier_id), None)
    if tier is None:
        known = ", ".join(tier.id for tier in policy.tiers)
        if not known:
            raise Refused(Phrase("this desk has no tiers: name the task elsewhere, as in /escalate ENG-331"))
        if tier_id is None:
            raise Refused(Phrase("from {tier} there is no way up; there is {known}", tier=ticket.tier, known=known))
        raise Refused(Phrase("there is no tier {tier}; there is {known}", tier=tier_id, known=known))
    if tier.id == ticket.tier:
        return []
    return [*moved(ticket, "agent_acted", by, policy, now), *_to(ticket, tier, policy, now, by=by)]


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    clock = ticket.clock("escalation")
    return clock.due if clock is not None and clock.runs else None


def passed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    due, tier = due_at(ticket, policy), _next(ticket, policy)
    return [] if due is None or due > now or tier is None else _to(ticket, tier, policy, now, by="gateway")


def _next(ticket: Ticket, policy: Policy) -> Tier | None:
    tiers = [tier.id for tier in policy.tiers]
    place = tiers.index(ticket.tier) + 1 if ticket.tier in tiers else 0
    return policy.tiers[place] if place < len(tiers) else None


def _to(ticket: Ticket, tier: Tier, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    """Its team has it now; who had it before keeps it only as one of them."""
    events: list[Event] = []
    if tier.team != ticket.team:
        events.append(TeamChanged(at=now, by=by, before=ticket.team, after=tier.team))
    agent = policy.agents.get(ticket.assignee or "")
    if ticket.assignee is not None and (agent is None or tier.team not in agent.teams):
        events.append(Assigned(at=now, by=by, assignee=None))
    automatic = by == "gateway"
    return [*events, Escalated(at=now, by=by, before=ticket.tier, after=tier.id, automatic=automatic)]
