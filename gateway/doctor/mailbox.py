"""A mailbox: can its mail be fetched, is it moved away, and is it too quiet?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.calendar import Calendar, NeverOpens, add
from gateway.desk.spans import Span
from gateway.doctor.finding import Finding, counted, size
from gateway.doctor.server import Certificate, Server, Stop, encryption, ending, stopped

_FULL = 0.9  # of a quota


@dataclass(frozen=True, slots=True)
class Quota:
    """RFC 9208 STORAGE, in octets."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class ImapSeen:
    """How far a session came; `stop` None: to the end. `waiting` mails lie in the folder; `folders` are there."""

    certificate: Certificate | None = None
    capabilities: frozenset[str] = frozenset()
    waiting: int = 0
    keeps_keywords: bool = True
    folders: tuple[str, ...] = ()
    quota: Quota | None = None
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class ImapWanted:
    """What the configuration counts on. `poll` as it is written; `processed` "" leaves mail where it is."""

    folder: str
    processed: str
    idle: bool
    poll: str


def imap(server: Server, wanted: ImapWanted, seen: ImapSeen, now: datetime) -> Iterator[Finding]:
    if seen.stop is not None and seen.stop.stage == "folder":
        yield _no_folder(server, wanted, seen)
    elif seen.stop is not None:
        yield stopped(server, seen.stop)
    else:
        yield server.found("", "ok", ", ".join([encryption(seen.certificate), *_able(seen, wanted), *_waiting(seen)]))
    yield from ending(server, seen.certificate, now)
    if seen.stop is None:
        yield from _unable(server, wanted, seen)


def _no_folder(server: Server, wanted: ImapWanted, seen: ImapSeen) -> Finding:
    known = f"; there is {', '.join(seen.folders)}" if seen.folders else ""
    instead = seen.folders[0] if seen.folders else "INBOX"
    what = f'the login works, and there is no folder "{wanted.folder}"{known}'
    return server.found(".folder", "fail", what, server.effect, (server.line(f'folder = "{instead}"'),))


def _able(seen: ImapSeen, wanted: ImapWanted) -> list[str]:
    return [each for each in ("IDLE", "MOVE", "UIDPLUS") if each in seen.capabilities]


def _waiting(seen: ImapSeen) -> list[str]:
    return [f"{counted(seen.waiting, 'mail')} in the folder"] if seen.waiting else []


def _unable(server: Server, wanted: ImapWanted, seen: ImapSeen) -> Iterator[Finding]:
    able = seen.capabilities
    if wanted.idle and "IDLE" not in able:
        what = f"the server has no IDLE: new mail is seen every {wanted.poll}"
        yield server.found(".idle", "warn", what, "Customers wait that much longer.", (server.line('poll = "20s"'),))
    if wanted.processed and not able & {"MOVE", "UIDPLUS"}:
        marked = "it is marked GatewayTaken" if seen.keeps_keywords else "only our own database knows what was taken"
        what = f"the server has neither MOVE nor UIDPLUS: mail stays in {wanted.folder}, {marked}"
        yield server.found(
            ".move", "warn", what, "The folder grows, and each look at it takes longer.",
            (server.line('processed = ""'),),
        )  # fmt: skip
    elif not wanted.processed and not seen.keeps_keywords:
        what = f"{wanted.folder} keeps no keywords, and processed is empty: only our own database knows what was taken"
        why = "After a restore of an older backup its mails would be taken once more."
        yield server.found(".move", "warn", what, why, (server.line('processed = "Gateway/Done"'),))
    if seen.quota and seen.quota.limit and seen.quota.used >= _FULL * seen.quota.limit:
        used = f"{seen.quota.used / seen.quota.limit:.0%} of {size(seen.quota.limit)} are used"
        why = "A full mailbox refuses what customers write."
        yield server.found(".quota", "warn", used, why, (f'empty "{wanted.processed}" there, or enlarge the quota',))


@dataclass(frozen=True, slots=True)
class Quiet:
    """`last`: when the newest mail came, None: none yet. `alarm` None: silence is no news."""

    about: str
    last: datetime | None
    alarm: Span | None


def silence(quiet: Quiet, calendar: Calendar, now: datetime, *, daemon: bool) -> Iterator[Finding]:
    """No mail for longer than `silent_alarm`: while the desk was open it should have heard something."""
    if quiet.last is None:
        yield Finding(quiet.about, "silence", "ok", "last mail", "none yet")
        return
    try:
        late = quiet.alarm is not None and now > add(calendar, quiet.last, quiet.alarm)
    except NeverOpens:
        late = False
    words = _ago(now, quiet.last)
    if not late:
        yield Finding(quiet.about, "silence", "ok", "last mail", words)
        return
    why = "Either nobody wrote, or mail does not get here." if daemon else "The gateway does not run."
    yield Finding(
        quiet.about, "silence", "warn", "last mail", f"{words}, longer than silent_alarm = {quiet.alarm}", why,
        (f"write a mail to {quiet.about} from outside, then: gateway mail list",),
    )  # fmt: skip


def _ago(now: datetime, at: datetime) -> str:
    minutes = max(0, int((now - at).total_seconds() // 60))
    for many, word in ((1440, "day"), (60, "hour")):
        if minutes >= many:
            return f"{counted(minutes // many, word)} ago"
    return f"{counted(minutes, 'minute')} ago" if minutes else "just now"
