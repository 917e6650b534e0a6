"""`gateway mail explain`: what it is, where it goes, and why. Changes nothing."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from gateway.cli import Globals, glance
from gateway.cli.failure import NO_INPUT, Failure
from gateway.cli.setting import configuration, now, visit
from gateway.deliver import gather
from gateway.desk.policy import Policy
from gateway.explain import NOBODYS, Json, decided, described, read_file, recorded, unreadable
from gateway.intake.reading import Reading, read
from gateway.intake.verdict import Facts
from gateway.mail.message import Unreadable
from gateway.mail.parse import parse
from gateway.mail.thread import Keys
from gateway.office import Office
from gateway.store import mails
from gateway.store.keying import KeyScanner
from gateway.store.mails import MailRecord
from gateway.store.transaction import Transaction

_ID = re.compile(r"[0-9a-f]{4,32}")


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE|ID]...")
@click.option("--files-from", metavar="FILE", help='Read file names from FILE, one a line; "-" is standard input.')
@click.option("--to", "recipients", multiple=True, metavar="A", help="As if it came to A (else what its header says).")
@click.pass_obj
def explain(given: Globals, files: tuple[str, ...], files_from: str | None, recipients: tuple[str, ...]) -> None:
    """Say what the gateway makes of mails, and why. Changes nothing.

    A FILE is a mail; an ID is that of one that came in, as in `mail list`. Without a configuration only what a mail is
    can be told; without a database nothing matches.
    """
    from gateway.cli.explained import lines

    desk = _desk(given)
    try:
        for index, file in enumerate(_named(files, files_from)):
            found = _explained(file, desk, recipients)
            if given.json:
                click.echo(json.dumps(found, ensure_ascii=False))
            else:
                click.echo("\n".join([*([""] if index else []), *lines(found, desk.policy if desk else None)]))
            sys.stdout.flush()
    finally:
        if desk and desk.office:
            desk.office.close()


def _named(files: Sequence[str], files_from: str | None) -> Iterator[str]:
    yield from files
    if files_from is None:
        return
    try:
        with click.open_file(files_from, errors="surrogateescape") as listed:
            yield from (name for line in listed if (name := line.rstrip("\n")))
    except OSError as error:
        raise Failure(NO_INPUT, f"{files_from}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who judges. `office` None: there is no database yet, and nothing matches."""

    policy: Policy
    office: Office | None


def _desk(given: Globals) -> _Desk | None:
    """None where no configuration is said and none is there. A broken one ends it all (78)."""
    if glance.find(given.config, os.environ) is None:
        return None
    config = configuration(given)
    return _Desk(config.policy, visit(config))


def _explained(file: str, desk: _Desk | None, to: Sequence[str]) -> Json:
    """Never raises: every file has its line, and the next one is read."""
    path = Path(file)
    try:
        if desk and desk.office and _ID.fullmatch(file) and not path.exists():
            return _stored(file, desk.policy, desk.office)
        return _of_file(path.read_bytes(), file, desk, to)
    except Unreadable as refusal:
        return unreadable(file, str(refusal))
    except OSError as error:
        return unreadable(file, error.strerror or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - the daemon would set this mail aside and go on with the next
        return unreadable(file, f"reading it failed: {type(error).__name__}: {error}")


def _of_file(raw: bytes, file: str, desk: _Desk | None, to: Sequence[str]) -> Json:
    if desk is None:
        return described(read_file(raw, NOBODYS, to), file)
    reading = read_file(raw, desk.policy, to)
    if desk.office is None:
        return described(reading, file) | decided(reading, Facts(), desk.policy, Keys(()), now())
    scanner = KeyScanner()
    scanner.feed(raw)
    with desk.office.db.snapshot() as tx:
        return described(reading, file) | _judged(tx, reading, mails.by_key(tx, scanner.key()), desk.office, now())


def _stored(prefix: str, policy: Policy, office: Office) -> Json:
    """A mail that came in, under the envelope that it came with."""
    with office.db.snapshot() as tx:
        found = mails.find(tx, prefix)
        record = mails.get(tx, found[0]) if len(found) == 1 else None
        if record is None:
            return unreadable(prefix, "no such file, and no mail's id" if not found else "it begins several mails' ids")
        if record.mail.sha256 is None:
            return unreadable(prefix, "its bytes were forgotten, as raw_mail says")
        reading = read(parse(office.desk.blobs.get(tx, record.mail.sha256)), record.mail.envelope, policy)
        return described(reading, prefix) | _judged(tx, reading, record, office, now())


def _judged(tx: Transaction, reading: Reading, record: MailRecord | None, office: Office, at: datetime) -> Json:
    """What was decided when it came, if it did; else what would be."""
    facts = gather(tx, reading, office.desk, at)
    if record is not None and record.state != "pending" and record.decision:
        return recorded(record, reading, facts, office.desk.policy, at)
    return decided(reading, facts, office.desk.policy, office.desk.keys, at)
