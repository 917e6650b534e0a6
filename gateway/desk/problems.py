"""One cause, many tickets: each customer keeps their own, and agents call the cause by one name.

A problem is nothing but its name on the tickets that share it: a task elsewhere (ENG-331) or any words. Customers never
see it. A ticket that is given to a task elsewhere belongs to the problem of that name, unless it belongs to another.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gateway.desk.events import Event
from gateway.desk.events_problem import ProblemChanged
from gateway.desk.ticket import Ticket

LONGEST: Final = 60  # characters of a name


def reference(words: str) -> str | None:
    """The name in one line; None where it is none."""
    name = " ".join(words.split())
    return name if name and len(name) <= LONGEST and name.isprintable() else None


def key_of(name: str) -> str:
    """What is the same for every way to write a name: "Eng-331" is ENG-331."""
    return " ".join(name.casefold().split())


def belongs(ticket: Ticket, problem: str | None, by: str, now: datetime) -> list[Event]:
    if key_of(problem or "") == key_of(ticket.problem or ""):
        return []
    return [ProblemChanged(at=now, by=by, before=ticket.problem, after=problem)]


def of_task(ticket: Ticket, ref: str, by: str, now: datetime) -> list[Event]:
    """It goes along when the task becomes another one."""
    own = key_of(ticket.problem or "") not in ("", key_of(ticket.external_ref or ""))
    name = reference(ref)
    return [] if own or name is None else belongs(ticket, name, by, now)
