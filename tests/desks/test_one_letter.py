"""Of what happens quickly one letter tells, and none tells of what is over by the time it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, BO, desk
from tests.desks.play import local, mail, play, reply, says, scenario

START, EVENING = "2026-04-14T10:00:00+02:00", "2026-04-14T23:59:00+02:00"  # a Tuesday
BUG = ("+0m", "mail", mail("The totals are wrong: error 500.", "Bug in the report"))


@pytest.fixture
def phased(tmp_path: Path) -> Config:
    return desk(tmp_path, "phased", ANA, BO)


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


def maria(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, "maria@customer.example")


def test_who_takes_it_and_moves_it_on_is_named_in_the_letter_about_the_phase(phased: Config) -> None:
    played = play(phased, scenario(START, EVENING, BUG, ana("+1h", "/take\n/phase review\n/eta 2026-04-24")))
    assert played.names() == ["ack", "phase_changed"]
    says(
        played.letter("phase_changed"),
        "step 2 of 4",
        "Ana Ruiz has it. A reply to this mail reaches Ana.",
        "Our promise: by Friday 24 April 2026.",
    )


@pytest.mark.parametrize(
    ("first", "then", "letter"),
    [
        ("/phase plan", "/phase fixed", "solved"),
        ("/take", "/solve", "solved"),
        ("/take", "I have it, and look into it.", "reply"),
        ("/phase review", "/ask", "question"),
        ("/phase review", "/take", "phase_changed"),
        ("/take", "/phase review", "phase_changed"),
        ("/phase review", "/escalate ENG-4", "phase_changed"),
        ("/phase review", "/eta 2026-04-24", "phase_changed"),
        ("/assign bo", "/ask\nWhich report is it?", "question assigned"),
    ],
)
def test_a_newer_letter_tells_what_the_one_that_still_waits_would(
    phased: Config, first: str, then: str, letter: str
) -> None:
    played = play(phased, scenario(START, EVENING, BUG, ana("+1h", first), ana("+63m", then)))
    assert played.names() == ["ack", *letter.split()]


def test_a_letter_that_waits_is_not_sent_after_the_customer_has_solved_it(phased: Config) -> None:
    played = play(phased, scenario(START, EVENING, BUG, ana("+1h", "/phase review"), maria("+63m", "SOLVED")))
    assert played.names() == ["ack", "closed"]


def test_what_was_merged_away_is_told_after_all_when_the_newer_act_is_undone(phased: Config) -> None:
    orders = (ana("+3600s", "/phase review"), ana("+3780s", "/phase fixed"), ana("+3810s", "/undo"))
    played = play(phased, scenario(START, EVENING, BUG, *orders))
    assert played.names() == ["ack", "phase_changed"]
    told = played.letter("phase_changed")
    assert local(told["at"]) == "Tue 14 Apr 11:10"
    says(told, "step 2 of 4: Under Review by Support Team")
    assert (played.ticket["status"], played.ticket["phase"]) == ("open", "review")


def test_a_solved_ticket_that_an_agent_moves_back_is_open_again_and_one_letter_says_where(phased: Config) -> None:
    played = play(
        phased,
        scenario(
            START, "2026-06-01T00:00:00+02:00", BUG, ana("+1h", "/solve\nIt is repaired."), ana("+1d", "/phase review"),
        ),
    )  # fmt: skip
    assert played.names() == ["ack", "solved", "phase_changed"]
    told = played.letter("phase_changed")
    says(told, "now, since Wed 15 April", "usually by Wednesday 29 April 2026")
    assert (played.ticket["status"], played.ticket["phase"]) == ("open", "review")


def test_a_ticket_that_is_open_again_has_its_timeframe_anew_and_is_not_late_at_once(phased: Config) -> None:
    played = play(
        phased,
        scenario(
            START, "2026-05-04T08:00:00+02:00", BUG, ana("+1h", "/solve\nIt is repaired."),
            ("2026-04-30T10:00:00+02:00", "reply", reply("It is not.", "maria@customer.example")),
        ),
    )  # fmt: skip
    says(played.letter("reopened"), "step 1 of 4", "now, since Thu 30 April", "usually by Tuesday 5 May 2026")
    assert played.letters("agent_warning") == []


def test_a_phase_beside_solve_is_where_it_was_solved(phased: Config) -> None:
    played = play(phased, scenario(START, EVENING, BUG, ana("+1h", "/solve\n/phase plan\n\nIt is repaired.")))
    assert (played.ticket["status"], played.ticket["phase"]) == ("solved", "plan")
    assert played.names() == ["ack", "solved"]


def test_a_date_alone_is_no_new_step(phased: Config) -> None:
    played = play(phased, scenario(START, EVENING, BUG, ana("+1h", "/eta 2026-04-24")))
    says(
        played.letter("phase_changed"),
        "There is a date for your request now. It stands at the step: Request Received.",
        "Our promise: by Friday 24 April 2026.",
    )
