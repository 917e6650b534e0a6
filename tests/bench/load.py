"""Fifty senders at once: a client lean enough that the server is what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from tests.kill.given import ADDRESS

SESSIONS = 50
BODY = ("The export of March stops at half of its lines, and nobody here knows why it does so.\r\n" * 64)[:4_600]


def mail(number: int, run: str) -> bytes:
    """5 kB of plain text from a sender of its own."""
    head = (
        f"From: Customer {number} <c{number}.{run}@customer.example>\r\nTo: {ADDRESS}\r\n"
        f"Subject: Export {number} {run} stops\r\nMessage-ID: <{number}.{run}@customer.example>\r\n"
        "Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + BODY).encode()


class _Sender(asyncio.Protocol):
    """One session: a mail after the other while `next_number` gives one."""

    def __init__(self, run: str, next_number: Callable[[], int | None], done: asyncio.Future[None]) -> None:
        self._run = run
        self._next_number = next_number
        self._done = done
        self._steps: list[bytes] = []
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._steps = [b"EHLO load.example\r\n"]

    def data_received(self, data: bytes) -> None:
        self._read += data
        last = self._read.rstrip(b"\r\n").rpartition(b"\n")[2]
        if not self._read.endswith(b"\n") or last[3:4] != b" ":
            return
        if not last.startswith((b"2", b"3")):
            self._finish(RuntimeError(last.decode()))
            return
        self._read = b""
        if not self._steps and not self._another():
            self._finish(None)
            return
        self._transport.write(self._steps.pop(0))

    def connection_lost(self, _error: Exception | None) -> None:
        self._finish(ConnectionError("the server hung up"))

    def _another(self) -> bool:
        number = self._next_number()
        if number is None:
            return False
        sender = f"c{number}.{self._run}@customer.example"
        self._steps = [
            f"MAIL FROM:<{sender}>\r\n".encode(),
            f"RCPT TO:<{ADDRESS}>\r\n".encode(),
            b"DATA\r\n",
            mail(number, self._run) + b"\r\n.\r\n",
        ]
        return True

    def _finish(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error) if error else self._done.set_result(None)
            self._transport.close()


async def _send(port: int, count: int, run: str) -> float:
    loop = asyncio.get_running_loop()
    numbers = iter(range(count))
    began = time.perf_counter()
    sessions = [loop.create_future() for _ in range(SESSIONS)]
    for done in sessions:
        sender = partial(_Sender, run, lambda: next(numbers, None), done)
        await loop.create_connection(sender, "127.0.0.1", port)
    await asyncio.gather(*sessions)
    return count / (time.perf_counter() - began)


def accepts_a_second(port: int, count: int, run: str) -> float:
    """Give `count` mails, each with ids of this `run`; how many got their 250 each second."""
    return asyncio.run(_send(port, count, run))
