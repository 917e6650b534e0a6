"""`gateway upcoming`: every letter that time alone will bring, before it does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.office import Office, open_office
from gateway.simulation.scenario import parse
from gateway.simulation.world import Ids, Passed, WentOut, World, trusting
from gateway.upcoming import Coming, upcoming
from tests.desks.desk import desk
from tests.desks.play import local, mail, reply, scenario

START, ASKED = "2026-04-14T10:00:00+02:00", "2026-04-14T12:00:00+02:00"
IDS = Ids(1_000_000)  # one life long, and far from those that `upcoming` makes: its letters stand beside these
MARIA, ANA = "maria@customer.example", "ana@acme.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(desk(tmp_path, "phased"), {}, datetime.fromisoformat(START))
    opened.desk = trusting(opened.desk)
    yield opened
    opened.close()


def let_pass(office: Office, text: str) -> list[Passed]:
    """Play a scenario on the office's own database."""

    async def run() -> list[Passed]:
        wanted = parse(text, Path(), office.desk.policy)
        world = World(office.db, office.desk, wanted.start, IDS)
        try:
            return [passed async for passed in world.play(wanted.events, wanted.until)]
        finally:
            world.close()

    return asyncio.run(run())


def ask(office: Office) -> datetime:
    """A ticket whose customer was asked something, and the moment after."""
    let_pass(
        office,
        scenario(START, ASKED, ("+0m", "mail", mail()), ("+1h", "reply", reply("/take\n/ask\nWhich version is it?"))),
    )
    return datetime.fromisoformat(ASKED)


def lines(found: list[Coming]) -> list[tuple[str, str, str]]:
    return [(local(one.at.isoformat()), one.what, ", ".join(one.to)) for one in found]


def test_a_waiting_ticket_shows_its_reminders_and_its_closing(office: Office) -> None:
    at = ask(office)
    assert lines(upcoming(office, at, at + timedelta(days=30))) == [
        ("Thu 16 Apr 11:00", "reminder 1 of 2", MARIA),
        ("Tue 21 Apr 11:00", "reminder 2 of 2, the last", MARIA),
        ("Fri 24 Apr 11:00", "close (no answer)", MARIA),
    ]


def test_days_say_how_far_to_look(office: Office) -> None:
    at = ask(office)
    assert [one.what for one in upcoming(office, at, at + timedelta(days=3))] == ["reminder 1 of 2"]


def test_looking_changes_nothing(office: Office) -> None:
    at = ask(office)
    first = upcoming(office, at, at + timedelta(days=30))
    assert upcoming(office, at, at + timedelta(days=30)) == first


def test_what_was_foreseen_is_what_happens(office: Office) -> None:
    """The same letters, at the same moments, to the same people."""
    at = ask(office)
    let_pass(office, scenario(ASKED, "2026-04-14T13:00:00+02:00", ("+5m", "mail", mail("Another one.", "Second"))))
    at += timedelta(hours=1)
    foreseen = upcoming(office, at, at + timedelta(days=30))
    happened = let_pass(office, scenario(at.isoformat(), (at + timedelta(days=30)).isoformat()))
    letters = [
        (one.at, one.letter.ticket, one.letter.name, one.letter.to) for one in happened if isinstance(one, WentOut)
    ]
    assert len(letters) > 5
    assert sorted(letters) == sorted((one.at, one.ticket, one.letter, to) for one in foreseen for to in one.to)


def test_a_letter_that_still_waits_is_named(office: Office) -> None:
    let_pass(
        office,
        scenario(
            START, "2026-04-14T11:00:30+02:00", ("+0m", "mail", mail()),
            ("+1h", "reply", reply("/take\n/ask\nWhich version is it?")),
        ),
    )  # fmt: skip
    at = datetime.fromisoformat("2026-04-14T11:00:30+02:00")
    assert lines(upcoming(office, at, at + timedelta(hours=1))) == [
        ("Tue 14 Apr 11:01", "the letter question leaves", MARIA)
    ]


def test_nothing_comes_of_an_empty_desk(office: Office) -> None:
    at = datetime.fromisoformat(START)
    assert upcoming(office, at, at + timedelta(days=30)) == []
