"""The relay is away: what waits for it leaves in its hours, and what was to follow keeps its distance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, desk
from tests.desks.play import local, mail, play, reply, scenario

TUESDAY, MAY = "2026-03-24T15:30:00+01:00", "2026-05-01T00:00:00+02:00"
ASKED = ("2026-03-25T16:30:00+01:00", "reply", reply("/ask\nWhich file?", ticket=1000))
Row = tuple[str, str, str | dict[str, Any]]


@pytest.fixture
def phased(tmp_path: Path) -> Config:
    return desk(tmp_path, "phased", ANA)


def away(since: str, until: str) -> tuple[Row, Row]:
    return (f"2026-{since}+02:00", "fault", "relay_down"), (f"2026-{until}+02:00", "fault", "relay_up")


def ladder(config: Config, *rows: Row) -> list[tuple[str, str]]:
    played = play(config, scenario(TUESDAY, MAY, ("+0m", "mail", mail("It crashes.", "Bug")), ASKED, *rows))
    names = ("reminder", "reminder_last", "closed_no_answer")
    return [(each["letter"], local(each["at"])) for each in played.letters() if each["letter"] in names]


def test_reminders_behind_one_that_waited_keep_their_distance_from_when_it_left(phased: Config) -> None:
    assert ladder(phased, *away("03-26T10:30:00", "03-31T10:30:00")) == [
        ("reminder", "Tue 31 Mar 13:00"),
        ("reminder_last", "Fri 03 Apr 13:00"),
        ("closed_no_answer", "Wed 08 Apr 13:00"),
    ]


def test_a_relay_that_comes_back_at_night_sends_no_reminder_at_night(phased: Config) -> None:
    assert ladder(phased, *away("04-01T10:00:00", "04-01T23:30:00"))[1:] == [
        ("reminder_last", "Thu 02 Apr 09:00"),
        ("closed_no_answer", "Tue 07 Apr 09:00"),
    ]


def test_a_short_hiccup_moves_nothing(phased: Config) -> None:
    assert ladder(phased, *away("04-01T16:29:00", "04-01T16:32:00"))[1:] == [
        ("reminder_last", "Wed 01 Apr 16:36"),
        ("closed_no_answer", "Mon 06 Apr 16:30"),
    ]


def test_what_never_left_is_told_to_the_team_once_the_relay_is_back(phased: Config) -> None:
    lost = away("03-26T10:30:00", "04-06T10:30:00")
    played = play(phased, scenario(TUESDAY, MAY, ("+0m", "mail", mail("It crashes.", "Bug")), ASKED, *lost))
    told = played.letters("agent_delivery_failed", to="ana@acme.example")
    assert [local(each["at"])[:10] for each in told] == ["Mon 06 Apr"]
    assert played.ticket["status"] == "pending"
