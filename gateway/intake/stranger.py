"""A mail that belongs to a ticket, from somebody who is not on it: as `strangers` says."""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.verdict import Verdict


def stranger(case: Case) -> Verdict | None:
    """With somebody else's code, or of a retired key, it is held whatever `strangers` says. A wrong or missing code
    is no match at all, and comes nowhere near here."""
    ticket = case.target
    if ticket is None or case.role not in ("stranger", "gateway"):
        return None
    if case.match.strong or case.match.retired:
        return _held(case, "its code was issued to somebody else, and the sender is not on the ticket")
    match case.policy.security.strangers:
        case "new-ticket":
            return None
        case "accept" if case.reading.passed != "fail":
            return Verdict(
                "append", "strangers may write on tickets here", match=case.match, sender_role="stranger",
                ticket=ticket.number, would=("append article",),
            )  # fmt: skip
        case _:
            return _held(case, "it belongs to the ticket, but its sender is not on it")


def _held(case: Case, why: str) -> Verdict:
    ticket = case.target
    return Verdict(
        "hold", why, match=case.match, sender_role=case.role, ticket=ticket.number if ticket else None, tell="team",
        would=("hold it", "tell the team"),
    )  # fmt: skip
