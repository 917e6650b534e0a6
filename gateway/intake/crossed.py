"""Has a colleague answered since the letter that a proven agent answers? Then two answers would go out, the second of
which nobody meant: it is held, and its writer told, who may let it in as it is.
"""

from __future__ import annotations

from gateway.desk.crossing import AT_ONCE, ago
from gateway.desk.orders import speaks
from gateway.intake.case import Case
from gateway.intake.proof import proof
from gateway.intake.verdict import Verdict


def crossed(case: Case) -> Verdict | None:
    """A desk that switches the letter `agent_crossed` off holds none."""
    agent, ticket, rule = case.agent, case.target, case.policy.letters.get("agent_crossed")
    if agent is None or ticket is None or (rule and not rule.enabled):
        return None
    if case.match.note or case.reached or not _speaks(case):
        return None
    theirs = case.facts.answered.get(ticket.number)
    seen = [known.at for known in case.facts.ids if known.ticket == case.match.ticket and known.at is not None]
    since = max(seen, default=case.now - AT_ONCE)
    if theirs is None or theirs.at <= since or not proof(case, agent)[0]:
        return None
    other = case.policy.agents.get(theirs.agent)
    name = other.name if other else theirs.agent
    return Verdict(
        "hold", f"{name} answered {ago(theirs.at, case.now)}, after the letter that it answers", match=case.match,
        sender_role="agent", ticket=ticket.number, proven=True, crossed=theirs, tell="agent",
        would=("hold it", f"tell {agent.id} what {theirs.agent} answered"),
    )  # fmt: skip


def _speaks(case: Case) -> bool:
    return speaks(case.reading.parts.reply, files=bool(case.reading.message.attachments))
