"""The real daemon on a real PostgreSQL: one, one that is killed, and two that share the work."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import ANA, CONFIGURATION, Desk, folder, running
from tests.journeys.mails import mail, submit
from tests.journeys.sink import Sink, until
from tests.store.postgres import HOW, Server, programs

pytestmark = pytest.mark.servers
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    bin_ = programs()
    if bin_ is None:
        (pytest.fail if os.environ.get("GATEWAY_REQUIRE_SERVERS") == "1" else pytest.skip)(HOW)
    one = Server(bin_)
    yield one
    one.close()


@pytest.fixture
def place(relay: Sink) -> Iterator[Path]:
    with folder() as here:
        yield here


def on(url: str, place: Path, name: str, relay: Sink) -> Desk:
    """A desk of its own folder on that database, with the blobs that all on it share."""
    desk = Desk(place / name, relay.port)
    storage = f'\n[storage]\ndatabase = "{url}"\nblobs = "{place}/blobs"\n'
    desk.configure(CONFIGURATION + storage)
    return desk


def opened(desk: Desk) -> dict[str, int]:
    """Tickets by their requester."""
    return {one["requester"]["email"]: one["number"] for one in desk.asked("ticket", "list")}


def test_a_ticket_lives_on_postgresql_as_it_does_on_sqlite(server: Server, place: Path, relay: Sink) -> None:
    with running(on(server.empty(), place, "one", relay)) as desk:
        submit(desk.smtp, mail("pg@customer.test", "Stars", "The turnip printer prints stars."))
        ack = relay.wait_for("pg@customer.test", "ack")
        number = opened(desk)["pg@customer.test"]
        submit(desk.smtp, mail("pg@customer.test", "Re: Stars", "And moons.", to=ack.reply_to), ack.reply_to)
        until(lambda: len(desk.ticket(number)["articles"]) == 2, 60, "the reply on its ticket")
        said = desk.gateway("--as", "ana", "ticket", "reply", str(number), "-m", "Turn it off.", "--solve")
        assert said.code == 0, said.err
        assert "Turn it off." in relay.wait_for("pg@customer.test", "solved").text
        assert [one["number"] for one in desk.asked("ticket", "search", "turnip")] == [number]
        assert desk.gateway("verify").code == 0
        assert relay.wait_for(ANA, "agent_reply")
        assert desk.faults() == []


def test_killed_in_the_middle_nothing_is_lost_and_nothing_opened_twice(
    server: Server, place: Path, relay: Sink
) -> None:
    desk = on(server.empty(), place, "killed", relay)
    desk.start()
    customers = [f"kill{index}@customer.test" for index in range(12)]
    for index, customer in enumerate(customers):
        submit(desk.smtp, mail(customer, "Stars"))
        if index % 6 == 3:
            assert desk.process is not None
            desk.process.kill()
            desk.process.wait()
            desk.start()
    try:
        until(lambda: len(opened(desk)) == len(customers), 60, "a ticket for each mail that got its yes")
        for customer in customers:
            relay.wait_for(customer, "ack")
        assert len(desk.asked("ticket", "list")) == len(customers)
        assert desk.gateway("verify").code == 0
    finally:
        assert desk.stop() == 0


def test_two_gateways_on_one_database_share_the_work_and_do_nothing_twice(
    server: Server, place: Path, relay: Sink
) -> None:
    url = server.empty()
    with contextlib.ExitStack() as both:
        desks = [both.enter_context(running(on(url, place, name, relay))) for name in ("left", "right")]
        customers = [f"two{index}@customer.test" for index in range(16)]
        for index, customer in enumerate(customers):
            submit(desks[index % 2].smtp, mail(customer, "Stars"))
        until(lambda: len(opened(desks[0])) == len(customers), 60, "a ticket for each")
        acks = [relay.wait_for(customer, "ack") for customer in customers]
        # A reply to what one of them wrote reaches the other: every code is minted with the keys that they share.
        for index, (customer, ack) in enumerate(zip(customers[:4], acks[:4], strict=True)):
            submit(desks[(index + 1) % 2].smtp, mail(customer, "Re: x", "More.", to=ack.reply_to), ack.reply_to)
        numbers = opened(desks[0])
        for customer in customers[:4]:
            until(lambda n=numbers[customer]: len(desks[1].ticket(n)["articles"]) == 2, 60, "the reply")
        assert len(numbers) == len(desks[1].asked("ticket", "list")) == len(customers)
        assert [len(relay.to(customer, "ack")) for customer in customers] == [1] * len(customers)
        assert desks[0].gateway("verify").code == 0
        assert [desk.faults() for desk in desks] == [[], []]


@pytest.mark.soak
def test_what_the_suite_asks_of_a_desk_holds_on_postgresql_too(server: Server) -> None:
    """Every test that has a desk of `tests/office.py`, but those that are about files of SQLite's."""
    files = [str(path) for path in TESTS.glob("test_*.py") if "from tests.office import" in path.read_text()]
    asked = [sys.executable, "-m", "pytest", "-q", "-m", "not soak and not sqlite", *files]
    there = {**os.environ, "GATEWAY_TEST_DATABASE": "postgresql"}
    ran = subprocess.run(asked, cwd=TESTS.parent, env=there, capture_output=True, text=True, check=False)
    assert files
    assert ran.returncode == 0, ran.stdout[-4000:]
