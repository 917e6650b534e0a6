"""All-day events of an iCalendar file as dates (RFC 5545): what a calendar of holidays needs, and no more.

Read are DTSTART, DTEND and DURATION of all-day events, EXDATE, and RRULE with FREQ=YEARLY (INTERVAL, COUNT, UNTIL,
BYMONTH with BYMONTHDAY or BYDAY). An event with a time of day closes nothing. Of a rule we do not know the first date
counts, and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN_PARTS: Final = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_LONGEST_EVENT: Final = 366  # days


@dataclass(frozen=True, slots=True)
class IcsDays:
    """`notes` are sentences about what was not understood."""

    days: frozenset[date]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: str
    value: str


def closed_days(text: str, first: date, last: date) -> IcsDays:
    """The dates from `first` to `last` that the all-day events of `text` cover. ValueError where it is no iCalendar."""
    lines = _unfolded(text)
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines):
        raise ValueError("this is no iCalendar file: it has no BEGIN:VCALENDAR")
    days: set[date] = set()
    notes: list[str] = []
    for event in _events(lines):
        try:
            found = _days_of(event, first, last, notes)
        except ValueError as error:
            notes.append(f"{_title(event)}: {error}")
            continue
        days |= {day for day in found if first <= day <= last}
    return IcsDays(frozenset(days), tuple(notes))


def _unfolded(text: str) -> list[str]:
    """Content lines; a line that begins with a blank goes on with the one before (RFC 5545 §3.1)."""
    return re.sub(r"\n[ \t]", "", text.replace("\r\n", "\n")).split("\n")


def _events(lines: list[str]) -> Iterator[list[_Property]]:
    event: list[_Property] | None = None
    nested = 0  # an alarm inside an event has properties of its own
    for line in lines:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        match name.strip().upper(), value.strip().upper():
            case "BEGIN", "VEVENT":
                event, nested = [], 0
            case "END", "VEVENT":
                if event is not None:
                    yield event
                event = None
            case "BEGIN", _:
                nested += 1
            case "END", _:
                nested = max(0, nested - 1)
            case key, _ if event is not None and not nested:
                event.append(_Property(key, parameters.upper(), value.strip()))


def _days_of(event: list[_Property], first: date, last: date, notes: list[str]) -> set[date]:
    if _value(event, "STATUS").upper() == "CANCELLED":
        return set()
    start = next((item for item in event if item.name == "DTSTART"), None)
    if start is None or not re.fullmatch(r"\d{8}", start.value):
        return set()
    begin = _date(start.value)
    length = _length(event, begin)
    excepted = {_date(text[:8]) for item in event if item.name == "EXDATE" for text in item.value.split(",")}
    extra = {_date(text) for item in event if item.name == "RDATE" for text in item.value.split(",") if len(text) == 8}
    rule = _value(event, "RRULE")
    begins = {begin} | extra
    if rule:
        parts = dict(part.upper().partition("=")[::2] for part in rule.split(";") if part)
        if parts.get("FREQ") != "YEARLY" or not set(parts) <= _KNOWN_PARTS:
            notes.append(f"{_title(event)}: of the rule {rule} only the first date counts; write the others as events")
        else:
            begins |= set(_yearly(begin, parts, first.year - 1, last.year))
    begins -= excepted
    return {day + n * _DAY for day in begins for n in range(length)}


def _length(event: list[_Property], begin: date) -> int:
    """How many days the event covers; its DTEND is the first day after it (RFC 5545 §3.6.1)."""
    days = 1
    if end := _value(event, "DTEND"):
        days = (_date(end[:8]) - begin).days
    elif match := re.fullmatch(r"\+?P(\d{1,3})([DW])", _value(event, "DURATION").upper()):
        days = int(match[1]) * (7 if match[2] == "W" else 1)
    if days > _LONGEST_EVENT:
        raise ValueError(f"it is {days} days long, which closes nothing")
    return max(1, days)


def _yearly(begin: date, parts: dict[str, str], first_year: int, last_year: int) -> Iterator[date]:
    interval = max(1, int(parts.get("INTERVAL", "1")))
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    until = _date(parts["UNTIL"][:8]) if "UNTIL" in parts else date.max
    months = [int(text) for text in parts["BYMONTH"].split(",")] if "BYMONTH" in parts else [begin.month]
    seen = 0
    for year in range(begin.year, min(last_year, begin.year + 1000) + 1, interval):
        for day in sorted(day for month in months for day in _in_month(year, month, begin, parts)):
            if day < begin:
                continue
            seen += 1
            if day > until or (count is not None and seen > count):
                return
            if year >= first_year:
                yield day


def _in_month(year: int, month: int, begin: date, parts: dict[str, str]) -> Iterator[date]:
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    beyond = date(year + month // 12, month % 12 + 1, 1)
    days = [date(year, month, 1) + n * _DAY for n in range((beyond - date(year, month, 1)).days)]
    by_day, by_number = parts.get("BYDAY", ""), parts.get("BYMONTHDAY", "")
    wanted = {int(text) for text in by_number.split(",")} if by_number else set()
    if not by_day:
        wanted = wanted or {begin.day}
        yield from (day for day in days if day.day in wanted or day.day - len(days) - 1 in wanted)
        return
    for text in by_day.split(","):
        match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", text)
        if match is None:
            raise ValueError(f"there is no weekday {text}")
        same = [day for day in days if _WEEKDAYS[day.weekday()] == match[2]]
        nth = int(match[1]) if match[1] else 0
        chosen = same if nth == 0 else same[nth - 1 : nth] if nth > 0 else same[nth:][:1]
        yield from (day for day in chosen if not wanted or day.day in wanted)


def _value(event: list[_Property], name: str) -> str:
    return next((item.value for item in event if item.name == name), "")


def _title(event: list[_Property]) -> str:
    return _value(event, "SUMMARY")[:60] or _value(event, "UID")[:60] or "an event"


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{8}", text):
        raise ValueError(f"{text!r} is no date")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
