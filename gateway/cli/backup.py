"""`gateway backup` and `gateway restore`: a copy of the desk while it works, and the way back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.failure import CANNOT_CREATE, CONFIGURATION, DATA, FAILED, NO_INPUT, REFUSED, Failure
from gateway.cli.present import say, show_json
from gateway.cli.setting import configuration, now, office
from gateway.config.settings import Config
from gateway.store import backup as copies
from gateway.store.blobs import BlobDamaged
from gateway.store.database import NoDatabase
from gateway.store.schema import WrongSchema

_OURS = "configuration"


@click.command()
@click.argument("destination", type=click.Path(file_okay=False, path_type=Path), metavar="DEST")
@click.pass_obj
def backup(given: Globals, destination: Path) -> None:
    """Copy database, files and configuration into the folder DEST, while the daemon runs; the copy is read back.

    A folder with an earlier backup is brought up to date. Secrets are not part of it.
    """
    at = office(given)
    try:
        if at.db.dialect != "sqlite":
            raise Failure(REFUSED, "a PostgreSQL is backed up with its own tools (pg_dump); files lie in storage.blobs")
        copied = copies.back_up(at.db, at.desk.blobs, destination)
        _copy_configuration(at.config, destination / _OURS)
        _note(given, at.config, destination)
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{error.filename or destination}: {error.strerror}") from error
    except BlobDamaged as error:
        raise Failure(FAILED, f"the backup is not complete: {error}; gateway verify tells more") from error
    finally:
        at.close()
    if given.json:
        return show_json({"destination": str(destination), "files_copied": copied})
    return say(given, f"{destination}: database and configuration are copied, and {copied} files that it did not have")


def _note(given: Globals, config: Config, destination: Path) -> None:
    try:
        copies.note(config.state_dir, destination, now())
    except OSError as error:
        say(given, f"gateway doctor will not know of it: {config.state_dir}: {error.strerror}")


def _copy_configuration(config: Config, folder: Path) -> None:
    root = config.path.resolve().parent
    for path in config.files:
        inside = path.resolve().is_relative_to(root)
        target = folder / (path.resolve().relative_to(root) if inside else path.name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(path, target)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="SRC")
@click.pass_obj
def restore(given: Globals, source: Path) -> None:
    """Make a desk of the backup in SRC, where there is none. Its sending is paused until `gateway resume out`."""
    config = configuration(given)
    url = config.storage.database_url(os.environ)
    if not url.startswith("sqlite:///"):
        raise Failure(REFUSED, "a PostgreSQL is restored with its own tools (pg_restore)")
    try:
        copies.restore(source, Path(url.removeprefix("sqlite:///")), config.storage.blobs, now=now())
    except copies.NotEmpty as error:
        raise Failure(CANNOT_CREATE, f"{error}: a restore never writes over a desk; nothing was done") from error
    except NoDatabase as error:
        raise Failure(NO_INPUT, f"{source} is no backup: {copies.DATABASE} is missing in it") from error
    except WrongSchema as error:
        raise Failure(CONFIGURATION, str(error)) from error
    except BlobDamaged as error:
        raise Failure(DATA, f"the backup is damaged: {error}") from error
    say(given, "restored; nothing is sent until you say: gateway resume out")
