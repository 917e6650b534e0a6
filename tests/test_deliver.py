"""From a mail in the spool to a ticket and its letters, in one transaction, on a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.desk.evolve import replay
from gateway.mail.compose import compose
from gateway.mail.parse import parse
from gateway.mail.render import TemplateProblem, Templates
from gateway.store import articles, mails, search, verify
from gateway.store.mails import NotPending
from tests.office import desk, mail


def test_a_mail_becomes_a_ticket_an_acknowledgement_and_a_letter_to_the_team(tmp_path: Path):
    with desk(tmp_path) as here:
        done = here.receive(mail())
        assert (done.ticket, here.ticket(1000).subject) == (1000, "Export fails")
        assert {(letter.name, letter.to) for letter in here.letters} == {
            ("ack_stranger", "maria@customer.example"),
            ("agent_new", "ana@acme.example"),
        }


def test_what_raises_in_the_middle_leaves_the_mail_pending_and_nothing_else(tmp_path: Path):
    with desk(tmp_path) as here:
        here.office.desk = replace(here.office.desk, templates=Templates({}))
        with pytest.raises(TemplateProblem):
            here.receive(mail())
        with here.office.db.snapshot() as tx:
            assert [record.state for record in mails.listed(tx)] == ["pending"]
            assert search.listed(tx) == []
        assert here.letters == []


def test_the_same_mail_cannot_be_delivered_twice(tmp_path: Path):
    with desk(tmp_path) as here:
        raw = mail()
        here.receive(raw)
        with pytest.raises(AssertionError, match="received before"):
            here.receive(raw)
        with here.office.db.snapshot() as tx:
            record = mails.listed(tx)[0]
        with pytest.raises(NotPending), here.office.db.transaction() as tx:
            mails.settle(
                tx, record.mail.id, now=here.now, state="done", decision="new_ticket", reason="", kind="person",
                ticket=None, article=None, verdict=None, message_id=None, from_email="", subject="",
            )  # fmt: skip


def test_a_reply_to_the_letter_lands_on_its_ticket_with_every_file(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        address = here.letter("ack_stranger").reply_to
        parts = "".join(
            f'--b\nContent-Type: application/x\nContent-Disposition: attachment; filename="{name}"\n\n{name}\n'
            for name in ("a.txt", "b.txt", "c.txt")
        )
        head = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
        body = f"--b\nContent-Type: text/plain\n\nHere they are.\n{parts}--b--\n"
        done = here.receive(mail("Re: x", body, headers=head), address)
        assert done.ticket == 1000
        with here.office.db.snapshot() as tx:
            files = articles.of(tx, 1000)[-1].attachments
            assert [(file.id, file.name) for file in files] == [(1, "a.txt"), (2, "b.txt"), (3, "c.txt")]
            assert here.office.desk.blobs.get(tx, files[0].sha256) == b"a.txt"


def test_an_answer_of_an_agent_reaches_the_customer_under_the_frozen_subject(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        told = here.letter("agent_new")
        here.receive(
            mail("Re: anything", "Try again.", sender="ana@acme.example"), told.reply_to, mail_from="ana@acme.example"
        )
        answer = here.letter("reply")
        assert (answer.to, answer.from_name) == ("maria@customer.example", "Ana from Acme Support")
        assert "Try again." in answer.text
        assert answer.subject.removeprefix("Re: ").startswith("Export fails [ACME-1000-")
        assert answer.in_reply_to is not None


@pytest.mark.parametrize("words", ["a long line " * 90_000, "line\n" * 200_000, "x" * 1_000_000])
def test_an_answer_of_any_length_reaches_the_customer_to_the_last_word(tmp_path: Path, words: str):
    with desk(tmp_path) as here:
        here.receive(mail())
        here.receive(
            mail("Re: x", f"First. {words} Last.", sender="ana@acme.example"), here.letter("agent_new").reply_to,
            mail_from="ana@acme.example",
        )  # fmt: skip
        answer = here.letter("reply")
        assert "First." in answer.text
        assert "This is the beginning." in answer.text
        assert len(answer.html) < 120_000
        (file,) = answer.enclosures
        with here.office.db.snapshot() as tx:
            data = here.office.desk.blobs.get(tx, file.sha256)
        assert data.decode("utf-8-sig").replace("\r\n", "\n") == f"First. {words} Last."
        assert (file.name, file.size) == ("ACME-1000.txt", len(data))


@pytest.mark.parametrize("order", ["/phse review", f"/{'x' * 400_000}", f"/progress {'x ' * 200_000}\n/phse review"])
def test_a_long_mail_with_a_wrong_command_is_answered_like_any_other(tmp_path: Path, order: str):
    with desk(tmp_path) as here:
        here.receive(mail())
        here.receive(
            mail("Re: x", f"{order}\n\nFirst. {'a long line ' * 90_000}", sender="ana@acme.example"),
            here.letter("agent_new").reply_to, mail_from="ana@acme.example",
        )  # fmt: skip
        told = " ".join(here.letter("agent_commands").text.split())
        assert "there is no /" in told
        assert "Your text, to copy:" in told
        assert "All of it is in the mail that you sent." in told


def test_a_small_image_goes_along_once_and_the_logo_of_every_answer_no_longer(tmp_path: Path):
    with desk(tmp_path) as here:
        for number in (1000, 1001):
            here.pass_time(minutes=1)
            here.receive(mail(f"Thing {number}"))
            body = "".join(
                f"--r\nContent-Type: image/png\nContent-ID: <{name}>\nContent-Disposition: inline; "
                f'filename="{name}.png"\n\n{name}\n'
                for name in ("face", f"shot{number}")
            )
            head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="r"\n'
            raw = mail("Re: x", f"--r\nContent-Type: text/plain\n\nLook.\n{body}--r--\n", sender="ana@acme.example",
                       headers=head)  # fmt: skip
            here.receive(raw, here.letter("agent_new").reply_to, mail_from="ana@acme.example")
        sent = [[file.name for file in letter.enclosures] for letter in here.letters if letter.name == "reply"]
        assert sent == [["face.png", "shot1000.png"], ["shot1001.png"]]


def test_an_image_in_an_agents_answer_reaches_the_customer_where_it_stands(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        head = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="r"\n'
        body = (
            '--r\nContent-Type: text/html\n\n<p>Press this: <img src="cid:shot@mail" alt="shot.png"></p>\n'
            "--r\nContent-Type: image/png\nContent-ID: <shot@mail>\n"
            'Content-Disposition: inline; filename="shot.png"\n\nPNG\n--r--\n'
        )
        told = here.letter("agent_new")
        here.receive(mail("Re: x", body, sender="ana@acme.example", headers=head), told.reply_to,
                     mail_from="ana@acme.example")  # fmt: skip
        sent = parse(compose(here.letter("reply"), lambda sha256: b"PNG"))
        (image,) = sent.attachments
        assert (image.name, image.inline, image.data) == ("shot.png", True, b"PNG")
        assert f'src="cid:{image.content_id}"' in sent.html
        assert "Press this: [shot.png]" in sent.text


def test_a_note_to_the_note_address_reaches_no_customer(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        text = here.letter("agent_new").text
        address = next(word for word in text.split() if word.startswith("support+n"))
        here.receive(mail("Re: x", "SECRET canary", sender="ana@acme.example"), address, mail_from="ana@acme.example")
        assert all(
            "canary" not in letter.text + letter.html for letter in here.letters if letter.to != "ana@acme.example"
        )


def test_a_stranger_who_has_the_address_is_held_told_and_released_by_hand(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        address = here.letter("ack_stranger").reply_to
        held = here.receive(mail("Re: x", "me too", sender="eve@bad.example"), address, mail_from="eve@bad.example")
        assert (held.verdict.decision, here.ticket(1000).last_in) == ("hold", here.ticket(1000).created_at)
        assert here.letter("agent_held").to == "ana@acme.example"
        assert not [letter for letter in here.letters if letter.to == "eve@bad.example"]
        with here.office.db.snapshot() as tx:
            assert articles.of(tx, 1000)[-1].visibility == "held"


def test_a_failure_report_marks_the_letter_and_tells_the_team_and_nobody_else(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        ack = here.letter("ack_stranger")
        report = (
            "From: MAILER-DAEMON@mx.example\nTo: x\nSubject: Undelivered\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
            "--r\nContent-Type: text/plain\n\nfailed\n--r\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; maria@customer.example\nAction: failed\n"
            "Status: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n--r--\n"
        )
        before = {letter.id for letter in here.letters}
        done = here.receive(report, ack.envelope_from, mail_from="")
        assert (done.verdict.decision, done.ticket) == ("file", 1000)
        assert here.ticket(1000).undelivered == ("maria@customer.example",)
        assert [letter.name for letter in here.letters if letter.id not in before] == ["agent_delivery_failed"]


RULE = """
[[rule]]
name = "opening hours"
when = { subject = "hours" }
then = { reply_with = "hours" }
"""


def test_a_rule_answers_with_a_saved_answer_in_the_one_acknowledgement(tmp_path: Path):
    (tmp_path / "config" / "answers").mkdir(parents=True)
    (tmp_path / "config" / "answers" / "hours.md").write_text("Hello {customer.first}, we are there from 9 to 18.")
    with desk(tmp_path, RULE) as here:
        here.receive(mail("Your hours?"))
        (told,) = [letter for letter in here.letters if letter.to == "maria@customer.example"]
        assert (told.name, told.auto_submitted) == ("ack_stranger", "auto-replied")
        assert "Hello, we are there from 9 to 18." in told.text, "a stranger's name is nothing to repeat"
        assert "we are there from 9 to 18." in told.html
        with here.office.db.snapshot() as tx:
            answer = articles.of(tx, 1000)[-1]
        assert (answer.author.role, answer.direction, answer.visibility) == ("gateway", "out", "public")
        assert (here.ticket(1000).status, here.ticket(1000).first_response_at) == ("new", None)
        here.receive(mail("Re: hours?", "Thanks, and on Sunday?"), told.reply_to)
        here.receive(mail("Your hours, once more?"))
        again = here.letter("ack")
        assert "Hello Maria, we are there from 9 to 18." in again.text
        assert again.text.count("Hello") == 1


def test_a_rule_answers_no_machine_and_nobody_who_may_not_be_acknowledged(tmp_path: Path):
    (tmp_path / "config" / "answers").mkdir(parents=True)
    (tmp_path / "config" / "answers" / "hours.md").write_text("From 9 to 18.")
    with desk(tmp_path, RULE) as here:
        here.receive(mail("Your hours?", headers="X-Auto-Response-Suppress: All\n"))
        here.receive(mail("Cron: hours", headers="Auto-Submitted: auto-generated\n"), mail_from="")
        assert [letter for letter in here.letters if letter.to == "maria@customer.example"] == []
        with here.office.db.snapshot() as tx:
            assert [len(articles.of(tx, number)) for number in (1000, 1001)] == [1, 1]


def test_the_database_is_consistent_after_all_of_it(tmp_path: Path):
    with desk(tmp_path) as here:
        for index in range(5):
            here.receive(mail(f"Printer {index}"))
            here.receive(mail("Re: x"), here.letter("ack_stranger").reply_to)
        with here.office.db.snapshot() as tx:
            assert list(verify.verify(tx, here.office.desk.blobs, replay)) == []


@pytest.mark.parametrize("quotes", [False, True])
def test_a_stranger_is_told_that_nothing_is_repeated_where_that_is_so(tmp_path: Path, quotes: bool):
    more = f'[security]\ntrust_auth_results = "mx.acme.example"\nquote_to_strangers = {str(quotes).lower()}\n'
    with desk(tmp_path, more) as here:
        here.receive(mail())
        ack = here.letter("ack_stranger")
        assert ("Export fails" in ack.text, "repeats nothing" in " ".join(ack.text.split())) == (quotes, not quotes)
