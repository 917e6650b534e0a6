"""`gateway ticket problem` and `gateway problem`: tickets that share a cause, and what all of them are told."""

from __future__ import annotations

import click

from gateway.cli import Globals
from gateway.cli.acting import act
from gateway.cli.failure import DATA, USAGE, Failure
from gateway.cli.setting import office
from gateway.desk import commands, problems
from gateway.problems import spelled


@click.command("problem")
@click.argument("n", nargs=-1, required=True, metavar="N... REF|none")
@click.pass_obj
def of_tickets(given: Globals, n: tuple[str, ...]) -> None:
    """Say that they have the same cause: a task elsewhere (ENG-331) or any name; none takes them out."""
    if len(n) < 2:
        raise Failure(USAGE, "say which: gateway ticket problem N... REF|none")
    if n[-1].casefold() == "none":
        return act(given, n[:-1], [commands.SetProblem(None)], done="belongs to no problem")
    name = named(n[-1])
    at = office(given)
    with at.db.snapshot() as tx:
        name = spelled(tx, name)
    return act(given, n[:-1], [commands.SetProblem(name)], done=f"problem {name}", desk=at)


def named(words: str) -> str:
    name = problems.reference(words)
    if name is None:
        raise Failure(
            DATA, f"{words!r} is no name for a problem: write one line of at most {problems.LONGEST} characters"
        )
    return name
