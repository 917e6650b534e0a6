"""Time passes for many tickets at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from gateway.office import new_id
from gateway.sweep import PATIENCE, sweep
from tests import office

WAITING = """
[pending]
reminders = ["2 business days"]
close_after = "3 business days"
[letter.agent_stale]
enabled = false
[security]
agents_must_pass = "none"
"""


def ask(desk: office.TestDesk) -> int:
    """A ticket whose customer was asked something."""
    desk.pass_time(minutes=1)
    desk.receive(office.mail())
    told = desk.letter("agent_new")
    words = office.mail(f"Re: {told.subject}", "/ask\nWhich one is it?", sender="ana@acme.example", to=told.reply_to)
    desk.receive(words, told.reply_to, mail_from="ana@acme.example")
    assert told.ticket is not None
    return told.ticket


def test_one_ticket_that_raises_does_not_stop_the_clocks_of_the_others(tmp_path: Path) -> None:
    with office.desk(tmp_path, WAITING) as desk:
        good, bad, other = ask(desk), ask(desk), ask(desk)
        with desk.office.db.transaction() as tx:
            tx.execute(text(f'UPDATE ticket SET snapshot = \'{{"of": "another make"}}\' WHERE number = {bad}'))
        desk.pass_time(days=3)
        assert desk.office.db.write(sweep, desk.office.desk, desk.now, new_id) == 3
        reminded = [letter.ticket for letter in desk.letters if letter.name.startswith("reminder")]
        assert sorted(number for number in reminded if number) == sorted((good, other))
        with desk.office.db.snapshot() as tx:
            again = tx.execute(text(f"SELECT due_at FROM ticket WHERE number = {bad}")).scalar_one()
        assert str(again).startswith(str((desk.now + PATIENCE).replace(tzinfo=None)))
        assert desk.office.db.write(sweep, desk.office.desk, desk.now + timedelta(minutes=1), new_id) == 0
