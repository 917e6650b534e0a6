"""The desk's own rules (config/rules.toml): which of them match a mail, and what they say together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase

from gateway.desk.policy import Policy, Then, When
from gateway.intake.reading import Reading


def applied(reading: Reading, category: str, policy: Policy) -> tuple[Then, tuple[str, ...]]:
    """What the matching rules say, and their names. The first one wins unless it says `continue`; then later ones
    add what earlier ones left open."""
    said, names = Then(), []
    for rule in policy.rules:
        if not matches(rule.when, reading, category):
            continue
        said = _together(said, rule.then)
        names.append(rule.name)
        if not rule.go_on:
            break
    return said, tuple(names)


def matches(when: When, reading: Reading, category: str) -> bool:
    """Every condition that is asked holds; of a list, one entry is enough. Case never counts."""
    message = reading.message
    sender = message.from_[0].email if message.from_ else ""
    to = (*reading.envelope.rcpt_tos, *(address.email for address in (*message.to, *message.cc)))
    words = f"{message.subject}\n{message.text}".lower()
    list_id = message.header("list-id")
    return (
        _one(when.from_, lambda want: _like(sender, want))
        and _one(when.from_domain, lambda want: _like(sender.rpartition("@")[2], want))
        and _one(when.to, lambda want: any(_like(address, want) for address in to))
        and _one(when.subject, lambda want: want.lower() in message.subject.lower())
        and _one(when.any, lambda want: want.lower() in words)
        and all(any(_like(value, want) for value in message.header_all(name)) for name, want in when.header)
        and _one(when.list_id, lambda want: bool(list_id) and want.lower() in list_id.lower())
        and _one(when.language, lambda want: want == reading.language)
        and _one(when.category, lambda want: want == category)
    )


def _one(wanted: tuple[str, ...], holds: Callable[[str], bool]) -> bool:
    return not wanted or any(holds(want) for want in wanted)


def _like(value: str, want: str) -> bool:
    """A `*` stands for anything; without one the whole value is meant."""
    return fnmatchcase(value.strip().lower(), want.strip().lower())


def _together(first: Then, later: Then) -> Then:
    return replace(
        first,
        category=first.category or later.category,
        priority=first.priority or later.priority,
        team=first.team or later.team,
        assignee=first.assignee or later.assignee,
        tier=first.tier or later.tier,
        tags=tuple(dict.fromkeys((*first.tags, *later.tags))),
        language=first.language or later.language,
        requester=first.requester or later.requester,
        hold=first.hold or later.hold,
        drop=first.drop or later.drop,
        reply_with=first.reply_with or later.reply_with,
    )
