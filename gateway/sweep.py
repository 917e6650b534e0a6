"""Time passes for every ticket that is due: nothing here knows what that means, `decide` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.advance import Desk, advance
from gateway.desk.events import TimePassed
from gateway.store import tickets
from gateway.store.transaction import Transaction

LARGEST_SWEEP = 200  # tickets of one transaction: mail waits behind it


def sweep(tx: Transaction, desk: Desk, now: datetime, new_id: Callable[[], str]) -> int:
    """How many due tickets were looked at; `LARGEST_SWEEP` means that there may be more."""
    due = tickets.due(tx, now, LARGEST_SWEEP)
    for number in due:
        advance(tx, desk, number, TimePassed(), now, new_id)
    return len(due)
