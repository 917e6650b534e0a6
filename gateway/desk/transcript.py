"""What is mailed back to an agent who commanded: each line with what came of it, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from gateway.desk.commands import UseAnswer
from gateway.desk.events import (
    Assigned,
    CategoryChanged,
    Event,
    Linked,
    ParticipantAdded,
    ParticipantRemoved,
    PhaseEntered,
    PriorityChanged,
    StatusChanged,
    SubjectChanged,
    Tagged,
    TeamChanged,
    Untagged,
)
from gateway.desk.events_bonds import GivenBack, MergedInto
from gateway.desk.events_problem import ProblemChanged, ProblemTold
from gateway.desk.events_quote import Quoted, QuoteWithdrawn
from gateway.desk.events_time import (
    CustomerCalled,
    Escalated,
    LadderSet,
    ProgressSent,
    Promised,
    Snoozed,
    TaskRecorded,
    TimeSpent,
)
from gateway.desk.events_told import Mentioned, Muted, Unmuted
from gateway.desk.notice import Notice
from gateway.desk.notices_staff import moment
from gateway.desk.orders import HELP, Order, Wrong
from gateway.desk.policy import Policy
from gateway.desk.quotes import deciders, size_words
from gateway.desk.spans import hours_words
from gateway.desk.ticket import Ticket

UNCHANGED = "nothing to change: it is so already"
# Characters: a transcript has to fit into a letter, whatever was sent to us.
_LINE = 500
_TEXT = 12_000


def refused(wrong: Sequence[Wrong], text: str) -> tuple[str, ...]:
    """Every wrong line with its word underlined, and the text of the mail, to be copied."""
    lines: list[str] = []
    for each in wrong:
        start = min(each.start, _LINE)
        carets = "^" * min(each.length, _LINE - start)
        lines += [f"> {_clipped(each.line)}", f"  {' ' * start}{carets} {_clipped(each.why)}", ""]
    if text:
        lines += ["Your text, to copy:", "", *text[:_TEXT].splitlines()]
    if len(text) > _TEXT:
        lines += ["", "(This is the beginning. All of it is in the mail that you sent.)"]
    return tuple(lines)


def _clipped(line: str) -> str:
    return line if len(line) <= _LINE else f"{line[:_LINE]}…"


def done(orders: Sequence[Order], events: Sequence[Sequence[Event]], after: Ticket, policy: Policy) -> tuple[str, ...]:
    """Every command with what it changed; `events` are those of each, `after` the ticket that they led to."""
    lines: list[str] = []
    for order, made in zip(orders, events, strict=True):
        said = [word for event in made if (word := _said(event, after, policy))]
        if isinstance(order.command, UseAnswer):
            said.append(f"the saved answer {order.command.name}")
        lines += [f"> {_clipped(order.line)}", f"  {'; '.join(dict.fromkeys(said)) or UNCHANGED}"]
    return tuple(lines)


def changes(events: Sequence[Event], after: Ticket, policy: Policy) -> tuple[str, ...]:
    """What `events` changed on `after`, the ticket that they led to, each thing once."""
    own = (event for event in events if not isinstance(event, ProblemTold))
    return tuple(dict.fromkeys(word for event in own if (word := _said(event, after, policy))))


def letters(notices: Sequence[Notice]) -> tuple[str, ...]:
    """Which letters go to customers, and how long they can be taken back."""
    lines = []
    for notice in notices:
        if notice.audience in ("agent", "admin"):
            continue
        seconds = round(notice.delay.total_seconds())
        waits = f" in {_waiting(seconds)}, /undo takes it back until then" if seconds else ""
        lines.append(f"To {notice.to.email}: {notice.letter}{waits}.")
    return tuple(lines)


def steps(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """The dates on which a customer whom we wait for is reminded, and the ticket closed."""
    for event in events:
        if isinstance(event, LadderSet):
            dates = [f"reminder on {moment(at, policy)}" for at in event.coming]
            dates += [f"closing on {moment(event.closes, policy)}"] if event.closes else []
            return (f"Without an answer: {', '.join(dates)}.",) if dates else ()
    return ()


def told(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """Whom a note names, and whom it does not reach although it does."""
    named = [policy.agents[one] for event in events if isinstance(event, Mentioned) for one in event.agents]
    lines = [f"{agent.name} is told." for agent in named if agent.notify != "none"]
    return (*lines, *(f"{agent.name} wants no letters, and is not told." for agent in named if agent.notify == "none"))


def help_lines() -> tuple[str, ...]:
    return (
        "Commands are lines that start with a slash, at the top or at the end of a mail:",
        "",
        *(f"  {line}" for line in HELP),
        "",
        "Text beside them goes to the customer.",
    )


def _waiting(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _said(event: Event, after: Ticket, policy: Policy) -> str:
    match event:
        case StatusChanged(before=before, after=status):
            return f"status {before} → {status}".replace("_", " ")
        case PhaseEntered(phase=phase, expected_by=by):
            category = policy.categories.get(after.category)
            found = category.phase(phase) if category else None
            name = found.name.default if found else phase
            return f"phase: {name}" + (f", usually by {moment(by, policy)}" if by else ", no date can be given")
        case Promised(due=due):
            return f"promised by {moment(due, policy)}"
        case Assigned(assignee=assignee):
            agent = policy.agents.get(assignee or "")
            return f"assigned to {agent.name if agent else assignee or 'nobody'}"
        case TeamChanged(after=team):
            return f"team: {team or 'none'}"
        case CategoryChanged(after=category_id):
            return f"category: {category_id}"
        case PriorityChanged(after=priority):
            return f"priority: {priority}"
        case SubjectChanged(after=subject):
            return f"title: {subject}"
        case Escalated(after=tier):
            return f"escalated to {tier}"
        case TaskRecorded(ref=ref):
            return f"task: {ref}"
        case ProblemChanged(after=problem):
            return f"problem: {problem or 'none'}"
        case ProblemTold(problem=problem):
            return f"together with the tickets of {problem}"
        case _:
            return _said_of_details(event, after, policy)


def _said_of_details(event: Event, after: Ticket, policy: Policy) -> str:
    match event:
        case Tagged(tag=tag):
            return f"tagged {tag}"
        case Untagged(tag=tag):
            return f"no longer tagged {tag}"
        case ParticipantAdded(email=email):
            return f"{email} reads along"
        case ParticipantRemoved(email=email):
            return f"{email} no longer reads along"
        case Linked(number=number):
            return f"linked to {policy.reference(number)}"
        case MergedInto():
            return _merged(event, policy)
        case GivenBack(number=number):
            return f"{policy.reference(number)} is a ticket of its own again"
        case ProgressSent(next_at=at):
            return "progress reported" + (f", the next report is due on {moment(at, policy)}" if at else "")
        case CustomerCalled():
            return "the mail that goes with the voicemail"
        case TimeSpent(minutes=minutes):
            return f"{minutes} min, {hours_words(timedelta(minutes=after.minutes_spent))} in all"
        case Quoted(minutes=minutes, amount=amount):
            who = " or ".join(deciders(after, policy))
            return f"quote of {size_words(minutes, amount)}, on hold until {who} approves or declines it"
        case QuoteWithdrawn(minutes=minutes, amount=amount):
            return f"quote of {size_words(minutes, amount)} taken back"
        case Muted():
            return "no more letters about it to you, unless you are named or get it"
        case Unmuted():
            return "letters about it to you again"
        case Snoozed(until=until):
            return f"no reminders to us before {moment(until, policy)}"
        case _:
            return ""


def _merged(event: MergedInto, policy: Policy) -> str:
    other = policy.reference(event.number)
    left = f"; {', '.join(event.left)} read along here and not there: cc adds them" if event.left else ""
    return f"goes on as {other}, with all that was said{left}"
