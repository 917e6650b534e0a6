"""`gateway config`: the configuration as it holds, its schema, and what a key means."""

from __future__ import annotations

import json
import os

import click

from gateway.cli import Globals
from gateway.cli.failure import UNKNOWN, Failure
from gateway.cli.present import show_json
from gateway.cli.setting import configuration
from gateway.config.entry import dotted
from gateway.config.net_kinds import Secret
from gateway.config.show import Setting, settings
from gateway.config.show import explain as meaning
from gateway.config.show import schema as json_schema
from gateway.config.show import show as as_toml


@click.group()
def config() -> None:
    """The configuration as it is in force, and its schema."""


@config.command()
@click.option("-n", "--changed", is_flag=True, help="Only what differs from the defaults.")
@click.option("--origin", is_flag=True, help="With FILE:LINE, or default.")
@click.pass_obj
def show(given: Globals, changed: bool, origin: bool) -> None:
    """Everything that holds, as TOML; of a secret only where it is, and whether it is set."""
    found = configuration(given)
    if not given.json:
        click.echo(as_toml(found, os.environ, only_changed=changed, origins=origin))
        return
    kept = [each for each in settings(found) if each.value is not None]
    if changed:
        kept = [each for each in kept if each.origin != "default" and each.value != each.key.default]
    show_json([{"key": dotted(each.path), "value": _value(each), "origin": each.origin} for each in kept])


def _value(setting: Setting) -> object:
    """Of a command that prints a secret only the program: its arguments may say too much."""
    value = setting.value
    if isinstance(setting.key.kind, Secret) and isinstance(value, dict) and "command" in value:
        return {"command": [*value["command"][:1], "…"]}
    return json.loads(json.dumps(value, default=str))  # TOML's dates are the only values that JSON has no word for


@config.command()
def schema() -> None:
    """The JSON schema of a configuration file, for editors."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@config.command()
@click.argument("key")
@click.pass_obj
def explain(given: Globals, key: str) -> None:
    """What a key or a table means, as in `mailbox.support.imap.idle`, and what it is here."""
    from gateway.cli import glance

    here = configuration(given) if glance.find(given.config, os.environ) else None
    try:
        click.echo(meaning(key, here))
    except KeyError as error:
        meant = f". Did you mean {error.args[1]}?" if error.args[1:] and error.args[1] else ""
        raise Failure(UNKNOWN, f"there is no key {key}{meant}") from error
