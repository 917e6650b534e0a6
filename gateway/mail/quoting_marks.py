"""Where what somebody else wrote begins: attributions, header blocks, original-message and forward lines.

Everything here looks at a few short lines, never at the body: a line over `MAX_LINE` characters is no mark, a mark has
a few lines, and there are `MAX_TRIES` looks, so the work is linear in the text whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from gateway.mail.message import Address
from gateway.mail.quoting_attribution import (
    attribution_start,
    may_end_attribution,
    may_stand_above,
    named_in,
    sender_of,
)
from gateway.mail.quoting_html import Head, squashed
from gateway.mail.quoting_lines import DASHES, MAX_LINE, clean, lowered, unquoted
from gateway.mail.quoting_words import (
    FORWARD_LINES,
    FORWARD_OPENINGS,
    HEADER_WORDS,
    ORIGINAL_LINES,
    WRITE_ABOVE,
    HeaderKind,
)

MAX_HEADER_LINES: Final = 30
MAX_TRIES: Final = 500
# Of a quote that the HTML names so many letters must agree.
HEAD_CHARS: Final = 24

Sort = Literal["attribution", "block", "original", "forward"]

# GroupWise: ">>> John Doe <john@acme.example> 27/10/2021 09:31 >>>".
_IN_ANGLES: Final = re.compile(r">>>? ?([^>].{2,300}\d[:.]\d\d.{0,12}) ?>>>?")
_NOTES_MOMENT: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: [AP]M)?", re.I)
NOTES_LINES: Final = 14
_DOUBLE_DASHES: Final = ("--", "__", "—", "–", "==", "~~", "‐‐")
_FIELD_NAME: Final = re.compile(r"[^\d:@]{1,30}: ")
_INNER_FIELD: Final = re.compile(r"\s\*?([^\W\d_][^\s:]{1,14})\s?:(?=\s)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines `start` to `end` (exclusive) announce a quote. `sender` is whom they name; `keys` the header words seen."""

    sort: Sort
    start: int
    end: int
    sender: Address | None = None
    keys: frozenset[str] = frozenset()


class MarkReader:
    """Finds the marks in cleaned lines of one quote depth, top down.

    A mail that makes us look closer more than `MAX_TRIES` times has no more marks: its lines are no letter's.
    """

    def __init__(self, lines: list[str], heads: tuple[Head, ...] = ()) -> None:
        self._lines = lines
        self._heads = heads
        self._tries = MAX_TRIES

    def mark_at(self, i: int, lowest: int) -> Mark | None:
        """The mark that starts at line `i`, or the attribution that ends there and starts at `lowest` or below."""
        line = self._lines[i]
        if not line or len(line) > MAX_LINE or self._tries <= 0:
            return None
        if line[0] in "-_—–‐=~*#" or line[-1] in ":：":
            self._tries -= 1
            if mark := _announced(self._lines, i):
                return mark
        if header_field(line):
            self._tries -= 1
            if mark := _header_block(self._lines, i):
                return mark
        if may_end_attribution(line):
            self._tries -= 1
            if (start := attribution_start(self._lines, i, lowest)) is not None:
                said = " ".join(line for line in self._lines[start : i + 1] if line)
                return Mark("attribution", start, i + 1, sender_of(said))
        if line[0].isdigit() and _NOTES_MOMENT.fullmatch(line):
            self._tries -= 1
            if mark := _notes_head(self._lines, i, lowest):
                return mark
        if line.startswith(">>") and (named := _IN_ANGLES.fullmatch(line)):
            return Mark("attribution", i, i + 1, sender_of(named[1]))
        if line[-1] in ":：" and self._is_above_quote(i) and may_stand_above(line):
            return Mark("attribution", i, i + 1, sender_of(line))
        words = squashed(line) if self._heads else ""
        near = (head for head in self._heads if words and (head.text.startswith(words) or words.startswith(head.text)))
        return next((mark for head in near if (mark := _headed(self._lines, i, head))), None)

    def _is_above_quote(self, i: int) -> bool:
        below = _next_full(self._lines, i + 1)
        return below <= i + 2 and below < len(self._lines) and self._lines[below].startswith(">")


def _headed(lines: list[str], i: int, head: Head) -> Mark | None:
    """The mark that the HTML names: its lines hold the words of `head`."""
    rest = head.text
    for at in range(i, min(len(lines), i + MAX_HEADER_LINES)):
        words = squashed(lines[at][:MAX_LINE])
        if not (rest.startswith(words) or (not head.whole and words.startswith(rest))):
            return None
        rest = rest[len(words) :]
        if not rest or (not head.whole and len(head.text) - len(rest) >= HEAD_CHARS):
            end = at + 1 if head.whole else i + 1
            named = next((line for line in lines[i:end] if "@" in line), "")
            return Mark("forward" if head.forward else "block", i, end, sender_of(_FIELD_NAME.sub("", named, count=1)))
    return None


def _announced(lines: list[str], i: int) -> Mark | None:
    """An original-message or forward line, with the header block below it."""
    line = lines[i].strip("*").strip()
    sort: Sort | None = None
    rest, bare = "", False
    if line.startswith(_DOUBLE_DASHES):
        phrase, rest = _phrase(line)
        bare = phrase == "original"
        if bare or phrase in ORIGINAL_LINES:
            sort = "original"
        elif phrase in FORWARD_LINES or phrase.rstrip(":： ") in FORWARD_OPENINGS:
            sort = "forward"
    if lines[i][0] in "-_=*#" and len(line) <= 160 and any(words in lowered(line) for words in WRITE_ABOVE):
        sort = "original"
    elif line.endswith((":", "：")) and lowered(line.rstrip(":： ")).strip('"“”') in FORWARD_OPENINGS:
        sort = "forward"
    if sort is None:
        return None
    below = _next_full(lines, i + 1)
    window = lines[below : below + MAX_HEADER_LINES]
    if window and window[0].startswith(">"):
        window = [clean(unquoted(one)) for one in window]
    found = _header_block(window, 0, 1) if window and below < i + 5 else None
    block = found and Mark("block", below, below + found.end, found.sender, found.keys)
    if block:
        return Mark(sort, i, block.end, block.sender, block.keys)
    if bare:  # a heading of somebody's, unless fields of a mail stand below it
        return None
    return Mark(sort, i, i + 1, sender_of(rest) if "@" in rest else None)


def _phrase(line: str) -> tuple[str, str]:
    """("original message", "From: X") of "----- Original Message ----- From: X"."""
    inner = line.lstrip(DASHES)
    ends = [at for at in (inner.find(dash) for dash in _DOUBLE_DASHES) if at > 0]
    if not ends:
        return lowered(inner.strip()), ""
    cut = min(ends)
    return lowered(inner[:cut].strip(DASHES)), inner[cut:].lstrip(DASHES)


def _next_full(lines: list[str], i: int) -> int:
    while i < len(lines) and not lines[i]:
        i += 1
    return i


def header_field(line: str) -> tuple[HeaderKind, str, str] | None:
    """(kind, word, value) of "*Von:* Max", or None."""
    if len(line) > 2000:
        return None
    if ":" not in line[:40] and "：" not in line[:40]:
        return None
    head = line[:40].lstrip("*_ ").replace("：", ":")
    word, colon, _ = head.partition(":")
    if not colon:
        return None
    word = lowered(word.strip("*_ "))
    kind = HEADER_WORDS.get(word)
    if kind is None:
        return None
    return kind, word, line.replace("：", ":", 1).partition(":")[2].strip("* \t")


def _header_block(lines: list[str], i: int, wanted: int = 2) -> Mark | None:
    """From/Sent/To/Subject of Outlook and its like in any order and language, values over several lines, gaps of one.

    Two kinds at least, the sender among them; and a subject or an address, so that the legs of a journey
    ("From: Berlin / To: Paris / Date: 5 May") are none. Below an announcing line the sender alone will do.
    """
    if header_field(lines[i]) is None:
        return None
    kinds: set[HeaderKind] = set()
    keys: set[str] = set()
    sender, has_address, has_value = "", False, True
    at, end = i, i
    while at < min(len(lines), i + MAX_HEADER_LINES):
        line = lines[at]
        field = header_field(line)
        if field and not (field[0] in kinds and field[0] != "other"):
            kind, word, value = field
            kinds.add(kind)
            keys.add(word)
            has_value = bool(value)
            kinds |= _inner_kinds(value)
            sender = value if kind == "from" else sender
            has_address = has_address or "@" in value
            at = end = at + 1
            last = kind
        elif field or not _continues(lines, at, has_value):
            break
        else:
            if line:
                sender = f"{sender} {line}" if last == "from" else sender
                has_address, has_value, end = has_address or "@" in line, True, at + 1
            at += 1
    if "from" not in kinds or len(kinds) < wanted:
        return None
    if wanted > 1 and not (("subject" in kinds and len(kinds) > 2) or (has_address and kinds & {"date", "subject"})):
        return None
    return Mark("block", i, end, named_in(sender), frozenset(keys))


def _notes_head(lines: list[str], i: int, lowest: int) -> Mark | None:
    """Lotus Notes: the writer's name, the moment in line `i`, then the names of fields without a colon, their values
    beside or below them."""
    kinds: set[HeaderKind] = set()
    end = i + 1
    for at in range(i + 1, min(len(lines), i + NOTES_LINES)):
        kind = _bare_field(lines[at])
        if kind in ("to", "cc", "subject"):
            kinds.add(kind)
            end = at + 1
        if kind == "subject":
            end += " " not in lines[at] and at + 1 < len(lines)
            break
    start = i
    while start > max(lowest, i - 4) and (lines[start - 1] or start == i):
        start -= 1
    if not kinds >= {"to", "subject"} or start == i:
        return None
    return Mark("block", start, end, named_in(lines[start] or lines[start + 1]))


def _bare_field(line: str) -> HeaderKind | None:
    """The kind of "An", "Kopie" or "Betreff Export": a field's name that no colon follows."""
    low = lowered(line[:40])
    return HEADER_WORDS.get(low) or HEADER_WORDS.get(low.split(" ", 1)[0])


def _inner_kinds(value: str) -> set[HeaderKind]:
    """The fields that a conversion from HTML left on one line: "bob@acme.example Date: Thu, 24 Mar"."""
    words = (found[1].lower() for found in _INNER_FIELD.finditer(value[:MAX_LINE]) if found[1][:1].isupper())
    return {HEADER_WORDS[word] for word in words if word in HEADER_WORDS}


def _continues(lines: list[str], at: int, has_value: bool) -> bool:
    """Whether line `at`, which is no header field, belongs to the block still: a folded value, or a gap before more."""
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if not lines[at]:
        return header_field(below) is not None or (not has_value and bool(below))
    if not has_value:
        return True
    above = lines[at - 1]
    folded = above.endswith((",", ";", "<", "[mailto:")) or lines[at].startswith(("<", "[mailto:"))
    return folded or header_field(below) is not None
