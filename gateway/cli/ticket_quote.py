"""`gateway ticket quote`: ask the customer to approve what the work takes."""

from __future__ import annotations

import click

from gateway.cli import Globals
from gateway.cli.acting import act
from gateway.cli.failure import DATA, Failure
from gateway.cli.wording import Wording, worded
from gateway.desk import commands
from gateway.desk.verbs import quote_of


@click.command()
@click.argument("n", metavar="N")
@click.argument("size", nargs=-1, required=True, metavar="TIME|none [AMOUNT]")
@worded
@click.pass_obj
def quote(given: Globals, n: str, size: tuple[str, ...], wording: Wording) -> None:
    """Ask the customer to approve 4h, or 4h 480 EUR: on hold until they decide. "none" takes the quote back."""
    words, said = " ".join(size), wording.said()
    if words.casefold() == "none":
        return act(given, [n], [commands.TakeBackQuote()], done="the quote is taken back", said=said)
    read = quote_of(words)
    if isinstance(read, str):
        raise Failure(DATA, f"{words}: {read.replace('/quote', f'gateway ticket quote {n}')}")
    return act(given, [n], read, done=f"quote of {words} made", said=said)
