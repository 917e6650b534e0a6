"""The verbs of agents' mails: what stands behind each, read to commands, or what is wrong with it in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.desk import calendar, commands, days, naming, problems
from gateway.desk.commands import Command
from gateway.desk.naming import Unknown
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, parse_span
from gateway.desk.ticket import Ticket

_EMAIL: Final = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,255}\.[^\s@<>,;\".]{2,63}")


@dataclass(frozen=True, slots=True)
class Context:
    """What a command is read against. `phases_of` is the category that an earlier line of the mail gave."""

    ticket: Ticket
    policy: Policy
    now: datetime
    phases_of: str


Reader = Callable[[str, Context], "list[Command] | str"]


def _alone(command: Command) -> Reader:
    def read(argument: str, context: Context) -> list[Command] | str:
        return Phrase("nothing stands behind this command; write text on a line of its own.") if argument else [command]

    return read


def _phase(argument: str, context: Context) -> list[Command] | str:
    category = context.policy.categories[context.phases_of]
    return _meant(argument, naming.phase(argument, category), commands.EnterPhase, "/phase review")


def _category(argument: str, context: Context) -> list[Command] | str:
    return _meant(argument, naming.category(argument, context.policy), commands.SetCategory, "/category bug")


def _priority(argument: str, context: Context) -> list[Command] | str:
    return _meant(argument, naming.priority(argument, context.policy), commands.SetPriority, "/prio high")


def _meant(argument: str, found: str | Unknown, make: Callable[[str], Command], example: str) -> list[Command] | str:
    if not argument:
        return Phrase("say which, as in {example}.", example=example)
    return found.said if isinstance(found, Unknown) else [make(found)]


def _answer(argument: str, context: Context) -> list[Command] | str:
    known = ", ".join(context.policy.answers)
    if not argument:
        if not known:
            return Phrase("there is no saved answer yet: write config/answers/NAME.md.")
        return Phrase("say which, as in /answer NAME; there is {known}.", known=known)
    return _meant(argument, naming.answer(argument, context.policy), commands.UseAnswer, "")


def _eta(argument: str, context: Context) -> list[Command] | str:
    by = days.end_of(argument, context.policy.office, context.now)
    if by is None:
        return Phrase("that is no day; write it as in /eta 2026-05-12, /eta friday or /eta 3 business days.")
    return [commands.GiveDate(by)] if by > context.now else Phrase("that day is over.")


def _snooze(argument: str, context: Context) -> list[Command] | str:
    try:
        until = calendar.add(context.policy.office, context.now, parse_span(argument))
    except SpanError:
        day = days.end_of(argument, context.policy.office, context.now)
        if day is None:
            return Phrase("that is no span of time; write it as in /snooze 3d or /snooze 2 business days.")
        until = day
    return [commands.Snooze(until)] if until > context.now else Phrase("that is over.")


def _mute(argument: str, context: Context) -> list[Command] | str:
    if argument.casefold() not in ("", "on", "off"):
        return Phrase("nothing but off may stand behind it; /mute off, or /unmute, lets letters come again.")
    return [commands.Mute(on=argument.casefold() != "off")]


def _assign(argument: str, context: Context) -> list[Command] | str:
    policy = context.policy
    if not argument:
        return Phrase("say whom: an agent, a team, or none, as in /assign bo.")
    if argument.casefold() in ("none", "nobody", "-"):
        return [commands.Assign(None)]
    if argument.casefold() == "me":
        return [commands.Take()]
    agent = naming.agent(argument, policy)
    if isinstance(agent, str):
        who = policy.agents[agent]
        looks = Phrase("{agent} only looks.", agent=who.name)
        return looks if who.role == "viewer" else [commands.Assign(agent)]
    team = naming.team(argument, policy)
    if isinstance(team, str):
        return [commands.ToTeam(team)]
    return (agent if agent.meant or not team.meant else team).said


def _hold(argument: str, context: Context) -> list[Command] | str:
    if not argument:
        return [commands.Hold()]
    return [commands.HandOver(argument)] if _is_reference(argument) else _NO_REFERENCE


def _escalate(argument: str, context: Context) -> list[Command] | str:
    """One tier up, to a tier, or to a task elsewhere: a word with a digit that is no tier."""
    tiers = {tier.id: () for tier in context.policy.tiers}
    if not argument:
        none = Phrase("there are no tiers here; write the task, as in /escalate ENG-331.")
        return [commands.Escalate()] if tiers else none
    tier = naming.find(Phrase("tier"), argument, tiers)
    if isinstance(tier, str):
        return [commands.Escalate(tier)]
    if tier.meant or not _is_reference(argument):
        return tier.said if tiers else _NO_REFERENCE
    return [commands.HandOver(argument)]


_NO_REFERENCE: Final = Phrase("that is no task number; write it as in ENG-331.")


def _is_reference(argument: str) -> bool:
    return len(argument) <= 60 and " " not in argument and any(char.isdecimal() for char in argument)


def _tag(argument: str, context: Context) -> list[Command] | str:
    tags = _tags(argument)
    return (
        [commands.Tag(tag) for tag in tags] if tags else Phrase("say which, as in {example}.", example="/tag invoice")
    )


def _untag(argument: str, context: Context) -> list[Command] | str:
    tags = _tags(argument)
    return (
        [commands.Untag(tag) for tag in tags]
        if tags
        else Phrase("say which, as in {example}.", example="/untag invoice")
    )


def _tags(argument: str) -> list[str]:
    return [tag for tag in re.split(r"[\s,]+", argument.lower()) if tag]


def _cc(argument: str, context: Context) -> list[Command] | str:
    return reader_of(argument, context.policy)


def reader_of(argument: str, policy: Policy) -> list[Command] | str:
    """Somebody who is to read along, or why they cannot."""
    email = _email(argument)
    if email is None:
        return Phrase("that is no mail address.")
    if policy.mailbox_of(email) is not None:
        return Phrase("that is an address of this desk.")
    return [commands.AddReader(email)]


def _uncc(argument: str, context: Context) -> list[Command] | str:
    email = _email(argument)
    on_it = [reader.email for reader in context.ticket.participants if reader.role == "cc"]
    if email not in on_it:
        return Phrase("nobody of that address reads along; {others} does.", others=", ".join(on_it) or Phrase("nobody"))
    return [commands.RemoveReader(email)]


def _email(argument: str) -> str | None:
    """In lower case: what `Name <addr>` or a bare address names."""
    inner = argument.rpartition("<")[2].rstrip("> ").strip().lower()
    return inner if _EMAIL.fullmatch(inner) else None


def _time(argument: str, context: Context) -> list[Command] | str:
    """With a minus it corrects what was logged before."""
    sign = -1 if argument.startswith("-") else 1
    try:
        span = parse_span(argument.removeprefix("-").strip())
    except SpanError as error:
        return Phrase("{why}; write it as in /time 30m or /time 1h 15m.", why=error.message)
    if span.unit != "clock" or span.amount < 60 or span.amount > 24 * 3600:
        return Phrase("working time is minutes and hours, at most a day, as in /time 1h 15m.")
    return [commands.Spend(sign * round(span.amount / 60))]


def _quote(argument: str, context: Context) -> list[Command] | str:
    """The time, and behind it what it costs, in any words; or "none"."""
    if argument.casefold() in ("none", "off", "-"):
        return [commands.TakeBackQuote()]
    return quote_of(argument)


def quote_of(argument: str) -> list[Command] | str:
    """ "4h", "1h 30m 200 EUR": the longest beginning that is a span, and the rest as it stands."""
    words = argument.split()
    for length in range(min(len(words), _SPAN_WORDS), 0, -1):
        try:
            span = parse_span(" ".join(words[:length]))
        except SpanError:
            continue
        amount = " ".join(words[length:])
        time = " ".join(words[:length])
        if span.unit != "clock" or _DAYS.search(time) or not 60 <= span.amount <= _LONGEST_QUOTE:
            return Phrase("{time} is no working time; {example}", time=time, example=_QUOTE_EXAMPLE)
        if len(amount) > _LONGEST_AMOUNT:
            why = "the amount is at most {most} characters; write the rest on a line of its own."
            return Phrase(why, most=_LONGEST_AMOUNT)
        return [commands.MakeQuote(round(span.amount / 60), amount)]
    return Phrase("say how long it takes; {example}", example=_QUOTE_EXAMPLE)


_DAYS: Final = re.compile(r"(?i)\d ?(?:d|w|days?|weeks?)\b")  # of 24 hours, or of eight?
_SPAN_WORDS: Final = 4  # "1 hour 30 minutes"
_LONGEST_QUOTE: Final = 10_000 * 3600
_LONGEST_AMOUNT: Final = 60
_QUOTE_EXAMPLE: Final = Phrase(
    "write hours and minutes, as in /quote 4h or /quote 4h 30m 480 EUR. /quote none takes it back."
)


def _other(make: Callable[[int], Command], verb: str) -> Reader:
    """Another ticket stands behind it."""

    def read(argument: str, context: Context) -> list[Command] | str:
        bare = argument.strip("[]#").upper().removeprefix(f"{context.policy.prefix.upper()}-").split("-")[0]
        if not bare.isdecimal() or len(bare) > 10:
            example = f"/{verb} {context.policy.prefix}-1042"
            return Phrase("write the number of a ticket, as in {example}.", example=example)
        own = int(bare) == context.ticket.number
        return Phrase("that is this very ticket.") if own else [make(int(bare))]

    return read


def _problem(argument: str, context: Context) -> list[Command] | str:
    """Without an argument the task that it was given to elsewhere."""
    if argument.casefold() == "none":
        return [commands.SetProblem(None)]
    called = problems.reference(argument or context.ticket.external_ref or "")
    return [commands.SetProblem(called)] if called else Phrase("say which, as in /problem ENG-331, or none.")


READERS: Final[Mapping[str, Reader]] = {
    "phase": _phase,
    "eta": _eta,
    "ask": _alone(commands.Ask()),
    "hold": _hold,
    "escalate": _escalate,
    "assign": _assign,
    "take": _alone(commands.Take()),
    "prio": _priority,
    "priority": _priority,
    "category": _category,
    "tag": _tag,
    "untag": _untag,
    "cc": _cc,
    "uncc": _uncc,
    "progress": lambda argument, context: [commands.Inform()],
    "answer": _answer,
    "call": _alone(commands.Call()),
    "time": _time,
    "quote": _quote,
    "snooze": _snooze,
    "mute": _mute,
    "unmute": _alone(commands.Mute(on=False)),
    "link": _other(commands.LinkTo, "link"),
    "merge": _other(commands.MergeInto, "merge"),
    "unmerge": _other(commands.Unmerge, "unmerge"),
    "problem": _problem,
    "solve": _alone(commands.Solve()),
    "close": _alone(commands.Close()),
    "reopen": _alone(commands.Reopen()),
}
