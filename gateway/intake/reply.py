"""May this sender write on the ticket that the mail belongs to? Threading said which; this says who and how sure."""

from __future__ import annotations

from gateway.desk.customer import is_private
from gateway.desk.words import AsksStatus, Leaves, Rates, SaysSolved, Word, word_of
from gateway.intake.case import Case
from gateway.intake.spoken import spoken, steps
from gateway.intake.thanks import is_thanks
from gateway.intake.verdict import Verdict


def reply(case: Case) -> Verdict | None:
    """For people on the ticket: by a code of their own, or by a weaker carrier that our server does not doubt."""
    ticket = case.target
    if ticket is None or case.role not in ("requester", "participant", "alias"):
        return None
    doubt = doubts(case)
    if doubt:
        return Verdict(
            "hold", doubt, match=case.match, sender_role=case.role, ticket=ticket.number, tell="team",
            would=("hold it", "tell the team"),
        )  # fmt: skip
    if case.too_late and not _says_nothing_new(case):
        return Verdict(
            "follow_up", "it answers a ticket that was closed too long ago: a new one follows it up", match=case.match,
            sender_role=case.role, ticket=ticket.number, would=(f"open a ticket that follows {ticket.number}",),
        )  # fmt: skip
    word = spoken(case, case.role)
    return Verdict(
        "append", _why(case), match=case.match, sender_role=case.role, ticket=ticket.number, would=_would(case, word),
        unanswered=case.looping, word=word,
    )  # fmt: skip


def _says_nothing_new(case: Case) -> bool:
    """Thanks, or one word to the desk, such as a rating: no reason for a ticket of its own."""
    said, files = case.reading.parts.reply, bool(case.reading.message.attachments)
    thanked = case.policy.thanks_keeps_closed and is_thanks(said, files=files)
    return thanked or isinstance(word_of(said, case.policy.languages), Rates | SaysSolved | AsksStatus | Leaves)


def doubts(case: Case) -> str:
    """Why this mail of somebody on the ticket is held, or ""."""
    passed = case.reading.passed
    if case.match.retired:
        return "its code was made by a key that is retired"
    if case.match.strong:
        if not case.issued_to_sender:
            return "its code was issued to somebody else"
        return "our server says that the sender is forged" if passed == "fail" else ""
    if case.policy.security.trust_auth_results and passed != "pass":
        return "no code of its sender's, and our server did not pass it"
    return ""


def _why(case: Case) -> str:
    how = {
        "reply_address": "it was sent to the reply address issued to them",
        "message_id": "it answers a mail on the ticket",
        "subject_token": "its subject carries the ticket's token",
        "sibling": "it answers a mail that another mail on the ticket mentions",
        "none": "",
    }[case.match.by]
    return f"the {case.role} writes: {how}"


def _would(case: Case, word: Word | None) -> tuple[str, ...]:
    """Words that are said to the desk alone are told nobody."""
    ticket = case.target
    found = ["append article"]
    if word is not None and case.facts.whole is not None:
        found += steps(word, case.facts.whole, case.policy)
        if is_private(word):
            return tuple(found)
    elif ticket is not None and ticket.status in ("pending", "solved", "closed"):
        found.append(f"status {ticket.status} → open")
    tell = ticket.assignee if ticket is not None and ticket.assignee else "the team"
    return (*found, f"tell {tell}")
