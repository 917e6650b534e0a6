"""What comes round: last week's figures to the leads, and each quarter what was put off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gateway.office import new_id
from gateway.recurring import morning
from tests.office import TestDesk, desk, mail

DESK = """
[letter.agent_digest]
enabled = true
[agent.lea]
name = "Lea Lead"
email = "lea@acme.example"
role = "lead"
[category.feature]
name = "Feature"
words = ["feature"]
revisit = "quarterly"
  [[category.feature.phase]]
  id = "received"
  name = "Received"
[category.question]
name = "Question"
  [[category.question.phase]]
  id = "received"
  name = "Received"
"""
LEA, ANA = "lea@acme.example", "ana@acme.example"


def at(month: int, day: int, year: int = 2026) -> datetime:
    """Nine in the morning, when the office opens."""
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


def told(here: TestDesk, moment: datetime, reason: str) -> dict[str, str]:
    """What a morning writes of that sort, by reader."""
    before = {letter.id for letter in here.letters}
    with here.office.db.transaction() as tx:
        morning(tx, here.office.desk, moment, new_id)
    new = [letter for letter in here.letters if letter.id not in before]
    return {letter.to: letter.text for letter in new if ("X-Ticket-Reason", reason) in letter.headers}


def test_leads_get_the_figures_of_the_week_on_its_first_working_day_and_once(tmp_path: Path) -> None:
    with desk(tmp_path, DESK) as here:
        here.now = at(4, 7)
        here.receive(mail("Older"))
        here.now = at(4, 14)
        for subject in ("One", "Two"):
            here.receive(mail(subject))
        answered = here.letter("agent_new", ANA).reply_to
        here.pass_time(hours=2)
        here.receive(mail("Re: x", "Try this.\n\n/solve", sender=ANA), answered, mail_from=ANA)
        week = told(here, at(4, 20), "weekly")
        assert set(week) == {LEA}
        said = " ".join(week[LEA].split())
        assert "New: 2 (1). Solved of them: 1 (0)." in said
        assert "Waiting now: 2" in said
        assert "First response, the middle one: 2 h" in said
        assert told(here, at(4, 20), "weekly") == {}
        assert told(here, at(4, 21), "weekly") == {}
        assert set(told(here, at(4, 27), "weekly")) == {LEA}


def test_what_was_put_off_is_listed_as_the_quarter_begins_and_opened_by_one_command(tmp_path: Path) -> None:
    """The first of July 2026 is a Wednesday."""
    with desk(tmp_path, DESK) as here:
        here.now = at(5, 4)
        for subject in ("A feature: dark mode", "A feature: a pony"):
            here.receive(mail(subject))
            tags = "/tag later\n" if "dark" in subject else ""
            to = here.letter("agent_new", ANA).reply_to
            here.receive(mail("Re: x", f"{tags}/solve\n\nNot now.", sender=ANA), to, mail_from=ANA)
        assert told(here, at(6, 30), "revisit") == {}
        found = told(here, at(7, 1), "revisit")
        assert set(found) == {ANA, LEA}
        assert "ACME-1000" in found[ANA]
        assert "dark mode" in found[ANA]
        assert "pony" not in found[ANA]
        assert "gateway ticket reopen ACME-1000" in " ".join(found[ANA].split())
        assert told(here, at(7, 1), "revisit") == {}
        assert told(here, at(7, 2), "revisit") == {}
        assert set(told(here, at(10, 1), "revisit")) == {ANA, LEA}
