"""A scenario (CONTRACT §6): who writes what when, and what breaks, read from TOML."""

from __future__ import annotations

import mimetypes
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from email.headerregistry import Address
from email.utils import getaddresses
from pathlib import Path
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from gateway.desk.calendar import NeverOpens, add
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, parse_span
from gateway.mail.address import normal

Auth = Literal["pass", "none", "fail"]
FaultKind = Literal["relay_down", "relay_up", "bounce", "gateway_stop", "gateway_start"]

_ROOT: Final = ("start", "until", "event")
_KINDS: Final = ("mail", "eml", "reply", "fault")  # eml = "FILE" is short for mail = { eml = "FILE" }
_EVENT: Final = ("at", *_KINDS)
_WORDS: Final = ("from", "cc", "text", "headers", "attach", "auth")
_MAIL: Final = (*_WORDS, "to", "subject", "eml")
_REPLY: Final = (*_WORDS, "ticket", "letter")


class BadScenario(ValueError):
    """What is wrong with a scenario, in words that name the event."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, whatever it answers. `headers` are further fields; `auth` what our own server found out."""

    from_: Address
    text: str
    cc: tuple[Address, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    auth: Auth = "pass"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of its own. `eml`: its bytes as they are; then `words` has only its sender, and `to` who gets it."""

    words: Words
    to: tuple[Address, ...]
    subject: str = ""
    eml: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply to the newest letter about a ticket that its sender was sent; `ticket` and `letter` narrow which."""

    words: Words
    ticket: int | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """`address`: whose mail comes back from now on (bounce)."""

    kind: FaultKind
    address: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is how messages call it: "event 3 (+2h)"."""

    at: datetime
    what: Mail | Answer | Fault
    name: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """`events` in the order in which they happen; those of one instant as they were written."""

    start: datetime
    until: datetime
    events: tuple[Event, ...]


def read(path: Path, policy: Policy) -> Scenario:
    """The scenario in the file `path`; files that it names lie beside it. BadScenario; OSError for `path` itself."""
    return parse(path.read_text(encoding="utf-8"), path.parent, policy)


def parse(text: str, folder: Path, policy: Policy) -> Scenario:
    """Instants without a zone, and spans of business time, are the desk's own. Raises BadScenario."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadScenario(str(error)) from error
    _known(table, _ROOT, "the scenario")
    zone = ZoneInfo(policy.timezone)
    start, until = (_instant(_needed(table, key, "the scenario"), zone, key) for key in ("start", "until"))
    if until < start:
        raise BadScenario("until lies before start")
    rows = table.get("event", [])
    if not isinstance(rows, list):
        raise BadScenario("an event is written as [[event]]")
    events = [_event(row, index, start, zone, folder, policy) for index, row in enumerate(rows, start=1)]
    return Scenario(start, until, tuple(sorted(events, key=lambda event: event.at)))


# -- events ------------------------------------------------------------------------------------------------------------


def _event(row: Any, index: int, start: datetime, zone: ZoneInfo, folder: Path, policy: Policy) -> Event:
    name = f"event {index}"
    if not isinstance(row, dict):
        raise BadScenario(f"{name}: an event is a table with `at` and one of {', '.join(_KINDS)}")
    _known(row, _EVENT, name)
    name = f"{name} ({_needed(row, 'at', name)})"
    kinds = [kind for kind in _KINDS if kind in row]
    if len(kinds) != 1:
        raise BadScenario(f"{name}: an event has one of {', '.join(_KINDS)}, not {' and '.join(kinds) or 'none'}")
    at = _moment(row["at"], start, zone, policy, name)
    if at < start:
        raise BadScenario(f"{name}: it lies before the start")
    given = row[kinds[0]]
    what: Mail | Answer | Fault
    if kinds[0] == "fault":
        what = _fault(given, name)
    elif kinds[0] == "eml":
        what = _mail({"eml": given}, folder, name, policy)
    elif not isinstance(given, dict):
        raise BadScenario(f"{name}: {kinds[0]} is a table such as {{ from = …, text = … }}")
    else:
        what = _mail(given, folder, name, policy) if kinds[0] == "mail" else _answer(given, folder, name)
    return Event(at, what, name)


def _mail(row: Mapping[str, Any], folder: Path, name: str, policy: Policy) -> Mail:
    _known(row, _MAIL, name)
    to = _addresses(row.get("to", ()), "to", name)
    if "eml" in row:
        raw = _bytes(folder, row["eml"], name)
        sender = _addresses(row.get("from", ()), "from", name)
        words = Words(sender[0] if sender else Address(), "", auth=_auth(row, name))
        return Mail(words, to, eml=raw)
    if not to:
        to = (Address(addr_spec=policy.first_mailbox.address),)
    return Mail(_words(row, folder, name), to, _text(row, "subject", name))


def _answer(row: Mapping[str, Any], folder: Path, name: str) -> Answer:
    _known(row, _REPLY, name)
    ticket = row.get("ticket")
    if ticket is not None and not isinstance(ticket, int):
        ticket = str(ticket).rpartition("-")[2]
        if not ticket.isdecimal():
            raise BadScenario(f"{name}: ticket is a number such as 1000")
        ticket = int(ticket)
    return Answer(_words(row, folder, name), ticket, _text(row, "letter", name))


def _words(row: Mapping[str, Any], folder: Path, name: str) -> Words:
    senders = _addresses(_needed(row, "from", name), "from", name)
    if len(senders) != 1:
        raise BadScenario(f'{name}: from is one address, such as "Maria Lopez <maria@customer.example>"')
    headers = row.get("headers", {})
    if not isinstance(headers, dict):
        raise BadScenario(f'{name}: headers is a table, such as {{ Auto-Submitted = "auto-replied" }}')
    attach = row.get("attach", [])
    return Words(
        from_=senders[0],
        text=_text(row, "text", name),
        cc=_addresses(row.get("cc", ()), "cc", name),
        headers=tuple((str(key), str(value)) for key, value in headers.items()),
        files=tuple(_file(folder, each, name) for each in ([attach] if isinstance(attach, str) else attach)),
        auth=_auth(row, name),
    )


def _fault(given: Any, name: str) -> Fault:
    kind, colon, address = str(given).partition(":")
    kinds = get_args(FaultKind)
    if kind not in kinds:
        near = get_close_matches(kind, kinds, n=1)
        meant = f": did you mean {near[0]}?" if near else f"; there are {', '.join(kinds)}"
        raise BadScenario(f"{name}: there is no fault {given}{meant}")
    if (kind == "bounce") != bool(colon) or (colon and not normal(address.strip())):
        raise BadScenario(f"{name}: a bounce names its address, as in bounce:maria@customer.example")
    return Fault(kind, normal(address.strip()))  # type: ignore[arg-type]


# -- values ------------------------------------------------------------------------------------------------------------


def _moment(given: Any, start: datetime, zone: ZoneInfo, policy: Policy, name: str) -> datetime:
    """ "+2h", "+3 business days" (by the desk's calendar), or an instant."""
    if not isinstance(given, str) or not given.lstrip().startswith("+"):
        return _instant(given, zone, f"{name}: at")
    try:
        return add(policy.office, start, parse_span(given.strip().removeprefix("+")))
    except SpanError as error:
        meant = f"; did you mean +{error.suggestion}?" if error.suggestion else ""
        raise BadScenario(f"{name}: {error.message}{meant}") from error
    except NeverOpens as error:
        raise BadScenario(f"{name}: {error}") from error


def _instant(given: Any, zone: ZoneInfo, name: str) -> datetime:
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as error:
        raise BadScenario(f'{name}: {given} is no instant such as "2026-04-14T09:12:00+02:00"') from error
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _addresses(given: Any, key: str, name: str) -> tuple[Address, ...]:
    texts = [given] if isinstance(given, str) else list(given)
    found = []
    for display, email in getaddresses([str(text) for text in texts]):
        if not normal(email):
            raise BadScenario(f"{name}: {key} has no address in {display or email or given!r}")
        found.append(Address(display_name=" ".join(display.split()), addr_spec=email))
    return tuple(found)


def _auth(row: Mapping[str, Any], name: str) -> Auth:
    given = row.get("auth", "pass")
    if given not in get_args(Auth):
        raise BadScenario(f'{name}: auth is "none" for a mail that nobody verified, "pass" or "fail"; not {given!r}')
    said: Auth = given
    return said


def _text(row: Mapping[str, Any], key: str, name: str) -> str:
    given = row.get(key, "")
    if not isinstance(given, str):
        raise BadScenario(f"{name}: {key} is a text")
    return given


def _file(folder: Path, given: Any, name: str) -> File:
    data = _bytes(folder, given, name)
    path = Path(str(given))
    return File(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", data)


def _bytes(folder: Path, given: Any, name: str) -> bytes:
    try:
        return (folder / str(given)).read_bytes()
    except OSError as error:
        raise BadScenario(f"{name}: {given}: {error.strerror}") from error


def _needed(row: Mapping[str, Any], key: str, name: str) -> Any:
    if key not in row:
        raise BadScenario(f"{name}: there is no {key}")
    return row[key]


def _known(row: Mapping[str, Any], keys: Iterable[str], name: str) -> None:
    known = tuple(keys)
    for key in row:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            raise BadScenario(f"{name}: there is no key {key}" + (f": did you mean {near[0]}?" if near else ""))
