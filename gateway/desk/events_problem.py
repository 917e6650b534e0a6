"""Events of problems: which cause a ticket shares with others, and what all of them were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemChanged:
    """`after` is the problem that the ticket belongs to from now on; None: to none."""

    at: datetime
    by: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemTold:
    """What happened at this moment happened, under the id `telling`, on every ticket of `problem`.

    `article` is the id of the words as they stand on this ticket, `words` a mark that is the same on all of them;
    both are "" where nobody was told anything in words. `own`: on other tickets they are others, by a saved answer.
    """

    at: datetime
    by: str
    problem: str
    article: str = ""
    words: str = ""
    own: bool = False
    telling: str = ""


ProblemEvent = ProblemChanged | ProblemTold
