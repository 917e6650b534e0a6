"""Regular news: asked for in time, said honestly when there are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from gateway.desk import commands
from gateway.desk.calendar import Calendar
from gateway.desk.causes import AgentActed, LetterFailed, TimePassed
from gateway.desk.decide import dues
from gateway.desk.events_time import ProgressSent, UpdateAsked
from gateway.desk.policy import Policy, Priority, Text
from gateway.desk.spans import parse_range, parse_span
from tests.desk.living import Life, born
from tests.desk.samples import BUG, MARIA, MONDAY, OFFICE, QUESTION, answer, days, policy


def desk(**changes: Any) -> Policy:
    medium = Priority("medium", Text("Medium"), calendar="always", **changes)
    return policy(
        priorities={"medium": medium},
        calendars={"office": OFFICE, "always": Calendar("always", always=True)},
        on_hold_update_every=parse_span("7d"),
    )


def marks(life: Life, unit: timedelta) -> list[tuple[str, float]]:
    found = [event for event in life.events if isinstance(event, UpdateAsked | ProgressSent)]
    return [(type(event).__name__, (event.at - MONDAY) / unit) for event in found]


def test_hourly_news_are_asked_for_a_quarter_of_an_hour_before():
    life = born(desk(update_every=parse_span("1h")))
    life.until(MONDAY + timedelta(hours=2))
    assert marks(life, timedelta(hours=1)) == [
        ("UpdateAsked", 0.75), ("ProgressSent", 1), ("UpdateAsked", 1.75), ("ProgressSent", 2),
    ]  # fmt: skip
    assert life.sent("progress", to=MARIA.email) == ["progress 04-13"] * 2
    assert {notice.reason for _, notice in life.letters if notice.letter == "agent_warning"} == {"update"}


def test_weekly_news_on_hold_are_asked_for_a_day_before():
    life = born(desk())
    life.commanded(commands.HandOver("ENG-331"))
    life.until(MONDAY + days(15))
    assert marks(life, timedelta(days=1)) == [
        ("UpdateAsked", 6), ("ProgressSent", 7), ("UpdateAsked", 13), ("ProgressSent", 14),
    ]  # fmt: skip


def test_a_letter_without_news_says_when_the_next_one_comes():
    life = born(desk(update_every=parse_span("1h")))
    life.until(MONDAY + timedelta(hours=1))
    sent = next(event for event in life.events if isinstance(event, ProgressSent))
    assert sent.next_at == MONDAY + timedelta(hours=2)


def test_an_answer_or_a_report_is_the_update_and_restarts_the_interval():
    for orders in ((), (commands.Inform(),)):
        life = born(desk(update_every=parse_span("1h")))
        life.hears(AgentActed("ana", orders, answer()), MONDAY + timedelta(minutes=50))
        life.until(MONDAY + timedelta(minutes=90))
        assert [mark for mark in life.events if isinstance(mark, ProgressSent) and mark.by == "gateway"] == []
        assert dict(dues(life.ticket, life.policy))["update"] == MONDAY + timedelta(minutes=110)


def test_a_report_in_words_is_a_progress_letter():
    life = born(desk())
    life.hears(AgentActed("ana", (commands.Inform(),), answer()))
    assert life.sent("progress", "reply") == ["progress 04-13"]


def test_once_a_target_is_missed_news_come_regularly():
    life = born(desk(resolution=parse_range("2h"), update_once_late=parse_span("1 business day")))
    life.until(MONDAY + days(3))
    assert life.sent("progress") == ["progress 04-14", "progress 04-15"]


def test_while_we_wait_for_the_customer_there_are_none():
    life = born(desk(update_every=parse_span("1h")))
    life.asked()
    life.until(MONDAY + days(2))
    assert life.sent("progress") == []


def test_a_category_says_more_often_than_its_priority():
    chosen = replace(BUG, update_every=parse_span("2h"))
    life = born(replace(desk(update_every=parse_span("1h")), categories={"question": QUESTION, "bug": chosen}))
    assert dict(dues(life.ticket, life.policy))["update"] == MONDAY + timedelta(hours=2)


def test_a_gateway_that_slept_sends_one_letter_without_news():
    life = born(desk(update_every=parse_span("1h")))
    life.hears(TimePassed(), MONDAY + days(30))
    assert life.sent("progress") == ["progress 05-13"]


def test_while_more_important_work_halts_this_nobody_is_asked_but_the_customer_hears_all_the_same():
    life = born(desk(update_every=parse_span("1h")))
    assert life.hears(TimePassed(halted_above=1), MONDAY + timedelta(minutes=50)) == []
    life.hears(TimePassed(halted_above=1), MONDAY + timedelta(minutes=60))
    assert life.sent("progress") == ["progress 04-13"]


def test_nothing_is_written_to_an_address_that_mail_does_not_reach():
    life = born(desk(update_every=parse_span("1h")))
    life.hears(LetterFailed("l1", MARIA.email, "5.1.1", "no such user"))
    life.until(MONDAY + days(1))
    assert life.sent("progress") == []


def test_a_task_elsewhere_is_recorded_told_and_waited_for():
    life = born(desk())
    life.commanded(commands.HandOver("ENG-331"))
    assert (life.ticket.status, life.ticket.external_ref) == ("on_hold", "ENG-331")
    assert life.sent("progress", to=MARIA.email) == ["progress 04-13"]


def test_a_promise_that_broke_and_news_that_are_due_are_one_letter():
    life = born(desk(update_every=parse_span("3d")))
    life.commanded(commands.GiveDate(MONDAY + days(1)))
    life.hears(TimePassed(), MONDAY + days(4))
    assert life.sent("delayed", "progress") == ["delayed 04-17"]
