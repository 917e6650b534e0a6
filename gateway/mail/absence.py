"""Absence notes: is this one, and when is the writer back.

The date is what the note names: of several, the day of return goes before the last day of absence, and the end
of a range before its start. A date without a year is the next one after the mail was sent; "until Monday" the
next Monday. A date that is over, or more than a year away, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from gateway.mail import absence_words as words

# A note is short; what stands further down is a signature or a quote.
_READ = 6_000
_DATES = 60
_SOONEST_STALE = timedelta(days=60)
_LATEST = timedelta(days=400)

_TITLE = re.compile(
    rf"^\W{{0,3}}(?:{words.TITLES})(?=\s{{0,3}}(?:[:：–—(\[\])!.,-]|re\b|$)|\s(?:message|notification|reply|notice|"
    rf"until|bis)\b|\W)",
    re.I,
)
_STRICT_TITLE = re.compile(
    rf"^\W{{0,3}}(?:{words.TITLES})\s{{0,3}}(?:(?:message|notification|reply|notice|alert|"
    rf"auto[- ]?reply)\s{{0,3}})?(?:[:：–—(\[!-]|re\b|$)",
    re.I,
)
_PHRASE = re.compile(words.PHRASES, re.I | re.M)
_QUOTE = re.compile(r"^\s{0,3}(?:>|-{4,}|_{5,}|On .{4,80} wrote:)", re.M)

_MONTH = rf"(?<!\w)ב?(?:{words.MONTH_NAMES})[^\W\d_]{{0,5}}"
_DATE = re.compile(
    r"(?:(?<!\w)|(?<=[^\x00-\u02ff]))(?=\w)"  # where a word begins; scripts without blanks have one anywhere
    rf"(?:(?:{words.WEEKDAY_NAMES})\b[.,]?\s{{0,2}}(?:\(?(?:the|den|dem|der|d\.|le|el|il|dia|día|o|,)\s{{1,2}})?)?(?:"
    r"(?P<iso>(?P<y1>20\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2}))(?!\d)"
    r"|(?P<cjk>(?:(?P<y2>20\d\d)\s?[年년]\s?)?(?P<m2>\d{1,2})\s?[月월]\s?(?:\d{1,2}\s?[日号號일]?\s?[~～〜至到–-]\s?)?(?P<d2>\d{1,2})\s?[日号號일])"
    r"|(?P<numeric>(?<!\d)(?!\d{1,2}-\s?\d{1,2}(?![-\d]))(?P<a3>\d{1,2})(?P<sep>[./-])\s?(?P<b3>\d{1,2})(?:(?P=sep)\s?(?P<y3>20\d\d|"
    r"\d\d(?!\d)))?(?![\d:]))"
    rf"|(?P<dmy>(?<!\d)(?P<d4>\d{{1,2}})(?:st|nd|rd|th|\.|er|º|°|ª|-?го|-?е)?[\s-]{{0,2}}(?:(?:of|de|di|"
    rf"d')\s{{0,2}})?(?P<m4>{_MONTH})\.?"
    r"(?:,?[\s-]{1,2}(?:de\s|of\s)?(?P<y4>20\d\d))?)"
    rf"|(?P<mdy>(?P<m5>{_MONTH})\.?,?\s{{1,2}}(?:the\s)?(?:\d{{1,2}}(?:st|nd|rd|th)?\s?[–-]\s?)?(?P<d5>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?![\d:])(?:,?\s{{1,2}}(?P<y5>20\d\d))?)"
    rf"|(?P<month>(?P<m6>{_MONTH})(?:\s{{1,2}}(?P<y6>20\d\d))?(?!\w)))"
    rf"|(?P<week>\b(?:{words.NEXT_WEEK}))|(?P<tomorrow>\b(?:{words.TOMORROW})\b|明日|明天)|(?P<today>\b(?:{words.TODAY})\b)"
    rf"|(?P<weekday>(?<!\w)(?:{words.WEEKDAY_NAMES})(?!\w))",
    re.I,
)

_FILLER = (
    r"(?:\s|,|:|\b(?:and|including|incl|the|on|den|dem|der|am|le|el|il|dia|día|em|einschlie(?:ß|ss)lich|einschl|"
    r"inklusive|"
    r"inclus|zum|op|om|pe|dia|lunes|próximo|יום|يوم)\b\.?|[^\W\d_]{1,3}[.,]{1,2}){0,8}"
)
_AFTER_RETURN = re.compile(rf"(?:\b|^)(?:{words.RETURNS})\b[^.!?\n]{{0,40}}$", re.I)
_AFTER_UNTIL = re.compile(rf"(?:\b|^|(?<=[\u3000-\u9fff\d]))(?:{words.UNTIL}){_FILLER}$", re.I)
_AFTER_DASH = re.compile(rf"(?:\d[\d./]{{0,8}}|{_MONTH}\.?)\s{{0,2}}[–—~～〜-]\s{{0,2}}$", re.I)
_RANGE = re.compile(r"\d(?:st|nd|rd|th|日)?\s?[~～〜至到–-]\s?\d")
_AFTER_FROM = re.compile(rf"(?:\b|^)(?:{words.FROM}){_FILLER}$", re.I)
_AFTER_ABSENT = re.compile(rf"\b(?:{words.ABSENT})\b[^.!?\n]{{0,40}}$", re.I)
# A weekday in brackets may stand between: "5月7日(木)より".
_WEEKDAY = r"(?:\s?[(（][^()（）\n]{1,4}[)）])?"
_BEFORE_RETURN = re.compile(rf"^{_WEEKDAY}\W{{0,3}}(?:{words.BEHIND_RETURNS})", re.I)
_BEFORE_UNTIL = re.compile(rf"^{_WEEKDAY}\W{{0,2}}(?:{words.BEHIND_UNTIL})", re.I)


@dataclass(frozen=True, slots=True)
class _Named:
    day: date
    weight: int


def titled(subject: str) -> bool:
    """The subject is that of an automatic answer or absence note. An answer to one ("Re: ...") is not."""
    return _TITLE.match(subject[:200]) is not None


def strictly_titled(subject: str) -> bool:
    """As `titled`, with nothing but the answered subject behind: as mail programs write it."""
    return _STRICT_TITLE.match(subject[:200]) is not None


def told(text: str) -> bool:
    """The text, above any quote, says that its writer is away."""
    return _PHRASE.search(own_words(text)) is not None


def own_words(text: str) -> str:
    """What the writer wrote: up to the first quoted line or rule."""
    head = text[:_READ]
    quote = _QUOTE.search(head)
    if quote is None:
        return head
    return head[: quote.start()] if head[: quote.start()].strip() else head


def return_date(subject: str, text: str, sent: date | None) -> str | None:
    """The ISO date that the note names for the return, or None. `sent` is the writer's own calendar day."""
    named = [*_named(own_words(text), sent), *_named(subject[:200], sent)]
    if not named:
        return None
    return max(named, key=lambda name: name.weight).day.isoformat()


def _named(text: str, sent: date | None) -> Iterator[_Named]:
    """The days that `text` names, with how surely each is the one: 4 return, 3 until, 2 end of a range, 1 "
    "absent on."""
    for match in islice(_DATE.finditer(text), _DATES):
        start = max(text.rfind("\n\n", 0, match.start()), match.start() - 80, 0)
        before, behind = text[start : match.start()].replace("\n", " "), text[match.end() : match.end() + 40]
        weight = _weight(before, behind) or (2 if _RANGE.search(match["cjk"] or match["mdy"] or "") else 0)
        day = _day(match, sent) if weight else None
        if day is not None:
            yield _Named(day, weight)


def _weight(before: str, behind: str) -> int:
    if _BEFORE_RETURN.match(behind):
        return 4
    if _BEFORE_UNTIL.match(behind) or _AFTER_UNTIL.search(before):
        return 3
    if _AFTER_RETURN.search(before):
        return 4
    if _AFTER_DASH.search(before):
        return 2
    if _AFTER_FROM.search(before):
        return 0
    return 1 if _AFTER_ABSENT.search(before) else 0


def _day(match: re.Match[str], sent: date | None) -> date | None:
    if match["iso"]:
        return _in_reach(_date(int(match["y1"]), int(match["m1"]), int(match["d1"])), sent)
    if match["cjk"]:
        return _dated(match["y2"], int(match["m2"]), int(match["d2"]), sent)
    if match["numeric"]:
        return _numeric(match, sent)
    for form, name in (("dmy", "4"), ("mdy", "5"), ("month", "6")):
        if match[form]:
            number = words.month(match[f"m{name}"])
            day = 1 if form == "month" else int(match[f"d{name}"])
            return _dated(match[f"y{name}"], number, day, sent) if number else None
    if sent is None:
        return None
    if match["week"]:
        return sent + timedelta(days=7 - sent.weekday())
    if match["tomorrow"] or match["today"]:
        return sent + timedelta(days=1 if match["tomorrow"] else 0)
    return _weekday(match["weekday"], sent)


def _weekday(name: str, sent: date | None) -> date | None:
    day = words.WEEKDAYS.get(words.plain(name.split()[0].strip(".,")))
    if day is None or sent is None:
        return None
    return sent + timedelta(days=(day - sent.weekday() - 1) % 7 + 1)


def _numeric(match: re.Match[str], sent: date | None) -> date | None:
    """4.5. is the fourth of May; 4/5 is what lies nearer ahead, for half the world writes the month first."""
    first, second, year = int(match["a3"]), int(match["b3"]), match["y3"]
    if match["sep"] == "-" and not year:
        return None
    if year and len(year) == 2:
        year = f"20{year}"
    ahead = [_dated(year, second, first, sent)]
    if match["sep"] == "/":
        ahead.append(_dated(year, first, second, sent))
    return min(filter(None, ahead), default=None)


def _dated(year: str | None, month: int, day: int, sent: date | None) -> date | None:
    if year:
        return _in_reach(_date(int(year), month, day), sent)
    if sent is None:
        return None
    this_year = _date(sent.year, month, day)
    if this_year is not None and this_year >= sent:
        return _in_reach(this_year, sent)
    if this_year is not None and sent - this_year <= _SOONEST_STALE:
        return None
    return _in_reach(_date(sent.year + 1, month, day), sent)


def _in_reach(day: date | None, sent: date | None) -> date | None:
    if day is None or sent is None:
        return day
    return day if sent <= day and (day - sent) <= _LATEST else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def first_date(text: str) -> date | None:
    """The first full date in `text`, year and all, or None."""
    return next((day for match in _DATE.finditer(text) if (day := _day(match, None)) is not None), None)
