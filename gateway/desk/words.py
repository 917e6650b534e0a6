"""What a customer says with one word: SOLVED, KEEP OPEN, LATER 5 days, RATING 4, CATEGORY bug, STATUS, APPROVE, LEAVE.

The buttons of letters write the English words, whatever the language of the letter; beside them the words of every
configured language are understood. Case, punctuation and accents that a keyboard lacks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gateway.desk.spans import Span, SpanError, parse_span

LATER: Final = Span(5 * 86_400)  # what LATER means by itself
LONGEST: Final = Span(90 * 86_400)  # nobody moves a reminder further than that by one word
_COMMENT: Final = 2_000  # characters
_LINE: Final = 200

Kind = Literal["solved", "keep open", "later", "rating", "category", "status", "approve", "decline", "leave"]


@dataclass(frozen=True, slots=True)
class SaysSolved:
    pass


@dataclass(frozen=True, slots=True)
class SaysKeepOpen:
    pass


@dataclass(frozen=True, slots=True)
class SaysLater:
    span: Span = LATER


@dataclass(frozen=True, slots=True)
class Rates:
    """`stars` from 1, bad, to 5."""

    stars: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ChoosesCategory:
    """`name` as it was written: an id or a name."""

    name: str


@dataclass(frozen=True, slots=True)
class AsksStatus:
    pass


@dataclass(frozen=True, slots=True)
class Decides:
    """On a quote. `number`: the one that is named ("APPROVE 2"), 0 where none is. `overtaken`: the mail answers a
    letter from before the quote that is open, and decides nothing."""

    approves: bool
    comment: str = ""
    number: int = 0
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Leaves:
    pass


Word = SaysSolved | SaysKeepOpen | SaysLater | Rates | ChoosesCategory | AsksStatus | Decides | Leaves

# The words of a kind in each language, in lower case and without accents; the first is the one to teach.
WORDS: Final[dict[str, dict[Kind, tuple[str, ...]]]] = {
    "en": {
        "solved": ("solved", "resolved", "it is solved", "its solved"),
        "keep open": ("keep open", "keep it open", "keepopen"),
        "later": ("later",),
        "rating": ("rating", "rate"),
        "category": ("category",),
        "status": ("status",),
        "approve": ("approve", "approved", "i approve", "we approve"),
        "decline": ("decline", "declined", "i decline", "we decline"),
        "leave": ("leave",),
    },
    "de": {
        "solved": ("gelost", "geloest", "erledigt"),
        "keep open": ("offen lassen", "offen halten", "bitte offen lassen"),
        "later": ("spater", "spaeter"),
        "rating": ("bewertung", "note"),
        "category": ("kategorie",),
        "status": ("status", "stand"),
        "approve": ("genehmigt", "genehmigen", "freigegeben", "freigeben"),
        "decline": ("abgelehnt", "ablehnen"),
        "leave": ("verlassen", "austreten"),
    },
    "fr": {
        "solved": ("resolu",),
        "keep open": ("garder ouvert", "laisser ouvert"),
        "later": ("plus tard",),
        "rating": ("note", "evaluation"),
        "category": ("categorie",),
        "status": ("statut",),
        "approve": ("approuve", "approuver", "accepte", "accepter"),
        "decline": ("refuse", "refuser", "decline", "decliner"),
        "leave": ("quitter",),
    },
    "es": {
        "solved": ("resuelto", "solucionado"),
        "keep open": ("mantener abierto", "dejar abierto"),
        "later": ("mas tarde",),
        "rating": ("valoracion",),
        "category": ("categoria",),
        "status": ("estado",),
        "approve": ("aprobado", "aprobar", "aceptado", "aceptar"),
        "decline": ("rechazado", "rechazar"),
        "leave": ("salir",),
    },
}
_ALL: Final = {"en": "all", "de": "alle", "fr": "tous", "es": "todos"}
_UNITS: Final = {
    "stunde": "hour", "stunden": "hours", "tag": "day", "tage": "days", "tagen": "days", "woche": "week",
    "wochen": "weeks", "arbeitstag": "business day", "arbeitstage": "business days", "arbeitstagen": "business days",
    "werktag": "business day", "werktage": "business days", "werktagen": "business days", "heure": "hour",
    "heures": "hours", "jour": "day", "jours": "days", "semaine": "week", "semaines": "weeks", "hora": "hour",
    "horas": "hours", "dia": "day", "dias": "days", "semana": "week", "semanas": "weeks",
}  # fmt: skip
_QUESTION: Final = re.compile(r"[^.!:;?]*\?")  # the first sentence is one
_NUMBER: Final = re.compile(r"#?(\d{1,3})[.!]?")
_DASHES: Final = " -–—.,:;!"
_ACCENTS: Final = str.maketrans("äöüáàâéèêëíìîïóòôúùûñç", "aouaaaeeeeiiiiooouuunc")


def word_of(text: str, languages: Sequence[str]) -> Word | None:
    """The word that the new text of a mail consists of, or None. Only what stands behind a rating or a
    decision may take several lines."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if not lines or len(lines[0]) > _LINE:
        return None
    plain = _plain(lines[0])
    for kind, words in _spoken(languages):
        for word in words:
            if plain == word or plain.startswith(f"{word} "):
                found = _said(kind, lines, plain.removeprefix(word).strip(), len(word.split()))
                if found is not None:
                    return found
    return None


def asks_for_list(subject: str, languages: Sequence[str]) -> Literal["", "open", "all"]:
    """Whether a subject asks for the sender's tickets: "status" for the open ones, "status all" for all of them."""
    plain = _plain(subject)
    for language in dict.fromkeys(("en", *languages)):
        for word in WORDS.get(language, {}).get("status", ()):
            if plain == word:
                return "open"
            if plain == f"{word} {_ALL[language]}":
                return "all"
    return ""


def _spoken(languages: Sequence[str]) -> list[tuple[Kind, tuple[str, ...]]]:
    return [found for each in dict.fromkeys(("en", *languages)) if each in WORDS for found in WORDS[each].items()]


def _said(kind: Kind, lines: list[str], rest: str, length: int) -> Word | None:
    """`rest` is the first line behind the word, in lower case; `length` how many words the word has."""
    if kind == "rating":
        return _rating(lines, rest, length)
    if kind in ("approve", "decline"):
        return _decision(lines, length, approves=kind == "approve")
    if len(lines) > 1:
        return None
    if kind == "later":
        return _later(rest)
    if kind == "category":
        name = " ".join(lines[0].split()[length:]).strip(" .,:;!\"'<>»«„“”")
        return ChoosesCategory(name) if name else None
    if rest:
        return None
    alone: dict[Kind, Word] = {
        "solved": SaysSolved(),
        "keep open": SaysKeepOpen(),
        "status": AsksStatus(),
        "leave": Leaves(),
    }
    return alone[kind]


def _rating(lines: list[str], rest: str, length: int) -> Rates | None:
    stars = rest.split()[0] if rest else ""
    if stars not in ("1", "2", "3", "4", "5"):
        return None
    first = " ".join(lines[0].split()[length + 1 :])
    return Rates(int(stars), _comment(first, lines))


def _decision(lines: list[str], length: int, *, approves: bool) -> Decides | None:
    """ "Approve?" and "approved by whom?" ask something: what is to be paid for is not decided by them."""
    if _QUESTION.match(lines[0]):
        return None
    first = " ".join(lines[0].split()[length:]).lstrip(_DASHES)
    number = _NUMBER.fullmatch(first)
    if number is not None:
        return Decides(approves, _comment("", lines), int(number[1]))
    return Decides(approves, _comment(first, lines))


def _comment(first: str, lines: list[str]) -> str:
    """What stands behind a word: `first` in its line, and the lines below."""
    return "\n".join(line for line in (first, *lines[1:]) if line)[:_COMMENT]


def _later(rest: str) -> SaysLater | None:
    if not rest:
        return SaysLater()
    words = [_UNITS.get(word, word) for word in rest.split()]
    written = " ".join(words) if len(words) > 1 or not words[0].isdecimal() else f"{words[0]} days"
    try:
        span = parse_span(written)
    except SpanError:
        return None
    if not span.amount:
        return SaysLater()
    return SaysLater(span if _clock_seconds(span) <= LONGEST.amount else LONGEST)


def _clock_seconds(span: Span) -> int:
    return span.amount * {"clock": 1, "business hours": 3_600, "business days": 86_400}[span.unit]


def _plain(line: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", line.casefold().replace("'", "").translate(_ACCENTS)).split())
