"""An agent writes to the customer from their own mail client, with our address in Cc."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.desk.evolve import replay
from gateway.desk.ticket import Article
from gateway.mail import thread
from gateway.store import articles, outbox, verify
from tests.office import TestDesk, desk, mail
from tests.test_forwards import ANA, PASS, TRUSTING

MARIA = "Maria Lopez <maria@customer.example>"
BOB = "bob@customer.example"


def writes(here: TestDesk, words: str, subject: str = "Your invoice", *, trace: str = PASS, to: str = MARIA,
           headers: str = "Cc: support@acme.example\n"):  # fmt: skip
    raw = trace + mail(subject, words, sender=ANA, to=to, headers=headers)
    return here.receive(raw, mail_from="ana@acme.example")


def story(here: TestDesk) -> tuple[Article, ...]:
    with here.office.db.snapshot() as tx:
        return articles.of(tx, 1000)


def to_maria(here: TestDesk) -> list[str]:
    return [letter.name for letter in here.letters if letter.to == "maria@customer.example"]


def test_it_is_the_first_answer_on_a_ticket_of_the_customers_and_sent_to_nobody_again(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        writes(here, "Here is your invoice.", to=f"{MARIA}, {BOB}")
        ticket = here.ticket(1000)
        assert (ticket.requester.email, ticket.requester.name) == ("maria@customer.example", "Maria Lopez")
        assert [each.email for each in ticket.participants] == [BOB]
        assert (ticket.status, ticket.assignee, ticket.first_response_at) == ("open", "ana", here.now)
        (answer,) = story(here)
        assert (answer.direction, answer.visibility, answer.author.id) == ("out", "public", "ana")
        assert here.letters == []


def test_the_customers_reply_lands_on_it_and_is_told_to_the_agent(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        writes(here, "Here is your invoice.")
        own = story(here)[0].message_id
        passed = "Authentication-Results: mx.acme.example; dmarc=pass header.from=customer.example\n"
        done = here.receive(
            passed + mail("Re: Your invoice", "Thanks, but it is wrong.", to="ana@acme.example",
                          headers=f"Cc: support@acme.example\nIn-Reply-To: {own}\n")
        )  # fmt: skip
        assert (done.ticket, done.verdict.sender_role) == (1000, "requester")
        assert here.letter("agent_reply").to == "ana@acme.example"


def test_a_later_letter_continues_the_conversation_that_the_agents_mail_began(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        writes(here, "Here is your invoice.")
        own = story(here)[0].message_id
        token = thread.subject_token(here.office.desk.keys, "ACME", 1000)
        writes(here, "One more thing.", f"Re: Your invoice {token}", to="support@acme.example", headers="")
        letter = here.letter("reply")
        assert (letter.to, letter.in_reply_to) == ("maria@customer.example", own)


def test_on_a_ticket_it_is_an_answer_that_goes_to_those_alone_who_have_it_not(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        here.receive(mail())
        told = here.letter("agent_new")
        here.receive(PASS + mail("Re: x", f"/cc {BOB}", sender=ANA), told.reply_to, mail_from="ana@acme.example")
        before = len(to_maria(here))
        token = told.subject.partition("[")[2]
        writes(here, "/solve\n\nTry again.", f"Re: Export fails [{token}")
        assert len(to_maria(here)) == before
        assert [letter.to for letter in here.letters if letter.name == "reply"] == [BOB]
        assert story(here)[-1].text == "/solve\n\nTry again.", "what the customer has read is no command"
        assert here.ticket(1000).status == "open"
        with here.office.db.snapshot() as tx:
            assert list(verify.verify(tx, here.office.desk.blobs, replay)) == []


def test_who_reads_along_no_longer_gets_no_letter_that_still_waits(tmp_path: Path):
    with desk(tmp_path, TRUSTING, undo_window="60s") as here:
        here.receive(mail())
        told = here.letter("agent_new")
        for words in (f"/cc {BOB}\n/eta friday", f"/uncc {BOB}"):
            here.receive(PASS + mail("Re: x", words, sender=ANA), told.reply_to, mail_from="ana@acme.example")
        with here.office.db.snapshot() as tx:
            assert {letter.to for letter in outbox.waiting_of(tx, 1000)} == {"maria@customer.example"}
        assert here.ticket(1000).participants == ()


def test_what_has_gone_cannot_be_taken_back(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        here.receive(mail())
        told = here.letter("agent_new")
        here.pass_time(minutes=1)
        writes(here, "Try again.", f"Re: x [{told.subject.partition('[')[2]}")
        here.receive(PASS + mail("Re: x", "/undo", sender=ANA), told.reply_to, mail_from="ana@acme.example")
        assert "your own mail brought it to the customer" in " ".join(here.letter("agent_commands").text.split())
        assert story(here)[-1].visibility == "public"


@pytest.mark.parametrize(
    ("more", "trace"), [("", PASS), (TRUSTING, ""), (TRUSTING, PASS.replace("dmarc=pass", "dmarc=none"))]
)
def test_without_the_pass_of_our_server_it_is_an_ordinary_mail(tmp_path: Path, more: str, trace: str):
    with desk(tmp_path, more) as here:
        writes(here, "Here is your invoice.", trace=trace)
        assert here.ticket(1000).requester.email == "ana@acme.example"
        assert (story(here)[0].direction, here.ticket(1000).first_response_at) == ("in", None)


@pytest.mark.parametrize("to", ["support@acme.example", "Ana <ana@acme.example>"])
def test_a_mail_to_nobody_outside_is_an_ordinary_one(tmp_path: Path, to: str):
    with desk(tmp_path, TRUSTING) as here:
        writes(here, "My own printer burns.", to=to)
        assert here.ticket(1000).requester.email == "ana@acme.example"
