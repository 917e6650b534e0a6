"""Lengths of time as people write them: "90s", "4h", "2 business days", and ranges of two.

A span is an amount and a unit and nothing more; what it means from a certain moment on is the calendar's business.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

Unit = Literal["clock", "business hours", "business days"]

_CLOCK_UNITS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_CLOCK_WORDS: Final = {
    "s": "second", "sec": "second", "secs": "second", "second": "second", "seconds": "second",
    "m": "minute", "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour",
    "d": "day", "day": "day", "days": "day",
    "w": "week", "week": "week", "weeks": "week",
}  # fmt: skip
_BUSINESS_WORDS: Final[dict[str, Unit]] = {
    "business hour": "business hours",
    "business hours": "business hours",
    "business day": "business days",
    "business days": "business days",
}
# What people write and we do not take, with what they most likely mean. The unit, how many of it to one of theirs.
_FOREIGN_WORDS: Final = {
    "bd": ("business days", 1), "working day": ("business days", 1), "workday": ("business days", 1),
    "weekday": ("business days", 1), "bh": ("business hours", 1), "working hour": ("business hours", 1),
    "office hour": ("business hours", 1), "business week": ("business days", 5),
    "month": ("days", 30), "quarter": ("days", 91), "year": ("days", 365), "y": ("days", 365),
}  # fmt: skip
_NUMBER_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Beyond a century a span is a mistake, and adding it to an instant would leave datetime's years.
_LONGEST: Final[dict[Unit, int]] = {"clock": 36_525 * 86_400, "business hours": 36_525 * 24, "business days": 36_525}

# Nine digits: no number that is slow to read (spans come in mails too, after LATER and /time).
_PIECE: Final = re.compile(r"(\d{1,9}) ?([a-z]+(?: [a-z]+)?)")
_CLOCK_PIECES: Final = re.compile(r"(?:\d{1,9} ?[a-z]+[ ,]{0,2}){2,5}")
_ANY_NUMBER: Final = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,3})?|[a-z]+) ?([a-z .-]{0,40})")
_DASHED: Final = re.compile(r"(\d{1,9}) ?(?:-|–|—|to|bis) ?(\d{1,9}) ?([a-z]+(?: [a-z]+)?)")


class SpanError(ValueError):
    """A text that is no span. `message` says what is wrong with it, `suggestion` what was probably meant, or ""."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Span:
    """`amount` is in seconds for "clock", else in the unit itself; never negative."""

    amount: int
    unit: Unit = "clock"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a span cannot be negative: {self.amount}")

    def __str__(self) -> str:
        """The shortest text that `parse_span` reads as this span: "90m", "2w", "3 business days"."""
        if self.unit != "clock":
            return _counted(self.amount, self.unit.removesuffix("s"))
        count, unit = _largest_clock_unit(self.amount)
        return f"{count}{unit[0]}"


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`; one span is a range whose ends are the same."""

    first: Span
    last: Span

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def parse_span(text: str) -> Span:
    """The span that `text` names; upper case and extra blanks do not matter. SpanError for everything else."""
    plain = " ".join(text.lower().split())
    if piece := _PIECE.fullmatch(plain):
        amount, unit = int(piece[1]), piece[2]
        if unit in _CLOCK_WORDS:
            return _checked(amount * _CLOCK_UNITS[_CLOCK_WORDS[unit]], "clock", text)
        if unit in _BUSINESS_WORDS:
            return _checked(amount, _BUSINESS_WORDS[unit], text)
    elif _CLOCK_PIECES.fullmatch(plain):
        pieces = [(int(count), unit) for count, unit in re.findall(r"(\d+) ?([a-z]+)", plain)]
        if all(unit in _CLOCK_WORDS for _, unit in pieces):
            seconds = sum(count * _CLOCK_UNITS[_CLOCK_WORDS[unit]] for count, unit in pieces)
            return _checked(seconds, "clock", text)
    raise _refusal(text, plain)


def parse_range(value: str | Sequence[str]) -> Range:
    """One span, or a list of one or two; the first must not be the longer one. SpanError else."""
    if isinstance(value, str):
        if dashed := _DASHED.fullmatch(" ".join(value.lower().split())):
            ends = [f"{dashed[1]} {dashed[3]}", f"{dashed[2]} {dashed[3]}"]
            listed = f'["{ends[0]}", "{ends[1]}"]'
            raise SpanError(f'a range is a list of two spans, not "{_short(value)}"', listed)
        only = parse_span(value)
        return Range(only, only)
    if not 1 <= len(value) <= 2:
        raise SpanError(f"a range has one span or two, not {len(value)}")
    first, last = parse_span(value[0]), parse_span(value[-1])
    if _is_surely_longer(first, last):
        raise SpanError(
            f"a range starts with the shorter span: {first} is longer than {last}", f'["{last}", "{first}"]'
        )
    return Range(first, last)


def words(span: Span) -> str:
    """The span in English, as letters say it: "5 business days", "1 hour", "90 minutes"."""
    if span.unit != "clock":
        return str(span)
    return _counted(*_largest_clock_unit(span.amount))


def range_words(between: Range) -> str:
    """The range in English: "4 to 10 business days", "2 hours to 3 business days", "1 week"."""
    first, last = words(between.first), words(between.last)
    if first == last:
        return last
    count, _, unit = first.partition(" ")
    same_unit = unit.removesuffix("s") == last.partition(" ")[2].removesuffix("s")
    return f"{count} to {last}" if same_unit else f"{first} to {last}"


def clock_time(span: Span) -> timedelta:
    """The length of a clock span; ValueError for a business one, which has none without a calendar."""
    if span.unit != "clock":
        raise ValueError(f"{span} has no length of its own: it depends on a calendar")
    return timedelta(seconds=span.amount)


def clock_span(length: timedelta) -> Span:
    """The clock span of whole seconds nearest to `length`; negative lengths count as none."""
    return Span(max(0, round(length.total_seconds())), "clock")


def hours_words(length: timedelta) -> str:
    """Hours and minutes as balances name them: "8 h 30 min", "45 min", "0 h", "-1 h 15 min"."""
    minutes = round(abs(length.total_seconds()) / 60)
    sign = "-" if length < timedelta(0) and minutes else ""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours or not rest else []
    parts += [f"{rest} min"] if rest else []
    return sign + " ".join(parts)


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _largest_clock_unit(seconds: int) -> tuple[int, str]:
    """The largest unit that holds `seconds` without a rest, and how many of it."""
    if seconds == 0:
        return 0, "second"
    unit = next(unit for unit in reversed(_CLOCK_UNITS) if seconds % _CLOCK_UNITS[unit] == 0)
    return seconds // _CLOCK_UNITS[unit], unit


def _checked(amount: int, unit: Unit, text: str) -> Span:
    if amount > _LONGEST[unit]:
        raise SpanError(f'"{_short(text)}" is longer than a century')
    return Span(amount, unit)


def _is_surely_longer(first: Span, last: Span) -> bool:
    """Whether `first` is longer in every calendar; spans of different kinds mostly cannot be compared."""
    if first.unit == last.unit:
        return first.amount > last.amount
    if last.unit != "clock":
        return False
    # An open hour takes at least an hour. A business day may be shortened by the hours of the day it ends on, not the
    # days in between.
    least = first.amount * 3600 if first.unit == "business hours" else (first.amount - 1) * 86_400
    return least > last.amount


def _refusal(text: str, plain: str) -> SpanError:
    if not plain:
        return SpanError("a span cannot be empty", "2 business days")
    shown = _short(text)
    match = _ANY_NUMBER.fullmatch(plain)
    if match is None:
        return SpanError(f'"{shown}" is not a span such as "4h" or "2 business days"')
    number, unit = match[1], match[2].strip(" .-")
    if number in _NUMBER_WORDS:
        number = str(_NUMBER_WORDS.index(number))
    if number.startswith("-"):
        return SpanError(f'"{shown}" is negative; a span is not')
    if not number.lstrip("+").replace(",", ".").replace(".", "", 1).isdecimal():
        return SpanError(f'"{shown}" is not a span such as "4h" or "2 business days"')
    if not unit:
        return SpanError(f'"{shown}" has no unit', f"{number}d")
    amount = float(number.replace(",", "."))
    message = f'"{shown}" is not a whole number of units' if not amount.is_integer() else f'"{shown}" has no known unit'
    return SpanError(message, _meant(amount, unit))


def _meant(amount: float, unit: str) -> str:
    """`amount` of the known unit nearest to `unit`, as whole units, or ""."""
    known = {*_CLOCK_WORDS, *_BUSINESS_WORDS, *_FOREIGN_WORDS}
    close = difflib.get_close_matches(unit, sorted(word for word in known if len(word) > 2), n=1, cutoff=0.7)
    name = unit if unit in known else unit.removesuffix("s") if unit.removesuffix("s") in known else "".join(close)
    if name in _FOREIGN_WORDS:
        name, factor = _FOREIGN_WORDS[name]
        amount *= factor
    if name in _CLOCK_WORDS:
        name = _CLOCK_WORDS[name]
        if not amount.is_integer():
            count, name = _largest_clock_unit(round(amount * _CLOCK_UNITS[name]))
            amount = float(count)
    if not name or not amount.is_integer():
        return ""
    return _counted(int(amount), name.removesuffix("s"))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
