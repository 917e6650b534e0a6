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
from gateway.desk.phrases import Phrase, joined, spoken
from gateway.desk.policy import Policy
from gateway.desk.quotes import deciders, size_words
from gateway.desk.spans import hours_words
from gateway.desk.ticket import Ticket

NOBODY, NONE = Phrase("nobody"), Phrase("none")
UNCHANGED = Phrase("nothing to change: it is so already")
_COPY = Phrase("Your text, to copy:")
_BEGINNING = Phrase("(This is the beginning. All of it is in the mail that you sent.)")
# Characters: a transcript has to fit into a letter, whatever was sent to us.
_LINE = 500
_TEXT = 12_000


def refused(wrong: Sequence[Wrong], text: str, language: str) -> tuple[str, ...]:
    """Every wrong line with its word underlined, and the text of the mail, to be copied."""
    lines: list[str] = []
    for each in wrong:
        start = min(each.start, _LINE)
        carets = "^" * min(each.length, _LINE - start)
        lines += [f"> {_clipped(each.line)}", f"  {' ' * start}{carets} {_clipped(spoken(each.why, language))}", ""]
    if text:
        lines += [_COPY.within(language), "", *text[:_TEXT].splitlines()]
    if len(text) > _TEXT:
        lines += ["", _BEGINNING.within(language)]
    return tuple(lines)


def _clipped(line: str) -> str:
    return line if len(line) <= _LINE else f"{line[:_LINE]}…"


def done(orders: Sequence[Order], events: Sequence[Sequence[Event]], after: Ticket, policy: Policy) -> tuple[str, ...]:
    """Every command with what it changed; `events` are those of each, `after` the ticket that they led to."""
    lines: list[str] = []
    for order, made in zip(orders, events, strict=True):
        said = [word for event in made if (word := _said(event, after, policy))]
        if isinstance(order.command, UseAnswer):
            said.append(Phrase("the saved answer {name}", name=order.command.name))
        lines += [f"> {_clipped(order.line)}", f"  {joined(said or [UNCHANGED], policy.language)}"]
    return tuple(lines)


def changes(events: Sequence[Event], after: Ticket, policy: Policy) -> tuple[str, ...]:
    """What `events` changed on `after`, the ticket that they led to, each thing once."""
    own = (event for event in events if not isinstance(event, ProblemTold))
    return tuple(dict.fromkeys(word for event in own if (word := _said(event, after, policy))))


def letters(notices: Sequence[Notice], language: str) -> tuple[str, ...]:
    """Which letters go to customers, and how long they can be taken back."""
    lines = []
    for notice in notices:
        if notice.audience in ("agent", "admin"):
            continue
        seconds = round(notice.delay.total_seconds())
        waits = "To {email}: {letter} in {time}, /undo takes it back until then."
        said = Phrase(waits if seconds else "To {email}: {letter}.", email=notice.to.email, letter=notice.letter,
                      **({"time": _waiting(seconds)} if seconds else {}))  # fmt: skip
        lines.append(said.within(language))
    return tuple(lines)


def steps(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """The dates on which a customer whom we wait for is reminded, and the ticket closed."""
    for event in events:
        if isinstance(event, LadderSet):
            dates = [Phrase("reminder on {day}", day=moment(at, policy)) for at in event.coming]
            dates += [Phrase("closing on {day}", day=moment(event.closes, policy))] if event.closes else []
            listed = ", ".join(date.within(policy.language) for date in dates)
            return (Phrase("Without an answer: {dates}.", dates=listed).within(policy.language),) if dates else ()
    return ()


def told(events: Sequence[Event], policy: Policy) -> tuple[str, ...]:
    """Whom a note names, and whom it does not reach although it does."""
    named = [policy.agents[one] for event in events if isinstance(event, Mentioned) for one in event.agents]
    lines = [Phrase("{agent} is told.", agent=agent.name) for agent in named if agent.notify != "none"]
    deaf = [agent.name for agent in named if agent.notify == "none"]
    lines += [Phrase("{agent} wants no letters, and is not told.", agent=name) for name in deaf]
    return tuple(line.within(policy.language) for line in lines)


def help_lines(language: str) -> tuple[str, ...]:
    return (
        Phrase("Commands are lines that start with a slash, at the top or at the end of a mail:").within(language),
        "",
        *(f"  {line.within(language)}" for line in HELP),
        "",
        Phrase("Text beside them goes to the customer.").within(language),
    )


def status_words(status: str) -> Phrase:
    return Phrase(status.replace("_", " "))


def _waiting(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _said(event: Event, after: Ticket, policy: Policy) -> str:
    match event:
        case StatusChanged(before=before, after=status):
            return Phrase("status {before} → {after}", before=status_words(before), after=status_words(status))
        case PhaseEntered(phase=phase, expected_by=by):
            category = policy.categories.get(after.category)
            found = category.phase(phase) if category else None
            name = found.name.within(policy.language) if found else phase
            if by is None:
                return Phrase("phase: {phase}, no date can be given", phase=name)
            return Phrase("phase: {phase}, usually by {day}", phase=name, day=moment(by, policy))
        case Promised(due=due):
            return Phrase("promised by {day}", day=moment(due, policy))
        case Assigned(assignee=assignee):
            agent = policy.agents.get(assignee or "")
            return Phrase("assigned to {agent}", agent=agent.name if agent else assignee or NOBODY)
        case TeamChanged(after=team):
            return Phrase("team: {team}", team=team or NONE)
        case CategoryChanged(after=category_id):
            return Phrase("category: {category}", category=category_id)
        case PriorityChanged(after=priority):
            return Phrase("priority: {priority}", priority=priority)
        case SubjectChanged(after=subject):
            return Phrase("title: {title}", title=subject)
        case Escalated(after=tier):
            return Phrase("escalated to {tier}", tier=tier)
        case TaskRecorded(ref=ref):
            return Phrase("task: {task}", task=ref)
        case ProblemChanged(after=problem):
            return Phrase("problem: {problem}", problem=problem or NONE)
        case ProblemTold(problem=problem):
            return Phrase("together with the tickets of {problem}", problem=problem)
        case _:
            return _said_of_details(event, after, policy)


def _said_of_details(event: Event, after: Ticket, policy: Policy) -> str:
    match event:
        case Tagged(tag=tag):
            return Phrase("tagged {tag}", tag=tag)
        case Untagged(tag=tag):
            return Phrase("no longer tagged {tag}", tag=tag)
        case ParticipantAdded(email=email):
            return Phrase("{email} reads along", email=email)
        case ParticipantRemoved(email=email):
            return Phrase("{email} no longer reads along", email=email)
        case Linked(number=number):
            return Phrase("linked to {ticket}", ticket=policy.reference(number))
        case MergedInto():
            return _merged(event, policy)
        case GivenBack(number=number):
            return Phrase("{ticket} is a ticket of its own again", ticket=policy.reference(number))
        case ProgressSent(next_at=at):
            if at is None:
                return Phrase("progress reported")
            return Phrase("progress reported, the next report is due on {day}", day=moment(at, policy))
        case CustomerCalled():
            return Phrase("the mail that goes with the voicemail")
        case TimeSpent(minutes=minutes):
            total = hours_words(timedelta(minutes=after.minutes_spent))
            return Phrase("{minutes} min, {total} in all", minutes=minutes, total=total)
        case Quoted(minutes=minutes, amount=amount):
            who = deciders(after, policy)
            either = who[0] if len(who) == 1 else Phrase("{one} or {other}", one=", ".join(who[:-1]), other=who[-1])
            size = size_words(minutes, amount)
            return Phrase("quote of {size}, on hold until {who} approves or declines it", size=size, who=either)
        case QuoteWithdrawn(minutes=minutes, amount=amount):
            return Phrase("quote of {size} taken back", size=size_words(minutes, amount))
        case Muted():
            return Phrase("no more letters about it to you, unless you are named or get it")
        case Unmuted():
            return Phrase("letters about it to you again")
        case Snoozed(until=until):
            return Phrase("no reminders to us before {day}", day=moment(until, policy))
        case _:
            return ""


def _merged(event: MergedInto, policy: Policy) -> str:
    other = policy.reference(event.number)
    if not event.left:
        return Phrase("goes on as {ticket}, with all that was said", ticket=other)
    said = "goes on as {ticket}, with all that was said; {left} read along here and not there: cc adds them"
    return Phrase(said, ticket=other, left=", ".join(event.left))
