from datetime import timedelta

import pytest
from sqlalchemy import select

from gateway.desk.events import Assigned, Event, StatusChanged, SubjectChanged
from gateway.desk.evolve import replay
from gateway.store import articles, erase, search, tickets, words
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.search import Filter
from gateway.store.tables import ticket as ticket_rows
from tests.store.samples import T0, article, opened, ticket_of

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db: Database, blobs: Blobs) -> Database:
    """1: low, old. 2 and 3: high, Ben's and nobody's. 4: high, closed. 5: high, older, solved, from elsewhere."""
    by = {"at": T0, "by": "agent:ana"}

    def closed(after: str) -> StatusChanged:
        return StatusChanged(before="new", after=after, **by)  # type: ignore[arg-type]

    made: list[tuple[int, list[Event]]] = [
        (3, [opened(1, T0 - 9 * HOUR, priority="low", category="question", subject="Grüße aus ÖSTERREICH")]),
        (1, [opened(2, T0), Assigned(assignee="ben", **by)]),  # type: ignore[arg-type]
        (1, [opened(3, T0 + HOUR, team=None, tags=('say "hi"', "100%"))]),
        (1, [opened(4, T0 - HOUR), closed("closed")]),
        (1, [opened(5, T0 - HOUR, requester_email="joe@else.example", requester_name="Joe"), closed("solved")]),
    ]
    for order, events in made:
        late = T0 if events[0].at == T0 else None
        db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=order, late_at=late)
    db.write(articles.add, blobs, 3, article("a", text="The Printer_is burning"), {}, T0)
    db.write(
        articles.add, blobs, 2, article("b", text="このプリンタは動かない!!!", subject="", message_id=None), {}, T0
    )
    return db


FOUND = [
    (Filter(), [5, 2, 3, 1]),
    (Filter(status=("closed", "solved")), [4, 5]),
    (Filter(category=("question",)), [1]),
    (Filter(priority=("low", "high"), status=("new",)), [2, 3, 1]),
    (Filter(assignee=("ben",)), [2]),
    (Filter(assignee=("ben", "none"), status=("new",)), [2, 3, 1]),
    (Filter(team=("none",)), [3]),
    (Filter(tags=('say "hi"',)), [3]),
    (Filter(tags=("100_",)), []),
    (Filter(tags=("export",), status=("new",)), [2, 1]),
    (Filter(from_="ELSE.example"), [5]),
    (Filter(created_before=T0), [4, 5, 1]),
    (Filter(created_after=T0), [2, 3]),
    (Filter(late_at=T0), [2]),
    (Filter(words=("printer_IS",)), [3]),
    (Filter(words=("grüsse",)), []),
    (Filter(words=("GRÜSSE".replace("SS", "ß"), "österreich")), [1]),
    (Filter(words=("export", "joe")), [5]),
    (Filter(words=("osterreich",)), None),
    (Filter(words=("burning printer",)), []),
    (Filter(words=("is burn",)), [3]),
    (Filter(words=("rinter",)), []),
    (Filter(words=("else.example",)), [5]),
    (Filter(words=("the export",)), [4, 5, 2, 3]),
    (Filter(words=("%",)), []),
    (Filter(words=("'\"* OR (NEAR",)), []),
    (Filter(words=("プリンタ",)), [2]),
    (Filter(words=("!!!",)), [2]),
    (Filter(words=("\N{PILE OF POO}",)), []),
]


@pytest.mark.parametrize(("wanted", "numbers"), FOUND, ids=lambda each: str(each)[:60])
def test_a_filter_finds_what_fits_in_the_order_of_work(
    desk: Database, wanted: Filter, numbers: list[int] | None
) -> None:
    if numbers is None:  # accents are overlooked where the database can
        numbers = [1] if desk.dialect == "sqlite" else []
    with desk.snapshot() as tx:
        assert [line.number for line in search.listed(tx, wanted)] == numbers
        assert [ticket.number for ticket in search.tickets(tx, wanted, limit=2)] == numbers[:2]
        assert search.count(tx, wanted) == len(numbers)


def test_a_list_shows_tickets_as_their_events_make_them(desk: Database) -> None:
    with desk.snapshot() as tx:
        shown = list(search.tickets(tx, Filter()))
        assert shown == [tickets.load(tx, each.number, replay) for each in shown]


def test_what_changed_last_comes_first_where_that_is_wanted(desk: Database) -> None:
    with desk.snapshot() as tx:
        assert [line.number for line in search.listed(tx, Filter(words=("the",)), order="newest")] == [3, 5, 4, 2]


def test_an_agent_is_offered_their_own_and_what_nobody_has_in_their_teams(desk: Database) -> None:
    def offered(agent: str, *teams: str) -> list[int]:
        with desk.snapshot() as tx:
            return [ticket.number for ticket in search.waiting_for(tx, agent, teams)]

    assert offered("ben") == [2, 3]
    assert offered("ana") == [3]
    assert offered("ana", "first-line") == [3, 1]
    assert offered("ben", "first-line", "second-line") == [2, 3, 1]


def test_words_are_found_as_they_are_now(db: Database, blobs: Blobs) -> None:
    def found(word: str) -> list[int]:
        with db.snapshot() as tx:
            return [line.number for line in search.listed(tx, Filter(words=(word,)))]

    first = opened(1)
    later = SubjectChanged(at=T0, by="agent:ana", before=first.subject, after="The import fails")
    db.write(tickets.save, ticket_of([first]), [first], due_at=None, priority_order=1)
    db.write(articles.add, blobs, 1, article("a", subject="", text="A walrus"), {}, T0)
    assert (found("export"), found("walrus")) == ([1], [1])
    db.write(tickets.save, ticket_of([first, later]), [later], due_at=None, priority_order=1)
    assert (found("export"), found("import")) == ([], [1])
    db.write(erase.erase_ticket, 1)
    assert (found("import"), found("walrus")) == ([], [])


@pytest.mark.parametrize("word", ["export", "the export"])
def test_no_search_for_words_reads_every_text(lite: Database, word: str) -> None:
    with lite.snapshot() as tx:
        asked = select(ticket_rows.c.number).where(words.has(tx, word)).compile(tx)
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", tuple(asked.params.values())).all()
    assert [row[3] for row in plan if row[3].startswith("SCAN") and "VIRTUAL TABLE INDEX" not in row[3]] == []


def test_a_text_of_a_megabyte_is_found_by_its_beginning(db: Database, blobs: Blobs) -> None:
    text = "walrus " + " ".join(f"ä{n}" for n in range(150_000))
    db.write(tickets.save, ticket_of([opened(1)]), [opened(1)], due_at=None, priority_order=1)
    db.write(articles.add, blobs, 1, article("a", text=text), {}, T0)
    with db.snapshot() as tx:
        assert search.count(tx, Filter(words=("walrus ä0 ä1",))) == 1
