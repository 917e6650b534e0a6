"""Two agents answer at once: the second is told before anything is sent twice, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.desk.evolve import replay
from gateway.store import articles, mails, verify
from tests.office import TestDesk, desk, mail
from tests.test_held import work_off

BO = '[agent.bo]\nname = "Bo Lindqvist"\nemail = "bo@acme.example"\n'


@pytest.fixture
def here(tmp_path: Path) -> Iterator[TestDesk]:
    """Maria's ticket, told to Ana and Bo; Bo has answered."""
    with desk(tmp_path, BO) as made:
        made.receive(mail())
        made.pass_time(minutes=20)
        answers(made, "bo", "Please restart it.")
        made.pass_time(minutes=2)
        yield made


def answers(here: TestDesk, who: str, words: str, name: str = "agent_new") -> None:
    letter = here.letter(name, f"{who}@acme.example")
    raw = mail("Re: x", words, sender=f"{who}@acme.example", headers=f"In-Reply-To: {letter.message_id}\n")
    here.receive(raw, letter.reply_to, mail_from=f"{who}@acme.example")


def sent(here: TestDesk) -> list[str]:
    """What went to the customer after the acknowledgement."""
    return [each.text for each in here.letters if each.to == "maria@customer.example"][1:]


def test_the_second_is_told_what_the_first_wrote_and_nothing_is_sent(here: TestDesk):
    answers(here, "ana", "/solve\n\nPlease wait for the update.")
    assert len(sent(here)) == 1
    assert here.ticket(1000).status == "open"
    told = here.letter("agent_crossed")
    assert (told.to, told.from_name) == ("ana@acme.example", "Bo from Acme Support")
    assert "Bo Lindqvist has answered already" in told.text
    assert "Please restart it." in told.text
    assert [each.to for each in here.letters if each.name in ("agent_held", "agent_note")] == []
    with here.office.db.snapshot() as tx:
        (record,) = mails.listed(tx, states=("held",))
        kept = articles.of(tx, 1000)[-1]
    assert record.reason == "Bo Lindqvist answered 2 minutes ago, after the letter that it answers"
    assert (kept.visibility, kept.author.id) == ("held", "ana")


def test_the_second_answer_goes_out_with_its_commands_once_its_writer_says_so(here: TestDesk):
    answers(here, "ana", "/solve\n\nPlease wait for the update.")
    with here.office.db.snapshot() as tx:
        (record,) = mails.listed(tx, states=("held",))
    answers(here, "ana", f"/release {record.mail.id[:12]}", "agent_crossed")
    work_off(here)
    assert ["Please wait for the update." in text for text in sent(here)] == [False, True]
    assert here.ticket(1000).status == "solved"
    with here.office.db.snapshot() as tx:
        said = [(each.text, each.visibility) for each in articles.of(tx, 1000)][1:]
        assert said == [("Please restart it.", "public"), ("Please wait for the update.", "public")]
        assert list(verify.verify(tx, here.office.desk.blobs, replay)) == []


def test_another_answer_to_what_the_second_was_told_goes_out_at_once(here: TestDesk):
    answers(here, "ana", "Please wait for the update.")
    here.pass_time(minutes=3)
    answers(here, "ana", "And it is mended now.", "agent_crossed")
    assert "And it is mended now." in sent(here)[-1]
    assert not any("Please wait" in text for text in sent(here))


def test_who_answers_what_the_customer_wrote_after_a_colleagues_answer_is_not_late(here: TestDesk):
    here.receive(mail("Re: x", "I did, it is the same."), here.letter("reply").reply_to)
    answers(here, "ana", "Then we look closer.", "agent_reply")
    assert "Then we look closer." in sent(here)[-1]


def test_an_agent_never_crosses_their_own_answer(here: TestDesk):
    answers(here, "bo", "And empty the cache.")
    assert "And empty the cache." in sent(here)[-1]
