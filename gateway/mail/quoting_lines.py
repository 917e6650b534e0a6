"""A line as the readers of quotes compare it."""

from __future__ import annotations

import re
from typing import Final

# A longer line is no mark of any client, even where it was not wrapped.
MAX_LINE: Final = 400
DASHES: Final = "-‐‑–—_=*~ "
# No-break and typographic blanks become blanks; marks of direction, joiners and the BOM that Outlook for Mac puts
# before an attribution vanish.
_BLANKS: Final = re.compile("[\t\xa0\u2007\u2009\u202f\u3000]")
_GONE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(line: str) -> str:
    """The line as it is compared: blanks are blanks, invisible characters gone, ends stripped."""
    if line.isascii() and "\t" not in line:
        return line.strip()
    return _GONE.sub("", _BLANKS.sub(" ", line)).strip()


def lowered(text: str) -> str:
    """Lower case as the tables have it: Turkish "İ" is "i", the typewriter's apostrophe stands for the others."""
    return text.lower().replace("i\u0307", "i").replace("’", "'")


def first_word(text: str) -> str:
    """Up to the first blank; "" where there is none: a line can be a colon, or dashes with blanks between."""
    return text.split(maxsplit=1)[0] if text.strip() else ""


def unquoted(line: str) -> str:
    """The line without its quote marks: "> > Hello" is "Hello"."""
    return line.lstrip("> \t\xa0")


def is_rule(line: str) -> bool:
    """A line of underscores, dashes or the like: clients draw it above what they quote."""
    bare = line.strip()
    return len(bare) >= 3 and len(bare) <= MAX_LINE and not bare.strip("-_=*—–‐")


def is_quote(line: str) -> bool:
    """Whether a cleaned line bears the quote mark (RFC 3676 §4.5)."""
    return line.startswith(">")
