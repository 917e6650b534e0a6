"""A quote: an agent says what work takes, the ticket is on hold until the customer decides, by one word.

It stays open whatever else is written, until it is approved, declined, taken back, replaced by another one, or the
ticket is solved or closed. The requester decides, or whoever answers for their organisation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from gateway.desk.events import Event, FirstResponse, ParticipantAdded
from gateway.desk.events_quote import (
    DecisionOvertaken,
    QuoteApproved,
    Quoted,
    QuoteDeclined,
    QuoteEvent,
    QuoteWithdrawn,
)
from gateway.desk.moves import moved, refuse_when_closed
from gateway.desk.policy import Policy
from gateway.desk.spans import hours_words
from gateway.desk.ticket import Quote, Ticket
from gateway.desk.words import Decides


def quoted(ticket: Ticket, minutes: int, amount: str, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    """Whoever answers for the organisation reads along from now on. Raises Refused on a closed ticket."""
    refuse_when_closed(ticket, "quote for")
    before = ticket.quote
    if before is not None and (before.minutes, before.amount) == (minutes, amount):
        return []
    events: list[Event] = []
    if ticket.first_response_at is None:
        events.append(FirstResponse(at=now, by=by))
    contact = contact_of(ticket, policy)
    if contact and ticket.role_of(contact) == "stranger":
        events.append(ParticipantAdded(at=now, by="gateway", name="", email=contact))
    made = Quoted(at=now, by=by, minutes=minutes, amount=amount, replaces=before is not None)
    return [*events, made, *moved(ticket, "held", by, policy, now)]


def withdrawn(ticket: Ticket, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    quote = ticket.quote
    if quote is None:
        return []
    gone = QuoteWithdrawn(at=now, by=by, minutes=quote.minutes, amount=quote.amount)
    return [gone, *_open_again(ticket, by, policy, now)]


def decided(ticket: Ticket, word: Decides, policy: Policy, now: datetime, *, by: str) -> list[Event]:
    quote = ticket.quote
    if quote is None:
        return []
    if word.overtaken:
        missed = DecisionOvertaken(
            at=now, by=by, approves=word.approves, minutes=quote.minutes, amount=quote.amount, quoted_at=quote.at,
            quoted_by=quote.by, comment=word.comment,
        )  # fmt: skip
        return [missed]
    kind = QuoteApproved if word.approves else QuoteDeclined
    decision = kind(
        at=now, by=by, minutes=quote.minutes, amount=quote.amount, quoted_at=quote.at, quoted_by=quote.by,
        comment=word.comment,
    )  # fmt: skip
    return [decision, *_open_again(ticket, by, policy, now)]


def may_decide(ticket: Ticket, by: str, policy: Policy) -> bool:
    """`by` is "requester" (an alias of theirs is the same person), or an address."""
    return ticket.quote is not None and (by == "requester" or by in deciders(ticket, policy))


def overtakes(ticket: Ticket, word: Decides, answered: datetime | None, *, here: bool) -> bool:
    """Whether the open quote is not the one that is decided on. `answered`: when the newest of our letters that the
    mail answers was written, None where it names none; `here`: it came by an address of this very ticket.

    A tap on the first quote of a ticket names neither letter nor number: it counts as long as there is no other one.
    """
    quote = ticket.quote
    if quote is None:
        return False
    if here and 0 < word.number <= quote.number:
        return word.number < quote.number
    if answered is not None:
        return answered < quote.at
    return quote.number > 1 or not here


def deciders(ticket: Ticket, policy: Policy) -> tuple[str, ...]:
    """The addresses of those who may decide, the requester's first."""
    contact = contact_of(ticket, policy)
    return tuple(dict.fromkeys((ticket.requester.email, *((contact,) if contact else ()))))


def contact_of(ticket: Ticket, policy: Policy) -> str:
    """The address that answers for the ticket's organisation, "" where there is none, or it is one of ours."""
    organisation = policy.organisations.get(ticket.organisation or "")
    contact = organisation.contact if organisation else ""
    return "" if is_ours(contact, policy) else contact


def is_ours(email: str, policy: Policy) -> bool:
    return policy.mailbox_of(email) is not None or policy.agent_of(email) is not None


def size_words(minutes: int, amount: str) -> str:
    """ "4 h, 480 EUR"."""
    return ", ".join(part for part in (hours_words(timedelta(minutes=minutes)), amount) if part)


def changed(ticket: Ticket, event: QuoteEvent) -> dict[str, Any]:
    """The fields of the ticket that the event changes."""
    match event:
        case Quoted():
            number = ticket.quotes + 1
            quote = Quote(event.at, event.by, event.minutes, event.amount, event.replaces, number)
            return {"quote": quote, "quotes": number}
        case DecisionOvertaken():
            return {"quote": replace(ticket.quote, asked=event.at) if ticket.quote else None}
        case QuoteApproved() | QuoteDeclined() | QuoteWithdrawn():
            return {"quote": None}
        case _:
            assert_never(event)


def _open_again(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    """From on hold, and from waiting for an answer: there is one."""
    return moved(ticket, "reopened", by, policy, now) if ticket.status in ("on_hold", "pending") else []
