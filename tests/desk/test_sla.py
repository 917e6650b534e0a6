"""Clocks: when they run, stand still, warn and are missed."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.desk import commands
from gateway.desk.calendar import Calendar
from gateway.desk.causes import AgentActed, CustomerWrote, TimePassed
from gateway.desk.decide import Refused, dues, late_at, next_due
from gateway.desk.events_time import ClockMissed, ClockStarted, ClockWarned
from gateway.desk.evolve import replay
from gateway.desk.policy import Agent, Policy, Priority, Text
from gateway.desk.spans import parse_range, parse_span
from tests.desk.living import Life, born
from tests.desk.samples import MONDAY, answer, article, days, policy

ALWAYS = Calendar("always", always=True)
OFFICE = Calendar("office", "UTC", {day: ((time(9), time(18)),) for day in range(5)})
SATURDAY = datetime(2026, 4, 18, 12, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def desk(**targets: Any) -> Policy:
    """Medium has `targets`; high, which nobody has at first, a resolution of 8 hours."""
    spans = {name: parse_span(value) for name, value in targets.items() if name.startswith(("first_response", "assign"))
             and name != "first_response_by"}  # fmt: skip
    others = {name: value for name, value in targets.items() if name not in spans}
    if "resolution" in others:
        others["resolution"] = parse_range(others["resolution"])
    medium = Priority("medium", Text("Medium"), **spans, **others)
    high = Priority("high", Text("High"), order=2, resolution=parse_range("8h"))
    lead = Agent("lea", "Lea", "lea@acme.example", teams=("first",), role="lead", notify="mine")
    base = policy(priorities={"medium": medium, "high": high}, calendars={"office": OFFICE, "always": ALWAYS})
    return policy(priorities=base.priorities, calendars=base.calendars, agents={**base.agents, "lea": lead})


def due(life: Life, name: str) -> datetime | None:
    clock = life.ticket.clock(name)  # type: ignore[arg-type]
    return clock.due if clock is not None and clock.runs else None


def test_a_first_response_is_warned_of_at_three_quarters_and_then_missed():
    life = born(desk(first_response="4 business hours"))
    life.until(MONDAY + days(2))
    assert life.sent("agent_warning", to="ana@acme.example") == ["agent_warning 04-13", "agent_warning 04-13"]
    warned, missed = [e for e in life.events if isinstance(e, ClockWarned | ClockMissed)]
    assert (warned.at, missed.at) == (MONDAY + hours(3), MONDAY + hours(4))


def test_of_what_is_missed_the_leads_hear_too():
    life = born(desk(first_response="4 business hours"))
    life.commanded(commands.Assign("bo"))
    life.until(MONDAY + days(2))
    assert life.sent("agent_warning", to="lea@acme.example") == ["agent_warning 04-13"]
    assert len(life.sent("agent_warning", to="bo@acme.example")) == 2
    assert life.sent("agent_warning", to="ana@acme.example") == []


def test_an_answer_stops_the_first_response_and_an_automatic_letter_does_not():
    life = born(desk(first_response="4 business hours"))
    assert due(life, "first_response") == MONDAY + hours(4)
    life.hears(AgentActed("ana", article=answer()))
    assert due(life, "first_response") is None
    life.until(MONDAY + days(5))
    assert "first response" not in [notice.reason for _, notice in life.letters]


def test_taking_it_counts_as_a_response_where_the_desk_says_so():
    for counts, stopped in (("reply", False), ("take", True), ("assigned", True)):
        life = born(desk(first_response="4 business hours", first_response_by=counts))
        life.commanded(commands.Take())
        assert (due(life, "first_response") is None) is stopped
    given = born(desk(first_response="4 business hours", first_response_by="take"))
    given.commanded(commands.Assign("bo"))
    assert due(given, "first_response") is not None


def test_who_writes_out_of_hours_has_another_target():
    spans = {"first_response": "1 business hour", "first_response_outside": "4h"}
    assert due(born(desk(**spans)), "first_response") == MONDAY + hours(1)
    assert due(born(desk(**spans), SATURDAY), "first_response") == SATURDAY + hours(4)


def test_the_assignment_has_a_clock_of_its_own():
    life = born(desk(assign_within="1 business hour"))
    assert [kind for kind, _ in dues(life.ticket, life.policy)] == ["assignment", "phase"]
    life.commanded(commands.Assign("bo"))
    assert due(life, "assignment") is None
    late = born(desk(assign_within="1 business hour"))
    late.until(MONDAY + days(1))
    assert "assignment" in [notice.reason for _, notice in late.letters]


def test_a_resolution_stands_still_while_we_wait_for_the_customer():
    life = born(desk(resolution="8h", calendar="always"))
    life.asked(MONDAY + hours(2))
    assert due(life, "resolution") is None
    life.hears(CustomerWrote(article(id="a3")), MONDAY + hours(50))
    assert due(life, "resolution") == MONDAY + hours(56)


def test_business_time_that_stood_still_is_counted_in_open_hours():
    life = born(desk(resolution="2 business days"))
    life.asked(MONDAY + hours(4))
    life.hears(CustomerWrote(article(id="a3")), SATURDAY)
    assert due(life, "resolution") == datetime(2026, 4, 21, 14, tzinfo=UTC)


def test_what_waits_for_somebody_else_still_runs():
    life = born(desk(resolution="8h"))
    life.commanded(commands.Hold())
    assert due(life, "resolution") == MONDAY + hours(8)


def test_a_solution_that_did_not_hold_goes_on_with_the_time_that_was_left():
    life = born(desk(resolution="8h"))
    life.commanded(commands.Solve(), at=MONDAY + hours(2))
    life.hears(CustomerWrote(article(id="a3")), MONDAY + days(2))
    assert due(life, "resolution") == MONDAY + days(2) + hours(6)


def test_a_range_names_both_ends_and_is_late_at_the_second():
    life = born(desk(resolution=["1w", "2w"], calendar="always"))
    clock = life.ticket.clock("resolution")
    assert clock is not None
    assert (clock.first, clock.due) == (MONDAY + days(7), MONDAY + days(14))
    assert clock.warn == MONDAY + days(10.5)


def test_another_priority_counts_from_the_time_the_ticket_came():
    life = born(desk(resolution="3d"))
    life.commanded(commands.SetPriority("high"), at=MONDAY + hours(2))
    assert due(life, "resolution") == MONDAY + hours(8)


def test_a_target_that_would_be_over_already_counts_from_the_change():
    life = born(desk(resolution="3d"))
    life.commanded(commands.SetPriority("high"), at=MONDAY + hours(20))
    assert due(life, "resolution") == MONDAY + hours(28)


def test_what_was_missed_stays_missed_whatever_its_priority_becomes():
    life = born(desk(resolution="2h"))
    life.until(MONDAY + hours(3))
    life.commanded(commands.SetPriority("high"))
    assert life.ticket.late_since == MONDAY + hours(2)
    assert not [event for event in life.events[-1:] if isinstance(event, ClockStarted)]


def test_a_gateway_that_slept_says_that_it_is_late_and_no_longer_warns():
    life = born(desk(first_response="4 business hours"))
    found = life.hears(TimePassed(), MONDAY + days(30))
    assert isinstance(found[0], ClockMissed)
    assert not [event for event in found if isinstance(event, ClockWarned)]


def test_a_ticket_is_late_when_its_next_target_is():
    life = born(desk(first_response="4 business hours", resolution="8h"))
    assert late_at(life.ticket) == MONDAY + hours(4)
    life.hears(AgentActed("ana", article=answer()))
    assert late_at(life.ticket) == MONDAY + hours(8)
    life.commanded(commands.Solve())
    assert late_at(life.ticket) is None


MOVES = st.sampled_from(
    [
        AgentActed("ana", (commands.Ask(),), answer()),
        AgentActed("ana", (commands.Hold(),)),
        AgentActed("ana", (commands.Solve(),)),
        AgentActed("ana", (commands.Take(),)),
        AgentActed("ana", (commands.SetPriority("high"),)),
        AgentActed("ana", (commands.SetPriority("medium"),)),
        AgentActed("bo", article=answer()),
        CustomerWrote(article(id="x")),
        TimePassed(),
    ]
)


@settings(max_examples=150)
@given(st.lists(st.tuples(MOVES, st.integers(0, 300)), max_size=10))
def test_clocks_never_run_while_we_wait_and_no_step_is_told_twice(story):
    life = born(desk(first_response="4 business hours", resolution="3 business days", assign_within="1h"))
    for cause, quarters in story:
        with suppress(Refused):  # it was solved long ago, and closed
            life.hears(cause, life.now + hours(quarters / 4))
        running = {clock.name for clock in life.ticket.clocks if clock.runs}
        if life.ticket.status in ("pending", "solved", "closed"):
            assert not running & {"resolution", "first_response"}
        due_at = next_due(life.ticket, life.policy)
        assert due_at is None or due_at.tzinfo is not None
    life.until(life.now + days(20))
    told = [(e.clock, e.due) for e in life.events if isinstance(e, ClockMissed)]
    assert len(set(told)) == len(told)
    assert replay(life.events) == life.ticket
