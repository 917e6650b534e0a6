"""What commands begin with: the configuration, and the desk that it describes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli import Globals
from gateway.cli.failure import CONFIGURATION, UNREACHABLE, Failure

if TYPE_CHECKING:
    from gateway.config.settings import Config
    from gateway.office import Office


def now() -> datetime:
    return datetime.now(UTC)


def config_file(given: Globals) -> Path:
    """Which configuration is meant; 78 where none is said and none is there."""
    from gateway.config.load import NoConfiguration, find

    try:
        return find(given.config or None, os.environ)
    except NoConfiguration as error:
        raise Failure(CONFIGURATION, str(error)) from error


def configuration(given: Globals) -> Config:
    """The configuration in force; every error of a broken one is printed, and we leave with 78."""
    from gateway.config.load import load
    from gateway.config.problem import render

    path = config_file(given)
    loaded = load(path, environment=os.environ, today=now().date())
    if isinstance(loaded, list):
        for problem in loaded:
            click.echo(render(problem), err=True)
        raise Failure(CONFIGURATION, f"{path} has errors; nothing was started")
    return loaded


def office(given: Globals) -> Office:
    """The desk as the daemon left it, or as it works in it this moment."""
    from gateway.store.database import NoDatabase

    try:
        return _visited(configuration(given))
    except NoDatabase as error:
        raise Failure(UNREACHABLE, str(error)) from error


def visit(config: Config) -> Office | None:
    """The same; None where there is no database yet."""
    from gateway.store.database import NoDatabase

    try:
        return _visited(config)
    except NoDatabase:
        return None


def _visited(config: Config) -> Office:
    from gateway.office import visit_office
    from gateway.store.schema import WrongSchema

    try:
        return visit_office(config, os.environ)
    except WrongSchema as error:
        raise Failure(CONFIGURATION, str(error)) from error
