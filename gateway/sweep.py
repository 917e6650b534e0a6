"""Time passes for every ticket that is due: nothing here knows what that means, `decide` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from gateway.advance import Desk, advance, pass_time
from gateway.desk.causes import TimePassed
from gateway.desk.evolve import replay
from gateway.desk.policy import Policy
from gateway.store import roster, tickets
from gateway.store.transaction import Transaction

log = structlog.get_logger("gateway")

LARGEST_SWEEP = 200  # tickets of one transaction: mail waits behind it
PATIENCE = timedelta(hours=1)  # for a ticket that raised: the others must not wait for it


def sweep(tx: Transaction, desk: Desk, now: datetime, new_id: Callable[[], str]) -> int:
    """How many due tickets were looked at; `LARGEST_SWEEP` means that there may be more."""
    due = tickets.due(tx, now, LARGEST_SWEEP)
    if not due:
        return 0
    passed = TimePassed(halted_above(tx, desk.policy))
    try:
        with tx.begin_nested():
            pass_time(tx, desk, tickets.load_all(tx, due, replay), passed, now, new_id)
    except Exception:  # of one of them: nothing was done yet, and the others must not wait for it
        log.exception("sweep.failed", tickets=len(due))
        _one_by_one(tx, desk, due, passed, now, new_id)
    return len(due)


def _one_by_one(
    tx: Transaction, desk: Desk, due: list[int], passed: TimePassed, now: datetime, new_id: Callable[[], str]
) -> None:
    """Each in a savepoint of its own, which costs a tenth of the work: one ticket's trouble does not stop the clocks of
    all others."""
    for number in due:
        try:
            with tx.begin_nested():
                advance(tx, desk, number, passed, now, new_id)
        except Exception:
            log.exception("ticket.failed", ticket=number, again=(now + PATIENCE).isoformat())
            tickets.reschedule(tx, number, due_at=now + PATIENCE)


def halted_above(tx: Transaction, policy: Policy) -> int | None:
    """The order of the priority that halts all work on those of higher order, while such a ticket waits for us."""
    halting = [priority for priority in policy.priorities.values() if priority.halts]
    if not halting or not roster.is_open(tx, [priority.id for priority in halting]):
        return None
    return min(priority.order for priority in halting)
