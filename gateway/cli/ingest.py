"""`gateway mail ingest`: one mail from a pipe, durable before we leave.

An MTA starts it once for each mail: what is slow to import is imported only where the daemon does not answer.
"""

from __future__ import annotations

import os
import smtplib
import sys
import traceback
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli import Globals, glance
from gateway.cli.failure import (
    CONFIGURATION,
    DATA,
    FAILED,
    NO_INPUT,
    NOT_ALLOWED,
    TRY_AGAIN,
    UNKNOWN,
    UNREACHABLE,
    Failure,
    told,
)
from gateway.cli.setting import configuration

if TYPE_CHECKING:
    from gateway.config.settings import Config
    from gateway.mail.message import Envelope

_SLICE = 65536
_READ_MOST = 268_435_456  # octets that are read where nobody says how large a mail may be
_PATIENCE = 120  # seconds for one answer of the daemon
_ASKED = 50  # recipients in headers that the daemon is asked about; more are looked through here
_HEADER_MOST = 262_144  # octets: where the header block may end, to find recipients in it

NOT_OURS = "none of its recipients is ours: say --to ADDRESS or --mailbox NAME"


@click.command()
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option("--from", "sender", metavar="A", help="The envelope sender (else $SENDER, Return-Path, From).")
@click.option("--to", "recipients", multiple=True, metavar="A", help="A recipient (else $RECIPIENT, else the headers).")
@click.option("--mailbox", metavar="M", help="For this mailbox, whatever the headers say.")
@click.pass_obj
def ingest(given: Globals, file: str, sender: str | None, recipients: tuple[str, ...], mailbox: str | None) -> None:
    """Accept one mail. Leaves with 0 once it is durable, 75 to try again, 65 when it is refused.

    A gateway that cannot work, for whatever reason, is a reason to try again: a mail is only given back for what it is.
    """
    try:
        said = _ingested(given, file, sender, recipients, mailbox)
    except Failure as failure:
        if failure.code in (FAILED, UNREACHABLE, NOT_ALLOWED, CONFIGURATION):
            raise Failure(TRY_AGAIN, failure.message) from failure
        raise
    except Exception as error:  # an MTA gives a mail back to its sender for any code but 75
        if given.verbose:
            traceback.print_exc()
        raise Failure(TRY_AGAIN, told(error)[1]) from error
    if not given.quiet:
        click.echo(said, err=True)


def _ingested(given: Globals, file: str, sender: str | None, recipients: Sequence[str], mailbox: str | None) -> str:
    lmtp = _daemon(given)
    config = None if lmtp and not mailbox else configuration(given)
    raw = _read(file, _most(lmtp, config))
    header = BytesHeaderParser().parsebytes(raw[:_HEADER_MOST])
    mail_from = sender if sender is not None else _sender(header, os.environ)
    to = _recipients(recipients, header, os.environ)
    if mailbox and config:
        to = [_mailbox_address(config, mailbox)]
    elif config or len(to) > _ASKED:
        to = _ours(config or configuration(given), to)
    if not to:
        raise Failure(DATA, NOT_OURS)
    if lmtp:
        return _by_daemon(lmtp, mail_from, to, raw)
    return _alone(config or configuration(given), mail_from, to, raw)


def _most(lmtp: smtplib.LMTP | None, config: Config | None) -> int:
    """The largest mail, in octets: the daemon says it in its greeting (RFC 1870)."""
    said = lmtp.esmtp_features.get("size", "") if lmtp else ""
    if said.isdecimal() and int(said):
        return int(said)
    return config.policy.limits.message_size if config else _READ_MOST


def _read(file: str, most: int) -> bytes:
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(most + 1)
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
            return _plain(parseaddr(str(header[name]))[1])
    return ""


def _plain(address: str) -> str:
    """The address, or "" where what a header says cannot stand on a line of SMTP."""
    return address if address.isprintable() and " " not in address else ""


def _recipients(given: Sequence[str], header: Message, environ: Mapping[str, str]) -> list[str]:
    if given:
        return list(given)
    if environ.get("RECIPIENT"):
        return [environ["RECIPIENT"]]
    for name in ("Delivered-To", "X-Original-To", "To"):
        found = [
            address
            for _, address in getaddresses([str(value) for value in header.get_all(name, [])])
            if _plain(address)
        ]
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


def _daemon(given: Globals) -> smtplib.LMTP | None:
    """The running daemon's LMTP socket; None where no daemon answers there.

    Where it lies is known at a glance: to understand the configuration takes longer than all the rest, and the daemon
    has understood it. It takes mail while the file on disk is broken, too.
    """
    main = glance.find(given.config, os.environ)
    state = glance.state_dir(main, os.environ) if main else None
    if state is None:
        return None
    try:
        # A path that is not absolute smtplib takes for a host; without a name of ours it would ask the DNS for one.
        lmtp = smtplib.LMTP(str(state.absolute() / "ingest.sock"), local_hostname="localhost", timeout=_PATIENCE)
        lmtp.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException):
        return None
    return lmtp


def _by_daemon(lmtp: smtplib.LMTP, mail_from: str, to: Sequence[str], raw: bytes) -> str:
    try:
        with lmtp:
            return _converse(lmtp, mail_from, to, raw)
    except (OSError, smtplib.SMTPException) as error:
        raise Failure(TRY_AGAIN, f"the daemon did not take it: {error}") from error


def _converse(lmtp: smtplib.LMTP, mail_from: str, to: Sequence[str], raw: bytes) -> str:
    """smtplib's own sendmail reads one reply after DATA; LMTP gives one for each recipient (RFC 2033 §4.2)."""
    utf8 = ["SMTPUTF8"] if not all(address.isascii() for address in (mail_from, *to)) else []
    _must(*lmtp.mail(mail_from, utf8))
    answers = [lmtp.rcpt(address) for address in to]
    taken = sum(code in (250, 251) for code, _ in answers)
    if not taken:
        worst = next(((code, text) for code, text in answers if code < 500), None)
        if worst is None:
            raise Failure(DATA, NOT_OURS)
        _must(*worst)
    lmtp.putcmd("data")
    _must(*lmtp.getreply(), wanted=354)
    lines = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    stuffed = smtplib._quote_periods(lines)  # type: ignore[attr-defined]
    lmtp.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n")
    lmtp.send(b".\r\n")
    replies = [lmtp.getreply() for _ in range(taken)]
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
    import uuid

    from gateway.cli.setting import now
    from gateway.mail.accepted import StorageFull
    from gateway.mail.message import Envelope
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
        spool = Spool(db, Blobs(config.storage.blobs), message_size=most, clock=now, new_id=_new_id)
        if not spool.has_room():
            raise StorageFull("there is no room on the disk")
        incoming = spool.incoming()
        for start in range(0, len(raw), _SLICE):
            await incoming.write(raw[start : start + _SLICE])
        accepted = await incoming.commit(_envelope(mail_from, to))
        spool.close()
        return f"accepted {accepted.mail_id}" + (", which was here before" if accepted.duplicate else "")

    def _new_id() -> str:
        return uuid.uuid4().hex  # as the office does, whose other tools take a second to import

    def _envelope(mail_from: str, to: Sequence[str]) -> Envelope:
        return Envelope(mail_from=mail_from, rcpt_tos=tuple(to), peer="ingest", source="ingest")

    try:
        return asyncio.run(accept())
    except (StorageFull, OSError) as error:
        raise Failure(TRY_AGAIN, str(error)) from error
    finally:
        db.close()
