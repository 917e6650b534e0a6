"""Raw bytes to a reading: small plain mail here, large or odd mail in a child process with limits.

The child may use so much memory and time and no more (DUTIES PAR-02); what kills it is one mail, which goes to
quarantine, and never the daemon.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from gateway.desk.policy import Policy
from gateway.intake.reading import Reading, read
from gateway.mail.message import Envelope, Message, Unreadable
from gateway.mail.parse import parse
from gateway.mail.prescan import is_odd

MEMORY = 1024 * 1024 * 1024  # octets of address space: a 25 MB mail decoded, copied and pickled fits
CPU_SECONDS = 20
WALL_SECONDS = 30.0
MOST_FILES = 16
MAILS_OF_A_CHILD = 200  # then a fresh one: what leaked goes with the old


class Reader:
    """Reads one large mail at a time; small ones as they come. Use from one event loop."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "reader")
        self._lock = asyncio.Lock()
        self._child: _Child | None = None

    async def read(self, raw: bytes, envelope: Envelope, policy: Policy) -> Reading:
        """Raises Unreadable, whose text says why."""
        loop = asyncio.get_running_loop()
        if not is_odd(raw):
            return await loop.run_in_executor(self._thread, _read_here, raw, envelope, policy)
        async with self._lock:
            message = await loop.run_in_executor(self._thread, self._parse_aside, raw)
        return await loop.run_in_executor(self._thread, read, message, envelope, policy)

    def close(self) -> None:
        self._thread.shutdown(wait=True)
        if self._child is not None:
            self._child.end()

    def _parse_aside(self, raw: bytes) -> Message:
        if self._child is None or self._child.worn_out:
            if self._child is not None:
                self._child.end()
            self._child = _Child()
        try:
            return self._child.parse(raw)
        except _Died as death:
            self._child = None
            raise Unreadable(str(death)) from death


def _read_here(raw: bytes, envelope: Envelope, policy: Policy) -> Reading:
    return read(parse(raw), envelope, policy)


class _Died(Exception):
    """The child was ended by a limit, or ended itself."""


class _Child:
    """A spawned process that parses what it is sent, until it is ended."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._mails = 0

    @property
    def worn_out(self) -> bool:
        return self._mails >= MAILS_OF_A_CHILD or not self._process.is_alive()

    def parse(self, raw: bytes) -> Message:
        self._mails += 1
        try:
            self._pipe.send_bytes(raw)
            if not self._pipe.poll(WALL_SECONDS):
                raise _Died(f"reading it took longer than {WALL_SECONDS:.0f} s")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise _Died("reading it took more memory or time than one mail may have") from error
        finally:
            if not self._process.is_alive():
                self.end()
        if isinstance(answer, Message):
            return answer
        raise Unreadable(str(answer))

    def end(self) -> None:
        """Kill it: it holds nothing that is not ours as well."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, parse_one: Callable[[bytes], Message] = parse) -> None:
    """The child's life. What is raised is sent back as its text."""
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_NOFILE, MOST_FILES)
    _limit(resource.RLIMIT_CORE, 0)
    while True:
        try:
            raw = pipe.recv_bytes()
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS)
        try:
            pipe.send(parse_one(raw))
        except Unreadable as refusal:
            pipe.send(str(refusal))
        except MemoryError:
            pipe.send("reading it took more memory than one mail may have")


def _limit(what: int, most: int) -> None:
    """The soft limit alone: the hard one can never be raised again, and the next mail gets its own time."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
