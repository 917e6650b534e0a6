"""Is it an agent's, and proven? Then it is an answer, a note, or commands; unproven, the real agent is told."""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.proof import proof
from gateway.intake.verdict import Verdict


def control(case: Case) -> Verdict | None:
    agent, ticket = case.agent, case.target
    if agent is None or ticket is None:
        return None
    proven, why = proof(case, agent)
    if not proven:
        return Verdict(
            "hold", f"it claims to come from {agent.name}, unproven: {why}", match=case.match, sender_role="agent",
            ticket=ticket.number, tell="agent", would=("hold it", f"tell {agent.id}"),
        )  # fmt: skip
    private = case.match.note
    send = (f"send it to {ticket.requester}",) if ticket.requester not in case.reached else ()
    would = ("add a private note",) if private else ("add the answer", *send)
    return Verdict(
        "append", f"{agent.name} answers: {why}", match=case.match, sender_role="agent", ticket=ticket.number,
        proven=True, private=private, would=would, reached=case.reached,
    )  # fmt: skip
