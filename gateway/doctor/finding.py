"""A finding: what was looked at, how it is, why that matters, and the very line that repairs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["ok", "skip", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` is the heading it stands under: a mailbox's address, a domain, "letters", "machine".

    `check` names it for programs, and never changes; `name` is for people. "skip" was not looked at, and `what` says
    why. `repair` are commands, lines of configuration or DNS records to copy, one each.
    """

    about: str
    check: str
    level: Level
    name: str
    what: str
    why: str = ""
    repair: tuple[str, ...] = ()


def worst(levels: Iterable[Level]) -> Level:
    """Of several things said in one finding."""
    order: tuple[Level, ...] = ("ok", "skip", "warn", "fail")
    return max(levels, key=order.index, default="ok")


def count(findings: Sequence[Finding], level: Level) -> int:
    return sum(each.level == level for each in findings)


def tally(findings: Sequence[Finding]) -> str:
    """ "1 failure, 2 warnings", "all is well"."""
    counted = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for level, word in (("fail", "failure"), ("warn", "warning"))
        if (number := count(findings, level))  # type: ignore[arg-type]
    ]
    return ", ".join(counted) or "all is well"


def grouped(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """By heading, headings and findings in the order in which they came."""
    groups: dict[str, list[Finding]] = {}
    for each in findings:
        groups.setdefault(each.about, []).append(each)
    return groups


def day(at: datetime) -> str:
    """ "12 Aug 2026"."""
    return f"{at.day} {at:%b %Y}"


def size(octets: int) -> str:
    """ "38 MB": decimal, as disks are sold and `message_size` is written."""
    for unit, many in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= many:
            amount = octets / many
            return f"{amount:.1f} {unit}" if amount < 10 and amount != int(amount) else f"{amount:.0f} {unit}"
    return f"{octets} octets"


def counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
