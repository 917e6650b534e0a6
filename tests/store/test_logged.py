"""Working time, found again by organisation."""

from dataclasses import replace
from datetime import timedelta

from gateway.desk.allowance import month_of, spent
from gateway.desk.events import Event, Undone
from gateway.desk.events_time import TimeSpent
from gateway.store import logged, tickets
from gateway.store.database import Database
from tests.store.samples import T0, opened, ticket_of

MONTH = month_of(T0, "UTC")


def keep(db: Database, number: int, organisation: str | None, *minutes: int) -> list[Event]:
    events: list[Event] = [replace(opened(number), organisation=organisation)]
    events += [TimeSpent(at=T0 + timedelta(minutes=n), by="agent:ana", minutes=m) for n, m in enumerate(minutes, 1)]
    db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=1)
    return events


def used(db: Database, organisation: str) -> timedelta:
    with db.snapshot() as tx:
        return spent(logged.entries(tx, organisation, MONTH[0]), MONTH)


def test_time_is_summed_over_all_tickets_of_the_organisation_and_of_no_other(db: Database) -> None:
    keep(db, 1, "bigco", 30, -10)
    keep(db, 2, "bigco", 60)
    keep(db, 3, "smallco", 15)
    keep(db, 4, None, 15)
    assert used(db, "bigco") == timedelta(minutes=80)
    assert used(db, "nobody") == timedelta(0)


def test_time_that_was_taken_back_is_not_counted(db: Database) -> None:
    events = keep(db, 1, "bigco", 30, 45)
    back = Undone(at=T0 + timedelta(hours=1), by="agent:ana", events=1, before=ticket_of(events[:-1]))
    db.write(tickets.save, ticket_of([*events, back]), [back], due_at=None, priority_order=1)
    assert used(db, "bigco") == timedelta(minutes=30)
