"""Vectors and giants through a running daemon, by SMTP, LMTP and a real mailbox, with plain mails in between."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateway.office import Office, visit_office
from tests.bench.process import cpu_seconds, family
from tests.journeys.desk import TRUSTED, Desk, folder, running, with_imap
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until
from tests.servers import PASSWORD, Dovecot, dovecot
from tests.vectors.corpus import MISSING, Given, Vector, filled, vectors
from tests.vectors.giants import RECIPIENT, SENDER, giants
from tests.vectors.observed import Observed, complaints, observe, snapshot
from tests.vectors.ways import Submit, ways
from tests.vectors.world import configuration, furnish, value_of

ALL = {vector.name: vector for vector in vectors()}
GIANTS = giants()
WAYS = ("smtp", "lmtp", "imap")
# One of each group is enough for every day: identity, threading, machines, MIME, attachments, content, charsets.
SAMPLE = (
    "A19-agent-forged-reply", "B01-reply-by-plus-token", "C19-dsn-failed-ours", "D11-5000-tiny-parts",
    "E05-rfc2231-traversal", "F13-subject-crlf-encoded", "G10-smtputf8-address",
)  # fmt: skip
SAME = ("B24", "B25", "B26")  # these are about each other's Message-ID
CONTROL = 5.0  # seconds in which a plain mail is a ticket, whatever came before it
CPU = 3.0  # seconds for a giant, from its first octet to its end, and for the plain mail behind it
MEMORY = 256 * 1024 * 1024  # octets that reading a giant may cost, above what the daemon and its child hold at rest

pytestmark = [pytest.mark.servers, pytest.mark.skipif(not ALL, reason=MISSING)]


@dataclass(slots=True)
class House:
    desk: Desk
    office: Office
    submit: dict[str, Submit]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as shared:
        yield shared


@pytest.fixture(scope="module")
def house(server: Dovecot, relay: Sink) -> Iterator[House]:
    with furnished(server, relay) as shared:
        yield shared


@pytest.fixture
def own_house(server: Dovecot, relay: Sink) -> Iterator[House]:
    with furnished(server, relay) as mine:
        yield mine


@contextmanager
def furnished(server: Dovecot, relay: Sink) -> Iterator[House]:
    """A daemon in the world of the vectors, with a mailbox of its own; whole, and without a traceback, at the end."""
    account = server.account()
    with folder() as place:
        imap = with_imap(place / "desk", server.imap_port, account, PASSWORD)
        desk = Desk(place / "desk", relay.port, imap=imap)
        furnish(desk)
        with running(desk):
            desk.wait_for_log("mailbox.connected")
            office = visit_office(configuration(desk.configuration), {})
            yield House(desk, office, ways(desk, server, account))
            office.close()
            assert "Traceback" not in desk.log()
        assert desk.gateway("verify").code == 0


@pytest.fixture(scope="module")
def relay() -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


def given(house: House, vector: Vector, way: str) -> Given:
    """With an identity of this way's own, as all vectors share one desk here; what it is about stays as it is."""
    with house.office.db.snapshot() as tx:
        ready = filled(vector, lambda name, number: value_of(tx, house.office, name, number), TRUSTED)
    own = f"{way}.{'B24' if vector.name.startswith(SAME) else vector.name[:3]}".encode()
    head, blank, body = ready.raw.partition(b"\r\n\r\n")
    head, named = re.subn(
        rb"(?im)^(Message-ID: <)([^@>\r\n]+@(?!example\.test))", rb"\g<1>" + own + rb".\g<2>", head, count=1
    )
    return replace(ready, raw=head + blank + body + (b"" if named else b"\r\n" * WAYS.index(way)))


def handled(house: House, way: str, ready: Given) -> Observed:
    """Once it is settled, and a plain mail behind it too."""
    before = snapshot(house.desk)
    house.submit[way](ready)
    until(lambda: snapshot(house.desk).mails != before.mails, 60, "the mail in the spool")
    until(lambda: not house.desk.rows("SELECT 1 FROM mail WHERE state = 'pending'"), 60, "an end of it")
    return observe(house.desk, before)


def plain(house: House) -> float:
    """The seconds until a plain mail is a ticket."""
    identifier = fresh_id()
    began = time.monotonic()
    submit(house.desk.smtp, mail("control@plain.test", "as usual", message_id=identifier))
    assert house.desk.settled(identifier)["decision"] == "new_ticket"
    return time.monotonic() - began


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SAMPLE)
def test_one_of_each_group_becomes_what_it_should_by_every_way(house: House, name: str, way: str) -> None:
    assert complaints(ALL[name], handled(house, way, given(house, ALL[name], way))) == []


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_every_vector_becomes_what_it_should(own_house: House, way: str) -> None:
    house = own_house
    found, slow = {}, {}
    for index, (name, vector) in enumerate(ALL.items()):
        if (way, name) == ("imap", "D33-bare-cr"):
            continue  # this server makes line ends of bare CRs, before anybody else sees them
        cpu = cpu_seconds(house.desk.pid)
        seen = handled(house, way, given(house, vector, way))
        spent = cpu_seconds(house.desk.pid) - cpu
        if spent > 2:
            slow[name] = spent
        wrong = [] if name.startswith("B26") and seen.mail["copies"] == 2 else complaints(vector, seen)
        if wrong:
            found[name] = wrong
        if index % 8 == 0:
            assert plain(house) < CONTROL
    assert found == {}
    assert slow == {}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "parts-200k" else pytest.mark.soak) for name in GIANTS]
)
def test_a_giant_is_set_aside_or_read_and_holds_nobody_up(house: House, name: str, way: str) -> None:
    raw = GIANTS[name]().replace(b"Message-ID: <", f"Message-ID: <{way}.".encode(), 1)
    with Watched(house.desk.pid) as watched:
        before = snapshot(house.desk)
        cpu = cpu_seconds(house.desk.pid)
        house.submit[way](Given(raw, SENDER, (RECIPIENT,)))
        until(lambda: snapshot(house.desk).mails != before.mails, 60, "the giant in the spool")
        control = plain(house)
        until(lambda: not house.desk.rows("SELECT 1 FROM mail WHERE state = 'pending'"), 60, "an end of it")
        cpu = cpu_seconds(house.desk.pid) - cpu
    (row,) = house.desk.rows("SELECT * FROM mail WHERE size >= ? ORDER BY received_at DESC LIMIT 1", len(raw) - 2)
    assert row["decision"] in ("new_ticket", "quarantine", "hold"), row["reason"]
    assert "handling it failed" not in row["reason"], row["error"]
    assert control < CONTROL
    assert cpu < CPU
    assert watched.most - watched.resting < MEMORY, f"{(watched.most - watched.resting) / 1e6:.0f} MB"
    print(f"{name} {way}: {row['decision']}, {cpu:.1f} s of CPU, {(watched.most - watched.resting) / 1e6:.0f} MB")


class Watched:
    """The memory of a daemon and its child, at rest and at most, while something goes on."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.resting = self.most = self._now()

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.03):
            self.most = max(self.most, self._now())

    def _now(self) -> int:
        return sum(map(_resident, family(self._pid)))


def _resident(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * 4096
