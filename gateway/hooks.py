"""Programs of the operator's, called when something happens: JSON on stdin, bounded in time and output, retried.

They run beside mail, never before it. A call is made at least once, and again under the same `id` after a crash or a
failure; exit code 0 ends it. The program's environment has nothing of ours but what the JSON says, too.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.advance import Desk
from gateway.desk.evolve import replay
from gateway.desk.policy import Hook
from gateway.shown import event as shown_event
from gateway.shown import instant, summary
from gateway.store import calls, events, tickets
from gateway.store.calls import Promised
from gateway.store.database import Database
from gateway.store.transaction import Transaction

AT_ONCE = 4  # programs that run at the same time
OUTPUT = 65_536  # octets that are read; what a program prints beyond is thrown away
KEPT = 2_000  # characters of it that are kept
LEASE = timedelta(minutes=5)  # longer than the longest a program may take
PATIENCE = (1, 5, 15, 60)  # minutes until the next try; after the last it is given up
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a call ended, for the log: `code` is the exit code, None where it did not end by itself."""

    promised: Promised
    outcome: calls.Outcome
    code: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where programs run: the folder that relative names are relative to, and what they may know of ours."""

    folder: Path | None
    environ: Mapping[str, str]


async def run_due(db: Database, desk: Desk, clock: Callable[[], datetime], place: Place) -> list[Ran]:
    """Make the calls that are due; those of hooks that are not configured (any more) wait."""
    hooks = {hook.id: hook for hook in desk.policy.hooks}
    if not hooks:
        return []
    due = await db.run(calls.claim, clock(), hooks=hooks, limit=AT_ONCE, lease=LEASE)
    return list(await asyncio.gather(*(_call(db, desk, hooks[each.call.hook], each, clock, place) for each in due)))


async def _call(
    db: Database, desk: Desk, hook: Hook, promised: Promised, clock: Callable[[], datetime], place: Place
) -> Ran:
    told = await db.read(_told, desk, promised)
    if told is None:
        ran = Ran(promised, "failed", None, "the ticket was erased")
    else:
        place = replace(place, environ=_environment(place.environ, promised))
        code, said = await run(hook, json.dumps(told, ensure_ascii=False).encode(), place)
        again = "again" if promised.attempts <= len(PATIENCE) else "failed"
        ran = Ran(promised, "done" if code == 0 else again, code, said)  # type: ignore[arg-type]
    minutes = PATIENCE[min(promised.attempts, len(PATIENCE)) - 1]
    later = clock() + timedelta(minutes=minutes) if ran.outcome == "again" else clock()
    await db.run(calls.settle, promised.id, ran.outcome, said=ran.said, next_attempt=later)
    return ran


def _told(tx: Transaction, desk: Desk, promised: Promised) -> dict[str, Any] | None:
    """The ticket as it is now, and the event that calls."""
    call = promised.call
    ticket = tickets.load(tx, call.ticket, replay)
    if ticket is None:
        return None
    event = events.events_of(tx, call.ticket)[call.seq - 1]
    return {
        "id": promised.id, "hook": call.hook, "on": call.name, "at": instant(promised.at),
        "attempt": promised.attempts, "event": shown_event(event), "ticket": summary(ticket, desk.policy, desk.keys),
    }  # fmt: skip


def _environment(environ: Mapping[str, str], promised: Promised) -> dict[str, str]:
    passed = {name: environ[name] for name in PASSED_ON if name in environ}
    call = promised.call
    return {**passed, "GATEWAY_HOOK": call.hook, "GATEWAY_ON": call.name, "GATEWAY_TICKET": str(call.ticket)}


async def run(hook: Hook, given: bytes, place: Place) -> tuple[int | None, str]:
    """The exit code (None: it could not be run, or was ended) and what it printed, on either stream."""
    try:
        process = await asyncio.create_subprocess_exec(
            *hook.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, env=dict(place.environ), cwd=place.folder, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        return None, f"{hook.command[0]}: {error.strerror or error}"
    try:
        async with asyncio.timeout(hook.timeout.total_seconds()):
            said, _ = await asyncio.gather(_read(process), _give(process, given))
            return await process.wait(), said
    except TimeoutError:
        return None, f"it took longer than {hook.timeout.total_seconds():g} s"
    finally:
        await _end(process)


async def _give(process: asyncio.subprocess.Process, given: bytes) -> None:
    """A program need not read what it is given."""
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(given)
        await process.stdin.drain()
    process.stdin.close()


async def _read(process: asyncio.subprocess.Process) -> str:
    """All is read, so that the program never waits for us; the beginning is kept."""
    assert process.stdout is not None
    kept = b""
    while chunk := await process.stdout.read(OUTPUT):
        kept = (kept + chunk)[:OUTPUT]
    return kept.decode("utf-8", "replace")[:KEPT]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Whatever it started ends with it: it has a session of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        await process.wait()
