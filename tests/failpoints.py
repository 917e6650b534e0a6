"""`python -m tests.failpoints NAME:ACTION[:HIT] …`: the `gateway` command, with an accident at one place of its path.

The product knows nothing of this: functions of it are wrapped before it starts. NAME is one of POINTS, ACTION one of
kill, raise, sleep, abort, HIT counts from 1 when it happens, once. `mutant:NAME` instead plants one of MUTANTS, the
classic mistakes that the harness of tests.kill has to find. Several are joined by commas.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from gateway import daemon, dispatch
from gateway.edge.imap import MailSource
from gateway.mail.accepted import Accepted
from gateway.mail.letter import Letter
from gateway.mail.message import Envelope
from gateway.store import blobs, keying, outbox, schema, spool

SLEEP = 2.0  # seconds


class Accident(Exception):
    """What `raise` raises: nobody expects it by name."""


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise() -> None:
    raise Accident("planted by the test")


ACTIONS: dict[str, Callable[[], None]] = {
    "kill": _kill,
    "raise": _raise,
    "sleep": lambda: time.sleep(SLEEP),
    "abort": os.abort,
}


def _before(owner: Any, name: str, act: Callable[[], None]) -> None:
    """Wrap a function, coroutine function or method so that `act` comes first."""
    plain = getattr(owner, name)

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        act()
        return plain(*args, **kwargs)

    setattr(owner, name, wrapped)


def _after(owner: Any, name: str, act: Callable[[], None]) -> None:
    plain = getattr(owner, name)

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = plain(*args, **kwargs)
        act()
        return result

    setattr(owner, name, wrapped)


def _after_awaited(owner: Any, name: str, act: Callable[[], None]) -> None:
    plain: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(plain)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        result = await plain(*args, **kwargs)
        act()
        return result

    setattr(owner, name, wrapped)


def _before_awaited(owner: Any, name: str, act: Callable[[], None]) -> None:
    """As `_before`, but what is raised comes out of the coroutine, not out of the call that makes it."""
    plain: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(plain)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        act()
        return await plain(*args, **kwargs)

    setattr(owner, name, wrapped)


POINTS: dict[str, Callable[[Callable[[], None]], None]] = {
    "before_store": lambda act: _before_awaited(spool.Incoming, "commit", act),
    "blob_partial": lambda act: _after(blobs.Aside, "write", act),
    "blob_kept": lambda act: _after(blobs.Aside, "keep", act),
    "before_commit": lambda act: _after(spool, "accept_all", act),
    "after_commit": lambda act: _after_awaited(spool.Spool, "accept", act),
    "before_250": lambda act: _after_awaited(spool.Incoming, "commit", act),
    "outbox_claimed": lambda act: _before_awaited(dispatch, "_try", act),
    "after_smtp_250": lambda act: _before(dispatch, "_settle", act),
    "before_sent_commit": lambda act: _after(outbox, "settle", act),
    "after_fetch": lambda act: _after_awaited(MailSource, "body", act),
    "before_move": lambda act: _before_awaited(MailSource, "move", act),
    "migration": lambda act: _after(schema, "migrate", act),
    "before_ready": lambda act: _before(daemon, "notify", act),
}
AT_START = frozenset(("migration", "before_ready"))  # come once in a life


def _ack_first() -> None:
    """Say yes now, store a moment later."""
    plain = spool.Incoming.commit

    async def commit(self: spool.Incoming, envelope: Envelope, imap: Any = None) -> Accepted:
        asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(plain(self, envelope, imap)))
        return Accepted(uuid.uuid4().hex)

    spool.Incoming.commit = commit  # type: ignore[method-assign]


def _no_key() -> None:
    """Take every copy of a mail for a new mail."""
    keying.KeyScanner.key = lambda self: uuid.uuid4().hex  # type: ignore[method-assign]


def _sent_first() -> None:
    """Mark letters sent when they are taken in hand, not when the relay has them."""
    plain = outbox.claim

    def claim(tx: Any, now: datetime, **options: Any) -> list[tuple[Letter, int]]:
        claimed = plain(tx, now, **options)
        for letter, _ in claimed:
            outbox.settle(tx, letter.id, "sent", now=now)
        return claimed

    outbox.claim = claim


MUTANTS: dict[str, Callable[[], None]] = {"ack-first": _ack_first, "no-key": _no_key, "sent-first": _sent_first}


def install(what: str) -> None:
    """Plant what `NAME:ACTION[:HIT]` or `mutant:NAME` says. Raises KeyError for a name that is none."""
    name, _, rest = what.partition(":")
    if name == "mutant":
        MUTANTS[rest]()
        return
    action, _, hit = rest.partition(":")
    left = int(hit or 1)
    accident = ACTIONS[action]

    def act() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            sys.stderr.write(f"failpoint {what}\n")
            sys.stderr.flush()
            accident()

    POINTS[name](act)


def main() -> None:
    from gateway.cli import main as gateway

    for what in sys.argv.pop(1).split(","):
        install(what)
    gateway()


if __name__ == "__main__":
    main()
