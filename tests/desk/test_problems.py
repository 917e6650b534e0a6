"""Tickets that share a cause: how they come to it, and what their customers are told together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.desk import commands, problems
from gateway.desk.causes import AgentActed
from gateway.desk.decide import Refused
from gateway.desk.events_problem import ProblemChanged
from gateway.desk.problems import Share
from gateway.desk.ticket import AttachmentRef, Heard, Link, Participant, Person, Ticket
from tests.desk.living import born
from tests.desk.samples import MARIA, MONDAY, answer, days, policy

DESK = policy()


def test_a_ticket_belongs_to_one_problem_at_a_time_and_leaves_it_again():
    life = born(DESK)
    life.commanded(commands.SetProblem("ENG-331"))
    assert life.commanded(commands.SetProblem("eng-331")) == []
    assert life.commanded(commands.SetProblem("Login outage")) == [
        ProblemChanged(at=MONDAY, by="agent:ana", before="ENG-331", after="Login outage")
    ]
    life.commanded(commands.SetProblem(None))
    assert life.ticket.problem is None
    assert life.commanded(commands.SetProblem(None)) == []


def test_no_letter_tells_a_customer_which_problem_their_ticket_belongs_to():
    life = born(DESK)
    before = len(life.letters)
    life.commanded(commands.SetProblem("ENG-331"))
    assert life.letters[before:] == []


def test_a_ticket_given_to_a_task_elsewhere_belongs_to_the_problem_of_that_name():
    life = born(DESK)
    life.commanded(commands.HandOver("ENG-331"))
    assert (life.ticket.external_ref, life.ticket.problem) == ("ENG-331", "ENG-331")
    life.commanded(commands.HandOver("ENG-400"))
    assert (life.ticket.external_ref, life.ticket.problem) == ("ENG-400", "ENG-400")


def test_a_task_does_not_take_a_ticket_away_from_a_problem_of_another_name():
    life = born(DESK)
    life.commanded(commands.SetProblem("Login outage"))
    life.commanded(commands.HandOver("ENG-331"))
    assert (life.ticket.external_ref, life.ticket.problem) == ("ENG-331", "Login outage")
    life.commanded(commands.SetProblem(None))
    life.commanded(commands.HandOver("ENG-331"))
    assert life.ticket.problem is None


@pytest.mark.parametrize(
    ("words", "name"),
    [("ENG-331", "ENG-331"), ("  login \t outage ", "login outage"), ("", None), ("x" * 61, None), ("a\x07b", None)],
)
def test_a_problem_is_called_by_one_line_of_words(words, name):
    assert problems.reference(words) == name


# -- what all of them are told -----------------------------------------------------------------------------------------

JONAS = Person("Jonas Weber", "jonas@bigco.example")
HERS = born(DESK).ticket
HIS = replace(HERS, number=1043, requester=JONAS)
PHASE, DATE = commands.EnterPhase("plan"), commands.GiveDate(MONDAY + days(3))


def test_a_ticket_takes_part_in_words_phase_date_and_solution_and_in_nothing_else():
    orders = (commands.Take(), PHASE, DATE, commands.Inform(), commands.SetProblem("x"), commands.Solve())
    assert problems.share(HERS, orders, DESK) == Share((PHASE, DATE, commands.Inform(), commands.Solve()))


def test_a_phase_is_found_by_id_or_name_in_the_ticket_s_own_category_which_may_not_have_it():
    assert problems.share(HERS, (commands.EnterPhase("Under Review"),), DESK) == Share((commands.EnterPhase("review"),))
    question = replace(HERS, category="question")
    assert problems.share(question, (PHASE, DATE), DESK) == Share(
        (DATE,), ("keeps its phase, for Question has no phase plan",)
    )


def test_what_was_solved_before_stays_solved():
    solved = replace(HERS, status="solved")
    orders = (PHASE, DATE, commands.Ask(), commands.Hold(), commands.HandOver("ENG-331"), commands.Inform())
    assert problems.share(solved, orders, DESK) == Share((), ("keeps its phase, for it was solved before",))
    final = (commands.EnterPhase("fixed"), commands.Solve())
    assert problems.share(solved, final, DESK) == Share(final, ("was solved before",))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Export by month.", None),
        ("Hello Jonas,\nexport by month.", "Jonas Weber"),
        ("Hello Jonas, export by month.", "Jonas Weber"),
        ("Good news: Jonas was right.", None),
        ("Hello all,\nexport by month.", None),
        ("Export by month, says JONAS WEBER.", "Jonas Weber"),
        ("Jonas knows; so does jonas@bigco.example!", "Jonas Weber"),
        ("See acme-1043.", "ACME-1043"),
        ("See ACME-10430 and 1043.", None),
        ("A mail to xjonas@bigco.example.org", None),
        ("Hello Ana,", None),
    ],
)
def test_a_text_for_all_names_none_of_them(text, named):
    assert problems.named(text, (HERS, HIS), DESK) == named
    assert problems.named(text, (HIS,), DESK) is None


def test_whoever_is_on_every_ticket_may_be_named():
    both = Participant(JONAS.name, JONAS.email)
    assert problems.named("Hello Jonas,", (replace(HERS, participants=(both,)), HIS), DESK) is None
    ours = replace(HERS, requester=Person("Ana Ruiz", "ana@acme.example"))
    assert problems.named("Hello,\n\nit works again.\n\nAna Ruiz", (ours, HIS), DESK) is None


def test_the_mark_is_the_same_for_the_same_words_and_files_and_no_note_has_one():
    file = AttachmentRef(1, "a.txt", "text/plain", 3, "aa")
    words = answer()
    assert problems.mark_of(words) == problems.mark_of(replace(words, id="other", subject="Other", at=MONDAY + days(1)))
    with_file = replace(words, attachments=(file,))
    assert problems.mark_of(with_file) == problems.mark_of(replace(words, attachments=(replace(file, id=7),)))
    assert len({problems.mark_of(each) for each in (words, with_file, replace(words, text="Other"))}) == 3
    assert problems.mark_of(answer(visibility="private")) == problems.mark_of(None) == ""


def test_a_ticket_remembers_what_it_was_told_last_as_one_of_its_problem():
    life = born(DESK)
    with pytest.raises(Refused, match="belongs to no problem"):
        life.commanded(commands.Tell("t1", "a2", "mark"))
    life.commanded(commands.SetProblem("ENG-331"))
    life.hears(AgentActed("ana", (commands.Tell("t1", "a2", "mark"),), answer()))
    assert life.ticket.heard == Heard(MONDAY, "a2", "mark")
    life.commanded(PHASE, commands.Tell())
    assert life.ticket.heard == Heard(MONDAY, "a2", "mark")
    life.commanded(commands.SetProblem("Another"))
    assert life.ticket.heard is None


@pytest.mark.parametrize(
    ("orders", "meant"),
    [
        ((), "ENG-331"),
        ((commands.SetProblem("Other"),), "Other"),
        ((commands.HandOver("ENG-400"),), "ENG-331"),
        ((commands.SetProblem(None), commands.HandOver("ENG-400")), None),
    ],
)
def test_an_agent_speaks_to_the_problem_that_they_name_or_that_the_ticket_has(orders, meant):
    assert problems.meant(replace(HERS, problem="ENG-331"), orders) == meant


def test_a_ticket_that_gets_its_first_task_speaks_to_that():
    assert problems.meant(HERS, (commands.HandOver("ENG-400"),)) == "ENG-400"
    assert problems.meant(HERS, ()) is None


def test_a_problem_counts_customers_and_organisations_over_all_tickets_and_tells_those_not_closed():
    def one(number: int, **changes: object) -> Ticket:
        return replace(HERS, number=number, problem="ENG-331", **changes)  # type: ignore[arg-type]

    told = Heard(MONDAY, "a9", "mark")
    (found, other) = problems.problems_of(
        (
            one(1, organisation="bigco"),
            one(2, status="closed", requester=JONAS, organisation="bigco"),
            one(3, status="solved", heard=told),
            one(4, links=(Link("merged_into", 1),), heard=replace(told, at=MONDAY - days(1))),
            replace(one(5), problem="eng-331"),
            replace(one(6), problem="Login outage"),
        )
    )
    assert (found.name, other.name) == ("ENG-331", "Login outage")
    assert (found.customers, found.organisations) == ({MARIA.email, JONAS.email}, {"bigco"})
    assert [each.number for each in found.open] == [1, 3, 5]
    assert [each.number for each in found.unsolved] == [1, 5]
    assert (found.heard, other.heard) == (told, None)
