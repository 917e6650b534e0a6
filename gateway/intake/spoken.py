"""Does the mail say one word that means something on its ticket? Then it is that, and no ordinary mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from gateway.desk import naming
from gateway.desk.customer import understood
from gateway.desk.notices_staff import POOR
from gateway.desk.policy import Policy
from gateway.desk.quotes import overtakes
from gateway.desk.ticket import Status, Ticket
from gateway.desk.words import (
    AsksStatus,
    ChoosesCategory,
    Decides,
    Leaves,
    Rates,
    SaysKeepOpen,
    SaysLater,
    SaysSolved,
    Word,
    word_of,
)
from gateway.desk.workflow import after
from gateway.intake.case import Case
from gateway.intake.reading import Reading
from gateway.intake.verdict import SenderRole

_SPEAK: frozenset[SenderRole] = frozenset(("requester", "alias", "participant"))


def candidate(reading: Reading, languages: tuple[str, ...]) -> Word | None:
    """The word that the mail consists of, wherever it goes. Files say more than one word; beside a decision they are
    the order."""
    word = word_of(reading.parts.reply, languages)
    files = any(not each.inline for each in reading.message.attachments)
    return None if files and not isinstance(word, Decides) else word


def spoken(case: Case, role: SenderRole, *, vouched: bool = False) -> Word | None:
    """What somebody of that role says with it. Where the ticket stands is told to those alone whose address is proven,
    and a quote decided by them alone; `vouched`: one of us says that it is theirs, be it that of an alias to come."""
    ticket, word = case.facts.whole, candidate(case.reading, case.policy.languages)
    if word is None or ticket is None or role not in _SPEAK:
        return None
    proven = vouched or case.match.strong or case.reading.passed == "pass"
    if isinstance(word, AsksStatus | Decides) and not proven:
        return None
    if ticket.role_of(case.sender) == "stranger" and not (vouched and role == "alias"):
        return None  # they were on the ticket that was merged into this one, and read along no more
    by = case.sender if role == "participant" else "requester"
    if not understood(word, ticket, by, case.policy):
        return None
    return _about_its_quote(word, ticket, case) if isinstance(word, Decides) else word


def _about_its_quote(word: Decides, ticket: Ticket, case: Case) -> Decides:
    """Of several letters that the mail names the newest is the one that it answers: a reply quotes those before it."""
    ours = [known.at for known in case.facts.ids if known.ticket == ticket.number and known.at is not None]
    here = case.match.ticket == ticket.number
    return replace(word, overtaken=overtakes(ticket, word, max(ours, default=None), here=here))


def steps(word: Word, ticket: Ticket, policy: Policy) -> Iterator[str]:
    """What comes of it, as `would` says it."""
    match word:
        case SaysSolved():
            yield "close the ticket"
            yield from _becomes(ticket, "closed")
        case SaysKeepOpen():
            yield "keep the ticket open"
            yield from _becomes(ticket, after(ticket.status, "customer_wrote"))
        case SaysLater(span=span):
            yield f"next reminder in {span}"
        case Rates(stars=stars):
            yield f"note the rating {stars} of 5"
            if stars <= POOR:
                yield "tell the leads"
        case ChoosesCategory(name=name):
            yield f"category {ticket.category} → {naming.category(name, policy)}"
        case AsksStatus():
            yield "tell them where it stands"
        case Decides(overtaken=True):
            yield "tell them which quote is open: nothing is decided"
        case Decides(approves=approves):
            yield "approve the quote" if approves else "decline the quote"
            if ticket.status in ("on_hold", "pending"):
                yield from _becomes(ticket, after(ticket.status, "reopened"))
        case Leaves():
            yield "take them off the ticket"
        case _:
            assert_never(word)


def _becomes(ticket: Ticket, status: Status) -> Iterator[str]:
    if status != ticket.status:
        yield f"status {ticket.status} → {status}"
