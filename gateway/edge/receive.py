"""From 354 to the final dot: mail data streamed from the socket into the spool, in constant memory.

Whatever is wrong with a mail is said after its last dot (RFC 5321 §4.2.5), so a refused mail is read to its end and
the session stays in step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from gateway.edge.dot import DotReader
from gateway.edge.hops import HopCount
from gateway.edge.ports import Incoming, Limits, StorageFull

OUR_FAULT = "451 4.3.0 Local error, try again later"
FULL = "452 4.3.1 Insufficient storage, try again later"
TOO_BIG = "552 5.3.4 Message exceeds the size limit"
LOOPING = "554 5.4.6 Too many hops"
EMPTY = "554 5.6.0 Message has no content"
READ_SIZE = 65536

_log = structlog.get_logger("gateway.edge.smtp")


class Cut(Exception):
    """The connection ended before the final dot: nothing was received."""


class TooSlow(Exception):
    """The peer stalls, or sends below the least rate."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """What came before the dot. `refusal` is the reply it earned, or None; `rest` the commands that followed."""

    size: int
    refusal: str | None
    rest: bytes


async def stream(read: Callable[[float], Awaitable[bytes]], incoming: Incoming, limits: Limits) -> Streamed:
    """Read to the final dot. `read` takes the seconds it may wait. Raises Cut and TooSlow."""
    dots, hops = DotReader(), HopCount()
    pace = _Pace(limits, asyncio.get_running_loop().time)
    size, refusal = 0, None
    while not dots.done:
        chunk = await read(pace.patience())
        if not chunk:
            raise Cut
        pace.add(len(chunk))
        piece = dots.feed(chunk)
        size += len(piece)
        if refusal is None and piece:
            hops.feed(piece)
            refusal = _refusal(size, hops.hops, limits) or await _store(incoming, piece)
    if refusal is None and not size:
        refusal = EMPTY
    return Streamed(size, refusal, dots.rest)


def _refusal(size: int, hops: int, limits: Limits) -> str | None:
    if size > limits.message_size:
        return TOO_BIG
    if hops > limits.received:
        return LOOPING
    return None


async def _store(incoming: Incoming, piece: bytes) -> str | None:
    try:
        await incoming.write(piece)
    except StorageFull:
        return FULL
    except Exception:  # noqa: BLE001  whatever the disk raises, the peer hears 451 after its dot and comes again
        _log.exception("smtp.write_failed")
        return OUR_FAULT
    return None


class _Pace:
    """How long the next octet may take: no stall, a whole within `data_seconds`, never under `min_rate`."""

    __slots__ = ("_began", "_clock", "_limits", "_size")

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._began = clock()
        self._size = 0

    def add(self, octets: int) -> None:
        self._size += octets

    def patience(self) -> float:
        """Seconds to wait for the next octets. Raises TooSlow."""
        elapsed = self._clock() - self._began
        remaining = self._limits.data_seconds - elapsed
        crawling = elapsed > self._limits.stall_seconds and self._size < self._limits.min_rate * elapsed
        if remaining <= 0 or crawling:
            raise TooSlow
        return min(self._limits.stall_seconds, remaining)
