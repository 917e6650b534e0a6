"""What a letter to staff is about, in facts: its template says them in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from gateway.dates import Locale, Moment
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.events_quote import DecisionOvertaken, QuoteApproved, QuoteDeclined
from gateway.desk.events_time import (
    AssigneeAway,
    ClockMissed,
    ClockWarned,
    NobodyAvailable,
    PhaseLate,
    PromiseWarned,
    Rated,
    UpdateAsked,
)
from gateway.desk.notice import Notice
from gateway.desk.policy import Policy
from gateway.desk.quotes import size_words
from gateway.desk.ticket import Ticket
from gateway.letters_allowance import Usage, usage
from gateway.letters_view import category_of


@dataclass(frozen=True, slots=True)
class Matter:
    """`kind`: "clock", "promise", "phase", "update", "rating", "nobody", "away", "approved", "declined", "overtaken"
    or "allowance".

    `name`: the clock's id, the name of the phase, the team, or the agent, or what a quote asked for. `due`: when it is
    due, the last day of an absence, or when the quote was made. `late`: it has passed.
    """

    kind: str
    name: str = ""
    due: Moment | None = None
    late: bool = False
    stars: int = 0
    usage: Usage | None = None


def matter(notice: Notice, ticket: Ticket | None, policy: Policy, locale: Locale) -> Matter | None:
    """None where the letter's name says what it is about."""
    event = notice.about
    if ticket is None or notice.audience != "agent":
        return None
    match event:
        case ClockWarned() | ClockMissed():
            return Matter("clock", event.clock, locale.moment(event.due), isinstance(event, ClockMissed))
        case PromiseWarned():
            return Matter("promise", due=locale.moment(event.due), late=event.passed)
        case PhaseLate():
            phase = category_of(ticket, policy).phase(event.phase)
            name = phase.name.within(locale.language) if phase else event.phase
            return Matter("phase", name, locale.moment(event.due), late=True)
        case UpdateAsked():
            return Matter("update", due=locale.moment(event.due))
        case Rated():
            return Matter("rating", stars=event.stars)
        case AllowanceReached():
            return Matter("allowance", event.organisation, usage=usage(notice, policy))
        case QuoteApproved() | QuoteDeclined():
            kind = "approved" if isinstance(event, QuoteApproved) else "declined"
            return Matter(kind, size_words(event.minutes, event.amount), locale.moment(event.quoted_at))
        case DecisionOvertaken():
            return Matter("overtaken", size_words(event.minutes, event.amount), locale.moment(event.quoted_at))
        case NobodyAvailable():
            team = policy.teams.get(event.team)
            return Matter("nobody", team.name.within(locale.language) if team else event.team)
        case AssigneeAway():
            agent = policy.agents.get(event.agent)
            return Matter("away", agent.name if agent else event.agent, _day(event.until, locale))
        case _:
            return None


def further_lines(notice: Notice, about: Matter | None) -> tuple[str, ...]:
    """What stands under it: the lines of the notice, but for those that the matter says in the reader's language."""
    if about is None:
        return notice.lines
    return (notice.about.comment,) if isinstance(notice.about, Rated) and notice.about.comment else ()


def _day(day: date, locale: Locale) -> Moment:
    return locale.moment(datetime.combine(day, time(12), locale.zone))
