"""Commands by mail that are wrong: nothing is done, nobody is written to, and the answer says what was meant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.store import events
from tests.office import TestDesk, desk, mail

BO = "bo@acme.example"
PEOPLE = """
[agent.bo]
name = "Bo Lindqvist"
email = "bo@acme.example"
teams = ["second-line"]
[agent.vera]
name = "Vera"
email = "vera@acme.example"
role = "viewer"
[team.second-line]
name = "Second line"
[[tier]]
id = "tier1"
team = "second-line"
[[tier]]
id = "tier2"
team = "second-line"
[priority.high]
order = 2
[priority.medium]
order = 3
[category.bug]
name = "Bug"
  [[category.bug.phase]]
  id = "received"
  name = "Received"
  [[category.bug.phase]]
  id = "review"
  name = "Under review"
[category.question]
name = "Question"
  [[category.question.phase]]
  id = "received"
  name = "Received"
  [[category.question.phase]]
  id = "answered"
  name = "Answered"
"""

# A line, and what the answer to it says.
WRONG = [
    ("/phse answered", "there is no /phse. Did you mean /phase?"),
    ("/sovle", "Did you mean /solve?"),
    ("/asign bo", "Did you mean /assign?"),
    ("/escalte", "Did you mean /escalate?"),
    ("/categorie bug", "Did you mean /category?"),
    ("/not", "Did you mean /note?"),
    ("/frobnicate", "there is no /frobnicate."),
    ("/phase", "say which, as in /phase review"),
    ("/phase answerd", "Did you mean answered?"),
    ("/phase review", "there is no phase in question called review"),
    ("/category", "say which, as in /category bug"),
    ("/category bgu", "Did you mean bug?"),
    ("/prio", "say which, as in /prio high"),
    ("/prio hihg", "Did you mean high?"),
    ("/prio urgent", "there is no priority urgent"),
    ("/assign", "say whom"),
    ("/assign boo", "Did you mean bo?"),
    ("/assign seconde-line", "Did you mean second-line?"),
    ("/assign vera", "Vera only looks"),
    ("/eta", "that is no day"),
    ("/eta soon", "write it as in /eta 2026-05-12"),
    ("/eta 31.2.2026", "that is no day"),
    ("/eta 2020-01-01", "that day is over"),
    ("/escalate tier3", "Did you mean tier2?"),
    ("/escalate somewhere", "there is no tier somewhere"),
    ("/hold until friday", "that is no task number; write it as in ENG-331"),
    ("/tag", "say which, as in /tag invoice"),
    ("/untag", "say which, as in /untag invoice"),
    ("/cc", "that is no mail address"),
    ("/cc Maria Lopez", "that is no mail address"),
    ("/cc support@acme.example", "that is an address of this desk"),
    ("/uncc eve@other.example", "nobody of that address reads along; nobody does"),
    ("/time", "write it as in /time 30m"),
    ("/time half an hour", "write it as in /time 30m"),
    ("/time 3 business days", "working time is minutes and hours"),
    ("/snooze", "that is no span of time"),
    ("/snooze never", "write it as in /snooze 3d"),
    ("/link", "write the number of a ticket"),
    ("/link 1000", "that is this very ticket"),
    ("/link 4711", "there is no such ticket"),
    ("/take it", "nothing stands behind this command"),
    ("/solve thank you", "write text on a line of its own"),
    ("/ask which version?", "nothing stands behind this command"),
    ("/release", "write the id of a held mail"),
    ("/release 0123456789ab", "there is no such mail"),
    ("/release 0123456789ab now", "only join or alias may stand behind the id"),
    ("/spam 0123456789ab", "there is no such mail"),
    ("/undo", "there is nothing"),
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestDesk]:
    """One ticket, which every mail of this file leaves as it is."""
    with desk(tmp_path_factory.mktemp("desk"), PEOPLE) as one:
        one.receive(mail())
        yield one


def happened(here: TestDesk) -> list[str]:
    with here.office.db.snapshot() as tx:
        return [type(event).__name__ for event in events.events_of(tx, 1000)]


@pytest.mark.parametrize(("line", "meant"), WRONG)
def test_a_wrong_line_does_nothing_and_is_told_what_was_meant(here: TestDesk, line: str, meant: str) -> None:
    """Not the right lines beside it either, and the words of the mail come back to be sent again."""
    before, letters = happened(here), {letter.id for letter in here.letters}
    beside = "" if line == "/undo" else "/tag first\n"
    to = here.letter("agent_new", BO).reply_to
    here.receive(mail("Re: x", f"{beside}{line}\n\nDear Maria, try again.", sender=f"Bo <{BO}>"), to, mail_from=BO)
    assert happened(here) == before
    (answer,) = [letter for letter in here.letters if letter.id not in letters]
    assert (answer.name, answer.to) == ("agent_commands", BO)
    said = " ".join(answer.text.split())
    assert f"> {line}" in said
    assert meant in said
    if line != "/undo":
        assert "Dear Maria, try again." in answer.text


def test_there_are_forty_of_them() -> None:
    assert len(WRONG) >= 40
