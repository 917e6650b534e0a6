"""The desk `managed-it`: queue, assignment, stale tickets, auto-close (the fourth of the five reference desks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, BO, desk
from tests.desks.play import due, local, mail, play, reply, says, scenario

TUESDAY, EVENING = "2026-04-14T10:00:00+02:00", "2026-04-14T23:59:00+02:00"
MAY = "2026-05-20T00:00:00+02:00"

BY_PRIORITY = {
    "critical": mail("The server is down, nobody gets to their files.", "Server"),
    "high": mail("I cannot work at all, my screen stays black.", "Screen"),
    "medium": mail("We have slow internet since this morning.", "Internet"),
    "low": mail("Please set up a printer for the new room.", "Printer"),
}


@pytest.fixture
def managed(tmp_path: Path) -> Config:
    return desk(tmp_path, "managed-it", ANA, edits={'role = "lead"\n': 'role = "lead"\nphone = "+49 30 1235"\n'})


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


@pytest.mark.parametrize("priority", BY_PRIORITY)
def test_severity_decides_the_priority(managed: Config, priority: str) -> None:
    played = play(managed, scenario(TUESDAY, TUESDAY, ("+0m", "mail", BY_PRIORITY[priority])))
    assert played.ticket["priority"] == priority


def test_the_queue_is_worked_by_priority_first_and_order_of_receipt_second(managed: Config) -> None:
    order = ("low", "medium", "critical", "low", "critical")
    mails = [(f"+{minute}m", "mail", BY_PRIORITY[priority]) for minute, priority in enumerate(order)]
    played = play(managed, scenario(TUESDAY, EVENING, *mails))
    assert [ticket["number"] for ticket in played.tickets] == [1000, 1001, 1002, 1003, 1004]
    assert played.queue == (1002, 1004, 1001, 1000, 1003)


def test_the_requester_is_told_who_has_it_and_how_to_reach_them(managed: Config) -> None:
    played = play(managed, scenario(TUESDAY, EVENING, ("+0m", "mail", BY_PRIORITY["medium"])))
    assigned = played.letter("assigned")
    assert local(assigned["at"]) == "Tue 14 Apr 10:00"
    says(assigned, "Ana Ruiz", "A reply to this mail reaches Ana; by phone: +49 30 1235", "step 2 of 4: Assigned")
    says(played.letter("ack"), "step 1 of 4: Received")
    assert played.ticket["assignee"] == "ana"
    assert played.letter("agent_assigned")["to"] == ["ana@acme.example"]


def test_a_dispatcher_assigns_within_an_hour_and_that_is_the_first_response(tmp_path: Path) -> None:
    manual = desk(tmp_path, "managed-it", ANA, BO, edits={'assign = "least-open"': 'assign = "manual"'})
    opened = ("+0m", "mail", BY_PRIORITY["medium"])
    waiting = play(manual, scenario(TUESDAY, "2026-04-14T11:01:00+02:00", opened))
    assert due(waiting.ticket)["assignment"] == "Tue 14 Apr 11:00"
    warned, *_ = waiting.letters("agent_warning", to="ana@acme.example")
    assert local(warned["at"]) == "Tue 14 Apr 10:45"
    played = play(manual, scenario(TUESDAY, EVENING, opened, ana("+30m", "/assign bo")))
    assert {"first_response", "assignment"}.isdisjoint(due(played.ticket))
    says(played.letter("assigned"), "Bo Lindqvist takes care of it")
    assert played.letters("agent_warning") == []


def test_an_hour_of_assignment_is_an_hour_of_business_time(tmp_path: Path) -> None:
    manual = desk(tmp_path, "managed-it", ANA, edits={'assign = "least-open"': 'assign = "manual"'})
    friday = "2026-04-17T17:30:00+02:00"
    played = play(manual, scenario(friday, friday, ("+0m", "mail", BY_PRIORITY["medium"])))
    assert due(played.ticket)["assignment"] == "Mon 20 Apr 09:30"


def test_whoever_has_the_fewest_open_tickets_gets_the_next(tmp_path: Path) -> None:
    two = desk(tmp_path, "managed-it", ANA, BO)
    mails = [(f"+{minute}m", "mail", BY_PRIORITY["medium"]) for minute in range(4)]
    played = play(two, scenario(TUESDAY, EVENING, *mails))
    assert sorted(ticket["assignee"] for ticket in played.tickets) == ["ana", "ana", "bo", "bo"]


def test_technicians_are_reminded_of_tickets_that_get_stale_and_then_the_lead_is(tmp_path: Path) -> None:
    two = desk(tmp_path, "managed-it", ANA, BO, edits={'assign = "least-open"': 'assign = "manual"'})
    played = play(
        two,
        scenario(TUESDAY, "2026-04-17T18:00:00+02:00", ("+0m", "mail", BY_PRIORITY["low"]), ana("+5m", "/assign bo")),
    )
    stale = [(each["to"][0].partition("@")[0], local(each["at"])) for each in played.letters("agent_stale")]
    assert stale[0] == ("bo", "Wed 15 Apr 10:05")
    assert ("ana", "Thu 16 Apr 10:05") in stale
    assert ("ana", "Wed 15 Apr 10:05") not in stale


def test_after_three_follow_ups_without_an_answer_the_ticket_closes(managed: Config) -> None:
    played = play(
        managed,
        scenario(TUESDAY, MAY, ("+0m", "mail", BY_PRIORITY["low"]), ana("+1h", "/ask\nWhich room is it?")),
    )
    follow_ups = [
        each for each in played.letters() if each["letter"] in ("reminder", "reminder_last", "closed_no_answer")
    ]
    assert [(each["letter"], local(each["at"])) for each in follow_ups] == [
        ("reminder", "Thu 16 Apr 11:00"),
        ("reminder", "Mon 20 Apr 11:00"),
        ("reminder_last", "Thu 23 Apr 11:00"),
        ("closed_no_answer", "Tue 28 Apr 11:00"),
    ]
    says(
        played.letter("question"),
        "Which room is it?",
        "Without an answer we close this request on Tuesday 28 April 2026",
    )
    says(follow_ups[2], "Tuesday 28 April 2026")
    assert played.ticket["status"] == "closed"


def test_an_answer_stops_the_follow_ups(managed: Config) -> None:
    played = play(
        managed,
        scenario(
            TUESDAY, MAY, ("+0m", "mail", BY_PRIORITY["low"]), ana("+1h", "/ask\nWhich room is it?"),
            ("+3d", "reply", reply("Room 12.", "maria@customer.example")), ana("+4d", "/solve\nIt is there."),
        ),
    )  # fmt: skip
    assert [name for name in played.names() if name.startswith("reminder")] == ["reminder"]
    assert played.ticket["status"] == "closed"


@pytest.mark.parametrize("priority", BY_PRIORITY)
def test_every_priority_goes_from_the_first_mail_to_the_close(managed: Config, priority: str) -> None:
    played = play(
        managed,
        scenario(
            TUESDAY, MAY, ("+0m", "mail", BY_PRIORITY[priority]), ana("+5m", "/phase assigned"),
            ana("+1h", "/phase in-progress"), ana("+3h", "/phase resolved\nIt works again."),
        ),
    )  # fmt: skip
    assert played.names() == ["ack", "assigned", "phase_changed", "phase_changed", "solved", "closed"]
    assert (played.ticket["status"], played.ticket["phase"]) == ("closed", "resolved")
    assert played.letters("agent_warning") == []


def test_the_first_letter_says_how_the_queue_is_worked(managed: Config) -> None:
    played = play(managed, scenario(TUESDAY, EVENING, ("+0m", "mail", BY_PRIORITY["low"])))
    says(played.letter("ack"), "the most severe first, then in the order in which they came")
    says(played.letter("ack"), "Within an hour of our business hours it is assigned")


def test_what_follows_a_closed_ticket_is_its_owners_again_and_one_letter_says_so(managed: Config) -> None:
    played = play(
        managed,
        scenario(
            TUESDAY, "2026-07-01T00:00:00+02:00", ("+0m", "mail", BY_PRIORITY["low"]), ana("+1h", "/solve\nDone."),
            ("2026-06-20T11:30:00+02:00", "reply", reply("It is broken again.", "maria@customer.example")),
        ),
    )  # fmt: skip
    assert played.names(ticket=1001) == ["follow_up_opened"]
    told = played.letter("follow_up_opened")
    says(told, "Hello Maria,", "Ana Ruiz has it. A reply to this mail reaches Ana; by phone: +49 30 1235.")
    says(told, "step 2 of 4: Assigned")
    assert played.letters("agent_warning", ticket=1001) == []


def test_a_rule_that_assigns_is_told_after_the_acknowledgement(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "printers"\nwhen = { subject = "printer" }\nthen = { assignee = "bo" }\n'
    ruled = desk(tmp_path, "managed-it", ANA, BO, more=rule)
    played = play(ruled, scenario(TUESDAY, EVENING, ("+0m", "mail", BY_PRIORITY["low"])))
    assert played.names() == ["ack", "assigned"]
    says(played.letter("ack"), "step 1 of 4: Received")
    says(played.letter("assigned"), "Bo Lindqvist takes care of it", "step 2 of 4: Assigned")
