"""Frozen dataclasses to JSON and back, by their own field types: how events and letters are kept for ever.

Instants become ISO 8601 with a Z, tuples become lists, nested dataclasses become objects. A field that is missing is
read as its default (it was added later); a field or a kind that this program does not know was written by a newer one,
and is refused: half an event understood would be another event.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
Reader = Callable[[Any], Any]


class FromTheFuture(Exception):
    """A newer gateway wrote this; upgrade this one."""


def storable(text: str) -> str:
    """`text` as every database takes it: without NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "\ufffd")


def iso(instant: datetime) -> str:
    """`instant` (aware) in UTC, "2026-04-14T07:12:00Z", microseconds only where there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode(value: object, *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of dataclass `value` that differ from their defaults, in order, but those in `leave_out`."""
    written = {}
    for name, default in _defaults(cast(Any, type(value))):
        held = getattr(value, name)
        if name not in leave_out and not (held is default or (type(held) is type(default) and held == default)):
            written[name] = _plain(held)
    return written


def decode(kind: type[T], plain: dict[str, Any]) -> T:
    """A `kind` from what `encode` made; FromTheFuture where a field is unknown."""
    readers = _readers(cast(Any, kind))
    unknown = [name for name in plain if name not in readers]
    if unknown:
        raise FromTheFuture(f"{kind.__name__} has no {', '.join(unknown)}: a newer gateway wrote it")
    return kind(**{name: readers[name](value) for name, value in plain.items()})


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    """The fields of a dataclass, each with its default; MISSING, which no field ever holds, where it has none."""
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


def _plain(value: Any) -> Any:
    kind = type(value)
    write = _WRITERS.get(kind)
    if write is not None:
        return write(value)
    if dataclasses.is_dataclass(kind):
        return encode(value)
    for base, write_as_base in _WRITERS.items():  # a library's own kind of string
        if isinstance(value, base):
            return write_as_base(value)
    raise TypeError(f"{kind.__name__} is no type that events are made of")


def _as_it_is(value: Any) -> Any:
    return value


_WRITERS: dict[type, Callable[[Any], Any]] = {
    str: storable,
    int: _as_it_is,
    float: _as_it_is,
    bool: _as_it_is,
    types.NoneType: _as_it_is,
    datetime: iso,
    date: date.isoformat,
    tuple: lambda value: [_plain(item) for item in value],
}


@cache
def _readers(kind: Any) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}


def _reader(hint: Any) -> Reader:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return _tuple_reader(arguments)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if dataclasses.is_dataclass(hint):
        return lambda value: decode(cast(type, hint), value)
    if origin is Literal or hint in (str, int, float, bool):
        return _as_it_is
    raise TypeError(f"{hint} is no type that events are made of")


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        read = _reader(arguments[0])
        return lambda value: tuple(read(item) for item in value)
    readers = tuple(_reader(argument) for argument in arguments)
    return lambda value: tuple(read(item) for read, item in zip(readers, value, strict=True))
