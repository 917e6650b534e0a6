"""The day that somebody means: "2026-05-12", "12.5.", "12 May", "friday", "tomorrow", or a span such as "3 days"."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.spans import SpanError, parse_span

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
_WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        ("mon mo", "tue di", "wed mi", "thu do", "fri fr", "sat sa", "sun so"),
    )
    for name in names.split()
}
_WHOLE: Final = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag sonnabend"
).split()
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?")
_NAMED: Final = re.compile(r"(\d{1,2})\.?\s+([^\W\d]{3,9})\.?(?:,?\s+(\d{4}))?")
_NAMED_FIRST: Final = re.compile(r"([^\W\d]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?")


def end_of(words: str, office: Calendar, now: datetime) -> datetime | None:
    """The end of the working day that `words` name, in UTC; of a span the moment it ends. None: no day at all.

    A date without a year is the next one; a weekday the next one after today.
    """
    plain = " ".join(words.lower().split()).removeprefix("by ").removeprefix("until ").removeprefix("bis ")
    today = calendar.local_date(office, now)
    day = _day(plain, today)
    if day is not None:
        return calendar.closing_of_day(office, day)
    with suppress(SpanError, calendar.NeverOpens):
        return calendar.add(office, now, parse_span(plain))
    return None


def _day(plain: str, today: date) -> date | None:
    if plain in ("today", "heute"):
        return today
    if plain in ("tomorrow", "morgen"):
        return today + timedelta(days=1)
    if plain in _WEEKDAYS or plain in _WHOLE:
        wanted = _WEEKDAYS.get(plain, _WEEKDAYS.get(plain[:3], _WEEKDAYS.get(plain[:2], 0)))
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    if found := _ISO.fullmatch(plain):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DOTTED.fullmatch(plain):
        return _next(found[3], int(found[2]), int(found[1]), today)
    if found := _NAMED.fullmatch(plain):
        return _next(found[3], _MONTHS.get(found[2][:3], 0), int(found[1]), today)
    if found := _NAMED_FIRST.fullmatch(plain):
        return _next(found[3], _MONTHS.get(found[1][:3], 0), int(found[2]), today)
    return None


def _next(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    this = _date(today.year, month, day)
    return this if this is None or this >= today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
