"""`gateway keys`: the keys of reply addresses and tokens. No secret is ever shown."""

from __future__ import annotations

import click

from gateway.cli import Globals
from gateway.cli.present import say, show_json, show_table
from gateway.cli.setting import now, office
from gateway.mail.thread import RETIRED_COUNTS, Key
from gateway.shown import instant
from gateway.store import keys as stored


@click.group()
def keys() -> None:
    """The keys of reply addresses and tokens."""


@keys.command("list")
@click.pass_obj
def list_(given: Globals) -> None:
    """The key in use first; a retired one counts for 400 days more, then mail that it vouches for is held."""
    at = office(given)
    at.close()
    records = [_record(each) for each in at.desk.keys.keys]
    if given.json:
        return show_json(records)
    rows = [[str(value or "") for value in each.values()] for each in records]
    return show_table(("key", "state", "retired", "counts until"), rows)


@keys.command()
@click.pass_obj
def rotate(given: Globals) -> None:
    """Retire the key in use and make another one. What the old one signed goes on to count for 400 days."""
    at = office(given)
    try:
        found = at.db.write(stored.rotate, now())
    finally:
        at.close()
    if given.json:
        return show_json([_record(each) for each in found.keys])
    return say(given, f"key {found.current.id} is in use; a daemon that runs takes it on within a second")


def _record(key: Key) -> dict[str, object]:
    until = key.retired_at + RETIRED_COUNTS if key.retired_at else None
    return {
        "id": key.id,
        "state": "retired" if key.retired_at else "in use",
        "retired_at": instant(key.retired_at),
        "counts_until": instant(until),
    }
