"""Letters we have promised: put in the transaction that decides them, claimed, tried, settled.

A letter `waits` (for undo, for a newer one to replace it), is `queued`, is being tried (`sending`), and ends as
`sent`, `failed`, `dropped` or `merged`; `held` ones wait for a person. What is written before a try makes a crash in
the middle of it cost at most one repeat, under the same Message-ID (DUTIES OUT-03, §4.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Integer, Row, and_, bindparam, func, insert, select, update
from sqlalchemy import text as sql

from gateway.mail.letter import Letter
from gateway.store.codec import decode, encode, storable
from gateway.store.dialect import insert_new
from gateway.store.tables import enclosure, outbox

LetterState = Literal["waiting", "queued", "sending", "sent", "failed", "held", "dropped", "merged"]
Outcome = Literal["sent", "deferred", "failed"]
Delivery = Literal["queued", "sent", "failed"]

# Spelled out: a partial index serves no query that brings its condition as parameters.
_DUE = sql("state IN ('waiting', 'queued', 'sending')")
_COLUMNS = ("id", "once", "message_id", "ticket", "article", "name", "subject", "auto_submitted", "date", "not_before")
_STANDS = sql("state NOT IN ('dropped', 'merged')")  # spelled out: a list would be put together every time
_ELSEWHERE = (*_COLUMNS, "to")
AUTOMATIC_ANSWER = and_(sql("auto_submitted = 'auto-replied'"), _STANDS)
# Built once: they are on the path of every mail and every letter.
_BY_MESSAGE_ID = select(outbox).where(outbox.c.message_id == bindparam("asked"))
_AUTOMATIC = select(func.count()).where(
    outbox.c.recipient == bindparam("to"), outbox.c.date >= bindparam("since"), AUTOMATIC_ANSWER
)  # fmt: skip
_ANSWERS = select(func.count(outbox.c.date.distinct())).where(
    outbox.c.ticket == bindparam("mine"), AUTOMATIC_ANSWER,
    outbox.c.date >= bindparam("since"), outbox.c.date < bindparam("before"),
    outbox.c.name.not_like(r"agent\_%", escape="\\"),
)  # fmt: skip
_READY = (
    select(outbox.c.id)
    .where(_DUE, outbox.c.next_attempt <= bindparam("now"))
    .order_by(outbox.c.next_attempt, outbox.c.date)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_TAKE = update(outbox).values(
    state="sending", attempts=outbox.c.attempts + 1, next_attempt=bindparam("until"), trying=bindparam("by")
).returning(outbox)  # fmt: skip
_TAKE_ANY = _TAKE.where(outbox.c.id.in_(_READY))
_TAKE_BUT_ANSWERS = _TAKE.where(outbox.c.id.in_(_READY.where(outbox.c.auto_submitted != "auto-replied")))
_THESE = outbox.c.id.in_(bindparam("these", expanding=True))
_SETTLE = update(outbox).where(outbox.c.id == bindparam("mine"), sql("state != 'sent'"))
_WAITING = (
    select(outbox.c.id, outbox.c.name)
    .where(outbox.c.ticket == bindparam("mine"), outbox.c.recipient == bindparam("to"))
    .where(outbox.c.name.in_(bindparam("named", expanding=True)), sql("state = 'waiting'"), outbox.c.article.is_(None))
    .order_by(outbox.c.date)
    .with_for_update()
)
_MERGE = update(outbox).where(_THESE).values(state="merged", merged_by=bindparam("into"))
_ANSWERED = select(func.count()).where(sql("auto_submitted = 'auto-replied'"), outbox.c.sent_at >= bindparam("since"))
_AFTER: Mapping[Outcome, LetterState] = {"sent": "sent", "deferred": "queued", "failed": "failed"}


def put(tx: Connection, letter: Letter) -> bool:
    """Promise `letter`; False, and nothing is written, where its `once` was promised before.

    The bytes of its enclosures have to be blobs by now.
    """
    row = {name: getattr(letter, name) for name in _COLUMNS} | {
        "recipient": letter.to,
        "letter": encode(letter, leave_out=_ELSEWHERE),
        "state": "waiting" if letter.not_before > letter.date else "queued",
        "next_attempt": letter.not_before,
    }
    if not insert_new(tx, outbox, row, key="once"):
        return False
    needed = dict.fromkeys(each.sha256 for each in letter.enclosures)
    if needed:
        tx.execute(insert(enclosure), [{"letter": letter.id, "sha256": sha256} for sha256 in needed])
    return True


def claim(
    tx: Connection, now: datetime, *, limit: int, lease: timedelta, by: str = "", answers: bool = True
) -> list[tuple[Letter, int]]:
    """Letters to try now, those that are due the longest, each with the number of this try (from 1); in the order of
    the times from which on they may leave.

    Until `now + lease` nobody else gets them, unless `reclaim` says that gateway `by` is dead. Without `answers`
    those that answer automatically wait.
    """
    wanted = {"now": now, "most": limit, "until": now + lease, "by": by}
    rows = tx.execute(_TAKE_ANY if answers else _TAKE_BUT_ANSWERS, wanted).all()
    in_order = sorted(rows, key=lambda row: (row.not_before, row.date, row.once))
    return [(letter_of(row), row.attempts) for row in in_order]


def reclaim(tx: Connection, now: datetime, by: str = "") -> int:
    """At start: letters that gateway `by` had in hand when it died are due again; how many."""
    stuck = update(outbox).where(_DUE, outbox.c.state == "sending", outbox.c.trying == by)
    return tx.execute(stuck.values(state="queued", next_attempt=now)).rowcount


def settle(
    tx: Connection,
    letter_id: str,
    outcome: Outcome,
    *,
    now: datetime,
    code: int | None = None,
    text: str = "",
    next_attempt: datetime | None = None,
) -> None:
    """Write how a try ended; `code` and `text` are the relay's last word. "deferred" needs `next_attempt`."""
    values: dict[str, Any] = {"state": _AFTER[outcome], "last_code": code, "last_text": storable(text), "trying": ""}
    if outcome == "sent":
        values["sent_at"] = now
    if outcome == "deferred":
        if next_attempt is None:
            raise ValueError("a deferred letter has a next attempt")
        values["next_attempt"] = next_attempt
    tx.execute(_SETTLE, values | {"mine": letter_id})


def take_back(tx: Connection, once: str) -> bool:
    """Drop a letter that still waits (undo), and have those wait again that it had merged away; False where it has
    left, or never was."""
    waiting = update(outbox).where(outbox.c.once == once, outbox.c.state == "waiting")
    if tx.execute(waiting.values(state="dropped")).rowcount == 0:
        return False
    ticket = select(outbox.c.ticket).where(outbox.c.once == once).scalar_subquery()
    earlier = update(outbox).where(outbox.c.ticket == ticket, outbox.c.state == "merged", outbox.c.merged_by == once)
    tx.execute(earlier.values(state="waiting", merged_by=""))
    return True


def replace_waiting(tx: Connection, *, ticket: int, names: Sequence[str], recipient: str, by: str) -> tuple[str, ...]:
    """Merge away the letters of these names to this recipient that still wait and carry nobody's words: the one that is
    promised as `by` says it all. The names of those that were."""
    rows = tx.execute(_WAITING, {"mine": ticket, "to": recipient, "named": names}).all()
    if rows:
        tx.execute(_MERGE, {"these": [row.id for row in rows], "into": by})
    return tuple(row.name for row in rows)


def waiting_of(tx: Connection, ticket: int) -> list[Letter]:
    """Letters on the ticket that may still be taken back, oldest first."""
    waiting = select(outbox).where(outbox.c.ticket == ticket, outbox.c.state == "waiting").order_by(outbox.c.date)
    return [letter_of(row) for row in tx.execute(waiting)]


def stop_waiting(tx: Connection, ticket: int, before: datetime) -> tuple[str, ...]:
    """Drop the letters on the ticket that carry nobody's words, were promised before then and still wait: their ids."""
    wordless = (outbox.c.ticket == ticket, outbox.c.article.is_(None), outbox.c.date < before)
    waiting = update(outbox).where(*wordless, outbox.c.state == "waiting").values(state="dropped")
    return tuple(tx.execute(waiting.returning(outbox.c.id)).scalars())


def forget_reader(tx: Connection, ticket: int, recipient: str) -> None:
    """Drop the letters on the ticket to somebody who reads along no longer, as far as they wait and carry nobody's
    words."""
    theirs = (outbox.c.ticket == ticket, outbox.c.recipient == recipient, outbox.c.article.is_(None))
    tx.execute(update(outbox).where(*theirs, outbox.c.state == "waiting").values(state="dropped"))


def wait_again(tx: Connection, ids: Sequence[str]) -> None:
    """What `stop_waiting` dropped waits for its time as before."""
    dropped = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == "dropped")
    tx.execute(dropped.values(state="waiting"))


def automatic_since(tx: Connection, recipient: str, since: datetime) -> int:
    """How many letters with Auto-Submitted: auto-replied were promised to this address since then."""
    return int(tx.execute(_AUTOMATIC, {"to": recipient, "since": since}).scalar_one())


def answered_since(tx: Connection, since: datetime) -> int:
    """How many automatic answers have left since then, whoever got them."""
    return int(tx.execute(_ANSWERED, {"since": since}).scalar_one())


def left_since(tx: Connection, since: datetime) -> int:
    """How many letters have left since then, with those that are being tried now."""
    left = tx.execute(select(func.count()).where(outbox.c.sent_at >= since)).scalar_one()
    tried = tx.execute(select(func.count()).where(_DUE, outbox.c.state == "sending")).scalar_one()
    return int(left) + int(tried)


def answers_on(tx: Connection, ticket: int, since: datetime, before: datetime) -> int:
    """How often automatic letters answered customers on this ticket: those of one moment, to several people, are one
    answer. What comes back to agents who command it counts for nobody."""
    return int(tx.execute(_ANSWERS, {"mine": ticket, "since": since, "before": before}).scalar_one())


def delivery_of(tx: Connection, *tickets: int) -> dict[str, Delivery]:
    """How the letters of each article fare, the worst of its recipients: failed, then queued, then sent."""
    here = outbox.c.ticket.in_(tickets)
    wanted = select(outbox.c.article, outbox.c.state).where(here, outbox.c.article.is_not(None))
    ranks: dict[str, Delivery] = {}
    order: tuple[Delivery, ...] = ("sent", "queued", "failed")
    for row in tx.execute(wanted.where(outbox.c.state.not_in(("dropped", "merged")))):
        state: Delivery = row.state if row.state in ("sent", "failed") else "queued"
        ranks[row.article] = max(ranks.get(row.article, state), state, key=order.index)
    return ranks


def get(tx: Connection, letter_id: str) -> Letter | None:
    row = tx.execute(select(outbox).where(outbox.c.id == letter_id)).one_or_none()
    return letter_of(row) if row else None


def by_message_id(tx: Connection, message_id: str) -> Letter | None:
    row = tx.execute(_BY_MESSAGE_ID, {"asked": message_id}).one_or_none()
    return letter_of(row) if row else None


def of_ticket(tx: Connection, ticket: int) -> list[Letter]:
    """Every letter on the ticket, whatever became of it, oldest first."""
    return [
        letter_of(row) for row in tx.execute(select(outbox).where(outbox.c.ticket == ticket).order_by(outbox.c.date))
    ]


def oldest_due(tx: Connection, now: datetime) -> datetime | None:
    """Since when the letter that is due the longest has been due; None where nothing is."""
    due = select(outbox.c.next_attempt).where(_DUE, outbox.c.next_attempt <= now)
    instant: datetime | None = tx.execute(due.order_by(outbox.c.next_attempt).limit(1)).scalar_one_or_none()
    return instant


def next_attempt(tx: Connection) -> datetime | None:
    """When the next letter is due."""
    due = select(outbox.c.next_attempt).where(_DUE).order_by(outbox.c.next_attempt).limit(1)
    instant: datetime | None = tx.execute(due).scalar_one_or_none()
    return instant


def letter_of(row: Row[Any]) -> Letter:
    """The letter as it was put, to the last field."""
    return decode(
        Letter, {**row.letter, **{name: _plain(getattr(row, name)) for name in _COLUMNS}, "to": row.recipient}
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
