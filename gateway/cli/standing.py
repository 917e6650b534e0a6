"""How the desk stands this moment, gathered from its database, its lock and its configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from gateway.cli.running import Running, running
from gateway.config.settings import Config
from gateway.desk.decide import dues
from gateway.desk.evolve import replay
from gateway.desk.policy import Policy
from gateway.doctor.finding import counted
from gateway.mail.address import normal, split_plus
from gateway.store import outbox, overview, pauses, queue, schema, tickets
from gateway.store.database import Database, NoDatabase
from gateway.store.transaction import Transaction

LATELY = timedelta(days=7)
NEXT = 3  # of what comes, how much one screen shows
RECENT = 500  # mails that are looked at to know each mailbox's newest
SLOW = timedelta(minutes=10)  # a mail or letter that waits longer than this is trouble

Level = Literal["warning", "critical"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """`look` is the command that tells more, or ""."""

    level: Level
    words: str
    look: str = ""


NOT_RUNNING = Trouble("critical", "the gateway does not run", "gateway serve")


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox, the ways by which its mail comes, and when the newest did."""

    address: str
    ways: tuple[str, ...]
    last_mail: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    ticket: int
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`schema` None: there is no database yet, and nothing in it is known."""

    daemon: Running | None
    schema: str | None = None
    paused: Mapping[str, datetime] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    mails: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    tickets: overview.Tickets = field(default_factory=overview.Tickets)
    next: tuple[Due, ...] = ()
    trouble: tuple[Trouble, ...] = ()

    @property
    def waiting_letters(self) -> int:
        return sum(self.letters.get(state, 0) for state in ("waiting", "queued", "sending"))


def standing(config: Config, environ: Mapping[str, str], now: datetime) -> Standing:
    """Raises WrongSchema, SecretError, and what the database raises that cannot be reached."""
    daemon = running(config.state_dir)
    outside = [] if daemon else [NOT_RUNNING]
    try:
        db = Database(config.storage.database_url(environ), create=False)
    except NoDatabase:
        boxes = tuple(Box(box.address, _ways(config, box.id)) for box in config.policy.mailboxes.values())
        return Standing(daemon, boxes=boxes, trouble=tuple(outside))
    try:
        schema.require_schema(db)
        with db.snapshot() as tx:
            return _from_database(tx, config, daemon, outside, now)
    finally:
        db.close()


def _from_database(
    tx: Transaction, config: Config, daemon: Running | None, outside: Sequence[Trouble], now: datetime
) -> Standing:
    found = Standing(
        daemon=daemon,
        schema=schema.HEAD,
        paused={str(what): since for what, since in pauses.paused(tx).items()},
        boxes=_boxes(tx, config),
        mails={str(state): count for state, count in overview.mails(tx).items()},
        letters=queue.counts(tx),
        tickets=overview.tickets(tx, now=now, lately=now - LATELY),
        next=tuple(_due(tx, number, at, config.policy) for number, at in overview.next_due(tx, NEXT)),
    )
    inside = [*_of_pauses(found), *_of_mails(tx, found, now), *_of_letters(tx, found, now)]
    return replace(found, trouble=(*outside, *inside))


def _ways(config: Config, mailbox: str) -> tuple[str, ...]:
    listen = config.listen
    named = (("imap", mailbox in config.imap), ("smtp", listen.smtp), ("lmtp", listen.lmtp))
    return tuple(way for way, there in named if there)


def _boxes(tx: Transaction, config: Config) -> tuple[Box, ...]:
    newest: dict[str, datetime] = {}
    for at, fetched_from, recipients in overview.newest_recipients(tx, RECENT):
        boxes = [fetched_from] if fetched_from else []
        for recipient in recipients:
            box = config.policy.mailbox_of(split_plus(normal(recipient))[0])
            boxes += [box.id] if box else []
        for box_id in boxes:
            newest.setdefault(box_id, at)
    return tuple(
        Box(box.address, _ways(config, box.id), newest.get(box.id)) for box in config.policy.mailboxes.values()
    )


def _due(tx: Transaction, number: int, at: datetime, policy: Policy) -> Due:
    ticket = tickets.load(tx, number, replay)
    kinds = [kind for kind, due in dues(ticket, policy) if due == at] if ticket else []
    return Due(at, number, kinds[0] if kinds else "warning")


def _of_pauses(found: Standing) -> list[Trouble]:
    doing = {"in": "mail that comes in waits", "out": "no letter is sent", "timers": "no time passes for tickets"}
    return [
        Trouble("warning", f"paused since {since:%Y-%m-%d %H:%M} UTC: {doing[what]}", f"gateway resume {what}")
        for what, since in found.paused.items()
    ]


def _of_mails(tx: Transaction, found: Standing, now: datetime) -> list[Trouble]:
    trouble = []
    oldest = overview.oldest_pending(tx)
    if oldest is not None and now - oldest > SLOW and "in" not in found.paused:
        trouble.append(
            Trouble("critical", f"{counted(found.mails['pending'], 'mail')} waiting to be handled", "gateway mail list")
        )
    for state, words in (("quarantined", "in quarantine"), ("held", "held")):
        if count := found.mails.get(state, 0):
            mails = "1 mail is" if count == 1 else f"{count} mails are"
            trouble.append(Trouble("warning", f"{mails} {words}", "gateway mail quarantine list"))
    return trouble


def _of_letters(tx: Transaction, found: Standing, now: datetime) -> list[Trouble]:
    trouble = []
    oldest = outbox.oldest_due(tx, now)
    if oldest is not None and now - oldest > SLOW and "out" not in found.paused:
        trouble.append(Trouble("critical", "letters that are due are not being sent", "gateway queue list"))
    if count := found.letters.get("failed", 0):
        letters = "1 letter" if count == 1 else f"{count} letters"
        trouble.append(Trouble("warning", f"{letters} could not be delivered", "gateway queue list"))
    deferred = [each for each in queue.listed(tx, states=("queued",), limit=RECENT) if each.attempts]
    if deferred:
        last = deferred[-1]
        words = f"{counted(len(deferred), 'letter')} to be tried again: {last.last_code or ''} {last.last_text}"
        trouble.append(Trouble("warning", " ".join(words.split()), "gateway queue list"))
    return trouble
