"""The month's allowance, from the time that was logged."""

from datetime import UTC, datetime, timedelta

from gateway.desk.allowance import Entry, month_of, reached, spent

HOUR = timedelta(hours=1)
NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
APRIL = month_of(NOON, "Europe/Berlin")


def logged(seq: int, minutes: int = 0, at: datetime = NOON, ticket: int = 1, undoes: int = 0) -> Entry:
    return Entry(ticket, seq, at, minutes, undoes)


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
