"""Which event is worth which letter, to whom."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest

from gateway.desk import commands
from gateway.desk.causes import AgentActed, Cause, CustomerWrote, LetterFailed, MailHeld, TimePassed
from gateway.desk.decide import decide, open_ticket
from gateway.desk.evolve import evolve, replay
from gateway.desk.notice import Notice
from gateway.desk.notices import notices
from gateway.desk.policy import Agent, LetterPolicy, Policy, Priority, Team, Text
from gateway.desk.ticket import Author, Person, Ticket
from tests.desk.living import born
from tests.desk.samples import MARIA, MONDAY, answer, article, days, policy, request

DESK = policy()


def written(cause: Cause, *, before: tuple[Cause, ...] = (), desk: Policy = DESK) -> list[Notice]:
    ticket = replay(open_ticket(request(), desk, MONDAY))
    assert ticket is not None
    for each in before:
        ticket = reduce(evolve, decide(ticket, each, desk, MONDAY), ticket)
    events = decide(ticket, cause, desk, MONDAY + days(10))
    return list(notices(reduce(evolve, events, ticket), events, desk))


def names(found: list[Notice]) -> list[tuple[str, str]]:
    return [(notice.letter, notice.to.email) for notice in found]


def opening(desk: Policy = DESK, **changes: object) -> list[Notice]:
    events = open_ticket(request(**changes), desk, MONDAY)
    ticket = replay(events)
    assert isinstance(ticket, Ticket)
    return list(notices(ticket, events, desk))


def test_a_new_ticket_is_acknowledged_once_and_told_to_the_whole_team():
    assert names(opening()) == [
        ("agent_new", "ana@acme.example"),
        ("agent_new", "bo@acme.example"),
        ("ack", MARIA.email),
    ]


def test_a_stranger_is_acknowledged_without_their_name():
    ack = next(notice for notice in opening(acknowledge="ack_stranger") if notice.letter == "ack_stranger")
    assert (ack.to.name, ack.audience, ack.automation) == ("", "stranger", "auto-replied")


def test_what_may_not_be_acknowledged_is_not():
    assert [name for name, _ in names(opening(acknowledge=None))] == ["agent_new", "agent_new"]


def test_an_answer_goes_to_the_requester_and_every_reader_after_the_undo_window_and_no_agent():
    desk = policy()
    found = written(AgentActed("ana", article=answer()), desk=desk)
    assert names(found) == [("reply", MARIA.email)]
    assert (found[0].automation, found[0].delay, found[0].author) == ("no", desk.undo_window, "ana")


def test_the_letter_with_an_agents_words_tells_everything_that_happened_with_them():
    told = {
        "question": (commands.Ask(),),
        "phase_changed": (commands.EnterPhase("review"),),
        "solved": (commands.EnterPhase("fixed"),),
    }
    for letter, orders in told.items():
        assert names(written(AgentActed("ana", orders, answer()))) == [(letter, MARIA.email)]


def test_a_private_note_reaches_colleagues_and_never_the_customer():
    found = written(AgentActed("ana", article=answer(visibility="private")))
    assert names(found) == [("agent_note", "bo@acme.example")]
    assert all(notice.private and notice.audience == "agent" for notice in found)


def test_a_customers_reply_is_told_to_the_assignee_alone():
    taken = AgentActed("bo", (commands.Take(),))
    assert names(written(CustomerWrote(article(id="a3")), before=(taken,))) == [("agent_reply", "bo@acme.example")]


def test_a_reply_to_a_solved_ticket_says_that_it_is_open_again_and_thanks_says_nothing():
    solved = AgentActed("bo", (commands.Solve(),))
    found = names(written(CustomerWrote(article(id="a3")), before=(solved,)))
    assert ("reopened", MARIA.email) in found
    thanked = names(written(CustomerWrote(article(id="a3"), thanks=True), before=(solved,)))
    assert {letter for letter, _ in thanked} == {"agent_reply"}


def test_closing_by_time_is_said_automatically():
    (closed,) = written(TimePassed(), before=(AgentActed("bo", (commands.Solve(),)),))
    assert (closed.letter, closed.automation) == ("closed", "auto-generated")


def test_whoever_is_given_a_ticket_by_somebody_else_is_told_and_who_takes_one_is_not():
    given = names(written(AgentActed("ana", (commands.Assign("bo"),))))
    assert given == [("agent_assigned", "bo@acme.example"), ("assigned", MARIA.email)]
    assert names(written(AgentActed("bo", (commands.Take(),)))) == [("assigned", MARIA.email)]


def test_a_failed_delivery_to_the_customer_is_told_to_staff():
    found = names(written(LetterFailed("l1", MARIA.email, "5.1.1", "gone")))
    assert found == [("agent_delivery_failed", "ana@acme.example"), ("agent_delivery_failed", "bo@acme.example")]


def test_a_letter_that_does_not_reach_a_colleague_makes_no_other_letter():
    assert written(LetterFailed("l1", "ana@acme.example", "5.1.1", "gone")) == []


def test_held_mail_is_told_to_the_team():
    assert {name for name, _ in names(written(MailHeld(article(id="h", visibility="held"), "a stranger")))} == {
        "agent_held"
    }


def test_a_letter_that_is_switched_off_is_not_written():
    desk = policy(letters={"agent_new": LetterPolicy(enabled=False)})
    assert names(opening(desk)) == [("ack", MARIA.email)]


def test_an_agent_who_wants_nothing_gets_nothing_and_one_who_wants_all_gets_all():
    quiet = Agent("ana", "Ana", "ana@acme.example", teams=("first",), notify="none")
    eager = Agent("eve", "Eve", "eve@acme.example", notify="all")
    desk = policy(agents={"ana": quiet, "eve": eager})
    assert names(opening(desk)) == [("agent_new", "eve@acme.example"), ("ack", MARIA.email)]


CY = Agent("cy", "Cy Young", "cy@acme.example", notify="mine")
TEAMS = {"first": Team("first", Text("First line")), "second": Team("second", Text("Second line"))}
PEOPLE = policy(agents={**DESK.agents, "cy": CY}, teams=TEAMS)


def noted(words: str, desk: Policy = PEOPLE, by: str = "ana") -> list[tuple[str, str]]:
    """Why whom a note of Ana's reaches."""
    found = written(AgentActed(by, article=replace(answer(by, "private"), text=words)), desk=desk)
    return [(notice.reason, notice.to.email) for notice in found]


@pytest.mark.parametrize("word", ["@cy", "@Cy,", "(@cy.young)", "Ask @CyYoung.", "@cy and @cy again"])
def test_whoever_is_named_in_a_note_is_told_though_it_is_not_theirs(word: str):
    assert noted(word) == [("mention", "cy@acme.example"), ("note", "bo@acme.example")]


def test_a_team_that_is_named_is_told_and_nobody_twice_and_never_the_writer():
    assert noted("@first-line: who knows it?") == [("mention", "bo@acme.example")]
    assert noted("@ana and @bo") == [("mention", "bo@acme.example")]


@pytest.mark.parametrize("word", ["cy@acme.example", "/home/@cy", "@nobody", "cy", "@"])
def test_what_names_nobody_tells_nobody_more(word: str):
    assert noted(word) == [("note", "bo@acme.example")]


def test_who_wants_no_letters_gets_none_by_being_named():
    silent = policy(agents={**DESK.agents, "cy": replace(CY, notify="none")})
    assert noted("@cy", silent) == [("note", "bo@acme.example")]


def test_an_answer_to_the_customer_names_nobody_of_us():
    found = written(AgentActed("ana", article=replace(answer(), text="Ask @cy.")), desk=PEOPLE)
    assert names(found) == [("reply", MARIA.email)]


def test_a_muted_ticket_is_told_to_the_others_and_by_name_or_with_the_work_to_who_muted_it():
    mute = AgentActed("bo", (commands.Mute(),))
    again = article(id="a9")
    assert names(written(CustomerWrote(again), before=(mute,))) == [("agent_reply", "ana@acme.example")]
    assert noted_after(mute, "@bo look") == [("mention", "bo@acme.example")]
    given = written(AgentActed("ana", (commands.Assign("bo"),)), before=(mute,))
    assert ("agent_assigned", "bo@acme.example") in names(given)
    unmuted = (mute, AgentActed("bo", (commands.Mute(on=False),)))
    assert len(written(CustomerWrote(again), before=unmuted)) == 2


def noted_after(before: Cause, words: str) -> list[tuple[str, str]]:
    found = written(AgentActed("ana", article=replace(answer("ana", "private"), text=words)), before=(before,))
    return [(notice.reason, notice.to.email) for notice in found]


def test_whoever_gets_a_ticket_hears_of_it_again_although_they_muted_it():
    before = AgentActed("bo", (commands.Mute(),)), AgentActed("ana", (commands.Assign("bo"),))
    assert names(written(CustomerWrote(article(id="a9")), before=before)) == [("agent_reply", "bo@acme.example")]


def test_where_the_assignee_muted_it_the_team_hears_what_the_customer_writes():
    before = AgentActed("bo", (commands.Take(),)), AgentActed("bo", (commands.Mute(),))
    assert names(written(CustomerWrote(article(id="a9")), before=before)) == [("agent_reply", "ana@acme.example")]


def test_to_mute_is_no_work_on_it_and_twice_is_nothing():
    life = born(DESK)
    touched = life.ticket.touched_at
    assert [type(event).__name__ for event in life.commanded(commands.Mute(), commands.Mute())] == ["Muted"]
    assert life.ticket.touched_at == touched


def test_an_alarm_is_told_to_everybody_whoever_muted_it():
    loud = policy(priorities={**DESK.priorities, "critical": Priority("critical", Text("Critical"), 1, alert="all")})
    mute, alarm = AgentActed("bo", (commands.Mute(),)), AgentActed("ana", (commands.SetPriority("critical"),))
    assert ("agent_new", "bo@acme.example") in names(written(alarm, before=(mute,), desk=loud))


def test_an_agent_who_is_the_customer_of_a_ticket_is_not_told_of_what_they_wrote():
    own = Person("Ana Ruiz", "ana.ruiz@acme.example")
    theirs = article(author=Author("requester", own.name, own.email))
    assert names(opening(requester=own, article=theirs))[:1] == [("agent_new", "bo@acme.example")]
    ticket = replay(open_ticket(request(requester=own, article=theirs), DESK, MONDAY))
    assert ticket is not None
    events = decide(ticket, CustomerWrote(replace(theirs, id="a9")), DESK, MONDAY)
    found = list(notices(reduce(evolve, events, ticket), events, DESK))
    assert [email for _, email in names(found)] == ["bo@acme.example"]


def test_the_same_events_give_the_same_keys_so_that_a_letter_is_written_once():
    first, again = opening(), opening()
    assert [notice.once for notice in first] == [notice.once for notice in again]
    assert len({notice.once for notice in first}) == len(first)
