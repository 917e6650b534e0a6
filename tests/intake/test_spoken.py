"""What a mail of one word would do, as `mail explain` says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.desk import commands
from gateway.desk.policy import Policy
from gateway.desk.ticket import Status
from gateway.desk.words import Rates, SaysSolved
from gateway.intake.verdict import Facts, Verdict
from tests.desk.living import Life, born
from tests.desk.samples import BUG, QUESTION, policy
from tests.intake.test_chain import BOB, MARIA, TICKET, TOKEN, reply_to, verdict

DESK = policy(categories={"question": replace(QUESTION, choose=True), "bug": BUG})


def living(status: Status = "open", *, quoted: bool = False, desk: Policy = DESK) -> Life:
    """Maria's ticket, with Bob reading along."""
    life = born(desk)
    life.commanded(commands.AddReader(BOB), commands.Assign("ana"))
    if quoted:
        life.commanded(commands.MakeQuote(240))
    life.ticket = replace(life.ticket, status="on_hold" if quoted else status)
    return life


def said(words: str, life: Life, *, sender: str = MARIA, to: str = "", **more: str) -> Verdict:
    ticket = replace(TICKET, status=life.ticket.status, assignee="ana")
    facts = Facts(tickets={1042: ticket}, whole=life.ticket)
    return verdict(sender, to or reply_to(sender), words=words, desk=DESK, facts=facts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "status", "would"),
    [
        ("SOLVED", "open", ("append article", "close the ticket", "status open → closed", "tell ana")),
        ("SOLVED", "closed", ("append article", "close the ticket", "tell ana")),
        ("KEEP OPEN", "pending", ("append article", "keep the ticket open", "status pending → open", "tell ana")),
        ("KEEP OPEN", "on_hold", ("append article", "keep the ticket open", "tell ana")),
        ("LATER 3 business days", "pending", ("append article", "next reminder in 3 business days")),
        ("RATING 4 quick", "solved", ("append article", "note the rating 4 of 5")),
        ("RATING 1", "solved", ("append article", "note the rating 1 of 5", "tell the leads")),
        ("CATEGORY Question", "open", ("append article", "category bug → question")),
        ("STATUS", "pending", ("append article", "tell them where it stands")),
    ],
)
def test_a_word_says_what_it_would_do(words: str, status: Status, would: tuple[str, ...]):
    assert said(words, living(status)).would == would


@pytest.mark.parametrize(("words", "does"), [("APPROVE", "approve the quote"), ("DECLINE", "decline the quote")])
def test_a_decision_names_the_quote(words: str, does: str):
    assert said(words, living(quoted=True)).would == ("append article", does, "status on_hold → open", "tell ana")


def test_who_reads_along_would_leave():
    found = said("LEAVE", living(), sender=BOB)
    assert found.would == ("append article", "take them off the ticket")


@pytest.mark.parametrize(
    ("words", "status"), [("LATER", "open"), ("CATEGORY Bug", "open"), ("APPROVE", "open"), ("LEAVE", "open")]
)
def test_a_word_that_means_nothing_here_is_an_ordinary_mail(words: str, status: Status):
    found = said(words, living(status))
    assert (found.word, found.would) == (None, ("append article", "tell ana"))


def test_a_subject_alone_proves_nobody_who_decides_but_closes():
    life = living(quoted=True)
    weak = {"to": "support@acme.example", "subject": f"Re: Broken {TOKEN}"}
    assert said("APPROVE", life, **weak).word is None
    assert said("STATUS", life, **weak).word is None
    assert isinstance(said("SOLVED", life, **weak).word, SaysSolved)


def test_files_beside_a_word_say_more_than_it():
    body = "--b\r\n\r\nRATING 5\r\n--b\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1;2\r\n--b--"
    headers = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    assert said(body, living("solved"), headers=headers).word is None
    assert said("RATING 5", living("solved")).word == Rates(5)
