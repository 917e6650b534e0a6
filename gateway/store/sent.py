"""Letters that have left: who has seen which, and which came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy import text as sql

from gateway.store.codec import storable
from gateway.store.tables import outbox

# Built once: it is on the path of every letter. Its states are spelled out: a list would be put together every time.
_SEEN = (
    select(outbox.c.date, outbox.c.message_id)
    .where(outbox.c.ticket == bindparam("mine"), outbox.c.recipient == bindparam("to"))
    .where(sql("state IN ('waiting', 'queued', 'sending', 'sent')"))
    .order_by(outbox.c.date, outbox.c.id)
)


def seen_by(tx: Connection, ticket: int, recipient: str) -> list[tuple[datetime, str]]:
    """When and under which Message-ID we wrote to `recipient` on this ticket, oldest first; what waits will be seen."""
    return [(row.date, row.message_id) for row in tx.execute(_SEEN, {"mine": ticket, "to": recipient})]


def last_to(tx: Connection, ticket: int, recipient: str) -> str | None:
    """The id of the newest letter that left for `recipient` on this ticket: what a report without an id is about."""
    mine = (outbox.c.ticket == ticket, outbox.c.recipient == recipient, outbox.c.state.in_(("sent", "failed")))
    newest = select(outbox.c.id).where(*mine).order_by(outbox.c.date.desc()).limit(1)
    found: str | None = tx.execute(newest).scalar_one_or_none()
    return found


def is_delayed(tx: Connection, letter_id: str, text: str) -> None:
    """A letter that the relay took has not arrived yet, says a report; they go on trying."""
    late = update(outbox).where(outbox.c.id == letter_id, outbox.c.state == "sent")
    tx.execute(late.values(last_text=storable(f"delayed: {text}")))


def came_back(tx: Connection, letter_id: str, text: str) -> bool:
    """A letter that the relay took was reported undeliverable; False where it had failed already."""
    back = update(outbox).where(outbox.c.id == letter_id, outbox.c.state != "failed")
    return tx.execute(back.values(state="failed", last_text=storable(text))).rowcount == 1
