"""What an agent did last, to be taken back while its letters have not left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.desk.events import ArticleAdded, Event, TicketOpened, Undone
from gateway.desk.evolve import replay
from gateway.desk.phrases import Phrase
from gateway.desk.refused import Refused


@dataclass(frozen=True, slots=True)
class Act:
    """The last `count` events of a ticket, all of one moment; `articles` are those that came with them."""

    at: datetime
    count: int
    articles: tuple[str, ...]


def last_act(events: Sequence[Event], agent: str) -> Act:
    """What `agent` did last. Raises Refused where something has happened since, or nothing is left to take back."""
    at = events[-1].at
    count = next((index for index, event in enumerate(reversed(events)) if event.at != at), len(events))
    act = events[len(events) - count :]
    if any(isinstance(event, TicketOpened | Undone) for event in act):
        raise Refused(Phrase("there is nothing of yours to take back"))
    if not any(event.by == f"agent:{agent}" for event in act):
        raise Refused(Phrase("what happened last on it was not yours: there is nothing to take back"))
    if any(isinstance(event, ArticleAdded) and event.reached for event in act):
        raise Refused(Phrase("your own mail brought it to the customer: write another one"))
    articles = tuple(event.article for event in act if isinstance(event, ArticleAdded))
    return Act(at, count, articles)


def undone(events: Sequence[Event], act: Act, agent: str, now: datetime) -> Undone:
    """The ticket is as it was before `act`."""
    before = replay(events[: len(events) - act.count])
    if before is None:
        raise Refused(Phrase("there is nothing of yours to take back"))
    return Undone(at=now, by=f"agent:{agent}", events=act.count, before=before)
