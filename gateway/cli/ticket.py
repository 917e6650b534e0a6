"""`gateway ticket`: look at tickets. Which there are is in `lists`, what changes them in `ticket_act`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.acting import number, numbers, shown
from gateway.cli.conversation import show_ticket
from gateway.cli.failure import CANNOT_CREATE, UNKNOWN, Failure
from gateway.cli.lists import LISTS
from gateway.cli.present import show_json, show_table
from gateway.cli.problem import of_tickets
from gateway.cli.setting import now, office
from gateway.cli.ticket_act import ACTS
from gateway.desk.evolve import replay
from gateway.desk.ticket import AttachmentRef
from gateway.shown import event as shown_event
from gateway.store import articles, events, tickets


@click.group()
def ticket() -> None:
    """Tickets: list, show, answer, change. N is 1042, ACME-1042, or - for numbers on standard input."""


for each in (*LISTS, *ACTS, of_tickets):
    ticket.add_command(each)


@ticket.command()
@click.argument("n", nargs=-1, required=True, metavar="N...")
@click.option("--full", is_flag=True, help="With what was quoted.")
@click.pass_obj
def show(given: Globals, n: tuple[str, ...], full: bool) -> None:
    """The conversation, oldest first, with the phase and the next date."""
    at = office(given)
    try:
        for each in numbers(n, at.desk.policy):
            with at.db.snapshot() as tx:
                found = tickets.load(tx, each, replay)
                if found is None:
                    raise Failure(UNKNOWN, f"there is no ticket {each}")
                if given.json:
                    show_json(shown(tx, at, found))
                else:
                    show_ticket(tx, at, found, now(), full=full)
    finally:
        at.close()


@ticket.command()
@click.argument("n", metavar="N")
@click.pass_obj
def log(given: Globals, n: str) -> None:
    """Who did what, and when."""
    at = office(given)
    try:
        each = number(n, at.desk.policy)
        with at.db.snapshot() as tx:
            happened = events.events_of(tx, each)
    finally:
        at.close()
    if not happened:
        raise Failure(UNKNOWN, f"there is no ticket {each}")
    lines = [shown_event(one) for one in happened]
    if given.json:
        return show_json(lines)
    rows = [(str(e["at"]), str(e["by"]), str(e["kind"]), _facts(e["data"])) for e in lines]
    return show_table(("at", "by", "what", "facts"), rows)


def _facts(data: dict[str, object]) -> str:
    return " ".join(f"{name}={value}" for name, value in data.items() if value not in (None, "", [], False))


@ticket.command()
@click.argument("n", metavar="N")
@click.argument("which", required=False, type=int, metavar="[NUMBER]")
@click.option("-O", "--output", metavar="FILE", help='Where to write it; "-" is standard output.')
@click.pass_obj
def attach(given: Globals, n: str, which: int | None, output: str | None) -> None:
    """List the attachments, or write one of them (the only one, without a number) to a file."""
    at = office(given)
    try:
        each = number(n, at.desk.policy)
        with at.db.snapshot() as tx:
            if tickets.load(tx, each, replay) is None:
                raise Failure(UNKNOWN, f"there is no ticket {each}")
            refs = articles.attachments_of(tx, each)
            if which is None and output is None:
                return _list_attachments(given, refs)
            ref = _chosen(each, which, refs)
            data = at.desk.blobs.get(tx, ref.sha256)
    finally:
        at.close()
    return _write(output or ref.name, data)


def _list_attachments(given: Globals, refs: Sequence[AttachmentRef]) -> None:
    if given.json:
        return show_json([asdict(ref) for ref in refs])
    rows = [(str(ref.id), ref.content_type, str(ref.size), ref.sha256, ref.name) for ref in refs]
    return show_table(("number", "type", "octets", "sha256", "name"), rows)


def _chosen(each: int, which: int | None, refs: Sequence[AttachmentRef]) -> AttachmentRef:
    if which is None and len(refs) == 1:
        return refs[0]
    for ref in refs:
        if ref.id == which:
            return ref
    known = ", ".join(str(ref.id) for ref in refs) or "none"
    raise Failure(UNKNOWN, f"ticket {each} has no attachment {which or 'of that kind'}: it has {known}")


def _write(path: str, data: bytes) -> None:
    if path == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{path}: {error.strerror}") from error
