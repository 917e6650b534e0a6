"""`gateway ticket cc`: who reads along on a ticket."""

from __future__ import annotations

from collections.abc import Iterable

import click

from gateway.cli import Globals
from gateway.cli.acting import act
from gateway.cli.failure import DATA, Failure
from gateway.cli.setting import office
from gateway.desk import commands
from gateway.desk.commands import Command
from gateway.desk.policy import Policy
from gateway.desk.verbs import reader_of
from gateway.mail.address import normal


@click.command(context_settings={"ignore_unknown_options": True})  # -eva@customer.example is no option
@click.argument("n", metavar="N")
@click.argument("changes", nargs=-1, required=True, metavar="+ADDR|-ADDR...")
@click.pass_obj
def cc(given: Globals, n: str, changes: tuple[str, ...]) -> None:
    """Who reads along from now on (+a@b), and who no more (-a@b)."""
    at = office(given)
    gone: list[Command] = [commands.RemoveReader(normal(word[1:])) for word in changes if word.startswith("-")]
    come = readers((word.removeprefix("+") for word in changes if not word.startswith("-")), at.desk.policy)
    act(given, [n], [*gone, *come], done=" ".join(changes), desk=at)


def readers(words: Iterable[str], policy: Policy) -> list[Command]:
    """65 where one of them cannot read along."""
    found: list[Command] = []
    for word in words:
        read = reader_of(word, policy)
        if isinstance(read, str):
            raise Failure(DATA, f"{word}: {read} Nothing was done.")
        found += read
    return found
