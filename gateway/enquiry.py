"""A customer asks for their tickets: a list of them, in one letter about no ticket in particular."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gateway.advance import Desk, NewId, write_apart
from gateway.desk.evolve import replay
from gateway.desk.notice import Notice
from gateway.desk.ticket import Person, Ticket
from gateway.letters import Story
from gateway.store import outbox, roster, tickets
from gateway.store.transaction import Transaction


def answer(
    tx: Transaction, desk: Desk, to: Person, *, mail: str, message_id: str | None, closed: bool, now: datetime,
    new_id: NewId,
) -> None:  # fmt: skip
    """`mail` is the id of the mail that asks, `message_id` its own; `closed`: the closed ones too. Not over the limit
    of automatic letters."""
    limit = desk.policy.limits.automatic_letters
    rule = desk.policy.letters.get("my_tickets")
    if outbox.automatic_since(tx, to.email, now - limit.per) >= limit.count or (rule is not None and not rule.enabled):
        return
    notice = Notice(
        letter="my_tickets", to=to, audience="requester", automation="auto-replied", once=f"my_tickets:{mail}"
    )
    story = Story(None, seen=(message_id,) if message_id else (), tickets=tuple(_theirs(tx, to.email, closed=closed)))
    write_apart(tx, desk, notice, now, new_id, story)


def _theirs(tx: Transaction, email: str, *, closed: bool) -> Iterator[Ticket]:
    for number in roster.tickets_of(tx, email, closed=closed):
        ticket = tickets.load(tx, number, replay)
        if ticket is not None and ticket.merged_into is None:
            yield ticket
