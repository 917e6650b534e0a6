"""What letters tell of how long things take: measured once a day, from what the desk did lately.

Safe to repeat and to interrupt at any point.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.desk.policy import Policy
from gateway.desk.stays import LATELY, LEAST, Passage, stood
from gateway.stats import lengths
from gateway.store import figures
from gateway.store.database import Database
from gateway.store.transaction import Transaction

Took = dict[tuple[str, str], tuple[timedelta, timedelta]]


async def measure(db: Database, policy: Policy, now: datetime) -> None:
    """The average of first responses, and the times of phases in the categories that are `measured`."""
    await db.run(figures.measure, now)
    wanted = [each.id for each in policy.categories.values() if each.measured]
    known = await db.read(_passages, wanted, now - LATELY) if wanted else []
    await db.run(figures.keep_phases, _took(known, policy, now))


def _passages(tx: Transaction, categories: list[str], since: datetime) -> list[Passage]:
    return list(figures.passages(tx, categories, since))


def _took(known: list[Passage], policy: Policy, now: datetime) -> Took:
    """Of so few cases that they tell nothing, nothing."""
    told: Took = {}
    for key, seconds in stood(known, policy, now - LATELY, now).items():
        found = lengths(seconds)
        if found.count >= LEAST and found.median is not None and found.most is not None:
            told[key] = found.median, found.most
    return told
