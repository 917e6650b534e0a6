"""Knocks at a listener of ours as a sender would, and goes again: it answers, and offers STARTTLS or not."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from gateway.edge.probe import ends

_LONGEST = 65_536


@dataclass(frozen=True, slots=True)
class Greeting:
    """`error`: why there was none, "" else. `until`: the end of the certificate that STARTTLS presents."""

    error: str = ""
    starttls: bool = False
    until: datetime | None = None


async def greeting(
    place: tuple[str, int] | Path,
    protocol: Literal["smtp", "lmtp"],
    helo: str,
    seconds: float,
    certificate: Path | None = None,
) -> Greeting:
    """`place` is host and port, or a Unix socket. `certificate`, the listener's own, is all that is trusted."""
    try:
        async with asyncio.timeout(seconds):
            return await _knock(place, protocol, helo, certificate)
    except TimeoutError:
        return Greeting(f"no answer within {seconds:g} s")
    except ssl.SSLError as error:
        return Greeting(f"STARTTLS fails: {getattr(error, 'verify_message', '') or error.reason}", starttls=True)
    except (OSError, EOFError, _Unexpected) as error:
        return Greeting(getattr(error, "strerror", None) or str(error) or "closed the connection")


class _Unexpected(Exception):
    """What answers is no mail server, or does not want us."""


async def _knock(
    place: tuple[str, int] | Path, protocol: Literal["smtp", "lmtp"], helo: str, certificate: Path | None
) -> Greeting:
    opened = asyncio.open_unix_connection(place) if isinstance(place, Path) else asyncio.open_connection(*place)
    reader, writer = await opened
    try:
        await _answer(reader, b"220")
        writer.write(f"{'LHLO' if protocol == 'lmtp' else 'EHLO'} {helo}\r\n".encode())
        offered = await _answer(reader, b"250")
        starttls = any(re.fullmatch(rb"STARTTLS", line, re.I) for line in offered)
        until = await _encrypt(reader, writer, certificate) if starttls and certificate else None
        writer.write(b"QUIT\r\n")
        with contextlib.suppress(OSError, EOFError, _Unexpected):
            await _answer(reader, b"221")
        return Greeting(starttls=starttls, until=until)
    finally:
        writer.close()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader, code: bytes) -> list[bytes]:
    """The texts of a reply of one line or several (RFC 5321 §4.2.1)."""
    texts, read = [], 0
    while True:
        line = await reader.readline()
        read += len(line)
        if not line or read > _LONGEST:
            raise EOFError("closed the connection")
        if not line.startswith(code):
            raise _Unexpected("says " + line[:200].decode("utf-8", "replace").strip())
        texts.append(line[4:].strip())
        if line[3:4] != b"-":
            return texts


async def _encrypt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, certificate: Path) -> datetime | None:
    """Its certificate is trusted for itself, whoever signed it: only its dates are of interest."""
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    context.verify_flags = (context.verify_flags & ~ssl.VERIFY_X509_STRICT) | ssl.VERIFY_X509_PARTIAL_CHAIN
    writer.write(b"STARTTLS\r\n")
    await _answer(reader, b"220")
    await writer.start_tls(context)
    return ends(writer.get_extra_info("peercert") or {})
