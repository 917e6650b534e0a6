"""The world: a clock that jumps to the next thing that can happen, a relay that remembers, and the daemon's own rounds.

What the desk does in here is what the daemon does: the same spool, the same rounds, the same database code, in memory.
Only the clock, the ids and the relay are the world's.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.advance import Desk
from gateway.mail.address import normal
from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter
from gateway.mail.message import Envelope
from gateway.measured import measure
from gateway.recipients import route
from gateway.rounds import PATIENCE, Rounds
from gateway.simulation import posted
from gateway.simulation.here import HereReader
from gateway.simulation.posted import Posted
from gateway.simulation.scenario import Answer, BadScenario, Event, Fault, Mail
from gateway.store import mails, rehearsal, tickets
from gateway.store.database import Database
from gateway.store.spool import Spool
from gateway.store.transaction import Transaction

SYNTHETIC = "mx.simulation.invalid"  # whose word on senders counts, where the configuration names nobody (RFC 6761)
REPORT_AFTER = timedelta(minutes=1)  # from a letter to the report that it came back
MOST_LOOKS = 10_000  # at what is due at one instant: a thousand tickets and their letters, ten at a time


class Stuck(Exception):
    """Something is due again and again at one instant, and nothing comes of it: a mistake of ours."""


class NothingToAnswer(BadScenario):
    """A reply in the scenario has no letter that it could be the answer to."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """A mail the gateway took; `ticket` None: it went to none. `decision` and `reason` as `mail list` has them."""

    at: datetime
    mail: Posted
    ticket: int | None
    decision: str
    reason: str


@dataclass(frozen=True, slots=True)
class WentOut:
    """A letter that the relay took. `data`: its bytes. `back`: it will come back."""

    at: datetime
    letter: Letter
    data: bytes
    back: bool = False


@dataclass(frozen=True, slots=True)
class Broke:
    """A fault, as the scenario has it."""

    at: datetime
    fault: Fault


Passed = CameIn | WentOut | Broke


class World:
    """One desk from `start` on. Use from one event loop, and `close` it."""

    def __init__(self, db: Database, desk: Desk, start: datetime, new_id: Ids | None = None) -> None:
        """`desk.policy` has to trust some server's word on senders (`trusting`). `new_id` goes on where another world
        on this database has ended."""
        self.now = start
        self.db = db
        self.desk = desk
        self._authserv = desk.policy.security.trust_auth_results
        self._zone = ZoneInfo(desk.policy.timezone)
        self._route = route(desk.policy)
        self._running = self._relay_up = True
        self._bouncing: set[str] = set()
        self._reports: list[tuple[datetime, int, Posted]] = []
        self._turn = itertools.count()
        self._outside: list[Posted] = []  # at their servers, while our gateway is down
        self._taken: list[tuple[str, Posted]] = []
        self._retry_at: datetime | None = None
        self._measured_on: date | None = None
        self._due_at: datetime | None = None
        self._attempt_at: datetime | None = None
        self._passed: list[Passed] = []
        self._letters: dict[str, list[Letter]] = {}  # those that arrived, by recipient, oldest first
        self._new_id = new_id or Ids()
        self._rounds = Rounds(
            db=db,
            desk=desk,
            reader=HereReader(),
            send=self._send,
            clock=self._clock,
            new_id=self._new_id,
            name="simulation",
        )
        most = desk.policy.limits.message_size
        self._spool = Spool(db, desk.blobs, message_size=most, clock=self._clock, new_id=self._new_id)

    def close(self) -> None:
        self._rounds.reader.close()
        self._spool.close()

    async def play(self, events: tuple[Event, ...], until: datetime) -> AsyncIterator[Passed]:
        """What happens up to `until`, in time order. Raises BadScenario and Stuck."""
        coming = list(reversed(events))
        for passed in await self._work():
            yield passed
        while (at := self._next(coming[-1].at if coming else None)) is not None and at <= until:
            self.now = max(self.now, at)
            if coming and coming[-1].at <= self.now:
                await self._happen(coming.pop())
            for passed in await self._work():
                yield passed
        self.now = max(self.now, until)

    def _clock(self) -> datetime:
        return self.now

    def _next(self, event: datetime | None) -> datetime | None:
        """The next instant at which anything can happen."""
        found = [event, self._reports[0][0] if self._reports else None]
        if self._running:
            found += [self._due_at, self._attempt_at, self._retry_at]
        return min((at for at in found if at is not None), default=None)

    # -- what the scenario does ----------------------------------------------------------------------------------------

    async def _happen(self, event: Event) -> None:
        try:
            match event.what:
                case Mail():
                    self._post(posted.fresh(event.what, self.now, self._zone, self._new_id(), self._authserv))
                case Answer():
                    letter = self._answered(event.what)
                    identifier = self._new_id()
                    self._post(posted.answer(event.what, letter, self.now, self._zone, identifier, self._authserv))
                case Fault():
                    self._break(event.what)
        except BadScenario as error:
            raise type(error)(f"{event.name}: {error}") from error

    def _post(self, mail: Posted) -> None:
        ours = tuple(address for address in mail.rcpt_tos if self._route(address, True) is None)
        if not ours:
            raise BadScenario(f"none of its recipients is ours: {', '.join(mail.rcpt_tos) or 'there is none'}")
        self._outside.append(replace(mail, rcpt_tos=ours))

    def _answered(self, answer: Answer) -> Letter:
        """The newest letter about a ticket that this address was sent."""
        sender = normal(answer.words.from_.addr_spec)
        for letter in reversed(self._letters.get(sender, ())):
            if answer.ticket in (None, letter.ticket) and answer.letter in ("", letter.name):
                return letter
        about = f" about ticket {answer.ticket}" if answer.ticket is not None else ""
        which = f"no letter {answer.letter}" if answer.letter else "no letter"
        raise NothingToAnswer(f"{sender} was sent {which}{about or ' about a ticket'} that it could answer")

    def _break(self, fault: Fault) -> None:
        match fault.kind:
            case "relay_down":
                self._relay_up = False
            case "relay_up":
                self._relay_up = True
            case "bounce":
                self._bouncing.add(fault.address)
            case "gateway_stop":
                self._running = False
            case "gateway_start":
                self._running = True
        self._passed.append(Broke(self.now, fault))

    # -- what the gateway does -----------------------------------------------------------------------------------------

    async def _work(self) -> list[Passed]:
        """Everything that can be done at this instant, as the daemon does it."""
        while self._reports and self._reports[0][0] <= self.now:
            self._outside.append(heapq.heappop(self._reports)[2])
        if self._running:
            await self._measure()
            await self._take_in()
            for _ in range(MOST_LOOKS):
                with self.db.snapshot() as tx:
                    self._due_at, self._attempt_at = rehearsal.next_instants(tx)
                if self._due_at is not None and self._due_at <= self.now:
                    await self._rounds.due()
                elif self._attempt_at is not None and self._attempt_at <= self.now:
                    await self._rounds.letters()
                else:
                    break
            else:
                raise Stuck(await self.db.read(_stuck, self.now))
        passed, self._passed = self._passed, []
        return passed

    async def _measure(self) -> None:
        """Once a day on which anything happens: on the others nobody is told."""
        today = self.now.astimezone(self._zone).date()
        if self._measured_on != today:
            await measure(self.db, self.desk.policy, self.now)
            self._measured_on = today

    async def _take_in(self) -> None:
        """Each mail by itself, as it comes; so mails of one instant are seen in their order."""
        waiting, self._outside = self._outside, []
        for mail in waiting:
            incoming = self._spool.incoming()
            await incoming.write(mail.raw)
            accepted = await incoming.commit(Envelope(mail_from=mail.mail_from, rcpt_tos=mail.rcpt_tos))
            self._taken.append((accepted.mail_id, mail))
            while await self._rounds.mail():  # what it let in comes at once
                pass
        if self._retry_at is not None and self._retry_at <= self.now:
            await self._rounds.mail()
        self._retry_at = None
        if self._taken:
            await self._report_taken()

    async def _report_taken(self) -> None:
        """Those that are settled; one that failed comes again, as in the daemon."""
        unsettled = []
        for mail_id, mail in self._taken:
            record = await self.db.read(mails.get, mail_id)
            if record is None or record.state == "pending":
                unsettled.append((mail_id, mail))
                continue
            self._passed.append(CameIn(self.now, mail, record.ticket, record.decision, record.reason))
        self._taken = unsettled
        if unsettled:
            self._retry_at = self.now + PATIENCE

    # -- the relay -----------------------------------------------------------------------------------------------------

    async def _send(self, letter: Letter, data: bytes) -> Outcome:
        if not self._relay_up:
            return Outcome("deferred", None, "the relay does not answer")
        back = letter.to in self._bouncing
        if back and not letter.envelope_from:  # nobody to report to: this relay looks before it takes
            return Outcome("failed", 550, "5.1.1 User unknown")
        if back:
            mail = posted.report(letter, self.now + REPORT_AFTER, self._new_id())
            heapq.heappush(self._reports, (self.now + REPORT_AFTER, next(self._turn), mail))
        elif letter.ticket is not None:
            self._letters.setdefault(letter.to, []).append(replace(letter, html=""))
        self._passed.append(WentOut(self.now, letter, data, back))
        return Outcome("sent", 250, "2.0.0 Ok")


def trusting(desk: Desk) -> Desk:
    """The desk with a server whose word on senders counts, so that a scenario's mails can be verified or not."""
    security = desk.policy.security
    if security.trust_auth_results:
        return desk
    return replace(desk, policy=replace(desk.policy, security=replace(security, trust_auth_results=SYNTHETIC)))


@dataclass
class Ids:
    """Ids that look like any other, and are the same each time: a scenario plays the same way twice."""

    count: int = 0

    def __call__(self) -> str:
        self.count += 1
        return hashlib.sha256(f"id {self.count}".encode()).hexdigest()[:32]


def _stuck(tx: Transaction, now: datetime) -> str:
    numbers = ", ".join(map(str, tickets.due(tx, now, 5)))
    return f"at {now.isoformat()} these tickets are due and stay so: {numbers or 'none'}; or the outbox is"
