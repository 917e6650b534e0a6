"""Is it a letter of our own that came back?"""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.verdict import Verdict

LOOP_HEADERS = ("x-ticket-loop", "x-loop")


def loop(case: Case) -> Verdict | None:
    """By its Message-ID, which is one of our letters', or by our loop header (top-level, not a returned part's)."""
    if case.facts.own_letter:
        return Verdict("ignore", "a letter of our own came back: its Message-ID is ours", match=case.match)
    policy = case.policy
    mark = f"{policy.name}@{policy.domain}".lower()
    marks = (value for name in LOOP_HEADERS for value in case.reading.message.header_all(name))
    if any(value.strip().lower() == mark for value in marks):
        return Verdict("ignore", "a letter of our own came back: it carries our loop header", match=case.match)
    return None
