"""`gateway demo`: a ticket's life in under a minute, no network, no configuration."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli import Globals
from gateway.cli.failure import CANNOT_CREATE, FAILED, USAGE, Failure
from gateway.cli.simulate import clean_line

if TYPE_CHECKING:
    from gateway.demo import Demo

SPEED = 43_200  # a day lasts two seconds


@click.command()
@click.option(
    "--speed", default=str(SPEED), show_default=True, metavar="N|max", help="How many times faster than life."
)
@click.option("--out", default="gateway-demo", show_default=True, metavar="DIR", help="Where the mails are written.")
@click.pass_obj
def demo(given: Globals, speed: str, out: str) -> int:
    """Play the life of two tickets, and write each of their mails, with a page that shows them all."""
    from gateway import daemon_log

    factor = _factor(speed)
    daemon_log.configure("critical", "json")
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_play(given, factor, folder))
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{error.filename or out}: {error.strerror}") from error


def _factor(speed: str) -> float | None:
    """None: as fast as it goes."""
    if speed == "max":
        return None
    try:
        factor = float(speed)
    except ValueError:
        factor = 0.0
    if not 1 <= factor < float("inf"):
        raise Failure(USAGE, f"--speed is a number from 1 on, or max, not {speed}")
    return factor


async def _play(given: Globals, factor: float | None, folder: Path) -> int:
    from gateway.demo import staging
    from gateway.simulation import gallery
    from gateway.simulation.shown import line

    async with staging() as story:
        policy, at = story.played.policy, story.scenario.start
        if not given.quiet:
            day = f"one day lasts {86_400 / factor:.3g} seconds" if factor else "as fast as it goes"
            click.echo(f"The clock: {day}. Mails go to {folder}/, nothing leaves this machine.\n")
        async for passed in story.run():
            if factor:
                await asyncio.sleep((passed.at - at).total_seconds() / factor)
            at = passed.at
            if not given.quiet:
                click.echo(clean_line(line(passed, policy)))
        shown = gallery.named(story.mails)
        for each in shown:
            for name, data in gallery.files(each).items():
                (folder / name).write_bytes(data)
        checks = story.checks()
        said = _said(story, checks)
        (folder / "index.html").write_text(gallery.index(shown, policy, "The life of two tickets", said), "utf-8")
    click.echo(f"\n{said}. Open {folder / 'index.html'}")
    failed = [name for name, holds in checks.items() if not holds]
    for name in failed:
        click.echo(f"not so: {name}", err=True)
    return FAILED if failed else 0


def _said(story: Demo, checks: dict[str, bool]) -> str:
    tickets = story.played.summary()["tickets"]
    ratings = sum(ticket["rating"] is not None for ticket in tickets)
    held = sum(checks.values())
    outcome = f"{held} checks passed" if held == len(checks) else f"{len(checks) - held} of {len(checks)} checks FAILED"
    return f"{len(story.mails)} mails, {len(tickets)} tickets, {ratings} rating, {outcome}"
