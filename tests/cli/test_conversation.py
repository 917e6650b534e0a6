"""A ticket as it is read in a terminal: who said what, and to whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli.conversation import show_ticket
from tests.office import desk, mail
from tests.test_forget import act


def test_each_message_says_who_may_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with desk(tmp_path) as here:
        here.receive(mail())
        act(here, 1000, text="Who knows her?", public=False)
        letter = here.letter("ack_stranger")
        here.receive(mail(letter.subject, "RATING 5", to=letter.reply_to), letter.reply_to)
        here.receive(mail(letter.subject, "Me too.", sender="eve@else.example", to=letter.reply_to), letter.reply_to)
        with here.office.db.snapshot() as tx:
            show_ticket(tx, here.office, here.ticket(1000), here.now, full=False)
    heads = [line.rpartition("─ ")[2] for line in capsys.readouterr().out.splitlines() if " #" in line]
    assert heads == [
        "public", "NOTE, the customer cannot see it", "to us alone", "HELD, somebody of us has to release it",
    ]  # fmt: skip
