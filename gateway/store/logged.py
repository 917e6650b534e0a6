"""Working time that was logged on the tickets of an organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, text

from gateway.desk.allowance import Entry
from gateway.store.tables import event, ticket

# Spelled out: a partial index serves no query that brings its condition as parameters.
_BEARS_ON_TIME = text("event.kind IN ('TimeSpent', 'Undone', 'AllowanceReached')")


def entries(tx: Connection, organisation: str, since: datetime) -> list[Entry]:
    """What was logged, taken back and told of since then, whoever's ticket it was on."""
    theirs = (
        select(event.c.ticket, event.c.seq, event.c.at, event.c.data)
        .join_from(event, ticket, ticket.c.number == event.c.ticket)
        .where(_BEARS_ON_TIME, event.c.at >= since, ticket.c.organisation == organisation)
    )
    return [
        Entry(row.ticket, row.seq, row.at, *(row.data.get(name, 0) for name in ("minutes", "events", "share")))
        for row in tx.execute(theirs)
    ]
