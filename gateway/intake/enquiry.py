"""Does a customer ask for a list of their tickets? With the subject "status", in a mail that answers none of them."""

from __future__ import annotations

from gateway.desk.words import asks_for_list
from gateway.intake.case import Case
from gateway.intake.verdict import Verdict


def enquiry(case: Case) -> Verdict | None:
    """For senders whom our server passed, or who have shown before that the address is theirs: the answer goes there,
    and nowhere else. Anybody else's mail is an ordinary one."""
    reading = case.reading
    asked = asks_for_list(reading.message.subject, case.policy.languages)
    if not asked or case.target is not None or reading.machine or reading.message.header("list-id"):
        return None
    proven = reading.passed == "pass" or (reading.passed != "fail" and case.facts.sender_proven)
    if not proven or case.sender in case.policy.own_addresses:
        return None
    return Verdict(
        "file", "it asks for the sender's tickets", match=case.match, sender_role=case.role, asks=asked,
        would=("send the list of their tickets",),
    )  # fmt: skip
