"""What holds on a desk on which everything that time brings is switched on, whatever happens to a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.desk import calendar
from gateway.desk.causes import AgentActed, TimePassed
from gateway.desk.decide import decide
from gateway.desk.evolve import replay
from gateway.desk.notice import Notice
from gateway.desk.policy import Agent, Pending, Policy, Priority, Text
from gateway.desk.spans import parse_range, parse_span
from tests.desk.living import Life
from tests.desk.samples import MONDAY, OFFICE, answer, days, policy
from tests.desk.stories import STORIES, Story, live

LADDER = ("reminder", "reminder_last", "closed_no_answer")
BY_TIME = (*LADDER, "closed", "delayed", "progress")
MEDIUM = Priority(
    "medium",
    Text("Medium"),
    first_response=parse_span("4 business hours"),
    resolution=parse_range("3 business days"),
    assign_within=parse_span("1 business hour"),
    update_every=parse_span("5 business days"),
    update_once_late=parse_span("1 business day"),
)


def desk() -> Policy:
    agents = {"ana": Agent("ana", "Ana Ruiz", "ana@acme.example", teams=("first",), role="lead")}
    return policy(
        pending=Pending((parse_span("2 business days"), parse_span("3 business days")), parse_span("3 business days")),
        priorities={"medium": MEDIUM, "high": replace(MEDIUM, id="high", order=2)},
        agents=policy().agents | agents,
        on_hold_update_every=parse_span("5 business days"),
    )


def by_time(life: Life) -> list[tuple[object, str, str]]:
    """The letters to customers that nobody but time brought."""
    return [
        (at, notice.letter, notice.once)
        for at, notice in life.letters
        if notice.letter in BY_TIME and notice.about is not None and notice.about.by == "gateway"
    ]


def told_of(notice: Notice) -> tuple[object, ...]:
    """What a letter says to whom, whenever it says it."""
    about = replace(notice.about, at=MONDAY) if notice.about is not None else None
    return notice.letter, notice.to, about


@settings(max_examples=150)
@given(STORIES)
def test_nothing_is_told_a_customer_outside_of_office_hours_unless_somebody_wrote_it(story: Story) -> None:
    life = live(desk(), story)
    life.until(life.now + days(60))
    assert [letter for letter in by_time(life) if not calendar.is_open(OFFICE, letter[0])] == []  # type: ignore[arg-type]


@settings(max_examples=150)
@given(STORIES)
def test_no_letter_is_decided_twice(story: Story) -> None:
    life = live(desk(), story)
    life.until(life.now + days(60))
    promised = [notice.once for _, notice in life.letters]
    assert len(set(promised)) == len(promised)


@settings(max_examples=100)
@given(STORIES)
def test_after_every_event_the_ticket_is_what_its_events_say(story: Story) -> None:
    life = live(desk(), story)
    life.until(life.now + days(30))
    ticket = None
    for count in range(1, len(life.events) + 1):
        ticket = replay(life.events[:count])
        assert ticket is not None
        assert ticket.version == count
    assert ticket == life.ticket


@settings(max_examples=150)
@given(STORIES, st.floats(0, 60 * 24))
def test_a_gateway_that_slept_says_one_thing_to_the_customer_and_nothing_more_that_day(
    story: Story, hours: float
) -> None:
    """However long, and whenever it wakes: at most one step of the ladder, and none again on the same day."""
    life = live(desk(), story)
    wakes = life.now + timedelta(hours=hours)
    before = len(life.letters)
    for minutes in range(0, 24 * 60, 30):
        if (wakes + timedelta(minutes=minutes)).date() == wakes.date():
            life.hears(TimePassed(), wakes + timedelta(minutes=minutes))
    told = [notice.letter for _, notice in life.letters[before:] if notice.letter in LADDER]
    assert len(told) <= 1


@settings(max_examples=150)
@given(STORIES, st.floats(0, 40 * 24), st.integers(1, 60))
@example(
    [(AgentActed("bo", (), answer(visibility="private")), 392.75)], 0.25, 1
)  # from 18:00, when the office closes, to 17:59
def test_a_clock_that_is_set_back_up_to_an_hour_repeats_nothing(story: Story, hours: float, minutes: int) -> None:
    """What waited for the office to open is told for the first time where the clock is set back to before it closed."""
    life = live(desk(), story)
    life.until(life.now + timedelta(hours=hours))
    life.hears(TimePassed())
    now, told, said = life.now, by_time(life), [told_of(notice) for _, notice in life.letters]
    assert decide(life.ticket, TimePassed(), life.policy, now) == []
    for back in range(minutes, -1, -1):  # and passes the same hour once more
        life.hears(TimePassed(), now - timedelta(minutes=back))
    again = by_time(life)[len(told) :]
    assert again == [] or not calendar.is_open(OFFICE, now)
    twice = {letter for at, letter, _ in told if at >= now - timedelta(minutes=minutes)}  # type: ignore[operator]
    assert [letter for _, letter, _ in again if letter in twice] == []
    assert [each for _, each in life.letters[len(said) :] if told_of(each) in said] == []
