"""The desk `saas`: escalation to engineering, weekly updates (the fifth of the five reference desks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, BO, desk
from tests.desks.play import due, local, mail, plain, play, reply, says, scenario

TUESDAY, EVENING = "2026-04-14T10:00:00+02:00", "2026-04-14T23:59:00+02:00"
JUNE = "2026-06-20T00:00:00+02:00"
BY_PRIORITY = {
    "critical": mail("There is a bug: all users get an error.", "Login"),
    "high": mail("A bug: the quantity of our orders is not taken over.", "Stock"),
    "standard": mail("There is a bug in the calendar view.", "Calendar"),
}
FEATURE = mail("Could you add a dark mode?", "Feature request")


@pytest.fixture
def saas(tmp_path: Path) -> Config:
    return desk(tmp_path, "saas", ANA)


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


@pytest.mark.parametrize(
    ("priority", "resolution"), [("standard", "Tue 05 May 10:00"), ("high", "Tue 28 Apr 10:00"), ("critical", "")]
)
def test_priorities_of_bugs_count_from_submission(saas: Config, priority: str, resolution: str) -> None:
    played = play(saas, scenario(TUESDAY, TUESDAY, ("+0m", "mail", BY_PRIORITY[priority])))
    assert (played.ticket["category"], played.ticket["priority"]) == ("bug", priority)
    assert due(played.ticket).get("resolution", "") == resolution


def test_the_times_of_bugs_are_expectations_and_no_guarantees(saas: Config) -> None:
    ack = play(saas, scenario(TUESDAY, TUESDAY, ("+0m", "mail", BY_PRIORITY["standard"]))).letter("ack")
    says(ack, "expectations and no guarantees", "two to three weeks", "one to two weeks")


def test_a_critical_bug_alerts_everybody_at_once(tmp_path: Path) -> None:
    two = desk(
        tmp_path, "saas", ANA, BO, edits={'teams = ["support"]\nrole = "agent"': 'teams = ["product"]\nrole = "agent"'}
    )
    played = play(two, scenario(TUESDAY, TUESDAY, ("+0m", "mail", BY_PRIORITY["critical"])))
    assert sorted(to for each in played.letters("agent_new") for to in each["to"]) == [
        "ana@acme.example",
        "bo@acme.example",
    ]


def test_all_other_work_halts_while_a_critical_bug_is_open(saas: Config) -> None:
    """Nobody is reminded of the lower one before the critical one is solved."""
    lower = ("+0m", "mail", BY_PRIORITY["standard"])
    alone = play(saas, scenario(TUESDAY, "2026-04-18T00:00:00+02:00", lower, ana("+1h", "Thank you, we look.")))
    assert alone.letters("agent_stale", ticket=1000)
    halted = play(
        saas,
        scenario(
            TUESDAY, "2026-04-18T00:00:00+02:00", lower, ana("+1h", "Thank you, we look."),
            ("+2h", "mail", BY_PRIORITY["critical"]),
        ),
    )  # fmt: skip
    assert halted.letters("agent_stale", ticket=1000) == []


def test_a_ticket_that_needs_engineering_gets_a_task_number_and_weekly_updates(saas: Config) -> None:
    played = play(
        saas,
        scenario(
            TUESDAY, "2026-05-13T00:00:00+02:00", ("+0m", "mail", BY_PRIORITY["standard"]),
            ana("+1h", "/phase support\nWe look into it."), ana("+1d", "/phase engineering\n/escalate ENG-331"),
            ana("+26d", "/phase resolved\nRelease 12 has the repair."),
        ),
    )  # fmt: skip
    assert played.ticket["external_ref"] == "ENG-331"
    told = played.letters("phase_changed")[-1]
    says(told, "With engineering", "Our engineers know it as task ENG-331", "an update every week")
    weekly = [local(each["at"])[:10] for each in played.letters("progress")]
    assert weekly == ["Wed 22 Apr", "Wed 29 Apr", "Wed 06 May"]
    says(played.letters("progress")[0], "We are still on it", "There is no news to tell yet: your request is with our")
    says(played.letters("progress")[0], "with our engineers as task ENG-331, and not done yet")
    says(played.letters("progress")[0], "You hear from us again by Wednesday 29 April 2026 at the latest")
    says(played.letter("solved"), "Release 12 has the repair.")


def test_news_of_the_week_are_the_update(saas: Config) -> None:
    played = play(
        saas,
        scenario(
            TUESDAY, "2026-05-02T00:00:00+02:00", ("+0m", "mail", BY_PRIORITY["standard"]),
            ana("+1h", "/escalate ENG-331"),
            ana("+6d", "/progress The engineers found the cause."),
        ),
    )  # fmt: skip
    after = [local(each["at"])[:10] for each in played.letters("progress")]
    assert after[-2:] == ["Mon 20 Apr", "Mon 27 Apr"]


def test_where_it_stands_can_be_asked_by_mail(saas: Config) -> None:
    played = play(
        saas,
        scenario(
            TUESDAY, EVENING, ("+0m", "mail", BY_PRIORITY["standard"]),
            ana("+1h", "/phase engineering\n/escalate ENG-331"),
            ("+3h", "reply", reply("STATUS", "maria@customer.example")),
        ),
    )  # fmt: skip
    says(played.letter("my_tickets"), "ENG-331", "With engineering")


def test_the_first_response_is_due_in_four_hours_and_the_assignee_warned_at_three(saas: Config) -> None:
    played = play(saas, scenario(TUESDAY, "2026-04-14T14:30:00+02:00", ("+0m", "mail", BY_PRIORITY["standard"])))
    assert played.ticket["assignee"] == "ana"
    warned, missed = played.letters("agent_warning")
    assert (local(warned["at"]), warned["to"]) == ("Tue 14 Apr 13:00", ["ana@acme.example"])
    assert local(missed["at"]) == "Tue 14 Apr 14:00"


def test_the_average_first_response_is_measured_and_shown(saas: Config) -> None:
    """Ninety minutes and half an hour are an hour on average; before anybody was answered nothing is said."""
    played = play(
        saas,
        scenario(
            TUESDAY, "2026-04-16T12:00:00+02:00", ("+0m", "mail", BY_PRIORITY["standard"]),
            ("+1h", "mail", BY_PRIORITY["high"]), ana("+90m", "We look into it."),
            ("+91m", "reply", reply("We look into it.", ticket=1001)),
            ("+1d", "mail", mail("Where are my invoices?", "Invoices")),
            ("+2d", "mail", FEATURE),
        ),
    )  # fmt: skip
    acks = [plain(each["text"]) for each in played.letters("ack")]
    assert ["first response took" in each for each in acks] == [False, False, True, True]
    assert "Over the last 30 days our first response took 1 h on average." in acks[2]
    assert "Over the last 30 days our first response took 1 h on average." in acks[3]


def test_the_first_letter_asks_for_what_helps_and_offers_a_call(saas: Config) -> None:
    ack = play(saas, scenario(TUESDAY, TUESDAY, ("+0m", "mail", BY_PRIORITY["standard"]))).letter("ack")
    says(ack, "the steps you took, with examples, and the result you were aiming at")
    says(ack, "Schedule a support call: https://acme.example/call")


def test_a_feature_request_goes_to_the_product_team_and_is_told_that_scoping_begins(saas: Config) -> None:
    played = play(
        saas,
        scenario(
            TUESDAY, JUNE, ("+0m", "mail", FEATURE), ana("+1d", "/phase review"), ana("+10d", "/phase scoping"),
            ana("+20d", "/phase decided\nIt comes with the summer release."),
        ),
    )  # fmt: skip
    assert (played.ticket["team"], played.ticket["status"]) == ("product", "closed")
    says(played.letter("ack"), "Not every request will be built.")
    review, scoping = played.letters("phase_changed")
    says(review, "Product review", "When it fits the roadmap, we tell you that scoping begins", "Not every request")
    says(scoping, "Scoping begins")
    says(played.letter("solved"), "It comes with the summer release.")


def test_the_in_app_help_button_posts_into_the_desk(saas: Config) -> None:
    button = mail(
        "The chart stays empty.", "Help", headers={"X-Help-Button": "yes", "Reply-To": "Eva <eva@shop.example>"}
    ) | {"from": "App <app@acme.example>"}
    played = play(saas, scenario(TUESDAY, TUESDAY, ("+0m", "mail", button)))
    assert (played.ticket["requester"]["email"], played.ticket["tags"]) == ("eva@shop.example", ["in-app"])


@pytest.mark.parametrize("priority", BY_PRIORITY)
def test_every_priority_goes_from_the_first_mail_to_the_close(saas: Config, priority: str) -> None:
    played = play(
        saas,
        scenario(
            TUESDAY, JUNE, ("+0m", "mail", BY_PRIORITY[priority]), ana("+1h", "/phase support\nWe look into it."),
            ana("+3h", "/phase resolved\nIt is repaired."),
        ),
    )  # fmt: skip
    assert (played.ticket["status"], played.ticket["phase"]) == ("closed", "resolved")
    assert played.letters("agent_warning") == []
