"""Does an agent's mail go round in circles? An absence note without a mark would go out to the customer, who answers.

Three of a kind go out within the hour; what comes then is held, and the team is told once. What opens tickets, or is
a customer's, is taken all the same: it is not answered any more (`Case.looping`).
"""

from __future__ import annotations

from gateway.desk.commands import command_lines
from gateway.intake.case import Case
from gateway.intake.fingerprint import ROUNDS
from gateway.intake.verdict import Verdict


def brake(case: Case) -> Verdict | None:
    ticket = case.target
    if ticket is None or not case.looping or not _goes_out(case):
        return None
    return Verdict(
        "hold", case.looping, match=case.match, sender_role=case.role, ticket=ticket.number, tell="team",
        quiet=case.repeated > ROUNDS, would=("hold it", "tell the team once"),
    )  # fmt: skip


def _goes_out(case: Case) -> bool:
    """An agent's words to the customer; their notes and commands stay here."""
    return case.agent is not None and not case.match.note and not command_lines(case.reading.parts.reply)
