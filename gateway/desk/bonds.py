"""Tickets joined and parted: merged into another one, taken back out of it, an article split off.

Nobody sees by a merge what they did not see before. So the requester has to be on the other ticket already (or to be
the same person); nobody is added to it; and what comes from one ticket is veiled from readers of the other who were
not on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from gateway.desk import calendar
from gateway.desk.causes_bonds import Absorbs, ComesBack, SplitsOff
from gateway.desk.events import ArticleAdded, Event, FirstResponse, ParticipantAdded, StatusChanged, Undone
from gateway.desk.events_bonds import Absorbed, GivenBack, MergedInto, SplitOff, Unmerged
from gateway.desk.moves import added, moved
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused
from gateway.desk.ticket import Ticket, Veil

# -- merging -----------------------------------------------------------------------------------------------------------


def merged(ticket: Ticket, named: int, into: Ticket | None, by: str, policy: Policy, now: datetime) -> list[Event]:
    """The ticket goes on as `into`, which `named` is or was merged into; closed, so that nothing on it runs on."""
    if into is None:
        raise Refused(Phrase("there is no ticket {ticket}", ticket=named))
    _may_merge(ticket, named, into, policy)
    on_it = people(into)
    left = tuple(one.email for one in ticket.participants if one.role == "cc" and one.email not in on_it)
    events: list[Event] = [MergedInto(at=now, by=by, number=into.number, status=ticket.status, left=left)]
    if ticket.status != "closed":
        events.append(StatusChanged(at=now, by=by, before=ticket.status, after="closed"))
    return events


def _may_merge(ticket: Ticket, named: int, into: Ticket, policy: Policy) -> None:
    this, other = policy.reference(ticket.number), policy.reference(into.number)
    if named == ticket.number:
        raise Refused(Phrase("that is this very ticket"))
    if into.number == ticket.number:
        why = "{ticket} was merged into this one: there is nothing left to merge"
        raise Refused(Phrase(why, ticket=policy.reference(named)))
    if into.merged_into is not None:
        why = "{ticket} was merged too often to be followed: name the ticket it ended in"
        raise Refused(Phrase(why, ticket=policy.reference(named)))
    if into.status == "closed":
        raise Refused(Phrase("{ticket} is closed: reopen it before you merge anything into it", ticket=other))
    if ticket.quote is not None:
        why = "the customer has a quote of {ticket} to decide on: /quote none takes it back"
        raise Refused(Phrase(why, ticket=this))
    if same_person(ticket, into) or into.role_of(ticket.requester.email) != "stranger":
        return
    theirs = {"email": ticket.requester.email, "other": other}
    if ticket.role_of(into.requester.email) != "stranger":
        raise Refused(Phrase(_WOULD_MISS, **theirs, this=this))
    raise Refused(Phrase(_WOULD_READ, **theirs))


_WOULD_MISS: Final = (
    "{email} is not on {other}, and would miss what is said there: merge {other} into {this} instead, or use /link"
)
_WOULD_READ: Final = (
    "{email} is not on {other}, and would miss what is said there or read what is not for them: use /link or /problem,"
    " which keep people apart"
)


def same_person(one: Ticket, other: Ticket) -> bool:
    """One requester, by whichever of their addresses."""
    return not _requester(one).isdisjoint(_requester(other))


def people(ticket: Ticket) -> frozenset[str]:
    """Every address on it."""
    return frozenset((ticket.requester.email, *(one.email for one in ticket.participants)))


def _requester(ticket: Ticket) -> frozenset[str]:
    aliases = (one.email for one in ticket.participants if one.role == "alias")
    return frozenset((ticket.requester.email, *aliases))


def absorbed(ticket: Ticket, cause: Absorbs, policy: Policy, now: datetime) -> list[Event]:
    """What the other ticket brings. Where we owed an answer there, we owe it here; a first one that was given there
    was given."""
    other = cause.other
    same = same_person(ticket, other)
    strange = people(ticket) - people(other) - (_requester(ticket) if same else frozenset())
    veils = [Veil(cause.articles, tuple(sorted(strange)))] if strange and cause.articles else []
    events: list[Event] = [
        Absorbed(
            at=now,
            by=cause.by,
            number=other.number,
            articles=cause.articles,
            files=cause.files,
            minutes=other.minutes_spent,
            brought=other.letters_of[1:],
            veils=(*veils, *(veil for each in other.absorbed for veil in each.veils)),
            article=cause.latest,
            last_in=other.last_in,
            stopped=cause.stopped,
            tags=tuple(tag for tag in other.tags if tag not in _own_tags(ticket)),
        )
    ]
    if same and ticket.role_of(other.requester.email) == "stranger":
        name, email = other.requester.name, other.requester.email
        events.append(ParticipantAdded(at=now, by=cause.by, name=name, email=email, role="alias"))
    if other.first_response_at is not None and ticket.first_response_at is None:
        events += [FirstResponse(at=now, by=cause.by), *moved(ticket, "agent_acted", cause.by, policy, now)]
    if cause.status in ("new", "open"):
        events += moved(ticket, "customer_wrote", "gateway", policy, now)
    return events


def _own_tags(ticket: Ticket) -> frozenset[str]:
    """Those that no merge brought."""
    return frozenset(ticket.tags).difference(*(each.tags for each in ticket.absorbed))


# -- parting -----------------------------------------------------------------------------------------------------------


def given_back(ticket: Ticket, number: int, by: str, policy: Policy, now: datetime) -> list[Event]:
    """Ticket `number` is one of its own again; what came here since then stays here."""
    found = next((each for each in ticket.absorbed if each.number == number), None)
    if found is None:
        known = ", ".join(policy.reference(each.number) for each in ticket.absorbed) or Phrase("none")
        why = "{ticket} was not merged into this ticket; {known} was"
        raise Refused(Phrase(why, ticket=policy.reference(number), known=known))
    return [GivenBack(at=now, by=by, number=number, articles=found.articles, files=found.files)]


def came_back(ticket: Ticket, cause: ComesBack, policy: Policy, now: datetime) -> list[Event]:
    """As it was before: its clocks go on with the time they had left."""
    goes_on = ticket.merged_into
    if goes_on is None:
        why = Phrase("{ticket} was not merged into another ticket", ticket=policy.reference(ticket.number))
        raise Refused(why)
    events: list[Event] = [Unmerged(at=now, by=cause.by, number=goes_on, articles=cause.articles)]
    if cause.status != ticket.status:
        gap = policy.solved.close_after if cause.status == "solved" else None
        due = calendar.add(policy.office, now, gap) if gap else None
        back = StatusChanged(at=now, by="gateway", before=ticket.status, after=cause.status, close_due=due)
        events.append(back)
    return events


def split_off(ticket: Ticket, cause: SplitsOff, now: datetime) -> list[Event]:
    gone = SplitOff(at=now, by=cause.by, number=cause.number, article=cause.gone, files=cause.files)
    return [added(cause.article, now), gone]


# -- what is where -----------------------------------------------------------------------------------------------------


def conversation(events: Sequence[Event]) -> frozenset[str]:
    """The articles that belong to the ticket of these events."""
    before: list[frozenset[str]] = []
    here: frozenset[str] = frozenset()
    for event in events:
        before.append(here)
        match event:
            case ArticleAdded(article=article):
                here |= {article}
            case Absorbed(articles=articles):
                here |= set(articles)
            case GivenBack(articles=articles):
                here -= set(articles)
            case SplitOff(article=article):
                here -= {article}
            case MergedInto():
                here = frozenset()
            case Unmerged(articles=articles):
                here = frozenset(articles)
            case Undone(events=count):
                here = _taken_back(here, events, len(before) - 1, count, before)
            case _:
                pass
    return here


def _taken_back(
    here: frozenset[str], events: Sequence[Event], end: int, count: int, before: Sequence[frozenset[str]]
) -> frozenset[str]:
    """Of what is taken back only a merge moves articles: what was written stays as a note."""
    for index in range(end - 1, end - 1 - count, -1):
        match events[index]:
            case MergedInto():
                here |= before[index]
            case Absorbed(articles=articles):
                here -= set(articles)
            case _:
                pass
    return here


def bond_in(events: Iterable[Event]) -> MergedInto | Absorbed | SplitOff | None:
    """By which of these events the ticket was joined to another one, or parted."""
    return next((event for event in events if isinstance(event, MergedInto | Absorbed | SplitOff)), None)
