"""How a try to send a letter ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` and `text` are the last word of whoever took the letter, or not."""

    outcome: Literal["sent", "deferred", "failed"]
    code: int | None
    text: str
