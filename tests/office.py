"""A real desk in a folder of its own: a real configuration, a real database, a clock that is set by hand."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from gateway.config.load import load
from gateway.config.settings import Config
from gateway.deliver import Delivered, deliver
from gateway.desk.evolve import replay
from gateway.desk.ticket import Ticket
from gateway.intake.reading import read
from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from gateway.office import Office, new_id, open_office
from gateway.store import mails, queue, tickets
from gateway.store.keying import KeyScanner
from gateway.store.outbox import LetterState
from gateway.store.spool import Taken, accept_all
from tests.store.postgres import HOW, Server, programs

MONDAY = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
SMALLEST = """
version = 1
[gateway]
name = "acme"
public_name = "Acme Support"
domain = "acme.example"
[tickets]
prefix = "ACME"
undo_window = "0s"
[mailbox.support]
address = "support@acme.example"
[agent.ana]
name = "Ana Ruiz"
email = "ana@acme.example"
[admin]
notify = ["ops@acme.example"]
"""
ALL: tuple[LetterState, ...] = ("waiting", "queued", "sending", "sent", "failed", "held", "dropped", "merged")


@dataclass
class TestDesk:
    """`receive` takes a mail all the way; `letters` are what was written, oldest first."""

    __test__ = False
    office: Office
    now: datetime = MONDAY
    sent: list[Letter] = field(default_factory=list)
    answer: Callable[[Letter], Outcome] = lambda letter: Outcome("sent", 250, "ok")

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def receive(self, raw: str | bytes, *to: str, mail_from: str = "maria@customer.example") -> Delivered:
        data = raw.encode() if isinstance(raw, str) else raw
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        envelope = Envelope(mail_from, to or ("support@acme.example",))
        scanner = KeyScanner()
        scanner.feed(data)
        taken = Taken(new_id(), scanner.key(), scanner.sha256(), len(data), data, envelope, None, self.now)
        desk = self.office.desk
        with self.office.db.transaction() as tx:
            accepted = accept_all(tx, desk.blobs, [taken])[0]
        with self.office.db.transaction() as tx:
            mail = mails.take(tx, accepted.mail_id)
            assert mail is not None, "this very mail was received before"
            return deliver(tx, desk, mail, read(parse(data), envelope, desk.policy), self.now, new_id)

    def work_off(self) -> list[Delivered]:
        """Take what was let in, or confirmed, all the way."""
        desk, done = self.office.desk, []
        with self.office.db.transaction() as tx:
            for each in mails.pending(tx, limit=10):
                mail = mails.take(tx, each.id)
                assert mail is not None
                raw = desk.blobs.get(tx, mail.sha256 or "")
                done.append(deliver(tx, desk, mail, read(parse(raw), mail.envelope, desk.policy), self.now, new_id))
        return done

    def ticket(self, number: int) -> Ticket:
        with self.office.db.snapshot() as tx:
            found = tickets.load(tx, number, replay)
        assert found is not None
        return found

    @property
    def letters(self) -> list[Letter]:
        with self.office.db.snapshot() as tx:
            return [each.letter for each in queue.listed(tx, states=ALL)]

    def letter(self, name: str, to: str = "") -> Letter:
        """The newest of that name (to that address)."""
        found = [each for each in self.letters if each.name == name and to in ("", each.to)]
        assert found, f"no {name} in {[each.name for each in self.letters]}"
        return found[-1]

    async def send(self, letter: Letter, data: bytes) -> Outcome:
        """The relay of this desk: it remembers, and answers as it is told to."""
        outcome = self.answer(letter)
        if outcome.outcome == "sent":
            self.sent.append(letter)
        return outcome


def _storage() -> str:
    if os.environ.get("GATEWAY_TEST_DATABASE") != "postgresql":
        return ""
    return f'\n[storage]\ndatabase = "{_server().fresh()}"\n'


@cache
def _server() -> Server:
    bin_ = programs()
    assert bin_ is not None, HOW
    server = Server(bin_)
    atexit.register(server.close)
    return server


@contextmanager
def desk(folder: Path, more: str = "", *, undo_window: str = "0s", languages: str = '["en"]') -> Iterator[TestDesk]:
    """On PostgreSQL where GATEWAY_TEST_DATABASE=postgresql asks for it; one at a time then."""
    smallest = SMALLEST.replace('undo_window = "0s"', f'undo_window = "{undo_window}"')
    smallest = smallest.replace("[tickets]", f"languages = {languages}\n[tickets]")
    (folder / "gateway.toml").write_text(smallest + more + _storage())
    config = load(folder / "gateway.toml", environment={}, today=MONDAY.date())
    assert isinstance(config, Config), [problem.message for problem in config]
    office = open_office(config, {}, MONDAY)
    try:
        yield TestDesk(office)
    finally:
        office.close()


def mail(
    subject: str = "Export fails",
    words: str = "It says error 500.",
    *,
    sender: str = "Maria Lopez <maria@customer.example>",
    to: str = "support@acme.example",
    headers: str = "",
) -> str:
    """A plain mail with an id of its own."""
    return (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{new_id()}@customer.example>\n"
        f"Date: Mon, 13 Apr 2026 09:00:00 +0000\n{headers}\n{words}\n"
    )
