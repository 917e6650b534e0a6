"""The rounds the daemon makes: mail from the spool, tickets that are due, letters that are due.

Each round is safe to repeat and to interrupt at any point. What raises in one mail is that mail's trouble: it is tried
again a few times, then set aside with its traceback, and the next one goes on.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from gateway import held, problems
from gateway.advance import Desk, NewId, write_apart
from gateway.deliver import Delivered, deliver
from gateway.desk.notice import Notice
from gateway.desk.policy import Rate
from gateway.desk.ticket import Person
from gateway.dispatch import Send, Tried, dispatch
from gateway.intake.reading import Reading
from gateway.mail.message import Unreadable
from gateway.mail.prescan import ODD_SIZE
from gateway.reader import Reader
from gateway.recurring import morning
from gateway.store import mails, pauses, tellings
from gateway.store.database import Database, is_trouble
from gateway.store.mails import NotPending, SpooledMail
from gateway.store.transaction import Transaction
from gateway.sweep import LARGEST_SWEEP, sweep

log = structlog.get_logger("gateway")

GLANCE = 0.2  # seconds between two looks for small mail while a large one is being read
MOST_WAITING = 200  # mails looked at: so many large ones may stand before a small one
BATCH = 50  # mails read before they are delivered: one transaction, a savepoint each
MOST_TRIES = 3
PATIENCE = timedelta(seconds=5)  # between two tries of a mail, times the tries it has had


@dataclass
class Rounds:
    """What the rounds need. `desk` is replaced when the configuration is reloaded."""

    db: Database
    desk: Desk
    reader: Reader
    send: Send
    clock: Callable[[], datetime]
    new_id: NewId
    name: str = ""
    letters_waiting: Callable[[], None] = lambda: None
    rate: Callable[[], Rate | None] = lambda: None
    _later: dict[str, datetime] = field(default_factory=dict)
    _digest_of: date | None = None
    _aside: asyncio.Task[int] | None = None

    async def mail(self) -> int:
        """Deliver what waits in the spool; how many mails that was, or 1 while a large one is being read. What was
        promised to many tickets goes on in between.

        Small mail first, fifty at once; large ones are read beside it, one at a time: a giant holds up nobody.
        """
        told = await self._tell_on()
        if "in" in await self.db.read(pauses.paused):
            return told
        waiting = await self._waiting()
        small = [mail for mail in waiting if mail.size <= ODD_SIZE][:BATCH]
        self._begin_large([mail for mail in waiting if mail.size > ODD_SIZE])
        if small:
            return await self._handle(small)
        if told or self._aside is None:
            return told
        await asyncio.wait({self._aside}, timeout=GLANCE)
        return 1

    async def _tell_on(self) -> int:
        """A part of what an agent does on more tickets than one transaction takes; on how many."""
        if not await self.db.read(tellings.is_due, self.clock()):
            return 0
        kept = await self.db.run(problems.go_on, self.desk, self.clock(), self.new_id)
        for each in kept:
            if each.error is not None:
                log.error("telling.failed", ticket=each.ticket, exc_info=each.error)
            elif each.dropped:
                log.info("telling.dropped", ticket=each.ticket)
        self.letters_waiting()
        return len(kept)

    def _begin_large(self, waiting: list[SpooledMail]) -> None:
        """The next one, where none is being read. Trouble of the one before that is not its own comes out here."""
        before = self._aside
        if before is not None and not before.done():
            return
        self._aside = asyncio.create_task(self._handle(waiting[:1]), name="large mail") if waiting else None
        if before is not None and not before.cancelled():
            before.result()

    async def close(self) -> None:
        """A large mail that is being read stays in the spool."""
        if self._aside is not None:
            self._aside.cancel()
            await asyncio.wait({self._aside})
        self.reader.close()

    async def _handle(self, waiting: list[SpooledMail]) -> int:
        read = [(mail, await self._read(mail)) for mail in waiting]
        outcomes = await self.db.run(self._deliver_all, read)
        for mail, outcome in zip(waiting, outcomes, strict=True):
            await self._report(mail, outcome)
        self.letters_waiting()
        return len(waiting)

    async def due(self) -> int:
        """Let time pass for the tickets that are due; how many were looked at."""
        if "timers" in await self.db.read(pauses.paused):
            return 0
        await self._tell_of_held_mail()
        total = 0
        while True:
            looked = await self.db.run(sweep, self.desk, self.clock(), self.new_id)
            total += looked
            if looked < LARGEST_SWEEP:
                break
        if total:
            self.letters_waiting()
        return total

    async def _tell_of_held_mail(self) -> None:
        """The daily digest, once its hour has come; the key of each letter makes it one a day over restarts too."""
        local = self.clock().astimezone(ZoneInfo(self.desk.policy.timezone))
        if local.hour < held.DIGEST_HOUR or self._digest_of == local.date():
            return
        told = await self.db.run(held.digest, self.desk, self.clock(), self.new_id)
        if await self.db.run(morning, self.desk, self.clock(), self.new_id) or told:
            self.letters_waiting()
        self._digest_of = local.date()

    async def letters(self) -> int:
        """Try the letters that are due; how many were."""
        if "out" in await self.db.read(pauses.paused):
            return 0
        tried = await dispatch(self.db, self.desk, self.send, self.clock, self.new_id, self.name, self.rate())
        for one in tried:
            _log_try(one)
            await self._alert_about(one)
        return len(tried)

    async def _alert_about(self, tried: Tried) -> None:
        """Staff who get no mail do not know it: the administrators do. About their own letters nobody is told."""
        letter = tried.letter
        if tried.outcome == "failed" and letter.name.startswith("agent_"):
            what = f"{letter.to} does not get the desk's letters: {tried.code or ''} {tried.text}"
            await self.alert(what, once=f"undelivered:{letter.to}:{self.clock():%Y-%m-%d}")

    async def _waiting(self) -> list[SpooledMail]:
        """What waits, but for mails that failed a moment ago: whatever it was may be over when they come again."""
        now = self.clock()
        self._later = {mail_id: at for mail_id, at in self._later.items() if at > now}
        waiting = await self.db.read(mails.pending, MOST_WAITING + len(self._later))
        return [mail for mail in waiting if mail.id not in self._later]

    async def _read(self, mail: SpooledMail) -> Reading | Exception:
        try:
            raw = await self.db.read(_raw_of, self.desk, mail)
            reading = await self.reader.read(raw, mail.envelope, self.desk.policy)
            if reading.message.attachments:
                await asyncio.to_thread(self.desk.blobs.stage, [each.data for each in reading.message.attachments])
        except Unreadable as refusal:
            return refusal
        except Exception as error:  # noqa: BLE001 - one mail's trouble must not stop the next mail
            return error
        return reading

    def _deliver_all(
        self, tx: Transaction, read: list[tuple[SpooledMail, Reading | Exception]]
    ) -> list[Delivered | Exception]:
        """One transaction for all of them, each in a savepoint of its own."""
        outcomes: list[Delivered | Exception] = []
        for mail, reading in read:
            if isinstance(reading, Exception):
                outcomes.append(reading)
                continue
            try:
                with tx.begin_nested():
                    outcomes.append(deliver(tx, self.desk, mail, reading, self.clock(), self.new_id))
            except Exception as error:
                if is_trouble(error):  # a locked or full database is no mail's fault: the whole round comes again
                    raise
                outcomes.append(error)
        return outcomes

    async def _report(self, mail: SpooledMail, outcome: Delivered | Exception) -> None:
        match outcome:
            case Delivered():
                _log_judged(mail, outcome)
                if outcome.tell:
                    told = "; ".join(outcome.tell)
                    held = outcome.verdict.decision == "hold"  # of many mails that are held alike one is told a day
                    once = f"held:{told}:{self.clock():%Y-%m-%d}" if held else f"mail:{mail.id}"
                    await self.alert(told, once=once)
            case NotPending():
                log.info("mail.settled_elsewhere", mail=mail.id)
            case Unreadable():
                await self._set_aside(mail, f"it cannot be read: {outcome}", "")
            case _:
                await self._failed(mail, outcome)

    async def _failed(self, mail: SpooledMail, error: Exception) -> None:
        trace = "".join(traceback.format_exception(error))
        attempts = await self.db.run(mails.note_failure, mail.id, trace)
        log.error("mail.failed", mail=mail.id, attempt=attempts, error=type(error).__name__, exc_info=error)
        if attempts < MOST_TRIES:
            self._later[mail.id] = self.clock() + PATIENCE * attempts
        else:
            await self._set_aside(mail, f"handling it failed {attempts} times: {type(error).__name__}", trace)

    async def _set_aside(self, mail: SpooledMail, reason: str, trace: str) -> None:
        await self.db.run(mails.quarantine, mail.id, now=self.clock(), reason=reason, error=trace)
        log.error("mail.quarantined", mail=mail.id, reason=reason)
        await self.alert(f"a mail is in quarantine: {reason}", once=f"quarantine:{mail.id}", lines=_how_to_look(mail))

    async def alert(self, what: str, *, once: str, lines: tuple[str, ...] = ()) -> None:
        """A letter to the administrators, once for each `once`."""
        await self.db.run(self._alert, what, once, lines)
        self.letters_waiting()

    def _alert(self, tx: Transaction, what: str, once: str, lines: tuple[str, ...]) -> None:
        desk = self.desk
        for address in desk.policy.admins:
            notice = Notice(
                letter="admin_alert",
                to=Person("", address),
                audience="admin",
                automation="auto-generated",
                once=f"alert:{once}:{address}",
                reason=what,
                lines=(what, *lines),
            )
            write_apart(tx, desk, notice, self.clock(), self.new_id)


Round = Callable[[], Awaitable[int]]


def _raw_of(tx: Transaction, desk: Desk, mail: SpooledMail) -> bytes:
    if mail.sha256 is None:
        raise LookupError("its bytes were forgotten, as raw_mail says")
    return desk.blobs.get(tx, mail.sha256)


def _how_to_look(mail: SpooledMail) -> tuple[str, ...]:
    return (f"gateway mail quarantine show {mail.id}", f"gateway mail quarantine retry {mail.id}")


def _log_judged(mail: SpooledMail, done: Delivered) -> None:
    verdict = done.verdict
    log.info(
        "mail.judged",
        mail=mail.id,
        ticket=done.ticket,
        decision=verdict.decision,
        by=verdict.match.by,
        sender_role=verdict.sender_role,
        reason=verdict.reason,
    )


def _log_try(tried: Tried) -> None:
    letter = tried.letter
    event = {"sent": "letter.sent", "deferred": "letter.deferred", "failed": "letter.failed"}[tried.outcome]
    tell = log.info if tried.outcome == "sent" else log.warning
    tell(
        event,
        letter=letter.id,
        ticket=letter.ticket,
        name=letter.name,
        to=letter.to,
        attempt=tried.attempt,
        code=tried.code,
        text=tried.text or None,
    )
