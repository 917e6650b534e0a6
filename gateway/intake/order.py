"""Does a proven agent say what becomes of held mails, in a mail about no ticket: an answer to the digest?"""

from __future__ import annotations

from gateway.desk.orders import are_of_mails
from gateway.intake.case import Case
from gateway.intake.proof import proof
from gateway.intake.verdict import Verdict


def order(case: Case) -> Verdict | None:
    agent = case.agent
    if agent is None or case.target is not None or case.reading.machine or not are_of_mails(case.reading.parts.reply):
        return None
    proven, why = proof(case, agent)
    if not proven or agent.role == "viewer":
        return None
    return Verdict(
        "file", f"{agent.name} says what becomes of held mails: {why}", match=case.match, sender_role="agent",
        proven=True, orders=True, would=("do what it says", "send the transcript"),
    )  # fmt: skip
