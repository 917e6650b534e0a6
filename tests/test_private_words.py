"""What agents write in private never reaches a customer, and who is no agent never acts as one.

Every way in which an agent can write (a reply, a reply with /note, the note address), to both kinds of letter that
agents get (a public one, a private one), by those who have proof and by those who only say that they are the agent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from gateway.desk.evolve import replay
from gateway.mail.letter import Letter
from gateway.store import articles, events, verify
from tests.office import TestDesk, desk, mail
from tests.test_held import waiting, work_off

ANA, BO, MARIA = "ana@acme.example", "bo@acme.example", "maria@customer.example"
CANARY: Final = "The canary sings at night."
TRUSTED: Final = "mx.acme.example"
BOS_OWN: Final = '\n[agent.bo]\nname = "Bo Lindqvist"\nemail = "bo@acme.example"\n'
A_SERVER: Final = f'\n[security]\ntrust_auth_results = "{TRUSTED}"\n'

WAYS: Final = ("reply", "/note", "note address")
KINDS: Final = ("public", "private")
# What somebody without proof may have: the token that stands in every subject, a letter to a colleague, and, where a
# server is trusted, the right code together with that server's word that the mail is forged.
FORGERIES: Final = ("token alone", "a colleague's code", "right code, forged says the server")
EVERY_WAY: Final = list(product(WAYS, KINDS))


def verdict(of: str, domain: str) -> str:
    return f"Authentication-Results: {TRUSTED}; dmarc={of} header.from={domain}\n"


def note_address(letter: Letter) -> str:
    """As the first line of the letter names it."""
    return next(word.strip("<>.,") for word in letter.text.split() if word.startswith("support+n"))


@contextmanager
def a_ticket_with_two_notes(folder: Path, *, server: bool) -> Iterator[TestDesk]:
    """Maria's ticket; Bo left a note, which Ana was mailed, and Ana one, which Bo was mailed."""
    customer, staff = (verdict("pass", domain) if server else "" for domain in ("customer.example", "acme.example"))
    with desk(folder, BOS_OWN + (A_SERVER if server else "")) as here:
        here.receive(customer + mail())
        for writer in (BO, ANA):
            note = note_address(here.letter("agent_new", writer))
            here.receive(staff + mail("Re: x", "A note.", sender=writer, to=note), note, mail_from=writer)
        yield here


def write(here: TestDesk, way: str, kind: str, *, forgery: str = "") -> None:
    """A mail in Ana's name, made of a letter to her, or to Bo."""
    of = BO if forgery == "a colleague's code" else ANA
    letter = here.letter("agent_new" if kind == "public" else "agent_note", of)
    to = note_address(letter) if way == "note address" else letter.reply_to
    subject, words = "Re: x", f"/note\n{CANARY}" if way == "/note" else CANARY
    if forgery == "token alone":
        to, subject = "support@acme.example", f"Re: {letter.subject}"
    result = verdict("fail", "acme.example") if forgery.startswith("right code") else ""
    here.receive(result + mail(subject, words, sender=f"Ana Ruiz <{ANA}>", to=to), to, mail_from=ANA)


def heard(here: TestDesk) -> set[str]:
    """Whom the words were mailed to."""
    return {letter.to for letter in here.letters if CANARY in letter.text + letter.html}


def kept(here: TestDesk) -> list[tuple[int, str, str]]:
    """Where the words stand: ticket, as whose, and who may see them."""
    with here.office.db.snapshot() as tx:
        every = ((number, each) for number in (1000, 1001) for each in articles.of(tx, number))
        return [(number, each.author.role, each.visibility) for number, each in every if CANARY in each.text]


def happened(here: TestDesk) -> list[str]:
    """Who did what on Maria's ticket."""
    with here.office.db.snapshot() as tx:
        return [f"{event.by} {type(event).__name__}" for event in events.events_of(tx, 1000)]


@pytest.mark.parametrize(("way", "kind"), EVERY_WAY)
def test_only_a_plain_reply_to_a_public_letter_goes_to_the_customer(tmp_path: Path, way: str, kind: str) -> None:
    with a_ticket_with_two_notes(tmp_path, server=False) as here:
        write(here, way, kind)
        public = (way, kind) == ("reply", "public")
        assert (MARIA in heard(here)) is public
        assert kept(here) == [(1000, "agent", "public" if public else "private")]


@pytest.mark.parametrize(("way", "kind"), EVERY_WAY)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_who_only_says_that_they_are_the_agent_moves_nothing(tmp_path: Path, way: str, kind: str, forgery: str) -> None:
    """No customer hears of it, and nothing happens on the ticket but that a mail is held; the real agent is told."""
    with a_ticket_with_two_notes(tmp_path, server=forgery.startswith("right code")) as here:
        before, letters = happened(here), {letter.id for letter in here.letters}
        write(here, way, kind, forgery=forgery)
        told = [letter for letter in here.letters if letter.id not in letters]
        assert [letter.name for letter in told if letter.to == MARIA] == []
        assert heard(here) <= {ANA, BO}
        assert [what for what in happened(here)[len(before) :] if not what.endswith("ArticleAdded")] == []
        assert all(visibility == "held" for number, _, visibility in kept(here) if number == 1000)
        assert "agent" not in {role for _, role, _ in kept(here)}
        assert ANA in {letter.to for letter in told if letter.name == "agent_held"}


@pytest.mark.parametrize(("way", "kind"), EVERY_WAY)
def test_a_code_that_was_guessed_opens_a_ticket_of_its_own(tmp_path: Path, way: str, kind: str) -> None:
    """It belongs to no ticket, so the agent is a customer like any other; whoever reads it is told of the relation."""
    with a_ticket_with_two_notes(tmp_path, server=False) as here:
        before = happened(here)
        letter = here.letter("agent_new" if kind == "public" else "agent_note", ANA)
        to = note_address(letter) if way == "note address" else letter.reply_to
        guessed = to.replace("@", "x@", 1)
        words = f"/note\n{CANARY}" if way == "/note" else CANARY
        here.receive(mail("Re: x", words, sender=f"Ana Ruiz <{ANA}>", to=guessed), guessed, mail_from=ANA)
        assert happened(here) == before
        assert MARIA not in heard(here)
        assert kept(here) == [(1001, "requester", "public")]


def test_an_agents_mail_that_was_let_in_is_an_answer_with_its_commands(tmp_path: Path) -> None:
    """`/release` handles that one mail as proven: what was held gives way to the answer, and the customer gets it."""
    with a_ticket_with_two_notes(tmp_path, server=False) as here:
        letter = here.letter("agent_new", ANA)
        raw = mail(f"Re: {letter.subject}", f"/take\n{CANARY}", sender=f"Ana Ruiz <{ANA}>")
        here.receive(raw, mail_from=ANA)
        (held_id,) = waiting(here)
        here.receive(mail("Re: x", f"/release {held_id}", sender=f"Bo <{BO}>"), here.letter("agent_new", BO).reply_to)
        work_off(here)
        assert kept(here) == [(1000, "agent", "public")]
        assert heard(here) >= {MARIA}
        assert here.ticket(1000).assignee == "ana"
        with here.office.db.snapshot() as tx:
            assert list(verify.verify(tx, here.office.desk.blobs, replay)) == []


def test_an_agents_mail_that_was_let_in_and_is_wrong_stays_what_it_was(tmp_path: Path) -> None:
    with a_ticket_with_two_notes(tmp_path, server=False) as here:
        letter = here.letter("agent_new", ANA)
        here.receive(mail(f"Re: {letter.subject}", f"/tkae\n{CANARY}", sender=f"Ana Ruiz <{ANA}>"), mail_from=ANA)
        (held_id,) = waiting(here)
        here.receive(mail("Re: x", f"/release {held_id}", sender=f"Bo <{BO}>"), here.letter("agent_new", BO).reply_to)
        work_off(here)
        assert kept(here) == [(1000, "stranger", "held")]
        assert "Did you mean /take?" in here.letter("agent_commands", ANA).text
        with here.office.db.snapshot() as tx:
            assert list(verify.verify(tx, here.office.desk.blobs, replay)) == []
