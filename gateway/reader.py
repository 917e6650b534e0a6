"""Raw bytes to a reading: small plain mail here, large or odd mail in a child process with limits.

The child may use so much memory and time and no more (DUTIES PAR-02); what kills it is one mail, which goes to
quarantine, and never the daemon. While it works, small mail is read beside it.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import resource
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from gateway.desk.policy import Policy
from gateway.intake.reading import Reading, read
from gateway.mail.message import Envelope, Message, Unreadable
from gateway.mail.parse import parse
from gateway.mail.prescan import is_odd

Parse = Callable[[bytes], Message]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one mail may cost: address space in octets, processor and wall-clock time in seconds, open files."""

    memory: int = 512 * 2**20
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    files: int = 16


START_SECONDS = 60.0
MAILS_OF_A_CHILD = 200  # then a fresh one: what leaked goes with the old


class Reader:
    """Reads one large mail at a time, and small ones beside it. Use from one event loop.

    `parse_one` is what a child does with a mail's bytes; a function of a module, since the child is a new process.
    """

    def __init__(self, parse_one: Parse = parse, bounds: Bounds | None = None) -> None:
        self._parse_one = parse_one
        self._bounds = bounds or Bounds()
        self._here = ThreadPoolExecutor(1, "reader")
        self._aside = ThreadPoolExecutor(1, "reader-aside")
        self._lock = asyncio.Lock()
        self._child: _Child | None = None

    async def read(self, raw: bytes, envelope: Envelope, policy: Policy) -> Reading:
        """Raises Unreadable, whose text says why."""
        loop = asyncio.get_running_loop()
        if not is_odd(raw):
            return await loop.run_in_executor(self._here, _read_here, raw, envelope, policy)
        async with self._lock:
            message = await loop.run_in_executor(self._aside, self._parse_aside, raw)
            return await loop.run_in_executor(self._aside, read, message, envelope, policy)

    def close(self) -> None:
        """Not waiting for a mail that is being read: it stays in the spool."""
        if self._child is not None:
            self._child.kill()
        self._here.shutdown(wait=True)
        self._aside.shutdown(wait=True)
        if self._child is not None:
            self._child.end()

    def _parse_aside(self, raw: bytes) -> Message:
        if self._child is None or self._child.worn_out:
            if self._child is not None:
                self._child.end()
            self._child = _Child(self._parse_one, self._bounds)
        try:
            return self._child.parse(raw)
        except _Died as death:
            self._child.end()
            self._child = None
            raise Unreadable(str(death)) from death


def _read_here(raw: bytes, envelope: Envelope, policy: Policy) -> Reading:
    return read(parse(raw), envelope, policy)


class _Died(Exception):
    """The child was ended by a limit, or ended itself."""


class _Child:
    """A spawned process that parses what it is sent, until it is ended."""

    def __init__(self, parse_one: Parse, bounds: Bounds) -> None:
        context = multiprocessing.get_context("spawn")
        self._bounds = bounds
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, parse_one, bounds), daemon=True)
        self._process.start()
        theirs.close()
        self._mails = 0
        self._ready = False

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def worn_out(self) -> bool:
        return self._mails >= MAILS_OF_A_CHILD or not self._process.is_alive()

    def parse(self, raw: bytes) -> Message:
        """Raises Unreadable where the child refuses the mail, and _Died where it is no more, or must not go on."""
        self._mails += 1
        try:
            self._wait_until_ready()
            self._pipe.send_bytes(raw)
            if not self._pipe.poll(self._bounds.wall_seconds):
                raise _Died(f"reading it took longer than {self._bounds.wall_seconds:.0f} s")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _Died("reading it took more memory or time than one mail may have") from error
        if isinstance(answer, Message):
            return answer
        raise Unreadable(str(answer))

    def _wait_until_ready(self) -> None:
        """What a mail may cost is counted without the start of the process, which imports what it needs."""
        if not self._ready and not self._pipe.poll(START_SECONDS):
            raise _Died(f"no process to read it started within {START_SECONDS:.0f} s")
        if not self._ready:
            self._pipe.recv()
        self._ready = True

    def kill(self) -> None:
        """It holds nothing that is not ours as well."""
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, parse_one: Parse, bounds: Bounds) -> None:
    """The child's life. What is raised is sent back as its text."""
    _limit(resource.RLIMIT_AS, bounds.memory)
    _limit(resource.RLIMIT_NOFILE, bounds.files)
    _limit(resource.RLIMIT_CORE, 0)
    pipe.send("ready")
    while True:
        try:
            raw = pipe.recv_bytes()
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + bounds.cpu_seconds)
        try:
            answer: Message | str = parse_one(raw)
        except Unreadable as refusal:
            answer = str(refusal)
        except MemoryError:
            return  # what it still holds, nobody knows: a fresh child reads the next one
        except Exception:  # noqa: BLE001 - a mistake of ours is this mail's trouble and not the next one's
            answer = f"reading it failed: {traceback.format_exc(limit=-3)}"
        del raw
        pipe.send(answer)


def _limit(what: int, most: int) -> None:
    """The soft limit alone: the hard one can never be raised again, and the next mail gets its own time."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
