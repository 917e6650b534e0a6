"""What the places of a saved answer are filled with: plain words in the customer's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.dates import Locale
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Ticket
from gateway.letters_view import category_of, first_name, mailbox_of, shown_name
from gateway.mail.fold import one_line


def places(ticket: Ticket, agent: Agent | None, policy: Policy, now: datetime) -> dict[str, str]:
    """By the names of `answers.PLACES`; "" where there is nothing to say. `agent` None: the gateway answers."""
    category, language = category_of(ticket, policy), ticket.language
    phase, priority = category.phase(ticket.phase), policy.priorities.get(ticket.priority)
    organisation = policy.organisations.get(ticket.organisation or "")
    return {
        "customer.name": shown_name(ticket.requester.name),
        "customer.first": first_name(ticket.requester.name),
        "customer.email": ticket.requester.email,
        "ticket.reference": policy.reference(ticket.number),
        "ticket.number": str(ticket.number),
        "ticket.title": one_line(ticket.subject, 200),
        "ticket.category": category.name.within(language),
        "ticket.phase": phase.name.within(language) if phase else "",
        "ticket.priority": priority.name.within(language) if priority else "",
        "ticket.task": ticket.external_ref or "",
        "organisation.name": organisation.name if organisation else "",
        "agent.name": agent.name if agent else policy.public_name,
        "agent.first": first_name(agent.name) if agent else policy.public_name,
        "agent.phone": agent.phone if agent else policy.phone,
        "desk.name": policy.public_name,
        "desk.address": mailbox_of(ticket, policy).address,
        "desk.phone": policy.phone,
        "desk.call": policy.support_call_url,
        "today": Locale(language, ZoneInfo(policy.timezone)).moment(now).long,
    }
