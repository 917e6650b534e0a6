"""Did a proven agent forward somebody's mail? Then the ticket is that somebody's."""

from __future__ import annotations

from gateway.desk.ticket import Person
from gateway.intake.case import Case
from gateway.intake.proof import proof
from gateway.intake.verdict import Verdict


def forward(case: Case) -> Verdict | None:
    """A fresh mail carries no code: it needs the server's pass (CONTRACT §3). The agent's own words stay private."""
    agent, original = case.agent, case.reading.parts.forwarded_from
    if agent is None or case.target is not None or case.reading.machine or original is None or not original.email:
        return None
    if original.email in case.policy.own_addresses or case.policy.agent_of(original.email) is not None:
        return None
    proven, why = proof(case, agent)
    if not proven:
        return None
    return Verdict(
        "new_ticket",
        f"{agent.name} forwards a mail of {original.email}: {why}",
        match=case.match,
        sender_role="agent",
        proven=True,
        private=True,
        acknowledge="created_for_you",
        requester=Person(original.name, original.email),
        would=(f"open a ticket for {original.email}", "tell them that it was opened", "tell the team"),
    )
