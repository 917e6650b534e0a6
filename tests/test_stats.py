"""The figures of a desk, from what became of its tickets alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.desk import calendar
from gateway.desk.calendar import Calendar
from gateway.desk.events import StatusChanged
from gateway.desk.opentime import open_time
from gateway.desk.outcome import Outcome, outcome
from gateway.desk.policy import Policy, Priority, Text
from gateway.desk.ticket import Clock, Link, Status, Ticket
from gateway.stats import Figures, Kept, Lengths, figures, grouped, hours, lengths
from tests.desk.samples import OFFICE, policy
from tests.desk.test_calendar import LUNCH, NIGHTS
from tests.desk.test_calendar import OFFICE as BERLIN
from tests.store.samples import opened, ticket_of

NOW = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)
SINCE = NOW - 30 * timedelta(days=1)
ALWAYS = Calendar("always", always=True)
DESK = policy(
    calendars={"office": OFFICE, "always": ALWAYS},
    priorities={
        "high": Priority("high", Text("High"), calendar="office"),
        "critical": Priority("critical", Text("Critical"), calendar="always"),
    },
)


def ticket(number: int, hours_ago: float = 10, **changes: object) -> Ticket:
    return replace(ticket_of([opened(number, NOW - hours_ago * HOUR)]), **changes)  # type: ignore[arg-type]


def made(*tickets: Ticket, desk: Policy = DESK) -> Figures:
    open_ = hours(desk, SINCE - 400 * timedelta(days=1), NOW)
    return figures([outcome(each) for each in tickets], SINCE, NOW, open_)


def clock(*, missed: bool, stopped: bool) -> Clock:
    return Clock("resolution", "high", NOW, NOW, missed=NOW if missed else None, stopped=NOW if stopped else None)


def changed(hours_ago: float, before: Status, after: Status) -> StatusChanged:
    return StatusChanged(at=NOW - hours_ago * HOUR, by="agent:ana", before=before, after=after)


def test_the_median_is_the_middle_and_eighty_per_cent_the_nearest_rank() -> None:
    assert lengths([]) == Lengths()
    assert lengths([10_800]) == Lengths(1, 3 * HOUR, 3 * HOUR, 3 * HOUR, 3 * HOUR)
    assert lengths(3_600 * n for n in (4, 1, 3, 2)) == Lengths(4, 2.5 * HOUR, 2.5 * HOUR, 4 * HOUR, 4 * HOUR)
    assert lengths(3_600 * n for n in range(1, 11)).most == 8 * HOUR


def test_what_nobody_answered_has_no_first_response_and_no_length() -> None:
    found = made(ticket(1, 10, first_response_at=NOW - 8 * HOUR), ticket(2))
    assert (found.opened, found.first_response.count, found.first_response.mean) == (2, 1, 2 * HOUR)


def test_business_time_is_that_of_the_calendar_in_which_the_priority_counts() -> None:
    """From Monday 16:00 to Tuesday 10:00, where the office closes at 18:00 and opens at 9:00."""
    answered = {"first_response_at": NOW - 2 * HOUR, "solved_at": NOW - HOUR, "status": "solved"}
    office, always, gone = (ticket(n, 20, priority=p, **answered) for n, p in enumerate(("high", "critical", "gone")))
    assert made(office).first_response_business.median == 3 * HOUR
    assert made(office).resolution_business.median == 4 * HOUR
    assert made(always).first_response_business.median == made(always).first_response.median == 18 * HOUR
    assert made(gone).first_response_business.median == 3 * HOUR


@given(
    a=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    b=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    office=st.sampled_from([ALWAYS, BERLIN, LUNCH, NIGHTS, replace(ALWAYS, closed=frozenset([NOW.date()]))]),
)
def test_open_time_that_is_looked_up_is_the_one_that_is_walked(a: datetime, b: datetime, office: Calendar) -> None:
    looked_up = open_time(office, min(a, b), max(a, b)).seconds(a, b)
    assert abs(looked_up - calendar.between(office, a, b).total_seconds()) < 0.001


def test_a_calendar_that_never_opens_has_no_open_time() -> None:
    assert open_time(Calendar("never"), SINCE, NOW).seconds(SINCE, NOW) == 0


def test_a_ticket_closed_without_being_solved_counts_until_it_was_closed() -> None:
    solved = ticket(1, 10, status="closed", solved_at=NOW - 9 * HOUR, closed_at=NOW)
    closed = ticket(2, 10, status="closed", closed_at=NOW - 7 * HOUR)
    found = made(solved, closed, ticket(3))
    assert (found.solved, found.resolution.mean) == (2, 2 * HOUR)


def test_a_ticket_that_came_back_is_not_solved_before_it_is_solved_again() -> None:
    first = [opened(1, NOW - 10 * HOUR), changed(9, "open", "solved"), changed(5, "solved", "open")]
    again = [*first, changed(2, "open", "solved"), changed(1, "solved", "closed")]
    found = made(ticket_of([*first]))
    assert (found.solved, found.reopened, found.resolution.count, found.backlog) == (0, 1, 0, 1)
    found = made(ticket_of([*again]))
    assert (found.solved, found.reopened, found.resolution.median, found.backlog) == (1, 1, 8 * HOUR, 0)


def test_a_target_is_kept_once_it_was_reached_in_time_and_missed_as_soon_as_it_is_late() -> None:
    fates = [(False, True), (True, True), (True, False), (False, False)]
    own = [ticket(n, clocks=(clock(missed=missed, stopped=stopped),)) for n, (missed, stopped) in enumerate(fates)]
    found = made(*own, ticket(9))
    assert found.resolution_kept == Kept(1, 2)
    assert found.resolution_kept.share == 1 / 3
    assert found.first_response_kept.share is None


def test_a_merged_ticket_is_told_by_the_one_it_went_into() -> None:
    assert made(ticket(1, links=(Link("merged_into", 2),))) == Figures()


def test_what_machines_opened_is_work_and_nobody_waits_for_it() -> None:
    answered = {"first_response_at": NOW, "solved_at": NOW, "status": "solved", "minutes_spent": 5}
    missed = (clock(missed=True, stopped=True),)
    found = made(ticket(1, machine=True, clocks=missed, **answered), ticket(2, machine=True))
    assert (found.opened, found.machine, found.solved, found.minutes, found.backlog) == (2, 2, 1, 5, 1)
    assert (found.first_response.count, found.resolution.count, found.resolution_kept) == (0, 0, Kept())


def test_the_backlog_has_an_age_whenever_it_was_opened_and_the_ratings_a_mean() -> None:
    rated = [ticket(n, rating=stars, status="closed", closed_at=NOW) for n, stars in ((1, 5), (2, 2))]
    found = made(*rated, ticket(3, 1000), ticket(4, 20), ticket(5, 30))
    assert (found.rating, found.opened, found.backlog) == (3.5, 4, 3)
    assert (found.backlog_age.median, found.backlog_age.longest) == (30 * HOUR, 1000 * HOUR)


def test_groups_are_named_by_what_tickets_are_now_and_weeks_by_the_calendar_of_the_desk() -> None:
    sunday_night = outcome(ticket_of([opened(1, datetime(2026, 4, 12, 22, 30, tzinfo=UTC))]))  # Monday in Berlin
    ana = sunday_night._replace(assignee="ana")
    open_ = hours(DESK, SINCE, NOW)

    def groups(by: str, zone: str, *outcomes: Outcome) -> dict[str, Figures]:
        return dict(grouped(outcomes, by, zone, SINCE, NOW, open_))  # type: ignore[arg-type]

    assert list(groups("week", "Europe/Berlin", sunday_night)) == ["2026-W16"]
    assert list(groups("week", "UTC", sunday_night)) == ["2026-W15"]
    by_agent = groups("agent", "UTC", sunday_night, ana, ana._replace(status="closed"))
    assert {name: (each.opened, each.backlog) for name, each in by_agent.items()} == {"-": (1, 1), "ana": (2, 1)}
    assert list(groups("organisation", "UTC", sunday_night._replace(organisation="bigco"))) == ["bigco"]
