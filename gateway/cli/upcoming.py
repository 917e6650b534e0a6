"""`gateway upcoming`: every letter that time alone will bring, before it does."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from gateway.cli import Globals
from gateway.cli.failure import FAILED, Failure
from gateway.cli.present import say, show_json, show_table
from gateway.cli.setting import now, office

if TYPE_CHECKING:
    from gateway.desk.policy import Policy


@click.command()
@click.option("--days", default=7, type=click.IntRange(1, 366), show_default=True, help="How far to look.")
@click.pass_obj
def upcoming(given: Globals, days: int) -> None:
    """List every reminder, warning, update and closing to come, with its date.

    As it will be if nobody writes and nobody of us does anything; computed on a copy, nothing is changed.
    """
    from gateway.shown import instant
    from gateway.simulation.world import Stuck
    from gateway.upcoming import upcoming as coming

    desk = office(given)
    try:
        at = now()
        found = coming(desk, at, at + timedelta(days=days))
    except Stuck as error:
        raise Failure(FAILED, str(error)) from error
    finally:
        desk.close()
    policy = desk.desk.policy
    if given.json:
        show_json(
            [
                {
                    "at": instant(one.at),
                    "ticket": one.ticket,
                    "reference": policy.reference(one.ticket) if one.ticket is not None else None,
                    "what": one.what,
                    "letter": one.letter or None,
                    "to": list(one.to),
                }
                for one in found
            ]
        )
        return
    rows = [
        (when(one.at, policy), policy.reference(one.ticket) if one.ticket else "", one.what, ", ".join(one.to))
        for one in found
    ]
    if rows:
        show_table(("WHEN", "TICKET", "WHAT", "TO"), rows)
    else:
        say(given, f"nothing in the next {days} days")


def when(at: datetime, policy: Policy) -> str:
    """In the desk's zone; with its year and offset where a program reads it."""
    local = at.astimezone(ZoneInfo(policy.timezone))
    return f"{local:%a} {local.day:2} {local:%b %H:%M}" if sys.stdout.isatty() else local.isoformat(timespec="seconds")
