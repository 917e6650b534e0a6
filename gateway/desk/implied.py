"""Phases that a ticket enters by what happens to it, without a command of their own: [[phase]] enter_on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.desk.events import Assigned, Event, FirstResponse, PhaseEntered
from gateway.desk.events_time import Escalated, TaskRecorded
from gateway.desk.moves import entered
from gateway.desk.policy import EnterOn, Policy
from gateway.desk.ticket import Ticket


def follow(ticket: Ticket, events: Sequence[Event], policy: Policy, now: datetime) -> list[Event]:
    """The furthest phase that what happened leads to; never back, and none where an agent named one.

    An assignment, an answer, a task elsewhere is told by the letter that it brings: the phase shows in it, and an agent
    who then names the phase has it told in so many words. Nothing else tells of an escalation: that phase is as if its
    agent had named it.
    """
    category = policy.categories.get(ticket.category)
    named = any(isinstance(event, PhaseEntered) and event.by.startswith("agent:") for event in events)
    if category is None or named or ticket.status in ("solved", "closed"):
        return []
    happened = dict(_happened(events))
    order = [phase.id for phase in category.phases]
    here = order.index(ticket.phase) if ticket.phase in order else 0
    further = [phase for phase in category.phases[here + 1 :] if phase.enter_on in happened]
    if not further:
        return []
    phase = further[-1]
    if phase.enter_on == "escalated":
        return [entered(phase, policy, now, by=happened[phase.enter_on])]
    return [replace(entered(phase, policy, now, by="gateway"), implied=True)]


def _happened(events: Sequence[Event]) -> Iterator[tuple[EnterOn | None, str]]:
    """What, and who did it. That nobody took it up in time is no step forward for the customer."""
    for event in events:
        match event:
            case Assigned(assignee=str(), by=by):
                yield "assigned", by
            case FirstResponse(by=by):
                yield "first_response", by
            case TaskRecorded(by=by):
                yield "task", by
            case Escalated(automatic=False, by=by):
                yield "escalated", by
            case _:
                pass
