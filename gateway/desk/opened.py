"""A request becomes a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.desk.assignment import given
from gateway.desk.causes import Request
from gateway.desk.events import (
    Acknowledged,
    Assigned,
    Event,
    FirstResponse,
    LetterWithheld,
    Linked,
    ParticipantAdded,
    RelationSuspected,
    StatusChanged,
    TicketOpened,
)
from gateway.desk.mentions import mentioned
from gateway.desk.moves import added, entered
from gateway.desk.policy import Policy
from gateway.desk.ticket import agent_in
from gateway.desk.workflow import after


def opened_events(request: Request, policy: Policy, now: datetime) -> list[Event]:
    """What is true of a new ticket, the first of it `TicketOpened`."""
    by = request.by
    events: list[Event] = [
        _opened(request, now),
        added(request.article, now, machine=request.machine),
        *(added(each, now) for each in request.further),
        entered(policy.categories[request.category].phases[0], policy, now, by="gateway"),
    ]
    for each in (request.article, *request.further):
        events += mentioned(each, policy, now)
    if request.follow_up_of is not None:
        events.append(Linked(at=now, by="gateway", link="follow_up_of", number=request.follow_up_of))
    if request.split_from is not None:
        events.append(Linked(at=now, by=by, link="split_from", number=request.split_from))
    if request.article.direction == "out":
        events += _begun(request, now)
    events += [ParticipantAdded(at=now, by=by, name=p.name, email=p.email) for p in request.participants]
    events += [RelationSuspected(at=now, by="gateway", number=n, why=why) for n, why in request.suspects]
    if request.acknowledge and request.reply is not None:
        events.append(added(request.reply, now, machine=True))
    if request.acknowledge:
        events.append(Acknowledged(at=now, by="gateway", letter=request.acknowledge))
    elif request.withheld:
        recipient = request.requester.email
        events.append(LetterWithheld(at=now, by="gateway", letter="ack", recipient=recipient, why=request.withheld))
    if request.assignee in policy.agents:
        events += given(request.assignee, policy.priorities.get(request.priority), now, answered=_answers(events))
    return events


def _answers(events: Sequence[Event]) -> bool:
    return any(isinstance(event, FirstResponse) for event in events)


def _begun(request: Request, now: datetime) -> list[Event]:
    """An agent wrote first: it is answered, and theirs."""
    by = request.by
    events: list[Event] = [
        FirstResponse(at=now, by=by),
        StatusChanged(at=now, by=by, before="new", after=after("new", "agent_acted")),
    ]
    if request.assignee is None:
        events.append(Assigned(at=now, by=by, assignee=agent_in(by)))
    return events


def _opened(request: Request, now: datetime) -> TicketOpened:
    return TicketOpened(
        at=now,
        by=request.by,
        number=request.number,
        mailbox=request.mailbox,
        subject=request.subject,
        requester_name=request.requester.name,
        requester_email=request.requester.email,
        category=request.category,
        priority=request.priority,
        language=request.language,
        channel=request.channel,
        team=request.team,
        tier=request.tier,
        organisation=request.organisation,
        tags=request.tags,
    )
