"""Tickets that share a cause: how they come to it, and what their customers are told together."""

from __future__ import annotations

import pytest

from gateway.desk import commands, problems
from gateway.desk.events_problem import ProblemChanged
from tests.desk.living import born
from tests.desk.samples import MONDAY, policy

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
