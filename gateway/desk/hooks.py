"""Which events call which programs of the operator's: to wake somebody, to post to a chat, to open an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.desk.events import (
    ArticleAdded,
    Assigned,
    DeliveryFailed,
    Event,
    PhaseEntered,
    PriorityChanged,
    StatusChanged,
    TicketOpened,
)
from gateway.desk.events_quote import QuoteApproved, Quoted, QuoteDeclined
from gateway.desk.events_time import (
    ClockMissed,
    ClockWarned,
    Delayed,
    Escalated,
    Rated,
    StaleNoticed,
    TaskRecorded,
    TimeSpent,
)
from gateway.desk.policy import Hook
from gateway.desk.ticket import Ticket

_PLAIN: dict[type[Event], str] = {
    TicketOpened: "opened",
    Assigned: "assigned",
    PhaseEntered: "phase",
    PriorityChanged: "priority",
    Escalated: "escalated",
    TaskRecorded: "task",
    ClockWarned: "warned",
    ClockMissed: "late",
    StaleNoticed: "stale",
    Delayed: "delayed",
    DeliveryFailed: "undelivered",
    Rated: "rated",
    TimeSpent: "time",
    Quoted: "quoted",
    QuoteApproved: "approved",
    QuoteDeclined: "declined",
}


@dataclass(frozen=True, slots=True)
class Call:
    """`hook` is to be called because of the `seq`th event of the ticket, which `name` names; once in all."""

    hook: str
    ticket: int
    seq: int
    name: str


def calls(ticket: Ticket, events: Sequence[Event], hooks: Sequence[Hook]) -> Iterator[Call]:
    """What `events`, the last of `ticket`, call. An event calls a hook once, by the first of its names that fits."""
    first = ticket.version - len(events) + 1
    opening = any(isinstance(event, TicketOpened) for event in events)
    for seq, event in enumerate(events, first):
        names = [name for name in _names(event) if not (opening and name == "wrote")]
        for hook in hooks:
            wanted = next((name for name in names if name in hook.on), None)
            if wanted is not None:
                yield Call(hook.id, ticket.number, seq, wanted)


def _names(event: Event) -> tuple[str, ...]:
    match event:
        case ArticleAdded(machine=True):
            return ()
        case ArticleAdded(visibility="held"):
            return ("held",)
        case ArticleAdded(visibility="public", direction=direction):
            return ("wrote",) if direction == "in" else ("answered",)
        case ArticleAdded():
            return ("noted",)
        case StatusChanged(before=before, after=after):
            reopened = before in ("solved", "closed") and after not in ("solved", "closed")
            return ("reopened", "status") if reopened else (after, "status")
    name = _PLAIN.get(type(event))
    return () if name is None else (name,)
