"""Mail that is held: who hears of it, and how it is let in or shut out by mail."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway import held
from gateway.office import new_id
from gateway.reader import Reader
from gateway.store import mails, people
from tests.office import TestDesk, desk, mail
from tests.test_rounds import rounds_of

JUNK = '[security]\njunk_header = "X-Spam-Flag: YES"\n'
FLAG = "X-Spam-Flag: YES\n"
EVE = "Eve <eve@other.example>"


def waiting(here: TestDesk) -> list[str]:
    with here.office.db.snapshot() as tx:
        return [each.mail.id for each in mails.listed(tx, states=("held",))]


def work_off(here: TestDesk) -> None:
    """What was let in is pending again."""

    async def play() -> None:
        rounds = rounds_of(here, Reader())
        while await rounds.mail():
            pass
        await rounds.close()

    asyncio.run(play())


def digest(here: TestDesk) -> bool:
    with here.office.db.transaction() as tx:
        return held.digest(tx, here.office.desk, here.now, new_id)


def ana(words: str, **more: str) -> str:
    return mail("Re: Held mail", words, sender="Ana Ruiz <ana@acme.example>", **more)


def confirm(here: TestDesk) -> None:
    """Ana answers the letter that asks, as mail clients do."""
    asked = here.letter("agent_commands")
    here.receive(ana("/confirm", headers=f"In-Reply-To: {asked.message_id}\n"), asked.reply_to)
    assert [each.verdict.decision for each in here.work_off()] in (["file"], ["append"])


def test_junk_is_told_once_a_day_with_its_id_and_let_in_by_answering(tmp_path: Path):
    with desk(tmp_path, JUNK) as here:
        here.receive(mail("Cheap", "Buy!", sender=EVE, headers=FLAG))
        assert here.letters == []
        here.now = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)
        assert digest(here)
        assert digest(here)
        (letter,) = here.letters
        (held_id,) = waiting(here)
        assert (letter.name, letter.to, letter.ticket) == ("agent_held", "ana@acme.example", None)
        assert held_id[:12] in letter.text
        assert "eve@other.example" in letter.text
        done = here.receive(ana(f"/release {held_id[:12]}"), letter.reply_to)
        assert (done.verdict.decision, done.ticket) == ("file", None)
        assert "is let in" in here.letter("agent_commands").text
        work_off(here)
        assert here.ticket(1000).requester.email == "eve@other.example"


def test_nothing_held_is_no_digest(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        assert not digest(here)


def test_the_digest_comes_at_its_hour_and_once(tmp_path: Path):
    with desk(tmp_path, JUNK) as here:
        here.receive(mail("Cheap", "Buy!", sender=EVE, headers=FLAG))

        async def play() -> list[int]:
            rounds, told = rounds_of(here, Reader()), []
            for hour in (6, 7, 8, 9):
                here.now = datetime(2026, 4, 14, hour, 30, tzinfo=UTC)
                await rounds.due()
                told.append(len(here.letters))
            await rounds.close()
            return told

        assert asyncio.run(play()) == [0, 0, 1, 1]


def test_spam_drops_the_mail_and_holds_its_sender_until_one_is_released(tmp_path: Path):
    with desk(tmp_path, JUNK) as here:
        here.receive(mail("Cheap", "Buy!", sender=EVE, headers=FLAG))
        digest(here)
        address = here.letter("agent_held").reply_to
        here.receive(ana(f"/spam {waiting(here)[0]}"), address)
        confirm(here)
        assert waiting(here) == []
        done = here.receive(mail("A real question", "Can I pay by card?", sender=EVE))
        assert (done.verdict.decision, "blocked" in done.verdict.reason) == ("hold", True)
        here.receive(ana(f"/release {waiting(here)[0]}"), address)
        work_off(here)
        assert here.ticket(1000).subject == "A real question"
        with here.office.db.snapshot() as tx:
            assert not people.get(tx, "eve@other.example").blocked


@pytest.mark.parametrize(
    ("words", "why"),
    [("/release beef", "no such mail"), ("/release", "write the id"), ("/release {id} now", "join or alias")],
)
def test_a_line_in_error_lets_nothing_in_and_says_what_was_meant(tmp_path: Path, words: str, why: str):
    with desk(tmp_path, JUNK) as here:
        here.receive(mail("Cheap", "Buy!", sender=EVE, headers=FLAG))
        digest(here)
        held_id = waiting(here)[0]
        orders = f"/release {held_id}\n" + words.format(id=held_id)
        here.receive(ana(orders), here.letter("agent_held").reply_to)
        assert why in here.letter("agent_commands").text
        assert waiting(here) == [held_id]


def test_the_reply_address_of_a_digest_is_of_no_use_to_anybody_else(tmp_path: Path):
    with desk(tmp_path, JUNK) as here:
        here.receive(mail("Cheap", "Buy!", sender=EVE, headers=FLAG))
        digest(here)
        address = here.letter("agent_held").reply_to
        orders = mail("Re: Held mail", f"/release {waiting(here)[0]}", sender=EVE)
        assert here.receive(orders, address).verdict.decision == "new_ticket"
        assert here.receive(ana(f"/release {waiting(here)[0]}")).verdict.decision == "new_ticket"
        assert len(waiting(here)) == 1


@pytest.mark.parametrize(
    ("sender", "lines"), [(EVE, 3), ("Ana Ruiz <ana@acme.example>", 1), ("Maria Lopez <maria@customer.example>", 1)]
)
def test_only_a_stranger_may_be_let_in_as_somebody_else(tmp_path: Path, sender: str, lines: int):
    with desk(tmp_path, '[security]\ntrust_auth_results = "mx.acme.example"\n', languages='["en", "de"]') as here:
        here.receive(mail())
        subject = here.letter("agent_new").subject
        here.receive(mail(subject, "/solve", sender=sender))
        told = " ".join(here.letter("agent_held").text.split())
        assert told.count("/release") == lines
        alone = [line for line in here.letter("agent_held").text.splitlines() if "/release" in line]
        assert all(line.startswith('"/release ') and line.endswith('"') for line in alone), "a line to be copied"
        assert (" join" in told, " alias" in told) == (lines == 3, lines == 3)


def test_a_strangers_mail_on_a_ticket_is_let_in_and_its_sender_joins(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        token = here.letter("agent_new").subject.partition("[")[2]
        here.receive(mail(f"Re: Export fails [{token}", "I see it too.", sender=EVE))
        letter = here.letter("agent_held")
        assert waiting(here)[0] in letter.text
        here.receive(ana(f"/release {waiting(here)[0]} join\n/take"), letter.reply_to)
        work_off(here)
        ticket = here.ticket(1000)
        assert ([each.email for each in ticket.participants], ticket.assignee) == (["eve@other.example"], "ana")


def test_spam_on_a_ticket_closes_it_without_a_letter_and_can_be_taken_back(tmp_path: Path):
    with desk(tmp_path) as here:
        here.receive(mail())
        before = len([each for each in here.letters if each.to == "maria@customer.example"])
        here.receive(ana("/spam"), here.letter("agent_new").reply_to)
        confirm(here)
        assert here.ticket(1000).status == "closed"
        assert len([each for each in here.letters if each.to == "maria@customer.example"]) == before
        assert here.receive(mail("Again", "Hello?")).verdict.decision == "hold"
        here.receive(ana("/spam off"), here.letter("agent_commands").reply_to)
        assert here.receive(mail("Once more", "Hello??")).verdict.decision == "new_ticket"


def test_over_the_limit_of_new_tickets_mail_is_held_and_the_team_told_once(tmp_path: Path):
    with desk(tmp_path, '[limits]\nnew_tickets = "2/h per sender"\n') as here:
        done = [here.receive(mail(f"Thing {n}", f"Thing number {n}")) for n in "abcde"]
        assert [one.verdict.decision for one in done] == ["new_ticket"] * 2 + ["hold"] * 3
        told = [letter for letter in here.letters if letter.name == "agent_held"]
        assert [letter.to for letter in told] == ["ana@acme.example"]
        assert any(each[:12] in told[0].text for each in waiting(here))
        assert [tell for one in done for tell in one.tell] == []


def test_the_agent_hears_once_a_day_of_mails_that_claim_to_be_theirs(tmp_path: Path):
    trusting = '[security]\ntrust_auth_results = "mx.acme.example"\n'
    forged = "Authentication-Results: mx.acme.example; dmarc=fail\n"
    with desk(tmp_path, trusting) as here:
        for n in range(3):
            raw = forged + mail(f"Pay this {n}", "Now!", sender="Ana Ruiz <ana@acme.example>")
            assert here.receive(raw).verdict.decision == "hold"
        assert [letter.to for letter in here.letters] == ["ana@acme.example"]
