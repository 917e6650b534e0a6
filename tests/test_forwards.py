"""An agent forwards a customer's mail: the ticket is the customer's, the agent's own words stay a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store import articles
from tests.office import TestDesk, desk, mail

TRUSTING = '[security]\ntrust_auth_results = "mx.acme.example"\n'
PASS = "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n"
ANA = "Ana Ruiz <ana@acme.example>"
WORDS = "My printer burns.\n\nJonas"
GMAIL = f"""Please handle, he is cross.

---------- Forwarded message ---------
From: Jonas Weber <jonas@kunde.example>
Date: Mon, Apr 13, 2026 at 9:00 AM
Subject: Printer
To: <ana@acme.example>


{WORDS}
"""
OUTLOOK = f"""Please handle, he is cross.

________________________________
From: Jonas Weber <jonas@kunde.example>
Sent: Monday, April 13, 2026 9:00 AM
To: Ana Ruiz <ana@acme.example>
Subject: Printer

{WORDS}
"""
OUTLOOK_DE = f"""Please handle, he is cross.

Von: Jonas Weber <jonas@kunde.example>
Gesendet: Montag, 13. April 2026 09:00
An: Ana Ruiz <ana@acme.example>
Betreff: Printer

{WORDS}
"""
APPLE = "Please handle, he is cross.\n\nBegin forwarded message:\n\n" + "".join(
    f"> {line}".rstrip() + "\n"
    for line in (
        "From: Jonas Weber <jonas@kunde.example>", "Subject: Printer", "Date: 13. April 2026 at 09:00:00 CEST",
        "To: ana@acme.example", "", *WORDS.split("\n"),
    )
)  # fmt: skip
THUNDERBIRD = f"""Please handle, he is cross.


-------- Forwarded Message --------
Subject: \tPrinter
Date: \tMon, 13 Apr 2026 09:00:00 +0200
From: \tJonas Weber <jonas@kunde.example>
To: \tana@acme.example



{WORDS}
"""


def forwarded(here: TestDesk, words: str, trace: str = PASS, headers: str = "") -> None:
    here.receive(trace + mail("Fwd: Printer", words, sender=ANA, headers=headers), mail_from="ana@acme.example")


@pytest.mark.parametrize("words", [GMAIL, OUTLOOK, OUTLOOK_DE, APPLE, THUNDERBIRD])
def test_the_ticket_is_of_whoever_wrote_first_and_the_agents_words_are_a_note(tmp_path: Path, words: str):
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, words)
        ticket = here.ticket(1000)
        assert (ticket.requester.name, ticket.requester.email) == ("Jonas Weber", "jonas@kunde.example")
        assert ticket.subject == "Printer"
        with here.office.db.snapshot() as tx:
            theirs, note = articles.of(tx, 1000)
        assert (theirs.visibility, theirs.author.role, theirs.text) == ("public", "requester", WORDS)
        assert (note.visibility, note.author.id, note.text) == ("private", "ana", "Please handle, he is cross.")
        told = here.letter("created_for_you")
        assert told.to == "jonas@kunde.example"
        assert "cross" not in told.text + told.html


def test_an_answer_to_what_was_opened_for_them_lands_on_it(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, GMAIL)
        answer = mail("Re: Printer", "It still does.", sender="Jonas <jonas@kunde.example>")
        done = here.receive(answer, here.letter("created_for_you").reply_to, mail_from="jonas@kunde.example")
        assert (done.ticket, done.verdict.sender_role) == (1000, "requester")


def test_a_forward_without_a_word_of_the_agents_has_no_note(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, GMAIL.partition("\n\n")[2])
        with here.office.db.snapshot() as tx:
            assert [each.text for each in articles.of(tx, 1000)] == [WORDS]


def test_an_attached_mail_is_its_senders_ticket_too(tmp_path: Path):
    body = (
        "--b\nContent-Type: text/plain\n\nPlease handle.\n--b\nContent-Type: message/rfc822\n\n"
        "From: Jonas Weber <jonas@kunde.example>\nSubject: Printer\n\nMy printer burns.\n--b--\n"
    )
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, body, headers='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n')
        assert here.ticket(1000).requester.email == "jonas@kunde.example"
        with here.office.db.snapshot() as tx:
            (whole,) = articles.of(tx, 1000)
        assert (whole.visibility, whole.text, whole.attachments[0].name) == (
            "private", "Please handle.", "Printer.eml",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "trace"),
    [
        ("", PASS),  # no server is trusted: nothing of what it says counts
        (TRUSTING, ""),
        (TRUSTING, PASS.replace("mx.acme.example;", "elsewhere.example;")),
    ],
)
def test_without_the_pass_of_our_server_a_forward_is_an_ordinary_mail(tmp_path: Path, more: str, trace: str):
    with desk(tmp_path, more) as here:
        forwarded(here, GMAIL, trace)
        assert here.ticket(1000).requester.email == "ana@acme.example"
        assert [letter for letter in here.letters if letter.to == "jonas@kunde.example"] == []


def test_what_an_agent_orders_above_a_forward_is_done_on_the_ticket_it_opens(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, f"/take\n/tag vip\n\n{GMAIL}")
        assert (here.ticket(1000).assignee, here.ticket(1000).tags) == ("ana", ("vip",))
        assert "assigned to Ana Ruiz" in here.letter("agent_commands").text
        with here.office.db.snapshot() as tx:
            assert [each.text for each in articles.of(tx, 1000)] == [WORDS, "Please handle, he is cross."]


def test_an_order_in_error_above_a_forward_is_told_and_the_ticket_is_opened_all_the_same(tmp_path: Path):
    with desk(tmp_path, TRUSTING) as here:
        forwarded(here, f"/tag vip\n/asign bo\n\n{GMAIL}")
        told = here.letter("agent_commands").text
        assert "there is no /asign. Did you mean /assign?" in told
        assert (here.ticket(1000).requester.email, here.ticket(1000).tags) == ("jonas@kunde.example", ())
