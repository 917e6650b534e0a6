"""The event of an organisation's monthly allowance. It stands on the ticket whose logged time brought it about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceReached:
    """`share` per cent of the month's `allowance` are used, which nobody was told this month; `spent` by now. Both in
    minutes. `month` is "2026-04"."""

    at: datetime
    by: str
    organisation: str
    month: str
    share: int
    spent: int
    allowance: int
