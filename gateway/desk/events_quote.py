"""Events of a quote: an agent names what work takes, and the customer decides on it.

`minutes` is the working time; `amount` stands as the agent wrote it ("480 EUR"), or is "".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """`replaces`: another quote was open, which this one takes the place of."""

    at: datetime
    by: str
    minutes: int
    amount: str = ""
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteApproved:
    """The quote that `quoted_by` made at `quoted_at`; `comment` is what the customer wrote beside the word."""

    at: datetime
    by: str
    minutes: int
    quoted_at: datetime
    quoted_by: str
    amount: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDeclined:
    at: datetime
    by: str
    minutes: int
    quoted_at: datetime
    quoted_by: str
    amount: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteWithdrawn:
    """We took it back: there is nothing left to decide."""

    at: datetime
    by: str
    minutes: int
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOvertaken:
    """Somebody who may decide said so of an older quote, or before they had this one, which was made at `quoted_at`:
    nothing is decided."""

    at: datetime
    by: str
    approves: bool
    minutes: int
    quoted_at: datetime
    quoted_by: str
    amount: str = ""
    comment: str = ""


QuoteEvent = Quoted | QuoteApproved | QuoteDeclined | QuoteWithdrawn | DecisionOvertaken
