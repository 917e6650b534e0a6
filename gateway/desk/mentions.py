"""Who is named in a note: "@bo" tells Bo, "@first-line" everybody in the team, wherever the ticket is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from gateway.desk import naming
from gateway.desk.events_told import Mentioned
from gateway.desk.policy import Policy
from gateway.desk.ticket import Article, article_mark

# No address ("ana@acme.example") and no path; the stop of a sentence is none of a name.
_MENTION: Final = re.compile(r"(?<![\w@./+-])@(\w[\w.-]{0,63})")


def mentioned(article: Article, policy: Policy, now: datetime) -> list[Mentioned]:
    """Of a private note; whoever writes it need not be told."""
    if article.visibility != "private" or article.author.role != "agent":
        return []
    found = dict.fromkeys(agent for word in _MENTION.findall(article.text) for agent in _meant(word, policy))
    others = tuple(agent for agent in found if agent != article.author.id)
    return [Mentioned(at=now, by=article_mark(article), article=article.id, agents=others)] if others else []


def _meant(word: str, policy: Policy) -> Iterator[str]:
    """The ids of those whom the word names; of an unknown one nobody, for not every "@" means somebody of us."""
    name = word.rstrip(".-").replace(".", " ")
    agent, team = naming.agent(name, policy), naming.team(name, policy)
    if isinstance(agent, str):
        yield agent
    elif isinstance(team, str):
        yield from (each.id for each in policy.agents.values() if team in each.teams)
