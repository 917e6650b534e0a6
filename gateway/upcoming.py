"""`upcoming`: what time alone will bring, computed by letting it pass: the same code, on a copy in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.advance import Desk
from gateway.desk.events import Event, StatusChanged
from gateway.desk.events_time import (
    AssigneeAway,
    ClockMissed,
    ClockWarned,
    Delayed,
    Escalated,
    NobodyAvailable,
    PhaseLate,
    ProgressSent,
    PromiseWarned,
    Reminded,
    StaleNoticed,
    UpdateAsked,
)
from gateway.desk.notices_staff import CLOCKS
from gateway.desk.policy import Policy
from gateway.mail.letter import Letter
from gateway.office import Office
from gateway.simulation.here import HereDatabase
from gateway.simulation.world import MOST_LOOKS, Ids, Stuck
from gateway.store import events, outbox, queue, rehearsal, schema, tickets
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.transaction import Transaction
from gateway.sweep import sweep


@dataclass(frozen=True, slots=True)
class Coming:
    """`ticket` None: a letter about none. `letter` "": nobody is written to. `to` are addresses, in order."""

    at: datetime
    ticket: int | None
    what: str
    letter: str
    to: tuple[str, ...]


def upcoming(office: Office, now: datetime, until: datetime) -> list[Coming]:
    """Everything from `now` to `until`, the soonest first: nobody writes, and nobody of us does anything.

    Raises Stuck where the desk has made a mistake.
    """
    db = HereDatabase()
    try:
        schema.migrate(db)
        with office.db.snapshot() as source:
            waiting = [each for each in queue.listed(source) if each.state in ("waiting", "queued")]
            numbers = db.write(lambda target: rehearsal.copy(source, target, until))
        found = [_leaving(each.letter, max(each.next_attempt, now)) for each in waiting if each.next_attempt <= until]
        desk = replace(office.desk, blobs=Blobs(None))
        with db.snapshot() as tx:
            before = {number: len(events.events_of(tx, number)) for number in numbers}
        _let_pass(db, desk, now, until)
        with db.snapshot() as tx:
            for number in numbers:
                found += _of(tx, number, before[number], desk.policy)
    finally:
        db.close()
    return sorted(found, key=lambda one: (one.at, one.ticket or 0))


def _let_pass(db: Database, desk: Desk, now: datetime, until: datetime) -> None:
    new_id = Ids()
    looks = 0
    while (due := db.write(tickets.next_due_at)) is not None and due <= until:
        looks = looks + 1 if due <= now else 0
        if looks > MOST_LOOKS:
            raise Stuck(f"at {now.isoformat()} a ticket is due and stays so")
        now = max(now, due)
        db.write(sweep, desk, now, new_id)


def _of(tx: Transaction, number: int, before: int, policy: Policy) -> list[Coming]:
    """Each event that is worth a line, with the letters that were written because of it."""
    happened = events.events_of(tx, number)
    letters = outbox.of_ticket(tx, number)
    found = []
    for seq, event in enumerate(happened, start=1):
        what = _what(event, policy) if seq > before else ""
        if what:
            written = [letter for letter in letters if letter.once.startswith(f"{number}:{seq}:")]
            name = written[0].name if written else ""
            found.append(Coming(event.at, number, what, name, tuple(dict.fromkeys(each.to for each in written))))
    return found


def _leaving(letter: Letter, at: datetime) -> Coming:
    return Coming(at, letter.ticket, f"the letter {letter.name} leaves", letter.name, (letter.to,))


def _what(event: Event, policy: Policy) -> str:
    """In a few words, or "" for what is only for the books."""
    match event:
        case Reminded(number=number, last=last):
            return f"reminder {number} of {len(policy.pending.reminders)}" + (", the last" if last else "")
        case StatusChanged(after="closed", before=before):
            return f"close ({'no answer' if before == 'pending' else f'solved {policy.solved.close_after}'})"
        case ClockWarned(clock=clock):
            return f"target {CLOCKS[clock]}: warning"
        case ClockMissed(clock=clock):
            return f"target {CLOCKS[clock]}: missed"
        case PromiseWarned(passed=passed):
            return "promised date" + (": broken" if passed else ": warning")
        case Delayed():
            return "promised date: the customer is told"
        case PhaseLate(phase=phase):
            return f'usual end of "{phase}"'
        case UpdateAsked():
            return "update: news asked for"
        case ProgressSent():
            return "update without news"
        case Escalated(after=tier):
            return f"escalate to {tier}"
        case StaleNoticed(number=number):
            return "stale" if number == 1 else f"stale, reminder {number}"
        case AssigneeAway(agent=agent):
            return f"{agent} is away: offered to the team"
        case NobodyAvailable(team=team):
            return f"nobody in {team} is there"
        case _:
            return ""
