"""What joining and parting makes of a ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from gateway.desk.events_bonds import Absorbed, BondEvent, GivenBack, MergedInto, SplitOff, Unmerged
from gateway.desk.evolve_time import Changes
from gateway.desk.ticket import Absorption, Link, Ticket


def bound(ticket: Ticket, event: BondEvent) -> Changes:
    match event:
        case MergedInto(number=number):
            return {"links": (*ticket.links, Link("merged_into", number))}
        case Unmerged():
            return {"links": tuple(link for link in ticket.links if link.kind != "merged_into")}
        case Absorbed():
            return _absorbed(ticket, event)
        case GivenBack(number=number):
            return _given_back(ticket, number)
        case SplitOff():
            return _related(ticket, event.number) | {"absorbed": tuple(_without(e, event) for e in ticket.absorbed)}
        case _:
            assert_never(event)


def _absorbed(ticket: Ticket, event: Absorbed) -> Changes:
    came = Absorption(event.number, event.articles, event.files, event.minutes, event.brought, event.veils, event.tags)
    heard = [at for at in (ticket.last_in, event.last_in) if at is not None]
    return _related(ticket, event.number) | {
        "absorbed": (*ticket.absorbed, came),
        "minutes_spent": ticket.minutes_spent + event.minutes,
        "tags": tuple(dict.fromkeys((*ticket.tags, *event.tags))),
        "last_in": max(heard, default=None),
    }


def _given_back(ticket: Ticket, number: int) -> Changes:
    """A tag that another merge brought as well stays."""
    gone = [each for each in ticket.absorbed if each.number == number]
    kept = tuple(each for each in ticket.absorbed if each.number != number)
    lost = {tag for each in gone for tag in each.tags} - {tag for each in kept for tag in each.tags}
    return {
        "absorbed": kept,
        "minutes_spent": ticket.minutes_spent - sum(each.minutes for each in gone),
        "tags": tuple(tag for tag in ticket.tags if tag not in lost),
    }


def untagged(ticket: Ticket, tag: str) -> Changes:
    """Set again, it is the ticket's own, wherever it came from."""
    absorbed = tuple(replace(each, tags=tuple(one for one in each.tags if one != tag)) for each in ticket.absorbed)
    return {"tags": tuple(one for one in ticket.tags if one != tag), "absorbed": absorbed}


def _related(ticket: Ticket, number: int) -> Changes:
    known = any(link.number == number for link in ticket.links)
    return {} if known else {"links": (*ticket.links, Link("related", number))}


def _without(absorption: Absorption, event: SplitOff) -> Absorption:
    """What came from another ticket and went on to a third one is not given back."""
    gone = {here for here, _ in event.files}
    return replace(
        absorption,
        articles=tuple(article for article in absorption.articles if article != event.article),
        files=tuple(pair for pair in absorption.files if pair[1] not in gone),
    )
