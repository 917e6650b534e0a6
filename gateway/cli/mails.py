"""`gateway mail list`, `show` and `quarantine`: what came in, what it was taken for, and what waits for somebody."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence

import click

from gateway.cli import Globals
from gateway.cli.acting import acting
from gateway.cli.failure import REFUSED, UNKNOWN, Failure
from gateway.cli.present import ago, say, short, show_fields, show_json, show_table
from gateway.cli.setting import now, office
from gateway.shown import instant
from gateway.store import mails
from gateway.store.mails import MailRecord, MailState, Release
from gateway.store.transaction import Transaction


@click.command("list")
@click.option("--state", type=click.Choice(["pending", "done", "held", "quarantined", "dropped"]), multiple=True)
@click.option("--ticket", "ticket", type=int, metavar="N", help="Only mails that went to this ticket.")
@click.option("--limit", default=100, show_default=True)
@click.pass_obj
def list_(given: Globals, state: tuple[MailState, ...], ticket: int | None, limit: int) -> None:
    """Mails, the newest last, and what became of each."""
    _list(given, state, ticket, limit)


@click.command()
@click.argument("mail_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The mail itself, byte for byte.")
@click.pass_obj
def show(given: Globals, mail_id: str, raw: bool) -> None:
    """One mail: its envelope, its verdict with the trace, and why."""
    _show(given, mail_id, raw=raw)


@click.group()
def quarantine() -> None:
    """Mails that wait for somebody: held (accept, drop) or unreadable (retry, drop)."""


@quarantine.command("list")
@click.option("--limit", default=100, show_default=True)
@click.pass_obj
def quarantine_list(given: Globals, limit: int) -> None:
    """What waits, and why."""
    _list(given, ("held", "quarantined"), None, limit)


@quarantine.command("show")
@click.argument("mail_id", metavar="ID")
@click.option("--raw", is_flag=True, help="The mail itself, byte for byte.")
@click.pass_obj
def quarantine_show(given: Globals, mail_id: str, raw: bool) -> None:
    """One of them, with its traceback where there is one."""
    _show(given, mail_id, raw=raw)


@quarantine.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def retry(given: Globals, ids: tuple[str, ...]) -> None:
    """Handle them again from the start: after a repair, or a change of the rules."""
    _release(given, ids, "retry", "is tried again")


@quarantine.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.option("--join", is_flag=True, help="The sender also becomes a participant of the ticket.")
@click.option("--alias", is_flag=True, help="The sender is the requester, under another address.")
@click.pass_obj
def accept(given: Globals, ids: tuple[str, ...], join: bool, alias: bool) -> None:
    """Handle them as if their senders were proven."""
    _release(given, ids, "alias" if alias else "join" if join else "accept", "is accepted")


@quarantine.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...|-")
@click.pass_obj
def drop(given: Globals, ids: tuple[str, ...]) -> None:
    """Put them away for good; their bytes are kept as long as raw_mail says."""
    at = office(given)
    try:
        by = given.agent or getpass.getuser()
        for each in _ids(ids):
            with at.db.transaction() as tx:
                found = _found(tx, each)
                if not mails.drop(tx, found, now=now(), by=by):
                    raise Failure(REFUSED, f"{found} does not wait for anybody")
            say(given, f"{found} is dropped")
    finally:
        at.close()


def _list(given: Globals, state: tuple[MailState, ...], ticket: int | None, limit: int) -> None:
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            found = mails.listed(tx, states=state, ticket=ticket, limit=limit)
    finally:
        at.close()
    if given.json:
        return show_json([_record(each) for each in found])
    if given.quiet:
        return click.echo("\n".join(each.mail.id for each in found)) if found else None
    head = ("id", "received", "state", "decision", "ticket", "from", "reason", "subject")
    rows = [
        (
            short(each.mail.id), ago(each.mail.received_at, now()), each.state, each.decision, str(each.ticket or ""),
            each.from_email or each.mail.envelope.mail_from, each.reason, each.subject,
        )
        for each in found
    ]  # fmt: skip
    return show_table(head, rows)


def _show(given: Globals, mail_id: str, *, raw: bool) -> None:
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            record = mails.get(tx, _found(tx, mail_id))
            assert record is not None
            if raw:
                if record.mail.sha256 is None:
                    raise Failure(UNKNOWN, "its bytes were forgotten, as raw_mail says")
                sys.stdout.buffer.write(at.desk.blobs.get(tx, record.mail.sha256))
                return None
    finally:
        at.close()
    if given.json:
        return show_json(_record(record))
    return show_fields(_record(record) | _read_aloud(record), 12)


def _read_aloud(record: MailRecord) -> dict[str, object]:
    """The verdict as lines: which carriers were looked at, who the sender is to the ticket, what followed."""
    verdict = record.verdict
    if not verdict:
        return {}
    looked = (f"{each['carrier']} {each['value']}".rstrip() + f": {each['result']}" for each in verdict["trace"])
    return {
        "verdict": "\n".join((f"matched by {verdict['by']}", *looked)),
        "sender_role": verdict["sender_role"],
        "would": ", ".join(verdict["would"]),
        "rule": verdict["rule"],
        "why_kind": verdict["why_kind"],
    }


def _record(record: MailRecord) -> dict[str, object]:
    mail, envelope = record.mail, record.mail.envelope
    return {
        "id": mail.id,
        "received_at": instant(mail.received_at),
        "source": envelope.source,
        "mailbox": mail.mailbox or None,
        "mail_from": envelope.mail_from,
        "rcpt_tos": list(envelope.rcpt_tos),
        "peer": envelope.peer,
        "size": mail.size,
        "sha256": mail.sha256,
        "copies": mail.copies,
        "state": record.state,
        "decision": record.decision or None,
        "reason": record.reason or None,
        "kind": record.kind or None,
        "ticket": record.ticket,
        "article": record.article,
        "message_id": record.message_id,
        "from": record.from_email or None,
        "subject": record.subject,
        "attempts": mail.attempts,
        "verdict": dict(record.verdict) if record.verdict else None,
        "error": record.error or None,
    }


def _release(given: Globals, ids: tuple[str, ...], how: Release, done: str) -> None:
    at = office(given)
    try:
        by = acting(given, at.desk.policy).id if how != "retry" else getpass.getuser()
        for each in _ids(ids):
            with at.db.transaction() as tx:
                found = _found(tx, each)
                record = mails.get(tx, found)
                orders = record is not None and record.confirmer and how == "accept"
                if not mails.release(tx, found, by=by, as_="confirm" if orders else how):
                    raise Failure(REFUSED, f"{found} does not wait for anybody")
            say(given, f"{found} {done}")
    finally:
        at.close()


def _ids(words: Sequence[str]) -> list[str]:
    return [each for word in words for each in (sys.stdin.read().split() if word == "-" else [word])]


def _found(tx: Transaction, prefix: str) -> str:
    """An id may be shortened as long as it is one mail's."""
    found = mails.find(tx, prefix)
    if len(found) != 1:
        raise Failure(UNKNOWN, f"{prefix} is no mail's id" if not found else f"{prefix} begins several ids")
    return found[0]
