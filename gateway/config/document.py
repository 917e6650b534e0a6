"""The files of a configuration, read and joined into one document that knows where everything in it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.config.entry import Trouble, dotted
from gateway.config.places import KeyPath, Place, Places, scan
from gateway.config.problem import Problem, Severity

# A source line that is shown may hold what should never have been written into it.
_INLINE_SECRET: Final = re.compile(
    r"""((?:\w*secret|\w*passw(?:or)?d|\b(?:access_|refresh_)?token|\bapi_?key)\s*=\s*)("[^"]*"?|'[^']*'?)""", re.I
)
_URL_PASSWORD: Final = re.compile(r"(://[^/\s:@\"']*:)[^@\s\"']+@")
_TOML_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE_WORDS: Final = re.compile(r"[A-Za-z0-9@/.:_+-]+(?: [A-Za-z0-9@/.:_+-]+)*")
_LARGEST: Final = 4_000_000  # characters; the largest desk we know has 40 000


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in one of the files; `file` is its path as it is shown."""

    file: str
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """`values` is what the files say, joined. `keys` and `spots` tell where keys and their values stand.

    `whole` is false where a file could not be read: what seems to be missing may stand there.
    """

    main: Path
    files: tuple[Path, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    keys: Mapping[KeyPath, Spot] = field(default_factory=dict)
    spots: Mapping[KeyPath, Spot] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: bool = True

    def origin(self, path: KeyPath) -> Spot | None:
        """Where `path` is written; None for a default."""
        return self.keys.get(path)

    def problem(self, trouble: Trouble) -> Problem:
        """The trouble with its place: that of its value or key, else that of the nearest table around it."""
        path = trouble.path
        spot = self.spots.get(path) if trouble.at == "value" else None
        while (spot := spot or self.keys.get(path)) is None and path:
            path = path[:-1]
        spot = spot or Spot(str(self.main), Place(1, 1, 1))
        return shown_problem(
            spot, self.sources.get(spot.file, ()), trouble.severity, trouble.message, trouble.suggestion
        )


def shown_problem(
    spot: Spot, lines: tuple[str, ...], severity: Severity, message: str, suggestion: str = ""
) -> Problem:
    """A finding at `spot`, with the source lines that show it."""
    place = spot.place
    source = tuple(_blotted(line) for line in lines[max(0, place.line - 2) : place.line])
    room = max(1, len(source[-1]) - place.column + 1) if source else place.length
    length = min(place.length, room)
    return Problem(spot.file, place.line, place.column, length, severity, message, suggestion, source)


def read(main: Path) -> tuple[Document, list[Problem]]:
    """The document of `main` and the files it includes, with all that cannot be read in them, and which is left out.

    Files are included in the order of their names, each once; an included file includes nothing.
    """
    reading = _Reading(main)
    reading.add(main, is_main=True)
    for path in reading.included():
        reading.add(path, is_main=False)
    return reading.document(), reading.problems


class _Reading:
    def __init__(self, main: Path) -> None:
        self.main = main
        self.files: list[Path] = []
        self.values: dict[str, object] = {}
        self.keys: dict[KeyPath, Spot] = {}
        self.spots: dict[KeyPath, Spot] = {}
        self.tables: dict[KeyPath, Spot] = {}
        self.arrays: set[KeyPath] = set()
        self.sources: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []
        self.whole = True

    def document(self) -> Document:
        return Document(self.main, tuple(self.files), self.values, self.keys, self.spots, self.sources, self.whole)

    def add(self, path: Path, *, is_main: bool) -> None:
        text = self._text(path)
        if text is None:
            self.whole = False
            return
        self.files.append(path)
        file = str(path)
        self.sources[file] = tuple(text.split("\n"))
        places = scan(text)
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems += _syntax_problems(error, Source(file, text, places))
            self.whole = False
            return
        except RecursionError:
            self._unread(file, "is nested too deep to be read")
            self.whole = False
            return
        if not is_main:
            for name in ("version", "include"):
                if name in values:
                    spot = Spot(file, places.keys[(name,)])
                    message = f'"{name}" belongs in {self.main} only; take it out here'
                    self.problems.append(shown_problem(spot, self.sources[file], "error", message))
                    del values[name]
        moved = self._join(self.values, values, (), file, places)
        self._remember(file, places, moved)

    def included(self) -> list[Path]:
        """The files of `include`, in name order; a pattern without a wildcard must name a file that is there."""
        include = self.values.get("include", [])
        found: set[Path] = set()
        for index, pattern in enumerate(include if isinstance(include, list) else []):
            if not isinstance(pattern, str) or not pattern:
                continue  # the schema says what is wrong with it
            folder, name = self.main.parent, pattern
            if Path(pattern).is_absolute():
                folder, name = Path("/"), str(Path(pattern).relative_to("/"))
            matches = {path for path in folder.glob(name) if path.is_file() and path != self.main}
            if not matches and not re.search(r"[*?\[]", pattern):
                self._note(("include", index), f'include: there is no file "{folder / name}"')
                self.whole = False
            found |= matches
        return sorted(found)

    def _text(self, path: Path) -> str | None:
        try:
            data = path.read_bytes()
        except OSError as error:
            self._unread(str(path), f"cannot be read: {(error.strerror or 'error').lower()}")
            return None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"), 1)
            lines = tuple(data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"))
            message = f"this is not UTF-8: byte 0x{data[error.start]:02x}; save the file as UTF-8"
            self.problems.append(shown_problem(Spot(str(path), place), lines, "error", message))
            return None
        if len(text) > _LARGEST:
            self._unread(str(path), "is too large to be a configuration")
            return None
        return text.replace("\r\n", "\n")

    def _join(
        self, target: dict[str, object], new: dict[str, object], path: KeyPath, file: str, places: Places
    ) -> dict[KeyPath, int]:
        """Add `new` to `target`. What both have is trouble, but tables that only hold tables, and arrays of tables.

        Gives by how many items an array of tables of this file moved behind those of earlier files.
        """
        moved: dict[KeyPath, int] = {}
        for key, value in new.items():
            inner = (*path, key)
            if key not in target:
                target[key] = value
                continue
            old = target[key]
            if isinstance(old, dict) and isinstance(value, dict) and not self._same_twice(inner, file, places):
                moved |= self._join(old, value, inner, file, places)
            elif isinstance(old, list) and isinstance(value, list) and inner in self.arrays & places.arrays:
                moved[inner] = len(old)
                old.extend(value)
            else:
                first = self.tables.get(inner) or self.keys[inner]
                what = f"the table [{dotted(inner)}]" if isinstance(value, dict) else f'"{dotted(inner)}"'
                here = places.tables.get(inner) or places.keys[inner]
                message = f"{what} stands here a second time; the first is at {first.file}:{first.place.line}"
                self.problems.append(shown_problem(Spot(file, here), self.sources[file], "error", message))
                moved[inner] = -1
        return moved

    def _same_twice(self, path: KeyPath, file: str, places: Places) -> bool:
        """Whether both an earlier file and this one open the table of `path`, rather than only tables below it."""
        opened = path in places.tables or path in places.values or any(spot[:-1] == path for spot in places.values)
        earlier = path in self.tables or path in self.spots or any(spot[:-1] == path for spot in self.spots)
        return opened and earlier

    def _remember(self, file: str, places: Places, moved: Mapping[KeyPath, int]) -> None:
        """Keep the places of a file, under the paths that its values have in the joined document."""
        for found, kept in ((places.keys, self.keys), (places.values, self.spots), (places.tables, self.tables)):
            for path, place in found.items():
                if (final := _moved(path, moved)) is not None:
                    kept.setdefault(final, Spot(file, place))
        self.arrays |= places.arrays

    def _note(self, path: KeyPath, message: str) -> None:
        self.problems.append(self.document().problem(Trouble(path, message)))

    def _unread(self, file: str, message: str) -> None:
        self.problems.append(Problem(file, 0, 0, 0, "error", message))


def _moved(path: KeyPath, moved: Mapping[KeyPath, int]) -> KeyPath | None:
    """`path` in the joined document; None where it was left out."""
    for length in range(1, len(path) + 1):
        by = moved.get(path[:length], 0)
        if by < 0:
            return None
        if by and length < len(path):
            index = path[length]
            assert isinstance(index, int)
            path = (*path[:length], index + by, *path[length + 1 :])
    return path


@dataclass(frozen=True, slots=True)
class Source:
    file: str
    text: str
    places: Places

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))


def _syntax_problems(error: tomllib.TOMLDecodeError, source: Source) -> list[Problem]:
    """What tomllib refused, in words that say what to do. It stops at the first; of doubles we know all."""
    if source.places.again:
        return [_second_time(path, place, source) for path, place in source.places.again]
    message = str(error)
    match = _TOML_POSITION.search(message)
    line, column = (int(match[1]), int(match[2])) if match and match[1] else (len(source.lines), 1)
    line = min(line, len(source.lines))
    text = source.lines[line - 1]
    column = min(column, len(text) + 1)
    words, suggestion, length = _syntax_words(_TOML_POSITION.sub("", message), text[column - 1 :])
    if not (match and match[1]):
        words, suggestion = "the file ends in the middle: a bracket, a brace or a quote is not closed", ""
    spot = Spot(source.file, Place(line, max(1, column), max(1, length)))
    return [shown_problem(spot, source.lines, "error", words, suggestion)]


def _second_time(path: KeyPath, place: Place, source: Source) -> Problem:
    is_table = path in source.places.tables
    first = source.places.tables[path] if is_table else source.places.keys[path]
    what = f"the table [{dotted(path)}]" if is_table else f'"{dotted(path)}"'
    message = f"{what} stands here a second time; the first is at {source.file}:{first.line}"
    return shown_problem(Spot(source.file, place), source.lines, "error", message)


def _syntax_words(message: str, rest: str) -> tuple[str, str, int]:
    """A sentence, a suggestion and the length of the piece, for tomllib's `message` about what begins with `rest`."""
    value = rest.partition("#")[0].strip().rstrip(",")
    if message == "Invalid value":
        if _BARE_WORDS.fullmatch(value) and value[0] not in "[{":
            meant = value.lower() if value.lower() in ("true", "false") else f'"{value}"'
            return "this is no TOML value: a text stands in quotes", meant, len(value)
        return "there is no value that TOML knows here", "", max(1, len(value))
    if message.startswith("Illegal character '\\n'") or "Unterminated string" in message:
        return "the text is not closed: its last quote is missing", "", 1
    if message.startswith("Unescaped '\\'"):
        return "a backslash in double quotes begins an escape; write two, or use single quotes", "", 1
    if message.startswith("Expected '=' after a key"):
        return 'a line is a [table], or key = value; there is no "=" here', "", 1
    plain = message[:1].lower() + message[1:]
    return f"this is not TOML: {plain}", "", 1


def _blotted(line: str) -> str:
    """A line without the secrets that stand in it."""
    line = _INLINE_SECRET.sub(lambda match: f"{match[1]}{match[2][0]}…{match[2][0]}", line)
    return _URL_PASSWORD.sub(r"\1…@", line)
