"""A desk in a folder, for tests: its files, what loading them gives, and where a problem stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from gateway.config import Config, Problem, load, render

TODAY = date(2026, 4, 14)
SMALLEST = """\
[gateway]
name = "acme"
public_name = "Acme Support"
domain = "acme.example"
[tickets]
prefix = "ACME"
[mailbox.support]
address = "support@acme.example"
"""


def desk(folder: Path, text: str, **files: str) -> Path:
    """gateway.toml of `text` behind the starred keys, and config/NAME.toml for each of `files`."""
    (folder / "config").mkdir(exist_ok=True)
    include = 'include = ["config/*.toml"]\n' if files else ""
    (folder / "gateway.toml").write_text(include + SMALLEST + text)
    for name, content in files.items():
        (folder / "config" / f"{name}.toml").write_text(content)
    return folder / "gateway.toml"


def loaded(path: Path, environment: Mapping[str, str] | None = None, today: date = TODAY) -> Config:
    config = load(path, environment or {}, today)
    assert isinstance(config, Config), "\n".join(render(problem) for problem in config)
    return config


def problems(path: Path, environment: Mapping[str, str] | None = None, today: date = TODAY) -> list[Problem]:
    """All there is to say about a configuration, whether it can be used or not."""
    found = load(path, environment or {}, today)
    return list(found.problems) if isinstance(found, Config) else found


def pointed(problem: Problem) -> str:
    """The piece of the source that the caret underlines."""
    return problem.source_lines[-1][problem.column - 1 : problem.column - 1 + problem.length]
