"""The balance of a month's allowance in the letters to an organisation."""

from pathlib import Path

from gateway.desk import commands
from tests.office import desk, mail
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
