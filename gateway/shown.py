"""Tickets as the outside sees them: the JSON of CONTRACT §4, from the desk's own values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from gateway.desk.decide import dues
from gateway.desk.events import Event
from gateway.desk.policy import Policy
from gateway.desk.ticket import Article, Participant, Person, Ticket
from gateway.mail import thread
from gateway.mail.thread import Keys

Json = dict[str, Any]


def instant(at: datetime | None) -> str | None:
    """UTC, ISO 8601, ending in Z."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def summary(ticket: Ticket, policy: Policy, keys: Keys) -> Json:
    """A ticket as a list has it: without its articles and events."""
    token = thread.subject_token(keys, policy.prefix, ticket.number) if keys.keys else None
    return {
        "number": ticket.number,
        "reference": policy.reference(ticket.number),
        "token": token,
        "subject": ticket.subject,
        "status": ticket.status,
        "category": ticket.category,
        "phase": ticket.phase,
        "priority": ticket.priority,
        "tier": ticket.tier,
        "team": ticket.team,
        "assignee": ticket.assignee,
        "organisation": ticket.organisation,
        "language": ticket.language,
        "channel": ticket.channel,
        "mailbox": ticket.mailbox,
        "tags": list(ticket.tags),
        "requester": person(ticket.requester),
        "participants": [{**person(each), "role": each.role} for each in ticket.participants],
        "created_at": instant(ticket.created_at),
        "updated_at": instant(ticket.updated_at),
        "solved_at": instant(ticket.solved_at),
        "closed_at": instant(ticket.closed_at),
        "external_ref": ticket.external_ref,
        "problem": ticket.problem,
        "minutes_spent": ticket.minutes_spent,
        "rating": ticket.rating,
        "quote": _plain(ticket.quote),
        "due": [{"kind": kind, "at": instant(at)} for kind, at in dues(ticket, policy)],
        "links": [{"kind": link.kind, "number": link.number} for link in ticket.links],
    }


def whole(
    ticket: Ticket,
    articles: Sequence[Article],
    events: Sequence[Event],
    delivery: Mapping[str, str],
    policy: Policy,
    keys: Keys,
) -> Json:
    """A ticket with its conversation and its history. `delivery` is the worst fate of each article's letters."""
    return {
        **summary(ticket, policy, keys),
        "articles": [article(each, delivery.get(each.id) if each.direction == "out" else None) for each in articles],
        "events": [event(each) for each in events],
    }


def article(shown: Article, delivery: str | None = None) -> Json:
    author = shown.author
    return {
        "id": shown.id,
        "at": instant(shown.at),
        "direction": shown.direction,
        "visibility": shown.visibility,
        "author": {"role": author.role, "name": author.name, "email": author.email},
        "subject": shown.subject,
        "text": shown.text,
        "quoted": shown.quoted,
        "message_id": shown.message_id,
        "mail_id": shown.mail_id,
        "delivery": delivery,
        "attachments": [
            {
                "id": each.id,
                "name": each.name,
                "content_type": each.content_type,
                "size": each.size,
                "sha256": each.sha256,
                "inline": each.inline,
            }
            for each in shown.attachments
        ],
    }


def event(shown: Event) -> Json:
    data = {each.name: _plain(getattr(shown, each.name)) for each in fields(shown) if each.name not in ("at", "by")}
    return {"at": instant(shown.at), "kind": type(shown).__name__, "by": shown.by, "data": data}


def person(shown: Person | Participant) -> Json:
    return {"name": shown.name, "email": shown.email}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value
