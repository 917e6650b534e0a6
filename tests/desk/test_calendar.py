"""Business time: laws of `add` and `between`, and the days on which clocks and desks are odd."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.desk.calendar import (
    Calendar,
    DayStep,
    NeverOpens,
    add,
    between,
    business_days_between,
    closing_of_day,
    explain,
    is_open,
    local_date,
    next_opening,
    reaches,
    windows,
)
from gateway.desk.spans import Span, Unit, parse_span

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_SIX = {weekday: ((time(9), time(18)),) for weekday in range(5)}
OFFICE = Calendar("office", "Europe/Berlin", NINE_TO_SIX, frozenset({date(2026, 5, 1), date(2026, 12, 25)}))
LUNCH = Calendar(
    "lunch",
    "Europe/Berlin",
    {**{weekday: ((time(9), time(12)), (time(13), time(17, 30))) for weekday in range(4)}, 4: ((time(9), time(15)),)},
)
NIGHTS = Calendar(
    "nights", "Europe/Berlin", {weekday: ((time(0), time(6)), (time(22), time(0))) for weekday in range(7)}
)
ALWAYS = Calendar("always", "Europe/Berlin", always=True)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def lands(calendar: Calendar, start: str, span: str) -> str:
    """Where `span` from the Berlin time `start` ends, in Berlin time."""
    return add(calendar, berlin(start), parse_span(span)).astimezone(BERLIN).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # 2026-05-01 is a Friday and closed.
        ("2026-04-30 16:00", "3 business days", "Wed 2026-05-06 16:00"),
        ("2026-04-30 16:00", "4 business hours", "Mon 2026-05-04 11:00"),
        ("2026-05-01 10:00", "1 business day", "Tue 2026-05-05 09:00"),
        ("2026-05-01 10:00", "1 business hour", "Mon 2026-05-04 10:00"),
        ("2026-04-30 16:00", "2h", "Thu 2026-04-30 18:00"),
        ("2026-04-30 16:00", "3d", "Sun 2026-05-03 16:00"),
        # Friday 16:59, closing at 18:00, and one minute before closing.
        ("2026-04-24 16:59", "1 business hour", "Fri 2026-04-24 17:59"),
        ("2026-04-24 16:59", "2 business hours", "Mon 2026-04-27 09:59"),
        ("2026-04-24 16:59", "1 business day", "Mon 2026-04-27 16:59"),
        ("2026-04-24 17:00", "1 business hour", "Fri 2026-04-24 18:00"),
        ("2026-04-24 18:00", "1 business hour", "Mon 2026-04-27 10:00"),
        ("2026-04-24 18:00", "1 business day", "Tue 2026-04-28 09:00"),
        ("2026-04-24 08:59", "1 business day", "Mon 2026-04-27 09:00"),
        # a leap day, the end of a month, the turn of a year
        ("2028-02-28 10:00", "1 business day", "Tue 2028-02-29 10:00"),
        ("2028-02-29 10:00", "1 business day", "Wed 2028-03-01 10:00"),
        ("2026-12-24 12:00", "1 business day", "Mon 2026-12-28 12:00"),
        ("2026-12-31 12:00", "9 business hours", "Fri 2027-01-01 12:00"),
        # nothing at all moves a start outside the hours, and only such a start
        ("2026-04-25 12:00", "0 business hours", "Mon 2026-04-27 09:00"),
        ("2026-04-25 12:00", "0 business days", "Mon 2026-04-27 09:00"),
        ("2026-04-24 12:34", "0 business days", "Fri 2026-04-24 12:34"),
        ("2026-04-25 12:00", "0s", "Sat 2026-04-25 12:00"),
    ],
)
def test_a_span_counts_open_days_and_hours_only(start: str, span: str, end: str) -> None:
    assert lands(OFFICE, start, span) == end


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-04-23 16:00", "1 business day", "Fri 2026-04-24 15:00"),  # Friday closes at three
        ("2026-04-24 14:00", "1 business day", "Mon 2026-04-27 14:00"),
        ("2026-04-24 12:30", "1 business day", "Mon 2026-04-27 13:00"),  # into a break: to its end
        ("2026-04-27 12:30", "1 business day", "Tue 2026-04-28 13:00"),
        ("2026-04-27 11:00", "2 business hours", "Mon 2026-04-27 14:00"),
        ("2026-04-27 11:00", "1 business hour", "Mon 2026-04-27 12:00"),
    ],
)
def test_an_end_is_drawn_into_the_hours_of_its_day(start: str, span: str, end: str) -> None:
    assert lands(LUNCH, start, span) == end


@pytest.mark.parametrize(
    ("calendar", "start", "span", "end"),
    [
        # the clocks skip 02:00 to 03:00 on 2026-03-29
        (ALWAYS, "2026-03-28 02:30", "1 business day", "Sun 2026-03-29 03:00"),
        (ALWAYS, "2026-03-28 12:00", "1 business day", "Sun 2026-03-29 12:00"),
        (ALWAYS, "2026-03-28 12:00", "24h", "Sun 2026-03-29 13:00"),
        (NIGHTS, "2026-03-29 01:00", "2 business hours", "Sun 2026-03-29 04:00"),
        (NIGHTS, "2026-03-28 23:00", "7 business hours", "Sun 2026-03-29 23:00"),
        # … and show 02:00 to 03:00 twice on 2026-10-25
        (ALWAYS, "2026-10-24 12:00", "1 business day", "Sun 2026-10-25 12:00"),
        (ALWAYS, "2026-10-24 12:00", "24h", "Sun 2026-10-25 11:00"),
        (NIGHTS, "2026-10-25 01:00", "3 business hours", "Sun 2026-10-25 03:00"),
        (NIGHTS, "2026-10-24 23:00", "8 business hours", "Sun 2026-10-25 06:00"),
    ],
)
def test_a_night_on_which_the_clocks_change_has_the_hours_it_really_has(
    calendar: Calendar, start: str, span: str, end: str
) -> None:
    assert lands(calendar, start, span) == end


def test_a_day_that_a_zone_skips_is_no_open_day() -> None:
    """Samoa had no 30 December 2011."""
    apia = Calendar("apia", "Pacific/Apia", always=True)
    assert windows(apia, date(2011, 12, 30)) == ()
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert local_date(apia, add(apia, start, Span(1, "business days"))) == date(2011, 12, 31)


def test_midnight_that_is_skipped_opens_the_day_when_the_clocks_jump() -> None:
    cairo = Calendar("cairo", "Africa/Cairo", always=True)
    ((opens, closes),) = windows(cairo, date(2026, 4, 24))
    assert opens == datetime(2026, 4, 23, 22, tzinfo=UTC)
    assert closes - opens == timedelta(hours=23)


def test_the_moment_of_opening_is_open_and_that_of_closing_is_not() -> None:
    assert is_open(OFFICE, berlin("2026-04-24 09:00"))
    assert not is_open(OFFICE, berlin("2026-04-24 18:00"))
    assert not is_open(OFFICE, berlin("2026-05-01 12:00"))
    assert is_open(ALWAYS, berlin("2026-05-01 03:00"))
    assert is_open(NIGHTS, berlin("2026-05-01 23:59"))


def test_the_next_opening_is_now_where_it_is_open() -> None:
    assert next_opening(OFFICE, berlin("2026-04-24 12:00")) == berlin("2026-04-24 12:00")
    assert next_opening(OFFICE, berlin("2026-04-30 18:00")) == berlin("2026-05-04 09:00")
    assert next_opening(LUNCH, berlin("2026-04-27 12:00")) == berlin("2026-04-27 13:00")
    assert next_opening(OFFICE, berlin("2026-04-30 18:00")).tzinfo is UTC


def test_a_day_closes_with_its_last_hours_or_with_itself() -> None:
    assert closing_of_day(LUNCH, date(2026, 4, 24)) == berlin("2026-04-24 15:00")
    assert closing_of_day(LUNCH, date(2026, 4, 25)) == berlin("2026-04-26 00:00")


def test_a_calendar_reaches_as_far_as_its_closed_days() -> None:
    assert reaches(OFFICE) == date(2026, 12, 25)
    assert reaches(LUNCH) == date.max


def test_a_closed_date_closes_a_calendar_that_is_always_open() -> None:
    shut = Calendar("x", "Europe/Berlin", closed=frozenset({date(2026, 5, 1)}), always=True)
    assert lands(shut, "2026-04-30 23:00", "2 business hours") == "Sat 2026-05-02 01:00"
    assert between(shut, berlin("2026-04-30 23:00"), berlin("2026-05-02 01:00")) == timedelta(hours=2)


def test_a_calendar_without_hours_says_so_and_does_not_search_for_ever() -> None:
    years = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4000))
    for calendar in (Calendar("never"), Calendar("never", hours={0: ()}), Calendar("never", closed=years, always=True)):
        for span in (Span(1, "business hours"), Span(1, "business days"), Span(0, "business days")):
            with pytest.raises(NeverOpens, match='"never"'):
                add(calendar, datetime(2026, 1, 1, tzinfo=UTC), span)
        assert between(calendar, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)) == timedelta(0)
        with pytest.raises(NeverOpens):
            business_days_between(calendar, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 9, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - what is tested
    for ask in (
        lambda: add(OFFICE, naive, Span(1)),
        lambda: between(OFFICE, naive, datetime(2026, 1, 1, tzinfo=UTC)),
        lambda: is_open(OFFICE, naive),
        lambda: next_opening(OFFICE, naive),
        lambda: local_date(OFFICE, naive),
    ):
        with pytest.raises(ValueError, match="time zone"):
            ask()


def test_an_explanation_names_every_day_on_the_way() -> None:
    assert explain(OFFICE, berlin("2026-04-30 16:00"), parse_span("3 business days")) == [
        DayStep(date(2026, 4, 30), "start"),
        DayStep(date(2026, 5, 1), "closed"),
        DayStep(date(2026, 5, 2), "no hours"),
        DayStep(date(2026, 5, 3), "no hours"),
        DayStep(date(2026, 5, 4), "counted", 1),
        DayStep(date(2026, 5, 5), "counted", 2),
        DayStep(date(2026, 5, 6), "counted", 3),
    ]


def test_an_explanation_of_hours_says_how_many_each_day_gave() -> None:
    assert explain(OFFICE, berlin("2026-04-29 19:00"), parse_span("10 business hours")) == [
        DayStep(date(2026, 4, 29), "over"),
        DayStep(date(2026, 4, 30), "start", 0, timedelta(hours=9)),
        DayStep(date(2026, 5, 1), "closed"),
        DayStep(date(2026, 5, 2), "no hours"),
        DayStep(date(2026, 5, 3), "no hours"),
        DayStep(date(2026, 5, 4), "counted", 1, timedelta(hours=1)),
    ]
    assert explain(OFFICE, berlin("2026-04-29 19:00"), parse_span("3d")) == []


calendars = st.sampled_from(
    [
        OFFICE,
        LUNCH,
        NIGHTS,
        ALWAYS,
        Calendar("utc", "UTC", NINE_TO_SIX),
        Calendar("lord howe", "Australia/Lord_Howe", {n: ((time(0), time(0)),) for n in (0, 2, 6)}),
        Calendar("st johns", "America/St_Johns", NIGHTS.hours),
        Calendar("cairo", "Africa/Cairo", always=True, closed=frozenset({date(2026, 4, 24)})),
    ]
)
business_units = st.sampled_from(get_args(Unit)[1:])
EVENTFUL = [datetime(*day, tzinfo=UTC) for day in ((2026, 3, 28), (2026, 4, 23), (2026, 10, 24), (2028, 2, 28))]
instants = st.builds(
    lambda start, seconds: start + timedelta(seconds=seconds), st.sampled_from(EVENTFUL), st.integers(0, 3 * 86_400)
) | st.integers(0, 3 * 365 * 86_400).map(lambda seconds: EVENTFUL[0] + timedelta(seconds=seconds))


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 300))
def test_between_undoes_add_of_business_hours(calendar: Calendar, start: datetime, hours: int) -> None:
    end = add(calendar, start, Span(hours, "business hours"))
    assert between(calendar, start, end) == timedelta(hours=hours)
    assert between(calendar, end, start) == -timedelta(hours=hours)


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 60))
def test_the_days_between_undo_add_of_business_days(calendar: Calendar, start: datetime, days: int) -> None:
    assert business_days_between(calendar, start, add(calendar, start, Span(days, "business days"))) == days


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 4320), st.integers(0, 40))
def test_a_later_start_never_ends_earlier(calendar: Calendar, start: datetime, minutes: int, amount: int) -> None:
    later = start + timedelta(minutes=minutes)
    for span in (Span(amount), Span(amount, "business hours")):
        assert add(calendar, start, span) <= add(calendar, later, span)
    # A local time that the clocks show twice means the same time of another day both times: there, and only there, an
    # hour of starts ends an hour of ends.
    repeated = any(at.astimezone(calendar.zone).fold for at in (start, later))
    slack = timedelta(hours=1) if repeated else timedelta(0)
    days = Span(amount, "business days")
    assert add(calendar, start, days) <= add(calendar, later, days) + slack


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 40), business_units)
def test_more_is_later_and_ends_in_opening_hours(calendar: Calendar, start: datetime, amount: int, unit: Unit) -> None:
    end = add(calendar, start, Span(amount, unit))
    assert start <= end < add(calendar, start, Span(amount + 1, unit))
    assert is_open(calendar, end) or any(end == closes for _, closes in windows(calendar, local_date(calendar, end)))


@settings(deadline=None)
@given(calendars, instants, st.integers(0, 30), business_units)
def test_an_explanation_agrees_with_the_end(calendar: Calendar, start: datetime, amount: int, unit: Unit) -> None:
    span = Span(amount, unit)
    steps = explain(calendar, start, span)
    assert [step.state for step in steps].count("start") == 1
    assert steps[-1].day == local_date(calendar, add(calendar, start, span))
    if unit == "business days":
        assert steps[-1].number == amount
    else:
        assert sum((step.spent for step in steps), timedelta(0)) == timedelta(hours=amount)
