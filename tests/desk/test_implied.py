"""Phases that a ticket enters by what happens to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.desk import commands
from gateway.desk.causes import AgentActed, CustomerWrote, Offered
from gateway.desk.decide import decide, open_ticket
from gateway.desk.events import PhaseEntered
from gateway.desk.evolve import after_all, replay
from gateway.desk.policy import Phase, Policy, Team, Text, Tier
from gateway.desk.ticket import Ticket
from tests.desk.samples import BUG, MONDAY, answer, article, policy, request

PHASES = (
    Phase("received", Text("Received")),
    Phase("assigned", Text("Assigned"), enter_on="assigned"),
    Phase("begun", Text("In progress"), enter_on="first_response"),
    Phase("escalated", Text("Escalated"), enter_on="escalated"),
    Phase("engineering", Text("With engineering"), enter_on="task"),
    Phase("done", Text("Done"), final=True),
)
DESK = policy(
    categories={"bug": replace(BUG, phases=PHASES)},
    teams={"first": Team("first", Text("First line")), "second": Team("second", Text("Second line"))},
    tiers=(Tier("tier1", "first"), Tier("tier2", "second")),
)


def fresh(desk: Policy = DESK) -> Ticket:
    ticket = replay(open_ticket(request(category="bug", team="first", tier="tier1"), desk, MONDAY))
    assert ticket is not None
    return ticket


def acted(ticket: Ticket, *orders: commands.Command, words: bool = False) -> Ticket:
    cause = AgentActed("ana", orders, answer() if words else None)
    return after_all(ticket, decide(ticket, cause, DESK, MONDAY))


@pytest.mark.parametrize(
    ("order", "phase"),
    [
        (commands.Assign("bo"), "assigned"),
        (commands.Escalate(None), "escalated"),
        (commands.HandOver("ENG-331"), "engineering"),
        (commands.EnterPhase("begun"), "begun"),
        (commands.Inform(), "received"),
    ],
)
def test_what_an_agent_does_leads_to_the_phase_that_waits_for_it(order: commands.Command, phase: str) -> None:
    assert acted(fresh(), order).phase == phase


def test_a_first_answer_begins_the_work_and_a_second_one_changes_nothing() -> None:
    answered = acted(fresh(), words=True)
    assert answered.phase == "begun"
    assert acted(acted(answered, commands.EnterPhase("received")), words=True).phase == "received"


def test_the_desk_that_assigns_a_ticket_has_it_assigned() -> None:
    desk = replace(DESK, teams={"first": Team("first", Text("First line"), assign="round-robin")})
    ticket = fresh(desk)
    assert after_all(ticket, decide(ticket, Offered(0, ()), desk, MONDAY)).phase == "assigned"


def test_nothing_leads_back() -> None:
    ahead = acted(fresh(), commands.HandOver("ENG-331"))
    assert acted(ahead, commands.Assign("bo"), words=True).phase == "engineering"


def test_of_several_the_furthest_is_entered_and_a_named_one_before_all() -> None:
    both = (commands.Assign("bo"), commands.Escalate(None))
    assert acted(fresh(), *both).phase == "escalated"
    assert acted(fresh(), *both, commands.EnterPhase("begun")).phase == "begun"


def test_an_agent_who_names_the_phase_has_it_told_once() -> None:
    assigned = acted(fresh(), commands.Assign("bo"))
    named = decide(assigned, AgentActed("ana", (commands.EnterPhase("assigned"),)), DESK, MONDAY)
    assert [(event.phase, event.by) for event in named if isinstance(event, PhaseEntered)] == [
        ("assigned", "agent:ana")
    ]
    again = AgentActed("ana", (commands.EnterPhase("assigned"),))
    assert decide(after_all(assigned, named), again, DESK, MONDAY) == []


def test_who_solves_it_with_the_first_answer_leaves_it_in_the_last_phase() -> None:
    assert acted(fresh(), commands.Take(), commands.Solve(), words=True).phase == "done"


def test_a_customer_moves_nothing_on() -> None:
    ticket = fresh()
    wrote = CustomerWrote(article(id="a3"))
    assert after_all(ticket, decide(ticket, wrote, DESK, MONDAY)).phase == "received"
