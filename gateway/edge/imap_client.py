"""aioimaplib's protocol under guard: what it does wrong on a bad day, put right (RFC 3501, RFC 9051).

It recurses once for each line of an answer, so a thousand lines in one read end the connection; it does not notice a
peer that is gone, so commands wait for ever; it reserves memory for whatever literal a server announces; it never
answers the challenge of a refused XOAUTH2. Here answers are read in a loop, every command has a deadline, a lost
connection ends every wait at once, and what is announced too large is never read.

One task uses a connection. After any failure it is closed, never used again.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aioimaplib.aioimaplib as imap

from gateway.edge.imap_names import quoted

# At DEBUG it logs access tokens, and passwords with a quote in them.
logging.getLogger("aioimaplib").setLevel(logging.WARNING)

Result = TypeVar("Result")

LINE_OCTETS = 8 << 20
"""A SEARCH answer is one line: a million UIDs fit."""

ANSWER_SLACK = 16 << 20
"""What one command may answer beside its largest literal."""

_COUNT = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)$")
_LITERAL = re.compile(rb"\{(\d{1,20})\+?\}$")


class Lost(ConnectionError):
    """The connection is of no use any more. The text says why and holds no secret."""


class LoginRefused(Exception):
    """The server knows us and says no. The text is the server's."""


class TooMuch(Lost):
    """The server announced, or sent, more than we take."""


class GuardedProtocol(imap.IMAP4ClientProtocol):  # type: ignore[misc]
    """`literal_cap` is the largest literal, in octets, that may be announced."""

    def __init__(self, loop: asyncio.AbstractEventLoop, literal_cap: int) -> None:
        super().__init__(loop)
        self.transport: Any = None
        self.pending_sync_command: Any = None
        self.literal_cap = literal_cap
        self.lost: Lost | None = None
        self.gone = asyncio.Event()
        self.news = asyncio.Event()
        self.greeted: asyncio.Future[None] = loop.create_future()
        self.idling: asyncio.Future[None] = loop.create_future()
        self._tls_answer: asyncio.Future[bytes] | None = None
        self._sasl = ""
        self._answered = 0
        self._exists = -1

    # Reading

    def data_received(self, data: bytes) -> None:
        if self._tls_answer is not None:
            if not self._tls_answer.done():
                self._tls_answer.set_result(data)
            return
        self._answered += len(data)
        try:
            if self._answered > self.literal_cap + ANSWER_SLACK:
                raise TooMuch(f"an answer of more than {self.literal_cap + ANSWER_SLACK} octets")
            super().data_received(data)
        except Exception as error:  # noqa: BLE001  what cannot be read poisons all that follows: end it, wake the waiter
            self.fail(error if isinstance(error, Lost) else Lost(f"unintelligible answer ({type(error).__name__})"))

    def _handle_responses(
        self, data: bytes, line_handler: Callable[[bytes, Any], Any], current_cmd: Any = None
    ) -> None:
        command, position = current_cmd, 0
        while position < len(data):
            if command is not None and command.wait_literal_data():
                position = len(data) - len(command.append_literal_data(data[position:]))
                continue
            end = data.find(b"\r\n", position)
            if end < 0:
                if len(data) - position > LINE_OCTETS:
                    raise TooMuch("a line without an end")
                raise imap.IncompleteRead(command, data[position:])
            line, position = data[position:end], end + 2
            command = self._begin_literal(line, line_handler(line, command))
        if self.pending_sync_command is not None:
            self.pending_sync_command.flush()
        if command is not None:
            raise imap.IncompleteRead(command)

    def _begin_literal(self, line: bytes, command: Any) -> Any:
        """The command that goes on with the rest of the line behind a literal, or None: this line was all."""
        found = _LITERAL.search(line)
        if found is None:
            return None
        size = int(found[1])
        if size > self.literal_cap:
            raise TooMuch(f"a literal of {size} octets was announced")
        command = command or imap.Command("NIL", "unused", loop=self.loop)
        command.begin_literal_data(size)
        return command

    def _untagged_response(self, line: bytes) -> Any:
        found = _COUNT.match(line)
        if found is not None and found[2] == b"EXPUNGE":
            self._exists -= 1
        elif found is not None and int(found[1]) != self._exists:  # some servers repeat an EXISTS that is no news
            self._exists = int(found[1])
            self.news.set()
        return super()._untagged_response(line)

    def _continuation(self, line: bytes) -> None:
        pending = self.pending_sync_command
        if pending is not None and pending.name == "IDLE" and not self.idling.done():
            self.idling.set_result(None)
        if pending is not None and pending.name == "AUTHENTICATE":
            # An empty challenge asks for the response; any other is the refusal of XOAUTH2, which wants an empty line.
            self.transport.write((self._sasl if not line[1:].strip() else "").encode() + b"\r\n")
            self._sasl = ""
            return
        super()._continuation(line)

    # The end

    def connection_lost(self, error: Exception | None) -> None:
        self.fail(Lost("connection lost" if error is None else f"connection lost: {error}"))
        super().connection_lost(error)

    def fail(self, reason: Lost) -> None:
        """Close, and let every wait end with the first reason there was."""
        self.lost = self.lost or reason
        if self.transport is not None:
            self.transport.abort()
        self.gone.set()
        self.news.set()
        for command in [self.pending_sync_command, *self.pending_async_commands.values()]:
            if command is not None and not command._event.is_set():
                command._exception = self.lost
                command._timer.cancel()
                command._event.set()
        self.pending_sync_command = None
        self.pending_async_commands.clear()
        for future in (self.greeted, self.idling, self._tls_answer):
            if future is not None and not future.done():
                future.set_exception(self.lost)
                future.exception()  # read here: nobody may be waiting

    # Commands

    async def welcome(self, line: bytes) -> None:
        try:
            if line.startswith(b"* BYE"):
                raise Lost(f"the server says {_text(line)}")
            await super().welcome(line)
        except Exception as error:  # noqa: BLE001  runs on a task of the library's that nobody reads
            self.fail(error if isinstance(error, Lost) else Lost("no IMAP greeting"))
        else:
            if not self.greeted.done():
                self.greeted.set_result(None)

    async def execute(self, command: Any, scrub: str | None = None) -> Any:
        if self.lost is not None:
            raise self.lost
        self._answered = 0
        return await super().execute(command, scrub)

    async def examine(self, mailbox: str) -> Any:
        """SELECT without the right to change anything; the library sends it and forgets that a mailbox is open."""
        answer = await self.simple_command("EXAMINE", mailbox)
        if answer.result == "OK":
            self.state = imap.SELECTED
        return answer

    async def fetch_uids(self, uids: str, items: str, stall: float) -> Any:
        """`stall`: seconds without an octet. A plain command: the library's own scans all lines anew for each."""
        tag = self.new_tag()
        return await self.execute(imap.Command("FETCH", tag, uids, items, prefix="UID", loop=self.loop, timeout=stall))

    async def starttls(self, context: ssl.SSLContext, hostname: str, seconds: float) -> None:
        """RFC 3501 §6.2.1. Anything behind the answer, or instead of it, is somebody else's: no TLS, no session."""
        tag = self.new_tag()
        self._tls_answer = self.loop.create_future()
        self.transport.write(f"{tag} STARTTLS\r\n".encode())
        answer = await self._tls_answer
        if not answer.startswith(f"{tag} OK".encode()) or answer.find(b"\r\n") != len(answer) - 2:
            raise Lost("the server refuses STARTTLS")
        self._tls_answer = None
        self.transport = await self.loop.start_tls(
            self.transport, self, context, server_hostname=hostname, ssl_handshake_timeout=seconds
        )
        await self.capability()  # what was said in the clear does not count

    async def authenticate(self, mechanism: str, response: bytes) -> Any:
        """SASL with a single response, sent at once where the server has SASL-IR (RFC 4959)."""
        encoded = base64.b64encode(response).decode()
        arguments = [mechanism, encoded] if "SASL-IR" in self.capabilities else [mechanism]
        self._sasl = encoded if len(arguments) == 1 else ""
        answer = await self.execute(
            imap.Command("AUTHENTICATE", self.new_tag(), *arguments, loop=self.loop), scrub=encoded
        )
        if answer.result == "OK":
            self.state = imap.AUTH
        return answer


class Connection:
    """A guarded protocol and the deadline of each command. `patience` in seconds."""

    def __init__(self, protocol: GuardedProtocol, patience: float) -> None:
        self.protocol = protocol
        self.patience = patience

    @classmethod
    async def open(
        cls, host: str, port: int, *, tls: ssl.SSLContext | None, patience: float, literal_cap: int
    ) -> Connection:
        """Connect, with implicit TLS where `tls` is given, and hear the greeting. Raises Lost and OSError."""
        loop = asyncio.get_running_loop()
        protocol = GuardedProtocol(loop, literal_cap)
        try:
            async with asyncio.timeout(patience):
                await loop.create_connection(lambda: protocol, host, port, ssl=tls)
                await protocol.greeted
        except BaseException as error:
            protocol.fail(Lost("no greeting in time"))
            if isinstance(error, TimeoutError):
                raise Lost(f"no greeting within {patience:g} s") from None
            raise
        return cls(protocol, patience)

    async def call(self, name: str, command: Awaitable[Result], seconds: float | None = None) -> Result:
        """Await a command. Raises Lost, and then the connection is closed. Its cause is the socket's trouble, if any;
        the library's own errors name the arguments, and are not told."""
        cause: OSError | None = None
        try:
            async with asyncio.timeout(seconds or self.patience):
                return await command
        except Lost as lost:
            self.protocol.fail(lost)
            raise
        except (TimeoutError, imap.CommandTimeout):
            reason = Lost(f"no answer to {name} in time")
        except (imap.AioImapException, LookupError, ValueError, OSError) as error:
            reason = Lost(f"{name} failed ({type(error).__name__})")
            cause = error if isinstance(error, OSError) else None
        except BaseException:
            self.protocol.fail(Lost("cancelled"))
            raise
        self.protocol.fail(reason)
        raise reason from cause

    async def log_in(self, user: str, password: str) -> None:
        """Raises LoginRefused; Lost where the server is the one in trouble (RFC 5530 UNAVAILABLE)."""
        protocol = self.protocol
        if "LOGINDISABLED" in protocol.capabilities and "AUTH=PLAIN" in protocol.capabilities:
            answer = await self.call("login", protocol.authenticate("PLAIN", f"\0{user}\0{password}".encode()))
        else:
            answer = await self.call("login", protocol.login(quoted(user), password))
        await self._logged_in(answer)

    async def log_in_xoauth2(self, user: str, token: str) -> None:
        response = f"user={user}\1auth=Bearer {token}\1\1".encode()
        await self._logged_in(await self.call("login", self.protocol.authenticate("XOAUTH2", response)))

    async def _logged_in(self, answer: Any) -> None:
        if answer.result != "OK":
            text = _text(answer.lines[-1]) if answer.lines else ""
            reason = Lost(f"login: {text}")
            self.protocol.fail(reason)
            if "[UNAVAILABLE]" in text or "[SERVERBUG]" in text or "[INUSE]" in text:
                raise reason
            raise LoginRefused(text or "login refused")
        await self.call("capability", self.protocol.capability())

    def can(self, capability: str) -> bool:
        return capability in {each.upper() for each in self.protocol.capabilities}

    async def idle(self, seconds: float) -> None:
        """IDLE (RFC 2177) until mail arrives or `seconds` pass. Raises Lost as soon as the connection is lost."""
        protocol = self.protocol
        loop = asyncio.get_running_loop()
        protocol.idling = loop.create_future()
        protocol.idle_queue = asyncio.Queue()
        command = loop.create_task(protocol.idle())
        try:
            await asyncio.wait({command, protocol.idling}, timeout=self.patience, return_when=asyncio.FIRST_COMPLETED)
            if protocol.lost is None and not protocol.idling.done():
                raise Lost("the server does not go idle")
            await self.rest(seconds)
            protocol.idle_done()
            await self.call("DONE", asyncio.shield(command))
        except BaseException as error:
            protocol.fail(error if isinstance(error, Lost) else Lost("cancelled"))
            raise
        finally:
            command.cancel()
            await asyncio.gather(command, return_exceptions=True)

    async def rest(self, seconds: float) -> None:
        """Sleep until the server speaks of new mail, or `seconds` pass. Raises Lost."""
        try:
            async with asyncio.timeout(seconds):
                await self.protocol.news.wait()
        except TimeoutError:
            pass
        if self.protocol.lost is not None:
            raise self.protocol.lost

    async def close(self) -> None:
        """Log out, politely and briefly."""
        if self.protocol.lost is None:
            try:
                await self.call("logout", self.protocol.logout(), min(2.0, self.patience))
            except Lost:
                return
            self.protocol.fail(Lost("closed"))


def _text(line: bytes) -> str:
    """A server's words as one printable line."""
    return "".join(char if char.isprintable() else " " for char in line.decode("utf-8", "replace"))[:300]
