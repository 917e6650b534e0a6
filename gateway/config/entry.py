"""One value of a configuration on its way to being understood: what it is, where it hangs, what is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from gateway.config.places import KeyPath
from gateway.config.problem import Severity

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding before its place is known. `at` says what the caret is to stand under: a key or its value."""

    path: KeyPath
    message: str
    suggestion: str = ""
    severity: Severity = "error"
    at: Literal["key", "value"] = "value"


class Wrong(Exception):
    """A value that cannot be used: `message` reads after the name of its key."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class Reported(Exception):
    """Something inside a value cannot be used, and the trouble has been noted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`troubles` is the one list to which a whole reading adds."""

    path: KeyPath
    value: object
    troubles: list[Trouble]

    def inner(self, step: str | int, value: object) -> Entry:
        return Entry((*self.path, step), value, self.troubles)

    def note(self, message: str, suggestion: str = "", severity: Severity = "error", *, at_key: bool = False) -> None:
        self.troubles.append(Trouble(self.path, message, suggestion, severity, "key" if at_key else "value"))


class Kind(Protocol[T_co]):
    """What a value may be. `words` completes "wants …"; `schema` is its JSON schema."""

    @property
    def words(self) -> str: ...

    def read(self, entry: Entry) -> T_co:
        """The value, understood. Wrong, or Reported where the trouble lies deeper and is noted."""
        ...

    def schema(self) -> dict[str, object]: ...


def read_or_note(kind: Kind[T_co], entry: Entry) -> T_co:
    """The value, understood; Reported where it cannot be used, and then the trouble is noted."""
    try:
        return kind.read(entry)
    except Wrong as wrong:
        entry.note(f"{dotted(entry.path)}: {wrong.message}", wrong.suggestion)
        raise Reported from None


def dotted(path: KeyPath) -> str:
    """ "mailbox.support.imap.tls", "pending.reminders[2]": items are counted from one."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def type_words(value: object) -> str:
    """What TOML calls the type of `value`."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{shortened(value)}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"the date {value}"


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def nearest(word: str, known: Iterable[str]) -> str:
    """Which of `known` was probably meant, or ""."""
    candidates = sorted(known)
    folded = {fold(name): name for name in candidates}
    if fold(word) in folded:
        return folded[fold(word)]
    return next(iter(difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)), "")


def fold(name: str) -> str:
    """A name as it is compared in mails: without case, blanks, hyphens and underscores."""
    return "".join(name.casefold().split()).replace("-", "").replace("_", "")
