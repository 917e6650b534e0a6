"""The daemon's parts without its threads: in a world of its own nobody waits for anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from gateway.desk.policy import Policy
from gateway.intake.reading import Reading, read
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from gateway.mail.prescan import is_odd
from gateway.reader import Reader
from gateway.store.database import Database
from gateway.store.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")


class HereDatabase(Database):
    """In memory, each unit of work done at once and in one transaction that never ends: nobody else looks, nothing has
    to last. What raises, but for the savepoints inside a unit, ends the world, so nothing is ever taken back."""

    def __init__(self) -> None:
        super().__init__("sqlite://", units=False)
        self._world = self.engine.connect()
        self._world.exec_driver_sql("BEGIN")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        yield self._world

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        yield self._world

    async def run(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return fn(self._world, *args, **kwargs)

    async def read(self, fn: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return fn(self._world, *args, **kwargs)

    def close(self) -> None:
        self._world.close()
        super().close()


class HereReader(Reader):
    """What is large or odd goes to a process with limits, as in the daemon."""

    async def read(self, raw: bytes, envelope: Envelope, policy: Policy) -> Reading:
        if is_odd(raw):
            return await super().read(raw, envelope, policy)
        return read(parse(raw), envelope, policy)
