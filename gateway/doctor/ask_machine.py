"""Looks at this machine: file systems, the kernel's opinion of its clock, modes of files. Changes nothing."""

from __future__ import annotations

import ctypes
import os
import pwd
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from gateway.config.secrets import SecretRef
from gateway.config.settings import Config, Imap, Send
from gateway.doctor.machine import Clock, Disk, FileSeen

_MOUNTS = Path("/proc/self/mountinfo")
_CREDENTIALS = Path("/etc/credstore")
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_KINDS_OF_INT = 26  # of struct timex, from `modes` on, more than any ABI has


def disks(config: Config) -> Iterator[Disk]:
    """Each file system that is written to, once: state, database and blobs mostly lie together."""
    database = _database_file(config)
    places = {"state": config.state_dir, "blobs": config.storage.blobs}
    places |= {"database": database.parent} if database else {}
    seen: set[int] = set()
    for what, wanted in places.items():
        path = next(each for each in (wanted, *wanted.parents) if each.is_dir())
        device = path.stat().st_dev
        if device not in seen:
            seen.add(device)
            yield _disk(what, path)


def _disk(what: str, path: Path) -> Disk:
    found = os.statvfs(path)
    # What is kept back for root is neither free nor ours.
    total = (found.f_blocks - found.f_bfree + found.f_bavail) * found.f_frsize
    free = found.f_bavail * found.f_frsize
    return Disk(what, str(path), total, free, found.f_files, found.f_favail, _kind(path))


def _kind(path: Path) -> str:
    """The kind of the file system that `path` lies on, "" where Linux does not say."""
    best, kind = -1, ""
    with suppress(OSError):
        for line in _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
            before, _, behind = line.partition(" - ")
            mount = before.split()[4].replace("\\040", " ")
            inside = path == Path(mount) or Path(mount) in path.parents
            if inside and len(mount) >= best:
                best, kind = len(mount), behind.split()[0]
    return kind


def kernel_clock() -> Clock:
    """What adjtimex(2) says: whether somebody keeps the clock, and how far off it may be."""
    try:
        ask = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return Clock()
    timex = (ctypes.c_long * _KINDS_OF_INT)()  # modes 0: nothing is changed; then offset, freq, maxerror, esterror
    state = ask(timex)
    if state < 0:
        return Clock()
    error = timedelta(microseconds=timex[4])
    return Clock(kept=state != _UNSYNCHRONISED, error=error if state != _UNSYNCHRONISED else None)


def files(config: Config, credentials: Iterable[str]) -> list[FileSeen]:
    """The state directory, the database in it, the configuration, and the unit's secrets where they can be seen."""
    state, database = config.state_dir, _database_file(config)
    found = list(_seen([state], 0o007, "state"))
    if database is not None and database.is_file():
        keeper = _owner(state) if database.parent == state else ""
        closed = bool(found) and database.parent == state and not found[0].mode & 0o007
        found += _seen([database], 0 if closed else 0o007, "state", keeper)
    found += _seen(config.files, 0o002, "configuration")
    found += _seen((_CREDENTIALS / name for name in credentials), 0o077, "secret")
    return found


def _seen(paths: Iterable[Path], keep: int, of: str, keeper: str = "") -> Iterator[FileSeen]:
    for path in paths:
        with suppress(OSError):
            mode, owner = path.stat().st_mode & 0o7777, _owner(path)
            yield FileSeen(path, mode, owner, keep, of, keeper if keeper != owner else "")  # type: ignore[arg-type]


def _owner(path: Path) -> str:
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _database_file(config: Config) -> Path | None:
    url = config.storage.database
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def credentials(config: Config) -> tuple[str, ...]:
    """The names of all secrets that the unit is to hand over."""
    logins: list[Send | Imap] = [config.send, *config.imap.values()]
    secrets = [secret for each in logins for secret in _secrets(each)]
    named = [each.name for each in (*secrets, config.storage.database_secret) if each and each.way == "credential"]
    return tuple(dict.fromkeys(named))


def _secrets(login: Send | Imap) -> tuple[SecretRef | None, ...]:
    oauth2 = login.oauth2 if login.auth == "xoauth2" else None
    return (login.password_secret, *((oauth2.client_secret, oauth2.refresh_secret) if oauth2 else ()))


def as_the_unit(config: Config, environ: Mapping[str, str]) -> str:
    """The command that runs the doctor where the unit's credentials are."""
    loads = " ".join(f"-p LoadCredential={name}" for name in credentials(config))
    state = "-p StateDirectory=gateway " if environ.get("STATE_DIRECTORY") else ""
    return f"systemd-run -qP --wait -p User=gateway {state}{loads} gateway -c {config.path.absolute()} doctor"
