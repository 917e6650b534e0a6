"""The configuration as it holds: TOML with origins, the documentation of a key, a JSON schema for editors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gateway.config.entry import nearest
from gateway.config.keys import Root
from gateway.config.net_kinds import Secret
from gateway.config.places import KeyPath
from gateway.config.secrets import SecretRef, look
from gateway.config.settings import Config
from gateway.config.tables import ABSENT, REQUIRED, Key, Listed, Named, Struct, Table

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """One key with what holds for it. `value` is None where it has none; `origin` "FILE:LINE", or "default"."""

    path: KeyPath
    key: Key[Any]
    value: object
    origin: str


def settings(config: Config) -> Iterator[Setting]:
    """All keys that hold, table by table in the order of the documentation; of a table that is absent, its defaults."""
    yield from _of_table(config, Root, (), config.document.values)


def show(config: Config, environment: Mapping[str, str], *, only_changed: bool = False, origins: bool = False) -> str:
    """TOML of all that holds, or only what differs from the defaults; secrets are named, with whether they are set."""
    lines: list[str] = []
    table: KeyPath = ()
    for setting in settings(config):
        if setting.value is None or (only_changed and not _differs(setting)):
            continue
        if setting.path[:-1] != table:
            table = setting.path[:-1]
            lines += ["", _header(table)]
        remarks = [setting.origin] if origins else []
        if isinstance(setting.key.kind, Secret):
            remarks += _secret_remarks(setting, config.path.parent, environment)
        remark = f"    # {', '.join(remarks)}" if remarks else ""
        lines.append(f"{_key(setting.path[-1])} = {_hidden(setting)}{remark}")
    return "\n".join(lines).lstrip("\n")


def explain(name: str, config: Config | None = None) -> str:
    """The documentation of a key or table such as "mailbox.support.imap.idle" or "pending".

    KeyError with a suggestion as its second argument (or "") where there is none of this name.
    """
    table, key, steps = _find(name)
    if key is None:
        return "\n".join([*_heading(table, ""), *(f"{one.name:22} {one.doc}" for one in table.keys().values())])
    lines = [*_heading(table, f".{key.name}"), key.doc, "", f"wants    {key.kind.words}"]
    if key.default is REQUIRED:
        lines.append("default  none: it must be set")
    else:
        lines.append("default  nothing" if key.default is ABSENT else f"default  {toml(key.default)}")
    if config is not None:
        here = [one for one in settings(config) if one.path == steps and one.value is not None]
        lines += [f"here     {_hidden(one)}    ({one.origin})" for one in here]
    return "\n".join(lines)


def schema() -> dict[str, object]:
    """The JSON schema of one configuration file, for editors: every table, every key, nothing required."""
    whole = Struct(Root).schema()
    whole.pop("required", None)  # an included file has only some of the tables
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gateway.toml", **whole}


def toml(value: object) -> str:
    """`value` as TOML, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(toml(item) for item in value)}]"
        case dict():
            pairs = [f"{_key(name)} = {toml(inner)}" for name, inner in value.items()]
            return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
        case _:
            raise TypeError(f"no TOML value: {value!r}")


def _of_table(config: Config, table: type[Table], path: KeyPath, values: Mapping[str, Any]) -> Iterator[Setting]:
    """Plain keys first, so that what is printed is TOML; then the tables below."""
    below: list[tuple[Key[Any], KeyPath]] = []
    for key in table.keys().values():
        inner = (*path, key.name)
        has_header = isinstance(key.kind, Listed) and key.kind.table.header.startswith("[")  # links have none
        if has_header or isinstance(key.kind, Named | Struct):
            below.append((key, inner))
            continue
        origin = config.document.origin(inner)
        default = None if key.default in (ABSENT, REQUIRED) else key.default
        shown = f"{origin.file}:{origin.place.line}" if origin else "default"
        yield Setting(inner, key, values.get(key.name, default), shown)
    for key, inner in below:
        yield from _of_kind(config, key, inner, values.get(key.name))


def _of_kind(config: Config, key: Key[Any], path: KeyPath, value: Any) -> Iterator[Setting]:
    match key.kind:
        case Struct(table=table) if value is not None or isinstance(key.default, dict):
            yield from _of_table(config, table, path, value or {})
        case Named(table=table):
            for name, inner in (value or {}).items():
                yield from _of_table(config, table, (*path, name), inner)
        case Listed(table=table):
            for index, inner in enumerate(value or ()):
                yield from _of_table(config, table, (*path, index), inner)


def _differs(setting: Setting) -> bool:
    return setting.origin != "default" and setting.value != setting.key.default


def _header(path: KeyPath) -> str:
    """ "[mailbox.support]", "[[rule]]", "[rule.when]": a table below an array belongs to its newest item."""
    name = ".".join(_key(step) for step in path if isinstance(step, str))
    return f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"


def _key(step: str | int) -> str:
    text = str(step)
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _hidden(setting: Setting) -> str:
    """The value as TOML; of a command that prints a secret only the program, for its arguments may say too much."""
    match setting.value:
        case {"command": [program, _, *_]} if isinstance(setting.key.kind, Secret):
            return toml({"command": [program, "…"]})
        case value:
            return toml(value)


def _secret_remarks(setting: Setting, root: Path, environment: Mapping[str, str]) -> list[str]:
    value = setting.value
    if not isinstance(value, dict):
        return []
    ((way, name),) = value.items()
    ref = SecretRef(way, argv=tuple(name)) if way == "command" else SecretRef(way, name)
    return [look(ref.under(root), environment).reach]


def _find(name: str) -> tuple[type[Table], Key[Any] | None, KeyPath]:
    """The table and key that `name` leads to, over names of the operator's own; KeyError(name, suggestion)."""
    table: type[Table] = Root
    key: Key[Any] | None = None
    steps: list[str | int] = []
    is_own_name = False  # the next step is a name that the operator chose
    for step in re.findall(r"[^.\[\]]+", name):
        if is_own_name or (key is not None and isinstance(key.kind, Listed) and step.isdecimal()):
            steps.append(int(step) - 1 if step.isdecimal() and not is_own_name else step)
            is_own_name, key = False, None
            continue
        known = table.keys()
        if step not in known:
            raise KeyError(name, ".".join([*map(str, steps), nearest(step, known)]) if nearest(step, known) else "")
        key = known[step]
        steps.append(step)
        if isinstance(key.kind, Struct | Named | Listed):
            table, is_own_name = key.kind.table, isinstance(key.kind, Named)
    if key is not None and isinstance(key.kind, Struct | Named | Listed):
        key = None
    return table, key, tuple(steps)


def _heading(table: type[Table], key: str) -> list[str]:
    return [f"{table.header or 'gateway.toml'}{key}", ""]
