"""`gateway mail`: what came in, what it was taken for, and what waits for somebody."""

from __future__ import annotations

import click

from gateway.cli import Lazy

COMMANDS = {
    "ingest": ("gateway.cli.ingest:ingest", "Accept one mail: the pipe of an MTA."),
    "explain": ("gateway.cli.explain:explain", "Say what a mail is, where it goes, and why."),
    "list": ("gateway.cli.mails:list_", "Mails, and what became of each."),
    "show": ("gateway.cli.mails:show", "One mail: envelope, verdict, trace; or its bytes."),
    "quarantine": ("gateway.cli.mails:quarantine", "Mails that wait for somebody."),
}


@click.group(cls=Lazy, commands_at=COMMANDS)
def mail() -> None:
    """Mails: take in, explain, list, show, quarantine."""
