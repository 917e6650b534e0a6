"""The `gateway` command. Commands import what they need when they run: `--help` stays fast."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import click


@click.group()
@click.option("-c", "--config", type=click.Path(), default=None, help="Configuration file.")
def gateway(config: str | None) -> None:
    """An email-driven ticket desk."""


@gateway.group()
def mail() -> None:
    """Look at mails."""


@mail.command()
@click.argument("files", nargs=-1)
@click.option("--files-from", default=None, help='Read file names from FILE, one a line; "-" is standard input.')
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def explain(files: tuple[str, ...], files_from: str | None, as_json: bool) -> None:
    """Say what the gateway makes of mails."""
    from pathlib import Path

    from gateway.explain import describe, unreadable

    for file in (*files, *_listed(files_from)):
        try:
            described = describe(Path(file).read_bytes(), file)
        except OSError as error:
            described = unreadable(file, error.strerror or type(error).__name__)
        click.echo(json.dumps(described, ensure_ascii=False, indent=None if as_json else 2))
        sys.stdout.flush()


def _listed(files_from: str | None) -> Iterable[str]:
    if files_from is None:
        return
    with click.open_file(files_from) as lines:
        for line in lines:
            if name := line.rstrip("\n"):
                yield name


def main() -> None:
    gateway()
