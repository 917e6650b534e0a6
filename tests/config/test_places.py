"""The scanner finds every key and value that tomllib reads, and stumbles over nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.places import KeyPath, Place, scan

ROOT = Path(__file__).parents[2]

TEXT = '''\
# a comment with [brackets] and = signs
version = 1
"quoted key" = "a # no comment"   # one
dotted.key."with dot.inside" = 'literal'

[mailbox.support]
aliases = [
  "a@acme.example",  # first
  "b@acme.example",
]
text = """
first
[not a table]
key = "no key"
"""
raw = \'\'\'
"""
\'\'\'
when = 1979-05-27 07:32:00

  [mailbox.support.imap]
  secret = { credential = "x", nested = { deep = [1, [2, 3]] } }

[[rule]]
name = "one"
[rule.when]
from = "x"
[[rule]]
name = "two"
  [[rule.part]]
  id = 1
'''


def piece(text: str, place: Place) -> str:
    line = text.split("\n")[place.line - 1]
    return line[place.column - 1 : place.column - 1 + place.length]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("version",), "version", "1"),
        (("quoted key",), '"quoted key"', '"a # no comment"'),
        (("dotted", "key", "with dot.inside"), '"with dot.inside"', "'literal'"),
        (("mailbox", "support", "aliases", 1), '"b@acme.example"', '"b@acme.example"'),
        (("mailbox", "support", "aliases"), "aliases", "["),
        (("mailbox", "support", "text"), "text", '"""'),
        (("mailbox", "support", "when"), "when", "1979-05-27 07:32:00"),
        (("mailbox", "support", "imap", "secret", "nested", "deep", 1, 0), "2", "2"),
        (("rule", 0, "when", "from"), "from", '"x"'),
        (("rule", 1, "name"), "name", '"two"'),
        (("rule", 1, "part", 0, "id"), "id", "1"),
    ],
)
def test_a_key_and_its_value_stand_where_they_are_written(path: KeyPath, key: str, value: str) -> None:
    places = scan(TEXT)
    assert (piece(TEXT, places.keys[path]), piece(TEXT, places.values[path])) == (key, value)


def test_a_table_stands_where_its_name_does() -> None:
    places = scan(TEXT)
    assert piece(TEXT, places.tables["mailbox", "support", "imap"]) == "imap"
    assert piece(TEXT, places.keys["mailbox",]) == "mailbox"
    assert places.keys["rule", 1].line > places.keys["rule", 0].line
    assert places.arrays == {("rule",), ("rule", 1, "part")}


def test_what_stands_twice_is_found_twice() -> None:
    text = "[a]\nx = 1\nx = 2\n[a]\n"
    assert [(path, place.line) for path, place in scan(text).again] == [(("a", "x"), 3), (("a",), 4)]


def test_after_nonsense_the_next_line_is_read() -> None:
    places = scan('what is this\n= 3\nok = 1\nbad = "unclosed\n[broken\n[fine]\nkey = 2\n')
    assert places.keys["ok",] == Place(3, 1, 2)
    assert places.values["fine", "key"] == Place(7, 7, 1)


def paths(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*path, key), inner
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index), inner
            yield from paths(inner, (*path, index))


@pytest.mark.parametrize(
    "file", [*sorted((ROOT / "config").glob("*.toml")), ROOT / "gateway.toml", ROOT / "pyproject.toml"]
)
def test_every_value_of_a_shipped_file_has_a_place(file: Path) -> None:
    text = file.read_text()
    places = scan(text)
    for path, _ in paths(tomllib.loads(text)):
        assert path in places.keys, path


# Documents of all the ways TOML has to write keys, values and tables.
names = st.text("ab-_1", min_size=1, max_size=3) | st.text("ab .\"\\'é#=[]", max_size=4)
blanks = st.sampled_from(["", " ", "\t", "  "])
breaks = st.sampled_from(["", " ", "\n", " # a ] } = [ comment\n", "\n\n\t"])


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@st.composite
def written_keys(draw: st.DrawFn, name: str) -> str:
    ways = [quoted(name)]
    if name and all(char in "ab-_1" for char in name):
        ways.append(name)
    if "'" not in name:
        ways.append(f"'{name}'")
    return draw(st.sampled_from(ways))


scalars = st.sampled_from(
    [
        "1", "0x1F", "1_000", "+1.5e3", "inf", "true", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00", '"text # [no] = comment"', "'lit\\'", '"esc \\" \\\\"', '""', "''",
        '"""multi\nline = "quoted" \\"""\n"""', "'''\n[x]\n'''", '""""two quotes at the end"""""',
    ]
)  # fmt: skip


@st.composite
def written_values(draw: st.DrawFn, depth: int = 0) -> str:
    shape = draw(st.sampled_from(["scalar", "scalar", "array", "table"])) if depth < 3 else "scalar"
    if shape == "scalar":
        return draw(scalars)
    count = draw(st.integers(0, 3))
    if shape == "array":
        items = [draw(breaks) + draw(written_values(depth + 1)) + draw(breaks) for _ in range(count)]
        comma = draw(st.sampled_from(["", ","])) if count else ""
        return f"[{','.join(items)}{comma}{draw(breaks)}]"
    keys = draw(st.lists(names, unique=True, min_size=count, max_size=count))
    pairs = [
        f"{draw(blanks)}{draw(written_keys(key))}{draw(blanks)}={draw(blanks)}{draw(written_values(depth + 1))}"
        for key in keys
    ]
    return f"{{{','.join(pairs)}{draw(blanks)}}}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        parts = draw(st.lists(names, min_size=1, max_size=3))
        name = ".".join(f"{draw(blanks)}{draw(written_keys(part))}{draw(blanks)}" for part in parts)
        kind = draw(st.sampled_from(["table", "array", "pair", "pair", "comment"]))
        match kind:
            case "table":
                lines.append(f"{draw(blanks)}[{name}]{draw(blanks)}")
            case "array":
                lines.append(f"[[{name}]] # comment")
            case "pair":
                lines.append(f"{name}={draw(blanks)}{draw(written_values())}{draw(blanks)}")
            case _:
                lines.append("# [a.b] c = 1")
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@settings(max_examples=80)
@given(documents())
def test_everything_tomllib_reads_has_a_place(text: str) -> None:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        scan(text)  # whatever the text is
        return
    places = scan(text)
    for path, value in paths(values):
        assert path in places.keys, (path, text)
        shown = piece(text, places.values[path]) if not isinstance(value, dict | list) else ""
        if shown and shown[:3] not in ('"""', "'''"):  # of several lines only the first is shown
            assert str(tomllib.loads(f"x = {shown}")["x"]) == str(value), (path, text)


@settings(max_examples=200)
@given(st.text(alphabet="ab=[]{}\",.'\\#\n\t é1", max_size=60))
def test_any_text_is_scanned_to_its_end(text: str) -> None:
    for place in scan(text).keys.values():
        assert 1 <= place.line <= text.count("\n") + 1
        assert place.length >= 1
