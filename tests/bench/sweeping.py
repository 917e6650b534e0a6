"""A sweep over very many open tickets: what it costs beyond the letters that it writes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gateway import letters
from gateway.office import new_id
from gateway.store import outbox
from gateway.sweep import LARGEST_SWEEP, sweep
from tests import office
from tests.bench.crowd import copied

LATER = timedelta(days=400)
REMINDED = """
[pending]
reminders = ["2 business days", "3 business days"]
close_after = "3 business days"
[letter.agent_stale]
enabled = false
[security]
agents_must_pass = "none"
"""


@dataclass
class Swept:
    """Seconds of CPU of this thread: `letters` for these alone, written and put into the outbox; `beyond` for the rest
    of each full transaction."""

    looked: int = 0
    written: int = 0
    letters: float = 0.0
    beyond: list[float] = field(default_factory=list)

    @property
    def least(self) -> float:
        """For all of it, as the quickest of its transactions went: the noise of a machine only ever adds."""
        return min(self.beyond) * self.looked / LARGEST_SWEEP


def swept(folder: Path, count: int, due: int) -> Swept:
    """`count` open tickets, of which `due` wait for an answer and get their first reminder."""
    with office.desk(folder, REMINDED) as desk:
        desk.receive(office.mail("Trouble with order"))
        desk.receive(office.mail("Trouble with order"))
        desk.pass_time(minutes=5)
        asked = desk.letter("agent_new", "ana@acme.example")
        answer = (
            f"From: ana@acme.example\nTo: {asked.reply_to}\nSubject: Re: {asked.subject}\n\n/ask\nWhich one is it?\n"
        )
        desk.receive(answer, asked.reply_to, mail_from="ana@acme.example")
        waiting = asked.ticket
        assert waiting is not None
        assert desk.ticket(waiting).status == "pending"
        path = desk.office.db.path
        assert path is not None
        open_ = ({1000, 1001} - {waiting}).pop()
        _multiply(path, {waiting: due, open_: count - due}, desk.now)
        desk.pass_time(days=2, hours=1)
        return _sweep(desk)


def _sweep(desk: office.TestDesk) -> Swept:
    found = Swept()
    with _letters_timed(found):
        while True:
            began, before = time.thread_time(), found.letters
            looked = desk.office.db.write(sweep, desk.office.desk, desk.now, new_id)
            found.looked += looked
            if looked < LARGEST_SWEEP:
                return found
            found.beyond.append(time.thread_time() - began - (found.letters - before))


@contextmanager
def _letters_timed(found: Swept) -> Iterator[None]:
    """From outside: the product does not know that it is watched."""
    write, put = letters.write, outbox.put

    def timed(step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            began = time.thread_time()
            try:
                return step(*args, **more)
            finally:
                found.letters += time.thread_time() - began
                found.written += step is put

        return run

    letters.write, outbox.put = timed(write), timed(put)
    try:
        yield
    finally:
        letters.write, outbox.put = write, put


def _multiply(path: Path, sources: dict[int, int], now: datetime) -> None:
    """Copies of real tickets with all that belongs to them, in SQL. What is no reminder falls due long after."""
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("BEGIN")
        db.execute("CREATE TEMP TABLE made (number INTEGER PRIMARY KEY, source INTEGER)")
        first = 2_000
        for source, count in sources.items():
            db.executemany("INSERT INTO made VALUES (?, ?)", ((n, source) for n in range(first, first + count - 1)))
            first += count
        db.execute(
            "UPDATE ticket SET due_at = ? WHERE status != 'pending'", ((now + LATER).strftime("%Y-%m-%d %H:%M:%S.%f"),)
        )
        numbered = "json_set(from_.{}, '$.number', made.number)"
        db.execute(copied(db, "ticket", "number", {"number": "made.number", "snapshot": numbered.format("snapshot")}))
        data = f"CASE from_.seq WHEN 1 THEN {numbered.format('data')} ELSE from_.data END"
        db.execute(copied(db, "event", "ticket", {"id": "NULL", "ticket": "made.number", "data": data}))
        own = {"position": "NULL", "ticket": "made.number", "id": "from_.id || made.number"}
        db.execute(copied(db, "article", "ticket", own))
        unique = {name: f"from_.{name} || made.number" for name in ("id", "once", "message_id")}
        db.execute(copied(db, "outbox", "ticket", unique | {"ticket": "made.number"}))
        db.execute("COMMIT")
