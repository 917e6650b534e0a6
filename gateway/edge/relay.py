"""Letters out: to the relay by SMTP submission (RFC 6409), one recipient a mail.

What happened comes back as a value. Nothing is retried here and nothing raises for trouble outside: the outbox knows
when to come again. Whenever it is not certain that a relay refused this very letter, the answer is "deferred": a
connection that dies behind the final dot may have delivered (RFC 1047), and sending the same Message-ID twice is the
smaller harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import aiosmtplib
import structlog

from gateway.edge.path import BadPath, read_path
from gateway.edge.trust import client_tls

_log = structlog.get_logger("gateway.edge.relay")

_OUR_ACCOUNT = frozenset({530, 534, 535, 538})
"""Authentication required, too weak, failed, needs encryption (RFC 4954 §6): the account's fault, not a letter's."""


@dataclass(frozen=True, slots=True)
class RelayTimeouts:
    """Seconds for the connection, a command, and the reply to the final dot (RFC 5321 §4.5.3.2); `idle` of a reuse."""

    connect: float = 30.0
    command: float = 300.0
    data: float = 600.0
    idle: float = 5.0


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """`[send]`. `secret` gives the password, or for xoauth2 a fresh access token; it is called at each login."""

    host: str
    port: int = 587
    tls: Literal["implicit", "starttls", "none"] = "starttls"
    user: str = ""
    auth: Literal["password", "xoauth2"] = "password"
    secret: Callable[[], Awaitable[str]] | None = None
    tls_ca: Path | None = None
    helo: str = "localhost"
    timeouts: RelayTimeouts = RelayTimeouts()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one letter. `code` is the relay's reply code, None where it gave none.

    `relay_fault`: the relay cannot be reached or will not have us at all, so the next letter will fare no better.
    """

    outcome: Literal["sent", "deferred", "failed"]
    code: int | None
    text: str
    relay_fault: bool = False


class Unfit(Exception):
    """The relay lacks what we insist on; the text is for the operator."""


async def send(settings: RelaySettings, mail_from: str, rcpt: str, data: bytes, utf8: bool) -> Delivery:
    """Send one mail on a connection of its own. See `Relay.send`."""
    relay = Relay(settings)
    try:
        return await relay.send(mail_from, rcpt, data, utf8)
    finally:
        await relay.close()


class Relay:
    """A relay whose connection is kept for a few idle seconds, so that a burst logs in once. One mail at a time."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._client: aiosmtplib.SMTP | None = None
        self._farewell: asyncio.TimerHandle | None = None

    async def send(self, mail_from: str, rcpt: str, data: bytes, utf8: bool) -> Delivery:
        """`mail_from` "" is the null sender; `data` has CRLF lines; `utf8`: an address or a header needs SMTPUTF8."""
        async with self._turn:
            self._keep_awake()
            client = await self._reach()
            if isinstance(client, Delivery):
                return client
            try:
                return await self._transmit(client, mail_from, rcpt, data, utf8)
            except BaseException:
                self._drop()  # cancelled between a command and its reply: the session is out of step
                raise
            finally:
                self._farewell = asyncio.get_running_loop().call_later(self._settings.timeouts.idle, self._drop)

    async def close(self) -> None:
        """Say QUIT, if there is a connection."""
        async with self._turn:
            self._keep_awake()
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                try:
                    await client.quit(timeout=5)
                except (aiosmtplib.SMTPException, OSError, TimeoutError):
                    client.close()

    async def _reach(self) -> aiosmtplib.SMTP | Delivery:
        """A session that is ready for MAIL, or why there is none."""
        try:
            return await self._ready()
        except aiosmtplib.SMTPResponseException as refused:
            return self._lost(refused.code, refused.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, Unfit) as trouble:
            return self._lost(None, str(trouble) or type(trouble).__name__)

    async def _ready(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            try:
                await self._client.rset(timeout=10)
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                self._drop()
            else:
                return self._client
        client, _ = await connect(self._settings)
        try:
            await log_in(client, self._settings)
        except BaseException:
            client.close()
            raise
        self._client = client
        return client

    async def _transmit(self, client: aiosmtplib.SMTP, mail_from: str, rcpt: str, data: bytes, utf8: bool) -> Delivery:
        timeouts = self._settings.timeouts
        unable = _unable(client, data, utf8) or _unsendable(mail_from, rcpt, utf8)
        if unable is not None:
            return unable
        # Not client.mail and client.rcpt: these rewrite addresses by email.utils, which may make another of one.
        sender = b"FROM:<%s>" % mail_from.encode()
        options = [option.encode() for option in _options(client, data, utf8)]
        try:
            for command in ((b"MAIL", sender, *options), (b"RCPT", b"TO:<%s>" % rcpt.encode())):
                reply = await client.execute_command(*command, timeout=timeouts.command)
                if reply.code not in (250, 251):
                    return _refused(reply.code, reply.message)
            reply = await client.data(data, timeout=timeouts.data)
        except aiosmtplib.SMTPResponseException as refused:
            return _refused(refused.code, refused.message)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as trouble:
            self._drop()
            return Delivery("deferred", None, _line(f"outcome unknown: {trouble}"))
        return Delivery("sent", reply.code, _line(reply.message))

    def _lost(self, code: int | None, text: str) -> Delivery:
        self._drop()
        line = _line(text)
        _log.warning("relay.unavailable", host=self._settings.host, code=code, reason=line)
        return Delivery("deferred", code, line, relay_fault=True)

    def _keep_awake(self) -> None:
        if self._farewell is not None:
            self._farewell.cancel()
            self._farewell = None

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def connect(settings: RelaySettings) -> tuple[aiosmtplib.SMTP, str]:
    """A session that is greeted and encrypted as asked, and its greeting. No downgrade, ever (RFC 8314 §4.1)."""
    timeouts = settings.timeouts
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        local_hostname=settings.helo,
        use_tls=settings.tls == "implicit",
        start_tls=False,
        tls_context=await asyncio.to_thread(client_tls, settings.tls_ca) if settings.tls != "none" else None,
        timeout=timeouts.command,
    )
    greeting = await client.connect(timeout=timeouts.connect)
    try:
        if settings.tls == "starttls":
            await client.ehlo()
            if not client.supports_extension("starttls"):
                raise Unfit("the relay offers no STARTTLS")
            await client.starttls(timeout=timeouts.connect)
        elif settings.tls == "none" and not _is_loopback(client):
            raise Unfit('tls = "none" is for a relay on this machine only')
        await client.ehlo()
    except BaseException:
        client.close()
        raise
    return client, greeting.message


async def log_in(client: aiosmtplib.SMTP, settings: RelaySettings) -> None:
    """Where an account is named. The session is the caller's to close where this fails."""
    if not settings.user:
        return
    secret = await settings.secret() if settings.secret is not None else ""
    if settings.auth == "xoauth2":
        await client.auth_xoauth2(settings.user, secret)
    else:
        await client.login(settings.user, secret)


def _is_loopback(client: aiosmtplib.SMTP) -> bool:
    peer = client.get_transport_info("peername")
    return isinstance(peer, tuple) and ip_address(str(peer[0]).partition("%")[0]).is_loopback


def _unable(client: aiosmtplib.SMTP, data: bytes, utf8: bool) -> Delivery | None:
    """A letter that this relay has said it cannot take (RFC 6531 §3.1, RFC 1870 §6.1)."""
    if utf8 and not client.supports_extension("smtputf8"):
        return Delivery("failed", 553, "5.6.7 the relay does not offer SMTPUTF8")
    limit = client.esmtp_extensions.get("size", "")
    if limit.isdecimal() and 0 < int(limit) < len(data):
        return Delivery("failed", 552, f"5.3.4 the relay takes {int(limit)} octets at most")
    return None


def _unsendable(mail_from: str, rcpt: str, utf8: bool) -> Delivery | None:
    for address in (mail_from, rcpt):
        if not utf8 and not address.isascii():
            return Delivery("failed", 553, "5.6.7 the address needs SMTPUTF8")
        try:
            intact = read_path("TO", f"TO:<{address}>").address == address
        except BadPath:
            intact = False
        if not intact:
            return Delivery("failed", 501, "5.1.3 not an address")
    return None


def _options(client: aiosmtplib.SMTP, data: bytes, utf8: bool) -> list[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(data)}")
    if not data.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if utf8:
        options.append("SMTPUTF8")
    return options


def _refused(code: int, message: str) -> Delivery:
    """RFC 5321 §4.2.1: 5yz is final, 4yz is not; what is neither is no SMTP, and temporary like all unknown trouble."""
    final = 500 <= code <= 599 and code not in _OUR_ACCOUNT
    return Delivery(
        "failed" if final else "deferred", code, _line(message), relay_fault=code in _OUR_ACCOUNT or code == 421
    )


def _line(text: str) -> str:
    """A peer's words as one printable line."""
    text = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:500]
