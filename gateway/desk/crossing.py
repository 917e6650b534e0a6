"""Two agents answer at once: how long an answer counts as one that a colleague may not have seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

AT_ONCE: Final = timedelta(minutes=15)  # where nothing says what the writer has seen, a terminal for instance


def ago(at: datetime, now: datetime) -> str:
    """ "just now", "2 minutes ago", "3 hours ago", "4 days ago"."""
    minutes = int((now - at).total_seconds() // 60)
    for count, word in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if count > 0:
            return f"{count} {word if count == 1 else word + 's'} ago"
    return "just now"
