"""The balance of a month's allowance in the letters to an organisation."""

import re
from pathlib import Path

from gateway.desk import commands
from gateway.desk.evolve import replay
from gateway.ordered import undo
from gateway.store import queue
from gateway.store.verify import verify
from tests.office import ALL, TestDesk, desk, mail
from tests.test_forget import act

BIGCO = """
[organisation.bigco]
name = "Bigco"
domains = ["customer.example"]
allowance = "10h"
"""


def test_letters_name_what_is_left_once_time_was_logged_until_the_month_is_over(tmp_path: Path) -> None:
    with desk(tmp_path, BIGCO) as at:
        at.receive(mail())
        at.receive(mail("Another"))
        act(at, 1000, text="No time was needed.")
        assert "left of" not in at.letter("reply").text
        act(at, 1000, commands.Spend(60), commands.Spend(45), commands.Spend(-15))
        at.pass_time(hours=1)
        act(at, 1000, text="This took a while.")
        assert "8 h 30 min left of 10 h this month" in at.letter("reply").text
        at.pass_time(days=30)
        act(at, 1000, text="A new month.")
        assert "10 h left of 10 h this month" in at.letter("reply").text


WATCHED = """
[organisation.bigco]
name = "Bigco"
domains = ["customer.example"]
contact = "boss@customer.example"
allowance = "10h"

[agent.lea]
name = "Lea"
email = "lea@acme.example"
role = "lead"
"""


def told(at: TestDesk, to: str) -> list[str]:
    """The marks that this address was told of."""
    letters = (each for each in at.letters if each.to == to and each.name in ("progress", "agent_warning"))
    return [found[0] for each in letters if (found := re.search(r"[0-9]+ %|used up", each.text))]


def test_at_eighty_and_at_a_hundred_per_cent_contact_and_lead_are_told_once_a_month(tmp_path: Path) -> None:
    with desk(tmp_path, WATCHED) as at:
        at.receive(mail())
        at.receive(mail("Another", sender="Joe <joe@customer.example>"))
        for number, minutes in ((1000, 420), (1001, 60), (1000, -60), (1000, 60), (1001, 180), (1000, 60)):
            act(at, number, commands.Spend(minutes))
        assert told(at, "boss@customer.example") == ["80 %", "used up"]
        assert told(at, "lea@acme.example") == ["80 %", "used up"]
        at.pass_time(days=30)
        act(at, 1000, commands.Spend(500))
        assert told(at, "boss@customer.example") == ["80 %", "used up", "80 %"]


def test_the_letter_about_the_allowance_names_no_ticket(tmp_path: Path) -> None:
    with desk(tmp_path, WATCHED) as at:
        at.receive(mail())
        act(at, 1000, commands.Spend(495))
        letter = at.letter("progress")
        text = " ".join(letter.text.split())
        assert "Bigco has used 8 h 15 min of its maintenance allowance of 10 h this month. 1 h 45 min are left." in text
        assert "because you answer for Bigco" in text
        assert (letter.to, letter.ticket, letter.reply_to) == ("boss@customer.example", None, "support@acme.example")
        assert letter.subject == "Bigco: 80 % of this month's allowance"
        assert not re.search("ACME-1000|Export|SOLVED", letter.subject + letter.text + letter.html)
        warned = " ".join(at.letter("agent_warning", "lea@acme.example").text.split())
        assert "Bigco has used 80 % of its allowance" in warned
        assert "8 h 15 min of 10 h are used, 1 h 45 min are left" in warned
        with at.office.db.snapshot() as tx:
            assert list(verify(tx, at.office.desk.blobs, replay)) == []


def test_time_that_is_taken_back_at_once_was_told_to_nobody(tmp_path: Path) -> None:
    with desk(tmp_path, WATCHED, undo_window="60s") as at:
        at.receive(mail())
        act(at, 1000, commands.Spend(540))
        at.office.db.write(undo, at.office.desk, 1000, "ana", at.now)
        act(at, 1000, commands.Spend(490))
        with at.office.db.snapshot() as tx:
            states = [each.state for each in queue.listed(tx, states=ALL) if each.letter.to == "boss@customer.example"]
        assert states == ["dropped", "waiting"]
