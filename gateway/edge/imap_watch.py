"""Watch a mailbox for ever: fetch, commit, move, in that order for each mail; reconnect, and say what happens.

A crash anywhere between leaves the mail where it is, and the ledger tells that it is ours already, so that it is only
moved (RFC 1047 is the price of every other order). A mail that fails is tried thrice, then set aside and moved out of
the way: the next one is always reached.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from gateway.edge.imap import Folder, ImapSettings, Listed, MailSource
from gateway.edge.imap_client import LoginRefused, Lost, TooMuch
from gateway.edge.imap_envelope import envelope_of
from gateway.edge.ports import Accepted, Beginning, ImapPosition, Ledger, Spool, StorageFull
from gateway.mail.message import Envelope

TRIES = 3
LOST_TRIES = 8
"""For a mail during which the connection is lost: that may be the network's fault too."""

LONGEST_PAUSE = 300.0
REFUSED_PAUSE = 300.0
LONGEST_IDLE = 540.0
"""RFC 2177 says 29 minutes; routers forget earlier."""

SOON = 2.0
_SLICE = 65536
_EPOCH = datetime(1970, 1, 2, tzinfo=UTC)

_log = structlog.get_logger("gateway.edge.imap")


@dataclass(frozen=True, slots=True)
class Connected:
    account: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """`pause`: seconds until the next try. `refused`: the login, so somebody must act."""

    account: str
    reason: str
    pause: float
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """Committed. `envelope` as it was stored."""

    position: ImapPosition
    mail_id: str
    duplicate: bool
    envelope: Envelope
    size: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """In quarantine with its header, and out of the folder where the server lets us."""

    position: ImapPosition
    reason: str


@dataclass(frozen=True, slots=True)
class ValidityChanged:
    """The server has forgotten its UIDs: all is looked at again, content tells what is known (RFC 9051 §2.3.1.1)."""

    account: str
    folder: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """At the first connect so many mails were older than `first_fetch`."""

    account: str
    folder: str
    count: int


Report = Connected | Disconnected | Fetched | SetAside | ValidityChanged | LeftAlone


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the loop takes from outside: an aware clock, a sleep, a number in [0, 1) for the jitter."""

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


async def watch(
    settings: ImapSettings,
    ledger: Ledger,
    spool: Spool,
    report: Callable[[Report], Awaitable[None]],
    surroundings: Surroundings,
) -> None:
    """Run until cancelled. Nothing that a server does ends it, and `report` hears of all that matters."""
    watcher = _Watcher(settings, ledger, spool, report, surroundings.now)
    failures = 0
    while True:
        refused = False
        try:
            await watcher.connected()
        except LoginRefused as no:
            reason, refused = str(no), True
        except (Lost, OSError) as trouble:
            reason = str(trouble) or type(trouble).__name__
        except Exception as error:  # noqa: BLE001  a bug, or our own database: this mailbox goes on later, others now
            _log.exception("imap.failed", account=settings.account)
            reason = type(error).__name__
        failures = 0 if watcher.fruitful else failures + 1
        watcher.fruitful = False
        pause = REFUSED_PAUSE if refused else backoff(failures, surroundings.chance())
        await watcher.tell(Disconnected(settings.account, reason, pause, refused))
        await surroundings.sleep(pause)


def backoff(failures: int, chance: float) -> float:
    """1 s after a connection that had worked or failed once, doubling to 300 s, each shortened by up to a quarter."""
    return min(LONGEST_PAUSE, 2.0 ** min(max(failures - 1, 0), 20)) * (1 - chance / 4)


class _Watcher:
    """What is remembered of one mailbox from connection to connection."""

    def __init__(
        self,
        settings: ImapSettings,
        ledger: Ledger,
        spool: Spool,
        report: Callable[[Report], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._spool = spool
        self._report = report
        self._now = now
        self._strikes: Counter[ImapPosition] = Counter()
        self._cut: Counter[ImapPosition] = Counter()  # of these, how often the connection went while it was fetched
        self._giants: set[ImapPosition] = set()
        self._validity: int | None = None
        self._known: set[int] = set()
        self._begun: Beginning | None = None
        self._first = False
        self.fruitful = False

    async def tell(self, what: Report) -> None:
        try:
            await self._report(what)
        except Exception:  # noqa: BLE001  whoever listens may fail; the mail goes on
            _log.exception("imap.report_failed", account=self._settings.account, report=type(what).__name__)

    async def connected(self) -> None:
        """One connection, until it is lost."""
        settings = self._settings
        source = await MailSource.open(settings)
        try:
            for name in (settings.processed, settings.failed, settings.folder):
                if name and name.upper() != "INBOX" and not settings.read_only:
                    await source.ensure(name)
            await self.tell(Connected(settings.account))
            while True:
                folder = await source.select(settings.folder, read_only=settings.read_only)
                calm = await self._pass(source, folder)
                self.fruitful = True
                pause = min(settings.poll, LONGEST_IDLE if calm else SOON)
                await source.wait(pause, idle=settings.idle and calm)
        finally:
            await source.close()

    async def _pass(self, source: MailSource, folder: Folder) -> bool:
        """Take what is there. False where a mail failed and is worth another look soon."""
        begun = await self._beginning(folder)
        oldest = begun.at - min(self._settings.first_fetch, begun.at - _EPOCH)
        from_uid = begun.uidnext if begun.uidvalidity == folder.uidvalidity and begun.uidnext else None
        uids = await source.search(oldest - timedelta(days=1), from_uid)
        for uid in uids:
            if uid in self._known:  # committed before a crash, or before a move that the server refused
                await self._move_away(source, folder, uid, self._settings.processed)
        listed = await source.list([uid for uid in uids if uid not in self._known])
        wanted = [mail for mail in listed if mail.arrived >= oldest or (from_uid and mail.uid >= from_uid)]
        if self._first:
            self._first = False
            if folder.exists > len(wanted):
                await self.tell(LeftAlone(self._settings.account, self._settings.folder, folder.exists - len(wanted)))
        calm = True
        for mail in sorted(wanted, key=lambda mail: (self._strikes[self._position(folder, mail.uid)], mail.uid)):
            if not self._spool.has_room():
                _log.warning("imap.no_room", account=self._settings.account, waiting=len(wanted))
                break  # it is safe where it is
            calm = await self._take(source, folder, mail) and calm
        return calm

    async def _beginning(self, folder: Folder) -> Beginning:
        account, name, validity = self._settings.account, self._settings.folder, folder.uidvalidity
        if self._begun is None:
            given = Beginning(self._now(), validity, folder.uidnext)
            self._begun = await self._ledger.begun(account, name, given)
            self._first = self._begun == given
        if self._validity != validity:
            known = set(await self._ledger.taken(account, name, validity))
            before = self._begun.uidvalidity if self._validity is None else self._validity
            is_news = self._validity is not None or not known  # else an earlier run has told of it
            self._validity, self._known = validity, known
            if before != validity and is_news:
                await self.tell(ValidityChanged(account, name, before, validity))
        return self._begun

    async def _take(self, source: MailSource, folder: Folder, mail: Listed) -> bool:
        """Fetch, commit, move. False where it failed and stays for another try."""
        position = self._position(folder, mail.uid)
        unfit = self._unfit(position, mail)
        if unfit:
            header = b"" if self._cut[position] >= LOST_TRIES else await source.header(mail.uid)
            return await self._set_aside(source, folder, position, unfit, header)
        body = None
        try:
            body = await source.body(mail.uid)
            if body is None:  # another client has removed it
                return True
            fetched = await self._commit(position, body)
        except TooMuch:
            self._giants.add(position)
            raise
        except Lost:
            self._strikes[position] += 1
            self._cut[position] += 1
            raise
        except StorageFull:
            return True
        except Exception as error:  # noqa: BLE001  one mail must not stop its mailbox: tried again, then set aside
            self._strikes[position] += 1
            tries = self._strikes[position]
            _log.exception("imap.mail_failed", account=position.account, uid=position.uid, tries=tries)
            if tries < TRIES:
                return False
            reason = f"failed {tries} times: {type(error).__name__}"
            return await self._set_aside(source, folder, position, reason, _header(body or b""))
        self._known.add(mail.uid)
        await self.tell(fetched)
        await self._move_away(source, folder, mail.uid, self._settings.processed)
        return True

    def _unfit(self, position: ImapPosition, mail: Listed) -> str:
        """Why this mail is not even fetched, or ""."""
        limit = self._settings.message_size
        if mail.size > limit:
            return f"{mail.size} octets, larger than the {limit} of message_size"
        if position in self._giants:
            return f"larger than the {limit} octets of message_size, whatever the server lists"
        if self._cut[position] >= LOST_TRIES:
            return f"the connection was lost {self._cut[position]} times while it was fetched"
        return ""

    async def _commit(self, position: ImapPosition, body: bytes) -> Fetched:
        settings = self._settings
        envelope = envelope_of(body, account=settings.account, address=settings.address, tls=settings.tls != "none")
        incoming = self._spool.incoming()
        try:
            for start in range(0, len(body), _SLICE):
                await incoming.write(body[start : start + _SLICE])
            accepted = await _finished(incoming.commit(envelope, position))
        except BaseException:
            await incoming.abort()
            raise
        return Fetched(position, accepted.mail_id, accepted.duplicate, envelope, len(body))

    async def _set_aside(
        self, source: MailSource, folder: Folder, position: ImapPosition, reason: str, header: bytes
    ) -> bool:
        try:
            await self._ledger.set_aside(position, reason, header)
        except Exception:  # noqa: BLE001  while our database is in trouble no mail leaves its folder
            _log.exception("imap.set_aside_failed", account=position.account, uid=position.uid)
            return False
        self._known.add(position.uid)
        del self._strikes[position], self._cut[position]
        self._giants.discard(position)
        await self.tell(SetAside(position, reason))
        await self._move_away(source, folder, position.uid, self._settings.failed)
        return True

    async def _move_away(self, source: MailSource, folder: Folder, uid: int, name: str) -> None:
        if self._settings.read_only or (name and await source.move(uid, name)):
            return
        if folder.keeps_keywords and await source.mark(uid):
            return
        _log.info("imap.left_in_folder", account=self._settings.account, uid=uid)  # the ledger alone knows it now

    def _position(self, folder: Folder, uid: int) -> ImapPosition:
        return ImapPosition(self._settings.account, self._settings.folder, folder.uidvalidity, uid)


async def _finished(commit: Coroutine[Any, Any, Accepted]) -> Accepted:
    """A stop of the daemon waits for the commit in hand, so that nothing is fetched twice without need."""
    task = asyncio.get_running_loop().create_task(commit)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _header(mail: bytes) -> bytes:
    end = mail.find(b"\r\n\r\n")
    return mail[: end + 2] if end >= 0 else mail[:_SLICE]
