"""Single words of customers, in every configured language, and what they do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk import commands
from gateway.desk.causes import CustomerSaid
from gateway.desk.policy import Agent
from gateway.desk.spans import Span, parse_span
from gateway.desk.ticket import Author
from gateway.desk.words import (
    LATER,
    LONGEST,
    AsksStatus,
    ChoosesCategory,
    Leaves,
    Rates,
    SaysKeepOpen,
    SaysLater,
    SaysSolved,
    asks_for_list,
    word_of,
)
from tests.desk.living import Life, born
from tests.desk.samples import BUG, MARIA, QUESTION, article, policy

JONAS = Author("participant", "Jonas", "jonas@customer.example")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SOLVED", SaysSolved()),
        (" solved! ", SaysSolved()),
        ("Gelöst.", SaysSolved()),
        ("geloest", SaysSolved()),
        ("KEEP OPEN", SaysKeepOpen()),
        ("bitte offen lassen", SaysKeepOpen()),
        ("LATER", SaysLater()),
        ("LATER 5 days", SaysLater(parse_span("5 days"))),
        ("later 2", SaysLater(parse_span("2 days"))),
        ("Später 3 Tage", SaysLater(parse_span("3 days"))),
        ("LATER 2 business days", SaysLater(parse_span("2 business days"))),
        ("LATER 400 weeks", SaysLater(LONGEST)),
        ("LATER 0 days", SaysLater(LATER)),
        ("RATING 4", Rates(4)),
        ("Rating: 2 it took too long", Rates(2, "it took too long")),
        ("RATING 5\nGreat help!\nThank you.", Rates(5, "Great help!\nThank you.")),
        ("Bewertung 3", Rates(3)),
        ("CATEGORY bug", ChoosesCategory("bug")),
        ("Kategorie Bug/Data Issues", ChoosesCategory("Bug/Data Issues")),
        ("STATUS", AsksStatus()),
        ("leave", Leaves()),
    ],
)
def test_a_mail_of_one_word_is_understood_whatever_its_case_and_punctuation(text, word):
    assert word_of(text, ["de"]) == word


@pytest.mark.parametrize(
    "text",
    ["", "It is solved now, thanks", "SOLVED\nbut another thing", "rating 9", "RATING", "later we saw it again",
     "status?\nI need it", "CATEGORY", "verlassen wir uns darauf", "x" * 5_000],
)  # fmt: skip
def test_whoever_says_more_is_not_taken_at_a_word(text):
    assert word_of(text, ["de"]) is None


def test_words_of_a_language_that_is_not_configured_are_ordinary_mail():
    assert word_of("erledigt", ["en"]) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_trouble(text):
    word_of(text, ["de", "fr"])
    asks_for_list(text, ["de"])


@pytest.mark.parametrize(("subject", "asked"), [("Status", "open"), ("STATUS ALL", "all"), ("Status alle", "all"),
                                                ("status of my order", ""), ("", "")])  # fmt: skip
def test_a_subject_asks_for_the_list_of_tickets(subject, asked):
    assert asks_for_list(subject, ["de"]) == asked


def test_solved_by_the_customer_closes_it_with_one_letter():
    life = born(policy())
    life.says(SaysSolved())
    assert life.ticket.status == "closed"
    assert life.ticket.solved_at is not None
    assert life.sent("solved", "closed", to=MARIA.email) == ["closed 04-13"]


def test_keep_open_opens_what_was_solved_or_waited():
    life = born(policy())
    life.commanded(commands.Solve())
    life.says(SaysKeepOpen())
    assert life.ticket.status == "open"


def test_a_rating_keeps_it_closed_and_a_poor_one_tells_the_lead():
    lead = Agent("lea", "Lea", "lea@acme.example", teams=("first",), role="lead", notify="mine")
    desk = policy(agents={**policy().agents, "lea": lead})
    life = born(desk)
    life.commanded(commands.Close())
    life.says(Rates(5))
    assert life.sent("agent_warning") == []
    life.says(Rates(1, "nobody called"))
    assert (life.ticket.status, life.ticket.rating, life.ticket.rating_comment) == ("closed", 1, "nobody called")
    assert life.sent("agent_warning", to="lea@acme.example") == ["agent_warning 04-13"]
    assert "nobody called" in life.letters[-1][1].lines[0]


def test_the_customer_chooses_a_category_and_hears_its_dates():
    chosen = {"question": QUESTION, "bug": BUG}
    desk = policy(categories={name: _choosable(each) for name, each in chosen.items()})
    life = born(desk, category="question")
    life.says(ChoosesCategory("BUG"))
    assert life.ticket.category == "bug"
    assert life.ticket.step is not None
    assert life.ticket.step.by is not None
    assert life.sent("phase_changed", to=MARIA.email) == ["phase_changed 04-13"]


def test_a_category_that_may_not_be_chosen_is_an_ordinary_mail():
    life = born(policy(), category="question")
    life.says(ChoosesCategory("bug"))
    assert life.ticket.category == "question"
    assert life.sent("agent_reply") != []


def test_asking_where_it_stands_moves_nothing_and_is_answered():
    life = born(policy())
    life.asked()
    life.says(AsksStatus())
    assert life.ticket.status == "pending"
    assert life.sent("my_tickets", to=MARIA.email) == ["my_tickets 04-13"]


def said_by_jonas(word: Leaves | SaysSolved) -> Life:
    life = born(policy())
    life.commanded(commands.AddReader(JONAS.email))
    life.hears(CustomerSaid(article(id="j", author=JONAS), word))
    return life


def test_a_reader_may_leave_and_may_not_close():
    assert said_by_jonas(Leaves()).ticket.participants == ()
    assert said_by_jonas(SaysSolved()).ticket.status == "new"


def test_the_requester_does_not_leave():
    life = born(policy())
    life.says(Leaves())
    assert life.sent("agent_reply") != []


def test_later_means_nothing_where_nobody_waits():
    life = born(policy())
    life.says(SaysLater(Span(86_400)))
    assert life.ticket.ladder is None
    assert life.sent("agent_reply") != []


def _choosable(category):
    return replace(category, choose=True)
