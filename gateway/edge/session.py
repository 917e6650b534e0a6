"""One guarded connection on aiosmtpd: who may talk, how long, how much, and what happens to what goes wrong.

aiosmtpd brings the stream, the command loop and STARTTLS; this is what it leaves to its user: caps on connections,
errors and chatter, timers that speak, an end that is said (421), and faults of ours that never leave as
`500 Error: (Type) text`, which would bounce the mail and tell the peer our insides. The verbs are in `smtp.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import ssl
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import structlog
from aiosmtpd.smtp import SMTP, TLSSetupException

from gateway.edge.admission import LOCAL, Admission
from gateway.edge.ports import Limits, Route, Spool
from gateway.edge.receive import OUR_FAULT, READ_SIZE, Cut, TooSlow

# At DEBUG aiosmtpd logs every line of every mail, at INFO every command.
logging.getLogger("mail.log").setLevel(logging.WARNING)

_log = structlog.get_logger("gateway.edge.smtp")

COMMAND_OCTETS = 2048
TIMEOUT = "421 4.4.2 Timeout, closing"
ABUSE = "421 4.7.0 Too many errors, closing"

_CLOCK_STEP = 0.01

_FORBIDDEN = ("GET", "POST", "CONNECT")
_FORBIDDEN_OPENINGS = tuple(f"{verb} ".encode() for verb in _FORBIDDEN)
_TEXTS_OF_AIOSMTPD = {
    "220 Ready to start TLS": "220 2.0.0 Ready to start TLS",
    "500 Command line too long": "500 5.5.2 Command line too long",
    "500 Error: bad syntax": "500 5.5.2 Bad syntax",
}


@dataclass(frozen=True, slots=True)
class Reception:
    """What every session of one listener shares. With `tls` STARTTLS is offered."""

    protocol: Literal["smtp", "lmtp"]
    hostname: str
    spool: Spool
    route: Route
    limits: Limits
    admission: Admission
    tls: ssl.SSLContext | None = None


class _CommandSizes(dict[str, int]):
    """One size for every verb. aiosmtpd's own table is shared by all sessions and emptied by each new one."""

    def __missing__(self, verb: str) -> int:
        return COMMAND_OCTETS


class _NoHooks:
    """aiosmtpd wants a handler and searches it for hooks at every connection; we override its verbs instead."""

    def __dir__(self) -> tuple[str, ...]:
        return ()


class _Verbs(dict[str, Any]):
    """The verbs of a session. aiosmtpd asks with `get`, and would close after five unknown ones with a 502."""

    def __init__(self, known: dict[str, Any], unknown: Any, forbidden: Any) -> None:
        super().__init__(known)
        self._unknown = unknown
        self._forbidden = forbidden

    def get(self, verb: str, default: Any = None) -> Any:
        return super().get(verb) or (self._forbidden if verb in _FORBIDDEN else self._unknown)


class GuardedSession(SMTP):
    """`verbs` names the methods that are offered; whatever else the peer says is answered 500."""

    line_length_limit = READ_SIZE
    command_size_limit = COMMAND_OCTETS
    command_size_limits = _CommandSizes()
    verbs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, reception: Reception, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            _NoHooks(),
            data_size_limit=reception.limits.message_size,
            enable_SMTPUTF8=True,
            hostname=reception.hostname,
            ident="LMTP" if reception.protocol == "lmtp" else "ESMTP",
            tls_context=reception.tls,
            timeout=reception.limits.command_seconds,
            loop=loop,
        )
        self._smtp_methods = _Verbs(self._smtp_methods, self._unknown, self._forbidden)
        self.reception = reception
        self.peer = LOCAL
        self.in_data = False
        self._turned_away = False
        self._heard = False
        self._deadline = math.inf
        self._armed = False
        self.errors = 0
        self.junk = 0

    def __dir__(self) -> tuple[str, ...]:
        # aiosmtpd reflects over dir(self) three times a connection; naming the verbs alone saves 0.1 ms each time.
        return self.verbs

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None:  # else: the same connection again, after STARTTLS
            address = transport.get_extra_info("peername")
            self.peer = str(address[0]) if isinstance(address, tuple) else LOCAL
            refusal = self.reception.admission.admit(self, self.peer)
            if refusal is not None:
                self._turned_away = True
                assert isinstance(transport, asyncio.WriteTransport)
                transport.write(refusal.encode() + b"\r\n")
                transport.close()
                return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._turned_away:
            self.reception.admission.release(self)
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._turned_away:
            return
        if not self._heard:
            self._heard = True
            if not data[:1].isalpha() or data[:8].upper().startswith(_FORBIDDEN_OPENINGS):
                # A browser or a TLS client made to talk to us: nothing of what follows is for a mail server.
                _log.warning("smtp.forbidden_first_line", peer=self.peer)
                self.abort()
                return
        super().data_received(data)

    def eof_received(self) -> bool | None:
        if self._turned_away:
            return None
        assert self.session is not None
        if self.session.ssl is not None:
            return super().eof_received()
        # A client may send all it has and shut its side: aiosmtpd would cancel what is in hand and answer nothing.
        return asyncio.StreamReaderProtocol.eof_received(self)

    def leave(self, reply: str) -> None:
        """Say `reply`, close, and read no further command."""
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(reply.encode() + b"\r\n")
            self.hang_up()

    def abort(self) -> None:
        if self.transport is not None:
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.abort()
            self._forget_input()

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()
        self._forget_input()

    def _forget_input(self) -> None:
        self._reader._buffer.clear()  # type: ignore[attr-defined]
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    def _reset_timeout(self, duration: float | None = None) -> None:
        # aiosmtpd arms a new timer for each command; here the old one goes on and looks at the deadline when it fires.
        self._deadline = self.loop.time() + (duration or self._timeout_duration)
        if self._timeout_handle is None or not self._armed or self._timeout_handle.when() > self._deadline:
            self._arm()

    def wait_for_us(self) -> None:
        """What follows is our own time: no deadline until the next `_reset_timeout`."""
        self._deadline = math.inf

    def _arm(self) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_at(self._deadline, self._timeout_cb)
        self._armed = True

    def _timeout_cb(self) -> None:
        self._armed = False
        if self._deadline <= self.loop.time() + _CLOCK_STEP:
            self.leave(TIMEOUT)
        elif self._deadline < math.inf:
            self._arm()

    async def push(self, status: str | bytes) -> None:
        """Send a reply, and count it: after too many errors the session ends."""
        text = status if isinstance(status, str) else status.decode()
        await self.say(_TEXTS_OF_AIOSMTPD.get(text, text), errors=text.startswith("5"))

    async def say(self, text: str, *, errors: bool = False) -> None:
        if self.transport is None or self.transport.is_closing():
            await asyncio.sleep(0)  # where a cancelled session ends
            return
        self.errors += errors
        if self.errors > self.reception.limits.errors:
            _log.warning("smtp.too_many_errors", peer=self.peer)
            self.leave(ABUSE)
            await asyncio.sleep(0)
            return
        self._writer.write(text.encode("ascii", "replace") + b"\r\n")
        if self.transport.get_write_buffer_size() > READ_SIZE:  # type: ignore[attr-defined]
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()

    async def handle_exception(self, error: Exception) -> str:
        """What aiosmtpd's loop answers when a verb raised."""
        if isinstance(error, (asyncio.IncompleteReadError, ConnectionError, Cut, TooSlow)):
            self.hang_up()
        elif isinstance(error, TLSSetupException):
            _log.info("smtp.tls_failed", peer=self.peer, reason=type(error.__cause__).__name__)
            return "454 4.7.0 TLS not available"
        else:
            _log.error("smtp.command_failed", peer=self.peer, exc_info=error)
        return OUR_FAULT

    async def _unknown(self, arg: str | None) -> None:
        await self.chat("500 5.5.1 Command not recognized")

    async def _forbidden(self, arg: str | None) -> None:
        _log.warning("smtp.forbidden_command", peer=self.peer)
        self.abort()
        await asyncio.sleep(0)

    async def chat(self, reply: str) -> None:
        self.junk += 1
        if self.junk > self.reception.limits.junk:
            self.leave(ABUSE)
            await asyncio.sleep(0)
            return
        await self.push(reply)

    def reset(self) -> None:
        """Forget the transaction (RFC 5321 §4.1.1.5)."""
        self.envelope = self._create_envelope()
