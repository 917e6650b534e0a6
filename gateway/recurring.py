"""What comes round: the figures of the week to the leads, and each quarter what was put off for later.

Written in the morning of the first day of the week, or quarter, on which the office is open; once, however often it is
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from gateway import letters
from gateway.advance import Desk
from gateway.desk import calendar
from gateway.desk.assignment import away_until
from gateway.desk.digest import begins_quarter, begins_week, is_late, looks_again
from gateway.desk.evolve import replay
from gateway.desk.notice import Notice
from gateway.desk.policy import Agent
from gateway.desk.spans import hours_words
from gateway.desk.ticket import Person, Ticket
from gateway.letters import Story
from gateway.stats import Figures, Lengths, figures, hours
from gateway.store import figures as measured
from gateway.store import outbox, roster, tickets
from gateway.store.transaction import Transaction

WEEK = timedelta(days=7)
MOST = 100  # tickets that one letter names
LATER = "later"
"""The tag of a request that may come back."""

NewId = Callable[[], str]


def weekly(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> int:
    """Last week's figures beside those of the week before, with what is late, to every lead who is there; how many.

    Where `[letter.agent_digest]` is configured.
    """
    policy, rule = desk.policy, desk.policy.letters.get("agent_digest")
    today = calendar.local_date(policy.office, now)
    if rule is None or not rule.enabled or not begins_week(policy.office, today):
        return 0
    known = list(measured.outcomes(tx, now - 2 * WEEK))
    open_ = hours(policy, min((each.created_at for each in known), default=now - 2 * WEEK), now)
    last = figures(known, now - WEEK, now, open_)
    earlier = [each for each in known if now - 2 * WEEK <= each.created_at < now - WEEK]
    lines = told(last, figures(earlier, now - 2 * WEEK, now, open_))
    waiting = (tickets.load(tx, number, replay) for number in roster.waiting(tx))
    late = [ticket for ticket in waiting if ticket is not None and is_late(ticket, now)]
    leads = [agent for agent in policy.agents.values() if agent.role == "lead" and agent.notify != "none"]
    there = [agent for agent in leads if away_until(agent, policy, now) is None]
    return _write(tx, desk, there, f"weekly:{today:%G-%V}", "weekly", lines, late, now, new_id)


def told(last: Figures, before: Figures) -> tuple[str, ...]:
    """A week in sentences, each with the week before in brackets."""
    kept, earlier = last.first_response_kept.share, before.first_response_kept.share
    lines = [f"New: {last.opened} ({before.opened}). Solved of them: {last.solved} ({before.solved})."]
    age = f", half of them older than {_length(last.backlog_age)}" if last.backlog else ""
    lines.append(f"Waiting now: {last.backlog}{age}.")
    if last.first_response.count:
        was = f" ({_length(before.first_response)})" if before.first_response.count else ""
        lines.append(f"First response, the middle one: {_length(last.first_response)}{was}.")
    if kept is not None:
        lines.append(f"First responses in time: {kept:.0%}" + (f" ({earlier:.0%})." if earlier is not None else "."))
    if last.resolution.count:
        lines.append(f"Solution, the middle one: {_length(last.resolution)}.")
    if last.rating is not None:
        lines.append(f"Ratings: {len(last.ratings)}, {last.rating:.1f} of 5 on average.")
    return tuple(lines)


def quarterly(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> int:
    """What was put off in each category that is looked at again each quarter, to its team; how many letters."""
    policy = desk.policy
    today = calendar.local_date(policy.office, now)
    categories = [each for each in policy.categories.values() if each.revisit == "quarterly"]
    rule = policy.letters.get("agent_digest")
    if not categories or (rule is not None and not rule.enabled) or not begins_quarter(policy.office, today):
        return 0
    written = 0
    for category in categories:
        found = [tickets.load(tx, number, replay) for number in roster.put_off(tx, category.id, LATER)]
        known = [ticket for ticket in found if ticket is not None]
        if not known:
            continue
        example = policy.reference(known[0].number)
        line = f"One that is worth it now is opened again, and its customer told, by: gateway ticket reopen {example}"
        once = f"revisit:{category.id}:{today.year}-{(today.month + 2) // 3}"
        to = looks_again(category.id, policy)
        written += _write(tx, desk, to, once, "revisit", (line,), known, now, new_id)
    return written


def _length(lengths: Lengths) -> str:
    middle = lengths.median or timedelta()
    return hours_words(middle) if middle < timedelta(days=3) else f"{middle.days} days"


def _write(
    tx: Transaction, desk: Desk, to: Iterable[Agent], once: str, reason: str, lines: tuple[str, ...],
    listed: Sequence[Ticket], now: datetime, new_id: NewId,
) -> int:  # fmt: skip
    written = 0
    for agent in to:
        notice = Notice(
            letter="agent_digest", to=Person(agent.name, agent.email), audience="agent",
            automation="auto-generated", once=f"{once}:{agent.id}", agent=agent.id, reason=reason, lines=lines,
        )  # fmt: skip
        story = Story(None, tickets=tuple(listed[:MOST]))
        letter = letters.write(notice, story, desk.policy, desk.templates, desk.keys, now=now, letter_id=new_id())
        written += outbox.put(tx, letter)
    return written
