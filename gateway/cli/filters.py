"""The words that choose tickets: `status:open assignee:ana age:>3d late "printer"`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import get_args

from gateway.cli.failure import USAGE, Failure
from gateway.desk import naming, problems
from gateway.desk.naming import Unknown
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, clock_time, parse_span
from gateway.desk.ticket import Status
from gateway.store.search import Filter

_LIKE_A_FILTER = re.compile(r"(?!https?:|mailto:)[a-z_]+:[^\s/].*")
_AGE = re.compile(r"([<>]?)(.+)")
_KEYS = ("status", "category", "phase", "priority", "assignee", "team", "tag", "ref", "from", "age")


def filter_of(words: Sequence[str], policy: Policy, now: datetime) -> Filter:
    """Conditions of different kinds must all hold, of one kind one. Usage errors name what was meant."""
    wanted = Filter()
    for word in words:
        key, colon, value = word.partition(":")
        if key not in _KEYS and _LIKE_A_FILTER.fullmatch(word):
            raise _no_filter(key, word)
        if word == "late":
            wanted = replace(wanted, late_at=now)
        elif not colon or key not in _KEYS:
            wanted = replace(wanted, words=(*wanted.words, word))
        else:
            wanted = _with(wanted, key, value, policy, now)
    return wanted


def _no_filter(key: str, word: str) -> Failure:
    close = get_close_matches(key, _KEYS, n=1, cutoff=0.6)
    meant = f"; did you mean {close[0]}:" if close else ""
    known = " ".join(f"{each}:" for each in _KEYS)
    return Failure(USAGE, f"there is no filter {key}:{meant} (there is {known} late; as words: '\"{word}\"')")


def _with(wanted: Filter, key: str, value: str, policy: Policy, now: datetime) -> Filter:
    match key:
        case "status":
            return replace(wanted, status=(*wanted.status, _status(value)))
        case "category":
            return replace(wanted, category=(*wanted.category, _known(naming.category(value, policy))))
        case "priority":
            return replace(wanted, priority=(*wanted.priority, _known(naming.priority(value, policy))))
        case "phase":
            return replace(wanted, phase=(*wanted.phase, value))
        case "assignee":
            found = value if value == "none" else _known(naming.agent(value, policy))
            return replace(wanted, assignee=(*wanted.assignee, found))
        case "team":
            found = value if value == "none" else _known(naming.team(value, policy))
            return replace(wanted, team=(*wanted.team, found))
        case "tag":
            return replace(wanted, tags=(*wanted.tags, value))
        case "ref":
            return replace(wanted, ref=(*wanted.ref, problems.key_of(value)))
        case "from":
            return replace(wanted, from_=value)
        case _:
            return _aged(wanted, value, now)


def _aged(wanted: Filter, value: str, now: datetime) -> Filter:
    found = _AGE.fullmatch(value)
    try:
        age = clock_time(parse_span(found[2] if found else ""))
    except SpanError as error:
        raise Failure(USAGE, f"age:{value}: {error}") from error
    younger = found is not None and found[1] == "<"
    return replace(wanted, created_after=now - age) if younger else replace(wanted, created_before=now - age)


def _status(value: str) -> Status:
    for status in get_args(Status):
        if status == value.replace("-", "_"):
            return status  # type: ignore[no-any-return]
    raise Failure(USAGE, f"there is no status {value}; there is {', '.join(get_args(Status))}")


def _known(found: str | Unknown) -> str:
    if isinstance(found, Unknown):
        raise Failure(USAGE, str(found))
    return found
