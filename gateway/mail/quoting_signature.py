"""Where the writer's own words end and the signature begins (RFC 3676 §4.3, phones, lists, disclaimers).

A closing ("Regards, Anna") is part of a letter and stays. Below a delimiter or a phone's line everything goes; without
one only paragraphs at the very end go, and only when they hold contact details, a list's footer or a disclaimer.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.mail.quoting_lines import clean, lowered
from gateway.mail.quoting_words import (
    DEVICE_BRANDS,
    DEVICE_ENDS,
    DEVICE_STARTS,
    DEVICE_WORDS,
    DISCLAIMER_WORDS,
    EXCUSES,
)

MAX_SIGNATURE_LINES: Final = 25
MAX_TAIL_LINES: Final = 200
MAX_TAIL_PARAGRAPHS: Final = 8
_URL: Final = re.compile(r"(?:https?://|www\.)\S{3,}", re.I)
_MAIL: Final = re.compile(r"[^\s@]{1,80}@[^\s@]{1,100}\.[^\s@.]{2,}")
_PHONE: Final = re.compile(r"(?:\+|\(|\b\d)(?:[\d\s()./-]{6,24})\d\b")
_FRAME: Final = "*_[]()<>-| \u2014"
_LINK_TAIL: Final = re.compile(r"\s*[<(\[]?https?://\S{1,380}")
_NAME_DASH: Final = re.compile(r"-{1,2}\s?[^\W\d_][^\W\d_.'’]{1,20}(?: [^\W\d_][^\W\d_.'’-]{0,20}){0,3}")


def signature_start(lines: list[str], start: int, end: int) -> int:
    """The line where the signature of the own words in `lines[start:end]` begins; `end` where there is none."""
    cut = _delimiter(lines, start, end)
    cut = _device(lines, start, cut)
    for _ in range(MAX_TAIL_PARAGRAPHS):
        shorter = _tail(lines, start, cut)
        if shorter == cut:
            break
        cut = shorter
    return cut


def _trim(lines: list[str], start: int, end: int) -> int:
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


def _delimiter(lines: list[str], start: int, end: int) -> int:
    """ "-- " ends the words whatever follows; the forms without the blank only before what a signature looks like."""
    for i in range(start, end):
        if lines[i] == "-- ":
            return i
    top, full = end, 0
    while top > start and full <= MAX_SIGNATURE_LINES and end - top < MAX_TAIL_LINES:
        top -= 1
        full += bool(lines[top].strip())
    for i in range(top, end):
        bare = lines[i][:80].strip()
        if bare and not bare.strip("-—–_*=") and _looks_signed(lines, i + 1, end, bare):
            return i
    return end


def _looks_signed(lines: list[str], start: int, end: int, delimiter: str) -> bool:
    full = [lines[i].strip() for i in range(start, min(end, start + MAX_TAIL_LINES)) if lines[i].strip()]
    if not full or len(full) > MAX_SIGNATURE_LINES or end - start > MAX_TAIL_LINES:
        return False
    if delimiter in ("--", "—", "–"):
        return True
    if not delimiter.strip("_") or len(delimiter) < 3:
        return any(_contact(line) for line in full[:6])
    return sum(_contact(line) for line in full) >= 2 and all(len(line) <= 80 for line in full)


def _contact(line: str) -> bool:
    line = line[:200]
    return _URL.search(line) is not None or _MAIL.search(line) is not None or _PHONE.search(line) is not None


def _device(lines: list[str], start: int, end: int) -> int:
    """ "Sent from my iPhone" and its like on a line of its own."""
    for i in range(start, end):
        line = lines[i]
        if 5 <= len(line) <= 300 and (i + 1 >= end or not lines[i + 1].strip()) and is_device_line(line):
            return i
    return end


def is_device_line(line: str) -> bool:
    """Whether the line is what a phone or an app writes below a mail, link and all.

    A device or an app must be named, or linked; a sentence of the letter ("Sent by mail on Monday.") is none.
    """
    whole = clean(line).strip(_FRAME)
    bare = _LINK_TAIL.sub("", whole).strip(_FRAME + ".")
    first, stop, second = bare.partition(". ")
    if not stop:
        first, stop, second = bare.partition(", ")
    excused = bool(stop) and any(word in lowered(second) for word in EXCUSES)
    bare = first if excused else bare
    low = lowered(bare)
    if not 5 <= len(bare) <= 90 or (bare[:1].islower() and not low.startswith("i")):
        return False
    branded = any(word in low for word in DEVICE_BRANDS)
    if low.endswith(DEVICE_ENDS) and (branded or any(word in low for word in DEVICE_WORDS)):
        return True
    if not low.startswith(DEVICE_STARTS):
        return False
    if branded:
        return True
    closed = not excused and clean(line).endswith((".", "!", "?", ":"))
    if "," in bare or closed or len(bare.split()) > 7:
        return False
    return low.startswith("sent from my ") or len(whole) > len(bare) + 8 or any(word in low for word in DEVICE_WORDS)


def _tail(lines: list[str], start: int, end: int) -> int:
    """The last paragraph's first line when that paragraph is no word of the letter, else `end`."""
    last = _trim(lines, start, end)
    first = last
    while first > start and lines[first - 1].strip() and last - first <= MAX_SIGNATURE_LINES:
        first -= 1
    if first <= start or first == last:
        return end
    paragraph = [clean(line) for line in lines[first:last]]
    # "My data:" above it makes it what the letter is about.
    if lines[_trim(lines, start, first) - 1].rstrip().endswith((":", "：")):
        return end
    if _is_disclaimer(paragraph) or _is_contact_block(paragraph) or _is_name(paragraph):
        return first
    return end


def _is_disclaimer(paragraph: list[str]) -> bool:
    text = " ".join(paragraph)[:4000].lower()
    return len(text) > 60 and any(sum(word in text for word in row) >= 2 for row in DISCLAIMER_WORDS)


def _is_contact_block(paragraph: list[str]) -> bool:
    """A name, then contact details of two kinds, and nothing that reads like a sentence."""
    name, *details = paragraph
    if not 2 <= len(details) <= 12 or any(len(line) > 80 or line.endswith(("?", "!", ":")) for line in paragraph):
        return False
    if any(line.endswith(".") and len(line.split()) > 5 for line in paragraph):
        return False
    if _contact(name) or len(name.split()) > 6 or any(char.isdigit() for char in name):
        return False
    return sum(any(kind.search(line) for line in details) for kind in (_URL, _MAIL, _PHONE)) >= 2


def _is_name(paragraph: list[str]) -> bool:
    return len(paragraph) == 1 and paragraph[0].count(" ") < 4 and _NAME_DASH.fullmatch(paragraph[0]) is not None
