"""How long tickets stood in their phases, and how that is said."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.desk.calendar import Calendar
from gateway.desk.spans import range_words
from gateway.desk.stays import Passage, stood, usual
from gateway.desk.ticket import Step
from tests.desk.samples import OFFICE, policy

MONDAY = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 14 * DAY
BEFORE = MONDAY - 14 * DAY
ALWAYS = Calendar("always", always=True)
UNEVEN = Calendar("uneven", hours={0: ((time(9), time(12)), (time(13), time(18))), 4: ((time(9), time(13)),)})


def way(*steps: tuple[str, timedelta], ended: timedelta | None = None, category: str = "bug") -> Passage:
    """`steps` are phases with how long after Monday morning each was entered."""
    made = tuple(Step(phase, MONDAY + at) for phase, at in steps)
    return Passage(category, made, MONDAY + ended if ended is not None else None)


def hours(*passages: Passage, since: datetime = BEFORE) -> dict[str, list[float]]:
    """By phase, in open hours."""
    found = stood(passages, policy(), since, NOW)
    return {phase: [seconds / 3_600 for seconds in each] for (_, phase), each in found.items()}


def test_a_phase_lasts_until_the_next_one_and_only_open_hours_count() -> None:
    """The office is open from 9 to 18."""
    assert hours(way(("received", 0 * HOUR), ("review", 2 * HOUR), ("plan", DAY + HOUR))) == {
        "received": [2],
        "review": [8],
    }


def test_the_last_phase_lasts_until_the_ticket_is_solved() -> None:
    assert hours(way(("received", 0 * HOUR), ended=3 * HOUR)) == {"received": [3]}
    assert hours(way(("received", 0 * HOUR))) == {}


def test_a_final_phase_has_no_length() -> None:
    assert hours(way(("plan", 0 * HOUR), ("fixed", HOUR), ended=HOUR)) == {"plan": [1]}


def test_whoever_came_back_to_a_phase_is_one_case_with_all_its_time() -> None:
    there_and_back = (("review", 0 * HOUR), ("plan", HOUR), ("review", 2 * HOUR))
    assert hours(way(*there_and_back, ("plan", 5 * HOUR), ended=6 * HOUR)) == {"review": [4], "plan": [2]}
    assert hours(way(*there_and_back)) == {"plan": [1]}, "it still stands in review"


def test_what_was_left_long_ago_and_what_is_configured_no_more_does_not_count() -> None:
    early = way(("received", 0 * HOUR), ("review", HOUR), ("plan", 3 * DAY))
    assert hours(early, since=MONDAY + DAY) == {"review": [26]}
    assert hours(way(("gone", 0 * HOUR), ended=HOUR), way(("received", 0 * HOUR), ended=HOUR, category="gone")) == {}


@pytest.mark.parametrize(
    ("office", "median", "most", "said"),
    [
        (OFFICE, 18, 36, "2 to 4 business days"),
        (OFFICE, 20, 37, "2 to 5 business days"),
        (OFFICE, 18, 18, "2 business days"),
        (OFFICE, 4.2, 9, "5 business hours to 1 business day"),
        (OFFICE, 0.1, 0.5, "1 business hour"),
        (OFFICE, 0, 0, "1 business hour"),
        (UNEVEN, 6, 12, "1 to 2 business days"),
        (ALWAYS, 30, 100, "1 to 5 days"),
        (ALWAYS, 2, 23.5, "2 hours to 1 day"),
    ],
)
def test_lengths_are_said_as_people_count(office: Calendar, median: float, most: float, said: str) -> None:
    assert range_words(usual(median * HOUR, most * HOUR, office)) == said
