"""What intake has to know about one mail: bounded queries, each by index, whatever the number of tickets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, null, select, text, union_all
from sqlalchemy import literal as value

from gateway.desk.ticket import MOST_MERGES
from gateway.intake.verdict import Answered, KnownId, TicketFacts
from gateway.store.articles import ref_key
from gateway.store.outbox import AUTOMATIC_ANSWER
from gateway.store.tables import article, mail, message_ref, outbox, ticket

MOST_IDS = 100  # DUTIES THR-03

# Built once: they are on the path of every mail.
_OURS = select(
    outbox.c.message_id,
    outbox.c.ticket,
    value("ours").label("kind"),
    outbox.c.recipient,
    outbox.c.id.label("letter"),
    outbox.c.date,
).where(outbox.c.message_id.in_(bindparam("asked", expanding=True)), outbox.c.ticket.is_not(None))
_THEIRS = select(message_ref.c.message_id, message_ref.c.ticket, message_ref.c.kind, null(), null(), null()).where(
    message_ref.c.message_id.in_(bindparam("keys", expanding=True))
)
_KNOWN = union_all(_OURS, _THEIRS)
_TICKETS = select(ticket).where(ticket.c.number.in_(bindparam("numbers", expanding=True)))
_WRITTEN_TO = (
    select(outbox.c.ticket, outbox.c.recipient)
    .where(outbox.c.ticket.in_(bindparam("numbers", expanding=True)))
    .distinct()
    .order_by(outbox.c.ticket, outbox.c.recipient)
)
_LATELY = select(
    select(outbox.c.id).where(outbox.c.message_id == bindparam("own")).exists().label("ours"),
    select(func.count())
    .where(ticket.c.requester_email == bindparam("sender"), ticket.c.created_at >= bindparam("since"))
    .scalar_subquery()
    .label("opened"),
    select(func.count())
    .where(outbox.c.recipient == bindparam("sender"), outbox.c.date >= bindparam("answered"), AUTOMATIC_ANSWER)
    .scalar_subquery()
    .label("answered"),
)
_SUBJECTS = (
    select(ticket.c.number, ticket.c.subject)
    .where(ticket.c.requester_email == bindparam("sender"), text("status NOT IN ('solved', 'closed')"))
    .order_by(ticket.c.created_at.desc())
    .limit(20)
)
_ANSWERED = (
    select(article.c.id, article.c.author_id, article.c.at)
    .where(article.c.ticket == bindparam("mine"), article.c.author_role == "agent")
    .where(article.c.direction == "out", article.c.visibility == "public", article.c.author_id != bindparam("besides"))
    .order_by(article.c.position.desc())
    .limit(1)
)
_ALIKE = (
    select(mail.c.ticket, func.count())
    .where(mail.c.fingerprint == bindparam("fingerprint"), text("fingerprint != ''"))
    .where(mail.c.received_at >= bindparam("since"))
    .group_by(mail.c.ticket)
)


class Lately(NamedTuple):
    """`ours`: it is our own letter. How many tickets the address `opened` since one moment, and how many automatic
    letters were promised to it since another."""

    ours: bool
    opened: int
    answered: int


def known_ids(tx: Connection, ids: Sequence[str]) -> list[KnownId]:
    """Which of the first 100 `ids` we know, in their order, ours before customers' before those only mentioned."""
    asked = list(dict.fromkeys(ids))[:MOST_IDS]
    if not asked:
        return []
    keys = {ref_key(each): each for each in asked}
    rows = tx.execute(_KNOWN, {"asked": asked, "keys": list(keys)}).all()
    found = [KnownId(keys.get(row[0], row[0]), row[1], row[2], row[3] or "", row[4] or "", row[5]) for row in rows]
    order, kinds = {each: at for at, each in enumerate(asked)}, ("ours", "customer", "mentioned")
    return sorted(found, key=lambda known: (order[known.message_id], kinds.index(known.kind), known.ticket))


def ticket_facts(tx: Connection, numbers: Iterable[int]) -> dict[int, TicketFacts]:
    """The tickets there are among `numbers`, and those they were merged into, up to ten merges away."""
    rows: dict[int, Row[Any]] = {}
    wanted = set(numbers)
    for _ in range(MOST_MERGES + 1):
        found = tx.execute(_TICKETS, {"numbers": list(wanted)}).all() if wanted else []
        rows |= {row.number: row for row in found}
        wanted = {row.merged_into for row in found if row.merged_into is not None} - rows.keys()
        if not wanted:
            break
    written = _correspondents(tx, rows)
    return {number: _facts(row, written[number]) for number, row in rows.items()}


def lately(tx: Connection, own: str, sender: str, *, opened: datetime, answered: datetime) -> Lately:
    """Whether we wrote the letter of this Message-ID; what this address has done and was sent lately."""
    row = tx.execute(_LATELY, {"own": own, "sender": sender, "since": opened, "answered": answered}).one()
    return Lately(bool(row.ours), row.opened, row.answered)


def alike_since(tx: Connection, fingerprint: str, since: datetime) -> dict[int, int]:
    """How many judged mails of this fingerprint have come since then, by ticket; 0 stands for those about none."""
    rows = tx.execute(_ALIKE, {"fingerprint": fingerprint, "since": since}) if fingerprint else ()
    return {row[0] or 0: int(row[1]) for row in rows}


def answered(tx: Connection, numbers: Iterable[int], besides: str) -> dict[int, Answered]:
    """The newest public answer on each ticket of any agent but `besides`."""
    found = {}
    for number in numbers:
        row = tx.execute(_ANSWERED, {"mine": number, "besides": besides}).one_or_none()
        if row is not None:
            found[number] = Answered(row.author_id, row.id, row.at)
    return found


def open_subjects(tx: Connection, requester: str) -> list[tuple[int, str]]:
    """The newest tickets of this address that are neither solved nor closed, with their subjects."""
    return [(row.number, row.subject) for row in tx.execute(_SUBJECTS, {"sender": requester})]


def open_by_assignee(tx: Connection) -> dict[str, int]:
    """How many tickets that are neither solved nor closed each agent has."""
    mine = select(ticket.c.assignee, func.count()).where(
        ticket.c.assignee.is_not(None), ticket.c.status.in_(("new", "open", "pending", "on_hold"))
    )
    return {row[0]: int(row[1]) for row in tx.execute(mine.group_by(ticket.c.assignee))}


def _correspondents(tx: Connection, numbers: Iterable[int]) -> dict[int, list[str]]:
    written: dict[int, list[str]] = defaultdict(list)
    wanted = list(numbers)
    if wanted:
        for number, recipient in tx.execute(_WRITTEN_TO, {"numbers": wanted}):
            written[number].append(recipient)
    return written


def _facts(row: Row[Any], correspondents: list[str]) -> TicketFacts:
    return TicketFacts(
        number=row.number,
        status=row.status,
        mailbox=row.mailbox,
        category=row.category,
        requester=row.requester_email,
        participants=tuple(email for _, email, role in row.participants if role != "alias"),
        aliases=tuple(email for _, email, role in row.participants if role == "alias"),
        correspondents=tuple(correspondents),
        closed_at=row.closed_at,
        merged_into=row.merged_into,
        team=row.team,
        assignee=row.assignee,
        language=row.language,
        requester_name=row.requester_name,
    )
