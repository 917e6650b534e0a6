"""The machine: disk, clock, database, files, and what waits too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from gateway.doctor.finding import Finding, Level, counted, day, size, worst
from gateway.doctor.server import SOON

MACHINE = "machine"
_DISK_WARN, _DISK_FAIL = 0.10, 0.03  # of a file system free
_ENOUGH = 20 * 10**9  # octets free that are enough on any disk
_FEW_INODES = 5_000
_OFF, _FAR_OFF = timedelta(seconds=5), timedelta(minutes=5)
_OLD_BACKUP = timedelta(hours=26)  # a nightly one, two hours late
_SHARED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph", "lustre"})


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system in use. `what` is kept there; sizes in octets; `inodes` 0: it does not count them."""

    what: str
    path: str
    total: int
    free: int
    inodes: int = 0
    inodes_free: int = 0
    kind: str = ""


def disk(seen: Disk, message_size: int, *, database: bool) -> Iterator[Finding]:
    """Below twice the largest mail nothing is accepted any more."""
    name = "disk" if seen.what == "state" else f"disk of {seen.what}"
    used = 1 - seen.free / seen.total if seen.total else 1.0
    what = f"{used:.0%} of {size(seen.total)} used, {size(seen.free)} free"
    why = "Without room no mail is accepted; it waits with those who send it."
    look = (f"df -h {seen.path}", f"du -xh --max-depth=2 {seen.path} | sort -h | tail")
    level = _disk_level(seen, message_size)
    yield Finding(MACHINE, "disk", level, name, what, why if level != "ok" else "", look if level != "ok" else ())
    if seen.inodes and seen.inodes_free < _FEW_INODES:
        what = f"{seen.inodes_free} of {seen.inodes} inodes free"
        yield Finding(MACHINE, "inodes", "fail", name, what, why, (f"df -i {seen.path}",))
    if database and seen.kind in _SHARED:
        yield Finding(
            MACHINE, "disk.shared", "fail", name, f"SQLite lies on {seen.kind}, a file system over the network",
            "Its locks and syncs do not hold there: the database may be damaged.",
            ('database = "sqlite:////var/lib/gateway/gateway.db"   ([storage])',),
        )  # fmt: skip


def _disk_level(seen: Disk, message_size: int) -> Level:
    free = seen.free / seen.total if seen.total else 0.0
    if seen.free < 2 * message_size or (free < _DISK_FAIL and seen.free < _ENOUGH / 10):
        return "fail"
    return "warn" if free < _DISK_WARN and seen.free < _ENOUGH else "ok"


@dataclass(frozen=True, slots=True)
class Clock:
    """`kept`: somebody sets this clock by others (None: the kernel does not say), `error` how far off it may be then.

    `ahead`: by how much our clock is ahead of others' by what they stamped, None where nothing was stamped; `of`
    names whom it was compared with.
    """

    kept: bool | None = None
    error: timedelta | None = None
    ahead: timedelta | None = None
    of: str = ""


def clock(seen: Clock) -> Finding:
    levels: list[Level] = ["ok"]
    words = []
    if seen.kept is not None:
        words.append("kept by a time service" if seen.kept else "no time service sets it")
        levels.append("ok" if seen.kept else "warn")
    if seen.kept and seen.error is not None:
        words.append(f"at most {_short(seen.error)} off")
    if seen.ahead is not None and abs(seen.ahead) > _OFF:
        direction = "ahead of" if seen.ahead > timedelta() else "behind"
        words.append(f"{_short(abs(seen.ahead))} {direction} {seen.of}")
        levels.append("fail" if abs(seen.ahead) > _FAR_OFF else "warn")
    level = worst(levels)
    if not words:
        return Finding(MACHINE, "clock", "skip", "clock", "the kernel does not say whether anybody sets it")
    why = "Dates in letters, reminders and tokens of logins go by this clock." if level != "ok" else ""
    repair = ("timedatectl set-ntp true", "timedatectl timesync-status") if level != "ok" else ()
    return Finding(MACHINE, "clock", level, "clock", ", ".join(words), why, repair)


def _short(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


@dataclass(frozen=True, slots=True)
class DatabaseSeen:
    """`where` is a path or a URL without a password; `octets` None: unknown. `integrity`: "" is whole, None was not
    looked through to the end. `trouble`: why it cannot be used at all, and `missing` that it is only not there yet."""

    where: str
    octets: int | None = None
    schema: str = ""
    integrity: str | None = ""
    trouble: str = ""
    missing: bool = False


def database(seen: DatabaseSeen) -> Finding:
    if seen.missing:
        return Finding(
            MACHINE, "database", "skip", "database", f"{seen.where} is not there yet", "", ("gateway serve",)
        )
    if seen.trouble:
        why = "The gateway does not start with it."
        return Finding(MACHINE, "database", "fail", "database", seen.trouble, why, _database_repair(seen.trouble))
    known = [size(seen.octets)] if seen.octets is not None else []
    words = [*known, f"schema {seen.schema}"]
    if seen.integrity is None:
        words.append("too large to look through here")
        return Finding(MACHINE, "database", "ok", "database", ", ".join(words), "", ("gateway verify",))
    if seen.integrity:
        why = "What was promised may be lost."
        repair = ("gateway verify", "gateway restore BACKUP")
        return Finding(MACHINE, "database", "fail", "database", f"damaged: {seen.integrity}", why, repair)
    return Finding(MACHINE, "database", "ok", "database", ", ".join([*words, "integrity ok"]))


def _database_repair(trouble: str) -> tuple[str, ...]:
    if "db migrate" in trouble:
        return ("gateway db migrate",)
    return ("gateway restore BACKUP",) if "damaged" in trouble else ("gateway check",)


@dataclass(frozen=True, slots=True)
class FileSeen:
    """`mode` are the permission bits. `owner` is a user's name, `foreign`: the user of the state directory is another.

    `keep`: the bits that nobody but the owner (0o077) or nobody outside of its group (0o007) may have.
    """

    path: Path
    mode: int
    owner: str
    keep: int
    of: Literal["state", "secret", "configuration"] = "state"
    foreign: str = ""


def files(seen: Sequence[FileSeen]) -> Iterator[Finding]:
    why = {
        "state": "Customers' mails are in it.",
        "secret": "It is a password.",
        "configuration": "Who writes it decides who an agent is.",
    }
    for each in seen:
        open_bits = each.mode & each.keep
        if open_bits:
            readers = "everybody on this machine" if open_bits & 0o007 else "its group"
            what = f"{each.path} has mode {each.mode:04o}: open to {readers}"
            closed = each.mode & ~each.keep
            yield Finding(
                MACHINE, "files.mode", "fail" if each.of != "state" else "warn", "files", what, why[each.of],
                (f"chmod {closed:04o} {each.path}",),
            )  # fmt: skip
        if each.foreign:
            what = f"{each.path} belongs to {each.owner}, the state directory to {each.foreign}"
            yield Finding(
                MACHINE, "files.owner", "fail", "files", what, "The gateway cannot write it.",
                (f"chown {each.foreign}: {each.path}",),
            )  # fmt: skip
    if seen and not any(each.mode & each.keep or each.foreign for each in seen):
        yield Finding(MACHINE, "files", "ok", "files", "state and secrets are closed to others")


@dataclass(frozen=True, slots=True)
class Backup:
    """The last one that `gateway backup` wrote."""

    at: datetime
    where: str


def backup(seen: Backup | None, command: str, now: datetime) -> Finding:
    """None was made yet where there is a database: disks die."""
    nightly = (f"30 3 * * *  {command} --quiet backup /srv/backup/gateway   (crontab -e)",)
    if seen is None:
        what = "gateway backup was not run yet; what else copies this machine must copy its database whole"
        return Finding(MACHINE, "backup", "skip", "backup", what, "", nightly)
    old = now - seen.at > _OLD_BACKUP
    what = f"last one {seen.at:%Y-%m-%d %H:%M} UTC to {seen.where}"
    why = "What came since then would be lost with this disk." if old else ""
    return Finding(MACHINE, "backup", "warn" if old else "ok", "backup", what, why, nightly if old else ())


@dataclass(frozen=True, slots=True)
class Waiting:
    """What `gateway status` calls trouble; `look` is the command that tells more, or ""."""

    critical: bool
    words: str
    look: str


def work(waiting: Sequence[Waiting], letters: int) -> Iterator[Finding]:
    """Mails, letters and pauses. `letters`: how many wait for their time."""
    for each in waiting:
        level: Level = "fail" if each.critical else "warn"
        yield Finding(MACHINE, "work", level, "work", each.words, "", (each.look,) if each.look else ())
    if not waiting:
        waits = f"; {counted(letters, 'letter')} not due yet" if letters else ""
        yield Finding(MACHINE, "work", "ok", "work", f"nothing waits too long{waits}")


def daemon() -> Iterator[Finding]:
    """It does not run: before the first start that is as it should be."""
    why = "Nothing is fetched, sent or reminded of."
    repair = ("systemctl enable --now gateway", "gateway serve")
    yield Finding(MACHINE, "daemon", "warn", "gateway", "does not run", why, repair)


@dataclass(frozen=True, slots=True)
class Listening:
    """A listener of ours. `error`: why it does not answer; `until`: the end of its certificate, where it has one."""

    protocol: str
    place: str
    error: str = ""
    starttls: bool = False
    until: datetime | None = None


def listener(seen: Listening, now: datetime, *, daemon: bool, tls: bool) -> Iterator[Finding]:
    """`tls`: it is to offer STARTTLS. While no gateway runs nobody may answer there."""
    name = f"{seen.protocol} {seen.place}"
    look = (f"ss -lntp 'sport = :{seen.place.rpartition(':')[2]}'",) if ":" in seen.place else (f"ls -l {seen.place}",)
    if not daemon:
        if not seen.error:
            why = "The gateway cannot listen there."
            yield Finding(MACHINE, "listen", "fail", name, "another program answers there", why, look)
        return
    if seen.error:
        why = "No mail gets in by it; those who send keep it for some days."
        yield Finding(MACHINE, "listen", "fail", name, seen.error, why, (*look, "journalctl -u gateway -n 50"))
        return
    words = ["answers", *(["STARTTLS"] if seen.starttls else [])]
    words += [f"certificate valid until {day(seen.until)}"] if seen.until else []
    yield Finding(MACHINE, "listen", "ok", name, ", ".join(words))
    if tls and not seen.starttls:
        why = "Mail comes in unencrypted: the daemon runs with another configuration, or without its certificate."
        yield Finding(MACHINE, "listen.tls", "warn", name, "no STARTTLS", why, ("systemctl restart gateway",))
    if seen.until is not None and seen.until - now < SOON:
        days = max(0, (seen.until - now).days)
        what = f"its certificate ends on {day(seen.until)}, in {counted(days, 'day')}"
        repair = ("renew tls_cert, then: systemctl restart gateway",)
        yield Finding(MACHINE, "listen.certificate", "warn", name, what, "Then careful senders refuse it.", repair)
