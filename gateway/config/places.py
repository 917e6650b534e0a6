"""Where in a TOML text each key and value stands, which tomllib does not tell.

The scanner only has to find places: whether the text is TOML, and what its values are, is tomllib's business. In a
text that tomllib refuses it finds what it can and skips the rest line by line.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from dataclasses import dataclass, field
from typing import Final

KeyPath = tuple[str | int, ...]
"""The way to a value: table and key names, and indices of arrays."""

_BLANK: Final = re.compile(r"[ \t]*")
_BLANK_LINES: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")  # a date and a time may have one blank between them
_STRINGS: Final = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_DEEPEST: Final = 50  # arrays in arrays; tomllib itself gives up a little later


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of a text: 1-based `line` and `column`, and its `length` on that line, in characters."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one text. `keys` has every table, key and array item (an item's is that of its value), `values`
    every value that stands behind a `=` or in an array, `tables` every table that has a header. `arrays` are the arrays
    that [[…]] made, `again` the second and later places of a path."""

    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    tables: dict[KeyPath, Place] = field(default_factory=dict)
    arrays: set[KeyPath] = field(default_factory=set)
    again: list[tuple[KeyPath, Place]] = field(default_factory=list)


def scan(text: str) -> Places:
    """The places of all keys and values of `text`, whose lines end in LF."""
    return _Scanner(text).run()


class _Lost(Exception):
    """The text is not TOML here; the scanner goes on with the next line."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Places()
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.table: KeyPath = ()
        self.array_lengths: dict[KeyPath, int] = {}

    def run(self) -> Places:
        while True:
            self._skip(_BLANK_LINES)
            if self.at >= len(self.text):
                return self.found
            try:
                if self.text[self.at] == "[":
                    self._header()
                else:
                    self._pair(self.table, 0)
            except _Lost:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end + 1

    def _header(self) -> None:
        opening = self._skip(re.compile(r"\[\[?"))
        parts = self._dotted_key()
        self._skip(_BLANK)
        if not self.text.startswith("]" * len(opening), self.at):
            raise _Lost
        self.at += len(opening)
        path: KeyPath = ()
        for name, start, end in parts[:-1]:
            path = self._into((*path, name))
            self.found.keys.setdefault(path, self._place(start, end))
        name, start, end = parts[-1]
        path, place = (*path, name), self._place(start, end)
        if len(opening) == 2:
            self.found.keys.setdefault(path, place)
            self.found.arrays.add(path)
            self.array_lengths[path] = self.array_lengths.get(path, 0) + 1
        elif path in self.found.tables:
            self.found.again.append((path, place))
        self.table = self._into(path)
        if len(opening) == 2:
            self.found.keys[self.table] = place
        self.found.keys.setdefault(self.table, place)
        self.found.tables.setdefault(self.table, place)

    def _into(self, path: KeyPath) -> KeyPath:
        """`path` itself, or its newest item where it is an array of tables."""
        return (*path, self.array_lengths[path] - 1) if path in self.array_lengths else path

    def _pair(self, table: KeyPath, depth: int) -> None:
        path = table
        parts = self._dotted_key()
        self._skip(_BLANK)
        if not self.text.startswith("=", self.at):
            raise _Lost
        self.at += 1
        for name, start, end in parts[:-1]:
            path = (*path, name)
            self.found.keys.setdefault(path, self._place(start, end))
        name, start, end = parts[-1]
        path, place = (*path, name), self._place(start, end)
        if path in self.found.values:
            self.found.again.append((path, place))
        self.found.keys.setdefault(path, place)
        self._skip(_BLANK)
        self._value(path, depth)

    def _dotted_key(self) -> list[tuple[str, int, int]]:
        """The parts of a key with the offsets at which each begins and ends."""
        parts = []
        while True:
            self._skip(_BLANK)
            start = self.at
            if self.text.startswith(('"', "'"), start):
                raw = self._skip(_STRINGS[2] if self.text[start] == '"' else _STRINGS[3])
                parts.append((_plain(raw), start, self.at))
            else:
                parts.append((self._skip(_BARE_KEY), start, self.at))
            if not parts[-1][0] and self.at == start:
                raise _Lost
            self._skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _value(self, path: KeyPath, depth: int) -> None:
        start = self.at
        if depth > _DEEPEST:
            raise _Lost
        if self.text.startswith("[", start):
            self._array(path, depth)
        elif self.text.startswith("{", start):
            self._inline_table(path, depth)
        elif self.text.startswith(('"', "'"), start):
            if not any(self._skip(string) for string in _STRINGS):
                raise _Lost
        elif not self._skip(_SCALAR):
            raise _Lost
        self.found.values.setdefault(path, self._place(start, self.at))

    def _array(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip(_BLANK_LINES)
            if self.text.startswith("]", self.at):
                self.at += 1
                return
            start = self.at
            self._value((*path, index), depth + 1)
            self.found.keys.setdefault((*path, index), self._place(start, self.at))
            index += 1
            self._skip(_BLANK_LINES)
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("]", self.at):
                raise _Lost

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK_LINES)
            if self.text.startswith("}", self.at):
                self.at += 1
                return
            self._pair(path, depth + 1)
            self._skip(_BLANK_LINES)
            if self.text.startswith(",", self.at):
                self.at += 1
            elif not self.text.startswith("}", self.at):
                raise _Lost

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """What `pattern` matches here, or "" where it does not."""
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _place(self, start: int, end: int) -> Place:
        line = bisect.bisect_right(self.line_starts, start)
        line_end = self.text.find("\n", start)
        last = end if line_end < 0 else min(end, line_end)
        return Place(line, start - self.line_starts[line - 1] + 1, max(1, last - start))


def _plain(raw: str) -> str:
    """A quoted key without its quotes and escapes."""
    if len(raw) < 2:
        raise _Lost
    if "\\" not in raw:
        return raw[1:-1]
    try:
        return str(tomllib.loads(f"key = {raw}")["key"])
    except tomllib.TOMLDecodeError:
        raise _Lost from None
