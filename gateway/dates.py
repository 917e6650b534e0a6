"""Dates, sizes and spans as letters say them, in the reader's language.

A language without words of its own here reads English ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.desk import spans
from gateway.desk.calendar import Calendar
from gateway.desk.spans import Range, Span


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in the desk's zone. `day` "Thursday 23 April", `short` "Thu 23 April", `clock` "9:05"; `long`, which
    is also what it prints as, "Thursday 23 April 2026"."""

    long: str
    day: str
    short: str
    clock: str
    at: datetime

    def __str__(self) -> str:
        return self.long


@dataclass(frozen=True, slots=True)
class _Language:
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    short_weekday: int
    hour: str
    units: dict[str, tuple[str, str]]
    to: str
    decimal: str


_ENGLISH = _Language(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    day="{weekday} {day} {month}",
    short_weekday=3,
    hour="{clock}",
    units={},
    to="to",
    decimal=".",
)  # fmt: skip
_GERMAN = _Language(
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    day="{weekday}, {day}. {month}",
    short_weekday=2,
    hour="{clock} Uhr",
    units={
        "second": ("Sekunde", "Sekunden"),
        "minute": ("Minute", "Minuten"),
        "hour": ("Stunde", "Stunden"),
        "day": ("Tag", "Tage"),
        "week": ("Woche", "Wochen"),
        "business hour": ("Arbeitsstunde", "Arbeitsstunden"),
        "business day": ("Arbeitstag", "Arbeitstage"),
    },
    to="bis",
    decimal=",",
)  # fmt: skip
_LANGUAGES = {"en": _ENGLISH, "de": _GERMAN}


@dataclass(frozen=True, slots=True)
class Locale:
    """How a reader is told things: a language, and the zone of the desk's wall clock."""

    language: str
    zone: ZoneInfo

    def moment(self, at: datetime) -> Moment:
        return moment(at, self.zone, self.language)

    def span(self, between: Range) -> str:
        return range_words(between, self.language)

    def size(self, size: int) -> str:
        return size_words(size, self.language)


def moment(at: datetime, zone: ZoneInfo, language: str) -> Moment:
    words = _language(language)
    local = at.astimezone(zone)
    weekday, month = words.weekdays[local.weekday()], words.months[local.month - 1]
    day = words.day.format(weekday=weekday, day=local.day, month=month)
    short = words.day.format(weekday=weekday[: words.short_weekday], day=local.day, month=month)
    clock = words.hour.format(clock=f"{local.hour}:{local.minute:02}")
    return Moment(f"{day} {local.year}", day, short, clock, at)


def span_words(span: Span, language: str) -> str:
    """ "5 business days", "5 Arbeitstage"."""
    return _translated(spans.words(span), _language(language))


def range_words(between: Range, language: str) -> str:
    """Both ends: "4 to 10 business days", "2 hours to 3 business days"."""
    words = _language(language)
    text = spans.range_words(between)
    if not words.units:
        return text
    return f" {words.to} ".join(_translated(part, words) for part in text.split(" to "))


def size_words(size: int, language: str) -> str:
    """ "2.1 MB", "180 KB", "12 bytes"; a megabyte is a million bytes, as in the configuration."""
    decimal = _language(language).decimal
    for unit, least in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if size >= least * 0.9995:
            amount = size / least
            shown = f"{amount:.1f}" if amount < 9.95 else f"{amount:.0f}"
            return f"{shown.removesuffix('.0').replace('.', decimal)} {unit}"
    return f"{size} Bytes" if decimal == "," else f"{size} bytes"


def balance_words(length: timedelta) -> str:
    """ "8 h 30 min": the same in every language."""
    return spans.hours_words(length)


def hours_words(calendar: Calendar, language: str) -> list[tuple[str, str, str, str]]:
    """The opening hours, as (first weekday, last weekday, opens, closes) of days in a row with the same hours."""
    words = _language(language)
    hours = dict(calendar.hours)
    runs: list[tuple[int, int, tuple[tuple[str, str], ...]]] = []
    for weekday in range(7):
        pairs = tuple((f"{a.hour}:{a.minute:02}", f"{b.hour or 24}:{b.minute:02}") for a, b in hours.get(weekday, ()))
        if pairs and runs and runs[-1][1] == weekday - 1 and runs[-1][2] == pairs:
            runs[-1] = (runs[-1][0], weekday, pairs)
        elif pairs:
            runs.append((weekday, weekday, pairs))
    return [
        (words.weekdays[first], words.weekdays[last], opens, closes)
        for first, last, pairs in runs
        for opens, closes in pairs
    ]


def city(zone: str) -> str:
    """The place that an IANA zone is named after: "Berlin"; the name itself of zones such as "UTC"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _language(language: str) -> _Language:
    return _LANGUAGES.get(language.partition("-")[0], _ENGLISH)


def _translated(text: str, words: _Language) -> str:
    """ "4" or "3 business days" in the language of `words`; English as it is."""
    count, _, unit = text.partition(" ")
    names = words.units.get(unit.removesuffix("s"))
    if not names:
        return text
    return f"{count} {names[0] if count == '1' else names[1]}"
