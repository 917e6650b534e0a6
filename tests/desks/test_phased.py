"""The desk `phased`: phases with expected timeframes (the first of the five reference desks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, BO, desk
from tests.desks.play import local, mail, play, reply, says, scenario

START = "2026-04-14T10:00:00+02:00"  # a Tuesday
AUGUST = "2026-08-01T00:00:00+02:00"


@pytest.fixture
def phased(tmp_path: Path) -> Config:
    return desk(tmp_path, "phased", ANA)


def phase(at: str, phase_id: str, words: str = "") -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(f"/phase {phase_id}\n\n{words}" if words else f"/phase {phase_id}", ticket=1000)


BUG = ("+0m", "mail", mail("The totals are wrong: error 500.", "Bug in the report"))
FEATURE = ("+0m", "mail", mail("Could you add an export to CSV?", "Feature request"))
QUESTION = ("+0m", "mail", mail("Where are my invoices?", "Invoices"))


def test_a_bug_goes_through_four_steps_and_is_confirmed_by_the_mail_that_fixes_it(phased: Config) -> None:
    played = play(
        phased,
        scenario(
            START, AUGUST, BUG, phase("+1d", "review"), phase("+3d", "identified"), phase("+7d", "plan"),
            phase("+14d", "fixed", "Release 4.7 has it."),
        ),
    )  # fmt: skip
    assert played.names() == ["ack", *["phase_changed"] * 3, "solved", "closed"]
    ack, review, identified, plan, solved, _ = played.letters(to="maria@customer.example")
    says(
        ack,
        "step 1 of 4: Request Received",
        "has been submitted and has reached our support team",
        "Once we begin to review it, you get an update, with our questions",
        "usually by Friday 17 April 2026 (2 hours to 3 business days)",
    )
    says(
        review,
        "step 2 of 4: Under Review by Support Team",
        "reviewing, documenting and investigating",
        "questions that help us to clarify the problem, to identify it, or to narrow it down",
        "usually by Wednesday 29 April 2026 (4 to 10 business days)",
    )
    says(
        identified,
        "step 3 of 4: Bug Identified",
        "workarounds, fixes and other ways to resolve it",
        "You get an update as soon as there is a plan",
        "usually by Friday 1 May 2026 (1 to 10 business days)",
    )
    says(
        plan,
        "step 4 of 4: Resolution Plan Determined",
        "a workaround, a fix, or another resolution",
        "A time frame comes with it when there is one, which is not always so",
        "You get a mail when the fix is confirmed on production",
        "What's New: https://acme.example/whats-new",
    )
    assert "usually by" not in plan["text"]
    says(solved, "Release 4.7 has it.", "confirmed on production")
    assert (played.ticket["status"], played.ticket["phase"]) == ("closed", "fixed")


def test_a_feature_request_is_flagged_for_the_roadmap_and_decided(phased: Config) -> None:
    played = play(
        phased,
        scenario(
            START, AUGUST, FEATURE, phase("+1d", "review"), phase("+7d", "roadmap"),
            phase("+14d", "complete", "It will be scoped for the third quarter."),
        ),
    )  # fmt: skip
    assert played.names() == ["ack", "phase_changed", "phase_changed", "solved", "closed"]
    ack, review, roadmap, complete, _ = played.letters(to="maria@customer.example")
    says(ack, "step 1 of 4: We've Received Your Request", "(1 to 10 business days)", "an update once the review begins")
    says(ack, "later quarterly review")
    says(review, "step 2 of 4", "examples of it, and the business need behind it", "(5 to 10 business days)")
    says(
        roadmap,
        "step 3 of 4: Flagged as Quarter Roadmap Consideration",
        "possible contender",
        "once its scope is known",
    )
    says(complete, "step 4 of 4: Review Complete!", "scoped for the third quarter", "Estimates can change")


def test_a_question_gets_its_response_and_can_always_be_opened_again(phased: Config) -> None:
    late = "2026-12-01T10:00:00+01:00"
    played = play(
        phased,
        scenario(
            START, "2026-12-02T00:00:00+01:00", QUESTION, phase("+1d", "review"),
            phase("+2d", "answered", "They are under Billing."),
            (late, "reply", reply("I still cannot find them.", "maria@customer.example")),
        ),
    )  # fmt: skip
    ack, review, answered, *_ = played.letters(to="maria@customer.example")
    says(
        ack,
        "step 1 of 3: We've Received Your Request",
        "usually by Friday 17 April 2026 (4 business hours to 3 business days)",
    )
    says(review, "step 2 of 3", "success manager may be brought in, to suggest a training", "(2 to 3 business days)")
    says(answered, "They are under Billing.", "Response Sent!", "You can always re-open your ticket")
    assert (len(played.tickets), played.ticket["status"]) == (1, "open")
    assert played.names()[-1] == "reopened"


def test_the_range_of_a_bug_begins_at_two_hours_of_the_clock(phased: Config) -> None:
    """Written on Friday at 17:30, the shorter end is 19:30 of that day, whatever the office hours."""
    played = play(phased, scenario("2026-04-17T17:30:00+02:00", "2026-04-18T00:00:00+02:00", BUG))
    (entered,) = [event for event in played.ticket["events"] if event["kind"] == "PhaseEntered"]
    assert local(entered["data"]["expected_from"]) == "Fri 17 Apr 19:30"
    assert local(entered["data"]["expected_by"]) == "Wed 22 Apr 17:30"


def test_a_phase_that_was_skipped_is_said_to_be(phased: Config) -> None:
    played = play(phased, scenario(START, AUGUST, FEATURE, phase("+1d", "review"), phase("+7d", "complete")))
    says(played.letter("solved"), "step 4 of 4: Review Complete! (step 3 skipped)")


def test_a_phase_that_was_gone_back_to_is_said_to_be(phased: Config) -> None:
    played = play(
        phased, scenario(START, "2026-05-01T00:00:00+02:00", BUG, phase("+1d", "identified"), phase("+3d", "review"))
    )
    says(played.letters("phase_changed")[-1], "step 2 of 4: Under Review by Support Team (back from step 3)")


def test_a_date_that_an_agent_gives_reads_as_a_promise(phased: Config) -> None:
    played = play(
        phased,
        scenario(START, "2026-04-20T00:00:00+02:00", BUG, ("+1d", "reply", reply("/phase plan\n/eta 2026-05-12"))),
    )
    says(played.letter("phase_changed"), "Our promise: by Tuesday 12 May 2026")
    assert "usually by" not in played.letter("phase_changed")["text"]


def test_timeframes_are_guidelines_and_no_commitment(phased: Config) -> None:
    played = play(phased, scenario(START, "2026-04-15T00:00:00+02:00", BUG))
    for cause in (
        "how many requests",
        "how severe",
        "how deep the review",
        "how many customers",
        "workaround",
        "hands",
    ):
        says(played.letter("ack"), cause)
    says(played.letter("ack"), "general guidelines and no commitment")


def test_quick_changes_of_phase_give_one_letter(phased: Config) -> None:
    played = play(
        phased, scenario(START, "2026-04-16T00:00:00+02:00", BUG, phase("+1h", "review"), phase("+65m", "identified"))
    )
    says(played.letter("phase_changed"), "Bug Identified")


def test_the_customer_chooses_a_category_by_mail(phased: Config) -> None:
    played = play(
        phased,
        scenario(
            START,
            "2026-04-16T00:00:00+02:00",
            QUESTION,
            ("+1h", "reply", reply("CATEGORY feature", "maria@customer.example")),
        ),
    )
    says(played.letter("ack"), "CATEGORY bug", "CATEGORY feature")
    assert played.ticket["category"] == "feature"
    told = played.letter("phase_changed")
    says(told, "Filed as: Feature Requests", "As you asked, we handle your request as: Feature Requests.")
    assert "new step" not in told["text"]


def test_letters_of_phases_name_the_success_manager_who_may_be_brought_in(tmp_path: Path) -> None:
    bigco = '[organisation.bigco]\ndomains = ["customer.example"]\nmanager = "bo"'
    played = play(
        desk(tmp_path, "phased", ANA, BO, more=bigco),
        scenario(START, "2026-04-17T00:00:00+02:00", QUESTION, phase("+1d", "review")),
    )
    says(
        played.letter("phase_changed"), "Your success manager may be brought in", "success manager at Acme Support: Bo"
    )
    says(played.letters("agent_new")[0], "Bigco (success manager: Bo Lindqvist)")
