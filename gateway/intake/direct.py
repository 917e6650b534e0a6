"""Did a proven agent write to a customer of their own accord, with our address in Cc?

Then that is the first answer on a ticket of the customer's, whose reply finds it.
"""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.company import addressed
from gateway.intake.proof import proof
from gateway.intake.verdict import Verdict


def direct(case: Case) -> Verdict | None:
    """Whoever is addressed first is the customer, others in To read along. A fresh mail carries no code: without the
    server's pass it is an ordinary one (CONTRACT §3)."""
    agent, reading = case.agent, case.reading
    if agent is None or case.target is not None or reading.machine or reading.message.header("list-id"):
        return None
    people = addressed(reading, case.policy)
    proven, why = proof(case, agent)
    if not people or not proven:
        return None
    return Verdict(
        "new_ticket", f"{agent.name} writes to {people[0].email}, with us in copy: {why}", match=case.match,
        sender_role="agent", proven=True, requester=people[0], brings=people[1:],
        reached=tuple(each.email for each in people),
        would=(f"open a ticket for {people[0].email} with this as its first answer", "send it to nobody again"),
    )  # fmt: skip
