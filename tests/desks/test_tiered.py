"""The desk `tiered`: SLA by severity, business hours, three tiers (the second of the five reference desks)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.config.settings import Config
from tests.desks.desk import ANA, desk
from tests.desks.play import due, local, mail, plain, play, reply, says, scenario

TUESDAY, SATURDAY = "2026-04-14T10:00:00+02:00", "2026-04-18T11:00:00+02:00"
EVENING = "2026-04-14T23:59:00+02:00"
MAY = "2026-05-20T00:00:00+02:00"

CRITICAL = mail("A platform-wide outage: nothing works.", "Outage")
HIGH = mail("A major bug in a core feature: jobs fail.", "Jobs")
MEDIUM = mail("How do I share a report?", "Sharing")
LOW = mail("Please change the settings of my account.", "Account")
BY_PRIORITY = {"critical": CRITICAL, "high": HIGH, "medium": MEDIUM, "low": LOW}
TEAMS = """
[agent.tom]
name = "Tom Technical"
email = "tom@acme.example"
teams = ["technical"]
[agent.sam]
name = "Sam Specialist"
email = "sam@acme.example"
teams = ["specialists"]
"""


@pytest.fixture
def tiered(tmp_path: Path) -> Config:
    return desk(tmp_path, "tiered", ANA, more=TEAMS)


def ana(at: str, words: str) -> tuple[str, str, dict[str, Any]]:
    return at, "reply", reply(words, ticket=1000)


@pytest.mark.parametrize(
    ("priority", "first_response", "resolution"),
    [
        ("critical", "Tue 14 Apr 10:15", "Tue 14 Apr 14:00"),
        ("high", "Tue 14 Apr 11:00", "Tue 14 Apr 18:00"),
        ("medium", "Tue 14 Apr 14:00", "Wed 15 Apr 10:00"),
        ("low", "Wed 15 Apr 10:00", "Fri 17 Apr 10:00"),
    ],
)
def test_targets_follow_from_the_severity(tiered: Config, priority: str, first_response: str, resolution: str) -> None:
    played = play(tiered, scenario(TUESDAY, TUESDAY.replace("10:00", "10:01"), ("+0m", "mail", BY_PRIORITY[priority])))
    assert played.ticket["priority"] == priority
    found = due(played.ticket)
    assert (found["first_response"], found["resolution"]) == (first_response, resolution)


@pytest.mark.parametrize(
    ("priority", "first_response"),
    [
        ("critical", "Sat 18 Apr 11:15"),  # 24/7
        ("high", "Sat 18 Apr 15:00"),  # four hours outside
        ("medium", "Mon 20 Apr 13:00"),  # business hours only
        ("low", "Tue 21 Apr 09:00"),
    ],
)
def test_outside_business_hours_other_targets_hold(tiered: Config, priority: str, first_response: str) -> None:
    played = play(
        tiered, scenario(SATURDAY, SATURDAY.replace("11:00", "11:01"), ("+0m", "mail", BY_PRIORITY[priority]))
    )
    assert due(played.ticket)["first_response"] == first_response
    closed = "Our office is closed until" in plain(played.letter("ack")["text"])
    assert closed == (priority in ("medium", "low"))  # whoever is answered before it opens need not know


def test_an_automatic_mail_never_stops_the_first_response_clock(tiered: Config) -> None:
    played = play(tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", HIGH)))
    assert played.letters("ack")
    says(played.letters("agent_warning")[0], "first response is due on Tuesday 14 April 2026, 11:00")
    says(played.letters("agent_warning")[1], "first response was due on Tuesday 14 April 2026, 11:00: it is late")
    assert [local(each["at"]) for each in played.letters("agent_warning")][:2] == [
        "Tue 14 Apr 10:45",
        "Tue 14 Apr 11:00",
    ]


@pytest.mark.parametrize("words", ["/take", "We have seen it and begin."])
def test_taking_it_or_answering_stops_the_first_response_clock(tiered: Config, words: str) -> None:
    played = play(tiered, scenario(TUESDAY, "2026-04-14T12:00:00+02:00", ("+0m", "mail", HIGH), ana("+10m", words)))
    assert "first_response" not in due(played.ticket)
    assert played.letters("agent_warning") == []


def test_critical_issues_are_answered_around_the_clock_and_hourly_until_solved(tiered: Config) -> None:
    played = play(
        tiered,
        scenario(
            "2026-04-19T02:00:00+02:00", MAY, ("+0m", "mail", CRITICAL), ana("+5m", "/take"),
            ana("+3h 30m", "/solve\nThe platform is up again."),
        ),
    )  # fmt: skip
    assert [local(each["at"]) for each in played.letters("progress")] == [
        "Sun 19 Apr 03:00", "Sun 19 Apr 04:00", "Sun 19 Apr 05:00",
    ]  # fmt: skip
    says(played.letters("progress")[0], "There is no news to tell yet")
    assert played.ticket["status"] == "closed"


def test_the_assignee_is_asked_for_news_before_an_update_says_that_there_is_none(tiered: Config) -> None:
    played = play(
        tiered,
        scenario(
            TUESDAY, "2026-04-14T12:10:00+02:00", ("+0m", "mail", CRITICAL), ana("+5m", "/take"),
            ana("+50m", "/progress The database is being restored, half of it is there."),
        ),
    )  # fmt: skip
    asked = [each for each in played.letters("agent_warning") if "News?" in each["text"]]
    assert local(asked[0]["at"]) == "Tue 14 Apr 10:45"
    first, second = played.letters("progress")
    says(first, "half of it is there")
    assert [local(first["at"]), local(second["at"])] == ["Tue 14 Apr 10:51", "Tue 14 Apr 11:50"]


def test_news_that_come_after_midnight_are_named_with_their_hour(tiered: Config) -> None:
    night = "2026-04-14T22:50:00+02:00"
    played = play(tiered, scenario(night, "2026-04-15T00:00:00+02:00", ("+0m", "mail", CRITICAL), ana("+5m", "/take")))
    says(played.letter("progress"), "You hear from us again by Wednesday 15 April 2026, 0:50 at the latest.")


@pytest.mark.parametrize("priority", ["high", "medium", "low"])
def test_once_it_is_late_the_customer_gets_regular_updates(tiered: Config, priority: str) -> None:
    played = play(
        tiered,
        scenario(TUESDAY, "2026-04-24T18:00:00+02:00", ("+0m", "mail", BY_PRIORITY[priority]), ana("+10m", "/take")),
    )
    progress = played.letters("progress")
    late = [
        e["at"] for e in played.ticket["events"] if e["kind"] == "ClockMissed" and e["data"]["clock"] == "resolution"
    ]
    assert len(progress) >= 2
    assert progress[0]["at"] > late[0]
    says(progress[0], "There is no news to tell yet", "Ana Ruiz has it", "You hear from us again by")


def test_whoever_is_told_who_has_it_is_not_told_that_somebody_will(tiered: Config) -> None:
    played = play(tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", CRITICAL), ana("+10m", "/take")))
    says(played.letter("ack"), "is in the queue of our first line. Somebody acknowledges it and begins.")
    says(played.letter("assigned"), "Ana Ruiz has your request now.", "step 2 of 4: In progress")
    later = [plain(letter["text"]) for letter in (played.letter("assigned"), *played.letters("progress"))]
    assert len(later) > 2
    assert not [text for text in later if "queue" in text or "Somebody acknowledges it" in text]


def test_every_update_is_a_mail(tiered: Config) -> None:
    played = play(
        tiered,
        scenario(
            TUESDAY, MAY, ("+0m", "mail", MEDIUM), ana("+10m", "/take"), ana("+1h", "/phase in-progress"),
            ana("+2h", "It is the button at the top."), ana("+3h", "/phase resolved"),
        ),
    )  # fmt: skip
    assert played.names() == ["ack", "assigned", "phase_changed", "reply", "solved", "closed"]
    says(played.letter("solved"), "RATING 5")


def test_an_agent_escalates_one_tier_up_and_to_a_tier(tiered: Config) -> None:
    played = play(
        tiered,
        scenario(
            TUESDAY, "2026-04-14T13:00:00+02:00", ("+0m", "mail", HIGH),
            ana("+10m", "/take\n/escalate\n/phase escalated"),
            ("+1h", "reply", reply("/escalate tier3", "tom@acme.example", ticket=1000)),
        ),
    )  # fmt: skip
    assert [(each["to"], local(each["at"])) for each in played.letters("agent_escalated")] == [
        (["tom@acme.example"], "Tue 14 Apr 10:10"),
        (["sam@acme.example"], "Tue 14 Apr 11:00"),
    ]
    assert (played.ticket["tier"], played.ticket["team"]) == ("tier3", "specialists")
    says(played.letter("phase_changed"), "Escalated", "the next tier works on it")


def test_the_customer_sees_that_it_was_begun_and_escalated_without_further_commands(tiered: Config) -> None:
    played = play(
        tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", HIGH), ana("+10m", "/take"), ana("+1h", "/escalate"))
    )
    assert played.names()[:3] == ["ack", "assigned", "phase_changed"]
    says(played.letter("assigned"), "step 2 of 4: In progress", "You get a mail on every update.")
    says(played.letter("phase_changed"), "step 3 of 4: Escalated", "the next tier works on it")


def test_a_ticket_that_nobody_takes_goes_up_by_itself(tiered: Config) -> None:
    played = play(tiered, scenario(TUESDAY, "2026-04-14T11:00:00+02:00", ("+0m", "mail", CRITICAL)))
    assert [(each["to"], local(each["at"])) for each in played.letters("agent_escalated")] == [
        (["tom@acme.example"], "Tue 14 Apr 10:15"),
        (["sam@acme.example"], "Tue 14 Apr 10:30"),
    ]
    assert played.ticket["tier"] == "tier3"


def test_a_tier_whose_team_is_empty_writes_to_the_leads(tmp_path: Path) -> None:
    alone = desk(tmp_path, "tiered", ANA)
    played = play(alone, scenario(TUESDAY, "2026-04-14T10:20:00+02:00", ("+0m", "mail", CRITICAL)))
    assert played.letter("agent_escalated")["to"] == ["ana@acme.example"]


def test_taking_it_stops_the_escalation(tiered: Config) -> None:
    played = play(tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", CRITICAL), ana("+10m", "/take")))
    assert played.letters("agent_escalated") == []


@pytest.mark.parametrize("priority", BY_PRIORITY)
def test_every_priority_goes_from_the_first_mail_to_the_close(tiered: Config, priority: str) -> None:
    played = play(
        tiered,
        scenario(
            TUESDAY, MAY, ("+0m", "mail", BY_PRIORITY[priority]), ana("+5m", "/take\n/phase in-progress"),
            ana("+30m", "/solve\nDone."),
        ),
    )  # fmt: skip
    assert (played.ticket["status"], played.ticket["phase"], played.ticket["number"]) == ("closed", "resolved", 1000)
    assert played.letters("agent_warning") == []
    assert local(played.letter("closed")["at"]) == "Tue 21 Apr 10:30"


def test_general_mail_is_answered_within_one_business_day(tiered: Config) -> None:
    played = play(tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", LOW)))
    assert played.ticket["category"] == "question"
    says(played.letter("ack"), "General mail is answered within one business day.")
    says(played.letter("ack"), "First answer from a person: usually by Wednesday 15 April 2026 (1 business day)")


def test_a_transcript_that_is_mailed_is_a_ticket_like_any_other(tiered: Config) -> None:
    chat = mail("[10:02] Maria: hello?\n[10:03] Bot: how can I help?", "Transcript of your chat")
    played = play(tiered, scenario(TUESDAY, EVENING, ("+0m", "mail", chat)))
    assert played.ticket["number"] == 1000


BROKEN = ("Jobs fail since noon: a major bug in a core feature.", "Jobs fail")
AFFECTED = {
    1000: ("Maria Lopez", "maria@customer.example"),
    1001: ("Jonas Weber", "jonas@bigco.example"),
    1002: ("Yuki Tanaka", "yuki@else.example"),
}


def test_a_workaround_is_told_to_everyone_affected_and_all_are_solved_together(tiered: Config) -> None:
    mails = [
        (f"+{number - 1000}m", "mail", mail(*BROKEN, **{"from": f"{name} <{address}>"}))
        for number, (name, address) in AFFECTED.items()
    ]
    joined = [(f"+{number - 990}m", "reply", reply("/problem ENG-331", ticket=number)) for number in AFFECTED]
    played = play(
        tiered,
        scenario(
            TUESDAY, MAY, *mails, *joined,
            ana("+30m", "/all\n/phase in-progress\n/progress\n\nUntil it is mended: start each job by hand."),
            ana("+5h", "/all\n/solve\n\nIt is mended: jobs run by themselves again."),
        ),
    )  # fmt: skip
    for number, (name, address) in AFFECTED.items():
        told, solved = (played.letter(letter, to=address, ticket=number) for letter in ("phase_changed", "solved"))
        says(told, f"Hello {name.split()[0]},", "start each job by hand")
        says(solved, "jobs run by themselves again")
        assert (local(told["at"]), local(solved["at"])) == ("Tue 14 Apr 10:31", "Tue 14 Apr 15:01")
        assert {each["ticket"] for each in played.letters(to=address)} == {number}
        others = [each for other in AFFECTED.values() if other[1] != address for each in other]
        assert [each for each in others for letter in played.letters(to=address) if each in str(letter)] == []
    assert {(each["status"], each["phase"], each["problem"]) for each in played.tickets} == {
        ("closed", "resolved", "ENG-331")
    }
    transcript = plain(played.letters("agent_commands")[3]["text"])
    assert "ACME-1001: told; status new → open; phase: In progress" in transcript
    assert "ACME-1002: told" in transcript
