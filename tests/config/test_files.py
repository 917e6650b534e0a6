"""Several files as one configuration, and where it is looked for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.config import NoConfiguration, find, load, render, show
from gateway.config.keys import Root
from gateway.config.show import toml
from gateway.config.tables import Listed, Named, Struct, Table
from tests.config.desk import SMALLEST, TODAY, desk, loaded, pointed, problems


def test_tables_of_several_files_are_one_configuration(tmp_path: Path) -> None:
    path = desk(
        tmp_path,
        "[priority.medium]\n[category.question]\n",
        bugs="[category.bug]\nname = 'A bug'\n",
        agents="[agent.ana]\nname = 'Ana'\nemail = 'ana@x.example'\n",
        imap="[mailbox.support.imap]\nhost = 'localhost'\n",
    )
    config = loaded(path)
    assert sorted(config.policy.categories) == ["bug", "question"]
    assert config.policy.agents["ana"].name == "Ana"
    assert config.imap["support"].host == "localhost"
    assert [file.name for file in config.files] == ["gateway.toml", "agents.toml", "bugs.toml", "imap.toml"]


def test_arrays_of_tables_are_joined_in_the_order_of_the_files(tmp_path: Path) -> None:
    rule = "[[rule]]\nname = '{}'\nwhen = {{ subject = '{}' }}\nthen = {{ drop = true }}\n"
    path = desk(tmp_path, rule.format("main", "m"), b=rule.format("b", "b"), a=rule.format("a", "a") + "hots = 1\n")
    (problem,) = problems(path)
    assert (Path(problem.file).name, pointed(problem)) == ("a.toml", "hots")
    assert "rule[2]" in problem.message
    (tmp_path / "config" / "a.toml").write_text(rule.format("a", "a"))
    assert [one.name for one in loaded(path).policy.rules] == ["main", "a", "b"]


@pytest.mark.parametrize(
    ("here", "there", "line", "what"),
    [
        ("[send]\nport = 25\n", "\n[send]\nhost = 'x'\n", 2, "the table [send]"),
        ("[category.bug]\n", "[category.bug]\n", 1, "the table [category.bug]"),
        ("[category]\nbug.name = 'x'\n", "category.bug.choose = false\n", 1, "the table [category.bug]"),
        ("", "[mailbox.support]\naliases = []\n", 1, "the table [mailbox.support]"),
        ("[[tier]]\nid = 'a'\nteam = ''\n", "tier = []\n", 1, '"tier"'),
    ],
)
def test_the_same_table_twice_names_both_places(tmp_path: Path, here: str, there: str, line: int, what: str) -> None:
    path = desk(tmp_path, here, other=there)
    problem = next(problem for problem in problems(path) if "a second time" in problem.message)
    assert (Path(problem.file).name, problem.line) == ("other.toml", line)
    first = problem.message.rpartition("the first is at ")[2]
    assert problem.message.startswith(f"{what} stands here a second time")
    assert first.startswith(f"{path}:")


def test_the_other_files_are_checked_where_one_is_broken(tmp_path: Path) -> None:
    path = desk(
        tmp_path, "[send]\nport = 0\n", bad="[team\n", good="[log]\nlevel = 'loud'\n[team.a]\ncategories = ['bug']\n"
    )
    found = [(Path(problem.file).name, problem.line) for problem in problems(path)]
    assert found == [("gateway.toml", 11), ("bad.toml", 1), ("good.toml", 2)]


def test_included_files_include_nothing_and_have_no_version(tmp_path: Path) -> None:
    path = desk(tmp_path, "", more="version = 1\ninclude = ['x.toml']\n")
    assert [(pointed(problem), "belongs in" in problem.message) for problem in problems(path)] == [
        ("version", True),
        ("include", True),
    ]


def test_a_pattern_may_match_nothing_and_a_name_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(f"include = ['none/*.toml']\n{SMALLEST}")
    assert len(loaded(tmp_path / "gateway.toml").files) == 1
    (tmp_path / "gateway.toml").write_text(f"include = ['none/*.toml', 'gone.toml']\n{SMALLEST}")
    (problem,) = problems(tmp_path / "gateway.toml")
    assert (pointed(problem), problem.message) == ("'gone.toml'", f'include: there is no file "{tmp_path}/gone.toml"')


def test_saved_answers_are_the_markdown_files_beside_the_configuration(tmp_path: Path) -> None:
    path = answered(tmp_path, {"hello.md": "Hello {customer.first}\n", "hello.de.md": "Hallo {customer.first}\n"})
    (answer,) = loaded(path).policy.answers.values()
    said = [answer.text.within(language) for language in ("en", "de", "fr")]
    assert (answer.name, said) == (
        "hello",
        ["Hello {customer.first}", "Hallo {customer.first}", "Hello {customer.first}"],
    )


def test_a_place_that_nothing_fills_is_shown_where_it_is_with_what_was_meant(tmp_path: Path) -> None:
    text = 'Hello {customer.frist|there},\n\n\\{not\\} {"a": 1}, \tyour { ticket } is {{ ticket.reference }}.\n'
    first, second = problems(answered(tmp_path, {"hello.md": text}))
    at = f"{tmp_path}/config/answers/hello.md"
    assert (first.file, first.line, first.column, pointed(first)) == (at, 1, 7, "{customer.frist|there}")
    assert (first.severity, first.suggestion) == ("error", "{customer.first}")
    assert (second.line, pointed(second)) == (3, "{ ticket }")
    assert "^^^" in render(second)


@pytest.mark.parametrize(
    ("name", "text", "severity", "message"),
    [
        ("hello.fr.md", "Bonjour", "warning", '"fr" is none of gateway.languages'),
        ("hello world.md", "Hello", "error", "a name of letters, digits"),
        ("hello.md", " \n", "error", "it is empty"),
        ("hello.md", "x" * 200_001, "error", "larger than an answer can be"),
        ("hello.md", b"Gr\xfc\xdfe", "error", "is not UTF-8"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_with_its_file(
    tmp_path: Path, name: str, text: str | bytes, severity: str, message: str
) -> None:
    found = problems(answered(tmp_path, {"other.md": "Hi", name: text}))
    ours = [problem for problem in found if problem.file == f"{tmp_path}/config/answers/{name}"]
    assert [problem.severity for problem in ours] == [severity]
    assert message in ours[0].message


def answered(folder: Path, answers: Mapping[str, str | bytes]) -> Path:
    """A desk in English and German with these files in config/answers."""
    path = desk(folder, "", log="[log]\n")
    path.write_text(path.read_text().replace("[gateway]", "[gateway]\nlanguages = ['en', 'de']", 1))
    (folder / "config" / "answers").mkdir()
    for name, text in answers.items():
        (folder / "config" / "answers" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_windows_file_has_the_same_places(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_bytes((SMALLEST + "[send]\nhots = 1\n").replace("\n", "\r\n").encode())
    (problem,) = problems(tmp_path / "gateway.toml")
    assert (problem.line, pointed(problem), problem.source_lines) == (10, "hots", ("[send]", "hots = 1"))


def test_the_file_is_looked_for_where_it_is_said_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find("x.toml", {"GATEWAY_CONFIG": "y.toml"}) == Path("x.toml")
    assert find(None, {"GATEWAY_CONFIG": "y.toml"}) == Path("y.toml")
    if not Path("/etc/gateway/gateway.toml").exists():
        with pytest.raises(NoConfiguration, match=r"gateway\.toml and no /etc/gateway/gateway\.toml"):
            find(None, {})
    (tmp_path / "gateway.toml").touch()
    assert find(None, {"GATEWAY_CONFIG": ""}) == Path("gateway.toml")


SCALARS = [1, -1, True, "", "x", "2 business days", "24x7", "a@b.example", "1/h", "5 MB", "question", date(2026, 5, 1)]
INNER_KEYS = st.sampled_from(["en", "mon", "env", "default", "id"])
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INNER_KEYS, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def tables(draw: st.DrawFn, table: type[Table]) -> dict[str, object]:
    """A table with some of its keys, right or wrong, and now and then one it does not have."""
    chosen = draw(st.lists(st.sampled_from(list(table.keys().values())), max_size=6, unique_by=lambda key: key.name))
    values: dict[str, object] = {}
    for key in chosen:
        if draw(st.integers(0, 5)) == 0 or not isinstance(key.kind, Struct | Named | Listed):
            values[key.name] = draw(VALUES)
        elif isinstance(key.kind, Struct):
            values[key.name] = draw(tables(key.kind.table))
        elif isinstance(key.kind, Named):
            values[key.name] = draw(
                st.dictionaries(st.sampled_from(["a", "question", "office", "b c"]), tables(key.kind.table), max_size=2)
            )
        else:
            values[key.name] = draw(st.lists(tables(key.kind.table), max_size=2))
    return values


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(Root))
def test_whatever_is_written_is_a_configuration_or_a_list_of_problems(
    tmp_path: Path, values: dict[str, object]
) -> None:
    smallest = tomllib.loads(SMALLEST)
    for name, value in smallest.items():
        if isinstance(values.setdefault(name, value), dict) and isinstance(values[name], dict):
            values[name] = {**value, **values[name]}  # type: ignore[dict-item]
    values.pop("include", None)
    (tmp_path / "gateway.toml").write_text("\n".join(f"{name} = {toml(value)}" for name, value in values.items()))
    found = load(tmp_path / "gateway.toml", {}, TODAY)
    if isinstance(found, list):
        assert all(render(problem) and problem.line for problem in found)
    else:
        assert show(found, {})
