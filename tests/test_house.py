"""The rules of the house that no type checker and no import contract can see."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import mailparser
import pytest
from sqlmodel import SQLModel

from gateway.intake import chain
from gateway.mail.parse import parse
from gateway.store import tables

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "gateway").rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in SOURCES}

LINES_A_FILE = 420
LINES_A_FUNCTION = 60

# Who may ask what time it is. Everybody else is told: `now` is an argument. An access token ages by a stopwatch, which
# is a default that tests replace, and no time of day.
READS_THE_CLOCK = re.compile(r"gateway/(daemon[^/]*\.py|cli/.*|edge/oauth2\.py)$")
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime", "ctime"},
    "func": {"now", "current_timestamp"},
}
# The rooms in which each prescribed package does its work.
PRESCRIBED = {
    "aiosmtpd": "gateway/edge/",
    "aioimaplib": "gateway/edge/",
    "mailparser": "gateway/mail/parse.py",
    "jinja2": "gateway/mail/render.py",
    "sqlmodel": "gateway/store/tables.py",
    "apscheduler": "gateway/daemon",
    "structlog": "gateway/daemon",
}


def dotted(node: ast.expr) -> str:
    """`datetime.now` of a name or an attribute of any depth; '' of anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
        case _:
            return ""


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in the file, with its line; of `from a import b` both `a` and `a.b`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module, node.lineno
                yield from ((f"{module}.{alias.name}", node.lineno) for alias in names)


def clock_reads(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """A clock that is named counts, called or not: `default_factory=datetime.now` reads it too."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=attr, value=value):
                owner = dotted(value).rpartition(".")[2]
                if attr in CLOCKS.get(owner, ()):
                    yield f"{owner}.{attr}", node.lineno
            case ast.ImportFrom(module="time", names=names):
                yield from ((f"time.{n.name}", node.lineno) for n in names if n.name in CLOCKS["time"])
            case ast.Constant(value=str(text)) if re.search(r"\bCURRENT_TIMESTAMP\b|datetime\('now'", text):
                yield text, node.lineno


def test_only_the_daemon_and_the_command_line_read_the_clock() -> None:
    found = [
        f"{path}:{line} {clock}"
        for path, tree in TREES.items()
        if not READS_THE_CLOCK.match(path)
        for clock, line in clock_reads(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "from time import monotonic",
        "x = field(default_factory=time.time)",
        "insert(t).values(at=func.now())",
        "text('UPDATE t SET at = CURRENT_TIMESTAMP')",
    ],
)
def test_the_search_for_clocks_finds_one(source: str) -> None:
    assert list(clock_reads(ast.parse(source)))


def test_naive_datetimes_are_an_error_of_the_linter() -> None:
    chosen = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["select"]
    without_reason = [path for path in SOURCES if re.search(r"noqa: DTZ\d+$", path.read_text(), re.M)]
    assert "DTZ" in chosen
    assert without_reason == []


def test_every_module_says_what_it_is() -> None:
    assert [path for path, tree in TREES.items() if isinstance(tree, ast.Module) and not ast.get_docstring(tree)] == []


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    long = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: lines for path, lines in long.items() if lines > LINES_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """The docstring counts: what needs a page of explanation is two functions. A migration is a list, not a thought."""
    long = {
        f"{path}:{node.name}": lines
        for path, tree in TREES.items()
        if not path.startswith("gateway/migrations/versions/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LINES_A_FUNCTION
    }
    assert long == {}


def test_the_desk_needs_nothing_but_python() -> None:
    foreign = [
        f"{path}:{line} {module}"
        for path, tree in TREES.items()
        if path.startswith("gateway/desk/")
        for module, line in imports(tree)
        if module.partition(".")[0] not in {*sys.stdlib_module_names, "gateway"}
    ]
    assert foreign == []


def test_a_new_module_has_to_be_given_a_floor() -> None:
    """Exhaustive: import-linter fails on a room that stands on none."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = [contract for contract in contracts if contract["type"] == "layers"]
    assert [(floor["containers"], floor["exhaustive"]) for floor in floors] == [(["gateway"], True)]


def test_rules_of_intake_do_not_import_each_other() -> None:
    """Only the chain knows them all, and their order."""
    rules = {rule.__module__ for rule in chain.CHAIN}
    crossed = [
        f"{path}:{line} {module}"
        for path, tree in TREES.items()
        if path.removesuffix(".py").replace("/", ".") in rules
        for module, line in imports(tree)
        if module in rules
    ]
    assert crossed == []


@pytest.mark.parametrize(("package", "place"), PRESCRIBED.items())
def test_each_prescribed_package_works_where_it_should(package: str, place: str) -> None:
    users = [path for path, tree in TREES.items() if any(m.split(".")[0] == package for m, _ in imports(tree))]
    assert [path for path in users if path.startswith(place)]


def test_structlog_is_set_up_by_the_daemon_and_the_command_line_alone() -> None:
    found = [
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and dotted(node) in {"structlog.configure", "structlog.configure_once"}
        if not re.match(r"gateway/(daemon[^/]*\.py|cli/.*)$", path)
    ]
    assert found == []


def test_mail_parser_parses_every_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package itself still runs: its constructor is only counted."""
    seen: list[object] = []
    of_the_package = mailparser.MailParser.__init__

    def counted(self: mailparser.MailParser, message: Message | None = None) -> None:
        seen.append(message)
        of_the_package(self, message)

    monkeypatch.setattr(mailparser.MailParser, "__init__", counted)
    message = parse(b"From: ana@customer.example\r\nSubject: Where is my order?\r\n\r\nIt was due on Monday.\r\n")
    assert message.subject == "Where is my order?"
    assert len(seen) >= 1


def test_sqlmodel_declares_every_table() -> None:
    declared = {
        node.name
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(k.arg == "table" for k in node.keywords)
    }
    raw = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        if not path.startswith("gateway/migrations/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"Table", "mapped_column"}
    ]
    assert issubclass(tables.Row, SQLModel)
    assert len(tables.METADATA.tables) == len(declared) > 0
    assert raw == []


def test_no_tracked_file_names_a_package_registry() -> None:
    """Where packages come from is the business of the machine that installs them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
    ]
    found = [
        f"{name} {host}"
        for name in filter(None, listed.stdout.split("\0"))
        if (path := ROOT / name).is_file()
        for host in hosts
        if host.encode() in path.read_bytes()
    ]
    assert found == []
