"""A letter worth writing, before it is written: which, to whom, about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from gateway.desk.events import Event
from gateway.desk.ticket import Person

Audience = Literal["requester", "participant", "stranger", "agent", "admin"]
Automation = Literal["no", "auto-replied", "auto-generated"]


@dataclass(frozen=True, slots=True)
class Notice:
    """`letter` is the template's name. `agent`: the id of the agent it goes to; `author`: of the one whose words it is.

    `article`: the one that it carries or is about. `about`: the event behind it, where the letter names its facts.
    `once`: the key under which it is written once, however often it is decided. `delay`: the outbox keeps it so long.
    `lines`: further lines for staff (a transcript, a reason). `private`: it shows what customers must not see.
    `apart`: it is about no ticket in particular, whatever ticket brought it about.
    """

    letter: str
    to: Person
    audience: Audience
    automation: Automation
    once: str
    article: str | None = None
    agent: str | None = None
    author: str | None = None
    about: Event | None = None
    reason: str = ""
    delay: timedelta = timedelta()
    lines: tuple[str, ...] = ()
    private: bool = False
    apart: bool = False
