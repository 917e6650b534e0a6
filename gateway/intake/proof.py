"""Is it really this agent who writes? What agents may do depends on it."""

from __future__ import annotations

from gateway.desk.policy import Agent
from gateway.intake.case import Case


def proof(case: Case, agent: Agent) -> tuple[bool, str]:
    """As `agents_must_pass` says (CONTRACT §3), and why in words. A `fail` of our server is never outweighed."""
    security, passed = case.policy.security, case.reading.passed
    if passed == "fail":
        return False, "our server says that the sender is forged"
    if security.agents_must_pass == "none":
        return True, "no proof is asked for"
    if security.agents_must_pass == "dmarc":
        return passed == "pass", "our server passed the sender" if passed == "pass" else "our server did not pass it"
    coded = case.match.by == "reply_address" and not case.match.retired
    if coded and case.issued_to_sender:
        if security.trust_auth_results and passed != "pass":
            return False, "the reply address is theirs, but our server did not pass the sender"
        return True, f"the reply address was issued to {agent.name}"
    if coded or case.match.retired:
        return False, "the reply address was not issued to them, or by a key that is retired"
    return passed == "pass", "our server passed the sender" if passed == "pass" else "it carries no code of theirs"
