"""Where what somebody else wrote begins: attributions, header blocks, original-message and forward lines.

Everything here looks at a few short lines, never at the body: a line over `MAX_LINE` characters is no mark, a mark has
at most `MAX_LINES` lines, so the work is linear in the text whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from gateway.mail.address import normal
from gateway.mail.message import Address
from gateway.mail.quoting_html import Head, squashed
from gateway.mail.quoting_words import (
    END_VERBS,
    FIRST_PERSON_ENDS,
    FIRST_PERSONS,
    FORWARD_LINES,
    FORWARD_OPENINGS,
    HEADER_WORDS,
    MIDDLE_VERBS,
    ORIGINAL_LINES,
    STARTERS,
    HeaderKind,
)

MAX_LINE: Final = 400
MAX_LINES: Final = 6
MAX_HEADER_LINES: Final = 30
MAX_TRIES: Final = 500
# Of a quote that the HTML names so many letters must agree.
HEAD_CHARS: Final = 24

Sort = Literal["attribution", "block", "original", "forward"]

# No-break and typographic blanks become blanks; marks of direction, joiners and the BOM that Outlook for Mac puts
# before an attribution vanish.
_BLANKS: Final = re.compile("[\t\xa0\u2007\u2009\u202f\u3000]")
_GONE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_DASHES: Final = "-‐‑–—_=*~ "
_DOUBLE_DASHES: Final = ("--", "__", "—", "–", "==", "~~", "‐‐")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"',;:«»]{1,80}@[^\s<>()\[\]\"',;:«»]{1,200}")
_EARLY_DIGIT: Final = re.compile(r"[^\d@<]{0,40}\d")
_DATE: Final = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}[:.]\d{2}")
_DATE_START: Final = re.compile(r"\W{0,3}(?:[^\W\d_]{1,14}[.,]{0,2}\s{1,2}){0,3}\d")
_YEAR_START: Final = re.compile(r"\d{4}[/-]\d{1,2}[/-]\d{1,2}\s")
_WORD_START: Final = re.compile(r"(?<=[\s-])[^\W\d_]{1,10}(?=\s)")
_CLOSING_QUOTES: Final = "\"”“»'"
_OPENING_QUOTES: Final = "\"„“«'"
_NO_NAME: Final = re.compile(r"[,;、，،]|\d[\d:./-]*|بواسطة|מאת")
_NAME_AFTER: Final = frozenset(END_VERBS) | {"użytkownik", "пользователь", "odesílatel", "heeft", "hat", "كتب/كتبت"}
_FIELD_NAME: Final = re.compile(r"[^\d:@]{1,30}: ")
_INNER_FIELD: Final = re.compile(r"\s\*?([^\W\d_][^\s:]{1,14})\s?:(?=\s)")
_END: Final = tuple(END_VERBS)
_END_COLON: Final = tuple(f"{verb}{blank}{colon}" for verb in END_VERBS for blank in ("", " ") for colon in ":：")
_ON_BEHALF: Final = re.compile(
    r"(?i)\s(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens)\s.*", re.S
)
_LINKED: Final = re.compile(r"[<\[]mailto:[^<>\[\]]{0,300}[>\]]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Lines `start` to `end` (exclusive) announce a quote. `sender` is whom they name; `keys` the header words seen."""

    sort: Sort
    start: int
    end: int
    sender: Address | None = None
    keys: frozenset[str] = frozenset()


def clean(line: str) -> str:
    """The line as it is compared: blanks are blanks, invisible characters gone, ends stripped."""
    if line.isascii() and "\t" not in line:
        return line.strip()
    return _GONE.sub("", _BLANKS.sub(" ", line)).strip()


def lowered(text: str) -> str:
    """Lower case as the tables have it: Turkish "İ" is "i", the typewriter's apostrophe stands for the others."""
    return text.lower().replace("i\u0307", "i").replace("’", "'")


def unquoted(line: str) -> str:
    """The line without its quote marks: "> > Hello" is "Hello"."""
    return line.lstrip(">| \t\xa0")


def is_rule(line: str) -> bool:
    """A line of underscores, dashes or the like: clients draw it above what they quote."""
    bare = line.strip()
    return len(bare) >= 3 and len(bare) <= MAX_LINE and not bare.strip("-_=*—–‐")


def is_quote(line: str) -> bool:
    """Whether a cleaned line bears a quote mark (RFC 3676 §4.5; some older clients write "|")."""
    return line.startswith((">", "|"))


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
        if line[0] in "-_—–‐=~*" or line[-1] in ":：":
            self._tries -= 1
            if mark := _announced(self._lines, i):
                return mark
        if header_field(line):
            self._tries -= 1
            if mark := _header_block(self._lines, i):
                return mark
        if _may_end_attribution(line):
            self._tries -= 1
            if mark := _attribution(self._lines, i, lowest):
                return mark
        words = squashed(line) if self._heads else ""
        near = (head for head in self._heads if words and (head.text.startswith(words) or words.startswith(head.text)))
        return next((mark for head in near if (mark := _headed(self._lines, i, head))), None)


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
    rest = ""
    if line.startswith(_DOUBLE_DASHES):
        phrase, rest = _phrase(line)
        if phrase in ORIGINAL_LINES:
            sort = "original"
        elif phrase in FORWARD_LINES or phrase.rstrip(":： ") in FORWARD_OPENINGS:
            sort = "forward"
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
    return Mark(sort, i, i + 1, sender_of(rest) if "@" in rest else None)


def _phrase(line: str) -> tuple[str, str]:
    """("original message", "From: X") of "----- Original Message ----- From: X"."""
    inner = line.lstrip(_DASHES)
    ends = [at for at in (inner.find(dash) for dash in _DOUBLE_DASHES) if at > 0]
    if not ends:
        return lowered(inner.strip()), ""
    cut = min(ends)
    return lowered(inner[:cut].strip(_DASHES)), inner[cut:].lstrip(_DASHES)


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


def _may_end_attribution(line: str) -> bool:
    if line[-1] in ":：>":
        return True
    low = line[-40:].lower()
    return low.rstrip(_DASHES).endswith(_END)


def _attribution(lines: list[str], last: int, lowest: int) -> Mark | None:
    """ "On … X wrote:" and its like: the one that ends at line `last`, over up to six lines.

    It starts at the nearest line it can start at: a line of the letter just above would join in too. A line with a
    preposition and a date is preferred, for "On 21 Nov 2014,", "at 10:18", "X wrote:" may be three lines.
    """
    nearest: int | None = None
    joined, first = "", last + 1
    for at in range(last, max(lowest, last - MAX_LINES + 1) - 1, -1):
        line = lines[at]
        # HTML that became text: a blank line before the address that closes the attribution.
        if not line and not (at + 1 <= last and lines[at + 1].startswith("<")):
            break
        if is_quote(line) and (at < last or not _has_open_angle(lines, at, lowest)):
            break
        joined = f"{line} {joined}".strip()
        if len(joined) > MAX_LINE:
            break
        if line and says_who_wrote(joined):
            nearest = at if nearest is None else nearest
            if _starts_strongly(line):
                first = at
                break
    first = min(first, last + 1 if nearest is None else nearest)
    if first > last:
        return None
    return Mark("attribution", first, last + 1, sender_of(" ".join(line for line in lines[first : last + 1] if line)))


def _has_open_angle(lines: list[str], at: int, lowest: int) -> bool:
    """Whether the line above leaves an address open, so that a ">" closes it and is no quote mark."""
    above = next((lines[i] for i in range(at - 1, max(lowest, at - 3) - 1, -1) if lines[i]), "")[-MAX_LINE:]
    return above.rfind("<") > above.rfind(">") or above.startswith("mailto:")


def _starts_strongly(line: str) -> bool:
    low = line.strip(_DASHES).lower()
    first = low.split(maxsplit=1)[0].strip("\"'«„“‹(") if low else ""
    return (first in STARTERS or _prefixed(first)) and _EARLY_DIGIT.match(low) is not None and bool(_DATE.search(low))


def joined_attribution(line: str) -> int:
    """Where in `line` an attribution starts that a client put behind the answer ("Yes. On Wed, 4 Apr … wrote:"); 0 if
    none does. Only to be asked of a line with a quote below it."""
    if len(line) > MAX_LINE or is_quote(line.lstrip()) or not line.lower().rstrip().endswith(_END_COLON):
        return 0
    for found in _WORD_START.finditer(line, 1):
        low = found[0].lower()
        if low in STARTERS and found[0][:1].isupper() and _starts_strongly(line[found.start() :]):
            after = any(char.isalnum() for char in line[: found.start()])
            return found.start() if after and says_who_wrote(line[found.start() :].strip()) else 0
    return 0


def says_who_wrote(text: str) -> bool:
    """Whether the whole of `text` (one line, at most `MAX_LINE` characters) is an attribution."""
    bare = text.strip(_DASHES)
    low = lowered(bare)
    framed = len(text) - len(bare) >= 4 and text.startswith("--")
    ends = low.endswith(_END_COLON) or (low.endswith(_END) and (framed or "@" in low))
    if framed and ends:
        return True
    if not (ends or low.endswith((":", "：", ">"))):
        return False
    if not any(char.isdigit() for char in low):
        return False
    address = _ADDRESS.search(low) is not None
    first = low.split(maxsplit=1)[0].strip("\"'«„“‹(") if low else ""
    started = (first in STARTERS or _prefixed(first)) and _EARLY_DIGIT.match(low) is not None
    dated = _DATE_START.match(low) is not None and _DATE.search(low[:80]) is not None
    if first in FIRST_PERSONS or low.rstrip(":： ").endswith(FIRST_PERSON_ENDS):
        return False
    if ends:
        return started or dated or (address and _DATE.search(low) is not None)
    if not low.endswith((":", "：")):
        return address and _YEAR_START.match(low) is not None
    if any(verb in low for verb in MIDDLE_VERBS):
        return (started or dated or address) and _DATE.search(low) is not None and (address or _has_end_verb(low))
    return dated and address


def _prefixed(first: str) -> bool:
    """Hebrew and Chinese write the preposition and the date as one word."""
    return first.startswith(("ב-", "בתאריך", "在", "於", "于", "في"))


def _has_end_verb(low: str) -> bool:
    return any(f" {verb} " in f" {low} " for verb in _END)


def sender_of(text: str) -> Address | None:
    """The person a From value or an attribution names: "John Doe [mailto:j@acme.example]", "j@… on behalf of k@…".

    None where no address is found; `named_in` reads a From value that has only a name.
    """
    text = _LINKED.sub(lambda found: f"<{found[0][8:-1]}>", _ON_BEHALF.sub("", text[:2000]))
    found = _ADDRESS.search(text)
    if found is None:
        return None
    email = normal(found[0].strip(".*")) or normal(found[0].strip(".*").removeprefix("mailto:"))
    name = _name(text[: found.start()])
    return Address("" if name.lower() == email else name, email)


def named_in(value: str) -> Address | None:
    """The person a From field names, with an address or without one."""
    name = value.strip(" \"'*<>")
    return sender_of(value) or (Address(name[:200]) if name else None)


def _name(before: str) -> str:
    """The name in front of an address; in an attribution, what follows the date, the time and the verb."""
    before = before.rstrip("<([ \t,").strip()
    if before[-1:] in _CLOSING_QUOTES and len(before) > 1:
        cut = max(before[:-1].rfind(mark) for mark in _OPENING_QUOTES)
        if cut >= 0:
            return before[cut + 1 : -1].strip()
    if any(char.isdigit() for char in before):
        words = _NO_NAME.split(before)[-1].split()
        verbs = [i for i, word in enumerate(words[:-1]) if lowered(word) in _NAME_AFTER]
        words = words[verbs[-1] + 1 :] if verbs else words
        while words and (words[0][:1].islower() or words[0].isupper() or not words[0][:1].isalpha()) and len(words) > 1:
            words.pop(0)
        before = " ".join(words)
    return before.strip("\"'* «»„“”")[:200]
