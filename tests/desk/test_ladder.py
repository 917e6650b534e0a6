"""Reminders, then closing: once a step, in business time, counted from the last mail, stopped by people alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.desk import calendar, commands
from gateway.desk.causes import AgentActed, CustomerWrote, LetterFailed, LetterPutOff, MachineWrote, TimePassed
from gateway.desk.decide import decide
from gateway.desk.events import StatusChanged
from gateway.desk.events_time import Reminded
from gateway.desk.evolve import replay
from gateway.desk.policy import Pending, Policy
from gateway.desk.spans import parse_span
from gateway.desk.ticket import Author
from gateway.desk.words import SaysKeepOpen, SaysLater, SaysSolved
from tests.desk.living import Life, born
from tests.desk.samples import MARIA, MONDAY, OFFICE, answer, article, days, policy

PENDING = Pending((parse_span("2 business days"), parse_span("3 business days")), parse_span("3 business days"))
STEPS = ("reminder", "reminder_last", "closed_no_answer")


def desk(**changes: Any) -> Policy:
    return policy(pending=PENDING, **changes)


def waiting(at: datetime = MONDAY, **changes: Any) -> Life:
    life = born(desk(**changes), at)
    life.asked(at)
    return life


def absence(until: str) -> MachineWrote:
    return MachineWrote(article(id="ooo", visibility="private"), "auto_reply out_of_office", until)


def test_two_reminders_and_a_closing_come_in_business_days_each_counted_from_the_one_before():
    life = waiting()
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == ["reminder 04-15", "reminder_last 04-20", "closed_no_answer 04-23"]
    assert life.ticket.status == "closed"


def test_a_reminder_that_waits_for_the_relay_moves_those_behind_it_and_the_closing():
    life = waiting()
    life.until(MONDAY + days(2))
    friday = MONDAY + days(4)
    assert life.hears(LetterPutOff("else@customer.example", friday)) == []
    assert life.hears(LetterPutOff(MARIA.email, friday)) != []
    assert life.hears(LetterPutOff(MARIA.email, friday - days(1))) == []
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == ["reminder 04-15", "reminder_last 04-22", "closed_no_answer 04-27"]


def test_a_last_reminder_that_waits_for_the_relay_moves_the_closing():
    life = waiting()
    life.until(MONDAY + days(7))
    life.hears(LetterPutOff(MARIA.email, MONDAY + days(9)))
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == ["reminder 04-15", "reminder_last 04-20", "closed_no_answer 04-27"]


def test_the_question_names_every_date_that_is_to_come():
    life = waiting()
    assert life.ticket.ladder is not None
    assert [at.date().isoformat() for at in life.ticket.ladder.coming] == ["2026-04-15", "2026-04-20"]
    assert life.ticket.ladder.closes == MONDAY + days(10)


def test_a_reminder_names_the_dates_after_it_as_they_then_are():
    life = waiting()
    life.until(MONDAY + days(3))
    reminded = next(event for event in life.events if isinstance(event, Reminded))
    assert (reminded.number, reminded.last) == (1, False)
    assert reminded.coming == (MONDAY + days(7),)
    assert reminded.closes == MONDAY + days(10)


def test_a_gateway_that_slept_a_month_sends_one_reminder_and_goes_on_from_that_one():
    life = waiting()
    wakes = MONDAY + days(35)
    life.hears(TimePassed(), wakes)
    life.until(wakes + days(60))
    assert life.sent(*STEPS) == ["reminder 05-18", "reminder_last 05-21", "closed_no_answer 05-26"]


def test_a_reminder_waits_for_the_office_to_open():
    life = waiting()
    night = datetime(2026, 4, 15, 22, tzinfo=UTC)
    assert life.hears(TimePassed(), night) == []
    life.until(night + days(1))
    assert life.letters[-1][0] == datetime(2026, 4, 16, 9, tzinfo=UTC)


def test_whoever_may_write_at_any_time_reminds_at_any_time():
    pending = Pending((parse_span("36h"),), parse_span("36h"), send_between="always")
    life = born(policy(pending=pending))
    life.asked()
    life.until(MONDAY + days(2))
    assert life.letters[-1][0] == MONDAY + days(1.5)


@pytest.mark.parametrize("word", [SaysKeepOpen(), SaysSolved()])
def test_the_words_of_the_customer_end_it(word):
    life = waiting()
    life.until(MONDAY + days(8))
    life.says(word)
    life.until(MONDAY + days(60))
    assert life.sent("closed_no_answer") == []
    assert life.ticket.ladder is None


def test_an_answer_of_the_customer_ends_it():
    life = waiting()
    life.hears(CustomerWrote(article(id="a3")), MONDAY + days(1))
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == []


def test_later_moves_the_first_reminder_and_starts_again_with_all_of_them():
    life = waiting()
    life.until(MONDAY + days(8))
    life.says(SaysLater(parse_span("10 days")))
    assert life.ticket.status == "pending"
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == [
        "reminder 04-15", "reminder_last 04-20", "reminder 05-01", "reminder_last 05-06", "closed_no_answer 05-11",
    ]  # fmt: skip


def test_an_agent_who_writes_again_starts_it_anew():
    life = waiting()
    life.until(MONDAY + days(3))
    life.hears(AgentActed("ana", article=answer()), MONDAY + days(4))
    assert life.ticket.status == "pending"
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS)[1:] == ["reminder 04-21", "reminder_last 04-24", "closed_no_answer 04-29"]


def test_a_private_note_and_machine_mail_do_not_stop_it():
    life = waiting()
    life.hears(AgentActed("ana", article=answer(visibility="private")), MONDAY + days(1))
    life.hears(MachineWrote(article(id="r", visibility="private"), "receipt"), MONDAY + days(1))
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS)[0] == "reminder 04-15"


def test_an_absence_note_moves_it_behind_its_date():
    life = waiting()
    life.hears(absence("2026-05-01"))
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == ["reminder 05-04", "reminder_last 05-07", "closed_no_answer 05-12"]


def test_who_was_away_for_the_last_reminder_has_the_whole_gap_once_they_are_back():
    life = waiting()
    life.until(MONDAY + days(8))
    life.hears(absence("2026-05-01"))
    life.until(MONDAY + days(60))
    assert life.sent("closed_no_answer") == ["closed_no_answer 05-07"]


def test_an_absence_known_before_the_question_counts_too():
    life = born(desk())
    life.hears(absence("2026-05-01"))
    life.asked()
    life.until(MONDAY + days(30))
    assert life.sent(*STEPS)[0] == "reminder 05-04"


def test_where_absences_do_not_count_they_move_nothing():
    pending = Pending(PENDING.reminders, PENDING.close_after, out_of_office_pauses=False)
    life = born(policy(pending=pending))
    life.asked()
    life.hears(absence("2026-05-01"))
    life.until(MONDAY + days(3))
    assert life.sent(*STEPS) == ["reminder 04-15"]


def test_a_letter_that_did_not_arrive_stops_it_until_somebody_of_us_writes_again():
    life = waiting()
    life.hears(LetterFailed("l1", MARIA.email, "5.1.1", "no such user"))
    life.until(MONDAY + days(30))
    assert life.sent(*STEPS) == []
    life.hears(AgentActed("ana", article=answer()), MONDAY + days(30))
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS)[0] == "reminder 05-15"


def test_closing_never_comes_on_the_day_of_the_last_reminder():
    pending = Pending((parse_span("2 business days"),), parse_span("2h"))
    life = born(policy(pending=pending))
    life.asked()
    life.until(MONDAY + days(30))
    assert life.sent(*STEPS) == ["reminder_last 04-15", "closed_no_answer 04-16"]


def test_where_nothing_closes_no_reminder_says_that_it_is_the_last():
    life = born(policy(pending=Pending((parse_span("2 business days"),))))
    life.asked()
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == ["reminder 04-15"]
    assert life.ticket.status == "pending"


def test_a_machine_that_opened_the_ticket_is_never_reminded():
    life = born(desk(), machine=True, acknowledge=None)
    life.asked()
    life.until(MONDAY + days(60))
    assert life.sent(*STEPS) == []


def test_a_clock_that_is_set_back_repeats_nothing():
    life = waiting()
    life.until(MONDAY + days(2.1))
    before = life.sent()
    assert life.hears(TimePassed(), life.now - days(0.05)) == []
    assert life.sent() == before


def test_a_question_without_words_is_a_letter_of_its_own():
    life = born(desk())
    life.commanded(commands.Ask())
    assert life.sent("question") == ["question 04-13"]


HAPPENINGS = st.sampled_from(
    [
        TimePassed(),
        TimePassed(),
        AgentActed("ana", (commands.Ask(),), answer()),
        AgentActed("ana", (commands.Hold(),)),
        AgentActed("bo", article=answer()),
        CustomerWrote(article(id="x")),
        LetterFailed("l", MARIA.email, "5.1.1", ""),
        absence("2026-05-04"),
    ]
)


@settings(max_examples=150)
@given(st.lists(st.tuples(HAPPENINGS, st.integers(0, 200)), max_size=12))
def test_no_letter_of_the_ladder_goes_out_outside_its_hours_nor_twice_nor_twice_a_day(story):
    life = born(desk())
    for cause, hours in story:
        life.hears(cause, life.now + days(hours / 24))
        if isinstance(cause, TimePassed):
            assert decide(life.ticket, cause, life.policy, life.now) == []
    life.until(life.now + days(40))
    steps = [(at, notice) for at, notice in life.letters if notice.letter in STEPS]
    assert all(calendar.is_open(OFFICE, at) for at, _ in steps)
    assert len({notice.once for _, notice in steps}) == len(steps)
    assert len({at.date() for at, _ in steps}) == len(steps)
    assert replay(life.events) == life.ticket


def test_the_absence_of_a_colleague_on_copy_moves_nothing():
    life = waiting()
    other = Author("participant", "Jonas", "jonas@customer.example")
    note = MachineWrote(article(id="o", visibility="private", author=other), "auto_reply out_of_office", "2026-05-01")
    life.hears(note)
    assert life.ticket.away_until is None
    life.hears(absence("2026-05-01"))
    assert life.ticket.away_until == date(2026, 5, 1)


def test_closing_by_the_ladder_is_said_to_be_for_want_of_an_answer():
    life = waiting()
    life.until(MONDAY + days(60))
    closed = next(event for event in life.events if isinstance(event, StatusChanged) and event.after == "closed")
    assert (closed.before, closed.by) == ("pending", "gateway")
