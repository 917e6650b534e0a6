"""What the tables must say of each other: names that exist, addresses that are ours, rules that can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from gateway.config import build, keys
from gateway.config.entry import Trouble, dotted, fold, nearest
from gateway.config.keys import Root
from gateway.config.places import KeyPath
from gateway.config.tables import Key, Row
from gateway.desk.calendar import NeverOpens, next_opening, reaches

LETTERS: Final = (
    "ack", "ack_stranger", "created_for_you", "reply", "question", "phase_changed", "assigned", "progress", "delayed",
    "reminder", "reminder_last", "closed_no_answer", "solved", "closed", "reopened", "follow_up_opened", "merged",
    "attachment_refused", "my_tickets", "call", "agent_new", "agent_reply", "agent_note", "agent_assigned",
    "agent_crossed",
    "agent_warning", "agent_stale", "agent_escalated", "agent_delivery_failed", "agent_commands", "agent_held",
    "agent_digest", "admin_alert",
)  # fmt: skip
LETTERS_TO: Final = ("assignee", "team", "leads", "all")

_BUILT_IN: Final = {
    "calendar": "Monday to Friday, 9 to 18",
    "category": "received, then answered",
    "priority": "without targets",
}
_AHEAD: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of tables that others may refer to; None for tables that could not be read at all."""

    categories: frozenset[str] | None
    priorities: frozenset[str] | None
    calendars: frozenset[str] | None
    agents: frozenset[str] | None
    teams: frozenset[str] | None
    tiers: frozenset[str] | None
    answers: frozenset[str]
    own: Mapping[str, KeyPath] = field(default_factory=dict)


def names_of(root: Row, answers: frozenset[str]) -> Names:
    gateway = root.get(Root.gateway)
    desk_calendar = (gateway.get(keys.Gateway.calendar) if gateway else None) or "office"
    tiers = root.get(Root.tier)
    own: dict[str, KeyPath] = {}
    for row in (root.get(Root.mailbox) or {}).values():
        for address, path in _addresses(row, keys.Mailbox.address, keys.Mailbox.aliases):
            own.setdefault(address, path)
    for address, path in _of_categories(root):
        own.setdefault(address, path)
    return Names(
        categories=_names(root.get(Root.category), build.DEFAULT_CATEGORY),
        priorities=_names(root.get(Root.priority), build.DEFAULT_PRIORITY),
        calendars=_names(root.get(Root.calendar), desk_calendar),
        agents=_names(root.get(Root.agent)),
        teams=_names(root.get(Root.team)),
        tiers=None if tiers is None else frozenset(tier.get(keys.Tier.id) or "" for tier in tiers),
        answers=answers,
        own=own,
    )


def desk_troubles(root: Row, names: Names, closed: Mapping[str, frozenset[date]], today: date) -> Iterator[Trouble]:
    """Everything between the tables of the desk, in no order."""
    yield from _references(root, names)
    yield from _doubles(root)
    yield from _own_addresses(root, names)
    yield from _phases(root)
    yield from _calendars(root, closed, today)
    yield from _rules(root.get(Root.rule) or ())
    yield from _letters(root)


def _names(rows: Mapping[str, Row] | None, otherwise: str = "") -> frozenset[str] | None:
    if rows is None:
        return None
    return frozenset(rows) or (frozenset([otherwise]) if otherwise else frozenset())


def _rows(root: Row, key: Key[dict[str, Row]]) -> Iterator[Row]:
    yield from (root.get(key) or {}).values()


def _references(root: Row, names: Names) -> Iterator[Trouble]:
    gateway = root.get(Root.gateway)
    if gateway is not None:
        yield from _refers(gateway, keys.Gateway.calendar, names.calendars, "calendar", build.DEFAULT_CALENDAR)
    for row in _rows(root, Root.mailbox):
        yield from _refers(row, keys.Mailbox.category, names.categories, "category", build.DEFAULT_CATEGORY)
    for row in _rows(root, Root.category):
        yield from _refers(row, keys.Category.priority, names.priorities, "priority", build.DEFAULT_PRIORITY)
        yield from _refers(row, keys.Category.tier, names.tiers, "tier")
    for row in _rows(root, Root.priority):
        yield from _refers(row, keys.Priority.calendar, names.calendars, "calendar")
    for row in _rows(root, Root.agent):
        yield from _refers(row, keys.Agent.teams, names.teams, "team")
        yield from _refers(row, keys.Agent.calendar, names.calendars, "calendar")
    for row in _rows(root, Root.team):
        yield from _refers(row, keys.Team.categories, names.categories, "category")
    for row in _rows(root, Root.organisation):
        yield from _refers(row, keys.Organisation.priority, names.priorities, "priority")
        yield from _refers(row, keys.Organisation.team, names.teams, "team")
        if "@" not in (row.get(keys.Organisation.manager) or ""):
            yield from _refers(row, keys.Organisation.manager, names.agents, "agent")
    for row in root.get(Root.tier) or ():
        yield from _refers(row, keys.Tier.team, names.teams, "team")
        for priority, _ in row.get(keys.Tier.escalate_after) or ():
            if priority != "default":
                path = row.at(keys.Tier.escalate_after, priority)
                yield from _missing(path, priority, names.priorities, "priority", at_key=True)
    for row in root.get(Root.rule) or ():
        yield from _rule_references(row, names)


def _rule_references(row: Row, names: Names) -> Iterator[Trouble]:
    if (when := row.get(keys.Rule.when)) is not None:
        yield from _refers(when, keys.When.category, names.categories, "category")
    if (then := row.get(keys.Rule.then)) is None:
        return
    yield from _refers(then, keys.Then.category, names.categories, "category")
    yield from _refers(then, keys.Then.priority, names.priorities, "priority")
    yield from _refers(then, keys.Then.team, names.teams, "team")
    yield from _refers(then, keys.Then.assignee, names.agents, "agent")
    yield from _refers(then, keys.Then.tier, names.tiers, "tier")
    answer = then.get(keys.Then.reply_with)
    if answer and answer not in names.answers:
        message = f'there is no saved answer "{answer}": write config/answers/{answer}.md'
        path = then.at(keys.Then.reply_with)
        yield Trouble(path, f"{dotted(path)}: {message}", nearest(answer, names.answers))


def _refers(row: Row, key: Key[Any], known: frozenset[str] | None, table: str, built_in: str = "") -> Iterator[Trouble]:
    """The names behind `key` that no [table.NAME] has; a default too must be there. There is always the `built_in`."""
    value = row.get(key)
    listed = list(value) if isinstance(value, tuple) else [value] if value else []
    for index, name in enumerate(listed):
        path = row.at(key, index) if isinstance(value, tuple) else row.at(key)
        if known is not None and name not in known and name == built_in:
            message = f'{key.name} is "{name}", which no [{table}.{name}] describes: the built-in one is used'
            yield Trouble(
                path if row.has(key) else row.path,
                f"[{dotted(row.path)}]: {message} ({_BUILT_IN[table]})",
                severity="warning",
                at="value" if row.has(key) else "key",
            )
        elif row.has(key):
            yield from _missing(path, name, known, table)
        elif known is not None and name not in known:
            choices = ", ".join(f'"{one}"' for one in sorted(known)) or "none yet"
            yield Trouble(
                row.path,
                f'[{dotted(row.path)}] has no {key.name}, which then is "{name}", and there is no [{table}.{name}]: '
                f"set {key.name} to one of them ({choices})",
                at="key",
            )


def _missing(
    path: KeyPath, name: str, known: frozenset[str] | None, table: str, *, at_key: bool = False
) -> Iterator[Trouble]:
    if known is None or name in known:
        return
    header = f'[[tier]] with id = "{name}"' if table == "tier" else f"[{table}.{name}]"
    meant = nearest(name, known)
    others = f" (there is {', '.join(sorted(known))})" if known and not meant else ""
    yield Trouble(path, f"{dotted(path)}: there is no {header}{others}", meant, at="key" if at_key else "value")


def _doubles(root: Row) -> Iterator[Trouble]:
    """Names that mails could not tell apart, and what may belong to one only."""
    named = (Root.category, Root.priority, Root.team, Root.agent, Root.organisation)
    for key in named:
        paths = [((*root.path, key.name, name), name) for name in root.get(key) or {}]
        yield from _alike([(path, name) for path, name in paths], "names are compared without case, blanks, - and _")
    tiers = [(row.at(keys.Tier.id), row.get(keys.Tier.id) or "") for row in root.get(Root.tier) or ()]
    yield from _alike(tiers, "a tier has an id of its own")
    agents = list(_rows(root, Root.agent))
    users = [(row.at(keys.Agent.unix_user), row.get(keys.Agent.unix_user) or "") for row in agents]
    yield from _twice(users, "a Unix user is one agent")
    addresses = [
        (path, address) for row in agents for address, path in _addresses(row, keys.Agent.email, keys.Agent.also)
    ]
    yield from _twice(addresses, "an address is one agent's")
    domains = [
        (row.at(keys.Organisation.domains, index), domain)
        for row in _rows(root, Root.organisation)
        for index, domain in enumerate(row.get(keys.Organisation.domains) or ())
    ]
    yield from _twice(domains, "a domain is one organisation's")


def _alike(found: Iterable[tuple[KeyPath, str]], why: str) -> Iterator[Trouble]:
    seen: dict[str, str] = {}
    for path, name in found:
        if name and fold(name) in seen:
            yield Trouble(path, f'"{name}" is the same as "{seen[fold(name)]}": {why}', at="key")
        seen.setdefault(fold(name), name)


def _twice(found: Iterable[tuple[KeyPath, str]], why: str) -> Iterator[Trouble]:
    seen: dict[str, KeyPath] = {}
    for path, value in found:
        if value and value in seen:
            yield Trouble(path, f"{dotted(path)}: {value} is also {dotted(seen[value])}: {why}")
        seen.setdefault(value, path)


def _own_addresses(root: Row, names: Names) -> Iterator[Trouble]:
    boxes = [
        (path, address)
        for row in _rows(root, Root.mailbox)
        for address, path in _addresses(row, keys.Mailbox.address, keys.Mailbox.aliases)
    ]
    yield from _twice(boxes, "an address is one mailbox's")
    to_categories = [(path, address) for address, path in _of_categories(root)]
    yield from _twice(to_categories, "mail to it can only be of one category")
    gateway = root.get(Root.gateway)
    domains = {address.rpartition("@")[2] for _, address in boxes if address}
    domains.add((gateway.get(keys.Gateway.domain) if gateway else None) or "")
    for path, address in to_categories:
        if boxes and address.rpartition("@")[2] not in domains:
            message = f"{address} is in no domain of a mailbox, so no mail to it would come here"
            yield Trouble(path, f"{dotted(path)}: {message}", nearest(address, [one for _, one in boxes if one]))
    ours: list[tuple[KeyPath, str | None]] = []
    for row in _rows(root, Root.team):
        ours.append((row.at(keys.Team.email), row.get(keys.Team.email)))
    for row in _rows(root, Root.agent):
        ours += [(path, one) for one, path in _addresses(row, keys.Agent.email, keys.Agent.also)]
    agents = {one for row in _rows(root, Root.agent) for one, _ in _addresses(row, keys.Agent.email, keys.Agent.also)}
    for row in _rows(root, Root.organisation):
        path, contact = row.at(keys.Organisation.contact), row.get(keys.Organisation.contact)
        ours += [(path, contact), (row.at(keys.Organisation.manager), row.get(keys.Organisation.manager))]
        if contact in agents:
            message = "is an agent's address: it is asked nothing for the customer; name somebody of theirs"
            yield Trouble(path, f"{dotted(path)}: {contact} {message}", severity="warning")
    if (admin := root.get(Root.admin)) is not None:
        notify = admin.get(keys.Admin.notify) or ()
        ours += [(admin.at(keys.Admin.notify, index), one) for index, one in enumerate(notify)]
    for path, own in ours:
        if own in names.own:
            message = f"{own} is the address of a mailbox: our letters would come back as tickets"
            yield Trouble(path, f"{dotted(path)}: {message}; name somebody's own")


def _of_categories(root: Row) -> Iterator[tuple[str, KeyPath]]:
    for row in _rows(root, Root.category):
        for index, address in enumerate(row.get(keys.Category.addresses) or ()):
            yield address, row.at(keys.Category.addresses, index)


def _addresses(row: Row, one: Key[str], more: Key[tuple[str, ...]]) -> Iterator[tuple[str, KeyPath]]:
    if address := row.get(one):
        yield address, row.at(one)
    for index, address in enumerate(row.get(more) or ()):
        yield address, row.at(more, index)


def _phases(root: Row) -> Iterator[Trouble]:
    for category in _rows(root, Root.category):
        phases = category.get(keys.Category.phase) or ()
        ids = [(row.at(keys.Phase.id), row.get(keys.Phase.id) or "") for row in phases]
        yield from _alike(ids, "a phase has an id of its own in its category")
        for row in phases[:1]:
            for key, why in (
                (keys.Phase.hidden_until_reached, "it would never be hidden"),
                (keys.Phase.final, "every ticket would be solved at once"),
                (keys.Phase.enter_on, "it is entered anyway"),
            ):
                if row.get(key) and (len(phases) > 1 or key is keys.Phase.final):
                    path = row.at(key)
                    yield Trouble(path, f"{dotted(path)}: tickets begin in the first phase: {why}; take it out")
        for row in phases:
            if row.get(keys.Phase.final) and row.get(keys.Phase.enter_on):
                path = row.at(keys.Phase.enter_on)
                message = "a final phase is entered by whoever solves the ticket; take it out"
                yield Trouble(path, f"{dotted(path)}: {message}")


def _calendars(root: Row, closed: Mapping[str, frozenset[date]], today: date) -> Iterator[Trouble]:
    for name, row in (root.get(Root.calendar) or {}).items():
        if keys.Calendar.hours.name not in row.values:
            continue
        calendar = build.calendar(name, row, "UTC", closed.get(name, frozenset()))
        hours = row.at(keys.Calendar.hours)
        try:
            next_opening(calendar, datetime.combine(today, time(0), UTC))
        except NeverOpens:
            message = "the calendar never opens, so nothing would ever fall due"
            yield Trouble(hours, f'{dotted(hours)}: {message}; write hours such as {{ mon = "09:00-18:00" }}')
            continue
        if reaches(calendar) < today + _AHEAD:
            key = keys.Calendar.closed if row.has(keys.Calendar.closed) else keys.Calendar.holidays
            message = f"the last closed day it knows is {reaches(calendar)}; add those of the twelve months to come"
            yield Trouble(row.at(key), f"{dotted(row.at(key))}: {message}", severity="warning", at="key")


def _rules(rows: tuple[Row, ...]) -> Iterator[Trouble]:
    earlier: list[tuple[str, dict[str, frozenset[object]]]] = []
    for row in rows:
        when, then = row.get(keys.Rule.when), row.get(keys.Rule.then)
        if when is None or then is None:
            continue
        asked = {name: _set(when.values[name]) for name in when.written if when.values.get(name)}
        done = {name for name in then.written if then.values.get(name)}
        if not done:
            yield Trouble(then.path, f"{dotted(then.path)}: the rule does nothing; say what", at="key")
        if {"drop", "hold"} <= done:
            yield Trouble(then.at(keys.Then.hold), f"{dotted(then.path)}: drop and hold exclude each other", at="key")
        # A rule that asks less of a mail, earlier, leaves nothing for this one.
        shadow = next((name for name, less in earlier if _covers(less, asked)), None)
        if shadow is not None:
            message = f'the rule is never reached: "{shadow}" above takes every mail it would (continue = true there?)'
            yield Trouble(row.path, message, severity="warning", at="key")
        if not row.get(keys.Rule.continue_):
            earlier.append((row.get(keys.Rule.name) or "", asked))


def _covers(less: Mapping[str, frozenset[object]], more: Mapping[str, frozenset[object]]) -> bool:
    """Whether every mail that meets the conditions `more` meets `less` too."""
    return all(key in more and more[key] <= values for key, values in less.items())


def _set(value: object) -> frozenset[object]:
    return frozenset(value) if isinstance(value, tuple) else frozenset([value])


def _letters(root: Row) -> Iterator[Trouble]:
    for name, row in (root.get(Root.letter) or {}).items():
        if name not in LETTERS:
            yield Trouble(row.path, f'there is no letter "{name}"', nearest(name, LETTERS), at="key")
        to = row.get(keys.Letter.to)
        if to and name in LETTERS and not name.startswith("agent_"):
            path = row.at(keys.Letter.to)
            message = "only letters to staff can go to others: this one goes to whom it is about"
            yield Trouble(path, f"{dotted(path)}: {message}", severity="warning", at="key")
        if to and "@" not in to and to not in LETTERS_TO:
            path = row.at(keys.Letter.to)
            message = f'wants an address, or {", ".join(LETTERS_TO)}, not "{to}"'
            yield Trouble(path, f"{dotted(path)}: {message}", nearest(to, LETTERS_TO))
