"""What a mail costs must not grow with the number of tickets: no statement on its path may read a whole table."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from gateway.desk.evolve import evolve, replay
from gateway.mail.accepted import ImapPosition
from gateway.mail.message import Envelope
from gateway.store import (
    articles,
    facts,
    figures,
    ledger,
    logged,
    mails,
    outbox,
    pauses,
    people,
    problems,
    search,
    sent,
    tellings,
    tickets,
)
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.search import Filter
from gateway.store.spool import Taken, accept_all
from tests.store.samples import T0, article, letter, ticket_of, worked

SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc"
MAIL = Taken("m1", "k1", SHA, 3, b"abc", Envelope(), ImapPosition("support", "INBOX", 7, 41), T0)
TOLD: dict[str, Any] = {
    "now": T0,
    "state": "done",
    "decision": "append",
    "reason": "",
    "kind": "person",
    "ticket": 1000,
    "article": "a1",
    "verdict": {},
    "message_id": "<one@customer.example>",
    "from_email": "maria@customer.example",
    "subject": "",
}


def path_of_a_mail(db: Database, blobs: Blobs) -> None:
    """Everything that happens to a mail, from its acceptance to the last letter about it."""
    events, later = worked(1000), worked(1001)[2]
    steps: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (accept_all, (blobs, [MAIL]), {}),
        (accept_all, (blobs, [MAIL]), {}),
        (ledger.taken, ("support", "INBOX", 7), {}),
        (mails.pending, (50,), {}),
        (mails.take, ("m1",), {}),
        (blobs.get, (SHA,), {}),
        (facts.known_ids, (["<a@b>", "<c@d>"],), {}),
        (facts.ticket_facts, ([1000, 1001],), {}),
        (facts.lately, ("<x@acme.example>", "maria@customer.example"), {"opened": T0, "answered": T0}),
        (facts.alike_since, ("aaaaaaaaaaaaaaaa", T0), {}),
        (people.get, ("maria@customer.example",), {}),
        (people.mark_proven, ("maria@customer.example", T0), {}),
        (outbox.automatic_since, ("maria@customer.example", T0), {}),
        (outbox.answered_since, (T0,), {}),
        (outbox.answers_on, (1000, T0, T0), {}),
        (people.bounced, ("maria@customer.example", "5.1.1", T0), {}),
        (people.forgive_bounces, ("maria@customer.example",), {}),
        (sent.is_delayed, ("l1", "full"), {}),
        (outbox.by_message_id, ("<x@acme.example>",), {}),
        (tickets.next_number, (1000,), {}),
        (tickets.save, (ticket_of(events), events), {"due_at": T0, "priority_order": 2}),
        (tickets.load, (1000, replay), {}),
        (tickets.save, (evolve(ticket_of(events), later), [later]), {"due_at": T0, "priority_order": 2}),
        (logged.entries, ("bigco", T0), {}),
        (figures.first_response, (), {}),
        (articles.next_attachment, (1000,), {}),
        (articles.add, (blobs, 1000, article("a1"), {}, T0), {}),
        (articles.of, (1000,), {}),
        (articles.get, ("a1",), {}),
        (articles.show, ("a1", "public"), {}),
        (articles.remember, (1000, "<one@customer.example>", ["<zero@customer.example>"]), {}),
        (sent.seen_by, (1000, "maria@customer.example"), {}),
        (sent.last_to, (1000, "maria@customer.example"), {}),
        (outbox.replace_waiting, (), {"ticket": 1000, "names": ["ack"], "recipient": "m@customer.example", "by": "o"}),
        (outbox.put, (letter("l1", ticket=1000),), {}),
        (mails.settle, ("m1",), TOLD),
        (mails.note_failure, ("m1", ""), {}),
        (outbox.claim, (T0,), {"limit": 10, "lease": timedelta(hours=1)}),
        (outbox.settle, ("l1", "sent"), {"now": T0}),
        (outbox.delivery_of, (1000,), {}),
        (outbox.next_attempt, (), {}),
        (tickets.due, (T0, 100), {}),
        (tickets.next_due_at, (), {}),
        (search.listed, (), {}),
        (search.listed, (Filter(ref=("eng-331", "eng-400")),), {}),
        (problems.tickets_of, ("eng-331",), {}),
        (problems.spelling, ("eng-331",), {}),
        (tellings.is_due, (T0,), {}),
        (tellings.due, (T0, 10), {}),
        (pauses.paused, (), {}),
    ]
    for fn, arguments, named in steps:
        db.write(fn, *arguments, **named)


def test_every_statement_on_the_path_of_a_mail_goes_by_an_index(lite: Database, blobs: Blobs) -> None:
    said: dict[str, Any] = {}

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.setdefault(statement, parameters)

    event.listen(lite.engine, "before_cursor_execute", listen)
    path_of_a_mail(lite, blobs)
    event.remove(lite.engine, "before_cursor_execute", listen)
    asked = {text: given for text, given in said.items() if text.split()[0] in ("SELECT", "UPDATE", "DELETE", "INSERT")}
    assert len(asked) > 40
    slow = []
    with lite.snapshot() as tx:
        for statement, given in asked.items():
            first = given[0] if isinstance(given, list) else given
            plan = [str(row[3]) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", first)]
            slow += [(line, statement) for line in plan if _reads_all(line)]
    assert slow == []


def _reads_all(line: str) -> bool:
    """A scan by a partial index reads what waits, not what there is; `pause` has three rows at most, and a constant
    row is of no table."""
    if not line.startswith("SCAN") or line.startswith(("SCAN pause", "SCAN CONSTANT ROW")):
        return False
    few = "event_logged|mail_pending|outbox_due|ticket_due_at|ticket_worked"
    return not re.search(rf"USING (COVERING )?INDEX ix_({few})", line)


@pytest.mark.parametrize("table", ["mail", "outbox", "ticket", "event", "article"])
def test_the_guard_sees_a_statement_that_reads_a_whole_table(table: str, lite: Database) -> None:
    with lite.snapshot() as tx:
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE rowid + 1 = 2").all()
    assert any(_reads_all(str(row[3])) for row in plan)
