"""What is too long for a letter: its beginning is shown, and all of it goes along as a file.

A page stays under 40 KB (CONTRACT §7) and a rendered text has a cap (DUTIES REN-03), however much somebody pastes;
what an agent wrote reaches the customer all the same.
"""

from __future__ import annotations

import hashlib
from typing import Final

from gateway.mail.letter import Enclosure

MESSAGE: Final = 12_000  # characters of a message that a letter shows
LINES: Final = 300


def beginning(text: str, most: int = MESSAGE) -> str:
    """At most so many characters and LINES lines, to the end of a line or of a word where one is near."""
    lines = "\n".join(text.split("\n", LINES)[:LINES])
    if len(lines) <= most:
        return lines
    cut = lines[:most]
    at = max(cut.rfind("\n", most * 3 // 4), 0) or max(cut.rfind(" ", most * 3 // 4), 0)
    return (cut[:at] if at else cut).rstrip()


def is_too_long(text: str) -> bool:
    whole = text.strip("\n")
    return len(beginning(whole)) < len(whole)


def as_file(text: str) -> bytes:
    """UTF-8 that says so by its mark (the part has no charset to say it) and lines as mail ends them."""
    return text.replace("\n", "\r\n").encode("utf-8-sig", "replace")


def enclosed(text: str, name: str) -> Enclosure:
    data = as_file(text)
    return Enclosure(f"{name}.txt", "text/plain", len(data), hashlib.sha256(data).hexdigest())
