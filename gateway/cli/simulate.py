"""`gateway simulate`: a policy played through months in seconds."""

from __future__ import annotations

import asyncio
import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli import Globals
from gateway.cli.failure import DATA, FAILED, NO_INPUT, Failure
from gateway.cli.present import clean
from gateway.cli.setting import configuration
from gateway.doctor.finding import counted

if TYPE_CHECKING:
    from gateway.config.settings import Config
    from gateway.simulation.scenario import Scenario


@click.command()
@click.argument("file", metavar="SCENARIO.toml")
@click.pass_obj
def simulate(given: Globals, file: str) -> None:
    """Play a scenario on the desk of this configuration, in memory, with a virtual clock.

    Prints a timeline; with --json an object a mail, and a summary with every ticket.
    """
    from gateway import daemon_log
    from gateway.simulation.scenario import BadScenario, read
    from gateway.simulation.world import Stuck

    config = configuration(given)
    daemon_log.configure("info" if given.verbose else "critical", config.log.format)
    try:
        scenario = read(Path(file), config.policy)
        gc.freeze()  # looking for cycles among all that was imported, and among tickets, finds none and takes its time
        gc.set_threshold(50_000)
        asyncio.run(_play(given, config, scenario))
    except OSError as error:
        raise Failure(NO_INPUT, f"{file}: {error.strerror}") from error
    except (BadScenario, UnicodeDecodeError) as error:
        raise Failure(DATA, f"{file}: {error}") from error
    except Stuck as error:
        raise Failure(FAILED, str(error)) from error


async def _play(given: Globals, config: Config, scenario: Scenario) -> None:
    from gateway.simulate import staged
    from gateway.simulation.shown import line, record
    from gateway.simulation.world import Broke

    played = staged(config, scenario.start)
    try:
        async for passed in played.run(scenario):
            if not given.json:
                click.echo(clean_line(line(passed, config.policy)))
            elif not isinstance(passed, Broke):
                click.echo(json.dumps(record(passed), ensure_ascii=False))
        summary = played.summary()
    finally:
        played.close()
    if given.json:
        click.echo(json.dumps({"summary": summary}, ensure_ascii=False))
        return
    click.echo()
    for ticket in summary["tickets"]:
        who = ticket["assignee"] or "nobody"
        click.echo(
            clean(
                f"{ticket['reference']} {ticket['status']}, {ticket['category']}, {ticket['phase']},"
                f" {ticket['priority']}, {who}: {ticket['subject']}"
            )
        )
    came, held = counted(summary["mails_in"], "mail"), counted(len(summary["tickets"]), "ticket")
    click.echo(f"{came} in, {summary['mails_out']} out, {held}")


def clean_line(text: str) -> str:
    """Without control characters, with its columns."""
    return "".join(char if char.isprintable() else " " for char in text)
