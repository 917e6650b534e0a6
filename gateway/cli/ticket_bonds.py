"""`gateway ticket …`: what joins tickets and parts them, and what shuts a sender out."""

from __future__ import annotations

import click

from gateway.cli import Globals
from gateway.cli.acting import act, loaded, number
from gateway.cli.failure import REFUSED, USAGE, Failure
from gateway.cli.setting import office
from gateway.desk import commands

_one = click.argument("n", metavar="N")


@click.command()
@_one
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.pass_obj
def link(given: Globals, n: str, others: tuple[str, ...]) -> None:
    """Say that other tickets have to do with this one."""
    at = office(given)
    wanted = [number(each, at.desk.policy) for each in others]
    with at.db.snapshot() as tx:
        for each in wanted:
            loaded(tx, each)
    act(given, [n], [commands.LinkTo(each) for each in wanted], done="linked", desk=at)


@click.command()
@click.argument("n", nargs=-1, required=True, metavar="N... INTO")
@click.pass_obj
def merge(given: Globals, n: tuple[str, ...]) -> None:
    """These tickets go on as INTO, with all that was said on them; replies to them land there."""
    if len(n) < 2:
        raise Failure(USAGE, "say into which: gateway ticket merge N INTO")
    at = office(given)
    into = number(n[-1], at.desk.policy)
    with at.db.snapshot() as tx:
        loaded(tx, into)
    done = f"goes on as {at.desk.policy.reference(into)}"
    act(given, n[:-1], [commands.MergeInto(into)], done=done, desk=at)


@click.command()
@_one
@click.pass_obj
def unmerge(given: Globals, n: str) -> None:
    """What was merged into another ticket is one of its own again; what came since then stays there."""
    at = office(given)
    each, policy = number(n, at.desk.policy), at.desk.policy
    with at.db.snapshot() as tx:
        into = loaded(tx, each).merged_into
    if into is None:
        raise Failure(REFUSED, f"{policy.reference(each)} was not merged into another ticket; nothing was done")
    done = f"{policy.reference(each)} is one of its own again"
    act(given, [str(into)], [commands.Unmerge(each)], done=done, desk=at)


BONDS = (link, merge, unmerge)
