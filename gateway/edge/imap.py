"""A mailbox on an IMAP server, as a source of mail: look, fetch one, move it away, wait.

Asked for are UID, INTERNALDATE, RFC822.SIZE and bodies by BODY.PEEK[], one a command; never ENVELOPE or BODYSTRUCTURE,
whose answers the library misreads. Done is what our database says, and the move; \\Seen is never looked at or set.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from gateway.edge.imap_client import Connection, LoginRefused, Lost
from gateway.edge.imap_names import Naming, from_list, from_namespace
from gateway.edge.oauth2 import TokenRefused
from gateway.edge.trust import client_tls

KEYWORD = "GatewayTaken"
HEADER_OCTETS = 256 * 1024
BATCH = 100
"""UIDs in one FETCH of metadata."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"')
_STORAGE = re.compile(rb"\bSTORAGE (\d+) (\d+)", re.I)
_FACT = re.compile(rb"\[(UIDVALIDITY|UIDNEXT) (\d+)\]")
_EXISTS = re.compile(rb"(\d+) EXISTS")
_PERMANENT = re.compile(rb"\[PERMANENTFLAGS \(([^)]*)\)\]")


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """`[mailbox.ACCOUNT.imap]`. `secret` gives the password, or for xoauth2 a fresh token, at each login.

    `folder`, `processed`, `failed` have "/" for the server's delimiter; `processed` "" leaves mail where it is, under
    the keyword. `poll` and `patience` (the deadline of a command) in seconds, `message_size` in octets.
    `read_only`: nothing is made, moved or marked on the server.
    """

    account: str
    address: str
    host: str
    user: str
    secret: Callable[[], Awaitable[str]]
    message_size: int
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    auth: Literal["password", "xoauth2"] = "password"
    tls_ca: Path | None = None
    folder: str = "INBOX"
    processed: str = "Gateway/Done"
    failed: str = "Gateway/Failed"
    first_fetch: timedelta = timedelta(days=7)
    idle: bool = True
    poll: float = 60.0
    patience: float = 30.0
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A selected mailbox. `keeps_keywords`: a keyword of ours stays."""

    uidvalidity: int
    uidnext: int
    exists: int
    keeps_keywords: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server lists it: `size` in octets, `arrived` is INTERNALDATE in UTC."""

    uid: int
    size: int
    arrived: datetime


class MailSource:
    """One connection, one task. Every method raises Lost when the connection is of no use any more."""

    def __init__(self, connection: Connection, naming: Naming) -> None:
        self._connection = connection
        self._naming = naming

    @classmethod
    async def open(cls, settings: ImapSettings) -> MailSource:
        """Connect, encrypt, log in. Raises LoginRefused; Lost; OSError, of which ssl.SSLError is one."""
        connection = await connect(settings)
        try:
            return await cls.log_in(connection, settings)
        except BaseException:
            connection.protocol.fail(Lost("closed"))
            raise

    @classmethod
    async def log_in(cls, connection: Connection, settings: ImapSettings) -> MailSource:
        """On a connection of `connect`; it is the caller's to close where this fails."""
        await _log_in(connection, settings)
        return cls(connection, await _naming(connection))

    @property
    def idles(self) -> bool:
        return self._connection.can("IDLE")

    @property
    def lost(self) -> bool:
        return self._protocol.lost is not None

    @property
    def capabilities(self) -> frozenset[str]:
        return frozenset(str(each).upper() for each in self._protocol.capabilities)

    async def folders(self) -> list[str]:
        """The names of all folders, as the configuration would write them."""
        answer = await self._call("LIST", self._protocol.simple_command("LIST", '""', '"*"'))
        return [name for line in answer.lines if (name := self._naming.read(bytes(line)))]

    async def quota(self, name: str) -> tuple[int, int] | None:
        """Octets that are used and may be used at most (RFC 9208); None where the server does not limit or tell."""
        if not self._connection.can("QUOTA"):
            return None
        answer = await self._call(
            "GETQUOTAROOT", self._protocol.simple_command("GETQUOTAROOT", self._naming.wire(name))
        )
        found = next((found for line in answer.lines if (found := _STORAGE.search(bytes(line)))), None)
        return (int(found[1]) * 1024, int(found[2]) * 1024) if found else None

    async def select(self, name: str, *, read_only: bool = False) -> Folder:
        """Open a folder, anew if it is open: this shows a changed UIDVALIDITY and a dead peer."""
        wire = self._naming.wire(name)
        if read_only:
            answer = await self._call("EXAMINE", self._protocol.examine(wire))
        else:
            answer = await self._call("SELECT", self._protocol.select(wire))
        if answer.result != "OK":
            raise Lost(f"the server cannot select {name}")
        lines = [bytes(line) for line in answer.lines]
        facts = {kind: int(value) for line in lines for kind, value in _FACT.findall(line)}
        exists = next((int(found[1]) for line in lines if (found := _EXISTS.fullmatch(line))), 0)
        permanent = next((found[1] for line in lines if (found := _PERMANENT.search(line))), b"\\*")
        keeps = b"\\*" in permanent or KEYWORD.lower().encode() in permanent.lower()
        return Folder(facts.get(b"UIDVALIDITY", 0), facts.get(b"UIDNEXT", 0), exists, keeps)

    async def search(self, since: datetime, from_uid: int | None) -> list[int]:
        """UIDs, ascending, of mails without our keyword that arrived since a day, or whose UID is at least `from_uid`.

        May name some that arrived earlier: SEARCH knows days only, in the server's zone, and `n:*` names the last mail.
        """
        day = since.astimezone(UTC)
        date = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        self._protocol.news.clear()
        criteria = f"OR UID {from_uid}:* {date}" if from_uid is not None else date
        answer = await self._call(
            "SEARCH", self._protocol.search(f"UNKEYWORD {KEYWORD} {criteria}", charset=None, by_uid=True)
        )
        if answer.result != "OK":
            raise Lost("the server cannot search")
        words = [word for line in answer.lines[:-1] for word in bytes(line).split()]
        return sorted({int(word) for word in words if word.isdigit()})

    async def list(self, uids: Sequence[int]) -> list[Listed]:
        """Size and arrival of these; one that is gone meanwhile is left out."""
        found: list[Listed] = []
        for start in range(0, len(uids), BATCH):
            batch = ",".join(map(str, uids[start : start + BATCH]))
            answer = await self._fetch(batch, "(UID INTERNALDATE RFC822.SIZE)")
            found.extend(filter(None, (_listed(bytes(line)) for line in answer.lines)))
        return found

    async def body(self, uid: int) -> bytes | None:
        """The whole mail, as it is; None where it is gone. TooMuch, a Lost, before memory is used for a giant."""
        return _literal(await self._fetch(str(uid), "(UID BODY.PEEK[])", seconds=self._connection.patience * 20))

    async def header(self, uid: int) -> bytes:
        """The beginning of the header block; b"" where the mail is gone."""
        return _literal(await self._fetch(str(uid), f"(UID BODY.PEEK[HEADER]<0.{HEADER_OCTETS}>)")) or b""

    async def ensure(self, name: str) -> None:
        """Make a folder that is missing, and subscribe to it, so that people see it in their mail clients."""
        wire = self._naming.wire(name)
        listed = await self._call("LIST", self._protocol.simple_command("LIST", '""', wire))
        if len(listed.lines) < 2:
            made = await self._call("CREATE", self._protocol.simple_command("CREATE", wire))
            if made.result == "OK":
                await self._call("SUBSCRIBE", self._protocol.simple_command("SUBSCRIBE", wire))

    async def move(self, uid: int, name: str) -> bool:
        """Move one mail; a folder that is missing is made again. False: the server will not, it stays."""
        if await self._moved(uid, name):
            return True
        if not (self._connection.can("MOVE") or self._connection.can("UIDPLUS")):
            return False
        await self.ensure(name)
        return await self._moved(uid, name)

    async def _moved(self, uid: int, name: str) -> bool:
        """By MOVE (RFC 6851), else COPY and an expunge of that UID alone (RFC 4315)."""
        wire = self._naming.wire(name)
        if self._connection.can("MOVE"):
            answer = await self._call("MOVE", self._protocol.uid("MOVE", str(uid), wire))
            return bool(answer.result == "OK")
        if not self._connection.can("UIDPLUS"):
            return False  # a bare EXPUNGE would remove what others have marked
        copied = await self._call("COPY", self._protocol.uid("COPY", str(uid), wire))
        if copied.result != "OK":
            return False
        stored = await self._call("STORE", self._protocol.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)"))
        expunged = await self._call("EXPUNGE", self._protocol.uid("EXPUNGE", str(uid)))
        return bool(stored.result == "OK" and expunged.result == "OK")

    async def mark(self, uid: int) -> bool:
        """Set our keyword."""
        answer = await self._call("STORE", self._protocol.uid("STORE", str(uid), "+FLAGS.SILENT", f"({KEYWORD})"))
        return bool(answer.result == "OK")

    async def wait(self, seconds: float, *, idle: bool) -> None:
        """Until the server tells of new mail, or `seconds` pass; without `idle` it is not asked to tell."""
        if idle and self.idles:
            await self._connection.idle(seconds)
        else:
            await self._connection.rest(seconds)

    async def close(self) -> None:
        await self._connection.close()

    @property
    def _protocol(self) -> Any:
        return self._connection.protocol

    async def _call(self, name: str, command: Awaitable[Any]) -> Any:
        return await self._connection.call(name, command)

    async def _fetch(self, uids: str, items: str, seconds: float | None = None) -> Any:
        command = self._protocol.fetch_uids(uids, items, stall=self._connection.patience)
        answer = await self._connection.call("FETCH", command, seconds)
        if answer.result != "OK":
            raise FetchRefused("the server cannot fetch a mail that it lists")
        return answer


class FetchRefused(Exception):
    """NO to a FETCH: this mail is in trouble, the connection is not."""


async def connect(settings: ImapSettings) -> Connection:
    """Connect and encrypt, no further. Raises LoginRefused; Lost; OSError, of which ssl.SSLError is one."""
    context = await asyncio.to_thread(client_tls, settings.tls_ca) if settings.tls != "none" else None
    connection = await Connection.open(
        settings.host,
        settings.port,
        tls=context if settings.tls == "implicit" else None,
        patience=settings.patience,
        literal_cap=max(settings.message_size, HEADER_OCTETS),
    )
    try:
        if settings.tls == "starttls" and context is not None:
            starting = connection.protocol.starttls(context, settings.host, settings.patience)
            await connection.call("STARTTLS", starting)
        elif settings.tls == "none" and not _is_loopback(connection):
            raise LoginRefused('tls = "none" is for a server on this machine only: no password was sent')
    except BaseException:
        connection.protocol.fail(Lost("closed"))
        raise
    return connection


async def _log_in(connection: Connection, settings: ImapSettings) -> None:
    try:
        secret = await settings.secret()
    except TokenRefused as refused:
        raise LoginRefused(str(refused)) from None
    if settings.auth == "xoauth2":
        await connection.log_in_xoauth2(settings.user, secret)
    else:
        await connection.log_in(settings.user, secret)


async def _naming(connection: Connection) -> Naming:
    naming = None
    if connection.can("NAMESPACE"):
        answer = await connection.call("NAMESPACE", connection.protocol.namespace())
        naming = from_namespace([bytes(line) for line in answer.lines])
    if naming is None:
        answer = await connection.call("LIST", connection.protocol.simple_command("LIST", '""', '""'))
        naming = from_list([bytes(line) for line in answer.lines])
    return naming


def _is_loopback(connection: Connection) -> bool:
    peer = connection.protocol.transport.get_extra_info("peername")
    return isinstance(peer, tuple) and ip_address(str(peer[0]).partition("%")[0]).is_loopback


def _listed(line: bytes) -> Listed | None:
    uid, size, date = _UID.search(line), _SIZE.search(line), _DATE.search(line)
    if uid is None or size is None or date is None:
        return None
    return Listed(int(uid[1]), int(size[1]), _instant(date))


def _instant(found: re.Match[bytes]) -> datetime:
    """INTERNALDATE in UTC; a date that is none counts as just now gone by, so that the mail is not left behind."""
    day, month, year, hour, minute, second, sign, hours, minutes = (part.decode() for part in found.groups())
    zone = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        at = datetime(
            int(year), _MONTHS.index(month.title()) + 1, int(day), int(hour), int(minute), min(int(second), 59),
            tzinfo=timezone(zone),
        )  # fmt: skip
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)


def _literal(answer: Any) -> bytes | None:
    """The first literal of a FETCH answer, b"" where it is an empty string; None for NIL or no answer: it is gone."""
    lines: Iterable[bytes | bytearray] = answer.lines[:-1]
    there = False
    for line in lines:
        if isinstance(line, bytearray):
            return bytes(line)
        there = there or bool(re.search(rb'BODY\[[^\]]*\](?:<0>)? ""', line))
    return b"" if there else None
