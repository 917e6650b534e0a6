"""Did a machine write it, and does anybody need to read it?"""

from __future__ import annotations

from gateway.intake.case import Case
from gateway.intake.verdict import Verdict

REPORTS = ("bounce", "delay_report", "receipt", "feedback_report")


def machine(case: Case) -> Verdict | None:
    """On a ticket it is filed there, with its own effect. Elsewhere absences, acknowledgements, receipts and reports
    are filed away; what else a machine sends (monitoring, bulk, the null sender) opens a ticket, unacknowledged."""
    reading = case.reading
    if not reading.machine:
        return None
    sort = machine_sort(case)
    if case.target is not None:
        would = ("file on the ticket", *_effects(case))
        return Verdict(
            "file",
            f"{sort}, on the ticket",
            match=case.match,
            ticket=case.target.number,
            sender_role=case.role,
            would=would,
        )
    away = reading.auto_reply is not None and reading.auto_reply.sort in ("out_of_office", "acknowledgement")
    if away or reading.kind in REPORTS:
        return Verdict("file", f"{sort}, about no ticket that we know", match=case.match, sender_role=case.role)
    return None


def machine_sort(case: Case) -> str:
    """What it is, in words that `MachineMailFiled` keeps: "auto_reply out_of_office", "bounce failed"…"""
    reading = case.reading
    if reading.auto_reply is not None:
        return f"{reading.kind} {reading.auto_reply.sort}"
    if reading.bounce is not None:
        return f"{reading.kind} {reading.bounce.action}"
    return reading.kind


def _effects(case: Case) -> tuple[str, ...]:
    reading = case.reading
    if reading.bounce is not None and reading.bounce.action == "failed":
        return ("mark the letter undelivered", "tell the team")
    if reading.auto_reply is not None and reading.auto_reply.until:
        return (f"move reminders behind {reading.auto_reply.until}",)
    return ()
