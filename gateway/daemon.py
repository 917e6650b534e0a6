"""The daemon: builds the parts, owns the clock, the scheduler, the signals and what systemd is told.

It decides nothing. A scheduler in memory only ticks (DESIGN law 4): *what* is due stands in the database, so that
restarts, downtime and clock jumps forget nothing and repeat nothing.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import ssl
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from gateway import __version__
from gateway.config.load import load
from gateway.config.settings import Config
from gateway.edge.admission import Admission
from gateway.edge.listeners import Listener, open_listeners
from gateway.edge.notify import notify, watchdog_interval
from gateway.edge.ports import Limits, Refusal
from gateway.edge.session import Reception
from gateway.hooks import Place, run_due
from gateway.measured import measure
from gateway.office import Office, new_id, open_office
from gateway.outward import Outward
from gateway.reader import Reader
from gateway.recipients import route
from gateway.rounds import Round, Rounds
from gateway.store import keys, outbox, pauses, schema
from gateway.store.database import Database, NoDatabase
from gateway.store.ledger import ImapLedger
from gateway.store.spool import Spool
from gateway.tidy import tidy

log = structlog.get_logger("gateway")

DRAIN_SECONDS = 20.0  # for mails that are being sent to us when we are told to stop
PULSE_SECONDS = 1  # the daemon sees what the CLI wrote within a second
SWEEP_SECONDS = 15
TIDY_AFTER = timedelta(minutes=10)
STUCK_SECONDS = 120.0  # no round takes so long: then the watchdog is not fed
LONGEST_SOCKET = 107  # octets of a path that unix(7) can name
CLOCK_STEP = 2.0  # seconds: a wall clock set back further stalls a scheduler that relies on it


class AlreadyRunning(Exception):
    """Another daemon holds the lock of this state directory."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Work:
    """A round that is made again and again, whenever it is woken. `at` is when it was last finished (monotonic)."""

    name: str
    round: Round
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = field(default_factory=time.monotonic)


class Daemon:
    def __init__(self, config: Config, environ: Mapping[str, str], dry_run: Path | None = None) -> None:
        """`dry_run` is the Maildir of a dry run: nothing listens, and mailboxes are only read."""
        self._environ = environ
        self._dry_run = dry_run
        self._office: Office = open_office(config, environ, now())
        self._stop = asyncio.Event()
        self._outward = Outward(config, environ, dry_run)
        self._rounds = Rounds(
            db=self._office.db,
            desk=self._office.desk,
            reader=Reader(),
            send=self._outward.send,
            clock=now,
            new_id=new_id,
            name=f"{config.policy.name}@{os.uname().nodename}",
            letters_waiting=self._letters_waiting,
            rate=self._outward.rate,
        )
        self._mail = Work("mail", self._rounds.mail)
        self._due = Work("due", self._rounds.due)
        self._letters = Work("letters", self._rounds.letters)
        self._hooks = Work("hooks", self._call_hooks)
        self._works = (self._mail, self._due, self._letters, self._hooks)
        self._spool = Spool(
            self._office.db,
            self._office.desk.blobs,
            message_size=config.policy.limits.message_size,
            clock=now,
            new_id=new_id,
            promised=self._mail.wake.set,
        )
        self._route = route(config.policy)
        self._admission = Admission(_limits(config), config.listen.trusted_networks)
        self._listeners: list[Listener] = []
        self._broken_since: datetime | None = None
        self._data_version = 0

    # -- one pass ------------------------------------------------------------------------------------------------------

    async def once(self) -> None:
        """Spool, due timers, and what is due in the outbox, until there is nothing more to do."""
        await self._office.db.run(outbox.reclaim, now(), self._rounds.name)
        rounds = (self._rounds.mail, self._rounds.due, self._rounds.letters, self._call_hooks)
        while any([await each() for each in rounds]):
            pass
        await self._close()

    # -- for ever ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises CannotListen."""
        await self._office.db.run(outbox.reclaim, now(), self._rounds.name)
        self._catch_signals()
        if self._dry_run is None:
            await self._listen()
        scheduler = self._scheduler()
        scheduler.start()
        tasks = [asyncio.create_task(self._keep_doing(work), name=work.name) for work in self._works]
        tasks += [asyncio.create_task(self._guard_clock(scheduler), name="clock")]
        tasks += self._fetchers()
        notify(f"READY=1\nSTATUS={self._status()}", self._environ)
        log.info("daemon.ready", version=__version__, listening=[str(each.address) for each in self._listeners])
        try:
            await self._stop.wait()
        finally:
            notify("STOPPING=1", self._environ)
            log.info("daemon.stopping")
            scheduler.shutdown(wait=False)
            await self._end(tasks)

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self.reload)

    async def _listen(self) -> None:
        config = self._office.config
        tls = _tls(config)
        for protocol, addresses in (
            ("smtp", [str(each) for each in config.listen.smtp]),
            ("lmtp", [str(each) for each in config.listen.lmtp]),
            ("lmtp", _ingest_socket(config)),
        ):
            reception = Reception(
                protocol=protocol,  # type: ignore[arg-type]
                hostname=config.policy.domain,
                spool=self._spool,
                route=self._ours,
                limits=_limits(config),
                admission=self._admission,
                tls=tls,
            )
            self._listeners += await open_listeners(addresses, reception, self._environ)

    def _ours(self, address: str, smtputf8: bool) -> Refusal | None:
        """The route of the configuration as it is now: a reload changes it under open sessions."""
        return self._route(address, smtputf8)

    def _fetchers(self) -> list[asyncio.Task[None]]:
        config = self._office.config
        if not config.imap:
            return []
        from gateway.fetching import fetchers  # aioimaplib is slow to import, and most of its users have it

        ledger = ImapLedger(self._office.db, self._office.desk.blobs, clock=now, new_id=new_id)
        return fetchers(
            config, self._environ, self._spool, ledger, now, self._rounds.alert, read_only=self._dry_run is not None
        )

    def _scheduler(self) -> AsyncIOScheduler:
        """Only ticks: in memory, never piling up, never dropping a late one."""
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)
        scheduler.add_job(self._pulse, "interval", seconds=PULSE_SECONDS)
        scheduler.add_job(self._due.wake.set, "interval", seconds=SWEEP_SECONDS)
        scheduler.add_job(self.tidy, "interval", days=1, next_run_time=now() + TIDY_AFTER)
        interval = watchdog_interval(self._environ)
        if interval is not None:
            scheduler.add_job(self._feed_watchdog, "interval", seconds=interval)
        return scheduler

    async def _pulse(self) -> None:
        """Somebody may have written into the database; and letters wait for their time."""
        version = self._office.db.data_version()
        if version != self._data_version:
            self._data_version = version
            self._office.take_keys(await self._office.db.read(keys.load))
            self._rounds.desk = self._office.desk
            self._mail.wake.set()
        self._letters.wake.set()
        self._hooks.wake.set()

    async def _call_hooks(self) -> int:
        """Programs beside the mail: however long they take, no letter waits for them."""
        office = self._office
        if not office.desk.policy.hooks or "out" in await office.db.read(pauses.paused):
            return 0
        ran = await run_due(office.db, office.desk, now, Place(office.config.path.parent, self._environ))
        for each in ran:
            call = each.promised.call
            tell = log.info if each.outcome == "done" else log.warning
            tell(f"hook.{each.outcome}", hook=call.hook, ticket=call.ticket, on=call.name, code=each.code)
            if each.outcome == "failed":
                what = f"hook {call.hook} failed {each.promised.attempts} times: {each.said or each.code}"
                await self._rounds.alert(what, once=f"hook:{call.hook}:{now():%Y-%m-%d}")
        return len(ran)

    async def tidy(self) -> None:
        """What is not to be kept any longer; a day is soon enough, and a start has better to do."""
        office = self._office
        try:
            done = await tidy(
                office.db, office.desk.blobs, office.config.policy.office, now(),
                raw_mail=office.config.storage.raw_mail, delete_closed_after=office.config.delete_closed_after,
            )  # fmt: skip
            await measure(office.db, office.desk.policy, now())
        except Exception:
            log.exception("round.failed", round="tidy")
        else:
            log.info("desk.tidied", mails=done.mails, tickets=done.tickets, files=done.files)

    async def _feed_watchdog(self) -> None:
        """Fed by progress: a round that hangs lets systemd start us anew."""
        oldest = min(work.at for work in self._works)
        if time.monotonic() - oldest < STUCK_SECONDS:
            notify(f"WATCHDOG=1\nSTATUS={self._status()}", self._environ)

    async def _keep_doing(self, work: Work) -> None:
        while not self._stop.is_set():
            work.wake.clear()
            try:
                done = await work.round()
            except Exception:
                log.exception("round.failed", round=work.name)
                done = 0
            work.at = time.monotonic()
            if not done:
                with suppress(TimeoutError):
                    await asyncio.wait_for(work.wake.wait(), STUCK_SECONDS / 4)

    async def _guard_clock(self, scheduler: AsyncIOScheduler) -> None:
        """A wall clock that is set back would stall every job until it has caught up (DUTIES §0.12)."""
        before = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            offset = time.time() - time.monotonic()
            if abs(offset - before) > CLOCK_STEP:
                log.warning("clock.stepped", seconds=round(offset - before, 1))
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=now())
            before = offset

    def _letters_waiting(self) -> None:
        self._letters.wake.set()

    # -- reload and end ------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """All or nothing: a broken configuration changes nothing (DUTIES OPS-08)."""
        notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}", self._environ)
        config = load(self._office.config.path, environment=self._environ, today=now().date())
        if isinstance(config, Config):
            fixed = _needs_restart(self._office.config, config)
            try:
                self._office.reload(config)
            except (OSError, ValueError) as error:
                self._keep_old([str(error)])
            else:
                self._rounds.desk = self._office.desk
                self._outward.reload(config)
                self._route = route(config.policy)
                self._broken_since = None
                log.info("config.loaded", files=[str(path) for path in config.files])
                if fixed:
                    log.warning("config.needs_restart", changed=fixed)
        else:
            self._keep_old([problem.message for problem in config])
        notify(f"READY=1\nSTATUS={self._status()}", self._environ)

    def _keep_old(self, problems: list[str]) -> None:
        self._broken_since = self._broken_since or now()
        log.error("config.rejected", problems=problems[:10], kept="the configuration before it")

    def _status(self) -> str:
        broken = f", configuration on disk is broken since {self._broken_since:%H:%M}" if self._broken_since else ""
        return f"listening on {len(self._listeners)}, {len(self._admission)} sessions{broken}"

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Stop listening, let transactions finish, let each round finish, and close."""
        for listener in self._listeners:
            listener.close()
        await self._admission.drain(DRAIN_SECONDS)
        for work in self._works:
            work.wake.set()
        rounds = [task for task in tasks if task.get_name() in {work.name for work in self._works}]
        for task in tasks:
            if task not in rounds:
                task.cancel()
        await asyncio.wait(rounds, timeout=DRAIN_SECONDS)
        for task in rounds:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._close()
        log.info("daemon.stopped")

    async def _close(self) -> None:
        await self._outward.close()
        await self._rounds.close()
        self._spool.close()
        self._office.close()


# -- how it is started -------------------------------------------------------------------------------------------------


def serve(config: Config, environ: Mapping[str, str], *, once: bool = False, dry_run: bool = False) -> None:
    """The daemon, until it is told to stop. Raises AlreadyRunning, CannotListen, WrongSchema, SecretError."""
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="gateway-dry-run-") as folder:
            dry = _dry(config, Path(folder))
            asyncio.run(_serve(dry, environ, once=once, dry_run=config.state_dir / "dry-run"))
        return
    config.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(config.state_dir / "gateway.lock"):
        asyncio.run(_serve(config, environ, once=once))


async def _serve(config: Config, environ: Mapping[str, str], *, once: bool, dry_run: Path | None = None) -> None:
    daemon = Daemon(config, environ, dry_run)
    await (daemon.once() if once else daemon.run())


def _lock(path: Path) -> TextIO:
    """The lock dies with its holder, so that no lease of a killed process delays the next. It holds our pid."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    file = os.fdopen(descriptor, "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(f"another gateway (pid {pid}) works in {path.parent}") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _dry(config: Config, folder: Path) -> Config:
    """The same desk on a copy of its database, its letters to state/dry-run/."""
    if config.storage.database.startswith("sqlite"):
        with suppress(NoDatabase):
            original = Database(config.storage.database, create=False)
            schema.copy_into(original, folder / "gateway.db")
            original.close()
    storage = replace(config.storage, database=f"sqlite:///{folder / 'gateway.db'}")
    config = replace(config, policy=replace(config.policy, hooks=()))  # nothing is to happen
    return replace(config, storage=storage, send=replace(config.send, host=""))


def _ingest_socket(config: Config) -> list[str]:
    """Where `mail ingest` finds us. A path that is too long for a socket leaves it to write the spool itself."""
    path = config.state_dir / "ingest.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        log.warning("daemon.no_ingest_socket", path=str(path), why="the path is too long for a socket")
        return []
    return [f"unix:{path}"]


def _needs_restart(before: Config, after: Config) -> list[str]:
    """The tables whose changes only a restart brings into force."""
    pairs = {
        "[listen]": (before.listen, after.listen),
        "[storage]": (before.storage, after.storage),
        "[mailbox.*.imap]": (before.imap, after.imap),
        "[limits]": (_limits(before), _limits(after)),
        "state_dir": (before.state_dir, after.state_dir),
        "[log]": (before.log, after.log),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def _limits(config: Config) -> Limits:
    limits = config.policy.limits
    return Limits(
        message_size=limits.message_size,
        connections=limits.connections,
        connections_per_ip=limits.connections_per_ip,
    )


def _tls(config: Config) -> ssl.SSLContext | None:
    if config.listen.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(config.listen.tls_cert, config.listen.tls_key)
    return context
