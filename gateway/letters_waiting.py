"""What a letter says of the time to come: reminders, closing, the next news; and which of ours went unanswered.

Each of these dates was decided before and stands in the ticket or in the event (DESIGN law 2); here it is only said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.dates import Locale, Moment
from gateway.desk.calendar import NeverOpens
from gateway.desk.events_time import Delayed, ProgressSent, Reminded
from gateway.desk.notice import Notice
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket
from gateway.desk.updates import next_update
from gateway.letters_progress import after

_NEWS = frozenset({"progress", "delayed"})


@dataclass(frozen=True, slots=True)
class Closing:
    """What becomes of a ticket that nobody answers on. `reminders` are still to come; `reopens`: until when a reply
    opens a closed ticket again, None for always. `wrote`: the days of our last letters, which nobody answered."""

    at: Moment | None
    reminders: tuple[Moment, ...]
    reopens: Moment | None
    wrote: tuple[Moment, ...] = ()


def closing(
    notice: Notice, ticket: Ticket, mailed: Sequence[datetime], policy: Policy, now: datetime, locale: Locale
) -> Closing:
    """`mailed`: when we wrote to this reader, oldest first."""
    coming, closes = _dates(notice, ticket)
    until = after(policy.office, ticket.closed_at or closes or now, policy.reopen_window)
    return Closing(
        at=locale.moment(closes) if closes else None,
        reminders=tuple(locale.moment(at) for at in coming),
        reopens=locale.moment(until) if until else None,
        wrote=_unanswered(ticket, mailed, policy, locale) if notice.letter == "closed_no_answer" else (),
    )


def next_news(notice: Notice, ticket: Ticket, policy: Policy, now: datetime, locale: Locale) -> Moment | None:
    """When the customer hears from us again at the latest; None where nothing says how often."""
    if notice.letter not in _NEWS and ticket.quote is None:
        return None
    try:
        at = notice.about.next_at if isinstance(notice.about, ProgressSent) else next_update(ticket, policy)
    except NeverOpens:
        return None
    return locale.moment(at) if at is not None and at > now else None


def missed(notice: Notice, ticket: Ticket, now: datetime, locale: Locale) -> Moment | None:
    """The date that was named and has passed."""
    if isinstance(notice.about, Delayed):
        return locale.moment(notice.about.missed)
    step = ticket.step
    return locale.moment(step.by) if step and step.by and step.by < now else None


def _dates(notice: Notice, ticket: Ticket) -> tuple[tuple[datetime, ...], datetime | None]:
    if isinstance(notice.about, Reminded):
        return notice.about.coming, notice.about.closes
    if ticket.ladder is not None:
        return ticket.ladder.coming, ticket.ladder.closes
    return (), ticket.close_due


def _unanswered(ticket: Ticket, mailed: Sequence[datetime], policy: Policy, locale: Locale) -> tuple[Moment, ...]:
    """A day each: of the question and of the reminders at most, and none from before the customer's last mail."""
    days: dict[str, Moment] = {}
    for at in mailed:
        if ticket.last_in is None or at > ticket.last_in:
            days.setdefault(locale.moment(at).long, locale.moment(at))
    return tuple(days.values())[-1 - len(policy.pending.reminders) :]
