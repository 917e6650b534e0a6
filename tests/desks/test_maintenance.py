"""The desk `maintenance`: categories with a cost, everything by mail (the third of the five reference desks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, desk
from tests.desks.play import due, local, mail, play, reply, says, scenario

TUESDAY, EVENING = "2026-04-14T10:00:00+02:00", "2026-04-14T23:59:00+02:00"
JUNE = "2026-06-20T00:00:00+02:00"
OPENED = ("+0m", "mail", mail("Could somebody look at our shop?", "Our shop"))
CATEGORIES = {
    "change-request": ("Change Request", "medium"),
    "important": ("Important", "high"),
    "bug": ("Bug Report", "medium"),
    "business-critical": ("Business Critical", "critical"),
    "question": ("Question", "medium"),
    "other": ("Other", "medium"),
}


@pytest.fixture
def maintenance(tmp_path: Path) -> Config:
    (tmp_path / "shop.csv").write_text("a;b\n")
    return desk(tmp_path, "maintenance", ANA)


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


def maria(at: str, words: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, "maria@customer.example", **more)


def test_the_first_letter_offers_every_category_to_choose(maintenance: Config) -> None:
    ack = play(maintenance, scenario(TUESDAY, EVENING, OPENED)).letter("ack")
    says(ack, "We took it as: Question")
    for name, (title, _) in CATEGORIES.items():
        if name != "question":
            says(ack, f"CATEGORY {name} ({title})")


@pytest.mark.parametrize("category", [name for name in CATEGORIES if name != "question"])
def test_a_customer_chooses_a_category_by_mail(maintenance: Config, category: str) -> None:
    played = play(maintenance, scenario(TUESDAY, EVENING, OPENED, maria("+5m", f"CATEGORY {category}")))
    assert (played.ticket["category"], played.ticket["priority"]) == (category, CATEGORIES[category][1])


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_goes_from_the_first_mail_to_the_close(maintenance: Config, category: str) -> None:
    chosen = [] if category == "question" else [maria("+5m", f"CATEGORY {category}")]
    played = play(
        maintenance,
        scenario(
            TUESDAY, JUNE, OPENED, *chosen, ana("+1d", "/take\n/phase in-progress\nWe begin."),
            ana("+21d", "/time 90m\n/phase done\nThe shop has it."),
        ),
    )  # fmt: skip
    assert (played.ticket["status"], played.ticket["phase"]) == ("closed", "done")
    assert played.ticket["minutes_spent"] == 90
    says(played.letters("phase_changed")[-1], "step 2 of 3: In progress", "Large requests can take weeks")
    says(played.letter("solved"), "The shop has it.")


@pytest.mark.parametrize(
    ("words", "costs"), [("A change request for the menu.", True), ("There is a bug in the menu.", False)]
)
def test_a_category_with_a_cost_says_so_in_the_first_letter(maintenance: Config, words: str, costs: bool) -> None:
    ack = play(maintenance, scenario(TUESDAY, EVENING, ("+0m", "mail", mail(words, "Menu")))).letter("ack")
    assert ("This kind of request typically has a cost." in " ".join(ack["text"].split())) is costs


def test_a_category_that_is_chosen_later_says_that_it_costs_too(maintenance: Config) -> None:
    played = play(maintenance, scenario(TUESDAY, EVENING, OPENED, maria("+5m", "CATEGORY important")))
    says(played.letters(to="maria@customer.example")[-1], "typically has a cost")


def test_mail_and_replies_are_taken_with_their_attachments(maintenance: Config, tmp_path: Path) -> None:
    with_file = ("+0m", "mail", mail("See the file.", "Our shop", attach=["shop.csv"]))
    played = play(
        maintenance, scenario(TUESDAY, EVENING, with_file, maria("+1h", "And here.", attach=["shop.csv"])), tmp_path
    )
    assert [[file["name"] for file in article["attachments"]] for article in played.ticket["articles"]] == [
        ["shop.csv"], ["shop.csv"],
    ]  # fmt: skip
    says(played.letter("ack"), "shop.csv")


def test_status_shows_progress_responses_and_attachments(maintenance: Config, tmp_path: Path) -> None:
    played = play(
        maintenance,
        scenario(
            TUESDAY, JUNE, ("+0m", "mail", mail("See the file.", "Our shop", attach=["shop.csv"])),
            ana("+1h", "/take\n/phase in-progress\nWe begin on Monday."), maria("+2h", "STATUS"),
        ),
        tmp_path,
    )  # fmt: skip
    status = played.letter("my_tickets")
    says(status, "In progress", "We begin on Monday.", "shop.csv", "Ana Ruiz")


def test_everybody_gets_a_first_response_within_two_working_days(maintenance: Config) -> None:
    friday = "2026-04-17T16:00:00+02:00"
    played = play(maintenance, scenario(friday, friday, OPENED))
    assert due(played.ticket)["first_response"] == "Tue 21 Apr 16:00"
    says(played.letter("ack"), "First answer from a person: usually by Tuesday 21 April 2026 (2 business days)")


def test_the_team_is_warned_before_a_first_response_is_late(maintenance: Config) -> None:
    played = play(maintenance, scenario(TUESDAY, "2026-04-17T00:00:00+02:00", OPENED))
    assert [local(each["at"]) for each in played.letters("agent_warning")][-1] == "Thu 16 Apr 10:00"


def test_the_first_letter_asks_to_mark_our_address_as_not_spam(maintenance: Config) -> None:
    ack = play(maintenance, scenario(TUESDAY, EVENING, OPENED)).letter("ack")
    says(ack, 'please mark support@acme.example as "not spam"')


def test_business_critical_alerts_everybody(tmp_path: Path) -> None:
    two = desk(
        tmp_path,
        "maintenance",
        ANA,
        "Bo <bo@acme.example>",
        edits={'teams = ["maintenance"]\nrole = "agent"': 'role = "agent"'},
    )
    shop = mail("Business critical: orders are not possible.", "Orders")
    played = play(two, scenario(TUESDAY, EVENING, ("+0m", "mail", shop)))
    assert played.ticket["category"] == "business-critical"
    assert sorted(to for each in played.letters("agent_new") for to in each["to"]) == [
        "ana@acme.example",
        "bo@acme.example",
    ]


BIGCO = """
[organisation.bigco]
name = "Bigco"
domains = ["customer.example"]
contact = "boss@customer.example"
allowance = "10h"
"""
CHANGE = ("+0m", "mail", mail("This is a change request: the menu needs a second level.", "The menu"))
QUOTE = ana("+1h", "/take\n/quote 4h 480 EUR\n\nA second level takes a new template.")


def boss(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, "boss@customer.example")


def test_a_change_request_is_quoted_approved_and_done(tmp_path: Path) -> None:
    played = play(
        desk(tmp_path, "maintenance", ANA, more=BIGCO),
        scenario(
            TUESDAY, JUNE, CHANGE, QUOTE, maria("+1d", "APPROVE please begin on Monday"),
            ana("+7d", "/phase in-progress\nWe began."), ana("+9d", "/time 4h\n/phase done\nIt has two levels."),
        ),
    )  # fmt: skip
    says(played.letter("ack"), "typically has a cost. We tell you before it arises", "10 h left of 10 h this month")
    asked = played.letter("question", to="maria@customer.example")
    says(asked, "A second level takes a new template.", "Working time: 4 h", "Amount: 480 EUR")
    says(asked, "With it, 6 h of this month's allowance would be left.", "To approve it, reply with the word APPROVE")
    (told,) = (each for each in played.letters("agent_reply") if each["headers"]["X-Ticket-Reason"] == "quote-approved")
    says(told, "approved the quote", "(4 h, 480 EUR)", "Wednesday 15 April 2026, 10:00", "please begin on Monday")
    kinds = [event["kind"] for event in played.ticket["events"]]
    assert kinds.index("Quoted") < kinds.index("QuoteApproved") < kinds.index("TimeSpent")
    assert (played.ticket["status"], played.ticket["quote"], played.ticket["minutes_spent"]) == ("closed", None, 240)
    says(played.letter("solved", to="maria@customer.example"), "6 h left of 10 h this month")


def test_a_quote_is_declined_with_a_comment(maintenance: Config) -> None:
    played = play(
        maintenance, scenario(TUESDAY, "2026-04-17T00:00:00+02:00", CHANGE, QUOTE, maria("+1d", "DECLINE\nToo dear."))
    )
    (declined,) = (event for event in played.ticket["events"] if event["kind"] == "QuoteDeclined")
    assert (declined["by"], declined["data"]["comment"], declined["data"]["minutes"]) == ("requester", "Too dear.", 240)
    assert played.ticket["status"] == "open"
    assert "Too dear." in played.ticket["articles"][-1]["text"]
    says(played.letters("agent_reply")[-1], "declined the quote", "Too dear.", "The ticket is open again.")


def test_until_the_customer_decides_they_are_reminded_of_the_quote_each_week(maintenance: Config) -> None:
    played = play(maintenance, scenario(TUESDAY, "2026-05-01T00:00:00+02:00", CHANGE, QUOTE))
    assert [local(each["at"]) for each in played.letters("progress")] == ["Tue 21 Apr 11:00", "Tue 28 Apr 11:00"]
    says(played.letters("progress")[0], "Our quote waits for your decision", "APPROVE", "Working time: 4 h")
    assert (played.ticket["status"], played.ticket["quote"]["minutes"]) == ("on_hold", 240)


def test_whoever_answers_for_the_customer_approves_and_the_requester_hears_of_it(tmp_path: Path) -> None:
    played = play(
        desk(tmp_path, "maintenance", ANA, more=BIGCO),
        scenario(
            TUESDAY, "2026-04-17T00:00:00+02:00", CHANGE, QUOTE, maria("+2h", "Is the import a part of it?"),
            boss("+1d", "APPROVE"), maria("+25h", "APPROVE"),
        ),
    )  # fmt: skip
    says(played.letter("question", to="boss@customer.example"), "To approve it, reply with the word APPROVE")
    says(played.letters("agent_reply")[0], "stays open: nothing is decided by this mail")
    says(played.letter("progress", to="maria@customer.example"), "boss@customer.example approved our quote of 4 h")
    assert [event["by"] for event in played.ticket["events"] if event["kind"] == "QuoteApproved"] == [
        "boss@customer.example"
    ]
    says(played.letters("agent_reply")[-1], "maria@customer.example wrote again")


def test_a_status_names_the_open_quote(maintenance: Config) -> None:
    played = play(maintenance, scenario(TUESDAY, EVENING, CHANGE, QUOTE, maria("+2h", "STATUS")))
    says(played.letter("my_tickets"), "Working time: 4 h", "APPROVE", "It is your turn")


def test_the_allowance_restarts_on_the_first_of_the_month_and_its_marks_are_told(tmp_path: Path) -> None:
    played = play(
        desk(tmp_path, "maintenance", ANA, more=BIGCO),
        scenario(
            TUESDAY, "2026-05-08T00:00:00+02:00", CHANGE, ana("+1d", "/take\n/time 9h\nMost of it is there."),
            ana("+2d", "/time 2h"), ana("+2d5m", "/time -30m"), ana("+20d", "/time 1h\nAnd the rest."),
        ),
    )  # fmt: skip
    used = [each for each in played.letters(to="boss@customer.example") if each["ticket"] is None]
    assert [each["subject"] for each in used] == [
        "Bigco: 80 % of this month's allowance", "Bigco: 100 % of this month's allowance",
    ]  # fmt: skip
    says(used[1], "has used 11 h of its maintenance allowance of 10 h", "That is 1 h more than it has.")
    lead = [each for each in played.letters("agent_warning") if each["headers"]["X-Ticket-Reason"] == "allowance"]
    assert [each["to"] for each in lead] == [["ana@acme.example"]] * 2
    first, rest = played.letters("reply", to="maria@customer.example")
    says(first, "1 h left of 10 h this month")
    says(rest, "9 h left of 10 h this month")


def test_the_contact_and_the_leads_hear_at_eighty_and_at_a_hundred_per_cent_of_the_allowance_once_a_month(
    tmp_path: Path,
) -> None:
    more = """
[organisation.bigco]
name = "Bigco"
domains = ["customer.example"]
contact = "it@customer.example"
allowance = "10h"
[agent.lea]
name = "Lea Lead"
email = "lea@acme.example"
role = "lead"
teams = ["maintenance"]
"""
    config = desk(tmp_path, "maintenance", ANA, more=more)
    logged = (ana("+1h", "/time 7h"), ana("+2h", "/time 1h 30m"), ana("+3h", "/time 30m"), ana("+4h", "/time 1h 15m"))
    may = (ana("+20d", "/time 8h"),)
    played = play(config, scenario(TUESDAY, JUNE, OPENED, *logged, *may))
    shares = [event["data"]["share"] for event in played.ticket["events"] if event["kind"] == "AllowanceReached"]
    assert shares == [80, 100, 80]
    told = played.letters(to="it@customer.example")
    assert [letter["letter"] for letter in told] == ["progress"] * 3
    assert not any("ACME-1000" in letter["subject"] + letter["text"] for letter in told)
    says(told[0], "80 %", "8 h 30 min", "10 h")
    says(told[1], "is used up", "15 min more than it has")
    leads = [
        letter for letter in played.letters("agent_warning", to="lea@acme.example") if "allowance" in letter["text"]
    ]
    assert len(leads) == 3
