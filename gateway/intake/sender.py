"""Can the sender be who they say? Without one usable From, nobody is."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from gateway.intake.case import Case
from gateway.intake.verdict import Verdict


def nobody(case: Case) -> Verdict | None:
    """No From field, several, none with an address, or several addresses (RFC 5322 §3.6.2): held, on its ticket too."""
    if case.reading.sender is not None:
        return None
    message = case.reading.message
    if message.from_fields > 1:
        why = f"it has {message.from_fields} From fields: nobody can tell who wrote it"
    elif len(message.from_) > 1:
        why = f"its From names {len(message.from_)} addresses: nobody can tell who wrote it"
    else:
        why = "it has no usable From address"
    return _held(case, why)


def pretender(case: Case) -> Verdict | None:
    """One of our own addresses, or an agent's, that our server says is not theirs."""
    if case.sender in case.policy.own_addresses and case.reading.passed != "pass":
        return _held(case, "it claims to come from our own address, without proof")
    if case.match.ticket is None and case.agent is not None and case.reading.passed == "fail":
        held = _held(case, f"it claims to come from {case.agent.name}, and our server says it does not")
        return replace(held, tell="agent", once=f"forged:{case.agent.id}:{case.now:%Y-%m-%d}")
    return None


def _held(case: Case, why: str) -> Verdict:
    ticket = case.target.number if case.target is not None else None
    tell: Literal["", "team"] = "team" if ticket is not None else ""  # else it stands in the digest
    return Verdict("hold", why, match=case.match, sender_role=case.role, ticket=ticket, tell=tell)
