"""`gateway verify` and `gateway db`: is what was promised still there and true, and is the schema ours?"""

from __future__ import annotations

import os

import click

from gateway.cli import Globals
from gateway.cli.failure import CONFIGURATION, FAILED, OK, Failure
from gateway.cli.present import say, show_json, show_table
from gateway.cli.setting import configuration, now, office
from gateway.desk.evolve import replay
from gateway.store import keys, schema
from gateway.store.database import Database
from gateway.store.verify import verify as differences


@click.command()
@click.pass_obj
def verify(given: Globals) -> int:
    """Replay every ticket and compare; check the database and its files. Leaves with 1 where something differs."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            found = list(differences(tx, at.desk.blobs, replay))
    finally:
        at.close()
    if given.json:
        show_json([{"where": each.where, "what": each.what} for each in found])
    elif found:
        show_table(("where", "what"), [(each.where, each.what) for each in found])
    if found:
        say(given, f"{len(found)} {'difference' if len(found) == 1 else 'differences'}")
        return FAILED
    say(given, "everything is there, and as its events say")
    return OK


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.pass_obj
def migrate(given: Globals) -> None:
    """Bring the database to this program's version (a copy of it is kept beside it), or make it."""
    config = configuration(given)
    config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(config.storage.database_url(os.environ))
    try:
        before = schema.migrate(database)
        database.write(keys.load_or_make, now())
    except schema.WrongSchema as error:
        raise Failure(CONFIGURATION, str(error)) from error
    finally:
        database.close()
    if given.json:
        return show_json({"before": before, "now": schema.HEAD})
    if before == schema.HEAD:
        return say(given, f"the database is at {schema.HEAD} already")
    return say(given, f"the database was made, at {schema.HEAD}" if before is None else f"{before} → {schema.HEAD}")
