"""Does it go round in circles? Mails alike within the hour are a machine's that answers ours, or an agent's absence.

What answers us is answered three times at most, from however many addresses it comes; an agent's mail, which would go
out to the customer, is then held, and a flood is held from the limit of new tickets on. Nothing is lost by it.
"""

from __future__ import annotations

from gateway.desk.commands import command_lines
from gateway.intake.case import ROUNDS, Case
from gateway.intake.verdict import Verdict


def brake(case: Case) -> Verdict | None:
    """On a ticket; a mail that would open one is counted by `new_ticket`."""
    ticket = case.target
    if ticket is None:
        return None
    most = ROUNDS if _goes_out(case) else max(case.policy.limits.new_tickets.count, ROUNDS)
    if case.repeated < most:
        return None
    return Verdict(
        "hold", case.looping, match=case.match, sender_role=case.role, ticket=ticket.number, tell="team",
        quiet=case.repeated > most,
        would=("hold it", "tell the team once"),
    )  # fmt: skip


def _goes_out(case: Case) -> bool:
    """An agent's words to the customer; their notes and commands stay here."""
    return case.agent is not None and not case.match.note and not command_lines(case.reading.parts.reply)
