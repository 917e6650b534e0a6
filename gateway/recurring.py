"""What comes round for staff: each morning what waits for them, each week its figures, each quarter what was put off.

Written in the morning of a day on which the office is open, the first one of the week or of the quarter; once, however
often it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from gateway.advance import Desk, NewId, write_apart
from gateway.desk import calendar
from gateway.desk.digest import begins_quarter, begins_week, digests, is_late, leads_there, looks_again
from gateway.desk.evolve import replay
from gateway.desk.notice import Notice
from gateway.desk.outcome import Remark
from gateway.desk.phrases import Phrase, spoken
from gateway.desk.policy import Agent
from gateway.desk.spans import hours_words
from gateway.desk.ticket import Person, Ticket
from gateway.letters import Story
from gateway.stats import Figures, Lengths, figures, hours
from gateway.store import figures as measured
from gateway.store import roster, tickets
from gateway.store.transaction import Transaction

WEEK = timedelta(days=7)
MOST = 100  # tickets that one letter names
MOST_REMARKS = 30  # of customers, in one letter
LATER = "later"
"""The tag of a request that may come back."""


def morning(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> int:
    """All that this morning brings; how many letters. Nothing where the office is closed all day."""
    if not calendar.windows(desk.policy.office, calendar.local_date(desk.policy.office, now)):
        return 0
    return sum(brings(tx, desk, now, new_id) for brings in (daily, weekly, quarterly))


def daily(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> int:
    """The digest to every agent for whom something waits, where `[letter.agent_digest]` is configured."""
    policy, rule = desk.policy, desk.policy.letters.get("agent_digest")
    today = calendar.local_date(policy.office, now)
    if rule is None or not rule.enabled:
        return 0
    written = 0
    for digest in digests(_waiting(tx), policy, now):
        lines = (Phrase("{count} of them late.", count=digest.late),) if digest.late else ()
        once = f"digest:{digest.agent.id}:{today.isoformat()}"
        written += _write(tx, desk, digest.agent, once, "digest", lines, digest.tickets, now, new_id)
    return written


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
    late = [ticket for ticket in _waiting(tx) if is_late(ticket, now)]
    remarks = measured.remarks(tx, now - WEEK)[:MOST_REMARKS]
    written = 0
    for lead in leads_there(policy, now):
        once = f"weekly:{today:%G-%V}:{lead.id}"
        written += _write(tx, desk, lead, once, "weekly", lines, late, now, new_id, remarks)
    return written


def told(last: Figures, before: Figures) -> tuple[str, ...]:
    """A week in sentences, each with the week before in brackets."""
    kept, earlier = last.first_response_kept.share, before.first_response_kept.share
    lines = [
        Phrase(
            "New: {new} ({new_before}). Solved of them: {solved} ({solved_before}).", new=last.opened,
            new_before=before.opened, solved=last.solved, solved_before=before.solved,
        )
    ]  # fmt: skip
    if last.backlog:
        age = _length(last.backlog_age)
        lines.append(Phrase("Waiting now: {count}, half of them older than {age}.", count=last.backlog, age=age))
    else:
        lines.append(Phrase("Waiting now: 0."))
    if last.first_response.count:
        was = Phrase(" ({took})", took=_length(before.first_response)) if before.first_response.count else ""
        took = _length(last.first_response)
        lines.append(Phrase("First response, the middle one: {took}{before}.", took=took, before=was))
    if kept is not None:
        was = f" ({earlier:.0%})" if earlier is not None else ""
        lines.append(Phrase("First responses in time: {share}{before}.", share=f"{kept:.0%}", before=was))
    if last.resolution.count:
        lines.append(Phrase("Solution, the middle one: {took}.", took=_length(last.resolution)))
    if last.rating is not None:
        whole, tenth = f"{last.rating:.1f}".split(".")
        average, count = Phrase("{whole}.{tenth}", whole=whole, tenth=tenth), len(last.ratings)
        lines.append(Phrase("Ratings: {count}, {average} of 5 on average.", count=count, average=average))
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
        known = list(_loaded(tx, roster.put_off(tx, category.id, LATER)))
        if not known:
            continue
        example = policy.reference(known[0].number)
        line = Phrase(
            "One that is worth it now is opened again, and its customer told, by: gateway ticket reopen {example}",
            example=example,
        )
        once = f"revisit:{category.id}:{today.year}-{(today.month + 2) // 3}"
        for agent in looks_again(category.id, policy):
            written += _write(tx, desk, agent, f"{once}:{agent.id}", "revisit", (line,), known, now, new_id)
    return written


def _length(lengths: Lengths) -> str:
    middle = lengths.median or timedelta()
    return hours_words(middle) if middle < timedelta(days=3) else Phrase("{count} days", count=middle.days)


def _waiting(tx: Transaction) -> Iterator[Ticket]:
    return _loaded(tx, roster.waiting(tx))


def _loaded(tx: Transaction, numbers: Iterable[int]) -> Iterator[Ticket]:
    found = (tickets.load(tx, number, replay) for number in numbers)
    return (ticket for ticket in found if ticket is not None)


def _write(
    tx: Transaction, desk: Desk, to: Agent, once: str, reason: str, lines: tuple[str, ...], listed: Sequence[Ticket],
    now: datetime, new_id: NewId, remarks: Sequence[Remark] = (),
) -> bool:  # fmt: skip
    notice = Notice(
        letter="agent_digest", to=Person(to.name, to.email), audience="agent", automation="auto-generated", once=once,
        agent=to.id, reason=reason, lines=tuple(spoken(line, desk.policy.language) for line in lines),
    )  # fmt: skip
    return write_apart(tx, desk, notice, now, new_id, Story(None, tickets=tuple(listed[:MOST]), remarks=tuple(remarks)))
