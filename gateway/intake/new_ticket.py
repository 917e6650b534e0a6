"""Nothing else claimed it: a new ticket, and whether it is acknowledged."""

from __future__ import annotations

import re

from gateway.intake.case import Case
from gateway.intake.opening import opening
from gateway.intake.verdict import Verdict
from gateway.mail.automatic import is_unattended

_SUPPRESSES = frozenset(("all", "oof", "autoreply"))


def new_ticket(case: Case) -> Verdict:
    over = _over_limit(case)
    if over is not None:
        return over
    letter, why = acknowledgement(case)
    twins = twins_of(case)
    would = [
        "open a ticket",
        f"acknowledge it with {letter}{_saying(case)}" if letter else f"not acknowledge it: {why}",
    ]
    if case.match.suspects:
        would.append("note a possible relation to " + ", ".join(str(number) for number, _ in case.match.suspects))
    if twins:
        would.append("name the open ticket about the same: " + ", ".join(str(number) for number, _ in twins))
    return Verdict(
        "new_ticket", _reason(case), match=case.match, sender_role=case.role, acknowledge=letter, unacknowledged=why,
        would=(*would, "tell the team"),
        twins=twins,
    )  # fmt: skip


def _saying(case: Case) -> str:
    """The saved answer that a rule of the desk gives in the acknowledgement, or ""."""
    policy = case.policy
    if not any(rule.then.reply_with for rule in policy.rules):
        return ""
    name = opening(case.reading, policy).reply_with
    return f", which says the saved answer {name}" if name else ""


def _over_limit(case: Case) -> Verdict | None:
    """The team is told once in the limit's period."""
    limit, opened = case.policy.limits.new_tickets, case.facts.opened_recently
    if case.reading.machine or opened < limit.count:
        return None
    period = int(case.now.timestamp() // max(limit.per.total_seconds(), 1))
    return Verdict(
        "hold", f"its sender has opened {opened} tickets lately, which is over the limit", match=case.match,
        sender_role=case.role, tell="team", once=f"limit:{case.sender}:{period}",
        would=("hold it", "tell the team once"),
    )  # fmt: skip


def acknowledgement(case: Case) -> tuple[str | None, str]:
    """The letter, or None and why not (CONTRACT §3, *Acknowledged*; RFC 3834 §2)."""
    why = _unanswerable(case)
    if why:
        return None, why
    known = case.reading.passed == "pass" or case.facts.sender_proven
    return "ack" if known else "ack_stranger", ""


def _unanswerable(case: Case) -> str:
    reading = case.reading
    limit = case.policy.limits.automatic_letters
    suppress = {word.strip().lower() for word in reading.message.header("x-auto-response-suppress").split(",")}
    if reading.machine:
        return f"a machine wrote it ({reading.why_kind})"
    if reading.kind == "list" or reading.message.header("list-id"):
        return "it came through a mailing list"
    if reading.passed == "fail":
        return "our server says that the sender is forged"
    if case.sender in case.policy.own_addresses or is_unattended(case.sender):
        return "its sender never reads answers"
    if suppress & _SUPPRESSES:
        return "it asks for no automatic answer (X-Auto-Response-Suppress)"
    if to_postmaster(case):
        return "it was sent to postmaster"
    if case.facts.acknowledged_recently >= limit.count:
        return f"{case.facts.acknowledged_recently} automatic letters went to its sender lately, which is the limit"
    return case.facts.suppressed or case.looping


def twins_of(case: Case) -> tuple[tuple[int, str], ...]:
    """Open tickets of the same sender with nearly the same subject: named to the team, who may join them."""
    if case.reading.machine:
        return ()
    subject = _subject_words(case.reading.message.subject)
    return tuple(
        (number, f'the same sender has it open, with a similar subject; "/merge {number}" joins this one with it')
        for number, other in case.facts.open_subjects
        if subject and _alike(subject, _subject_words(other))
    )


def _subject_words(subject: str) -> frozenset[str]:
    """Numbers and short words say nothing about what it is about."""
    return frozenset(word for word in re.findall(r"[^\W\d_]{3,}", subject.casefold()) if word not in ("fwd", "antw"))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """At least two thirds of all their words are common."""
    return 3 * len(one & other) >= 2 * len(one | other)


def to_postmaster(case: Case) -> bool:
    """Sent to postmaster and to no mailbox of ours (RFC 5321 §4.5.1)."""
    recipients = [address.lower() for address in case.reading.envelope.rcpt_tos]
    return bool(recipients) and all(address.partition("@")[0] == "postmaster" for address in recipients)


def _reason(case: Case) -> str:
    if case.match.ticket is not None:
        return "its sender is not on the ticket that it names: a ticket of its own"
    if case.reading.machine:
        return f"a machine wrote it ({case.reading.why_kind}), and somebody should read it"
    return "it belongs to no ticket"
