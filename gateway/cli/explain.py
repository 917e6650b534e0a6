"""`gateway mail explain`: what it is, where it goes, and why. Changes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from gateway.cli import Globals


@click.command()
@click.argument("files", nargs=-1)
@click.option("--files-from", metavar="FILE", help='Read file names from FILE, one a line; "-" is standard input.')
@click.pass_obj
def explain(given: Globals, files: tuple[str, ...], files_from: str | None) -> None:
    """Say what the gateway makes of mails, and why. Changes nothing."""
    from gateway.explain import describe, unreadable

    for file in (*files, *_listed(files_from)):
        try:
            described = describe(Path(file).read_bytes(), file)
        except OSError as error:
            described = unreadable(file, error.strerror or type(error).__name__)
        click.echo(json.dumps(described, ensure_ascii=False, indent=None if given.json else 2))
        sys.stdout.flush()


def _listed(files_from: str | None) -> Iterator[str]:
    if files_from is None:
        return
    with click.open_file(files_from) as lines:
        for line in lines:
            if name := line.rstrip("\n"):
                yield name
