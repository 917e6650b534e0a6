"""The month's allowance, from the time that was logged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.desk.allowance import Entry, last_mark, month_of, reached, spent
from gateway.desk.causes import TimeLogged
from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.policy import Agent, Organisation
from tests.desk.living import Life, born
from tests.desk.samples import policy

HOUR = timedelta(hours=1)
NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
APRIL = month_of(NOON, "Europe/Berlin")


def logged(seq: int, minutes: int = 0, at: datetime = NOON, ticket: int = 1, undoes: int = 0, told: int = 0) -> Entry:
    return Entry(ticket, seq, at, minutes, undoes, told)


def test_a_month_begins_at_midnight_of_the_desk_whatever_the_season() -> None:
    assert (datetime(2026, 3, 31, 22, tzinfo=UTC), datetime(2026, 4, 30, 22, tzinfo=UTC)) == APRIL
    assert month_of(datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "Europe/Berlin") == APRIL
    december = month_of(datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "Europe/Berlin")
    assert december == (datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))


def test_what_was_logged_in_another_month_is_not_of_this_one() -> None:
    begin, end = APRIL
    entries = [logged(2, 30, begin - HOUR), logged(3, 60, begin), logged(4, 15, end - HOUR), logged(5, 45, end)]
    assert spent(entries, APRIL) == timedelta(minutes=75)


def test_a_correction_takes_time_off_but_never_below_nothing() -> None:
    assert spent([logged(2, 60), logged(3, -30)], APRIL) == HOUR / 2
    assert spent([logged(2, -30)], APRIL) == timedelta(0)
    assert spent([], APRIL) == timedelta(0)


def test_time_that_was_taken_back_was_never_logged() -> None:
    entries = [logged(2, 60), logged(4, 30), logged(6, undoes=2), logged(4, 10, ticket=2)]
    assert spent(entries, APRIL) == timedelta(minutes=70)


def test_people_are_told_once_when_a_mark_is_reached() -> None:
    ten = 10 * HOUR
    assert reached(7 * HOUR, 7.9 * HOUR, ten) is None
    assert reached(7 * HOUR, 8 * HOUR, ten) == 80
    assert reached(8 * HOUR, 9 * HOUR, ten) is None
    assert reached(7 * HOUR, 12 * HOUR, ten) == 100
    assert reached(10 * HOUR, 12 * HOUR, ten) is None
    assert reached(12 * HOUR, 7 * HOUR, ten) is None


def test_a_mark_that_was_told_counts_in_its_month_unless_it_was_taken_back() -> None:
    begin, _ = APRIL
    assert last_mark([logged(3, told=80)], APRIL) == 80
    assert last_mark([logged(3, told=80), logged(9, told=100), logged(10, undoes=2)], APRIL) == 80
    assert last_mark([logged(3, told=100, at=begin - HOUR)], APRIL) == 0


BIGCO = Organisation("bigco", "Bigco", ("customer.example",), contact="boss@customer.example", allowance=10 * HOUR)
LEA = Agent("lea", "Lea", "lea@acme.example", teams=("first",), role="lead", notify="mine")


def used(organisation: Organisation, before: float, after: float, told: int = 0) -> Life:
    """A ticket on which time was logged: what its organisation had used before and after, in hours."""
    desk = policy(organisations={"bigco": organisation}, agents={**policy().agents, "lea": LEA})
    life = born(desk, organisation="bigco")
    life.letters.clear()
    life.hears(TimeLogged(before * HOUR, after * HOUR, told))
    return life


def told(life: Life) -> list[tuple[str, str]]:
    return [(notice.letter, notice.to.email) for _, notice in life.letters]


def test_at_a_mark_the_lead_hears_and_whoever_answers_for_the_customer() -> None:
    life = used(BIGCO, 7, 8.25)
    (mark,) = [event for event in life.events if isinstance(event, AllowanceReached)]
    assert (mark.organisation, mark.month, mark.share, mark.spent, mark.allowance) == ("bigco", "2026-04", 80, 495, 600)
    assert told(life) == [("agent_warning", "lea@acme.example"), ("progress", "boss@customer.example")]
    assert [notice.apart for _, notice in life.letters] == [False, True]


def test_the_success_manager_hears_too_agent_or_not() -> None:
    assert ("agent_warning", "bo@acme.example") in told(used(replace(BIGCO, manager="bo"), 7, 8))
    assert ("agent_warning", "sue@sales.example") in told(used(replace(BIGCO, manager="sue@sales.example"), 7, 8))
    assert told(used(replace(BIGCO, manager="lea"), 7, 8)).count(("agent_warning", "lea@acme.example")) == 1


def test_a_mark_is_told_once_a_month_and_none_below_it_afterwards() -> None:
    assert told(used(BIGCO, 7, 8, told=80)) == []
    assert told(used(BIGCO, 7, 8, told=100)) == []
    assert len(told(used(BIGCO, 9, 11, told=80))) == 2


def test_without_an_allowance_nobody_counts() -> None:
    assert told(used(replace(BIGCO, allowance=None), 7, 80)) == []
    assert told(used(replace(BIGCO, contact=""), 7, 8)) == [("agent_warning", "lea@acme.example")]
