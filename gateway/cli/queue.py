"""`gateway queue`: the outbox. Letters that wait, were sent, or failed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from gateway.cli import Globals
from gateway.cli.failure import REFUSED, UNKNOWN, Failure
from gateway.cli.present import ago, clean_block, say, short, show_fields, show_json, show_table
from gateway.cli.setting import now, office
from gateway.mail.compose import compose
from gateway.shown import instant
from gateway.store import queue as letters
from gateway.store.outbox import LetterState
from gateway.store.queue import Queued
from gateway.store.transaction import Transaction

UNSENT: tuple[LetterState, ...] = ("waiting", "queued", "sending", "held", "failed")
_TRIED = ("waiting", "queued", "sending")  # of these the next try is known
ALL: tuple[LetterState, ...] = (*UNSENT, "sent", "dropped", "merged")


@click.group()
def queue() -> None:
    """Letters that wait, were sent, or failed. ID may be shortened; - reads ids from standard input."""


@queue.command("list")
@click.option("--all", "everything", is_flag=True, help="With those that were sent, dropped and merged.")
@click.option("--limit", default=1000, show_default=True)
@click.pass_obj
def list_(given: Globals, everything: bool, limit: int) -> None:
    """What has not been sent, the next first, with the relay's last word."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            found = letters.listed(tx, states=ALL if everything else UNSENT, limit=limit)
    finally:
        at.close()
    if given.json:
        return show_json([_record(each) for each in found])
    if given.quiet:
        return click.echo("\n".join(each.letter.id for each in found)) if found else None
    head = ("id", "state", "ticket", "letter", "to", "tries", "next", "last word")
    rows = [
        (
            short(each.letter.id), each.state, str(each.letter.ticket or ""), each.letter.name, each.letter.to,
            str(each.attempts), ago(each.next_attempt if each.state in _TRIED else None, now()), _said(each),
        )
        for each in found
    ]  # fmt: skip
    return show_table(head, rows)


@queue.command()
@click.argument("letter_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The mail as it is sent.")
@click.pass_obj
def show(given: Globals, letter_id: str, raw: bool) -> None:
    """One letter: how it fares, and what it says."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            found = _found(tx, letter_id)
            if raw:
                sys.stdout.buffer.write(compose(found.letter, lambda sha256: at.desk.blobs.get(tx, sha256)))
                return None
    finally:
        at.close()
    if given.json:
        return show_json({**_record(found), "text": found.letter.text})
    show_fields(_record(found), 14)
    click.echo()
    click.echo(clean_block(found.letter.text))
    return None


@queue.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def retry(given: Globals, ids: tuple[str, ...]) -> None:
    """Try them now."""
    _each(
        given, ids, lambda tx, letter: letters.retry(tx, letter, now()), "is tried now", "was sent, or is being tried"
    )


@queue.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def hold(given: Globals, ids: tuple[str, ...]) -> None:
    """Keep them until they are released."""
    _each(given, ids, letters.hold, "is held", "does not wait any more")


@queue.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def release(given: Globals, ids: tuple[str, ...]) -> None:
    """Let held ones go."""
    _each(given, ids, lambda tx, letter: letters.release(tx, letter, now()), "is released", "is not held")


@queue.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def drop(given: Globals, ids: tuple[str, ...]) -> None:
    """Never send them."""
    _each(given, ids, letters.drop, "is dropped", "was sent, or is being tried")


def _each(
    given: Globals, words: Sequence[str], move: Callable[[Transaction, str], bool], done: str, refused: str
) -> None:
    at = office(given)
    try:
        for word in words:
            for each in sys.stdin.read().split() if word == "-" else [word]:
                with at.db.transaction() as tx:
                    found = _found(tx, each).letter.id
                    if not move(tx, found):
                        raise Failure(REFUSED, f"{found} {refused}")
                say(given, f"{found} {done}")
    finally:
        at.close()


def _found(tx: Transaction, prefix: str) -> Queued:
    found = letters.get(tx, prefix) if len(prefix) == 32 else None
    if found is None:
        alike = [each for each in letters.listed(tx, states=ALL, limit=100_000) if each.letter.id.startswith(prefix)]
        if len(alike) != 1:
            raise Failure(UNKNOWN, f"{prefix} is no letter's id" if not alike else f"{prefix} begins several ids")
        found = alike[0]
    return found


def _said(queued: Queued) -> str:
    return f"{queued.last_code} {queued.last_text}" if queued.last_code else queued.last_text


def _record(queued: Queued) -> dict[str, object]:
    letter = queued.letter
    return {
        "id": letter.id,
        "state": queued.state,
        "ticket": letter.ticket,
        "letter": letter.name,
        "to": letter.to,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "envelope_from": letter.envelope_from,
        "auto_submitted": letter.auto_submitted,
        "date": instant(letter.date),
        "not_before": instant(letter.not_before),
        "attempts": queued.attempts,
        "next_attempt": instant(queued.next_attempt),
        "last_code": queued.last_code,
        "last_text": queued.last_text or None,
        "sent_at": instant(queued.sent_at),
    }
