"""When the desk may write of its own accord."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.policy import Policy


def open_for_letters(policy: Policy, now: datetime) -> bool:
    """Whether a letter to a customer that nobody wrote may leave now (`send_between`)."""
    return policy.pending.send_between == "always" or calendar.is_open(policy.office, now)


def drawn(policy: Policy, at: datetime) -> datetime:
    """`at`, or the next moment at which such a letter may leave."""
    return at if policy.pending.send_between == "always" else calendar.next_opening(policy.office, at)


def opening_after(office: Calendar, day: date) -> datetime:
    """The first opening behind the whole of the local date `day`."""
    return calendar.next_opening(office, datetime.combine(day + timedelta(days=1), time(0), office.zone))


def opening_on(office: Calendar, day: date) -> datetime:
    """The first opening on the local date `day`, or after it."""
    return calendar.next_opening(office, datetime.combine(day, time(0), office.zone))
