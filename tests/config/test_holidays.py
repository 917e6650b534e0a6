"""Closed days: written ones, those of a country, those of an .ics file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.config.ics import closed_days
from tests.config.desk import desk, loaded, problems

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)


def events(*bodies: str) -> str:
    parts = "".join(f"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Day off\r\n{body}\r\nEND:VEVENT\r\n" for body in bodies)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{parts}END:VCALENDAR\r\n"


def days(*bodies: str) -> list[str]:
    return [day.isoformat() for day in sorted(closed_days(events(*bodies), FIRST, LAST).days)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227", ["2026-12-24", "2026-12-25", "2026-12-26"]),
        ("DTSTART;VALUE=DATE:20261224\r\nDURATION:P2D", ["2026-12-24", "2026-12-25"]),
        ("DTSTART;VALUE=DATE:20100501\r\nRRULE:FREQ=YEARLY", [f"{year}-05-01" for year in range(2025, 2029)]),
        ("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;COUNT=2", ["2025-05-01", "2026-05-01"]),
        ("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;UNTIL=20270501", ["2025-05-01", "2026-05-01", "2027-05-01"]),
        ("DTSTART;VALUE=DATE:20240501\r\nRRULE:FREQ=YEARLY;INTERVAL=2", ["2026-05-01", "2028-05-01"]),
        ("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY", ["2028-02-29"]),
        ("DTSTART;VALUE=DATE:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=7", ["2025-11-27", "2026-11-26"]),
        ("DTSTART;VALUE=DATE:20250526\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", ["2025-05-26", "2026-05-25"]),
        ("DTSTART;VALUE=DATE:20250501\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20260501",
         ["2025-05-01", "2027-05-01"]),
        ("DTSTART;VALUE=DATE:20250501\r\nRDATE;VALUE=DATE:20250601", ["2025-05-01", "2025-06-01"]),
        ("DTSTART:20260501T090000Z\r\nDTEND:20260501T100000Z", []),
        ("DTSTART;VALUE=DATE:20260501\r\nSTATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:2026\r\n 0501", ["2026-05-01"]),
        ("DTSTART;VALUE=DATE:20260501\r\nBEGIN:VALARM\r\nDTSTART;VALUE=DATE:20260601\r\nEND:VALARM", ["2026-05-01"]),
    ],
)  # fmt: skip
def test_an_all_day_event_closes_its_days(body: str, expected: list[str]) -> None:
    assert days(body) == expected


def test_a_rule_we_do_not_know_is_said_and_its_first_day_counts() -> None:
    found = closed_days(events("DTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=MONTHLY"), FIRST, LAST)
    assert found.days == {date(2026, 5, 1)}
    assert found.notes == ("Day off: of the rule FREQ=MONTHLY only the first date counts; write the others as events",)


@pytest.mark.parametrize(
    "body", ["DTSTART;VALUE=DATE:20261341", "DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20300101"]
)
def test_an_event_that_makes_no_sense_is_noted_and_the_others_count(body: str) -> None:
    found = closed_days(events(body, "DTSTART;VALUE=DATE:20260502"), FIRST, LAST)
    assert found.days == {date(2026, 5, 2)}
    assert len(found.notes) == 1


def test_another_file_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="no BEGIN:VCALENDAR"):
        closed_days("<html>", FIRST, LAST)


def test_written_days_and_those_of_a_file_are_closed(tmp_path: Path) -> None:
    (tmp_path / "days.ics").write_bytes(events("DTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=YEARLY").encode())
    text = "[calendar.office]\nhours = '24x7'\nclosed = ['2026-12-24..2026-12-26', 2026-06-01]\nholidays = 'days.ics'\n"
    closed = loaded(desk(tmp_path, text)).policy.office.closed
    assert sorted(day.isoformat() for day in closed if day.year == 2026) == [
        "2026-05-01", "2026-06-01", "2026-12-24", "2026-12-25", "2026-12-26",
    ]  # fmt: skip
    assert max(closed) == date(2028, 5, 1)


def test_the_holidays_of_a_country_reach_two_years_ahead(tmp_path: Path) -> None:
    text = "[calendar.office]\nhours = '24x7'\nholidays = { country = 'DE', subdivision = 'BE' }\n"
    config = loaded(desk(tmp_path, text))
    closed = config.policy.office.closed
    assert {date(2026, 3, 8), date(2026, 5, 1), date(2026, 10, 3), date(2028, 12, 25)} <= closed  # 8 March: Berlin only
    assert {day.year for day in closed} == {2025, 2026, 2027, 2028}
    assert config.problems == ()


def test_a_file_of_holidays_that_ends_soon_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "days.ics").write_bytes(events("DTSTART;VALUE=DATE:20260501").encode())
    (warning,) = problems(desk(tmp_path, "[calendar.office]\nhours = '24x7'\nholidays = 'days.ics'\n"))
    assert (warning.severity, warning.message) == (
        "warning",
        "calendar.office.holidays: the last closed day it knows is 2026-05-01; add those of the twelve months to come",
    )
