"""Reminders, then closing, while we wait for the customer: gaps counted from the last mail that was sent.

Only people stop it: the customer who writes, an agent who does something. An absence note moves it behind its date, a
letter that did not arrive stops it. A gateway that slept sends one reminder and goes on from that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.desk import calendar
from gateway.desk.events import ArticleAdded, Event, MachineMailFiled, PhaseEntered, StatusChanged
from gateway.desk.events_time import CustomerCalled, LadderSet, Promised, Reminded
from gateway.desk.hours import drawn, open_for_letters, opening_after
from gateway.desk.policy import Policy
from gateway.desk.spans import Span
from gateway.desk.ticket import Ticket

Plan = tuple[tuple[datetime, ...], datetime | None]  # the dates of the reminders still to come, and of the closing


def follow(ticket: Ticket, events: Sequence[Event], policy: Policy, now: datetime) -> list[Event]:
    """The ladder starts where the ticket begins to wait for the customer, anew with each letter that an agent has sent
    since; an absence note moves it."""
    if ticket.status != "pending":
        return []
    if ticket.ladder is None or any(_is_letter(event) for event in events):
        why = "asked" if ticket.ladder is None else "wrote"
        coming, closes = _behind_absence(ticket, plan(policy, now, gone=0), policy)
        return [LadderSet(at=now, by=events[0].by, why=why, coming=coming, closes=closes)]
    if any(isinstance(event, MachineMailFiled) and event.until for event in events):
        return _moved_by_absence(ticket, policy, now)
    return []


def later(ticket: Ticket, span: Span, policy: Policy, now: datetime, *, by: str) -> LadderSet:
    """The customer needs more time: the first reminder comes when it is over, and then the others."""
    first = drawn(policy, calendar.add(policy.office, now, span))
    coming, closes = plan(policy, first, gone=1) if policy.pending.reminders else ((), None)
    if not policy.pending.reminders:
        return LadderSet(at=now, by=by, why="later", coming=(), closes=_closing(policy, first))
    return LadderSet(at=now, by=by, why="later", coming=(first, *coming), closes=closes)


def put_off(ticket: Ticket, recipient: str, until: datetime, policy: Policy, now: datetime) -> list[Event]:
    """The letter that asks or reminds leaves at `until` at the earliest: the next one keeps its distance from it."""
    ladder = ticket.ladder
    if ladder is None or ticket.status != "pending" or recipient != ticket.requester.email:
        return []
    gone = max(len(policy.pending.reminders) - len(ladder.coming), 0)
    coming, closes = _behind_absence(ticket, plan(policy, until, gone=gone), policy)
    now_next, next_then = ladder.coming[0] if ladder.coming else ladder.closes, coming[0] if coming else closes
    if now_next is None or next_then is None or next_then <= now_next:
        return []
    return [LadderSet(at=now, by="gateway", why="put off", coming=coming, closes=closes, sent=ladder.sent)]


def due_at(ticket: Ticket, policy: Policy) -> datetime | None:
    ladder = ticket.ladder
    if ladder is None or ticket.status != "pending" or not ticket.reachable:
        return None
    return ladder.coming[0] if ladder.coming else ladder.closes


def passed(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """One step at most: the next is counted from this one."""
    ladder, due = ticket.ladder, due_at(ticket, policy)
    if ladder is None or due is None or due > now or not open_for_letters(policy, now):
        return []
    if not ladder.coming:
        return [StatusChanged(at=now, by="gateway", before="pending", after="closed")]
    gone = len(policy.pending.reminders) - len(ladder.coming) + 1
    coming, closes = plan(policy, now, gone=max(gone, 1))
    last = not coming and closes is not None
    return [Reminded(at=now, by="gateway", number=ladder.sent + 1, last=last, coming=coming, closes=closes)]


def plan(policy: Policy, sent: datetime, *, gone: int) -> Plan:
    """The dates after a letter at `sent`, with `gone` reminders behind us."""
    at, coming = sent, []
    for gap in policy.pending.reminders[gone:]:
        at = drawn(policy, calendar.add(policy.office, at, gap))
        coming.append(at)
    return tuple(coming), _closing(policy, at)


def _closing(policy: Policy, sent: datetime) -> datetime | None:
    """Never on the day of the letter before it."""
    gap = policy.pending.close_after
    if gap is None:
        return None
    closes = drawn(policy, calendar.add(policy.office, sent, gap))
    day = calendar.local_date(policy.office, sent)
    return closes if calendar.local_date(policy.office, closes) > day else opening_after(policy.office, day)


def _is_letter(event: Event) -> bool:
    """A letter that an agent has sent to the customer."""
    match event:
        case ArticleAdded(direction="out", visibility="public"):
            return True
        case CustomerCalled():
            return True
        case PhaseEntered(by=by) | Promised(by=by):
            return by.startswith("agent:")
        case _:
            return False


# -- absences ----------------------------------------------------------------------------------------------------------


def _moved_by_absence(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    ladder = ticket.ladder
    if ladder is None:
        return []
    before = (ladder.coming, ladder.closes)
    coming, closes = _behind_absence(ticket, before, policy)
    if (coming, closes) == before:
        return []
    return [LadderSet(at=now, by="gateway", why="away", coming=coming, closes=closes, sent=ladder.sent)]


def _behind_absence(ticket: Ticket, dates: Plan, policy: Policy) -> Plan:
    """The same steps, none before the day after the absence; what follows the first keeps its gap. Who was away for
    the last reminder gets the whole gap to the closing once they are back."""
    if ticket.away_until is None or not policy.pending.out_of_office_pauses:
        return dates
    back = opening_after(policy.office, ticket.away_until)
    coming, closes = dates
    if coming and coming[0] < back:
        rest, end = plan(policy, back, gone=len(policy.pending.reminders) - len(coming) + 1)
        return (back, *rest), end
    if not coming and closes is not None and closes < back:
        return (), _closing(policy, back)
    return dates
