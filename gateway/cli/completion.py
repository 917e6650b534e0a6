"""`gateway completion`: what a shell needs to complete these commands."""

from __future__ import annotations

import click

from gateway.cli import gateway

VARIABLE = "_GATEWAY_COMPLETE"  # as click derives it from the program's name


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print it; for bash: gateway completion bash > /etc/bash_completion.d/gateway"""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(gateway, {}, "gateway", VARIABLE).source())
