"""The one table of statuses: what each happening does to each.

    new → open ⇄ pending ⇄ on_hold → solved → closed

`pending` waits for the customer, `on_hold` for somebody else, `solved` reopens on reply, `closed` does inside the
reopen window and opens a linked follow-up ticket after it (that choice is intake's). A blank cell changes nothing.
"""

from __future__ import annotations

from typing import Literal

from gateway.desk.ticket import Status

Happening = Literal["customer_wrote", "agent_acted", "asked", "held", "solved", "closed", "reopened"]

STATUSES: tuple[Status, ...] = ("new", "open", "pending", "on_hold", "solved", "closed")

TRANSITIONS: dict[Happening, dict[Status, Status]] = {
    "customer_wrote": {"pending": "open", "solved": "open", "closed": "open"},
    "agent_acted": {"new": "open"},
    "asked": {"new": "pending", "open": "pending", "on_hold": "pending", "solved": "pending"},
    "held": {"new": "on_hold", "open": "on_hold", "pending": "on_hold", "solved": "on_hold"},
    "solved": {"new": "solved", "open": "solved", "pending": "solved", "on_hold": "solved"},
    "closed": {"new": "closed", "open": "closed", "pending": "closed", "on_hold": "closed", "solved": "closed"},
    "reopened": {"solved": "open", "closed": "open", "pending": "open", "on_hold": "open"},
}


def after(status: Status, happening: Happening) -> Status:
    """The status that follows; the same where the table has no cell."""
    return TRANSITIONS[happening].get(status, status)
