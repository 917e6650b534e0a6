"""`gateway export` and `gateway import`: tickets to another desk, mails to whoever reads an mbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import click

from gateway.cli import Globals
from gateway.cli.failure import CANNOT_CREATE, DATA, NO_INPUT, Failure
from gateway.cli.present import say, show_json
from gateway.cli.setting import now, office
from gateway.cli.stats import beginning
from gateway.desk.ticket import Status
from gateway.doctor.finding import counted
from gateway.exchange import BadRecord, Record, mbox, read, record, take
from gateway.office import Office
from gateway.store import search
from gateway.store.search import Filter
from gateway.store.transaction import Transaction

EVERY: tuple[Status, ...] = ("new", "open", "pending", "on_hold", "solved", "closed")


@click.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "mbox"]), default="jsonl", show_default=True,
              help="Tickets with articles and events, or the mails as they came.")  # fmt: skip
@click.option("--since", metavar="SPAN|DATE", help="Tickets opened, or mails received, since then.")
@click.option("--files", is_flag=True, help="With the bytes of attachments.")
@click.option("-O", "--output", metavar="FILE", help="Where to; else standard output.")
@click.pass_obj
def export(given: Globals, form: Literal["jsonl", "mbox"], since: str | None, files: bool, output: str | None) -> None:
    """A ticket a line, which `gateway import` takes in; or every mail that is still kept."""
    begin = beginning(since, now()) if since else None
    at = office(given)
    try:
        with at.db.snapshot() as tx, _opened(output) as paper:
            wanted = Filter(status=EVERY, created_after=begin)
            chunks = mbox(tx, at.desk.blobs, begin) if form == "mbox" else _lines(tx, at, wanted, files=files)
            count = _written(chunks, paper)
    finally:
        at.close()
    if output:
        say(given, f"{output}: {count} octets")


@click.command("import")
@click.argument("file", metavar="FILE|-")
@click.option("-n", "--dry-run", is_flag=True, help="Say what would be taken in; change nothing.")
@click.pass_obj
def import_(given: Globals, file: str, dry_run: bool) -> None:
    """Take in tickets that `gateway export` wrote: with their numbers, words and history, and without any letter.

    A ticket whose number is taken stays as it is, so that an import that was interrupted can be repeated.
    """
    at = office(given)
    taken: list[int] = []
    there: list[int] = []
    try:
        for place, line in enumerate(_given(file), 1):
            try:
                found = read(json.loads(line))
                if not dry_run:
                    at.desk.blobs.stage(found.files.values())
                fresh = at.db.write(_take, at, found, dry_run)
            except (BadRecord, ValueError) as error:
                why = "it is no JSON" if isinstance(error, json.JSONDecodeError) else str(error)
                raise Failure(DATA, f"{file}:{place}: {why}; taken in before it: {len(taken)}") from error
            (taken if fresh else there).append(found.ticket.number)
    finally:
        at.close()
    if given.json:
        return show_json({"imported": taken, "there": there})
    would = "would be taken in" if dry_run else "taken in"
    return say(given, f"{counted(len(taken), 'ticket')} {would}, {len(there)} there before")


def _take(tx: Transaction, at: Office, found: Record, dry_run: bool) -> bool:
    with tx.begin_nested() as savepoint:
        fresh = take(tx, at.desk, found, now())
        if dry_run:
            savepoint.rollback()
        return fresh


def _lines(tx: Transaction, at: Office, wanted: Filter, *, files: bool) -> Iterator[bytes]:
    for number in sorted(search.numbers(tx, wanted)):
        told = record(tx, at.desk.blobs, number, files=files)
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def _opened(output: str | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        file = Path(output).open("wb")  # noqa: SIM115 - what goes wrong while writing is another matter
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{output}: {error.strerror}") from error
    with file:
        yield file


def _written(chunks: Iterable[bytes], paper: BinaryIO) -> int:
    return sum(paper.write(chunk) for chunk in chunks)


def _given(file: str) -> Iterator[bytes]:
    """The lines that have anything on them; one line is in memory at a time."""
    if file == "-":
        yield from filter(bytes.strip, sys.stdin.buffer)
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115
    except OSError as error:
        raise Failure(NO_INPUT, f"{file}: {error.strerror}") from error
    with source:
        yield from filter(bytes.strip, source)
