"""`gateway status`, `reload`, `pause`, `resume`: how it is doing, and what an operator tells it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from gateway import __version__
from gateway.cli import Globals, glance
from gateway.cli.check import checked, show_problems
from gateway.cli.failure import CONFIGURATION, OK, Failure
from gateway.cli.present import ago, clean, say, show_json, style, width
from gateway.cli.running import hang_up, running
from gateway.cli.setting import config_file, now, office
from gateway.cli.standing import NOT_RUNNING, Standing, Trouble, standing
from gateway.config.load import load
from gateway.shown import instant
from gateway.store import pauses
from gateway.store.pauses import Pausable
from gateway.store.schema import WrongSchema

NAGIOS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
ALL: tuple[Pausable, ...] = ("in", "out", "timers")


@click.command()
@click.option("--nagios", is_flag=True, help="One line, and 0, 1, 2 or 3 as its plug-ins leave with.")
@click.pass_obj
def status(given: Globals, nagios: bool) -> int:
    """Say how it is doing, on one screen."""
    at = now()
    path = config_file(given)
    config = load(path, environment=os.environ, today=at.date())
    try:
        found = _half_blind(path) if isinstance(config, list) else standing(config, os.environ, at)
    except WrongSchema as error:
        if not nagios:
            raise Failure(CONFIGURATION, str(error)) from error
        found = Standing(None, trouble=(Trouble("critical", str(error)),))
    if nagios:
        return _nagios(found, known=not isinstance(config, list) and found.schema is not None)
    written = _written(path)
    if given.json:
        show_json(_record(found, path, written, usable=not isinstance(config, list)))
    else:
        zone = ZoneInfo("UTC" if isinstance(config, list) else config.policy.timezone)
        prefix = "" if isinstance(config, list) else f"{config.policy.prefix}-"
        for line in _screen(found, path, written, at, zone, prefix):
            click.echo(line)
    return CONFIGURATION if isinstance(config, list) else OK


def _half_blind(path: Path) -> Standing:
    """Of a configuration that is broken only the daemon can be seen, which goes on with the one it has."""
    place = glance.state_dir(path, os.environ)
    daemon = running(place) if place else None
    written = _written(path)
    since = f" since {written.astimezone():%a %d %b %H:%M}" if written else ""
    broken = Trouble("warning", f"the configuration on disk is broken{since}", "gateway check")
    return Standing(daemon, trouble=(broken,) if daemon else (broken, NOT_RUNNING))


def _written(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


# -- the screen --------------------------------------------------------------------------------------------------------


def _screen(
    found: Standing, path: Path, written: datetime | None, at: datetime, zone: ZoneInfo, prefix: str
) -> Iterator[str]:
    yield "   ".join(_first_line(found, path, written, zone))
    if found.boxes:
        yield from _mailboxes(found, at)
    if found.schema is not None:
        yield _line("MAIL", _mail_words(found))
        yield _line("LETTERS", _letter_words(found))
        yield _line("TICKETS", _ticket_words(found))
    if found.next:
        dues = (f"{each.at.astimezone(zone):%a %d %b %H:%M} {each.kind} {prefix}{each.ticket}" for each in found.next)
        yield _line("NEXT", " · ".join(dues))
    room = max((width(each.words) for each in found.trouble), default=0)
    for index, each in enumerate(found.trouble):
        words = style(clean(each.words), fg="red" if each.level == "critical" else "yellow")
        gap = " " * (min(room, 70) - width(each.words) + 3)
        yield (_line("TROUBLE" if index == 0 else "", words + gap) + each.look).rstrip()


def _first_line(found: Standing, path: Path, written: datetime | None, zone: ZoneInfo) -> Iterator[str]:
    yield style(f"gateway {__version__}", bold=True)
    if found.daemon is None:
        yield style("not running", fg="red")
    else:
        yield f"running since {found.daemon.since.astimezone(zone):%a %d %b %H:%M} (pid {found.daemon.pid})"
    yield f"{path} of {written.astimezone(zone):%a %d %b %H:%M}" if written else f"{path} cannot be read"
    yield f"schema {found.schema}" if found.schema else "no database yet"


def _mailboxes(found: Standing, at: datetime) -> Iterator[str]:
    rows = [("MAILBOX", "IN", "LAST MAIL")]
    for box in found.boxes:
        rows.append((clean(box.address), ", ".join(box.ways) or "nothing", ago(box.last_mail, at) or "none yet"))
    widths = [max(width(row[column]) for row in rows) for column in range(3)]
    for index, row in enumerate(rows):
        line = "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()
        yield style(line, bold=True) if index == 0 else line


def _line(head: str, words: str) -> str:
    return f"{style(head.ljust(8), bold=True)} {words}"


def _mail_words(found: Standing) -> str:
    mails = found.mails
    return (
        f"{mails.get('pending', 0)} waiting, {mails.get('held', 0)} held, {mails.get('quarantined', 0)} in quarantine"
        f" · {mails.get('done', 0)} handled"
    )


def _letter_words(found: Standing) -> str:
    letters = found.letters
    return f"{found.waiting_letters} waiting, {letters.get('failed', 0)} failed, {letters.get('held', 0)} held" + (
        f" · {letters.get('sent', 0)} sent"
    )


def _ticket_words(found: Standing) -> str:
    count = found.tickets.by_status
    opened = count.get("new", 0) + count.get("open", 0)
    parts = [f"{opened} open, {found.tickets.unassigned} without agent, {found.tickets.late} late"]
    parts += [f"{count['pending']} wait for the customer"] if count.get("pending") else []
    parts += [f"{count['on_hold']} on hold"] if count.get("on_hold") else []
    parts += [f"{count['solved']} solved"] if count.get("solved") else []
    return " · ".join([*parts, f"{found.tickets.closed_lately} closed this week"])


def _record(found: Standing, path: Path, written: datetime | None, *, usable: bool) -> dict[str, object]:
    daemon = found.daemon
    return {
        "version": __version__,
        "running": daemon is not None,
        "pid": daemon.pid if daemon else None,
        "since": instant(daemon.since) if daemon else None,
        "configuration": {"file": str(path), "usable": usable, "written": instant(written)},
        "schema": found.schema,
        "paused": {what: instant(since) for what, since in found.paused.items()},
        "mailboxes": [
            {"address": box.address, "in": list(box.ways), "last_mail": instant(box.last_mail)} for box in found.boxes
        ],
        "mails": dict(found.mails),
        "letters": dict(found.letters),
        "tickets": {
            **{str(each): count for each, count in found.tickets.by_status.items()},
            "unassigned": found.tickets.unassigned,
            "late": found.tickets.late,
            "closed_this_week": found.tickets.closed_lately,
        },
        "next": [{"at": instant(each.at), "ticket": each.ticket, "kind": each.kind} for each in found.next],
        "trouble": [{"level": each.level, "what": each.words, "look": each.look or None} for each in found.trouble],
    }


def _nagios(found: Standing, *, known: bool) -> int:
    """The line and the code that Nagios, Icinga and their kin expect of a plug-in."""
    levels = {each.level for each in found.trouble}
    code = 2 if "critical" in levels else 1 if levels else 0
    code = 3 if not known and code == 0 else code
    opened = sum(found.tickets.by_status.get(each, 0) for each in ("new", "open"))
    words = "; ".join(clean(each.words).replace("|", "/") for each in found.trouble) or f"{opened} open"
    figures = f"open={opened} late={found.tickets.late} letters={found.waiting_letters}"
    click.echo(f"GATEWAY {NAGIOS[code]} - {words} | {figures} mails={found.mails.get('pending', 0)}")
    return code


# -- what it is told ---------------------------------------------------------------------------------------------------


@click.command()
@click.pass_obj
def reload(given: Globals) -> int:
    """Check the configuration, then let the daemon take it on. Leaves with 78 where it is broken: the old one stays."""
    found = checked(config_file(given))
    errors = [each for each in found.problems if each.severity == "error"]
    if errors or found.config is None:
        show_problems(errors, err=True)
        raise Failure(CONFIGURATION, "nothing was reloaded: the gateway keeps the configuration it has")
    told = hang_up(found.config.state_dir)
    say(given, f"{found.path} is fine; the gateway (pid {told.pid}) takes it on")
    return OK


_what = click.argument("what", required=False, type=click.Choice(ALL), metavar="[in|out|timers]")


@click.command()
@_what
@click.pass_obj
def pause(given: Globals, what: Pausable | None) -> None:
    """Hold the handling of mail (in), sending (out) or reminders (timers); without a word all three.

    Mail is still accepted and kept. It holds over restarts, until `gateway resume`.
    """
    _each(given, what, stop=True)


@click.command()
@_what
@click.pass_obj
def resume(given: Globals, what: Pausable | None) -> None:
    """End a pause; without a word all of them."""
    _each(given, what, stop=False)


def _each(given: Globals, what: Pausable | None, *, stop: bool) -> None:
    at = office(given)
    try:
        with at.db.transaction() as tx:
            for each in (what,) if what else ALL:
                if stop:
                    pauses.pause(tx, each, now=now(), by=given.agent or getpass.getuser())
                else:
                    pauses.resume(tx, each)
            left = pauses.paused(tx)
    finally:
        at.close()
    if given.json:
        show_json({str(each): instant(since) for each, since in left.items()})
    else:
        say(given, f"paused: {', '.join(left)}" if left else "nothing is paused")
