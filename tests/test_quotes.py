"""Quotes on a real desk: who may decide on one, and what is kept of it."""

from __future__ import annotations

from pathlib import Path

from gateway.desk import commands
from gateway.desk.evolve import replay
from gateway.store.verify import verify
from tests.office import TestDesk, desk, mail
from tests.test_forget import act

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
