"""`demo`: two requests from the first mail to the close, on the preset phased, in a world without a network.

What is played stands in demo.toml; what it led to is checked at the end, so that the demonstration shows nothing that
is not so.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from gateway.config.load import load
from gateway.config.settings import Config
from gateway.desk.calendar import is_open
from gateway.desk.evolve import replay
from gateway.init import agents, files, identity
from gateway.simulate import Played, staged
from gateway.simulation.scenario import Scenario, parse
from gateway.simulation.world import CameIn, WentOut
from gateway.store.verify import verify

Json = dict[str, Any]
_SETTINGS = "setting;value\nfrom;2025-01-01\nto;2025-12-31\nformat;csv\n"
_REMINDERS = ("reminder", "reminder_last", "closed_no_answer")
_LARGEST = 40_000  # octets: mail clients clip longer pages


@dataclass
class Demo:
    """A demonstration that is running: `mails` grows as it goes."""

    scenario: Scenario
    played: Played
    mails: list[CameIn | WentOut] = field(default_factory=list)

    async def run(self) -> AsyncIterator[CameIn | WentOut]:
        """Its mails in time order. To be run once."""
        async for passed in self.played.run(self.scenario):
            if isinstance(passed, CameIn | WentOut):
                self.mails.append(passed)
                yield passed

    def checks(self) -> dict[str, bool]:
        """What a ticket's life has to be like, and whether this one was."""
        tickets = self.played.summary()["tickets"]
        letters = [mail for mail in self.mails if isinstance(mail, WentOut)]
        return {**_of_tickets(tickets), **self._of_time(letters), **_of_letters(letters), **self._of_store()}

    def _of_time(self, letters: list[WentOut]) -> dict[str, bool]:
        office = self.played.policy.office
        automatic = [each for each in letters if each.letter.name in (*_REMINDERS, "closed")]
        days = [each.at.date() for each in letters if each.letter.name in _REMINDERS]
        return {
            "reminders and closings are written in office hours": all(is_open(office, each.at) for each in automatic),
            "a reminder and a closing never come on one day": len(days) == len(set(days)),
        }

    def _of_store(self) -> dict[str, bool]:
        with self.played.db.snapshot() as tx:
            differences = list(verify(tx, self.played.desk.blobs, replay))
        return {"every ticket is what its events say": not differences}


@asynccontextmanager
async def staging() -> AsyncIterator[Demo]:
    """A desk of the preset phased, in Berlin, with Ana; nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="gateway-demo-") as folder:
        config = _desk(Path(folder))
        (Path(folder) / "export-settings.csv").write_text(_SETTINGS, encoding="utf-8")
        story = (resources.files("gateway") / "demo.toml").read_text(encoding="utf-8")
        scenario = parse(story, Path(folder), config.policy)
        played = staged(config, scenario.start, pages=True)
        try:
            yield Demo(scenario, played)
        finally:
            played.close()


def _desk(folder: Path) -> Config:
    texts = files("phased", identity("support@acme.example", "Europe/Berlin"), agents(["Ana Ruiz <ana@acme.example>"]))
    (folder / "config").mkdir()
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")
    config = load(folder / "gateway.toml", environment={}, today=date(2026, 4, 14))
    assert isinstance(config, Config), "the preset is broken"
    return config


# -- what is checked ---------------------------------------------------------------------------------------------------


def _of_tickets(tickets: list[Json]) -> dict[str, bool]:
    first, second = tickets[0], tickets[-1]
    return {
        "two requests are two tickets": len(tickets) == 2,
        "both are closed": [ticket["status"] for ticket in tickets] == ["closed", "closed"],
        "the bug went through all of its phases": _phases(first)
        == ["received", "review", "identified", "plan", "fixed"],
        "the rating is noted": first["rating"] == 5,
        "a late answer opened the second one again": "open" in _statuses(second)[_statuses(second).index("closed") :],
        "no mail was held back": not [a for t in tickets for a in t["articles"] if a["visibility"] == "held"],
        "commands are no words to the customer": not [
            a for t in tickets for a in t["articles"] if a["visibility"] == "public" and a["text"].startswith("/")
        ],
    }


def _of_letters(letters: list[WentOut]) -> dict[str, bool]:
    names = [each.letter.name for each in letters]
    subjects = {(each.letter.ticket, each.letter.subject.removeprefix("Re: ")) for each in letters}
    later = [each.letter for each in letters if each.letter.in_reply_to is None and each.letter.name != "agent_new"]
    return {
        "each request is acknowledged once": names.count("ack") == 2,
        "two reminders, then the closing": [n for n in names if n in _REMINDERS] == list(_REMINDERS),
        "the subject of a ticket never changes": len(subjects) == len({number for number, _ in subjects}),
        "every letter answers what its reader has seen": not later,
        "every letter can be answered": all("+" in each.letter.reply_to for each in letters),
        "no letter says not to answer": not [x for x in letters if "not reply" in x.letter.text.lower()],
        "every page is small": all(0 < len(each.letter.html.encode()) < _LARGEST for each in letters),
        "no page loads anything": not [x for x in letters if 'src="http' in x.letter.html or "url(" in x.letter.html],
    }


def _phases(ticket: Json) -> list[str]:
    return [event["data"]["phase"] for event in ticket["events"] if event["kind"] == "PhaseEntered"]


def _statuses(ticket: Json) -> list[str]:
    """Those it has had, in order; "closed" at the end, so that there is always one."""
    return [event["data"]["after"] for event in ticket["events"] if event["kind"] == "StatusChanged"] + ["closed"]
