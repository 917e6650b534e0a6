"""One cause, many tickets: each customer keeps their own, and agents call the cause by one name.

A problem is nothing but its name on the tickets that share it: a task elsewhere (ENG-331) or any words. Customers never
see it. A ticket that is given to a task elsewhere belongs to the problem of that name, unless it belongs to another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.desk import commands, naming
from gateway.desk.commands import Command
from gateway.desk.events import Event
from gateway.desk.events_problem import ProblemChanged, ProblemTold
from gateway.desk.naming import Unknown
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.refused import Refused
from gateway.desk.ticket import Article, Heard, Participant, Person, Ticket

LONGEST: Final = 60  # characters of a name
_SOLVED: Final = Phrase("was solved before")
_KEEPS_ITS_PHASE: Final = Phrase("keeps its phase, for it was solved before")
_GREETING: Final = re.compile(r"([^\n,!:]{1,80})[,!:]")
# What an agent does on one ticket for all of them; on a solved one only what does not open it again.
Shared = (
    commands.EnterPhase
    | commands.GiveDate
    | commands.Ask
    | commands.Hold
    | commands.HandOver
    | commands.Inform
    | commands.Solve
)


def reference(words: str) -> str | None:
    """The name in one line; None where it is none."""
    name = " ".join(words.split())
    return name if name and len(name) <= LONGEST and name.isprintable() else None


def key_of(name: str) -> str:
    """What is the same for every way to write a name: "Eng-331" is ENG-331."""
    return " ".join(name.casefold().split())


# -- which tickets -----------------------------------------------------------------------------------------------------


def belongs(ticket: Ticket, problem: str | None, by: str, now: datetime) -> list[Event]:
    if key_of(problem or "") == key_of(ticket.problem or ""):
        return []
    return [ProblemChanged(at=now, by=by, before=ticket.problem, after=problem)]


def of_task(ticket: Ticket, ref: str, by: str, now: datetime) -> list[Event]:
    """It goes along when the task becomes another one."""
    own = key_of(ticket.problem or "") not in ("", key_of(ticket.external_ref or ""))
    name = reference(ref)
    return [] if own or name is None else belongs(ticket, name, by, now)


def meant(ticket: Ticket, orders: Iterable[Command]) -> str | None:
    """The problem whose tickets an agent speaks to who orders this on one of them; None: it belongs to none."""
    said = [order.problem for order in orders if isinstance(order, commands.SetProblem)]
    if said:
        return said[-1]
    tasks = (order.ref for order in orders if isinstance(order, commands.HandOver))
    return ticket.problem or next(tasks, None)


@dataclass(frozen=True, slots=True)
class Problem:
    """`tickets` are all that share it, the oldest first, closed ones too; there is one at least."""

    tickets: tuple[Ticket, ...]

    @property
    def name(self) -> str:
        return self.tickets[0].problem or ""

    @property
    def open(self) -> tuple[Ticket, ...]:
        """Those whose customers are to hear of it: one that was merged has them elsewhere."""
        return tuple(each for each in self.tickets if each.status != "closed" and each.merged_into is None)

    @property
    def unsolved(self) -> tuple[Ticket, ...]:
        return tuple(each for each in self.open if each.status != "solved")

    @property
    def customers(self) -> frozenset[str]:
        return frozenset(each.requester.email for each in self.tickets)

    @property
    def organisations(self) -> frozenset[str]:
        return frozenset(each.organisation for each in self.tickets if each.organisation is not None)

    @property
    def heard(self) -> Heard | None:
        """What was told last."""
        return max((each.heard for each in self.tickets if each.heard), key=lambda heard: heard.at, default=None)


def problems_of(tickets: Iterable[Ticket]) -> list[Problem]:
    """Of tickets that all belong to some, the oldest first: which has waited the longest comes first."""
    found: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        found.setdefault(key_of(ticket.problem or ""), []).append(ticket)
    return [Problem(tuple(each)) for each in found.values()]


# -- what all of them are told -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """What a ticket takes part in, and `kept`: what it keeps as it is and why, in words."""

    commands: tuple[Command, ...]
    kept: tuple[str, ...] = ()


def share(ticket: Ticket, orders: Iterable[Command], policy: Policy) -> Share:
    taken: list[Command] = []
    kept: list[str] = []
    for order in orders:
        match order:
            case commands.EnterPhase(phase=phase):
                found = _phase(ticket, phase, policy)
                if isinstance(found, Phrase):
                    kept.append(found)
                else:
                    taken.append(found)
            case commands.Solve():
                taken.append(order)
            case commands.GiveDate() | commands.Ask() | commands.Hold() | commands.HandOver() | commands.Inform() if (
                ticket.status != "solved"
            ):
                taken.append(order)
            case _:
                pass
    if ticket.status == "solved" and _KEEPS_ITS_PHASE not in kept:
        kept.append(_SOLVED)
    return Share(tuple(taken), tuple(kept))


def _phase(ticket: Ticket, word: str, policy: Policy) -> commands.EnterPhase | Phrase:
    """The phase of that id or name in the ticket's own category; or why it is not entered."""
    category = policy.categories[ticket.category]
    found = naming.phase(word, category)
    if isinstance(found, Unknown):
        why = "keeps its phase, for {category} has no phase {phase}"
        return Phrase(why, category=category.name.default, phase=word)
    phase = category.phase(found)
    if ticket.status == "solved" and phase is not None and not phase.final:
        return _KEEPS_ITS_PHASE
    return commands.EnterPhase(found)


def told(ticket: Ticket, tell: commands.Tell, by: str, now: datetime) -> list[Event]:
    if ticket.problem is None:
        raise Refused(Phrase("{ticket} belongs to no problem", ticket=ticket.number))
    return [
        ProblemTold(
            at=now,
            by=by,
            problem=ticket.problem,
            article=tell.article,
            words=tell.words,
            own=tell.own,
            telling=tell.telling,
        )
    ]


def mark_of(article: Article | None) -> str:
    """The same for the same words and files, whichever ticket they stand on; "" where no customer gets them."""
    if article is None or article.visibility != "public":
        return ""
    parts = (article.text, *sorted(each.sha256 for each in article.attachments))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def named(text: str, tickets: Sequence[Ticket], policy: Policy) -> str | None:
    """Whom or what of one of the tickets `text` names, which the customers of the others must not read: a number, an
    address, a full name, or somebody who is greeted by a part of it."""
    low, greeted = text.casefold(), _greeted(text)
    for ticket in tickets:
        number = policy.reference(ticket.number)
        if len(tickets) > 1 and _has(low, number.casefold()):
            return number
        people: tuple[Person | Participant, ...] = (ticket.requester, *ticket.participants)
        for person in people:
            everywhere = all(other.role_of(person.email) != "stranger" for other in tickets)
            if everywhere or policy.agent_of(person.email) is not None:
                continue
            words = re.findall(r"\w+", person.name.casefold())
            full = len(words) > 1 and _has(low, person.name.casefold())
            if full or _has(low, person.email) or greeted & set(words):
                return person.name or person.email
    return None


def _has(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _greeted(text: str) -> frozenset[str]:
    """The words before the first comma, as in "Hello Maria, …"."""
    greeting = _GREETING.match(text.strip().casefold())
    words = re.findall(r"\w+", greeting[1]) if greeting else []
    return frozenset(word for word in words if len(word) > 2) if len(words) < 6 else frozenset()
