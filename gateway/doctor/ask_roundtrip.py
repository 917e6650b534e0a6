"""Sends a test mail to a tagged address of each mailbox and waits until the daemon has it. Only where that is wanted.

The mail bears our own loop header: the desk ignores it, and no ticket comes of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime

from gateway.config.settings import Config
from gateway.doctor import ask_store
from gateway.doctor.roundtrip import Trip
from gateway.edge.relay import RelaySettings, send
from gateway.mail.address import with_plus

PATIENCE = timedelta(seconds=60)
_LOOK_EVERY = 0.5  # seconds
_TEXT = (
    "This is a test by `gateway doctor --send-test`: does a mail to an address with\r\n"
    "a tag arrive, and does the server on its way remove a verdict that somebody\r\n"
    "else wrote? Nobody needs to do anything.\r\n"
)

Clock = Callable[[], datetime]


async def trips(
    config: Config, environ: Mapping[str, str], settings: RelaySettings, clock: Clock, new_id: Callable[[], str]
) -> list[Trip]:
    """One for each mailbox whose letters ask for answers to a tagged address, all on their way at once."""
    boxes = [box.address for box in config.policy.mailboxes.values() if box.reply_address == "plus"]
    return list(await asyncio.gather(*(_trip(config, environ, settings, box, clock, new_id()) for box in boxes)))


async def _trip(
    config: Config, environ: Mapping[str, str], settings: RelaySettings, box: str, clock: Clock, nonce: str
) -> Trip:
    to, sent_at = with_plus(box, "doctor"), clock()
    trip = Trip(box, to, PATIENCE)
    data = probe_mail(config, box, to, nonce, sent_at)
    delivery = await send(settings, with_plus(box, "b1.doctor"), to, data, utf8=not box.isascii())
    if delivery.outcome != "sent":
        words = f"{delivery.code or ''} {delivery.text}".strip()
        return Trip(box, to, PATIENCE, refused=words)
    while clock() - sent_at < PATIENCE:
        found = await asyncio.to_thread(ask_store.head_of, config, environ, f"<{_id(nonce, config)}>")
        if found is not None:
            trusted = config.policy.security.trust_auth_results
            survived = any(nonce.encode() in each.value for each in found if each.name == "authentication-results")
            return Trip(box, to, PATIENCE, after=clock() - sent_at, forged_survived=survived if trusted else None)
        await asyncio.sleep(_LOOK_EVERY)
    return trip


def probe_mail(config: Config, box: str, to: str, nonce: str, at: datetime) -> bytes:
    """Its forged verdict, of the server that we trust, names the mail, so that it is known again."""
    policy = config.policy
    trusted = policy.security.trust_auth_results
    verdict = f"Authentication-Results: {trusted}; dmarc=pass (doctor {nonce})\r\n" if trusted else ""
    return (
        f"{verdict}From: <{box}>\r\nTo: <{to}>\r\nSubject: Test of gateway doctor\r\n"
        f"Date: {format_datetime(at)}\r\nMessage-ID: <{_id(nonce, config)}>\r\n"
        f"Auto-Submitted: auto-generated\r\nX-Ticket-Loop: {policy.name}@{policy.domain}\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n{_TEXT}"
    ).encode()


def _id(nonce: str, config: Config) -> str:
    return f"doctor.{nonce}@{config.policy.domain}"
