"""Tables of the configuration, declared: each key with its kind, its default and what it is for.

From one declaration come the reading, the defaults, the suggestions for unknown keys, the JSON schema and the
documentation. A `Row` is a table that was read; `row[Gateway.name]` has the type of the kind of that key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, cast

from gateway.config.entry import Entry, Kind, Reported, Wrong, dotted, nearest, read_or_note, type_words
from gateway.config.places import KeyPath

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Mark:
    """A default that is none."""


REQUIRED: Final = _Mark()
ABSENT: Final = _Mark()


class Key(Generic[T_co]):
    """A key of a table. `default` is as one would write it in TOML, or REQUIRED, or ABSENT (the value is None).

    The name is that of the attribute it is bound to, without an underscore at its end (`from_`).
    """

    __slots__ = ("default", "doc", "kind", "name")

    def __init__(self, kind: Kind[T_co], default: object, doc: str) -> None:
        self.kind, self.default, self.doc, self.name = kind, default, doc, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.removesuffix("_")

    def default_value(self) -> T_co:
        if isinstance(self.default, _Mark):
            return cast("T_co", None)
        return self.kind.read(Entry((self.name,), self.default, []))


def needed(kind: Kind[T], doc: str) -> Key[T]:
    """A key without which the table means nothing."""
    return Key(kind, REQUIRED, doc)


def maybe(kind: Kind[T], doc: str) -> Key[T | None]:
    """A key that need not be there."""
    return cast("Key[T | None]", Key(kind, ABSENT, doc))


class Table:
    """Subclasses bind their keys to attributes. `header` is how the documentation calls the table."""

    header: str = ""

    @classmethod
    def keys(cls) -> dict[str, Key[Any]]:
        return {key.name: key for key in vars(cls).values() if isinstance(key, Key)}


@dataclass(frozen=True, slots=True)
class Row:
    """A table that was read. `values` has what could be used of it; `written` the keys that stand in the file."""

    table: type[Table]
    path: KeyPath
    values: dict[str, object] = field(default_factory=dict)
    written: frozenset[str] = frozenset()

    def __getitem__(self, key: Key[T]) -> T:
        """The value; KeyError where it could not be used. Only for configurations without an error."""
        return cast("T", self.values[key.name])

    def get(self, key: Key[T]) -> T | None:
        return cast("T | None", self.values.get(key.name))

    def says(self, key: Key[Any]) -> bool:
        """Whether the value is there and is neither false nor empty."""
        return bool(self.values.get(key.name))

    def has(self, key: Key[Any]) -> bool:
        """Whether the file says it, rather than the default."""
        return key.name in self.written

    def at(self, key: Key[Any], *steps: str | int) -> KeyPath:
        return (*self.path, key.name, *steps)


@dataclass(frozen=True, slots=True)
class Struct:
    """One table."""

    table: type[Table]

    @property
    def words(self) -> str:
        return f"a table with {', '.join(self.table.keys())}"

    def read(self, entry: Entry) -> Row:
        if not isinstance(entry.value, dict):
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}")
        keys = self.table.keys()
        values: dict[str, object] = {}
        meant: set[str] = set()  # keys that are there under a wrong name are not missing
        for name, value in entry.value.items():
            inner = entry.inner(name, value)
            if name not in keys:
                meant.add(_note_unknown(inner, self.table))
                continue
            try:
                values[name] = read_or_note(keys[name].kind, inner)
            except Reported:
                continue
        for name, key in keys.items():
            if name in entry.value or name in meant:
                continue
            if key.default is REQUIRED:
                _note_missing(entry, name, key)
            else:
                values[name] = key.default_value()
        return Row(self.table, entry.path, values, frozenset(entry.value))

    def schema(self) -> dict[str, object]:
        keys = self.table.keys()
        shown: dict[str, object] = {
            "type": "object",
            "properties": {name: _key_schema(key) for name, key in keys.items()},
            "additionalProperties": False,
        }
        required = [name for name, key in keys.items() if key.default is REQUIRED]
        return shown | ({"required": required} if required else {})


@dataclass(frozen=True, slots=True)
class Named:
    """Tables under names of the operator's own: [category.bug], [agent.ana]. `name` is the kind of those names."""

    table: type[Table]
    name: Kind[str]

    @property
    def words(self) -> str:
        return f"tables such as {self.table.header}"

    def read(self, entry: Entry) -> dict[str, Row]:
        if not isinstance(entry.value, dict):
            raise Wrong(f"wants {self.words}, not {type_words(entry.value)}")
        rows: dict[str, Row] = {}
        for name, value in entry.value.items():
            inner = entry.inner(name, value)
            try:
                self.name.read(Entry(inner.path, name, entry.troubles))
                rows[name] = read_or_note(Struct(self.table), inner)
            except Wrong as wrong:
                inner.note(f"[{dotted(inner.path)}]: the name {wrong.message}", wrong.suggestion, at_key=True)
            except Reported:
                continue
        return rows

    def schema(self) -> dict[str, object]:
        return {"type": "object", "additionalProperties": Struct(self.table).schema()}


@dataclass(frozen=True, slots=True)
class Listed:
    """An array of tables: [[rule]], or a list of inline tables."""

    table: type[Table]

    @property
    def words(self) -> str:
        return f"tables such as {self.table.header}"

    def read(self, entry: Entry) -> tuple[Row, ...]:
        if isinstance(entry.value, dict) and self.table.header:
            raise Wrong(f"is a list of tables: write {self.table.header} with two brackets")
        if not isinstance(entry.value, list):
            raise Wrong(f"wants {self.words or 'a list of tables'}, not {type_words(entry.value)}")
        rows = []
        for index, value in enumerate(entry.value):
            try:
                rows.append(read_or_note(Struct(self.table), entry.inner(index, value)))
            except Reported:
                continue
        return tuple(rows)

    def schema(self) -> dict[str, object]:
        return {"type": "array", "items": Struct(self.table).schema()}


def inner_table(key: Key[Any]) -> type[Table] | None:
    """The table below `key`, where there is one."""
    return key.kind.table if isinstance(key.kind, Struct | Named | Listed) else None


def below(table: type[Table]) -> Iterator[type[Table]]:
    """All tables that stand under `table`."""
    for key in table.keys().values():
        if (found := inner_table(key)) is not None:
            yield found
            yield from below(found)


def header_words(path: KeyPath) -> str:
    """How the table at `path` is called: "[send]", "category.bug.phase[2]", "the file"."""
    if not path:
        return "the file"
    return dotted(path) if any(isinstance(step, int) for step in path) else f"[{dotted(path)}]"


def _key_schema(key: Key[Any]) -> dict[str, object]:
    shown = {**key.kind.schema(), "description": key.doc}
    return shown if isinstance(key.default, _Mark) else shown | {"default": key.default}


def _note_missing(entry: Entry, name: str, key: Key[Any]) -> None:
    where = header_words(entry.path)
    example = f"[{name}]" if isinstance(key.kind, Struct) else f"{name} = …"
    if isinstance(key.kind, Named):
        example = key.kind.table.header
    entry.note(f'{where} needs "{name}" ({key.doc}): add {example}', at_key=True)


def _note_unknown(entry: Entry, table: type[Table]) -> str:
    """Say so, and give the key that was probably meant, or ""."""
    name = str(entry.path[-1])
    where = header_words(entry.path[:-1])
    is_table = isinstance(entry.value, dict)
    what = f"table [{dotted(entry.path)}]" if is_table and not entry.path[:-1] else f'key "{name}" in {where}'
    meant = RENAMED.get(name, "")
    known = table.keys()
    meant = meant if meant in known else nearest(name, known)
    homes = [other for other in Table.__subclasses__() if other.keys().get(name)]
    if not meant and len(homes) == 1:
        entry.note(f"unknown {what}; it belongs in {homes[0].header}", at_key=True)
    else:
        entry.note(f"unknown {what}", meant, at_key=True)
    return meant


# Words of other desks and of older files, with ours. Only suggested where the table has the key.
RENAMED: Final = {
    "password": "password_secret",
    "username": "user",
    "login": "user",
    "server": "host",
    "hostname": "host",
    "ssl": "tls",
    "tz": "timezone",
    "receive": "imap",
    "detect": "words",
    "keywords": "words",
    "first_answer": "first_response",
    "solution": "resolution",
    "waiting": "pending",
    "number": "prefix",
    "auto_mails": "automatic_letters",
    "members": "teams",
    "mail": "email",
    "steps": "phase",
    "phases": "phase",
    "categories": "category",
    "calendars": "calendar",
    "priorities": "priority",
    "agents": "agent",
    "rules": "rule",
    "tags": "tag",
    "relay": "send",
    "smtp": "send",
}
