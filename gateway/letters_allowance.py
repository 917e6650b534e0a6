"""What letters say of an organisation: its monthly allowance of working time, and who looks after it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gateway.dates import balance_words
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.notice import Notice
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket
from gateway.letters_view import category_of


@dataclass(frozen=True, slots=True)
class Usage:
    """`organisation` has used `share` per cent of its allowance this month, or more: `used` "8 h 15 min" of `allowance`
    "10 h". `left` or `over`, the other one is ""."""

    organisation: str
    share: int
    used: str
    allowance: str
    left: str = ""
    over: str = ""


def usage(notice: Notice, policy: Policy) -> Usage | None:
    """None where the letter is not about that."""
    event = notice.about
    if not isinstance(event, AllowanceReached):
        return None
    organisation = policy.organisations.get(event.organisation)
    left, used, allowance = (
        timedelta(minutes=minutes) for minutes in (event.allowance - event.spent, event.spent, event.allowance)
    )
    return Usage(
        organisation.name if organisation else event.organisation, event.share, balance_words(used),
        balance_words(allowance), left=balance_words(left) if left > timedelta(0) else "",
        over=balance_words(-left) if left < timedelta(0) else "",
    )  # fmt: skip


def manager(ticket: Ticket, policy: Policy) -> str:
    """Who looks after the ticket's organisation here, as customers are told: "Bo Lindqvist, +49 30 1236", or ""."""
    organisation = policy.organisations.get(ticket.organisation or "")
    agent = policy.agents.get(organisation.manager) if organisation else None
    if agent is not None:
        return f"{agent.name}, {agent.phone}" if agent.phone else agent.name
    return organisation.manager if organisation else ""


def balance(spent: timedelta | None, ticket: Ticket, policy: Policy) -> tuple[str, str] | None:
    """What is left of what, in every letter on a ticket with time logged, a category with costs, or an open quote."""
    rest, organisation = left(spent, ticket, policy), policy.organisations.get(ticket.organisation or "")
    if rest is None or organisation is None or organisation.allowance is None:
        return None
    if not ticket.minutes_spent and not category_of(ticket, policy).costs and ticket.quote is None:
        return None
    return balance_words(rest), balance_words(organisation.allowance)


def left(spent: timedelta | None, ticket: Ticket, policy: Policy) -> timedelta | None:
    """Of the organisation's allowance this month; None where it has none."""
    organisation = policy.organisations.get(ticket.organisation or "")
    if organisation is None or organisation.allowance is None or spent is None:
        return None
    return organisation.allowance - spent
