"""Open and close the sockets of `[listen]`: "127.0.0.1:2525", "[::1]:25", "unix:/run/gateway/lmtp.sock", "fd:lmtp"."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.edge.notify import listen_fds
from gateway.edge.session import Reception
from gateway.edge.smtp import session_factory

_BACKLOG = 512
_MODE = 0o660
"""Of a unix socket: the MTA joins our group."""


class CannotListen(Exception):
    """A listener could not be opened; the text names it and says why, for the operator."""


@dataclass(frozen=True, slots=True)
class Listener:
    """An open listener. `address` is what it was asked for, `port` the real one of a TCP socket (else 0)."""

    address: str
    server: asyncio.Server
    port: int = 0
    socket_file: Path | None = None

    def close(self) -> None:
        """Stop listening; sessions live on. A socket handed over by systemd is systemd's own."""
        self.server.close()
        if self.socket_file is not None:
            self.socket_file.unlink(missing_ok=True)


def server_tls(cert: Path, key: Path) -> ssl.SSLContext:
    """What offers STARTTLS. Raises OSError, of which ssl.SSLError is one."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


async def open_listeners(
    addresses: Sequence[str], reception: Reception, environ: Mapping[str, str] = os.environ
) -> list[Listener]:
    """Open all or none. Raises CannotListen."""
    opened: list[Listener] = []
    try:
        for address in addresses:
            opened.extend(await _open(address, reception, environ))
    except BaseException:
        for listener in opened:
            listener.close()
        raise
    return opened


async def _open(address: str, reception: Reception, environ: Mapping[str, str]) -> list[Listener]:
    loop = asyncio.get_running_loop()
    factory = session_factory(reception)
    kind, _, rest = address.partition(":")
    try:
        match kind:
            case "unix":
                path = Path(rest)
                server = await loop.create_unix_server(factory, sock=_unix_socket(path), backlog=_BACKLOG)
                return [Listener(address, server, socket_file=path)]
            case "fd":
                sockets = [socket.socket(fileno=number) for number in _inherited(rest, environ)]
                return [await _adopt(address, each, reception) for each in sockets]
            case _:
                host, port = _host_and_port(address)
                server = await loop.create_server(factory, host, port, backlog=_BACKLOG)
                return [Listener(address, server, port=server.sockets[0].getsockname()[1])]
    except (OSError, ValueError) as error:
        raise CannotListen(f"cannot listen on {address}: {error}") from error


def _host_and_port(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ValueError("expected host:port, [address]:port, unix:path or fd:name")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _unix_socket(path: Path) -> socket.socket:
    """Bind with the right mode from the first moment. A stale socket goes; a live one, or any other file, stays."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise ValueError("there is a file that is no socket")
        if _answers(path):
            raise ValueError("another process is listening there")
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        previous = os.umask(0o777 & ~_MODE)
        try:
            listening.bind(str(path))
        finally:
            os.umask(previous)
    except BaseException:
        listening.close()
        raise
    return listening


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _inherited(name: str, environ: Mapping[str, str]) -> list[int]:
    numbers = listen_fds(environ).get(name)
    if not numbers:
        raise ValueError("systemd has handed over no socket of that name (FileDescriptorName= in the socket unit)")
    return numbers


async def _adopt(address: str, inherited: socket.socket, reception: Reception) -> Listener:
    loop = asyncio.get_running_loop()
    factory = session_factory(reception)
    if inherited.family == socket.AF_UNIX:
        return Listener(address, await loop.create_unix_server(factory, sock=inherited, backlog=_BACKLOG))
    server = await loop.create_server(factory, sock=inherited, backlog=_BACKLOG)
    return Listener(address, server, port=inherited.getsockname()[1])
