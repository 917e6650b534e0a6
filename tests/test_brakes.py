"""Two machines that answer each other come to rest, and nothing that a person wrote is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store import mails, people
from tests.office import TestDesk, desk, mail

ROUND = "Dear customer,\n\nthank you for your mail. We look at case {0} as soon as we can, please be patient.\n\nKim"
GONE = """Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} so it is
--b
Content-Type: text/rfc822-headers

Message-ID: {about}
--b--
"""


def report(here: TestDesk, letter: str = "ack_stranger", *, status: str = "5.1.1", action: str = "failed") -> None:
    about = here.letter(letter)
    body = GONE.format(to=about.to, action=action, status=status, about=about.message_id)
    raw = f"From: MAILER-DAEMON@mx.customer.example\nSubject: Undelivered {len(here.letters)} {here.now}\n{body}"
    here.receive(raw, about.envelope_from, mail_from="")


@pytest.mark.parametrize("subject", ["Re: [T-{0}] Your request", "[T-{0}] It is with us", "Your case {0}"])
def test_two_desks_that_answer_each_other_from_new_addresses_stop_after_three_rounds(tmp_path: Path, subject: str):
    with desk(tmp_path) as here:
        done = [
            here.receive(mail(subject.format(n), ROUND.format(n), sender=f"case-{n}@desk.example")) for n in range(9)
        ]
        answers = [letter for letter in here.letters if letter.name == "ack_stranger"]
        assert len(answers) == 3
        assert {one.verdict.decision for one in done} == {"new_ticket"}
        assert "a loop, it seems" in done[3].verdict.unacknowledged


def test_a_hundred_people_who_report_the_same_in_the_same_words_are_all_answered(tmp_path: Path):
    words = "Hello,\n\nsince nine o'clock nobody in our office {0} can log in any more, what is wrong?\n\nRegards"
    with desk(tmp_path) as here:
        for n in range(100):
            done = here.receive(mail("Login fails", words.format(n), sender=f"user{n}@customer.example"))
            assert done.verdict.acknowledge == "ack_stranger"


def test_an_hour_later_the_same_words_are_answered_again(tmp_path: Path):
    with desk(tmp_path) as here:
        for n in range(4):
            here.receive(mail("Printer", ROUND.format(n), sender=f"case-{n}@desk.example"))
        here.pass_time(hours=1, minutes=1)
        done = here.receive(mail("Printer", ROUND.format(9), sender="case-9@desk.example"))
        assert done.verdict.acknowledge == "ack_stranger"


def test_the_absence_of_an_agent_that_carries_no_mark_goes_to_the_customer_three_times_at_most(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        address = here.letter("agent_new").reply_to
        words = (
            "Hello,\n\nI am on the road with a slow connection and will read this when I sit at a desk again.\n\nAna"
        )
        done = [here.receive(mail("Re: Export fails", words, sender="ana@acme.example"), address) for _ in range(6)]
        assert [one.verdict.decision for one in done] == ["append"] * 3 + ["hold"] * 3
        assert len([letter for letter in here.letters if letter.name == "reply"]) == 3
        assert len([letter for letter in here.letters if letter.name == "agent_held"]) == 1


def test_a_chat_of_short_answers_and_a_series_of_photographs_are_no_loop(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        address = here.letter("ack_stranger").reply_to
        for words in ("Yes.", "No.", "Later.", "Works.", "Fails."):
            assert here.receive(mail("Re: Export fails", words), address).verdict.decision == "append"
        for n in range(25):
            photo = f"MIME-Version: 1.0\nContent-Type: image/png; name={n}.png\nContent-Disposition: attachment\n"
            assert here.receive(mail("Photo", f"photo {n}", headers=photo), address).verdict.decision == "append"


def test_an_unknown_mailbox_gets_no_automatic_letter_until_somebody_lifts_it(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        report(here)
        assert here.receive(mail("Another thing", "Hello?")).verdict.acknowledge is None
        with here.office.db.transaction() as tx:
            assert "5.1.1" in people.suppression(tx, "maria@customer.example")
            people.forgive_bounces(tx, "maria@customer.example")
        assert here.receive(mail("A third thing", "Hello again?")).verdict.acknowledge == "ack_stranger"


@pytest.mark.parametrize(
    ("status", "action", "suppressed"),
    [("5.7.1", "failed", True), ("5.2.2", "failed", False), ("4.4.1", "failed", False)],
)
def test_three_final_failures_end_it_and_full_mailboxes_never_do(tmp_path: Path, status, action, suppressed):
    with desk(tmp_path) as here:
        for subject in ("Invoice", "Import", "Password"):
            with here.office.db.snapshot() as tx:
                assert people.suppression(tx, "maria@customer.example") == ""
            here.pass_time(minutes=1)
            here.receive(mail(subject, f"{subject} does not work."))
            report(here, status=status, action=action)
        with here.office.db.snapshot() as tx:
            assert bool(people.suppression(tx, "maria@customer.example")) is suppressed


def test_two_reports_on_one_letter_count_once(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        for _ in range(3):
            report(here, status="5.7.1")
            here.pass_time(minutes=1)
        with here.office.db.snapshot() as tx:
            assert people.get(tx, "maria@customer.example").hard_bounces == 1


def test_a_delay_marks_its_letter_and_nothing_else(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        before = here.ticket(1000)
        report(here, status="4.4.1", action="delayed")
        after = here.ticket(1000)
        assert (after.status, after.undelivered, after.last_in) == (before.status, (), before.last_in)
        with here.office.db.snapshot() as tx:
            assert people.get(tx, "maria@customer.example").hard_bounces == 0
            assert {each.decision for each in mails.listed(tx)} == {"new_ticket", "file"}


def test_a_complaint_about_our_mail_is_noted_and_ends_automatic_mail_to_whoever_made_it(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        about = here.letter("ack_stranger")
        body = (
            "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
            "--b\nContent-Type: text/plain\n\nA complaint.\n--b\n"
            "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: fbl/1\n"
            "Version: 1\n\n--b\nContent-Type: message/rfc822\n\nFrom: support@acme.example\n"
            f"Message-ID: {about.message_id}\nSubject: x\n\nx\n--b--\n"
        )
        done = here.receive(f"From: fbl@isp.example\nSubject: complaint\n{body}", mail_from="fbl@isp.example")
        assert (done.verdict.decision, done.ticket) == ("file", 1000)
        assert here.receive(mail("Another", "Hello")).verdict.acknowledge is None


def test_a_code_that_comes_back_from_an_address_shows_that_letters_reach_it(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        report(here)
        here.receive(mail("Re: Export fails", "I read you well."), here.letter("ack_stranger").reply_to)
        with here.office.db.snapshot() as tx:
            assert people.suppression(tx, "maria@customer.example") == ""


def test_transcripts_to_busy_agents_take_nothing_from_what_the_customer_may_be_told(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        for verb in ("/take", "/tag a", "/tag b", "/tag c", "/tag d", "/tag e"):
            here.pass_time(minutes=1)
            here.receive(mail("Re: x", verb, sender="ana@acme.example"), here.letter("agent_new").reply_to)
        assert len([letter for letter in here.letters if letter.name == "agent_commands"]) == 6
        here.receive(mail("Re: x", "STATUS"), here.letter("ack_stranger").reply_to)
        assert here.letter("my_tickets").to == "maria@customer.example"


def test_a_ticket_answers_by_itself_so_often_and_no_more_whoever_is_on_it(tmp_path: Path):
    more = '[limits]\nautomatic_letters = "2/h per recipient"\n'
    with desk(tmp_path, more) as here:
        for n in range(4):
            here.receive(mail(f"Thing {n}", f"Thing {n} is broken."))
        assert len([letter for letter in here.letters if letter.name == "ack_stranger"]) == 2
