"""Quotes on a real desk: who may decide on one, and what is kept of it."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.deliver import Delivered
from gateway.desk import commands
from gateway.desk.evolve import replay
from gateway.mail.letter import Letter
from gateway.store import articles
from gateway.store.verify import verify
from tests.office import TestDesk, desk, mail
from tests.test_forget import act
from tests.test_held import waiting
from tests.test_private_words import A_SERVER, verdict

QUOTE = commands.MakeQuote(240, "480 EUR")


def quoted(at: TestDesk) -> None:
    at.receive(mail())
    act(at, 1000, QUOTE, text="This is what it takes.")


def test_the_tap_of_the_letter_approves(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        quoted(at)
        letter = at.letter("question")
        assert f"mailto:{letter.reply_to}?subject=" in letter.html
        at.receive(mail(letter.subject, "APPROVE", to=letter.reply_to), letter.reply_to)
        assert (at.ticket(1000).status, at.ticket(1000).quote) == ("open", None)
        with at.office.db.snapshot() as tx:
            assert list(verify(tx, at.office.desk.blobs, replay)) == []


def test_a_subject_alone_does_not_prove_who_approves(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        quoted(at)
        at.receive(mail(at.letter("question").subject, "APPROVE"))
        assert at.ticket(1000).quote is not None
        assert "APPROVE" in at.letter("agent_reply").text


def test_somebody_who_got_the_letter_forwarded_decides_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        quoted(at)
        letter = at.letter("question")
        done = at.receive(
            mail(letter.subject, "APPROVE", sender="eve@else.example", to=letter.reply_to), letter.reply_to
        )
        assert done.verdict.decision == "hold"
        assert at.ticket(1000).quote is not None


def quoted_twice(at: TestDesk) -> tuple[Letter, Letter]:
    """The letters of a quote, and of the one that took its place a minute later."""
    quoted(at)
    first = at.letter("question")
    act(at, 1000, commands.MakeQuote(600, "1200 EUR"), text="It takes more than I thought.")
    at.pass_time(minutes=5)
    return first, at.letter("question")


def tap(at: TestDesk, letter: Letter, word: str = "APPROVE") -> Delivered:
    """Exactly what the letter's button writes: clients name no letter in it."""
    body = re.search(rf'href="mailto:([^"?]+)[?]subject=[^"]+body=({word}[^"&]*)"', letter.html)
    assert body is not None
    return at.receive(mail(letter.subject, body[2].replace("%20", " "), to=body[1]), body[1])


def test_a_tap_on_an_older_quote_approves_nothing_and_names_the_one_that_stands(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        first, second = quoted_twice(at)
        assert "APPROVE 2" in second.text
        done = tap(at, first)
        assert "tell them which quote is open: nothing is decided" in done.verdict.would
        assert at.ticket(1000).quote is not None
        again = at.letter("question")
        assert (again.auto_submitted, "not approved yet" in again.text, "1200 EUR" in again.text) == (
            "auto-replied", True, True,
        )  # fmt: skip
        staff = at.letter("agent_reply")
        assert ("X-Ticket-Reason", "quote-overtaken") in staff.headers
        assert "nothing is decided" in " ".join(staff.text.split())
        tap(at, again)
        assert (at.ticket(1000).status, at.ticket(1000).quote) == ("open", None)
        with at.office.db.snapshot() as tx:
            assert list(verify(tx, at.office.desk.blobs, replay)) == []


def test_a_tap_on_the_newest_quote_decides_on_it(tmp_path: Path) -> None:
    for word in ("APPROVE", "DECLINE"):
        (folder := tmp_path / word).mkdir()
        with desk(folder) as at:
            tap(at, quoted_twice(at)[1], word)
            assert at.ticket(1000).quote is None


def test_a_written_answer_counts_for_the_quote_of_the_letter_that_it_replies_to(tmp_path: Path) -> None:
    for which, approved in ((0, False), (1, True)):
        (folder := tmp_path / str(which)).mkdir()
        with desk(folder) as at:
            letter = quoted_twice(at)[which]
            headers = f"In-Reply-To: {letter.message_id}\nReferences: {' '.join(letter.references)}\n"
            at.receive(mail(letter.subject, "Approved.", to=letter.reply_to, headers=headers), letter.reply_to)
            assert (at.ticket(1000).quote is None) is approved


def test_an_order_that_is_attached_does_not_spoil_the_approval(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        quoted(at)
        letter = at.letter("question")
        body = (
            '--b\n\nAPPROVE\n--b\nContent-Type: text/csv; name="a.csv"\n'
            'Content-Disposition: attachment; filename="a.csv"\n\n1;2\n--b--'
        )
        headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
        at.receive(mail(letter.subject, body, to=letter.reply_to, headers=headers), letter.reply_to)
        assert at.ticket(1000).quote is None


def tapped_but_held(at: TestDesk, sender: str = "maria@customer.example", word: str = "APPROVE") -> str:
    """The letter's tap, as it came from `sender`, whom our server doubts."""
    at.receive(verdict("pass", "customer.example") + mail())
    act(at, 1000, QUOTE, text="This is what it takes.")
    letter = at.letter("question")
    done = at.receive(
        verdict("fail", sender.partition("@")[2]) + mail(letter.subject, word, sender=sender, to=letter.reply_to),
        letter.reply_to,
    )
    assert done.verdict.decision == "hold"
    assert at.ticket(1000).quote is not None
    return waiting(at)[0]


def released(at: TestDesk, held: str, how: str = "") -> None:
    digest = at.letter("agent_new").reply_to
    words = f"/release {held} {how}".rstrip()
    at.receive(verdict("pass", "acme.example") + mail("Re: x", words, sender="ana@acme.example", to=digest), digest)
    at.work_off()


def test_an_approval_that_was_held_counts_once_it_is_released(tmp_path: Path) -> None:
    with desk(tmp_path, A_SERVER) as at:
        released(at, tapped_but_held(at))
        assert (at.ticket(1000).status, at.ticket(1000).quote) == ("open", None)
        assert ("X-Ticket-Reason", "quote-approved") in at.letter("agent_reply").headers
        with at.office.db.snapshot() as tx:
            assert list(verify(tx, at.office.desk.blobs, replay)) == []


def test_an_approval_from_another_address_of_theirs_counts_once_that_is_said(tmp_path: Path) -> None:
    with desk(tmp_path, A_SERVER) as at:
        released(at, tapped_but_held(at, "maria@home.example"), "alias")
        assert at.ticket(1000).quote is None
        assert at.ticket(1000).role_of("maria@home.example") == "alias"


def test_a_stranger_who_is_let_in_approves_nothing(tmp_path: Path) -> None:
    for how in ("", "join"):
        (folder := tmp_path / f"desk-{how}").mkdir()
        with desk(folder, A_SERVER) as at:
            released(at, tapped_but_held(at, "eve@else.example"), how)
            assert at.ticket(1000).quote is not None


def test_a_rating_that_was_held_is_one_and_stays_between_them_and_us(tmp_path: Path) -> None:
    with desk(tmp_path, A_SERVER) as at:
        released(at, tapped_but_held(at, word="RATING 5 quick"))
        assert (at.ticket(1000).rating, at.ticket(1000).status) == (5, "on_hold")
        with at.office.db.snapshot() as tx:
            assert articles.of(tx, 1000)[-1].visibility == "private"
