"""`gateway doctor`: is the world around the desk as it needs it? What, why it matters, and the line that repairs it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from ipaddress import ip_address

import click

from gateway.cli import Globals
from gateway.cli.failure import FAILED, OK, USAGE, Failure
from gateway.cli.present import clean, columns, on_terminal, show_json, show_table, style, width, wrapped
from gateway.cli.running import running
from gateway.cli.setting import configuration, now
from gateway.cli.standing import NOT_RUNNING, standing
from gateway.config.secrets import SecretError
from gateway.config.settings import Config
from gateway.doctor.checkup import Around, Asked, checkup
from gateway.doctor.finding import Finding, Level, count, grouped, tally
from gateway.doctor.machine import Waiting
from gateway.edge.names import Nameservers
from gateway.office import new_id
from gateway.store.database import DatabaseTrouble, UnsafeDatabase
from gateway.store.schema import WrongSchema

_SHOWN: dict[Level, tuple[str, str]] = {
    "ok": ("ok", "green"), "skip": ("-", "cyan"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")
}  # fmt: skip
_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::(\d{1,5}))?")
_WIDEST_NAME = 28  # columns
_MARGIN = 8  # columns before a name: two blanks, the level, two more


@click.command()
@click.option("--strict", is_flag=True, help="Leave with 1 for warnings too.")
@click.option("--send-test", is_flag=True, help="Send a mail to a tagged address of each mailbox, and await it.")
@click.option("--nameserver", metavar="ADDR[:PORT]", help="Ask this one, not those of /etc/resolv.conf.")
@click.pass_obj
def doctor(given: Globals, strict: bool, send_test: bool, nameserver: str | None) -> int:
    """Look at the outer world: mailboxes, relay, DNS, listeners, trust, disk, clock, database, files, the unit.

    Each finding says what is so, why it matters, and the command, line or record that repairs it. Changes nothing.
    Leaves with 1 where something is broken. "-" was not looked at.
    """
    config = configuration(given)
    asked = Asked(_nameservers(nameserver), new_id if send_test else None)
    findings = asyncio.run(checkup(config, os.environ, now, _around(config), asked))
    if given.quiet:
        findings = [each for each in findings if each.level in ("warn", "fail")]
    broken = bool(count(findings, "fail") or (strict and count(findings, "warn")))
    if given.json:
        show_json(_record(findings))
    elif on_terminal():
        for line in _screen(findings):
            click.echo(line)
    else:
        show_table(("level", "about", "check", "name", "what", "why", "repair"), [_row(each) for each in findings])
    return FAILED if broken else OK


def _nameservers(given: str | None) -> Nameservers:
    if given is None:
        return Nameservers()
    found = _ADDRESS.fullmatch(given)
    try:
        address = str(ip_address((found[1] or found[2]) if found else given))
    except ValueError as error:
        raise Failure(USAGE, f"{given} is no address of a name server: write 9.9.9.9 or [::1]:5353") from error
    return Nameservers((address,), int(found[3]) if found and found[3] else 53)


def _around(config: Config) -> Around:
    """As `status` sees it; of a database that cannot be used the doctor says why."""
    try:
        found = standing(config, os.environ, now())
    except (WrongSchema, SecretError, UnsafeDatabase, DatabaseTrouble):
        return Around(running(config.state_dir) is not None)
    return Around(
        daemon=found.daemon is not None,
        desk=found.schema is not None,
        waiting=tuple(
            Waiting(each.level == "critical", each.words, each.look) for each in found.trouble if each != NOT_RUNNING
        ),
        letters=found.waiting_letters,
        last_mail={box.address: box.last_mail for box in found.boxes} if found.schema else None,
    )


def _record(findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "failures": count(findings, "fail"),
        "warnings": count(findings, "warn"),
        "findings": [asdict(each) for each in findings],
    }


def _row(each: Finding) -> tuple[str, ...]:
    return (each.level, each.about, each.check, each.name, each.what, each.why, "; ".join(each.repair))


def _screen(findings: Sequence[Finding]) -> Iterator[str]:
    """Words are wrapped to the terminal."""
    room = min(_WIDEST_NAME, max((width(clean(each.name)) for each in findings), default=0))
    indent = " " * (_MARGIN + room + 2)
    space = max(30, columns() - len(indent))
    for about, group in grouped(findings).items():
        yield style(clean(about), bold=True)
        for each in group:
            word, colour = _SHOWN[each.level]
            name = clean(each.name)
            first, *more = wrapped(clean(each.what), space)
            head = f"  {style(word.ljust(4), fg=colour, bold=each.level == 'fail')}  {name}"
            if width(name) > room:
                yield head
                yield indent + first
            else:
                yield head + " " * (room - width(name) + 2) + first
            yield from (indent + line for line in [*more, *wrapped(clean(each.why), space)])
            yield from (_to_copy(clean(line), len(indent)) for line in each.repair)
    yield tally(findings)


def _to_copy(line: str, indent: int) -> str:
    """Never broken by us; one that is too long for its place begins further left."""
    indent = min(indent, max(_MARGIN, columns() - width(line)))
    return " " * indent + style(line, bold=True)
