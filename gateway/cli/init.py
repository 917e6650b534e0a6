"""`gateway init`: a desk of one's own, from a preset."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import sys
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.check import checked, show_problems
from gateway.cli.failure import CANNOT_CREATE, CONFIGURATION, DATA, USAGE, Failure
from gateway.cli.present import say

SECONDS = 5.0  # how long a server may take to answer
LOCALTIME = Path("/etc/localtime")


@click.command()
@click.argument("address", required=False)
@click.option("--desk", metavar="PRESET", help="Which of config/desks/ to begin with (default: phased).")
@click.option("--dir", "directory", default=".", metavar="D", help="Where to write gateway.toml and config/*.toml.")
@click.option(
    "--agent", "people", multiple=True, metavar="A", help='"Ana Ruiz <ana@acme.example>"; the first is a lead.'
)
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--offline", is_flag=True, help="Look for no servers.")
@click.pass_obj
def init(
    given: Globals,
    address: str | None,
    desk: str | None,
    directory: str,
    people: tuple[str, ...],
    yes: bool,
    offline: bool,
) -> int:
    """Write a commented configuration for ADDRESS, check it, and say what to do next. Nothing is overwritten."""
    from gateway.init import DEFAULT_PRESET, NotAnAddress, agents, files, identity, presets

    asks = not yes and sys.stdin.isatty()
    if address is None:
        if not asks:
            raise Failure(USAGE, "say which address: gateway init support@your-domain")
        address = str(click.prompt("The address that customers write to", err=True))
    known = presets()
    if desk is None:
        desk = (
            str(click.prompt("Which desk", type=click.Choice(known), default=DEFAULT_PRESET, err=True))
            if asks
            else DEFAULT_PRESET
        )
    if desk not in known:
        raise Failure(USAGE, f"there is no preset {desk}; there is {', '.join(known)}")
    if asks and not people:
        people = tuple(_ask_for_agents())
    try:
        texts = files(desk, identity(address, _timezone()), agents(people))
    except NotAnAddress as error:
        raise Failure(DATA, str(error)) from error
    folder = Path(directory)
    write(folder, texts)
    found = checked(folder / "gateway.toml")
    if found.broken:
        show_problems(found.problems, err=True)
        raise Failure(CONFIGURATION, f"{folder}: written, but it does not pass gateway check")
    for path in texts:
        say(given, f"wrote {folder / path}")
    if not offline:
        _look_for_servers(given, address.strip().rpartition("@")[2])
    if not given.quiet:
        click.echo(_next(folder, bool(people)))
    return 0


def write(folder: Path, texts: dict[str, str]) -> None:
    """All of them or none: what is there already stays as it is (73)."""
    there = [str(folder / path) for path in texts if (folder / path).exists()]
    if there:
        raise Failure(CANNOT_CREATE, f"there is {', '.join(there)} already; nothing was written")
    written: list[Path] = []
    try:
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as file:
                written.append(target)
                file.write(text)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        raise Failure(CANNOT_CREATE, f"{error.filename}: {error.strerror}; nothing was written") from error


def _ask_for_agents() -> list[str]:
    found: list[str] = []
    while True:
        question = "Who answers, as in Ana Ruiz <ana@acme.example>" if not found else "Anybody else (Enter: no)"
        answer = str(click.prompt(question, default="", show_default=False, err=True)).strip()
        if not answer:
            return found
        found.append(answer)


def _timezone() -> str:
    """The machine's zone; UTC where it does not say."""
    said = os.environ.get("TZ", "").lstrip(":")
    if not said and LOCALTIME.is_symlink():
        said = str(LOCALTIME.resolve()).partition("/zoneinfo/")[2]
    from zoneinfo import available_timezones

    return said if said in available_timezones() and not said.startswith("Etc/") else "UTC"


def _look_for_servers(given: Globals, domain: str) -> None:
    """Names that most domains use: what answers is named, so that it can be written into gateway.toml."""
    guesses = [(f"{name}.{domain}", 993, "imap") for name in ("imap", "mail")]
    guesses += [(f"{name}.{domain}", 587, "send") for name in ("smtp", "mail")]

    async def look() -> list[bool]:
        return list(await asyncio.gather(*(_answers(host, port, tls=port == 993) for host, port, _ in guesses)))

    found = [guess for guess, answers in zip(guesses, asyncio.run(look()), strict=True) if answers]
    for host, port, where in found:
        table = "[mailbox.support.imap]" if where == "imap" else "[send]"
        say(given, f"{host}:{port} answers: write it into {table}")
    if not found:
        say(given, f"no mail server of {domain} was found under the usual names")


async def _answers(host: str, port: int, *, tls: bool) -> bool:
    """Whether a server with a valid certificate, or for STARTTLS any server, answers there."""
    context = ssl.create_default_context() if tls else None
    try:
        opened = asyncio.open_connection(host, port, ssl=context, server_hostname=host if tls else None)
        reader, writer = await asyncio.wait_for(opened, SECONDS)
    except (OSError, ssl.SSLError, TimeoutError, UnicodeError):
        return False
    try:
        return bool(await asyncio.wait_for(reader.readline(), SECONDS))
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), SECONDS)


def _next(folder: Path, staffed: bool) -> str:
    config = folder / "gateway.toml"
    steps = [
        *(() if staffed else (f"write who answers into {folder / 'config' / 'agents.toml'}",)),
        f"read {config}: where mail comes in ([listen], [mailbox.support.imap]) and goes out ([send])",
        f"gateway -c {config} check",
        f"gateway -c {config} doctor",
        f"gateway -c {config} serve",
    ]
    return "Next:\n" + "\n".join(f"  {number}. {step}" for number, step in enumerate(steps, start=1))
