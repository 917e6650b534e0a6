"""The heart: causes in, events out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk import commands
from gateway.desk.causes import (
    AgentActed,
    ArticleAccepted,
    Cause,
    CustomerWrote,
    LetterFailed,
    MachineWrote,
    MailHeld,
    TimePassed,
)
from gateway.desk.decide import Refused, decide, next_due, open_ticket
from gateway.desk.events import ArticleAdded, Event, PhaseEntered, StatusChanged
from gateway.desk.evolve import evolve, replay
from gateway.desk.ticket import Author, Status, Ticket
from gateway.desk.workflow import STATUSES, TRANSITIONS, after
from tests.desk.samples import MARIA, MONDAY, answer, article, days, policy, request
from tests.desk.stories import CAUSES

DESK = policy()


def opened() -> tuple[Ticket, list[Event]]:
    events = open_ticket(request(), DESK, MONDAY)
    ticket = replay(events)
    assert ticket is not None
    return ticket, events


def after_all(ticket: Ticket, causes: Sequence[Cause], now: datetime = MONDAY) -> Ticket:
    for cause in causes:
        ticket = reduce(evolve, decide(ticket, cause, DESK, now), ticket)
    return ticket


def acted(*orders: commands.Command, agent: str = "ana") -> AgentActed:
    return AgentActed(agent, orders)


def test_a_request_becomes_a_new_ticket_in_the_first_phase_with_its_dates():
    ticket, _ = opened()
    assert (ticket.status, ticket.phase, ticket.requester) == ("new", "received", MARIA)
    assert ticket.step is not None
    assert ticket.step.first == datetime.fromisoformat("2026-04-13T11:00:00+00:00")
    assert ticket.step.by == datetime.fromisoformat("2026-04-16T09:00:00+00:00")


def test_an_answer_opens_a_new_ticket_and_stops_the_first_response_clock():
    ticket, _ = opened()
    ticket = after_all(ticket, [AgentActed("ana", article=answer())], MONDAY + days(0.1))
    assert (ticket.status, ticket.first_response_at) == ("open", MONDAY + days(0.1))


def test_a_private_note_moves_nothing():
    ticket, _ = opened()
    noted = after_all(ticket, [AgentActed("ana", article=answer(visibility="private"))])
    assert (noted.status, noted.first_response_at, noted.last_out) == ("new", None, None)


def test_taking_a_ticket_opens_it_and_taking_it_again_says_nothing():
    ticket = after_all(opened()[0], [acted(commands.Take())])
    assert (ticket.status, ticket.assignee) == ("open", "ana")
    assert decide(ticket, acted(commands.Take()), DESK, MONDAY) == []


def test_a_question_waits_for_the_customer_until_they_write():
    ticket = after_all(opened()[0], [AgentActed("ana", (commands.Ask(),), answer())])
    assert ticket.status == "pending"
    assert after_all(ticket, [CustomerWrote(article(id="a3"))]).status == "open"


def test_a_customer_who_writes_while_we_wait_for_engineering_leaves_it_on_hold():
    ticket = after_all(opened()[0], [acted(commands.Hold()), CustomerWrote(article(id="a3"))])
    assert ticket.status == "on_hold"


def test_a_solved_ticket_is_closed_five_business_days_later_and_not_before():
    ticket = after_all(opened()[0], [acted(commands.Solve())])
    due = next_due(ticket, DESK)
    assert due == MONDAY + days(7)
    assert decide(ticket, TimePassed(), DESK, due - days(0.01)) == []
    assert reduce(evolve, decide(ticket, TimePassed(), DESK, due), ticket).status == "closed"


def test_an_answer_that_never_arrived_stops_the_closing():
    failed = LetterFailed("l1", MARIA.email, "5.1.1", "no such user")
    ticket = after_all(opened()[0], [acted(commands.Solve()), failed])
    assert next_due(ticket, DESK) is None
    assert decide(ticket, TimePassed(), DESK, MONDAY + days(30)) == []


def test_thanks_after_solving_keeps_it_solved_but_a_new_problem_opens_it():
    ticket = after_all(opened()[0], [acted(commands.Solve())])
    assert after_all(ticket, [CustomerWrote(article(id="a3"), thanks=True)]).status == "solved"
    assert after_all(ticket, [CustomerWrote(article(id="a3"))]).status == "open"


def test_reaching_a_final_phase_solves_and_a_reply_goes_back_to_the_phase_before():
    ticket = after_all(opened()[0], [acted(commands.EnterPhase("review")), acted(commands.EnterPhase("fixed"))])
    assert (ticket.status, ticket.phase) == ("solved", "fixed")
    ticket = after_all(ticket, [CustomerWrote(article(id="a3"))])
    assert (ticket.status, ticket.phase) == ("open", "review")


def test_solving_enters_the_final_phase_that_customers_have_seen_from_the_first():
    ticket = replay(open_ticket(request(category="question"), DESK, MONDAY))
    assert ticket is not None
    assert after_all(ticket, [acted(commands.Solve())]).phase == "answered"
    assert after_all(opened()[0], [acted(commands.Solve())]).phase == "received"


def test_a_closed_ticket_is_not_solved_or_asked_about_before_it_is_reopened():
    ticket = after_all(opened()[0], [acted(commands.Close())])
    for order in (commands.Solve(), commands.Ask(), commands.Hold()):
        with pytest.raises(Refused, match="reopen it"):
            decide(ticket, acted(order), DESK, MONDAY)
    assert after_all(ticket, [acted(commands.Reopen())]).status == "open"


def test_a_phase_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(Refused, match="received, review, plan, fixed"):
        decide(opened()[0], acted(commands.EnterPhase("rewiev")), DESK, MONDAY)


def test_a_command_that_is_refused_leaves_those_before_it_undone():
    ticket = after_all(opened()[0], [acted(commands.Close())])
    with pytest.raises(Refused):
        decide(ticket, acted(commands.SetPriority("high"), commands.Solve()), DESK, MONDAY)


@pytest.mark.parametrize(
    "cause", [MailHeld(article(visibility="held"), "who knows"), MachineWrote(article(), "receipt")]
)
def test_held_mail_and_machine_mail_move_nothing(cause):
    ticket = after_all(opened()[0], [acted(commands.Solve())])
    changed = after_all(ticket, [cause])
    assert (changed.status, changed.close_due, changed.last_in) == (ticket.status, ticket.close_due, ticket.last_in)


def test_a_released_mail_counts_and_may_bring_its_sender_onto_the_ticket():
    ticket = after_all(opened()[0], [acted(commands.Ask())])
    held = article(id="a4", author=Author("stranger", "Eve", "eve@x.example"))
    ticket = after_all(ticket, [ArticleAccepted(held, "agent:ana", join=True)])
    assert ticket.status == "open"
    assert ticket.role_of("eve@x.example") == "participant"


def test_changing_the_category_keeps_the_phase_of_the_same_name_with_the_dates_it_has_there():
    ticket = after_all(opened()[0], [acted(commands.SetCategory("question"))])
    assert (ticket.category, ticket.phase) == ("question", "received")
    assert ticket.step is not None
    assert ticket.step.by is None


def test_every_status_has_its_place_in_the_table_of_transitions():
    assert set(STATUSES) == set(get_args(Status))
    for happening, cells in TRANSITIONS.items():
        assert all(after(status, happening) in STATUSES for status in STATUSES), happening
        assert set(cells) <= set(STATUSES)


@given(st.lists(st.tuples(CAUSES, st.integers(0, 20))))
def test_replaying_the_events_gives_the_ticket_and_twice_the_same_moment_changes_nothing(story):
    ticket, events = opened()
    now = MONDAY
    for cause, wait in story:
        now += days(wait)
        try:
            happened = decide(ticket, cause, DESK, now)
        except Refused:
            continue
        events += happened
        ticket = reduce(evolve, happened, ticket)
        if isinstance(cause, TimePassed):
            assert decide(ticket, cause, DESK, now) == []
    assert replay(events) == ticket
    assert ticket.version == len(events)


@given(st.lists(CAUSES))
def test_a_phase_is_never_final_on_a_ticket_that_is_worked_on(story):
    ticket, _ = opened()
    for cause in story:
        try:
            ticket = reduce(evolve, decide(ticket, cause, DESK, MONDAY), ticket)
        except Refused:
            continue
        final = {p.id for p in DESK.categories[ticket.category].phases if p.final}
        if ticket.phase in final:
            assert ticket.status in ("solved", "closed")


def test_an_event_says_when_and_by_whom():
    _, events = opened()
    assert all(event.at == MONDAY for event in events)
    assert [event.by for event in events if isinstance(event, (ArticleAdded, PhaseEntered, StatusChanged))] == [
        "requester",
        "gateway",
    ]
