"""Scenarios played in tests: written as TOML, as operators write them, and asked what they led to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.config.load import load
from gateway.config.settings import Config
from gateway.simulate import staged
from gateway.simulation.scenario import parse
from gateway.simulation.shown import record
from gateway.simulation.world import Broke
from gateway.store.search import listed

BERLIN = ZoneInfo("Europe/Berlin")
MARIA = "Maria Lopez <maria@customer.example>"
TODAY = date(2026, 4, 1)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Played:
    """`mails` are the objects of `simulate --json`, `tickets` those of its summary; `queue` the numbers of those that
    are not closed, in the order of `ticket list`."""

    mails: tuple[Json, ...]
    tickets: tuple[Json, ...]
    queue: tuple[int, ...] = ()

    @property
    def ticket(self) -> Json:
        (only,) = self.tickets
        return only

    def letters(self, name: str = "", *, to: str = "", ticket: int | None = None) -> list[Json]:
        """Letters that went out, in order; of that name, to that address, about that ticket."""
        return [
            mail
            for mail in self.mails
            if mail["direction"] == "out"
            and name in ("", mail["letter"])
            and (not to or to in mail["to"])
            and ticket in (None, mail["ticket"])
        ]

    def letter(self, name: str, *, to: str = "", ticket: int | None = None) -> Json:
        """The only one of that name."""
        found = self.letters(name, to=to, ticket=ticket)
        assert len(found) == 1, f"{len(found)} letters {name} to {to or 'anybody'}: {self.timeline()}"
        return found[0]

    def names(self, *, to: str = "maria@customer.example", ticket: int | None = None) -> list[str]:
        return [mail["letter"] for mail in self.letters(to=to, ticket=ticket)]

    def timeline(self) -> str:
        rows = (f"{local(mail['at'])} {mail['direction']} {mail['letter']} {mail['to']}" for mail in self.mails)
        return "\n" + "\n".join(rows)


def play(config: Config, scenario: str, folder: Path = Path()) -> Played:
    """Through the same code as `gateway simulate`."""

    async def run() -> Played:
        wanted = parse(scenario, folder, config.policy)
        played = staged(config, wanted.start)
        try:
            mails = [record(passed) async for passed in played.run(wanted) if not isinstance(passed, Broke)]
            with played.db.snapshot() as tx:
                queue = tuple(line.number for line in listed(tx))
            return Played(tuple(mails), tuple(played.summary()["tickets"]), queue)
        finally:
            played.close()

    return asyncio.run(run())


def loaded(path: Path) -> Config:
    config = load(path, environment={}, today=TODAY)
    assert isinstance(config, Config), "\n".join(str(problem) for problem in config)
    return config


def events(*rows: tuple[str, str, str | dict[str, Any]]) -> str:
    """`(at, kind, what)` as [[event]] tables."""
    return "\n".join(f'[[event]]\nat = "{at}"\n{kind} = {_toml(what)}\n' for at, kind, what in rows)


def scenario(start: str, until: str, *rows: tuple[str, str, str | dict[str, Any]]) -> str:
    return f'start = "{start}"\nuntil = "{until}"\n{events(*rows)}'


def mail(text: str = "It does not work.", subject: str = "A request", **more: Any) -> dict[str, Any]:
    return {"from": MARIA, "to": "support@acme.example", "subject": subject, "text": text, **more}


def reply(text: str, who: str = "ana@acme.example", **more: Any) -> dict[str, Any]:
    return {"from": who, "text": text, **more}


def local(at: str | None) -> str:
    """ "Tue 14 Apr 11:12" in Berlin."""
    return f"{datetime.fromisoformat(at).astimezone(BERLIN):%a %d %b %H:%M}" if at else "never"


def due(ticket: Json) -> dict[str, str]:
    """What is due on it, by kind, in Berlin."""
    return {each["kind"]: local(each["at"]) for each in ticket["due"]}


def says(letter: Json, *sentences: str) -> None:
    """Each stands in its text, wherever the lines end."""
    text = plain(letter["text"])
    for sentence in sentences:
        assert sentence in text, f"{sentence!r} is not in: {text}"


def plain(text: str) -> str:
    """Without line breaks: letters are wrapped."""
    return " ".join(text.split())


def _toml(value: object) -> str:
    import json

    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
