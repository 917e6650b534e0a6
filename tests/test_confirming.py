"""Dangerous orders: done at once where the trusted server vouches for the sender, else after a confirming reply."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.letters_sample import sample_notice
from gateway.store import mails, people
from tests.letters_desk import NOW, POLICY, letter, seen_text
from tests.office import TestDesk, desk, mail
from tests.test_held import digest, waiting

TRUSTS = '[security]\ntrust_auth_results = "mx.acme.example"\n'
PASS = "Authentication-Results: mx.acme.example; dmarc=pass header.from={domain}\n"
TWO_AGENTS = '[agent.bo]\nname = "Bo Lindqvist"\nemail = "bo@acme.example"\n'
ANA, BO = "Ana Ruiz <ana@acme.example>", "Bo Lindqvist <bo@acme.example>"


def twins(here: TestDesk) -> str:
    """Two tickets of Maria; the reply address of the newer one, as Ana has it."""
    for subject in ("Export fails", "Export still fails"):
        here.pass_time(minutes=1)
        here.receive(PASS.format(domain="customer.example") + mail(subject))
    return here.letter("agent_new", "ana@acme.example").reply_to


def orders(here: TestDesk, words: str, to: str, *, top: str = "", headers: str = "", sender: str = ANA) -> str:
    """What the transcript says, in one line."""
    here.pass_time(minutes=1)
    raw = top + mail("Re: Export", words, sender=sender, headers=headers)
    here.receive(raw, to, mail_from="ana@acme.example")
    return " ".join(here.letter("agent_commands").text.split())


def asked_for(here: TestDesk) -> str:
    """The id in the letter that asks."""
    found = re.search(r'"/confirm ([0-9a-z]{12})"', here.letter("agent_commands").text)
    assert found is not None
    return found[1]


def merged(here: TestDesk) -> bool:
    return here.ticket(1001).merged_into == 1000


def test_where_the_trusted_server_passed_the_sender_it_is_done_at_once(tmp_path: Path) -> None:
    with desk(tmp_path, TRUSTS) as here:
        address = twins(here)
        told = orders(here, "/merge 1000", address, top=PASS.format(domain="acme.example"))
        assert "goes on as ACME-1000" in told
        assert merged(here)
        told = orders(here, "/spam", address, top=PASS.format(domain="acme.example"))
        assert (here.ticket(1000).status, "is held from now on" in told) == ("closed", True)


def test_without_it_the_letter_says_what_would_be_done_and_a_reply_has_it_done(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        told = orders(here, "/take\n/merge 1000\n\nI join them.", twins(here))
        assert "Please confirm" in told
        assert "goes on as ACME-1000, with all that was said" in told
        assert '"/confirm' in told
        assert (here.ticket(1001).status, here.ticket(1001).assignee) == ("new", None)
        assert [each.name for each in here.letters if each.to == "maria@customer.example"] == ["ack_stranger"] * 2
        asked = here.letter("agent_commands")
        here.receive(mail("Re", "/confirm", sender=ANA, headers=f"In-Reply-To: {asked.message_id}\n"), asked.reply_to)
        here.work_off()
        assert merged(here)
        assert "I join them." in here.letter("merged").text
        assert "goes on as ACME-1000" in here.letter("agent_commands").text


def test_the_line_with_the_id_confirms_from_anywhere_on_the_desk(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        orders(here, "/merge 1000", address)
        orders(here, f"/confirm {asked_for(here)}", here.letter("agent_new", "ana@acme.example").reply_to)
        here.work_off()
        assert merged(here)


def test_the_files_of_the_order_are_not_lost_while_it_waits(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        head = 'Content-Type: multipart/mixed; boundary="xx"\nMIME-Version: 1.0\n'
        file = "--xx\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n\n1,2\n--xx--"
        orders(here, f"--xx\n\n/merge 1000\n\nSee there.\n{file}", address, headers=head)
        orders(here, f"/confirm {asked_for(here)}", address)
        here.work_off()
        assert [each.name for each in here.letter("merged").enclosures] == ["a.csv"]


def test_it_is_confirmed_once(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        orders(here, "/merge 1000", address)
        given = asked_for(here)
        for _ in range(2):
            told = orders(here, f"/confirm {given}", address)
            here.work_off()
        assert "was done already" in told
        assert len([each for each in here.letters if each.name == "merged"]) == 1


def test_a_day_later_it_has_to_be_ordered_again_and_waits_no_longer(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        orders(here, "/merge 1000", address)
        given = asked_for(here)
        here.pass_time(hours=25)
        assert "give the order again" in orders(here, f"/confirm {given}", address)
        assert len(waiting(here)) == 1
        assert not digest(here)
        assert waiting(here) == []
        here.work_off()
        assert not merged(here)


@pytest.mark.parametrize("words", ["/confirm", "/confirm {four}", "/confirm 000000000000", "/release {four}"])
def test_who_has_the_reply_address_and_cannot_read_the_agents_mail_does_nothing(tmp_path: Path, words: str) -> None:
    """The first letters of the id can be guessed; the twelve that are asked for cannot."""
    with desk(tmp_path) as here:
        address = twins(here)
        orders(here, "/merge 1000", address)
        told = orders(here, words.format(four=asked_for(here)[:4]), address)
        assert "Not done" in told
        assert here.work_off() == []
        assert not merged(here)


def test_another_agent_confirms_nothing_for_them(tmp_path: Path) -> None:
    with desk(tmp_path, TWO_AGENTS) as here:
        address = twins(here)
        orders(here, "/merge 1000", address)
        given = asked_for(here)
        told = orders(here, f"/confirm {given}", here.letter("agent_new", "bo@acme.example").reply_to, sender=BO)
        assert "does not wait for a confirmation of yours" in told
        assert here.work_off() == []


def test_what_is_only_tried_or_wrong_is_not_asked_about(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        assert "Tried only" in orders(here, "/try\n/merge 1000", address)
        assert "Not done" in orders(here, "/merge 4711", address)
        assert "stands alone" in orders(here, "/confirm\n/take", address)
        assert waiting(here) == []


def test_a_requester_is_shut_out_after_the_confirmation(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = twins(here)
        orders(here, "/spam", address)
        with here.office.db.snapshot() as tx:
            assert not people.get(tx, "maria@customer.example").blocked
        orders(here, f"/confirm {asked_for(here)}", address)
        here.work_off()
        with here.office.db.snapshot() as tx:
            assert people.get(tx, "maria@customer.example").blocked
        assert here.ticket(1001).status == "closed"


def test_an_order_that_waits_is_in_no_digest_and_names_who_has_to_confirm_it(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        orders(here, "/merge 1000", twins(here))
        here.pass_time(hours=12)
        assert not digest(here)
        with here.office.db.snapshot() as tx:
            (record,) = mails.listed(tx, states=("held",))
        assert (record.confirmer, record.reason) == ("ana", "what it orders has to be confirmed by Ana Ruiz")


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("Please confirm", "This is what your mail would do", 'the single line "/confirm"')),
        ("de", ("Bitte bestätigen", "Das würde deine Mail tun", 'der einzigen Zeile "/confirm"')),
    ],
)
def test_the_letter_that_asks_says_so_in_the_language_of_the_desk(language: str, sentences: tuple[str, ...]) -> None:
    asks = replace(sample_notice("agent_commands", POLICY, NOW), reason="confirm", lines=("> /merge 1000",))
    written = letter("agent_commands", notice=asks, language=language)
    for sentence in sentences:
        assert sentence in " ".join(written.text.split())
        assert sentence in seen_text(written.html)
    assert not [line for line in written.text.splitlines() if line.startswith("/")]
