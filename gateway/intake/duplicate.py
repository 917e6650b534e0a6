"""Have we had this very mail before? By another road, or to another address of ours: once is enough."""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.verdict import Verdict


def duplicate(case: Case) -> Verdict | None:
    if case.facts.duplicate_of is None:
        return None
    return Verdict("ignore", f"the same mail as {case.facts.duplicate_of}, which was handled", match=case.match)
