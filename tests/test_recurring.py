"""What comes round: last week's figures to the leads, and each quarter what was put off."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("language", "figures", "head", "of"),
    [
        ("en", "Ratings: 2, 2.5 of 5 on average.", "What customers wrote with their ratings:", "of"),
        ("de", "Bewertungen: 2, im Mittel 2,5 von 5.", "Was Kunden zu ihren Bewertungen schrieben:", "von"),
    ],
)
def test_the_week_tells_what_customers_wrote_beside_their_ratings(
    tmp_path: Path, language: str, figures: str, head: str, of: str
) -> None:
    with desk(tmp_path, DESK, languages=f'["{language}"]\nlanguage = "{language}"') as here:
        here.now = at(4, 6)
        rated = ["RATING 3\nlong ago", "RATING 5 <b>fast</b> & good", "RATING 1\n" + "slow, " * 100, "RATING 4"]
        for number, words in enumerate(rated, 1000):
            here.receive(mail(f"Number {number}"))
            to = next(each for each in here.letters if each.ticket == number and each.name[:3] == "ack").reply_to
            here.now = at(4, 7 if number == 1000 else 14)
            here.receive(mail("Re: x", words, to=to), to)
        with here.office.db.transaction() as tx:
            morning(tx, here.office.desk, at(4, 20), new_id)
        (letter,) = [each for each in here.letters if ("X-Ticket-Reason", "weekly") in each.headers]
        said = " ".join(letter.text.split())
        assert figures in said
        assert f"{head} ACME-1002, 1 {of} 5: slow, slow" in said
        assert f"ACME-1001, 5 {of} 5: <b>fast</b> & good" in said
        assert f"ACME-1001, 5 {of} 5: &lt;b&gt;fast&lt;/b&gt; &amp; good" in letter.html
        assert (said.count("slow, ") < 40, "…" in said, "long ago" in said, "ACME-1003, 4" in said) == (
            True, True, False, False,
        )  # fmt: skip


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
