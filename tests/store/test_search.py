from datetime import timedelta

import pytest

from gateway.desk.events import Assigned, Event, StatusChanged
from gateway.store import articles, search, tickets
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.search import Filter
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
]


@pytest.mark.parametrize(("wanted", "numbers"), FOUND, ids=lambda each: str(each)[:60])
def test_a_filter_finds_what_fits_in_the_order_of_work(desk: Database, wanted: Filter, numbers: list[int]) -> None:
    with desk.snapshot() as tx:
        assert [line.number for line in search.listed(tx, wanted)] == numbers
