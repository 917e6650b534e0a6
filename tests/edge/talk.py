"""A gateway's listener and a client that speaks raw protocol to it, in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from gateway.edge.admission import Admission, Network
from gateway.edge.listeners import Listener, open_listeners
from gateway.edge.ports import Limits, Refusal
from gateway.edge.session import Reception

from .spool import FileSpool

MAIL = b"From: alice@customer.example\r\nSubject: Export fails\r\nMessage-ID: <1@customer.example>\r\n\r\nIt stops.\r\n"
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_LAST_LINE = re.compile(rb"^\d{3} .*\r\n", re.MULTILINE)


def only_ours(address: str, smtputf8: bool) -> Refusal | None:
    """support, sales and postmaster at example.test, with tags; everything else as a daemon would refuse it."""
    local, _, domain = address.lower().rpartition("@")
    if not local and domain == "postmaster":
        return None
    if domain != "example.test" or local.startswith('"') or "%" in local or "!" in local:
        return Refusal(550, "5.7.1", "We do not relay")
    if local.partition("+")[0] not in ("support", "sales"):
        return Refusal(550, "5.1.1", "No such address")
    return None


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: str | bytes) -> None:
        self.writer.write(data.encode() if isinstance(data, str) else data)

    async def replies(self, count: int = 1, seconds: float = 30.0) -> list[str]:
        """So many whole replies; the lines of one are joined by a newline."""
        found: list[str] = []
        lines: list[str] = []
        async with asyncio.timeout(seconds):
            while len(found) < count:
                line = (await self.reader.readline()).decode("latin-1")
                if not line:
                    raise ConnectionError(f"closed after {found + lines}")
                lines.append(line.rstrip("\r\n"))
                if line[3:4] != "-":
                    found.append("\n".join(lines))
                    lines = []
        return found

    async def say(self, data: str | bytes, count: int = 1) -> str:
        """Send lines, return the last of `count` replies."""
        self.send(data)
        return (await self.replies(count))[-1]

    async def begin(self, greeting: str = "EHLO c.test", *recipients: str) -> None:
        """From the banner to 354."""
        await self.replies()
        assert (await self.say(f"{greeting}\r\n")).startswith("250")
        assert (await self.say("MAIL FROM:<alice@customer.example>\r\n")).startswith("250")
        for recipient in recipients or ("support@example.test",):
            assert (await self.say(f"RCPT TO:<{recipient}>\r\n")).startswith("250")
        assert (await self.say("DATA\r\n")).startswith("354")

    async def rest(self, seconds: float = 30.0) -> str:
        """Everything until the server closes."""
        async with asyncio.timeout(seconds):
            try:
                return (await self.reader.read()).decode("latin-1")
            except ConnectionError:
                return ""

    async def heard(self, quiet: float = 0.05, patience: float = 0.4) -> bytes:
        """Until a last line has come and it is quiet, or nothing came for `patience`."""
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while True:
                async with asyncio.timeout(quiet if _LAST_LINE.search(got) else patience):
                    data = await self.reader.read(65536)
                if not data:
                    return got
                got += data
        return got

    def close(self) -> None:
        self.writer.close()


@dataclass
class House:
    spool: FileSpool
    admission: Admission
    listeners: list[Listener]

    @property
    def port(self) -> int:
        return self.listeners[0].port

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20))
        try:
            yield client
        finally:
            client.close()


@asynccontextmanager
async def house(
    folder: Path,
    protocol: Literal["smtp", "lmtp"] = "smtp",
    limits: Limits | None = None,
    trusted: tuple[Network, ...] = LOOPBACK,
    tls: ssl.SSLContext | None = None,
    address: str = "127.0.0.1:0",
    spool: FileSpool | None = None,
) -> AsyncIterator[House]:
    limits = limits or Limits()
    spool = spool or FileSpool(folder)
    admission = Admission(limits, trusted)
    reception = Reception(protocol, "gw.example.test", spool, only_ours, limits, admission, tls)
    listeners = await open_listeners([address], reception)
    try:
        yield House(spool, admission, listeners)
    finally:
        for listener in listeners:
            listener.close()
        await admission.drain(2.0)
