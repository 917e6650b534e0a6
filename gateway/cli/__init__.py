"""The `gateway` command: a file a noun, each imported when it is asked for, so that `--help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from gateway import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Where each command lives, and the line that `--help` shows: to list them nothing is imported.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("gateway.cli.serve:serve", "Run the daemon."),
    "check": ("gateway.cli.check:check", "Check configuration, templates, calendars, rules and secrets."),
    "doctor": ("gateway.cli.doctor:doctor", "Look at the outer world: mailboxes, relay, DNS, disk, clock, database."),
    "status": ("gateway.cli.status:status", "Say how it is doing, on one screen."),
    "reload": ("gateway.cli.status:reload", "Check the configuration, then let the daemon take it on."),
    "pause": ("gateway.cli.status:pause", "Hold fetching (in), sending (out) or reminders (timers)."),
    "resume": ("gateway.cli.status:resume", "End a pause."),
    "init": ("gateway.cli.init:init", "Write the configuration of a desk of your own, from a preset."),
    "demo": ("gateway.cli.demo:demo", "A ticket's life in under a minute, no network."),
    "upcoming": ("gateway.cli.upcoming:upcoming", "Every reminder, warning, update, closing to come, with its date."),
    "simulate": ("gateway.cli.simulate:simulate", "Play a scenario with a virtual clock: months in seconds."),
    "when": ("gateway.cli.when:when", "Explain a date, day by day."),
    "mail": ("gateway.cli.mail:mail", "Mails: take in, explain, list, show, quarantine."),
    "queue": ("gateway.cli.queue:queue", "Letters that wait, were sent, or failed."),
    "ticket": ("gateway.cli.ticket:ticket", "Tickets: list, show, answer, change."),
    "problem": ("gateway.cli.problem_tell:problem", "One cause, many tickets: list, show, tell all of them."),
    "agent": ("gateway.cli.people:agent", "Who works here: list, show."),
    "customer": ("gateway.cli.people:customer", "Who wrote to us: list, show, export, forget."),
    "stats": ("gateway.cli.stats:stats", "First responses, resolutions, targets kept, ratings, what waits."),
    "template": ("gateway.cli.template:template", "Letter templates: list, preview, diff, check."),
    "config": ("gateway.cli.config:config", "The configuration as it is in force, and its schema."),
    "keys": ("gateway.cli.keys:keys", "The keys of reply addresses and tokens."),
    "verify": ("gateway.cli.verify:verify", "Replay every ticket and compare; check the database and its files."),
    "export": ("gateway.cli.exchange:export", "Tickets as lines of JSON, or mails as an mbox."),
    "import": ("gateway.cli.exchange:import_", "Take in tickets that another desk exported."),
    "backup": ("gateway.cli.backup:backup", "Copy the desk into a folder, while the daemon runs."),
    "restore": ("gateway.cli.backup:restore", "Make a desk of a backup, where there is none."),
    "db": ("gateway.cli.verify:db", "The database's schema."),
    "manual": ("gateway.cli.manual:manual", "Write the manual pages into a folder."),
    "completion": ("gateway.cli.completion:completion", "What a shell needs to complete these commands."),
}
_VALUED = {"-c": "config", "--config": "config", "--as": "agent"}
_FLAGS = {"--json": "json", "-q": "quiet", "--quiet": "quiet", "-v": "verbose", "--verbose": "verbose"}


@dataclass(frozen=True, slots=True)
class Globals:
    """What is said before or after any command. `agent`: who acts (`--as`), "" by the caller's Unix user."""

    config: str = ""
    agent: str = ""
    json: bool = False
    quiet: bool = False
    verbose: bool = False


class Lazy(click.Group):
    """A group whose commands are imported when they are called; `commands_at`: where, and the line for `--help`."""

    def __init__(self, *args: Any, commands_at: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._at:
            return None
        module, _, name = self._at[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in self._at or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, self._at, n=1)
        raise click.UsageError(f"there is no command {name}." + (f" Did you mean {near[0]}?" if near else ""), ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names and lines from the table: to complete `gateway ti` nothing is imported."""
        from click.shell_completion import CompletionItem

        commands = [CompletionItem(name, help=line) for name, (_, line) in self._at.items()]
        return [each for each in commands if each.value.startswith(incomplete)] + click.Command.shell_complete(
            self, ctx, incomplete
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._at.items()])


@click.group(
    cls=Lazy, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="gateway")
@click.option("-c", "--config", metavar="FILE", help="Else $GATEWAY_CONFIG, ./gateway.toml, /etc/gateway/gateway.toml.")
@click.option("--json", "as_json", is_flag=True, help="Results as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No messages; lists give numbers only.")
@click.option("-v", "--verbose", is_flag=True, help="More messages.")
@click.option("--as", "agent", metavar="AGENT", help="Who acts (else the agent whose unix_user you are).")
@click.pass_context
def gateway(
    ctx: click.Context, config: str | None, as_json: bool, quiet: bool, verbose: bool, agent: str | None
) -> None:
    """A support address becomes a ticket desk: by mail alone."""
    ctx.obj = Globals(config or "", agent or "", as_json, quiet, verbose)


def globals_first(arguments: list[str]) -> list[str]:
    """Global options may stand anywhere: they are moved before the command. Nothing behind `--` is one."""
    front: list[str] = []
    rest: list[str] = []
    given = iter(arguments)
    for argument in given:
        if argument == "--":
            rest += [argument, *given]
        elif argument in _FLAGS:
            front.append(argument)
        elif argument in _VALUED:
            front += [argument, *([value] if (value := next(given, None)) is not None else [])]
        elif argument.startswith(("--config=", "--as=")):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def main() -> None:
    """Exit codes: CONTRACT §2, the sysexits(3) ones where there is one."""
    from gateway.cli.failure import run

    sys.exit(run(gateway, globals_first(sys.argv[1:])))
