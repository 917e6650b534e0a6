"""`simulate`: the desk of a configuration in a world with a virtual clock, from a scenario's start to its end.

In memory, and through the same code as the daemon: parse, intake, deliver, decide, letters, outbox, dispatch.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from gateway.advance import Desk, load
from gateway.config.settings import Config
from gateway.desk.policy import Policy
from gateway.desk.workflow import STATUSES
from gateway.mail.render import Templates
from gateway.mail.thread import Keys
from gateway.shown import Json, whole
from gateway.simulation.here import HereDatabase
from gateway.simulation.scenario import Scenario
from gateway.simulation.world import CameIn, Passed, WentOut, World, trusting
from gateway.store import articles, events, keys, outbox, schema, search
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.transaction import Transaction
from gateway.templates_files import packaged, sources

SECRET = b"a key for a world that is not there"  # the same each time: so are the codes and tokens


@dataclass
class Played:
    """A simulation that can be asked for its tickets once it is over. `mails_in` and `mails_out` count as it goes."""

    db: Database
    desk: Desk
    mails_in: int = 0
    mails_out: int = 0

    @property
    def policy(self) -> Policy:
        return self.desk.policy

    async def run(self, scenario: Scenario) -> AsyncIterator[Passed]:
        """Everything that happens, in time order. Raises BadScenario and Stuck. To be run once."""
        world = World(self.db, self.desk, scenario.start)
        try:
            async for passed in world.play(scenario.events, scenario.until):
                self.mails_in += isinstance(passed, CameIn)
                self.mails_out += isinstance(passed, WentOut)
                yield passed
        finally:
            world.close()

    def summary(self) -> Json:
        """The last object of `simulate --json`: every ticket as `ticket show` has it."""
        with self.db.snapshot() as tx:
            shown = [_shown(tx, number, self.desk) for number in _numbers(tx)]
        return {"tickets": shown, "mails_in": self.mails_in, "mails_out": self.mails_out}

    def close(self) -> None:
        self.db.close()


def staged(config: Config, start: datetime, *, pages: bool = False) -> Played:
    """The desk of `config` in an empty database in memory. `pages`: letters have their HTML too, which nobody reads
    in a timeline and which takes as long as all the rest."""
    db = HereDatabase()
    schema.migrate(db)
    made: Keys = db.write(keys.load_or_make, start, lambda: SECRET)
    texts = sources(packaged("templates"), config.template_dir)
    templates = _compiled(tuple(sorted((texts if pages else _without_pages(texts)).items())))
    return Played(db, trusting(Desk(config.policy, templates, made, Blobs(None))))


@lru_cache(maxsize=4)
def _compiled(texts: tuple[tuple[str, str], ...]) -> Templates:
    """Compiling takes longer than a small scenario: whoever plays several does it once."""
    return Templates(dict(texts))


def _without_pages(texts: dict[str, str]) -> dict[str, str]:
    return {name: "" if name.endswith("/body.html") else text for name, text in texts.items()}


def _numbers(tx: Transaction) -> list[int]:
    return sorted(line.number for line in search.listed(tx, search.Filter(status=STATUSES), limit=10_000_000))


def _shown(tx: Transaction, number: int, desk: Desk) -> Json:
    ticket, said, happened = load(tx, number), articles.of(tx, number), events.events_of(tx, number)
    return whole(ticket, said, happened, outbox.delivery_of(tx, *ticket.letters_of), desk.policy, desk.keys)
