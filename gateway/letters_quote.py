"""What letters say of a quote: what it asks for, what it does to the month's balance, what was decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gateway.dates import Locale, Moment, balance_words
from gateway.desk.events_quote import DecisionOvertaken, QuoteApproved, QuoteDeclined, QuoteWithdrawn
from gateway.desk.notice import Notice
from gateway.desk.policy import Policy
from gateway.desk.quotes import deciders, may_decide, size_words
from gateway.desk.ticket import Ticket, agent_in
from gateway.letters_view import Button, mailto, shown_name


@dataclass(frozen=True, slots=True)
class Offer:
    """The open quote. `time` "4 h"; `amount` as the agent wrote it, or ""; `at` when `by` made it. `replaces`: another
    one. `left`: what would be left of the month's allowance with it, or `over`, by how much it is more than that; ""
    without an allowance. `buttons` are for those who decide; who they are for all others is `deciders`. `owed`: they
    asked something since, and nobody has answered."""

    time: str
    amount: str
    at: Moment
    by: str
    replaces: bool
    left: str
    over: str
    buttons: tuple[Button, ...]
    deciders: tuple[str, ...]
    owed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """`kind`: "approved", "declined", "withdrawn", or of an answer to an older letter, which decided nothing, "not
    approved" and "not declined". `size` "4 h, 480 EUR"; `who` decided."""

    kind: str
    size: str
    who: str
    at: Moment


def offer(
    notice: Notice,
    ticket: Ticket,
    policy: Policy,
    locale: Locale,
    *,
    left: timedelta | None,
    reply_to: str,
    subject: str,
) -> Offer | None:
    """`left` is what is left of the month's allowance, None where there is none."""
    quote = ticket.quote
    if quote is None:
        return None
    after = None if left is None else left - timedelta(minutes=quote.minutes)
    agent = policy.agents.get(agent_in(quote.by))
    decides = notice.audience == "requester" or may_decide(ticket, notice.to.email, policy)
    which = f" {quote.number}" if quote.number > 1 else ""
    kinds = (("approve", f"APPROVE{which}"), ("decline", f"DECLINE{which}")) if decides else ()
    return Offer(
        time=balance_words(timedelta(minutes=quote.minutes)),
        amount=quote.amount,
        at=locale.moment(quote.at),
        by=agent.name if agent else policy.public_name,
        replaces=quote.replaces,
        left=balance_words(after) if after is not None and after >= timedelta(0) else "",
        over=balance_words(-after) if after is not None and after < timedelta(0) else "",
        buttons=tuple(Button(kind, word, mailto(reply_to, subject, word)) for kind, word in kinds),
        deciders=() if decides else tuple(name_of(email, ticket) for email in deciders(ticket, policy)),
        owed=ticket.status == "on_hold" and not ticket.undecided,
    )


def decision(notice: Notice, ticket: Ticket, locale: Locale) -> Decision | None:
    event = notice.about
    match event:
        case QuoteApproved() | QuoteDeclined():
            kind = "approved" if isinstance(event, QuoteApproved) else "declined"
            return Decision(
                kind, size_words(event.minutes, event.amount), name_of(event.by, ticket), locale.moment(event.at)
            )
        case DecisionOvertaken():
            kind = "not approved" if event.approves else "not declined"
            return Decision(kind, size_words(event.minutes, event.amount), "", locale.moment(event.at))
        case QuoteWithdrawn():
            return Decision("withdrawn", size_words(event.minutes, event.amount), "", locale.moment(event.at))
        case _:
            return None


def name_of(by: str, ticket: Ticket) -> str:
    """ "requester" or an address, by the name they gave where they gave one."""
    email = ticket.requester.email if by == "requester" else by
    people = {ticket.requester.email: ticket.requester.name, **{one.email: one.name for one in ticket.participants}}
    return shown_name(people.get(email, "")) or email
