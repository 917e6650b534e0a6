"""The kinds of values a desk is made of: names, hours, dates, holidays, links, headers, patience."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from gateway.config.entry import Entry, Reported, Wrong, nearest, read_or_note, type_words
from gateway.config.kinds import Line, SpanKind, span_of, text_of
from gateway.desk.spans import Span

NAME: Final = Line("a name of letters, digits, - and _", r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", empty=False)

WeekHours = Mapping[int, tuple[tuple[time, time], ...]]
DateRange = tuple[date, date]

_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_LONGEST_CLOSURE: Final = timedelta(days=3660)


class Hours:
    """Opening hours of a week: "24x7", or a table of weekdays. None means around the clock."""

    words = '"24x7", or a table such as { mon = "09:00-18:00", fri = "09:00-12:00, 13:00-15:00" }'

    def read(self, entry: Entry) -> WeekHours | None:
        if entry.value == "24x7":
            return None
        if not isinstance(entry.value, dict):
            suggestion = "24x7" if str(entry.value).replace("/", "x").replace(" ", "") in ("24x7", "24h", "24") else ""
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}", suggestion)
        week: dict[int, tuple[tuple[time, time], ...]] = {}
        broken = False
        for day, value in entry.value.items():
            inner = entry.inner(day, value)
            if day not in _WEEKDAYS:
                inner.note(f'"{day}" is no weekday: they are {", ".join(_WEEKDAYS)}', _weekday_meant(day), at_key=True)
                broken = True
                continue
            try:
                week[_WEEKDAYS.index(day)] = read_or_note(_DayHours(), inner)
            except Reported:
                broken = True
        if broken:
            raise Reported
        return week

    def schema(self) -> dict[str, object]:
        days = {day: _DayHours().schema() for day in _WEEKDAYS}
        return {"anyOf": [{"const": "24x7"}, {"type": "object", "properties": days, "additionalProperties": False}]}


class _DayHours:
    """ "09:00-12:00, 13:00-18:00", or a list of such pairs; "" and [] are a day off."""

    words = 'hours such as "09:00-18:00" or "09:00-12:00, 13:00-18:00"'

    def read(self, entry: Entry) -> tuple[tuple[time, time], ...]:
        texts = entry.value if isinstance(entry.value, list) else [entry.value]
        pairs: list[tuple[time, time]] = []
        for text in texts:
            if not isinstance(text, str):
                raise Wrong(f"wants {self.words}, not {type_words(text)}")
            pairs += [self._pair(piece.strip()) for piece in text.split(",") if piece.strip()]
        for (_, closes), (opens, _) in itertools.pairwise(pairs):
            if closes == time(0) or opens < closes:
                raise Wrong("hours of one day must be in order and not overlap")
        return tuple(pairs)

    def _pair(self, text: str) -> tuple[time, time]:
        ends = [piece.strip() for piece in re.split(r"-|–", text)]
        if len(ends) != 2 or not all(_CLOCK.fullmatch(end) for end in ends):
            raise Wrong(f'wants {self.words}, not "{text}"', _hours_meant(ends))
        if ends[0].startswith("24") or (ends[1].startswith("24") and ends[1] != "24:00"):
            raise Wrong(f'"{text}" is later than the day: the last moment is 24:00')
        opens, closes = (time(*divmod(_minutes(end) % 1440, 60)) for end in ends)
        if _minutes(ends[0]) >= _minutes(ends[1]):
            raise Wrong(
                f'"{text}" closes before it opens; hours over midnight are two: to 24:00, and the next day from 00:00'
            )
        return opens, closes

    def schema(self) -> dict[str, object]:
        return {"type": ["string", "array"], "examples": ["09:00-18:00", "09:00-12:00, 13:00-18:00"]}


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _weekday_meant(day: str) -> str:
    folded = day.lower()
    full = nearest(folded, _WEEKDAY_NAMES)
    return folded[:3] if folded[:3] in _WEEKDAYS else full[:3]


def _hours_meant(ends: list[str]) -> str:
    """ "09:00-18:00" of "9-18" and "9.00-18.00", else ""."""
    repaired = [re.sub(r"[.h]", ":", end) if re.search(r"[.h:]\d", end) else f"{end}:00" for end in ends]
    if len(repaired) == 2 and all(_CLOCK.fullmatch(end) for end in repaired):
        return "-".join(end.rjust(5, "0") for end in repaired)
    return ""


class Dates:
    """A date or a range of dates, both ends included: "2026-12-24..2027-01-02", or a TOML date."""

    words = 'a date such as "2026-12-24" or dates such as "2026-12-24..2027-01-02"'

    def read(self, entry: Entry) -> DateRange:
        if isinstance(entry.value, date) and not isinstance(entry.value, datetime):
            return entry.value, entry.value
        text = text_of(entry, self.words)
        first, dots, last = text.partition("..")
        ends = self._date(first.strip(), text), self._date(last.strip() if dots else first.strip(), text)
        if ends[1] < ends[0]:
            raise Wrong("ends before it begins", f"{ends[1]}..{ends[0]}")
        if ends[1] - ends[0] > _LONGEST_CLOSURE:
            raise Wrong("is longer than ten years")
        return ends

    def _date(self, text: str, whole: str) -> date:
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                return date.fromisoformat(text)
        except ValueError:
            raise Wrong(f'"{text}" is not a day of the calendar') from None
        raise Wrong(f'wants {self.words}, not "{whole}"', _iso_meant(whole))

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["2026-12-24", "2026-12-24..2027-01-02"]}


def _iso_meant(text: str) -> str:
    """ "2026-12-24" of "24.12.2026", and ranges with other dashes; else ""."""
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip()):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    ends = re.findall(r"\d{4}-\d\d-\d\d", text)
    return "..".join(ends) if len(ends) == 2 else ""


@dataclass(frozen=True, slots=True)
class Country:
    """Public holidays of a country, or of one of its parts: codes of ISO 3166."""

    country: str
    subdivision: str = ""


class Holidays:
    """A country, or the path of an .ics file."""

    words = '{ country = "DE", subdivision = "BE" }, or the path of an .ics file'

    def read(self, entry: Entry) -> Country | str:
        if isinstance(entry.value, str):
            if not entry.value.endswith(".ics"):
                is_code = re.fullmatch(r"[A-Za-z]{2}", entry.value)
                raise Wrong(f"wants {self.words}", f'{{ country = "{entry.value.upper()}" }}' if is_code else "")
            return entry.value
        if not isinstance(entry.value, dict):
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}")
        texts = {}
        for key, value in entry.value.items():
            inner = entry.inner(key, value)
            if key not in ("country", "subdivision"):
                meant = nearest(key, ("country", "subdivision"))
                inner.note(f'unknown key "{key}" in holidays', meant, at_key=True)
                raise Reported
            texts[key] = read_or_note(Line("a code in capitals", r"[A-Z0-9-]{1,12}"), inner)
        if not texts.get("country"):
            raise Wrong('wants a country, such as { country = "DE" }')
        return Country(texts["country"], texts.get("subdivision", ""))

    def schema(self) -> dict[str, object]:
        codes: dict[str, object] = {"country": {"type": "string"}, "subdivision": {"type": "string"}}
        table = {"type": "object", "properties": codes, "required": ["country"], "additionalProperties": False}
        return {"anyOf": [{"type": "string", "pattern": r"\.ics$"}, table]}


class HeaderLine:
    """ "X-Spam-Flag: YES" as (name in lower case, value)."""

    words = 'a header field such as "X-Spam-Flag: YES"'

    def read(self, entry: Entry) -> tuple[str, str]:
        text = Line(self.words).read(entry)
        name, colon, value = text.partition(":")
        if not colon or not re.fullmatch(r"[!-9;-~]+", name.strip()) or not value.strip():
            raise Wrong(f'wants {self.words}, not "{text}"')
        return name.strip().lower(), value.strip()

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["X-Spam-Flag: YES"]}


class HeaderTable:
    """One header field as it stands in a mail, or a table of them, and what they must match; names in lower case."""

    words = '"X-Priority: 1*", or a table such as { X-Priority = "1*" }'

    def read(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        if isinstance(entry.value, str):
            return (HeaderLine().read(entry),)
        if not isinstance(entry.value, dict):
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}")
        return tuple(
            (name.lower(), read_or_note(Line("a text"), entry.inner(name, value)))
            for name, value in entry.value.items()
        )

    def schema(self) -> dict[str, object]:
        table = {"type": "object", "additionalProperties": {"type": "string"}}
        return {"anyOf": [{"type": "string", "examples": ["X-Priority: 1*"]}, table]}


class Patience:
    """One span, or a table of priorities with theirs; "default" serves the others."""

    words = 'a span such as "4 business hours", or a table such as { critical = "15m", default = "1 business day" }'

    def read(self, entry: Entry) -> tuple[tuple[str, Span], ...]:
        if not isinstance(entry.value, dict):
            return (("default", span_of(entry, self.words)),)
        return tuple(
            (priority, read_or_note(SpanKind(), entry.inner(priority, value)))
            for priority, value in entry.value.items()
        )

    def schema(self) -> dict[str, object]:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
