"""Letters that are due: sent, retried, given up, each with what the ticket hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from gateway.desk.policy import Rate
from gateway.dispatch import GIVE_UP, Tried, dispatch
from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter
from gateway.office import new_id
from tests.office import TestDesk, desk, mail
from tests.test_merging import merge


def tried(here: TestDesk) -> list[Tried]:
    return asyncio.run(dispatch(here.office.db, here.office.desk, here.send, lambda: here.now, new_id))


def test_no_more_leave_than_the_relay_wants_in_such_a_time(tmp_path: Path):
    def leave(here: TestDesk) -> int:
        rate = Rate(3, timedelta(minutes=1))
        work = dispatch(here.office.db, here.office.desk, here.send, lambda: here.now, new_id, rate=rate)
        return len(asyncio.run(work))

    with desk(tmp_path) as here:
        for number in range(2):
            here.receive(mail(f"Printer {number}"))
        assert (leave(here), leave(here)) == (3, 0)
        here.pass_time(seconds=59)
        assert leave(here) == 0
        here.pass_time(seconds=2)
        assert (leave(here), leave(here)) == (1, 0)


def test_what_is_due_leaves_once_and_not_again(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        assert {one.outcome for one in tried(here)} == {"sent"}
        here.pass_time(days=1)
        assert tried(here) == []
        assert len(here.sent) == 2


def test_a_letter_that_is_put_off_comes_again_with_patience_and_is_the_same_letter(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        here.answer = lambda letter: Outcome("deferred", 451, "4.3.0 later")
        assert {one.outcome for one in tried(here)} == {"deferred"}
        assert tried(here) == []
        here.pass_time(minutes=1)
        here.answer = lambda letter: Outcome("sent", 250, "ok")
        again = tried(here)
        assert {(one.attempt, one.outcome) for one in again} == {(2, "sent")}
        assert {one.letter.message_id for one in again} == {letter.message_id for letter in here.letters}


def test_a_final_refusal_is_recorded_on_the_ticket_and_told_to_the_team(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        refused = Outcome("failed", 550, "5.1.1 no such user")
        here.answer = lambda letter: refused if letter.to.startswith("maria") else Outcome("sent", 250, "ok")
        tried(here)
        assert here.ticket(1000).undelivered == ("maria@customer.example",)
        assert here.letter("agent_delivery_failed").to == "ana@acme.example"


def test_after_four_days_a_letter_is_given_up(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        here.answer = lambda letter: Outcome("deferred", None, "connection refused")
        tried(here)
        here.pass_time(seconds=GIVE_UP.total_seconds())
        assert {one.outcome for one in tried(here)} == {"failed"}
        assert "maria@customer.example" in here.ticket(1000).undelivered


def test_a_storm_of_automatic_answers_is_slowed_and_none_of_them_is_lost(tmp_path: Path):
    with desk(tmp_path, '[limits]\nall_automatic_letters = "3/min"\n') as here:
        for n in range(8):
            here.receive(mail(sender=f"user{n}@customer.example"))
        counts = []
        for _ in range(4):
            while tried(here):
                pass
            counts.append(len([letter for letter in here.sent if letter.name == "ack_stranger"]))
            here.pass_time(minutes=1, seconds=1)
        assert counts[0] < 8
        assert counts[-1] == 8
        assert len([letter for letter in here.sent if letter.name == "agent_new"]) == 8


def test_a_mailbox_that_the_relay_does_not_know_gets_no_automatic_letter_any_more(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        here.answer = lambda letter: Outcome("failed", 550, "5.1.1 no such user")
        tried(here)
        assert here.receive(mail("Another", "Hello?")).verdict.acknowledge is None


def test_a_relay_that_refuses_us_says_nothing_about_the_customer(tmp_path: Path):
    with desk(tmp_path) as here:
        here.answer = lambda letter: Outcome("failed", 554, "5.7.1 relay access denied")
        for subject in ("One", "Two", "Three"):
            here.receive(mail(subject, f"{subject}?"))
            tried(here)
        assert here.receive(mail("Four", "Four?")).verdict.acknowledge == "ack_stranger"


def test_a_letter_whose_sending_raises_waits_its_turn_and_the_others_leave(tmp_path: Path):
    def answer(letter: Letter) -> Outcome:
        if letter.name == "agent_new":
            raise RuntimeError("a bug")
        return Outcome("sent", 250, "ok")

    with desk(tmp_path) as here:
        here.receive(mail())
        here.answer = answer
        assert {(one.letter.name, one.outcome) for one in tried(here)} == {
            ("agent_new", "deferred"),
            ("ack_stranger", "sent"),
        }
        here.pass_time(minutes=2)
        assert [one.attempt for one in tried(here)] == [2]


def test_letters_about_one_ticket_to_one_reader_leave_in_the_order_in_which_they_were_decided(tmp_path: Path):
    """Though the first takes the relay longer than the second."""
    arrived: list[str] = []

    async def send(letter: Letter, data: bytes) -> Outcome:
        await asyncio.sleep(0.05 if letter.name == "solved" else 0)
        arrived.append(letter.name)
        return Outcome("sent", 250, "ok")

    with desk(tmp_path) as here:
        here.receive(mail())
        tried(here)
        to = here.letter("agent_new").reply_to
        for words in ("/solve", "/reopen"):
            here.receive(mail("Re: x", words, sender="ana@acme.example"), to, mail_from="ana@acme.example")
            here.pass_time(seconds=1)
        asyncio.run(dispatch(here.office.db, here.office.desk, send, lambda: here.now, new_id))
        assert [name for name in arrived if not name.startswith("agent_")] == ["solved", "reopened"]


def test_the_failure_of_a_letter_on_a_merged_ticket_is_known_where_it_goes_on(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(mail())
        here.receive(mail("Export still fails"))
        merge(here)
        refused = Outcome("failed", 550, "5.1.1 no such user")
        here.answer = lambda letter: refused if letter.name == "merged" else Outcome("sent", 250, "ok")
        while tried(here):
            pass
        assert here.ticket(1000).undelivered == ("maria@customer.example",)
        assert here.letter("agent_delivery_failed").ticket == 1000
