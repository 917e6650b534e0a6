"""Tickets joined and parted, in values: who may, what both sides become, what is where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.desk import commands
from gateway.desk.bonds import conversation
from gateway.desk.causes import AgentActed, CustomerWrote
from gateway.desk.causes_bonds import Absorbs, ComesBack, SplitsOff
from gateway.desk.events_bonds import Absorbed, GivenBack, MergedInto
from gateway.desk.evolve import replay
from gateway.desk.refused import Refused
from gateway.desk.ticket import Absorption, Link, Participant, Person, Ticket, Veil
from tests.desk.living import Life, born
from tests.desk.samples import MONDAY, answer, article, days, policy

JONAS = Person("Jonas Weber", "jonas@customer.example")
DESK = policy()
NOTE = replace(answer(visibility="private"), id="b3")
OTHERS = (Participant("Jonas Weber", JONAS.email), Participant("", "maria@home.example", "alias"))


def older(**changes: Any) -> Life:
    """ACME-1001, of Maria."""
    return born(DESK, number=1001, article=article(id="b1"), **changes)


def merging(life: Life, into: Ticket, named: int = 0) -> Life:
    """`life` is merged, and the other one hears of it as the gateway lets it."""
    cause = AgentActed("ana", (commands.MergeInto(named or into.number),), others={named or into.number: into})
    life.hears(cause, MONDAY + days(1))
    return life


def absorbing(life: Life, other: Life, articles: tuple[str, ...] = ("a1",), **more: Any) -> Life:
    merged = next(event for event in reversed(other.events) if isinstance(event, MergedInto))
    life.hears(Absorbs(other.ticket, "agent:ana", merged.status, articles, **more), MONDAY + days(1))
    return life


def test_a_merged_ticket_is_closed_with_nothing_left_to_do_and_its_requester_is_told_once():
    life = merging(born(DESK), older().ticket)
    assert (life.ticket.status, life.ticket.merged_into) == ("closed", 1001)
    assert life.ticket.links == (Link("merged_into", 1001),)
    life.until(MONDAY + days(60))
    assert life.sent(to="maria@customer.example") == ["ack 04-13", "merged 04-14"]


def test_the_letter_waits_as_long_as_it_can_be_taken_back():
    life = merging(born(policy(undo_window=timedelta(seconds=90))), older().ticket)
    (letter,) = [notice for _, notice in life.letters if notice.letter == "merged"]
    assert (letter.delay, letter.audience) == (timedelta(seconds=90), "requester")


def test_words_beside_the_merge_go_to_the_requester_in_the_same_letter():
    life, into = born(DESK), older().ticket
    life.hears(AgentActed("ana", (commands.MergeInto(1001),), answer(), others={1001: into}), MONDAY + days(1))
    (letter,) = [notice for _, notice in life.letters if notice.letter == "merged"]
    assert letter.article == "a2"
    assert life.sent("closed", "reply") == []


def test_after_a_merge_nothing_more_is_done_on_the_ticket():
    life = merging(born(DESK), older().ticket)
    for command in (commands.Reopen(), commands.Solve(), commands.Tag("vip"), commands.MergeInto(1001)):
        with pytest.raises(Refused, match="ACME-1042 was merged into ACME-1001: act on that one"):
            life.commanded(command)
    together = AgentActed("ana", (commands.MergeInto(1001), commands.Tag("vip")), others={1001: older().ticket})
    with pytest.raises(Refused, match="was merged"):
        born(DESK).hears(together)


@pytest.mark.parametrize(
    ("named", "into", "why"),
    [
        (1001, None, "there is no ticket 1001"),
        (1042, {"number": 1042}, "this very ticket"),
        (1001, {"number": 1042}, "ACME-1001 was merged into this one"),
        (1001, {"status": "closed"}, "ACME-1001 is closed: reopen it before you merge anything into it"),
        (1001, {"links": (Link("merged_into", 7),)}, "merged too often"),
        (1001, {"requester": JONAS}, "maria@customer.example is not on ACME-1001.*use /link or /problem"),
        (1001, {"requester": Person("", "maria@home.example")}, "use /link or /problem"),
    ],
)
def test_a_merge_is_refused_with_its_reason(named: int, into: dict[str, Any] | None, why: str):
    life = born(DESK)
    target = None if into is None else replace(older().ticket, **into)
    cause = AgentActed("ana", (commands.MergeInto(named),), others={} if target is None else {named: target})
    with pytest.raises(Refused, match=why) as refused:
        life.hears(cause)
    assert refused.value.command == 0


def test_a_ticket_whose_quote_is_open_is_not_merged():
    life = born(DESK)
    life.commanded(commands.MakeQuote(240, "480 EUR"))
    with pytest.raises(Refused, match="/quote none takes it back"):
        merging(life, older().ticket)


def test_a_ticket_goes_into_the_one_whose_readers_know_its_requester_and_not_the_other_way_round():
    hers = replace(older().ticket, participants=OTHERS)
    his = born(DESK, requester=JONAS)
    assert merging(his, hers).ticket.merged_into == 1001
    with pytest.raises(Refused, match="merge ACME-1042 into ACME-1001 instead"):
        merging(_numbered(hers), born(DESK, requester=JONAS).ticket)


def _numbered(ticket: Ticket) -> Life:
    return Life(DESK, ticket, MONDAY, [])


def test_whoever_is_on_one_of_them_alone_reads_no_more_than_before():
    """Jonas read along on the older ticket, Eve on the newer one."""
    his = born(DESK)
    his.ticket = replace(his.ticket, participants=(Participant("", "eve@customer.example"),))
    merging(his, replace(older().ticket, participants=OTHERS))
    into = older()
    into.ticket = replace(into.ticket, participants=OTHERS)
    absorbing(into, his)
    assert into.ticket.participants == OTHERS
    assert into.ticket.hidden_from(JONAS.email) == {"a1"}
    assert into.ticket.hidden_from("maria@home.example") == frozenset()
    assert into.ticket.hidden_from("eve@customer.example") == frozenset()
    left = next(event for event in his.events if isinstance(event, MergedInto)).left
    assert left == ("eve@customer.example",)


def test_the_requester_of_one_does_not_read_what_a_reader_of_it_wrote_on_a_ticket_of_their_own():
    into = older()
    into.ticket = replace(into.ticket, participants=OTHERS)
    absorbing(into, merging(born(DESK, requester=JONAS), into.ticket))
    assert into.ticket.hidden_from("maria@customer.example") == {"a1"}
    assert into.ticket.hidden_from(JONAS.email) == frozenset()


def test_what_was_hidden_stays_hidden_in_the_next_merge():
    veiled = Absorption(7, ("c1",), brought=(6,), veils=(Veil(("c1",), (JONAS.email,)),))
    other = born(DESK)
    other.ticket = replace(other.ticket, participants=OTHERS, absorbed=(veiled,))
    into = older()
    into.ticket = replace(into.ticket, participants=OTHERS)
    absorbing(into, merging(other, into.ticket), ("a1", "c1"))
    assert into.ticket.hidden_from(JONAS.email) == {"c1"}
    assert into.ticket.letters_of == (1001, 1042, 7, 6)


def test_another_address_of_the_same_person_becomes_one_of_the_requesters():
    other = born(DESK, requester=Person("Maria", "maria@home.example"))
    other.ticket = replace(other.ticket, participants=(Participant("", "maria@customer.example", "alias"),))
    into = absorbing(older(), merging(other, older().ticket))
    assert into.ticket.participants == (Participant("Maria", "maria@home.example", "alias"),)


def test_a_customer_who_wrote_anew_has_answered_the_ticket_that_waits_for_them():
    into = older()
    into.asked(MONDAY + timedelta(hours=1))
    absorbing(into, merging(born(DESK), into.ticket), latest="a1")
    assert (into.ticket.status, into.ticket.ladder) == ("open", None)
    into.until(MONDAY + days(40))
    assert into.sent("reminder", "reminder_last", "closed_no_answer", "reopened") == []


def test_what_waits_for_the_customer_brings_no_work():
    other, into = born(DESK), older()
    other.asked(MONDAY + timedelta(hours=1))
    into.asked(MONDAY + timedelta(hours=1))
    assert absorbing(into, merging(other, into.ticket)).ticket.status == "pending"


def test_whoever_was_answered_on_the_one_is_no_more_waited_for_on_the_other():
    other = born(DESK)
    other.hears(AgentActed("bo", article=answer("bo")), MONDAY + timedelta(hours=1))
    into = absorbing(older(), merging(other, older().ticket))
    assert (into.ticket.status, into.ticket.first_response_at) == ("open", MONDAY + days(1))


def test_working_time_goes_along_and_comes_back():
    other, into = born(DESK), older()
    other.commanded(commands.Spend(30))
    into.commanded(commands.Spend(15))
    absorbing(into, merging(other, into.ticket))
    assert into.ticket.minutes_spent == 45
    into.commanded(commands.Unmerge(1042), at=MONDAY + days(2))
    assert (into.ticket.minutes_spent, into.ticket.absorbed) == (15, ())


def test_tags_go_along_and_exactly_those_go_back():
    into = older(tags=("vip",))
    for number, tags in ((1042, ("vip", "export")), (1043, ("export", "csv")), (1044, ("pdf",))):
        absorbing(into, merging(born(DESK, number=number, tags=tags), into.ticket), (f"a{number}",))
    assert into.ticket.tags == ("vip", "export", "csv", "pdf")
    into.commanded(commands.Untag("pdf"), commands.Tag("pdf"))  # from now on it is its own
    left = []
    for number in (1042, 1043, 1044):
        into.commanded(commands.Unmerge(number), at=MONDAY + days(2))
        left.append(into.ticket.tags)
    assert left == [("vip", "export", "csv", "pdf"), ("vip", "pdf"), ("vip", "pdf")]
    assert replay(into.events) == into.ticket


def test_who_works_on_the_other_ticket_gets_the_words_and_who_merged_does_not():
    into = older()
    into.commanded(commands.Assign("bo"))
    absorbing(into, merging(born(DESK), into.ticket), latest="a1")
    (told,) = [notice for _, notice in into.letters if notice.reason == "merged"]
    assert (told.letter, told.to.email, told.article) == ("agent_reply", "bo@acme.example", "a1")


def test_an_unmerged_ticket_stands_where_it_stood_and_its_clocks_have_the_time_they_had_left():
    life = born(DESK)
    life.asked(MONDAY + timedelta(hours=1))
    merging(life, older().ticket)
    life.hears(ComesBack("agent:ana", ("a1", "a2"), "pending"), MONDAY + days(3))
    assert (life.ticket.status, life.ticket.merged_into, life.ticket.closed_at) == ("pending", None, None)
    assert life.ticket.ladder is not None
    assert life.sent("question", "solved") == ["question 04-13"]


def test_an_unmerged_ticket_that_owes_an_answer_says_that_it_is_open_again():
    life = merging(born(DESK), older().ticket)
    life.hears(ComesBack("agent:ana", ("a1",), "new"), MONDAY + days(3))
    assert life.ticket.status == "new"
    assert life.sent("reopened") == ["reopened 04-16"]


def test_only_what_was_merged_into_it_is_unmerged():
    into = absorbing(older(), merging(born(DESK), older().ticket))
    with pytest.raises(Refused, match="ACME-1043 was not merged into this ticket; ACME-1042 was"):
        into.commanded(commands.Unmerge(1043))
    into.commanded(commands.Unmerge(1042))
    with pytest.raises(Refused, match="none was"):
        into.commanded(commands.Unmerge(1042))
    with pytest.raises(Refused, match="was not merged into another ticket"):
        born(DESK).hears(ComesBack("agent:ana", (), "new"))


def test_each_ticket_knows_by_its_own_events_which_articles_are_its_own():
    life, into = born(DESK), older()
    merging(life, into.ticket)
    absorbing(into, life)
    assert (conversation(life.events), conversation(into.events)) == (set(), {"a1", "b1"})
    into.hears(CustomerWrote(article(id="b2")), MONDAY + days(2))
    into.hears(SplitsOff("agent:ana", 1050, "b2", NOTE, ((2, 1),)), MONDAY + days(2))
    assert conversation(into.events) == {"a1", "b1", "b3"}
    into.commanded(commands.Unmerge(1042), at=MONDAY + days(3))
    life.hears(ComesBack("agent:ana", ("a1",), "new"), MONDAY + days(3))
    assert (conversation(life.events), conversation(into.events)) == ({"a1"}, {"b1", "b3"})
    assert replay(into.events) == into.ticket
    assert replay(life.events) == life.ticket


def test_what_came_by_a_merge_and_was_split_off_is_not_given_back():
    into = absorbing(older(), merging(born(DESK), older().ticket), ("a1", "a2"), files=((1, 4), (2, 5)))
    into.hears(SplitsOff("agent:ana", 1050, "a2", NOTE, ((5, 1),)))
    (given,) = [e for e in into.commanded(commands.Unmerge(1042)) if isinstance(e, GivenBack)]
    assert (given.articles, given.files) == (("a1",), ((1, 4),))


def test_a_merge_leaves_a_trace_on_the_other_ticket():
    into = absorbing(older(), merging(born(DESK), older().ticket), files=((1, 3),))
    event = next(event for event in into.events if isinstance(event, Absorbed))
    assert (event.number, event.by, event.articles, event.files) == (1042, "agent:ana", ("a1",), ((1, 3),))
    assert Link("related", 1042) in into.ticket.links
