"""What letters say of an organisation's monthly allowance of working time."""

from __future__ import annotations

from datetime import timedelta

from gateway.dates import balance_words
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket
from gateway.letters_view import category_of


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
