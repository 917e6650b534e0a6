"""The moves that several causes share: an article added, a status changed, a phase entered, a ticket solved."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from gateway.desk import calendar
from gateway.desk.events import ArticleAdded, CategoryChanged, Event, PhaseEntered, PriorityChanged, StatusChanged
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Category, Phase, Policy
from gateway.desk.refused import Refused
from gateway.desk.ticket import Article, Ticket, article_mark
from gateway.desk.workflow import Happening, after


def added(article: Article, now: datetime, *, machine: bool = False) -> ArticleAdded:
    return ArticleAdded(
        at=now,
        by=article_mark(article),
        article=article.id,
        direction=article.direction,
        visibility=article.visibility,
        machine=machine,
        reached=article.reached,
    )


def moved(ticket: Ticket, happening: Happening, by: str, policy: Policy, now: datetime) -> list[Event]:
    """The status that follows, with the phase that a reopened ticket goes back to."""
    status = after(ticket.status, happening)
    if status == ticket.status:
        return []
    events: list[Event] = [StatusChanged(at=now, by=by, before=ticket.status, after=status)]
    if status not in ("solved", "closed"):
        events += _back_from_final(ticket, policy, now) or _begun_anew(ticket, policy, now)
    return events


def _back_from_final(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """An open ticket does not stand in a final phase: it goes back to the last other one that it was in."""
    category = policy.categories.get(ticket.category)
    final = {phase.id for phase in category.phases if phase.final} if category else set()
    if category is None or ticket.phase not in final:
        return []
    earlier = next((step.phase for step in reversed(ticket.steps) if step.phase not in final), category.phases[0].id)
    phase = category.phase(earlier)
    return [entered(phase, policy, now, by="gateway")] if phase and phase.id != ticket.phase else []


def _begun_anew(ticket: Ticket, policy: Policy, now: datetime) -> list[Event]:
    """A ticket that is open again has the timeframe of its phase anew, where the one from before is over."""
    category, step = policy.categories.get(ticket.category), ticket.step
    phase = category.phase(ticket.phase) if category else None
    over = step is not None and step.by is not None and step.by <= now and ticket.status in ("solved", "closed")
    return [entered(phase, policy, now, by="gateway")] if over and phase is not None else []


def refuse_when_closed(
    ticket: Ticket, what: Literal["solve", "quote for", "ask on", "hold", "escalate", "move"]
) -> None:
    if ticket.status == "closed":
        raise Refused(Phrase("{ticket} is closed: reopen it before you {do} it", ticket=ticket.number, do=Phrase(what)))


def entered(phase: Phase, policy: Policy, now: datetime, *, by: str) -> PhaseEntered:
    """With the dates of its timeframe as the calendar has them today (DESIGN law 2)."""
    if phase.expect is None:
        return PhaseEntered(at=now, by=by, phase=phase.id)
    first, last = (calendar.add(policy.office, now, span) for span in (phase.expect.first, phase.expect.last))
    return PhaseEntered(at=now, by=by, phase=phase.id, expected_from=first, expected_by=last)


def solved(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    """Solving enters the category's final phase where the customer has seen from the first that there is one."""
    if ticket.status == "solved":
        return []
    refuse_when_closed(ticket, "solve")
    category = policy.categories[ticket.category]
    final = next((p for p in category.phases if p.final and not p.hidden_until_reached), None)
    events: list[Event] = []
    if final is not None and final.id != ticket.phase:
        events.append(entered(final, policy, now, by=by))
    return events + set_solved(ticket, by, policy, now)


def set_solved(ticket: Ticket, by: str, policy: Policy, now: datetime) -> list[Event]:
    if ticket.status == "solved":
        return []
    gap = policy.solved.close_after
    due = calendar.add(policy.office, now, gap) if gap else None
    return [StatusChanged(at=now, by=by, before=ticket.status, after=after(ticket.status, "solved"), close_due=due)]


def category_changed(ticket: Ticket, category_id: str, by: str, policy: Policy, now: datetime) -> list[Event]:
    """The phase of the same id in the new category, else its first, entered anew where its timeframe is another one;
    and the new category's priority, where the ticket had the old one's."""
    if category_id == ticket.category:
        return []
    before, category = policy.categories.get(ticket.category), policy.categories[category_id]
    phase = category.phase(ticket.phase) or category.phases[0]
    events: list[Event] = [CategoryChanged(at=now, by=by, before=ticket.category, after=category_id)]
    same = before.phase(phase.id) if before else None
    if phase.id != ticket.phase or same is None or same.expect != phase.expect:
        events.append(entered(phase, policy, now, by="gateway"))
    return events + _priority_of(ticket, before, category, by, policy, now)


def _priority_of(
    ticket: Ticket, before: Category | None, after: Category, by: str, policy: Policy, now: datetime
) -> list[Event]:
    own = before is not None and ticket.priority == before.priority
    if not own or after.priority == ticket.priority or after.priority not in policy.priorities:
        return []
    return [PriorityChanged(at=now, by=by, before=ticket.priority, after=after.priority)]
