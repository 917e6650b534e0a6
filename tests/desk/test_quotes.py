"""Quotes: made by an agent, decided by the customer in one word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.desk import commands
from gateway.desk.causes import AgentActed, CustomerSaid, CustomerWrote
from gateway.desk.events_quote import DecisionOvertaken, QuoteApproved, Quoted, QuoteDeclined, QuoteWithdrawn
from gateway.desk.events_time import ProgressSent
from gateway.desk.orders import Orders, orders_of
from gateway.desk.policy import Organisation, Policy, Priority, Text
from gateway.desk.quotes import overtakes
from gateway.desk.refused import Refused
from gateway.desk.spans import parse_range, parse_span
from gateway.desk.ticket import Author
from gateway.desk.words import Decides, SaysSolved, word_of
from tests.desk.living import Life, born
from tests.desk.samples import MARIA, MONDAY, answer, article, days, policy

BOSS = "boss@customer.example"
BIGCO = Organisation("bigco", "Bigco", ("customer.example",), contact=BOSS)
QUOTE = commands.MakeQuote(240, "480 EUR")
HOUR = timedelta(hours=1)


def desk(**changes: object) -> Policy:
    return policy(organisations={"bigco": BIGCO}, on_hold_update_every=parse_span("7d"), **changes)


def quoted(desk: Policy | None = None, **changes: object) -> Life:
    """Ana quotes with words an hour after the ticket came."""
    life = born(desk or policy(on_hold_update_every=parse_span("7d")), **changes)
    life.hears(AgentActed("ana", (QUOTE,), answer()), MONDAY + HOUR)
    return life


def read(line: str) -> Orders:
    return orders_of(f"{line}\n\nHello Maria", born(policy()).ticket, policy(), MONDAY)


@pytest.mark.parametrize(
    ("line", "minutes", "amount"),
    [
        ("/quote 4h", 240, ""),
        ("/quote 4h 480 EUR", 240, "480 EUR"),
        ("/quote 1h 30m EUR 200, plus VAT", 90, "EUR 200, plus VAT"),
        ("/quote 1 hour 30 minutes $200", 90, "$200"),
        ("/quote 40h", 2400, ""),
    ],
)
def test_a_quote_names_time_and_what_it_costs_in_the_agents_words(line: str, minutes: int, amount: str):
    assert read(line).commands == (commands.MakeQuote(minutes, amount),)


@pytest.mark.parametrize("line", ["/quote", "/quote 480 EUR", "/quote 2d", "/quote 3 business days", "/quote 0h",
                                  "/quote 20s", "/quote soon", f"/quote 4h {'x' * 61}"])  # fmt: skip
def test_what_is_no_working_time_is_no_quote(line: str):
    (wrong,) = read(line).wrong
    assert "/quote 4h" in wrong.why or "characters" in wrong.why


def test_a_quote_with_words_is_one_letter_and_the_ticket_waits_on_hold():
    life = quoted()
    assert life.ticket.status == "on_hold"
    assert life.ticket.quote is not None
    assert (life.ticket.quote.minutes, life.ticket.quote.amount, life.ticket.quote.by) == (240, "480 EUR", "agent:ana")
    assert life.sent(to=MARIA.email) == ["ack 04-13", "question 04-13"]
    assert life.ticket.ladder is None


def test_a_quote_without_words_is_told_too_and_is_a_first_response():
    life = born(policy())
    life.commanded(QUOTE)
    assert life.sent(to=MARIA.email) == ["ack 04-13", "question 04-13"]
    assert life.ticket.first_response_at == MONDAY


def test_a_quote_with_a_phase_is_the_letter_of_the_phase():
    life = born(policy())
    life.commanded(commands.EnterPhase("review"), QUOTE)
    assert life.sent(to=MARIA.email) == ["ack 04-13", "phase_changed 04-13"]


@pytest.mark.parametrize("approves", [True, False])
def test_a_decision_opens_the_ticket_and_tells_whoever_has_it_and_who_asked(approves: bool):
    life = quoted()
    life.commanded(commands.Assign("bo"), at=MONDAY + 2 * HOUR)
    before = len(life.letters)
    events = life.says(Decides(approves, "but not before Monday"), MONDAY + days(1))
    (decision,) = [event for event in events if isinstance(event, QuoteApproved | QuoteDeclined)]
    assert isinstance(decision, QuoteApproved) is approves
    assert (decision.by, decision.minutes, decision.amount) == ("requester", 240, "480 EUR")
    assert (decision.quoted_at, decision.quoted_by) == (MONDAY + HOUR, "agent:ana")
    assert decision.comment == "but not before Monday"
    assert (life.ticket.status, life.ticket.quote) == ("open", None)
    told = [notice for _, notice in life.letters[before:]]
    assert {(notice.letter, notice.to.email) for notice in told} == {
        ("agent_reply", "ana@acme.example"), ("agent_reply", "bo@acme.example"),
    }  # fmt: skip
    assert {notice.reason for notice in told} == {"quote-approved" if approves else "quote-declined"}


def test_without_an_open_quote_the_word_is_an_ordinary_mail():
    life = born(policy())
    events = life.says(Decides(approves=True))
    assert life.kinds(events) == ["ArticleAdded"]
    assert [notice.reason for _, notice in life.letters if notice.letter == "agent_reply"] == ["customer-reply"] * 2


def test_an_ordinary_reply_leaves_the_quote_open_and_makes_it_our_turn():
    life = quoted(desk(priorities={"medium": Priority("medium", Text("Medium"), resolution=parse_range("8h"))}))
    clock = life.ticket.clock("resolution")
    assert clock is not None
    assert not clock.runs
    events = life.hears(CustomerWrote(article("Why so long?", id="q")), MONDAY + 2 * HOUR)
    assert life.kinds(events) == ["ArticleAdded", "ClockResumed"]
    assert (life.ticket.status, life.ticket.undecided) == ("on_hold", False)
    assert life.ticket.quote is not None
    assert life.sent("agent_reply") != []
    life.hears(AgentActed("ana", (), replace(answer(), id="because")), MONDAY + 3 * HOUR)
    assert life.ticket.undecided


def test_a_new_quote_replaces_the_open_one_and_the_same_one_changes_nothing():
    life = quoted()
    assert life.commanded(QUOTE) == []
    events = life.commanded(commands.MakeQuote(120), at=MONDAY + days(1))
    assert [(event.minutes, event.replaces) for event in events if isinstance(event, Quoted)] == [(120, True)]
    life.says(Decides(approves=True), MONDAY + days(2))
    (approved,) = [event for event in life.events if isinstance(event, QuoteApproved)]
    assert (approved.minutes, approved.amount) == (120, "")


def test_who_answers_an_older_letter_is_asked_anew_and_it_stays_their_turn():
    life = quoted(desk(priorities={"medium": Priority("medium", Text("Medium"), resolution=parse_range("8h"))}))
    life.commanded(commands.MakeQuote(600), at=MONDAY + 2 * HOUR)
    before = len(life.letters)
    events = life.says(Decides(approves=True, comment="go on", overtaken=True), MONDAY + days(1))
    assert life.kinds(events) == ["ArticleAdded", "DecisionOvertaken"]
    missed = events[-1]
    assert isinstance(missed, DecisionOvertaken)
    assert (missed.minutes, missed.comment, missed.quoted_at) == (600, "go on", MONDAY + 2 * HOUR)
    assert (life.ticket.status, life.ticket.undecided) == ("on_hold", True)
    assert life.ticket.quote is not None
    told = {(notice.letter, notice.to.email, notice.reason) for _, notice in life.letters[before:]}
    assert told == {
        ("question", MARIA.email, ""),
        ("agent_reply", "ana@acme.example", "quote-overtaken"),
        ("agent_reply", "bo@acme.example", "quote-overtaken"),
    }


def test_the_letter_of_a_quote_that_has_not_left_yet_is_answer_enough():
    life = quoted(desk(undo_window=timedelta(minutes=1)))
    life.commanded(commands.MakeQuote(600), at=MONDAY + 2 * HOUR)
    before = len(life.letters)
    life.says(Decides(approves=True, overtaken=True), MONDAY + 2 * HOUR + timedelta(seconds=30))
    assert {notice.letter for _, notice in life.letters[before:]} == {"agent_reply"}


@pytest.mark.parametrize(
    ("quotes", "number", "answered", "here", "overtaken"),
    [
        (1, 0, None, True, False),  # the tap of the only quote
        (1, 0, None, False, True),  # by an address of a ticket that was merged into this one
        (1, 0, "before", True, True),
        (1, 0, "after", True, False),
        (2, 0, None, True, True),  # the tap of the first
        (2, 1, None, True, True),
        (2, 2, None, True, False),
        (2, 2, "before", True, False),  # a tap, sent as a reply
        (2, 0, "before", True, True),
        (2, 0, "after", True, False),
        (2, 480, "after", True, False),  # no quote of that number: a comment
        (2, 2, None, False, True),
    ],
)
def test_a_decision_is_about_the_quote_of_the_letter_that_it_answers(
    quotes: int, number: int, answered: str | None, *, here: bool, overtaken: bool
):
    life = quoted()
    for each in range(1, quotes):
        life.commanded(commands.MakeQuote(240 + each), at=MONDAY + 5 * HOUR)
    assert life.ticket.quote is not None
    at = {None: None, "before": life.ticket.quote.at - HOUR, "after": life.ticket.quote.at}[answered]
    assert overtakes(life.ticket, Decides(approves=True, number=number), at, here=here) is overtaken


def test_a_quote_that_is_taken_back_opens_the_ticket_and_tells_the_customer():
    life = quoted()
    events = life.commanded(commands.TakeBackQuote(), at=MONDAY + days(1))
    assert life.kinds(events) == ["QuoteWithdrawn", "StatusChanged"]
    assert (life.ticket.status, life.ticket.quote) == ("open", None)
    assert life.sent("progress", to=MARIA.email) == ["progress 04-14"]
    assert life.commanded(commands.TakeBackQuote()) == []


def test_taking_back_and_quoting_anew_in_one_mail_is_one_letter():
    life = quoted()
    before = len(life.letters)
    life.commanded(commands.TakeBackQuote(), commands.MakeQuote(60))
    assert [notice.letter for _, notice in life.letters[before:]] == ["question"]
    assert any(isinstance(event, QuoteWithdrawn) for event in life.events)


def test_what_is_over_has_no_open_quote():
    life = quoted()
    life.says(SaysSolved())
    assert life.ticket.quote is None
    with pytest.raises(Refused, match="reopen it before you quote for it"):
        life.commanded(QUOTE)


def test_whoever_answers_for_the_organisation_is_asked_too_and_may_decide():
    life = quoted(desk(), organisation="bigco")
    assert life.ticket.role_of(BOSS) == "participant"
    assert life.sent("question", to=BOSS) == ["question 04-13"]
    boss = article("APPROVE", id="b", author=Author("participant", "", BOSS))
    life.hears(CustomerSaid(boss, Decides(approves=True)), MONDAY + days(1))
    (approved,) = [event for event in life.events if isinstance(event, QuoteApproved)]
    assert approved.by == BOSS
    assert life.sent("progress") == ["progress 04-14"]
    assert life.sent("progress", to=MARIA.email) == ["progress 04-14"]


def test_who_only_reads_along_decides_nothing():
    life = quoted()
    life.commanded(commands.AddReader("jonas@customer.example"))
    jonas = article("APPROVE", id="j", author=Author("participant", "Jonas", "jonas@customer.example"))
    life.hears(CustomerSaid(jonas, Decides(approves=True)))
    assert life.ticket.quote is not None


def test_an_address_of_ours_does_not_answer_for_a_customer():
    own = replace(BIGCO, contact="ana@acme.example")
    life = quoted(policy(organisations={"bigco": own}), organisation="bigco")
    assert life.ticket.participants == ()


def test_the_regular_letter_on_hold_reminds_of_the_quote_and_nothing_closes():
    life = quoted()
    life.until(MONDAY + days(60))
    assert {event.by for event in life.events if isinstance(event, ProgressSent)} == {"gateway"}
    assert life.sent("progress", to=MARIA.email)[:2] == ["progress 04-20", "progress 04-27"]
    assert life.ticket.quote is not None
    assert life.ticket.status == "on_hold"


def test_a_promised_date_is_not_broken_while_the_customer_decides():
    life = born(policy())
    life.commanded(commands.GiveDate(MONDAY + days(2)))
    life.commanded(QUOTE)
    life.until(MONDAY + days(10))
    assert life.sent("delayed", "agent_warning") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("APPROVE", Decides(approves=True)),
        ("Approve!", Decides(approves=True)),
        ("approved, please begin on Monday", Decides(approves=True, comment="please begin on Monday")),
        ("APPROVE\n\nCan you begin on Monday?", Decides(approves=True, comment="Can you begin on Monday?")),
        ("Approve. When do you begin?", Decides(approves=True, comment="When do you begin?")),
        ("DECLINE", Decides(approves=False)),
        ("decline - too expensive", Decides(approves=False, comment="too expensive")),
        ("Genehmigt.", Decides(approves=True)),
        ("APPROVE 2", Decides(approves=True, number=2)),
        ("Genehmigt #2.\n\nbitte gleich", Decides(approves=True, comment="bitte gleich", number=2)),
        ("APPROVE 2 hours only", Decides(approves=True, comment="2 hours only")),
        ("ABLEHNEN zu teuer", Decides(approves=False, comment="zu teuer")),
        ("approuvé", Decides(approves=True)),
        ("Refusé", Decides(approves=False)),
        ("Aprobado", Decides(approves=True)),
        ("rechazar", Decides(approves=False)),
    ],
)
def test_a_decision_is_a_word_in_every_language_and_what_stands_behind_it_a_comment(text: str, word: Decides):
    assert word_of(text, ["de", "fr", "es"]) == word


@pytest.mark.parametrize("text", ["Approve?", "approved by whom?", "We will approve it tomorrow", "disapprove", "no"])
def test_who_asks_or_hesitates_has_not_decided(text: str):
    assert word_of(text, ["de"]) is None
