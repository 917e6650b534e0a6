"""Attributions: the line or lines above a quote that say who wrote it and when, in the languages of `quoting_words`."""

from __future__ import annotations

import re
from typing import Final

from gateway.mail.address import normal
from gateway.mail.message import Address
from gateway.mail.quoting_lines import DASHES, MAX_LINE, first_word, is_quote, lowered
from gateway.mail.quoting_words import (
    END_VERBS,
    ENGLISH_VERBS,
    FIRST_PERSON_ENDS,
    FIRST_PERSONS,
    LOG_WORDS,
    MIDDLE_VERBS,
    STARTERS,
)

MAX_LINES: Final = 6

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
_END: Final = tuple(END_VERBS)
_END_COLON: Final = tuple(f"{verb}{blank}{colon}" for verb in END_VERBS for blank in ("", " ") for colon in ":：")
_CLOSING_ADDRESS: Final = re.compile(r"[<(]\s?[^<>()\s]{1,100}@[^<>()\s]{1,120}[>)]+\s?[:：]$")
_EARLY_DATE: Final = re.compile(r"\W{0,3}(?:[^\W\d_]{1,14}[.,]{0,2}\s{1,2}){0,2}\d")
_NUMBER: Final = re.compile(r"\d+")
# A day with its year and a time of day: what a client writes and hardly a sentence does.
_DAY: Final = re.compile(r"\d{4}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}|[٠-٩]{4}")
_TIME: Final = re.compile(r"\d{1,2}[:.h]\d{2}|\d{1,2}시")
# What stands between a date and the address of whoever wrote then, in clients that use no verb.
_BY: Final = re.compile(r"\d\W{0,3}\s(?:[ap]\.?m\.?\s)?(?:by|von|de|da|por|par|van|av|af|od|от|від|by:)\s\S+@\S+:$")
_ANY_CASE: Final = frozenset("von van de den der del della di da du la le el bin ibn al zu ter ten dos das и".split())
_QUOTING: Final = ("quoting ", "zitat von ", "zitiere ", "citando ", "citeren ", "citerar ", "cytowanie ", "citace ")
_LINKED: Final = re.compile(r"[<\[]mailto:[^<>\[\]]{0,300}[>\]]")
_ON_BEHALF: Final = re.compile(
    r"(?i)\s(?:on behalf of|im auftrag von|de la part de|en nombre de|per conto di|namens)\s.*", re.S
)


def may_end_attribution(line: str) -> bool:
    """The cheap question before the dear one: does the line end like an attribution?"""
    if line[-1] in ":：>":
        return True
    low = lowered(line[-80:])
    if low.rstrip(DASHES + ":：").endswith(_END):
        return True
    # Some put the date in brackets behind the verb, Zoho puts the whole line between dashes.
    return (line[-1] in ")）" or line.endswith("--")) and _has_end_verb(low)


def attribution_start(lines: list[str], last: int, lowest: int) -> int | None:
    """The first line of the attribution ("On … X wrote:" and its like) that ends at line `last`, over up to six lines.

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
    return first if first <= last else nearest


def joined_attribution(line: str) -> int:
    """Where in `line` an attribution starts that a client put behind the answer ("Yes. On Wed, 4 Apr … wrote:"); 0 if
    none does. Only to be asked of a line with a quote below it."""
    if len(line) > MAX_LINE or is_quote(line.lstrip()) or not line.lower().rstrip().endswith(_END_COLON):
        return 0
    if _starts_strongly(line.lstrip()) and says_who_wrote(line.strip()):
        return 0
    for found in _WORD_START.finditer(line, 1):
        low = found[0].lower()
        if low in STARTERS and found[0][:1].isupper() and _starts_strongly(line[found.start() :]):
            after = any(char.isalnum() for char in line[: found.start()])
            return found.start() if after and says_who_wrote(line[found.start() :].strip()) else 0
    return 0


def says_who_wrote(text: str) -> bool:
    """Whether the whole of `text` (one line, at most `MAX_LINE` characters) is an attribution."""
    bare = text.strip(DASHES)
    low = lowered(bare)
    first = first_word(low).strip("\"'«„“‹(")
    if first in FIRST_PERSONS or low.rstrip(":： ").endswith(FIRST_PERSON_ENDS):
        return False
    framed = len(text) - len(bare) >= 4 and text.startswith("--")
    verb = _last_verb(low)
    colon = low.endswith((":", "："))
    if framed and (verb or _has_end_verb(low)):
        return True
    address = _ADDRESS.search(low) is not None
    if address and colon and (low.startswith(_QUOTING) or _writer_and_verb(bare, verb)):
        return True
    if _DATE.search(low) is None or not (colon or address):
        return False
    started = (first in STARTERS or _prefixed(first)) and _EARLY_DIGIT.match(low) is not None
    dated = _DATE_START.match(low) is not None
    if verb:
        return started or address or ((dated or _is_moment(low)) and verb not in ENGLISH_VERBS)
    if not colon:
        return low.endswith((">", ")")) and (_YEAR_START.match(low) is not None or _date_behind(bare))
    if _date_behind(bare):
        return True
    if any(middle in low for middle in MIDDLE_VERBS):
        return address or ((started or dated) and _has_end_verb(low))
    return dated and (_names_a_person(bare) or _BY.search(low) is not None)


def may_stand_above(line: str) -> bool:
    """Whether a line with a colon at its end is an attribution, given that the line below bears a quote mark.

    Without a date it is a name and a verb; in a language no table knows, a date and an address, or a date that begins
    it and a time.
    """
    low = lowered(line)
    if first_word(low) in FIRST_PERSONS:
        return False
    if _DATE.search(low) is None:
        return _is_name_and_verb(line, low)
    return _ADDRESS.search(low) is not None or (_EARLY_DATE.match(low) is not None and len(_NUMBER.findall(low)) >= 4)


def _last_verb(low: str) -> str:
    """The verb that `low` ends with, or ""."""
    base = low.rstrip(":： ")
    if not base.endswith(_END):
        return ""
    ends = (verb for verb in _END if base.endswith(verb))
    return next((verb for verb in ends if not verb.isascii() or not base[: -len(verb)][-1:].isalnum()), "")


def _is_moment(low: str) -> bool:
    return _DAY.search(low) is not None and _TIME.search(low) is not None


def _date_behind(text: str) -> bool:
    """Whether a name, a verb and a moment make the text: "John Doe schrieb am 27.10.2021 um 09:31:"."""
    digit = next((i for i, char in enumerate(text) if char.isdigit()), 0)
    before = lowered(text[:digit])
    found = [(before.find(f" {verb} "), verb) for verb in END_VERBS if f" {verb} " in f"{before} "]
    found += [(before.find(f" {verb}:"), verb) for verb in END_VERBS if f" {verb}:" in before]
    if not found or not _is_moment(lowered(text[digit - 1 :])):
        return False
    return _is_name(text[: min(found)[0]])


def _writer_and_verb(text: str, verb: str) -> bool:
    """Whether nothing but a name, its address in angles and a verb make the text: "John Doe <john@…> writes:"."""
    before = text.rstrip(":： ")
    before = before[: len(before) - len(verb)].rstrip(" ,")
    opening = max(before.rfind("<"), before.rfind("("))
    return bool(verb) and before.endswith((">", ")")) and opening >= 0 and _is_name(before[:opening])


def _is_name_and_verb(text: str, low: str) -> bool:
    base = low.rstrip(":： ")
    verb = _last_verb(low)
    first = first_word(base)
    if not verb and first in END_VERBS:  # Arabic has the verb first
        return _is_name(text.strip().partition(" ")[2].rstrip(":： "))
    name = text.strip()[: len(base) - len(verb)].strip(" ,")
    return bool(verb) and (_is_name(name) or name.lower() == "you")


def _is_name(text: str) -> bool:
    """One to five words that could be a person's name or address: none of them in small letters but particles."""
    words = text.strip(" ,\"'*„“”«»").split()
    if not 1 <= len(words) <= 5 or not any(map(str.isalpha, text)) or LOG_WORDS & {word.lower() for word in words}:
        return False
    return all(not word[:1].islower() or word in _ANY_CASE or "@" in word for word in words)


def _names_a_person(text: str) -> bool:
    """Whether a name and an address in angles close the text, before its colon: hardly a line of a log does that."""
    found = _CLOSING_ADDRESS.search(text)
    if found is None or LOG_WORDS & set(lowered(text).split()):
        return False
    words = _NO_NAME.split(text[: found.start()])[-1].split()
    small = [word for word in words if word[:1].islower() and len(word) > 2 and "@" not in word]
    return len(words) <= 8 and (len(small) <= 1 or words[0][:1] in _OPENING_QUOTES)


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


def _has_open_angle(lines: list[str], at: int, lowest: int) -> bool:
    """Whether the line above leaves an address open, so that a ">" closes it and is no quote mark."""
    above = next((lines[i] for i in range(at - 1, max(lowest, at - 3) - 1, -1) if lines[i]), "")[-MAX_LINE:]
    return above.rfind("<") > above.rfind(">") or above.startswith("mailto:")


def _starts_strongly(line: str) -> bool:
    low = line.strip(DASHES).lower()
    first = first_word(low).strip("\"'«„“‹(")
    return (first in STARTERS or _prefixed(first)) and _EARLY_DIGIT.match(low) is not None and bool(_DATE.search(low))


def _prefixed(first: str) -> bool:
    """Hebrew and Chinese write the preposition and the date as one word."""
    return first.startswith(("ב-", "בתאריך", "在", "於", "于", "في"))


def _has_end_verb(low: str) -> bool:
    return any(f" {verb} " in f" {low} ".replace(":", " ") for verb in _END)


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
