"""`gateway stats --by phase`: how long tickets stood in the phases of their category, as letters may tell it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from gateway.cli.present import bare, show_csv, show_json, show_table
from gateway.dates import range_words
from gateway.desk.policy import Phase, Policy
from gateway.desk.spans import hours_words
from gateway.desk.stays import LATELY, LEAST, stood, usual
from gateway.shown import instant
from gateway.stats import Lengths, lengths
from gateway.store.figures import passages
from gateway.store.transaction import Transaction

SINCE = f"{LATELY.days}d"
HEAD = ("phase", "cases", "median", "80", "expected", "lately")


def phases(tx: Transaction, policy: Policy, begin: datetime, moment: datetime) -> list[tuple[str, Lengths, str, str]]:
    """Of each phase but the final ones: "bug/review", the open time of those who left it since `begin`, its timeframe
    in words, and in the words of a letter what it took; "" where there are none, or fewer than LEAST cases."""
    took = stood(passages(tx, list(policy.categories), begin), policy, begin, moment)
    found = []
    for category in policy.categories.values():
        for phase in category.phases:
            if not phase.final:
                told = lengths(took.get((category.id, phase.id), ()))
                found.append((f"{category.id}/{phase.id}", told, _expected(phase), _lately(told, policy)))
    return found


def show(found: list[tuple[str, Lengths, str, str]], begin: datetime, moment: datetime, form: str) -> None:
    """`form` is "json", "csv" or "table". Lengths are seconds of open time, hours on a terminal."""
    rows = [(name, t.count, _second(t.median), _second(t.most), expected, said) for name, t, expected, said in found]
    if form == "json":
        groups = [dict(zip(("group", *HEAD[1:]), row, strict=True)) for row in rows]
        return show_json({"since": instant(begin), "until": instant(moment), "by": "phase", "groups": groups})
    if form == "csv":
        return show_csv(HEAD, rows)
    if not sys.stdout.isatty():
        return show_table((), [(row[0], *map(bare, row[1:4]), *row[4:]) for row in rows])
    return show_table(
        ("PHASE", "CASES", "MEDIAN", "80 %", "TIMEFRAME", "LATELY"),
        [(name, str(t.count), _hours(t.median), _hours(t.most), *said) for name, t, *said in found],
    )


def _expected(phase: Phase) -> str:
    return range_words(phase.expect, "en") if phase.expect else ""


def _lately(told: Lengths, policy: Policy) -> str:
    enough = told.count >= LEAST and told.median is not None and told.most is not None
    return range_words(usual(told.median, told.most, policy.office), "en") if enough else ""  # type: ignore[arg-type]


def _second(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())


def _hours(length: timedelta | None) -> str:
    return "-" if length is None else hours_words(length)
