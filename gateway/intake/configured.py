"""Do the desk's own rules, or its server's junk mark, keep this mail out?"""

from __future__ import annotations

from gateway.intake import rules
from gateway.intake.case import Case
from gateway.intake.verdict import Verdict


def configured(case: Case) -> Verdict | None:
    said, names = rules.applied(case.reading, _category(case), case.policy)
    if said.drop:
        return Verdict("ignore", f'the rule "{names[-1]}" drops it', match=case.match, rule=names[-1])
    if said.hold:
        return Verdict(
            "hold", f'the rule "{names[-1]}" holds it', match=case.match, sender_role=case.role, ticket=_ticket(case),
            rule=names[-1],
        )  # fmt: skip
    return None


def junk(case: Case) -> Verdict | None:
    """Only where an operator named the header that the own server writes; a valid code outweighs it."""
    header = case.policy.security.junk_header
    if header is None or (case.match.strong and case.issued_to_sender):
        return None
    name, value = header
    if any(said.strip().lower().startswith(value.lower()) for said in case.reading.message.header_all(name)):
        return Verdict("hold", "our own server calls it junk", match=case.match, sender_role=case.role)
    return None


def blocked(case: Case) -> Verdict | None:
    if not case.facts.sender_blocked:
        return None
    return Verdict("hold", "its sender is blocked (/spam)", match=case.match, sender_role=case.role)


def _category(case: Case) -> str:
    return case.target.category if case.target is not None else ""


def _ticket(case: Case) -> int | None:
    return case.target.number if case.target is not None else None
