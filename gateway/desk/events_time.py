"""Events that time brings, or that set the course of time: clocks, the ladder, promises, updates, escalation.

They carry results (DESIGN law 2): each date in them was computed when it was decided, and is what letters name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gateway.desk.ticket import ClockName

# -- clocks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted:
    """`since` is what it counts from. Of a range `first` is the earlier end. `business`: it counts open time."""

    at: datetime
    by: str
    clock: ClockName
    priority: str
    since: datetime
    due: datetime
    first: datetime | None = None
    warn: datetime | None = None
    business: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused:
    """`left`, `warn_left`: seconds until due and until the warning, of open time where it counts that."""

    at: datetime
    by: str
    clock: ClockName
    left: int
    warn_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed:
    at: datetime
    by: str
    clock: ClockName
    due: datetime
    warn: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped:
    """What it waits for was done; `left` and `warn_left` as in `ClockPaused`, should the ticket be opened again."""

    at: datetime
    by: str
    clock: ClockName
    late: bool = False
    left: int = 0
    warn_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned:
    at: datetime
    by: str
    clock: ClockName
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMissed:
    at: datetime
    by: str
    clock: ClockName
    due: datetime


# -- promises ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """An agent gave the date `due` for the present phase. `apology`: when it is admitted that it was missed."""

    at: datetime
    by: str
    phase: str
    due: datetime
    warn: datetime
    apology: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseWarned:
    """The promise for `due` is about to break, or (`passed`) has been."""

    at: datetime
    by: str
    due: datetime
    passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed:
    """The customer is told that the promise for `missed` was not kept."""

    at: datetime
    by: str
    missed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLate:
    """The timeframe of the phase ended at `due`: for us to know; it was no promise."""

    at: datetime
    by: str
    phase: str
    due: datetime


# -- the ladder --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderSet:
    """`why`: "asked", "wrote", "later", "away", "put off". `coming` are the dates of the reminders, `closes` of the
    closing. `sent` is how many reminders count as sent.
    """

    at: datetime
    by: str
    why: str
    coming: tuple[datetime, ...] = ()
    closes: datetime | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """The customer is reminded for the `number`th time (from 1); `last`: the next step is closing."""

    at: datetime
    by: str
    number: int
    last: bool = False
    coming: tuple[datetime, ...] = ()
    closes: datetime | None = None


# -- updates -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAsked:
    """The assignee is asked for news before the letter of `due` says that there are none."""

    at: datetime
    by: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressSent:
    """By the gateway: there is no news. By an agent: the words are an article. `next_at`: when the next one comes."""

    at: datetime
    by: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCalled:
    """An agent rang and left a voicemail; the mail that goes with it says so."""

    at: datetime
    by: str


# -- who works on it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    at: datetime
    by: str
    before: str | None
    after: str
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecorded:
    """`ref` is the number of a task elsewhere, which the customer is told."""

    at: datetime
    by: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleNoticed:
    """Nobody of us touched it: the `number`th reminder since somebody last did."""

    at: datetime
    by: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """Reminders to staff wait until then."""

    at: datetime
    by: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssigneeAway:
    """The ticket is offered to the team: `agent` is away until the end of the day `until`."""

    at: datetime
    by: str
    agent: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyAvailable:
    """The team should have got it assigned, and nobody in it is there."""

    at: datetime
    by: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpent:
    at: datetime
    by: str
    minutes: int


# -- the customer's word -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """From 1, bad, to 5."""

    at: datetime
    by: str
    stars: int
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAsked:
    """Somebody on the ticket asked where it stands; `email` is whom to tell."""

    at: datetime
    by: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuiet:
    """An agent wanted no letter to the customer about what happened with it."""

    at: datetime
    by: str


TimeEvent = (
    ClockStarted
    | ClockPaused
    | ClockResumed
    | ClockStopped
    | ClockWarned
    | ClockMissed
    | Promised
    | PromiseWarned
    | Delayed
    | PhaseLate
    | LadderSet
    | Reminded
    | UpdateAsked
    | ProgressSent
    | CustomerCalled
    | Escalated
    | TaskRecorded
    | StaleNoticed
    | Snoozed
    | AssigneeAway
    | NobodyAvailable
    | TimeSpent
    | Rated
    | StatusAsked
    | KeptQuiet
)
