"""`gateway serve`: the daemon."""

from __future__ import annotations

import os

import click

from gateway.cli import Globals
from gateway.cli.failure import CONFIGURATION, FAILED, TRY_AGAIN, Failure
from gateway.cli.setting import configuration


@click.command()
@click.option("--once", is_flag=True, help="Drain spool, due timers and what is due in the outbox, then exit.")
@click.option("--dry-run", is_flag=True, help="No listener; letters to state/dry-run/, on a copy of the database.")
@click.pass_obj
def serve(given: Globals, once: bool, dry_run: bool) -> None:
    """Run the daemon until it is told to stop (SIGTERM drains, SIGHUP reloads)."""
    from gateway import daemon, daemon_log
    from gateway.config.secrets import SecretError
    from gateway.edge.listeners import CannotListen
    from gateway.store.database import UnsafeDatabase
    from gateway.store.schema import WrongSchema

    config = configuration(given)
    daemon_log.configure("debug" if given.verbose else config.log.level, config.log.format)
    try:
        daemon.serve(config, os.environ, once=once, dry_run=dry_run)
    except daemon.AlreadyRunning as error:
        raise Failure(TRY_AGAIN, str(error)) from error
    except (SecretError, WrongSchema) as error:
        raise Failure(CONFIGURATION, str(error)) from error
    except (CannotListen, UnsafeDatabase) as error:
        raise Failure(FAILED, str(error)) from error
