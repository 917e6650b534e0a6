"""Where a ticket is on its way: the step bar, the list of phases with their dates, when the next step is due.

A date computed from a timeframe is a guideline ("usually by Thursday 23 April"); only one that an agent gave is a
promise. A guideline that has passed is not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.dates import Locale, Moment
from gateway.desk.calendar import Calendar, NeverOpens, add, is_open
from gateway.desk.policy import Category, Phase, Policy
from gateway.desk.spans import Range, Span
from gateway.desk.ticket import Ticket

_OURS = frozenset({"new", "open", "on_hold"})


@dataclass(frozen=True, slots=True)
class Expectation:
    """When something is due. `span` names both ends of its timeframe, "" where an agent gave the date.

    `hourly`: the time of day matters, because the timeframe is counted in hours. `lately`: how long the phase took past
    tickets, as it was measured, "" where that is not told. It is beside the guideline, and no promise.
    """

    by: Moment
    span: str
    promised: bool
    hourly: bool
    lately: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A phase of the category on the way: `state` is "done", "skipped", "now", "next" or "later".

    `at`: when it was reached (done, now) or is expected (next); `span` its distance from the one before (later).
    """

    name: str
    state: str
    at: Moment | None = None
    span: str = ""
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """`step` of `steps`; `step` 0 where the phase has no number of its own (hidden until reached).

    `skipped` are numbers of steps that were left out on the way, `back_from` the highest one reached before, or 0.
    """

    step: int
    steps: int
    rows: tuple[Row, ...]
    skipped: tuple[int, ...] = ()
    back_from: int = 0


def after(calendar: Calendar, start: datetime, span: Span | None) -> datetime | None:
    """`span` later; None without a span, and in a calendar that never opens."""
    try:
        return add(calendar, start, span) if span else None
    except NeverOpens:
        return None


def expectation(
    ticket: Ticket, category: Category, now: datetime, locale: Locale, lately: Range | None = None
) -> Expectation | None:
    """When the present phase usually ends. None where no timeframe can be given, its end has passed, or it is not our
    turn: the time of a phase that waits for the customer is theirs."""
    step, phase = ticket.step, category.phase(ticket.phase)
    if step is None or phase is None or step.by is None or step.by < now or not _is_ours(ticket):
        return None
    promised = step.promised or phase.expect is None
    return Expectation(
        by=locale.moment(step.by),
        span="" if promised or phase.expect is None else locale.span(phase.expect),
        promised=promised,
        hourly=not promised and phase.expect is not None and _is_hourly(phase.expect.last),
        lately=locale.span(lately) if lately is not None and not promised else "",
    )


def first_answer(ticket: Ticket, policy: Policy, now: datetime, locale: Locale) -> Expectation | None:
    """When a person usually has answered, where the priority has a target for that and nobody has answered yet."""
    priority = policy.priorities.get(ticket.priority)
    if priority is None:
        return None
    calendar = policy.calendars.get(priority.calendar, policy.office)
    span = priority.first_response
    if priority.first_response_outside is not None and not is_open(calendar, ticket.created_at):
        span = priority.first_response_outside
    if span is None or ticket.first_response_at is not None:
        return None
    by = after(calendar, ticket.created_at, span)
    if by is None or by < now:
        return None
    return Expectation(locale.moment(by), locale.span(Range(span, span)), promised=False, hourly=_is_hourly(span))


def progress(ticket: Ticket, category: Category, now: datetime, locale: Locale) -> Progress | None:
    """None where the category has a single phase: nothing is on its way then."""
    reached = {step.phase: step for step in ticket.steps}
    shown = [phase for phase in category.phases if not phase.hidden_until_reached or phase.id in reached]
    numbered = [phase.id for phase in category.phases if not phase.hidden_until_reached]
    present = next((index for index, phase in enumerate(shown) if phase.id == ticket.phase), None)
    if present is None or len(shown) < 2:
        return None
    highest = max((index for index, phase in enumerate(shown) if phase.id in reached), default=present)
    here = shown[present].id
    return Progress(
        step=numbered.index(here) + 1 if here in numbered else 0,
        steps=len(numbered),
        rows=_rows(ticket, shown, present, now, locale),
        skipped=tuple(
            numbered.index(phase.id) + 1
            for phase in shown[:present]
            if phase.id not in reached and phase.id in numbered
        ),
        back_from=numbered.index(shown[highest].id) + 1 if highest > present and shown[highest].id in numbered else 0,
    )


def _rows(ticket: Ticket, shown: list[Phase], present: int, now: datetime, locale: Locale) -> tuple[Row, ...]:
    reached = {step.phase: step for step in ticket.steps}
    rows = []
    for index, phase in enumerate(shown):
        name, step = phase.name.within(locale.language), reached.get(phase.id)
        if index < present and step is None:
            rows.append(Row(name, "skipped"))
        elif index < present and step is not None:
            rows.append(Row(name, "done", locale.moment(step.entered)))
        elif index == present and step is not None:
            rows.append(Row(name, "done" if phase.final else "now", locale.moment(step.entered)))
        elif index == present + 1:
            rows.append(_next_row(name, ticket, now, locale))
        else:
            before = shown[index - 1].expect
            rows.append(Row(name, "later", span=locale.span(before) if before else ""))
    return tuple(rows)


def _next_row(name: str, ticket: Ticket, now: datetime, locale: Locale) -> Row:
    step = ticket.step
    if step is None or step.by is None or step.by < now or not _is_ours(ticket):
        return Row(name, "next")
    return Row(name, "next", locale.moment(step.by), promised=step.promised)


def _is_ours(ticket: Ticket) -> bool:
    return ticket.status in _OURS and not ticket.undecided


def _is_hourly(span: Span) -> bool:
    day = timedelta(days=1).total_seconds()
    return span.unit == "business hours" or (span.unit == "clock" and span.amount < day)
