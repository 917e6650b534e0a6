"""The daemon as others see it: the lock that it holds, the pid in it, and a way to reach it."""

from __future__ import annotations

import fcntl
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.cli.failure import NOT_ALLOWED, UNREACHABLE, Failure

LOCK = "gateway.lock"


@dataclass(frozen=True, slots=True)
class Running:
    pid: int
    since: datetime


def running(state_dir: Path) -> Running | None:
    """The daemon of this state directory; None where none runs. PermissionError where its lock may not be read.

    A pid that is alive may be anybody's by now: the lock tells. It is only tried where there is such a process, so that
    a daemon that starts in this moment is not turned away.
    """
    try:
        with (state_dir / LOCK).open() as file:
            word = file.read().strip()
            if not word.isdecimal() or not _alive(int(word)):
                return None
            since = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Running(int(word), since)
    except FileNotFoundError:
        return None
    return None


def hang_up(state_dir: Path) -> Running:
    """Tell the daemon to read its configuration anew. 69 where none runs, 77 where it is somebody else's."""
    found = running(state_dir)
    if found is None:
        raise Failure(UNREACHABLE, f"no gateway runs in {state_dir}: the configuration is read when it starts")
    try:
        os.kill(found.pid, signal.SIGHUP)
    except PermissionError as error:
        raise Failure(NOT_ALLOWED, f"the gateway (pid {found.pid}) runs as another user: use sudo") from error
    except ProcessLookupError as error:
        raise Failure(UNREACHABLE, "the gateway ended a moment ago") from error
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
