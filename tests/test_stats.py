"""The figures of a desk, from tickets alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.desk.ticket import Clock, Link, Ticket
from gateway.stats import Figures, Kept, Lengths, figures, grouped, lengths
from tests.desk.samples import policy
from tests.store.samples import opened, ticket_of

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ticket(number: int, hours_ago: float = 10, **changes: object) -> Ticket:
    return replace(ticket_of([opened(number, NOW - hours_ago * HOUR)]), **changes)  # type: ignore[arg-type]


def clock(*, missed: bool, stopped: bool) -> Clock:
    return Clock("resolution", "high", NOW, NOW, missed=NOW if missed else None, stopped=NOW if stopped else None)


def test_the_median_is_the_middle_and_eighty_per_cent_the_nearest_rank() -> None:
    assert lengths([]) == Lengths()
    assert lengths([3 * HOUR]) == Lengths(1, 3 * HOUR, 3 * HOUR, 3 * HOUR)
    assert lengths(HOUR * n for n in (4, 1, 3, 2)) == Lengths(4, 2.5 * HOUR, 2.5 * HOUR, 4 * HOUR)
    assert lengths(HOUR * n for n in range(1, 11)).most == 8 * HOUR


def test_what_nobody_answered_has_no_first_response_and_no_length() -> None:
    answered = ticket(1, 10, first_response_at=NOW - 8 * HOUR)
    found = figures([answered, ticket(2)], [], NOW)
    assert (found.opened, found.first_response.count, found.first_response.mean) == (2, 1, 2 * HOUR)


def test_a_ticket_closed_without_being_solved_counts_until_it_was_closed() -> None:
    solved = ticket(1, 10, status="closed", solved_at=NOW - 9 * HOUR, closed_at=NOW)
    closed = ticket(2, 10, status="closed", closed_at=NOW - 7 * HOUR)
    found = figures([solved, closed, ticket(3)], [], NOW)
    assert (found.solved, found.resolution.mean) == (2, 2 * HOUR)


def test_a_target_is_kept_once_it_was_reached_in_time_and_missed_as_soon_as_it_is_late() -> None:
    fates = [(False, True), (True, True), (True, False), (False, False)]
    own = [ticket(n, clocks=(clock(missed=missed, stopped=stopped),)) for n, (missed, stopped) in enumerate(fates)]
    found = figures([*own, ticket(9)], [], NOW)
    assert found.resolution_kept == Kept(1, 2)
    assert found.resolution_kept.share == 1 / 3
    assert found.first_response_kept.share is None


def test_a_merged_ticket_is_told_by_the_one_it_went_into() -> None:
    merged = ticket(1, links=(Link("merged_into", 2),))
    assert figures([merged], [merged], NOW) == Figures()


def test_the_backlog_has_an_age_and_the_ratings_a_mean() -> None:
    found = figures([ticket(1, rating=5), ticket(2, rating=2)], [ticket(3, 40), ticket(4, 20)], NOW)
    assert (found.rating, found.backlog, found.backlog_age.median) == (3.5, 2, 30 * HOUR)


def test_groups_are_named_by_what_tickets_are_now_and_weeks_by_the_calendar_of_the_desk() -> None:
    sunday_night = ticket_of([opened(1, datetime(2026, 4, 12, 22, 30, tzinfo=UTC))])  # Monday in Berlin
    ana = replace(sunday_night, assignee="ana")
    berlin = policy(timezone="Europe/Berlin")
    assert list(grouped([sunday_night], [], "week", berlin, NOW)) == ["2026-W16"]
    assert list(grouped([sunday_night], [], "week", policy(timezone="UTC"), NOW)) == ["2026-W15"]
    by_agent = grouped([sunday_night, ana], [ana], "agent", berlin, NOW)
    assert {name: (each.opened, each.backlog) for name, each in by_agent.items()} == {"-": (1, 0), "ana": (1, 1)}
