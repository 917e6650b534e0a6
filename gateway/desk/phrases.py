"""Sentences to staff that know their parts, so that each reader has them in their language.

What is wrong and what came of a command is decided long before anybody knows who reads it. A phrase is its English
sentence, as the command line prints it; the words of another language are in a table of their own (`phrases_de`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from gateway.desk.phrases_de import GERMAN

TABLES: Final[Mapping[str, Mapping[str, str]]] = {"de": GERMAN}


class Phrase(str):
    """`Phrase("there is no ticket {number}", number=7)`: a string like any other, in English, and `within` another
    language. A part may be a phrase itself."""

    __slots__ = ("english", "parts")

    english: str
    parts: Mapping[str, Any]

    def __new__(cls, english: str, /, **parts: Any) -> Phrase:
        made = super().__new__(cls, english.format_map({name: str(part) for name, part in parts.items()}))
        made.english, made.parts = english, parts
        return made

    def within(self, language: str) -> str:
        """English where that language has no words for it."""
        words = TABLES.get(language, {}).get(self.english)
        if words is None:
            return str(self)
        return words.format_map({name: spoken(part, language) for name, part in self.parts.items()})


def spoken(said: object, language: str) -> str:
    return said.within(language) if isinstance(said, Phrase) else str(said)


def joined(said: Mapping[str, None] | tuple[str, ...] | list[str], language: str) -> str:
    """Each thing once, as the parts of one sentence."""
    return "; ".join(dict.fromkeys(spoken(one, language) for one in said))


def chained(said: Iterable[str]) -> str:
    """Several things as one, which knows all of them."""
    whole = ""
    for one in said:
        whole = Phrase("{one}; {more}", one=whole, more=one) if whole else one
    return whole


def moment(at: datetime, zone: str) -> Phrase:
    """In the desk's zone: "Thursday 16 April 2026, 15:30"."""
    local = at.astimezone(ZoneInfo(zone))
    return Phrase(
        "{weekday} {day} {month} {year}, {clock}",
        weekday=Phrase(f"{local:%A}"), day=local.day, month=Phrase(f"{local:%B}"), year=local.year,
        clock=f"{local:%H:%M}",
    )  # fmt: skip
