"""The tickets that share a cause, found by its name however it is written."""

from __future__ import annotations

import pytest

from gateway.desk.events import Event, StatusChanged
from gateway.desk.events_problem import ProblemChanged
from gateway.desk.events_time import TaskRecorded
from gateway.store import problems, search, tickets
from gateway.store.database import Database
from gateway.store.search import Filter
from tests.store.samples import T0, opened, ticket_of


def joined(name: str) -> Event:
    return ProblemChanged(at=T0, by="agent:ana", before=None, after=name)


def status(after: str) -> Event:
    return StatusChanged(at=T0, by="agent:ana", before="new", after=after)  # type: ignore[arg-type]


@pytest.fixture
def desk(db: Database) -> Database:
    """1 to 3: ENG-331, one of them closed. 4: a task of that name, in no problem. 5: another problem, solved."""
    made: list[tuple[Event, ...]] = [
        (joined("ENG-331"),),
        (joined("eng-331"),),
        (joined("ENG-331"), status("closed")),
        (TaskRecorded(at=T0, by="agent:ana", ref="Eng-331"),),
        (joined("Login  outage"), status("solved")),
    ]
    for number, more in enumerate(made, 1):
        events: list[Event] = [opened(number), *more]
        db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=1)
    return db


def test_the_tickets_of_a_problem_are_found_the_oldest_first_and_the_closed_ones_too(desk: Database) -> None:
    with desk.snapshot() as tx:
        assert [ticket.number for ticket in problems.tickets_of(tx, "eng-331")] == [1, 2, 3]
        assert [ticket.number for ticket in problems.tickets_of(tx, "login outage")] == [5]
        assert problems.tickets_of(tx, "eng-3") == []


def test_a_problem_is_over_when_none_of_its_tickets_waits_any_more(desk: Database) -> None:
    with desk.snapshot() as tx:
        assert [ticket.number for ticket in problems.all_tickets(tx, over=False)] == [1, 2, 3]
        assert [ticket.number for ticket in problems.all_tickets(tx, over=True)] == [1, 2, 3, 5]


def test_a_name_is_written_as_it_was_first(desk: Database) -> None:
    with desk.snapshot() as tx:
        assert problems.spelling(tx, "eng-331") == "ENG-331"
        assert problems.spelling(tx, "eng-400") is None


def test_a_reference_finds_tickets_by_their_problem_and_by_their_task(desk: Database) -> None:
    with desk.snapshot() as tx:
        found = [line.number for line in search.listed(tx, Filter(ref=("eng-331",)))]
        assert sorted(found) == [1, 2, 3, 4]
        open_ones = Filter(ref=("eng-331", "login outage"), status=("new", "solved"))
        assert sorted(line.number for line in search.listed(tx, open_ones)) == [1, 2, 4, 5]
