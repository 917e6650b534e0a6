"""`gateway mail ingest`: one mail from a pipe, durable before we leave.

An MTA starts it once for each mail: what is slow to import is imported only where the daemon does not answer.
"""

from __future__ import annotations

import os
import smtplib
import sys
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli import Globals
from gateway.cli.failure import DATA, NO_INPUT, TRY_AGAIN, UNKNOWN, Failure
from gateway.cli.setting import configuration

if TYPE_CHECKING:
    from gateway.config.settings import Config
    from gateway.mail.message import Envelope

_SLICE = 65536
_HEADER_MOST = 262_144  # octets: where the header block may end, to find recipients in it


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--from", "sender", metavar="A", help="The envelope sender (else $SENDER, Return-Path, From).")
@click.option("--to", "recipients", multiple=True, metavar="A", help="A recipient (else $RECIPIENT, else the headers).")
@click.option("--mailbox", metavar="M", help="For this mailbox, whatever the headers say.")
@click.pass_obj
def ingest(given: Globals, file: str, sender: str | None, recipients: tuple[str, ...], mailbox: str | None) -> None:
    """Accept one mail. Leaves with 0 once it is durable, 75 to try again, 65 when it is refused."""
    config = configuration(given)
    raw = _read(file, config.policy.limits.message_size)
    header = BytesHeaderParser().parsebytes(raw[:_HEADER_MOST])
    mail_from = sender if sender is not None else _sender(header, os.environ)
    to = [_mailbox_address(config, mailbox)] if mailbox else _ours(config, _recipients(recipients, header, os.environ))
    if not to:
        raise Failure(DATA, "none of its recipients is ours: say --to ADDRESS or --mailbox NAME")
    socket = config.state_dir / "ingest.sock"
    said = _by_daemon(socket, mail_from, to, raw)
    if said is None:
        said = _alone(config, mail_from, to, raw)
    if not given.quiet:
        click.echo(said, err=True)


def _read(file: str, most: int) -> bytes:
    try:
        raw = sys.stdin.buffer.read(most + 1) if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise Failure(NO_INPUT, f"{file}: {error.strerror}") from error
    if not raw:
        raise Failure(DATA, "there is no mail: nothing was read")
    if len(raw) > most:
        raise Failure(DATA, f"it is larger than message_size, {most} octets")
    return raw


def _sender(header: Message, environ: Mapping[str, str]) -> str:
    """Empty for the null sender, as `Return-Path: <>` says."""
    if "SENDER" in environ:
        return environ["SENDER"].strip("<>")
    for name in ("Return-Path", "From"):
        if header.get(name) is not None:
            return parseaddr(str(header[name]))[1]
    return ""


def _recipients(given: Sequence[str], header: Message, environ: Mapping[str, str]) -> list[str]:
    if given:
        return list(given)
    if environ.get("RECIPIENT"):
        return [environ["RECIPIENT"]]
    for name in ("Delivered-To", "X-Original-To", "To"):
        found = [address for _, address in getaddresses([str(value) for value in header.get_all(name, [])]) if address]
        if found:
            return found
    return []


def _ours(config: Config, addresses: Sequence[str]) -> list[str]:
    from gateway.recipients import route

    decide = route(config.policy)
    return [address for address in dict.fromkeys(addresses) if decide(address, True) is None]


def _mailbox_address(config: Config, name: str) -> str:
    mailbox = config.policy.mailboxes.get(name)
    if mailbox is None:
        raise Failure(UNKNOWN, f"there is no mailbox {name}; there is {', '.join(config.policy.mailboxes)}")
    return mailbox.address


def _by_daemon(socket: Path, mail_from: str, to: Sequence[str], raw: bytes) -> str | None:
    """Through the running daemon's LMTP socket; None where no daemon answers there."""
    try:
        lmtp = smtplib.LMTP(str(socket), timeout=120)
    except (OSError, smtplib.SMTPException):
        return None
    try:
        with lmtp:
            return _converse(lmtp, mail_from, to, raw)
    except (OSError, smtplib.SMTPException) as error:
        raise Failure(TRY_AGAIN, f"the daemon did not take it: {error}") from error


def _converse(lmtp: smtplib.LMTP, mail_from: str, to: Sequence[str], raw: bytes) -> str:
    """smtplib's own sendmail reads one reply after DATA; LMTP gives one for each recipient (RFC 2033 §4.2)."""
    lmtp.ehlo_or_helo_if_needed()
    utf8 = ["SMTPUTF8"] if not all(address.isascii() for address in (mail_from, *to)) else []
    _must(*lmtp.mail(mail_from, utf8))
    for address in to:
        _must(*lmtp.rcpt(address))
    lmtp.putcmd("data")
    _must(*lmtp.getreply(), wanted=354)
    lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    stuffed = smtplib._quote_periods(lines)  # type: ignore[attr-defined]
    lmtp.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
    lmtp.send(b".\r\n")
    replies = [lmtp.getreply() for _ in to]
    for code, text in replies:
        _must(code, text)
    return replies[0][1].decode("utf-8", "replace")


def _must(code: int, text: bytes, wanted: int = 250) -> None:
    if code == wanted or (wanted == 250 and code == 251):
        return
    said = f"{code} {text.decode('utf-8', 'replace')}"
    raise Failure(DATA if code >= 500 else TRY_AGAIN, f"it was not accepted: {said}")


def _alone(config: Config, mail_from: str, to: Sequence[str], raw: bytes) -> str:
    """Into the spool ourselves; the daemon delivers it when it runs again."""
    import asyncio

    from gateway.cli.setting import now
    from gateway.mail.accepted import StorageFull
    from gateway.mail.message import Envelope
    from gateway.office import new_id
    from gateway.store import schema
    from gateway.store.blobs import Blobs
    from gateway.store.database import Database, NoDatabase
    from gateway.store.spool import Spool

    try:
        db = Database(config.storage.database_url(os.environ), create=False)
        schema.require_schema(db)
    except (NoDatabase, schema.WrongSchema) as error:
        raise Failure(TRY_AGAIN, str(error)) from error

    async def accept() -> str:
        most = config.policy.limits.message_size
        spool = Spool(db, Blobs(config.storage.blobs), message_size=most, clock=now, new_id=new_id)
        if not spool.has_room():
            raise StorageFull("there is no room on the disk")
        incoming = spool.incoming()
        for start in range(0, len(raw), _SLICE):
            await incoming.write(raw[start : start + _SLICE])
        accepted = await incoming.commit(_envelope(mail_from, to))
        spool.close()
        return f"accepted {accepted.mail_id}" + (", which was here before" if accepted.duplicate else "")

    def _envelope(mail_from: str, to: Sequence[str]) -> Envelope:
        return Envelope(mail_from=mail_from, rcpt_tos=tuple(to), peer="ingest", source="ingest")

    try:
        return asyncio.run(accept())
    except (StorageFull, OSError) as error:
        raise Failure(TRY_AGAIN, str(error)) from error
    finally:
        db.close()
