"""The mailboxes that are fetched over IMAP: a watcher for each, and what the administrators hear of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

import structlog

from gateway.config.settings import Config, Imap
from gateway.credentials import secret
from gateway.edge.imap import ImapSettings
from gateway.edge.imap_watch import (
    Connected,
    Disconnected,
    Fetched,
    LeftAlone,
    Report,
    SetAside,
    Surroundings,
    ValidityChanged,
    watch,
)
from gateway.edge.ports import Ledger, Spool

log = structlog.get_logger("gateway")


class Alert(Protocol):
    def __call__(self, what: str, *, once: str, lines: tuple[str, ...] = ()) -> Awaitable[None]: ...


def fetchers(
    config: Config,
    environ: Mapping[str, str],
    spool: Spool,
    ledger: Ledger,
    now: Callable[[], datetime],
    alert: Alert,
    *,
    read_only: bool = False,
) -> list[asyncio.Task[None]]:
    """A task for each mailbox with [imap]; one mailbox's trouble is nobody else's (DUTIES FET-10).

    `read_only`: nothing is moved, flagged or made there (a dry run).
    """
    limit = config.policy.limits.message_size
    tasks = []
    for name, imap in config.imap.items():
        settings = settings_of(imap, config.policy.mailboxes[name].address, limit, environ, read_only=read_only)
        watching = watch(settings, ledger, spool, _reporter(now, alert), Surroundings(now))
        tasks.append(asyncio.create_task(watching, name=f"imap:{name}"))
    return tasks


def settings_of(
    imap: Imap, address: str, message_size: int, environ: Mapping[str, str], *, read_only: bool = False
) -> ImapSettings:
    """`address` is the mailbox's own: whom the mail is for, whatever its headers say."""
    return ImapSettings(
        account=imap.mailbox,
        address=address,
        host=imap.host,
        port=imap.port,
        tls=imap.tls,
        user=imap.user,
        auth=imap.auth,
        secret=secret(f"mailbox {imap.mailbox}", imap.auth, imap.password_secret, imap.oauth2, environ),
        tls_ca=imap.tls_ca,
        folder=imap.folder,
        processed=imap.processed,
        failed=imap.failed,
        first_fetch=imap.first_fetch,
        idle=imap.idle,
        poll=imap.poll.total_seconds(),
        message_size=message_size,
        read_only=read_only,
    )


def _reporter(now: Callable[[], datetime], alert: Alert) -> Callable[[Report], Awaitable[None]]:
    async def report(what: Report) -> None:
        match what:
            case Connected(account):
                log.info("mailbox.connected", mailbox=account)
            case Disconnected(account, reason, pause, refused):
                log.warning("mailbox.disconnected", mailbox=account, reason=reason, retry_in=round(pause, 1))
                if refused:
                    day = f"{now():%Y-%m-%d}"
                    await alert(f"mailbox {account}: the login is refused: {reason}", once=f"login:{account}:{day}")
            case Fetched(position, mail_id, duplicate, envelope, size):
                log.info(
                    "mail.accepted",
                    mail=mail_id,
                    mailbox=position.account,
                    source="imap",
                    duplicate=duplicate,
                    size=size,
                    mail_from=envelope.mail_from,
                )
            case SetAside(position, reason):
                log.error("mail.set_aside", mailbox=position.account, uid=position.uid, reason=reason)
                once = f"aside:{position.account}:{position.folder}:{position.uidvalidity}:{position.uid}"
                await alert(f"a mail in {position.account} could not be taken: {reason}", once=once)
            case ValidityChanged(account, folder, before, after):
                log.warning("mailbox.uidvalidity_changed", mailbox=account, before=before, after=after)
                told = f"mailbox {account}: the server has renumbered {folder}; everything in it is looked at again"
                await alert(told, once=f"uidvalidity:{account}:{folder}:{after}")
            case LeftAlone(account, folder, count):
                log.info("mailbox.left_alone", mailbox=account, folder=folder, count=count)

    return report
