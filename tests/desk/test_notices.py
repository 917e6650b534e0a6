"""Which event is worth which letter, to whom."""

from __future__ import annotations

from functools import reduce

from gateway.desk import commands
from gateway.desk.causes import AgentActed, Cause, CustomerWrote, LetterFailed, MailHeld, TimePassed
from gateway.desk.decide import decide, open_ticket
from gateway.desk.evolve import evolve, replay
from gateway.desk.notice import Notice
from gateway.desk.notices import notices
from gateway.desk.policy import Agent, LetterPolicy, Policy
from gateway.desk.ticket import Ticket
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


def test_the_same_events_give_the_same_keys_so_that_a_letter_is_written_once():
    first, again = opening(), opening()
    assert [notice.once for notice in first] == [notice.once for notice in again]
    assert len({notice.once for notice in first}) == len(first)
