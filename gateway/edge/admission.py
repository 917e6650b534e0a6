"""Who may hold a connection, how many, and how they all end when the daemon stops.

One `Admission` for all SMTP and LMTP listeners: it counts live sessions, in all and for each address, keeps the
tasks that must outlive their session (a commit whose client has hung up), and drains.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any, Protocol, TypeVar

from gateway.edge.ports import Limits

Network = IPv4Network | IPv6Network
Result = TypeVar("Result")

CLOSING = "421 4.3.2 Service shutting down, try again later"
CROWDED = "421 4.7.0 Too many connections, try again later"
LOCAL = "local"
"""The peer name of a unix socket: file permissions have already said who may come."""


class Guest(Protocol):
    """A session, as far as its admission is concerned."""

    @property
    def in_data(self) -> bool:
        """True from 354 to the reply after the final dot."""

    def leave(self, reply: str) -> None:
        """Say this and close."""

    def abort(self) -> None:
        """Close at once."""


class Admission:
    def __init__(self, limits: Limits, trusted: Iterable[Network] = ()) -> None:
        self._limits = limits
        self._live: set[Guest] = set()
        self._counted: dict[Guest, str] = {}
        self._per_peer: Counter[str] = Counter()
        self._kept: set[asyncio.Task[Any]] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.draining = False
        networks = tuple(trusted)

        @lru_cache(maxsize=1024)
        def is_trusted(peer: str) -> bool:
            if peer == LOCAL:
                return True
            address = ip_address(peer.partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None)
            return any((mapped or address) in network for network in networks)

        self._is_trusted = is_trusted

    def __len__(self) -> int:
        return len(self._live)

    def admit(self, guest: Guest, peer: str) -> str | None:
        """None, or the reply that turns this guest away. Trusted networks and unix sockets are never counted."""
        if self.draining:
            return CLOSING
        if not self._is_trusted(peer):
            if (
                len(self._counted) >= self._limits.connections
                or self._per_peer[peer] >= self._limits.connections_per_ip
            ):
                return CROWDED
            self._counted[guest] = peer
            self._per_peer[peer] += 1
        self._live.add(guest)
        self._empty.clear()
        return None

    def release(self, guest: Guest) -> None:
        self._live.discard(guest)
        peer = self._counted.pop(guest, None)
        if peer is not None:
            self._per_peer[peer] -= 1
            if not self._per_peer[peer]:
                del self._per_peer[peer]
        if not self._live:
            self._empty.set()

    def keep(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run `work` to its end whatever becomes of the session that asked for it; `drain` waits for it too."""
        task = asyncio.get_running_loop().create_task(work)
        self._kept.add(task)
        task.add_done_callback(self._kept.discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Send idle sessions away, let data in flight finish and get its answer, cut what is left after `seconds`."""
        self.draining = True
        for guest in list(self._live):
            if not guest.in_data:
                guest.leave(CLOSING)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._empty.wait()
                while self._kept:
                    await asyncio.wait(self._kept)
        for guest in list(self._live):
            guest.abort()
