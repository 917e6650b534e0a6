"""Letters that are due, to the relay: tried, retried with patience, or given up and said so on the ticket.

At least once, and at most once more for every crash between the relay's yes and our commit: then it is the same mail
under the same Message-ID (DUTIES §4.4). What was written before the try makes sure of both.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from gateway.advance import Desk, NewId, change
from gateway.desk.causes import LetterFailed, LetterPutOff
from gateway.desk.hours import drawn
from gateway.desk.policy import Policy, Rate
from gateway.mail.compose import compose
from gateway.mail.letter import Letter
from gateway.merging import goes_on_as
from gateway.store import outbox, people
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.transaction import Transaction

Outcome = Literal["sent", "deferred", "failed"]

LEASE = timedelta(minutes=15)  # longer than the slowest try: nobody else tries it meanwhile
AT_ONCE = 10  # letters tried at the same time
GIVE_UP = timedelta(days=4)  # RFC 5321 §4.5.4.1: at least 4 to 5 days
OUTLASTS = timedelta(days=30)
# Minutes until the next try; the last one goes on. The first repeats catch a restart of the relay.
PATIENCE = (1, 5, 15, 30, 60, 120, 240)


_LATE = timedelta(hours=1)  # a letter that is later than that moves those that follow it
_WAITED_FOR = frozenset({"question", "reminder", "reminder_last"})
_OF_THE_HOURS = frozenset({"reminder", "reminder_last", "closed", "closed_no_answer", "delayed"})

# What a relay refuses for other reasons (policy, content, our login) says nothing about the recipient (RFC 3463 §3.2).
_OF_THE_ADDRESS = ("5.1.", "5.2.1")


class Delivery(Protocol):
    """How a try ended; `code` and `text` are the relay's last word."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def code(self) -> int | None: ...
    @property
    def text(self) -> str: ...


Send = Callable[[Letter, bytes], Awaitable[Delivery]]


@dataclass(frozen=True, slots=True)
class Tried:
    """A try and how it ended, for the log."""

    letter: Letter
    attempt: int
    outcome: Outcome
    code: int | None
    text: str


async def dispatch(
    db: Database,
    desk: Desk,
    send: Send,
    clock: Callable[[], datetime],
    new_id: NewId,
    by: str = "",
    rate: Rate | None = None,
) -> list[Tried]:
    """Try the letters that are due, ten at once, and no more than the relay's `rate` allows; empty when none was.

    Those about one ticket to one reader go one after the other, as they were decided: "open again" before "closed".
    """
    claimed = await db.run(_claim, desk.policy.limits.all_automatic_letters, rate, clock(), by)

    async def in_turn(queue: list[tuple[Letter, int]]) -> list[Tried]:
        return [await _try(db, desk, send, letter, attempt, clock, new_id) for letter, attempt in queue]

    queues: dict[tuple[int | None, str], list[tuple[Letter, int]]] = defaultdict(list)
    for letter, attempt in claimed:
        queues[letter.ticket, letter.to].append((letter, attempt))
    if len(queues) == 1:
        return await in_turn(claimed)
    return [tried for done in await asyncio.gather(*map(in_turn, queues.values())) for tried in done]


def _claim(tx: Transaction, breaker: Rate, rate: Rate | None, now: datetime, by: str) -> list[tuple[Letter, int]]:
    """Automatic answers wait while too many have left lately: delayed, never dropped (DUTIES OUT-11). So does what
    would be more than the relay wants in such a time, whichever gateway sends it."""
    room = AT_ONCE if rate is None else min(AT_ONCE, rate.count - outbox.left_since(tx, now - rate.per))
    if room <= 0:
        return []
    answers = outbox.answered_since(tx, now - breaker.per) < breaker.count
    return outbox.claim(tx, now, limit=room, lease=LEASE, by=by, answers=answers)


def next_try(letter: Letter, attempt: int, now: datetime) -> datetime | None:
    """When to try again after `attempt` tries (from 1), or None: it has been tried for four days. What tells our own
    people that something did not arrive outlasts the outage that may be the reason."""
    patience = OUTLASTS if letter.name in ("agent_delivery_failed", "admin_alert") else GIVE_UP
    if now - letter.not_before >= patience:
        return None
    return now + timedelta(minutes=PATIENCE[min(attempt, len(PATIENCE)) - 1])


async def _try(
    db: Database,
    desk: Desk,
    send: Send,
    letter: Letter,
    attempt: int,
    clock: Callable[[], datetime],
    new_id: NewId,
) -> Tried:
    """A letter that cannot be composed, or whose sending raises, waits its turn like one that the relay put off: it is
    given up, and told, when its time is over."""
    try:
        data = await db.read(_bytes_of, desk.blobs, letter)
        delivery = await send(letter, data)
        tried = Tried(letter, attempt, delivery.outcome, delivery.code, delivery.text)
    except Exception as error:  # noqa: BLE001 - one letter's trouble must not keep the others from leaving
        tried = Tried(letter, attempt, "deferred", None, f"{type(error).__name__}: {error}")
    return await db.run(_settle, desk, tried, clock(), new_id)


def _bytes_of(tx: Transaction, blobs: Blobs, letter: Letter) -> bytes:
    return compose(letter, lambda sha256: blobs.get(tx, sha256))


def _settle(tx: Transaction, desk: Desk, tried: Tried, now: datetime, new_id: NewId) -> Tried:
    """Write how it ended; of a final failure the ticket hears in the same transaction."""
    letter, outcome, text = tried.letter, tried.outcome, tried.text
    again = _in_hours(letter, next_try(letter, tried.attempt, now), desk.policy)
    if outcome == "deferred" and again is None:
        outcome, text = "failed", f"given up after {(now - letter.not_before).days} days: {text}"
    outbox.settle(tx, letter.id, outcome, now=now, code=tried.code, text=text, next_attempt=again)
    if outcome == "failed" and letter.ticket is not None:
        _tell(tx, desk, letter, tried.code, text, now, new_id)
    if outcome == "deferred" and again is not None and letter.name in _WAITED_FOR and again - letter.not_before > _LATE:
        _put_off(tx, desk, letter, again, now, new_id)
    return Tried(letter, tried.attempt, outcome, tried.code, text)


def _in_hours(letter: Letter, again: datetime | None, policy: Policy) -> datetime | None:
    """What only leaves in hours is tried again in them, as long as that is no reason to give it up."""
    if again is None or letter.name not in _OF_THE_HOURS or letter.auto_submitted != "auto-generated":
        return again
    opening = drawn(policy, again)
    return opening if opening - letter.not_before < GIVE_UP else again


def _put_off(tx: Transaction, desk: Desk, letter: Letter, again: datetime, now: datetime, new_id: NewId) -> None:
    ticket = goes_on_as(tx, letter.ticket or 0)
    if ticket is not None:
        change(tx, desk, ticket, LetterPutOff(letter.to, again), now, new_id)


def _tell(
    tx: Transaction, desk: Desk, letter: Letter, code: int | None, text: str, now: datetime, new_id: NewId
) -> None:
    said = f"{code} {text}" if code else text
    cause = LetterFailed(letter=letter.id, recipient=letter.to, status=_status_in(text), diagnostic=said)
    ticket = goes_on_as(tx, letter.ticket or 0)
    if ticket is None:
        return  # it was erased while its letter waited
    change(tx, desk, ticket, cause, now, new_id)
    if cause.status.startswith(_OF_THE_ADDRESS):
        people.bounced(tx, letter.to, cause.status, now)


def _status_in(text: str) -> str:
    """The enhanced status code that the relay's reply begins with (RFC 2034 §4), or ""."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return first if len(first.split(".")) == 3 and first.replace(".", "").isdigit() else ""
