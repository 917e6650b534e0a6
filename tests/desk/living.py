"""A ticket that lives through a story: what is said to it, what time brings, and the letters of it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gateway.desk import commands
from gateway.desk.causes import AgentActed, Cause, CustomerSaid, TimePassed
from gateway.desk.decide import decide, next_look, open_ticket
from gateway.desk.events import Event
from gateway.desk.evolve import after_all, replay
from gateway.desk.notice import Notice
from gateway.desk.notices import notices
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket
from gateway.desk.words import Word
from tests.desk.samples import MONDAY, answer, article, request


@dataclass
class Life:
    """`letters` are all of them with the moment they were decided, oldest first."""

    policy: Policy
    ticket: Ticket
    now: datetime
    events: list[Event]
    letters: list[tuple[datetime, Notice]] = field(default_factory=list)

    def hears(self, cause: Cause, at: datetime | None = None) -> list[Event]:
        self.now = at or self.now
        found = decide(self.ticket, cause, self.policy, self.now)
        self._after(found)
        return found

    def commanded(self, *orders: commands.Command, at: datetime | None = None, agent: str = "ana") -> list[Event]:
        return self.hears(AgentActed(agent, orders), at)

    def asked(self, at: datetime | None = None) -> None:
        """An agent asks the customer something."""
        self.hears(AgentActed("ana", (commands.Ask(),), answer()), at)

    def says(self, word: Word, at: datetime | None = None) -> list[Event]:
        visibility = "public"
        return self.hears(CustomerSaid(article(id=f"w{len(self.events)}", visibility=visibility), word), at)

    def until(self, end: datetime) -> None:
        """The desk looks whenever something is due, as the daemon does."""
        for _ in range(2_000):
            due = next_look(self.ticket, self.policy, self.now)
            if due is None or due > end:
                break
            self.hears(TimePassed(), due)
        self.now = end

    def sent(self, *names: str, to: str = "") -> list[str]:
        """The letters of these names (all), with the day they went out: "reminder 04-15"."""
        chosen = ((at, n) for at, n in self.letters if (not names or n.letter in names) and to in ("", n.to.email))
        return [f"{notice.letter} {at:%m-%d}" for at, notice in chosen]

    def kinds(self, events: Iterable[Event]) -> list[str]:
        return [type(event).__name__ for event in events]

    def _after(self, found: list[Event]) -> None:
        self.ticket = after_all(self.ticket, found)
        self.events += found
        self.letters += [(self.now, notice) for notice in notices(self.ticket, found, self.policy)]


def born(policy: Policy, at: datetime = MONDAY, **changes: object) -> Life:
    events = open_ticket(request(**changes), policy, at)
    ticket = replay(events)
    assert ticket is not None
    return Life(policy, ticket, at, events, [(at, notice) for notice in notices(ticket, events, policy)])
