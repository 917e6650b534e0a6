"""What need not, or must not, be kept any longer goes: once a day.

Safe to repeat and to interrupt at any point.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.spans import Span, clock_time
from gateway.store import calls, erase, retention, words
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.transaction import Transaction

CALLS_KEPT = timedelta(days=30)  # calls of hooks that ended
LARGEST_ERASURE = 50  # tickets of one transaction: mail waits behind it


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many raw mails, tickets and files went."""

    mails: int = 0
    tickets: int = 0
    files: int = 0


async def tidy(
    db: Database,
    blobs: Blobs,
    office: Calendar,
    now: datetime,
    *,
    raw_mail: Literal["keep", "none"] | Span,
    delete_closed_after: Span | None,
) -> Tidied:
    """`office` is the calendar of business spans. `delete_closed_after` None: never."""
    mails = 0
    if raw_mail != "keep":
        mails = await db.run(retention.forget_raw, now if raw_mail == "none" else back(now, raw_mail, office))
    tickets = 0
    if delete_closed_after is not None:
        before = back(now, delete_closed_after, office)
        while erased := await db.run(_erase, before):
            tickets += len(erased)
    await db.run(calls.forget, now - CALLS_KEPT)
    files = await db.run(blobs.sweep, now)
    if tickets:
        await db.run(words.optimize)
    if mails or tickets:
        await asyncio.to_thread(erase.empty_log, db)
    return Tidied(mails, tickets, files)


def back(now: datetime, span: Span, office: Calendar) -> datetime:
    """The latest instant, to a day, from which `span` has passed by `now`."""
    if span.unit == "clock":
        return now - clock_time(span)
    before = now
    while calendar.add(office, before, span) > now:
        before -= timedelta(days=1)
    return before


def _erase(tx: Transaction, before: datetime) -> Sequence[int]:
    numbers = erase.closed_before(tx, before, LARGEST_ERASURE)
    for number in numbers:
        erase.erase_ticket(tx, number)
    return numbers
