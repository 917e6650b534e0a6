"""The kinds of plain values: texts, numbers, choices, spans, sizes, rates; and lists of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, Literal, TypeVar, cast, get_args

from gateway.config.entry import Entry, Kind, Reported, Wrong, nearest, read_or_note, type_words
from gateway.desk.policy import Rate, Text
from gateway.desk.spans import Range, Span, SpanError, clock_time, parse_range, parse_span

T = TypeVar("T")

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SIZE: Final = re.compile(r"(\d{1,9}) ?(B|kB|KB|MB|GB|KiB|MiB|GiB|k|K|M|G)?", re.IGNORECASE)
_SIZE_UNITS: Final = {
    "b": 1, "k": 1000, "kb": 1000, "m": 1000**2, "mb": 1000**2, "g": 1000**3, "gb": 1000**3,
    "kib": 1024, "mib": 1024**2, "gib": 1024**3,
}  # fmt: skip
_RATE: Final = re.compile(r"(\d{1,9}) ?(?:/|per) ?([a-z]+)(?: per ([a-z]+))?")
_RATE_UNITS: Final = {
    "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60,
    "h": 3600, "hour": 3600, "d": 86_400, "day": 86_400,
}  # fmt: skip
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


def text_of(entry: Entry, wants: str, pattern: str | None = None) -> str:
    """The text in `entry`; Wrong where it is of another type, holds control characters or is endless.

    `pattern` is what a bare number has to match in quotes to be what was meant: "" where any text will do."""
    if not isinstance(entry.value, str):
        raise Wrong(f"wants {wants}, not {type_words(entry.value)}", _quoted(entry.value, pattern))
    if _CONTROLS.search(entry.value):
        raise Wrong("has a control character in it; take it out")
    if len(entry.value) > 20_000:
        raise Wrong("is longer than 20 000 characters")
    return entry.value


def _quoted(value: object, pattern: str | None) -> str:
    """A bare number in quotes, where it would do like that."""
    if pattern is None or isinstance(value, bool) or not isinstance(value, int):
        return ""
    return f'"{value}"' if not pattern or re.fullmatch(pattern, str(value)) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `pattern` must match all of it; `words` say so to people."""

    words: str = "a text"
    pattern: str = ""
    empty: bool = True

    def read(self, entry: Entry) -> str:
        text = text_of(entry, self.words, self.pattern)
        if "\n" in text:
            raise Wrong("is one line; it has a line break")
        if not text.strip() and not self.empty:
            raise Wrong(f"is empty; it wants {self.words}")
        if self.pattern and text and not re.fullmatch(self.pattern, text):
            raise Wrong(f'wants {self.words}, not "{text}"', self._repaired(text))
        return text

    def _repaired(self, text: str) -> str:
        """`text` in another case or without blanks, where the pattern takes that."""
        plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
        tries = (text.strip(), text.upper(), text.lower(), plain, plain.lower(), plain.upper(), plain.replace("-", ""))
        return next((repaired for repaired in tries if repaired and re.fullmatch(self.pattern, repaired)), "")

    def schema(self) -> dict[str, object]:
        shown: dict[str, object] = {"type": "string"}
        return shown | ({"pattern": f"^{self.pattern}$"} if self.pattern else {})


class Lines:
    """Text of one or more lines."""

    words = "a text"

    def read(self, entry: Entry) -> str:
        return text_of(entry, self.words, "")

    def schema(self) -> dict[str, object]:
        return {"type": "string"}


class CustomerText:
    """A text for customers: one string, or a table of languages."""

    words = 'a text, or a table of languages such as { en = "…", de = "…" }'

    def read(self, entry: Entry) -> Text:
        if not isinstance(entry.value, dict):
            return Text(text_of(entry, self.words, ""))
        languages, broken = [], False
        for language, text in entry.value.items():
            inner = entry.inner(language, text)
            if not _LANGUAGE.fullmatch(language):
                inner.note(f'"{language}" is not a language code such as "en" or "pt-BR"', at_key=True)
                broken = True
                continue
            try:
                languages.append((language, text_of(inner, "a text")))
            except Wrong as wrong:
                inner.note(f"{language}: {wrong.message}", wrong.suggestion)
                broken = True
        if broken:
            raise Reported
        if not languages:
            raise Wrong("is an empty table; it wants a text for each language")
        return Text(languages[0][1], tuple(languages))

    def schema(self) -> dict[str, object]:
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}


class Flag:
    words = "true or false"

    def read(self, entry: Entry) -> bool:
        if isinstance(entry.value, bool):
            return entry.value
        meant = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
        suggestion = meant.get(str(entry.value).lower(), "")
        raise Wrong(f"wants true or false, without quotes, not {type_words(entry.value)}", suggestion)

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int = 1_000_000_000

    @property
    def words(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def read(self, entry: Entry) -> int:
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int):
            bare = value.strip() if isinstance(value, str) and value.strip().isdecimal() else ""
            raise Wrong(f"wants {self.words}, not {type_words(value)}", bare)
        if not self.least <= value <= self.most:
            raise Wrong(f"{value} is out of range; it wants {self.words}")
        return value

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One of a few words, each with what it means here."""

    values: Mapping[str, T]

    @property
    def words(self) -> str:
        names = [f'"{name}"' for name in self.values]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"

    def read(self, entry: Entry) -> T:
        if not isinstance(entry.value, str):
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}")
        if entry.value not in self.values:
            raise Wrong(f'wants {self.words}, not "{entry.value}"', nearest(entry.value, self.values))
        return self.values[entry.value]

    def schema(self) -> dict[str, object]:
        return {"enum": list(self.values)}


def one_of(literal: object) -> Choice[Any]:
    """The choice that a Literal type describes: the values are those of the type."""
    return Choice({name: name for name in get_args(literal)})


def span_of(entry: Entry, wants: str) -> Span:
    """The span in `entry`; Wrong where it is none."""
    try:
        return parse_span(text_of(entry, wants))
    except SpanError as error:
        raise Wrong(error.message, error.suggestion) from None


class SpanKind:
    """A span of any unit."""

    words = 'a span such as "4h" or "2 business days"'

    def read(self, entry: Entry) -> Span:
        return span_of(entry, self.words)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["90s", "4h", "3d", "2 business days", "4 business hours"]}


@dataclass(frozen=True, slots=True)
class SpanOr:
    """A span, or `word` for none."""

    word: str

    @property
    def words(self) -> str:
        return f'a span such as "30 days", or "{self.word}"'

    def read(self, entry: Entry) -> Span | None:
        text = text_of(entry, self.words)
        if text == self.word:
            return None
        try:
            return parse_span(text)
        except SpanError as error:
            close = nearest(text, [self.word])
            raise Wrong(f'{error.message}, and not "{self.word}"', close or error.suggestion) from None

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["30 days", "5 business days", self.word]}


class KeptFor:
    """A span, "keep" for ever, or "none" at all."""

    words = 'a span such as "90 days", or "keep", or "none"'

    def read(self, entry: Entry) -> Literal["keep", "none"] | Span:
        text = text_of(entry, self.words)
        if text in ("keep", "none"):
            return cast('Literal["keep", "none"]', text)
        try:
            return parse_span(text)
        except SpanError as error:
            raise Wrong(f"wants {self.words}", nearest(text, ("keep", "none")) or error.suggestion) from None

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["keep", "none", "90 days"]}


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A clock span of at least `least`, at most `most`."""

    least: timedelta = timedelta(0)
    most: timedelta = timedelta(days=36_525)
    words: str = 'clock time such as "60s", "10m" or "10h"'

    def read(self, entry: Entry) -> timedelta:
        span = span_of(entry, self.words)
        if span.unit != "clock":
            raise Wrong(f"wants {self.words}: business time is not counted here")
        length = clock_time(span)
        if not self.least <= length <= self.most:
            raise Wrong(f'"{span}" is out of range: it wants {Span(int(self.least.total_seconds()))} to '
                        f"{Span(int(self.most.total_seconds()))}")  # fmt: skip
        return length

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["60s", "10m", "4h", "7 days"]}


class RangeKind:
    """One span, or a list of two."""

    words = 'a span such as "8h", or two such as ["2h", "3 business days"]'

    def read(self, entry: Entry) -> Range:
        if not isinstance(entry.value, list):
            text_of(entry, self.words)
            return self._range(entry.value)
        for index, item in enumerate(entry.value):
            read_or_note(SpanKind(), entry.inner(index, item))
        return self._range(entry.value)

    def _range(self, value: object) -> Range:
        try:
            return parse_range(value)  # type: ignore[arg-type]  # a text, or a list of texts: read above
        except SpanError as error:
            raise Wrong(error.message, error.suggestion) from None

    def schema(self) -> dict[str, object]:
        items = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}
        return {"anyOf": [{"type": "string"}, items]}


class Size:
    """Bytes: "25 MB" is 25 000 000, "25 MiB" 26 214 400."""

    words = 'a size such as "25 MB"'

    def read(self, entry: Entry) -> int:
        if isinstance(entry.value, int) and not isinstance(entry.value, bool):
            raise Wrong(f"wants {self.words}, not a bare number", f'"{entry.value} B"')
        text = text_of(entry, self.words).strip()
        match = _SIZE.fullmatch(text)
        if match is None or not match[2]:
            number = re.match(r"\d+", text)
            raise Wrong(f'wants {self.words}, not "{text}"', f"{number[0]} MB" if number else "")
        size = int(match[1]) * _SIZE_UNITS[match[2].lower()]
        if size == 0:
            raise Wrong("is nothing: no mail would pass")
        return size

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["25 MB", "500 kB"]}


@dataclass(frozen=True, slots=True)
class RateKind:
    """So many in such a time; `per` ("sender") may be named behind it, as the documentation does."""

    per: str = ""

    @property
    def words(self) -> str:
        return f'a rate such as "20/h per {self.per}"' if self.per else 'a rate such as "60/min"'

    def read(self, entry: Entry) -> Rate:
        text = text_of(entry, self.words)
        match = _RATE.fullmatch(text.strip().lower())
        if match is None:
            number = re.match(r"\d+", text)
            raise Wrong(f'wants {self.words}, not "{text}"', f"{number[0]}/h" if number else "")
        if match[2].removesuffix("s") not in _RATE_UNITS and match[2] not in _RATE_UNITS:
            close = nearest(match[2], [unit for unit in _RATE_UNITS if len(unit) > 2])
            raise Wrong(f'"{match[2]}" is no unit of a rate', f"{match[1]}/{close}" if close else f"{match[1]}/h")
        if match[3] not in (None, self.per):
            counted = f"this one is counted per {self.per}" if self.per else "this one is not counted per anything"
            raise Wrong(f'"per {match[3]}" is not possible: {counted}', f"{match[1]}/{match[2]}")
        unit = _RATE_UNITS.get(match[2]) or _RATE_UNITS[match[2].removesuffix("s")]
        return Rate(int(match[1]), timedelta(seconds=unit))

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["60/min", f"20/h{f' per {self.per}' if self.per else ''}"]}


@dataclass(frozen=True, slots=True)
class OrEmpty(Generic[T]):
    """A value of `kind`, or "" for none."""

    kind: Kind[T]

    @property
    def words(self) -> str:
        return f'{self.kind.words}, or ""'

    def read(self, entry: Entry) -> T | None:
        return None if entry.value == "" else self.kind.read(entry)

    def schema(self) -> dict[str, object]:
        return {"anyOf": [{"const": ""}, self.kind.schema()]}


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list; `or_one` also takes a value that stands alone. The same twice is trouble."""

    kind: Kind[T]
    or_one: bool = False

    @property
    def words(self) -> str:
        return f"{self.kind.words}, or a list of such" if self.or_one else f"a list, each {self.kind.words}"

    def read(self, entry: Entry) -> tuple[T, ...]:
        if not isinstance(entry.value, list):
            if self.or_one:
                return (self.kind.read(entry),)
            suggestion = f'["{entry.value}"]' if isinstance(entry.value, str) and '"' not in entry.value else ""
            raise Wrong(f"wants a list in brackets, not {type_words(entry.value)}", suggestion)
        found: list[T] = []
        broken = False
        for index, item in enumerate(entry.value):
            inner = entry.inner(index, item)
            try:
                value = read_or_note(self.kind, inner)
            except Reported:
                broken = True
                continue
            if value in found and not isinstance(value, Span):
                inner.note("stands in this list twice; take one out")
                broken = True
            found.append(value)
        if broken:
            raise Reported
        return tuple(found)

    def schema(self) -> dict[str, object]:
        listed: dict[str, object] = {"type": "array", "items": self.kind.schema()}
        return {"anyOf": [self.kind.schema(), listed]} if self.or_one else listed
