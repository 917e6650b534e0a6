"""`gateway check`: configuration, templates, calendars, rules, secrets; every error at once, with its place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.failure import CONFIGURATION, OK
from gateway.cli.present import show_json, style
from gateway.cli.setting import config_file, now
from gateway.config.load import load
from gateway.config.problem import Problem, has_errors, render, summary
from gateway.config.settings import Config

_MOST_FILES = 3  # that the last line names
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


@dataclass(frozen=True, slots=True)
class Checked:
    """`config` None: it cannot be used. `problems` are all of them, those of templates last."""

    path: Path
    config: Config | None
    problems: tuple[Problem, ...]

    @property
    def broken(self) -> bool:
        return has_errors(self.problems)


def checked(path: Path) -> Checked:
    """Everything that can be known of a configuration without the world around it. No database is needed or made."""
    at = now()
    config = load(path, environment=os.environ, today=at.date())
    if isinstance(config, list):
        return Checked(path, None, tuple(config))
    from gateway.cli.template_findings import findings  # Jinja, which a broken configuration does not need

    return Checked(path, config, (*config.problems, *findings(config.policy, config.template_dir, at)))


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_obj
def check(given: Globals, file: str | None, strict: bool) -> int:
    """Check configuration, templates, calendars, rules and secrets; every error as FILE:LINE:COL.

    Leaves with 78 where there are errors. Changes nothing and needs no database.
    """
    found = checked(Path(file) if file else config_file(given))
    broken = found.broken or (strict and any(each.severity == "warning" for each in found.problems))
    if given.json:
        show_json([record(each) for each in found.problems])
    else:
        show_problems([each for each in found.problems if each.severity == "error" or not given.quiet])
        if not given.quiet:
            click.echo(_last_line(found))
    return CONFIGURATION if broken else OK


def show_problems(problems: Sequence[Problem], *, err: bool = False) -> None:
    """Each with its line and a caret, an empty line after it."""
    for each in problems:
        head, newline, rest = render(each).partition("\n")
        mark = f": {each.severity}: "
        before, found, after = head.partition(mark)
        if found:
            head = f"{before}: {style(each.severity, fg=_COLOURS[each.severity], bold=True)}: {after}"
        click.echo(f"{head}{newline}{rest}\n", err=err)


def record(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "length": problem.length,
        "severity": problem.severity,
        "message": problem.message,
        "suggestion": problem.suggestion or None,
    }


def _last_line(found: Checked) -> str:
    counted = _counted(found.problems)
    if found.broken:
        return f"{counted}. Nothing was changed; a running gateway keeps the configuration it has."
    return f"{counted}; the configuration can be used" if counted else f"{found.path}: the configuration is fine"


def _counted(problems: Sequence[Problem]) -> str:
    files = {each.file for each in problems if each.severity != "note"}
    return (
        summary(problems)
        if len(files) <= _MOST_FILES
        else f"{summary(problems).partition(' in ')[0]} in {len(files)} files"
    )
