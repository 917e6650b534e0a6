"""Commands in agents' mails: read all or nothing, with what was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk import commands, transcript
from gateway.desk.causes import AgentActed, CustomerWrote
from gateway.desk.commands import Command
from gateway.desk.orders import HELP, READERS, SWITCHES, Orders, orders_of
from gateway.desk.policy import Answer, Text, Tier
from gateway.desk.refused import Refused
from gateway.desk.ticket import Ticket
from gateway.desk.undo import last_act, undone
from tests.desk.living import born
from tests.desk.samples import MONDAY, answer, article, days, policy

DESK = policy(tiers=(Tier("tier1", "first"), Tier("tier2", "first")))
TICKET = born(DESK).ticket


def read(text: str) -> Orders:
    return orders_of(text, TICKET, DESK, MONDAY)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/phase review", commands.EnterPhase("review")),
        ("/phase Under Review", commands.EnterPhase("review")),
        ("/Phase: under_review", commands.EnterPhase("review")),
        ("/eta 2026-05-12", commands.GiveDate(datetime(2026, 5, 12, 18, tzinfo=UTC))),
        ("/eta 12.5.", commands.GiveDate(datetime(2026, 5, 12, 18, tzinfo=UTC))),
        ("/eta 12 May", commands.GiveDate(datetime(2026, 5, 12, 18, tzinfo=UTC))),
        ("/eta friday", commands.GiveDate(datetime(2026, 4, 17, 18, tzinfo=UTC))),
        ("/eta monday", commands.GiveDate(datetime(2026, 4, 20, 18, tzinfo=UTC))),
        ("/eta 3 business days", commands.GiveDate(datetime(2026, 4, 16, 9, tzinfo=UTC))),
        ("/ask", commands.Ask()),
        ("/hold", commands.Hold()),
        ("/hold ENG-331", commands.HandOver("ENG-331")),
        ("/escalate", commands.Escalate()),
        ("/escalate Tier 2", commands.Escalate("tier2")),
        ("/escalate ENG-331", commands.HandOver("ENG-331")),
        ("/assign bo", commands.Assign("bo")),
        ("/assign Lindqvist", None),
        ("/assign Bo Lindqvist", commands.Assign("bo")),
        ("/assign first", commands.ToTeam("first")),
        ("/assign none", commands.Assign(None)),
        ("/assign me", commands.Take()),
        ("/take", commands.Take()),
        ("/prio HIGH", commands.SetPriority("high")),
        ("/category question", commands.SetCategory("question")),
        ("/tag VIP", commands.Tag("vip")),
        ("/cc Jonas <Jonas@Customer.example>", commands.AddReader("jonas@customer.example")),
        ("/time 1h 15m", commands.Spend(75)),
        ("/time -30m", commands.Spend(-30)),
        ("/snooze 3d", commands.Snooze(MONDAY + days(3))),
        ("/link ACME-1001", commands.LinkTo(1001)),
        ("/problem ENG-331", commands.SetProblem("ENG-331")),
        ("/problem Login outage", commands.SetProblem("Login outage")),
        ("/problem None", commands.SetProblem(None)),
        ("/solve", commands.Solve()),
        ("/close", commands.Close()),
        ("/reopen", commands.Reopen()),
    ],
)
def test_a_line_is_a_command_by_id_or_name_in_any_case(line: str, command: Command | None):
    found = read(f"{line}\n\nHello Maria")
    if command is None:
        assert found.wrong
    else:
        assert (found.commands, found.text) == ((command,), "Hello Maria")


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/phse plan", "Did you mean /phase?"),
        ("/phase rewiev", "Did you mean review?"),
        ("/prio hihg", "Did you mean high?"),
        ("/category qestion", "Did you mean question?"),
        ("/assign boo", "Did you mean bo?"),
        ("/eta 31.2.", "that is no day"),
        ("/eta 2020-01-01", "that day is over"),
        ("/time soon", "write it as in /time 30m"),
        ("/cc nobody", "that is no mail address"),
        ("/cc help@acme.example", "an address of this desk"),
        ("/uncc x@y.example", "nobody of that address reads along"),
        ("/solve thanks", "text on a line of its own"),
        ("/escalate somewhere", "there is no tier somewhere"),
        ("/link 1042", "this very ticket"),
        ("/merge ²", "write the number of a ticket"),
        ("/phase", "say which"),
        ("/all tickets", "nothing stands behind this"),
        ("/problem", "as in /problem ENG-331, or none"),
        ("/progress", "needs words"),
    ],
)
def test_a_line_in_error_says_what_was_meant(line, meant):
    (wrong,) = read(line).wrong
    assert meant in wrong.why
    assert 0 <= wrong.start < wrong.start + wrong.length <= len(line)


def test_commands_stand_in_the_first_or_the_last_block_and_the_rest_is_for_the_customer():
    found = read("/take\nThe path is\n/var/log/x\n\n/solve is what you type\n\nBye\n/time 30m")
    assert found.commands == (commands.Take(), commands.Spend(30))
    assert found.text == "The path is\n/var/log/x\n\n/solve is what you type\n\nBye"


def test_a_category_and_its_phase_may_come_in_one_mail():
    assert read("/category question\n/phase answered").wrong == ()
    assert read("/phase answered").wrong != ()


def test_a_mail_may_be_private_quiet_or_only_tried():
    found = read("/all\n/again")
    assert (found.all, found.again, found.text) == (True, True, "")
    found = read("/note only for us\n/quiet\n/try\n/help")
    assert (found.private, found.quiet, found.trial, found.help, found.text) == (True, True, True, True, "only for us")


def test_a_report_may_stand_on_its_line_or_beside_it():
    assert read("/progress We found it.").text == "We found it."
    assert read("/progress\nWe found it.").text == "We found it."
    assert read("/note\n/progress We found it.").wrong != ()


ANSWERS = {
    "how-to": Answer("how-to", Text("Dear {customer.first},\n\npress F1.", (("de", "F1 drücken, {customer.first}."),))),
    "bye": Answer("bye", Text("Bye.")),
}


def test_a_saved_answer_stands_where_it_is_named():
    desk = policy(answers=ANSWERS)
    places = {"customer.first": "/take"}

    def said(text: str, ticket: Ticket = TICKET) -> str:
        found = orders_of(text, ticket, desk, MONDAY, places)
        assert found.wrong == ()
        return found.text

    assert said("/take\n/answer How to\n\nRegards {customer.first}") == (
        "Dear /take,\n\npress F1.\n\nRegards {customer.first}"
    )
    assert said("Hello!\n\n/answer how-to\n/answer bye\n/solve") == "Hello!\n\nDear /take,\n\npress F1.\n\nBye."
    assert said("/answer howto", replace(TICKET, language="de")) == "F1 drücken, /take."
    assert said("/progress\n/answer bye") == "Bye."


@pytest.mark.parametrize(
    ("line", "meant"),
    [("/answer hwo-to", "Did you mean how-to?"), ("/answer", "there is how-to, bye"), ("/anser bye", "mean /answer?")],
)
def test_a_mistyped_answer_says_what_was_meant(line: str, meant: str):
    (wrong,) = orders_of(line, TICKET, policy(answers=ANSWERS), MONDAY).wrong
    assert meant in wrong.why


def test_undo_stands_alone():
    assert read("/undo").undo
    assert read("/undo\n/take").wrong != ()


def test_the_help_names_every_command():
    for verb in (*READERS, *SWITCHES):
        assert any(verb.removesuffix("rity") in line for line in HELP), verb


ANY = st.one_of(st.sampled_from(sorted({*READERS, *SWITCHES})).map("\n/{} ".format), st.text(max_size=20))


@given(st.one_of(st.lists(ANY).map("".join), st.text(alphabet="/abcdeprt 0123456789-.\n", max_size=200)))
def test_any_mail_is_read_without_trouble(text):
    read(text)


def test_the_answer_to_a_mistake_underlines_the_word_and_gives_the_text_back():
    found = read("/phse plan\n\nDear Maria,\nwe have a plan.")
    assert transcript.refused(found.wrong, found.text, "en")[:2] == (
        "> /phse plan",
        "  ^^^^^ there is no /phse. Did you mean /phase?",
    )
    assert "we have a plan." in transcript.refused(found.wrong, found.text, "en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_line_of_a_transcript_begins_with_a_slash(language):
    life = born(DESK)
    found = read("/take\n/phase review\n/eta friday\n/tag vip\n/time 30m\n/help")
    events = [life.commanded(command) for command in found.commands]
    lines = (*transcript.done(found.orders, events, life.ticket, DESK), *transcript.help_lines(language))
    assert lines[1] == "  assigned to Ana Ruiz; status new → open"
    assert not [line for line in lines if line.startswith("/")]


def test_what_an_agent_did_last_is_taken_back_whole():
    life = born(DESK)
    before = life.ticket
    life.hears(AgentActed("ana", (commands.EnterPhase("review"), commands.Ask()), answer()), MONDAY + days(1))
    act = last_act(life.events, "ana")
    life._after([undone(life.events, act, "ana", MONDAY + days(1.0001))])
    assert act.articles == ("a2",)
    assert (life.ticket.status, life.ticket.phase, life.ticket.ladder) == (before.status, before.phase, None)
    with pytest.raises(Refused, match="nothing of yours"):
        last_act(life.events, "ana")


def test_what_somebody_else_has_followed_up_is_not_taken_back():
    life = born(DESK)
    life.commanded(commands.Ask(), at=MONDAY + days(1))
    life.hears(CustomerWrote(article(id="a3")), MONDAY + days(2))
    with pytest.raises(Refused, match="not yours"):
        last_act(life.events, "ana")
