"""Bytes → Message, whatever the bytes. The only place that knows mail-parser.

mail-parser reads addresses and dates (its scanner is structural: it never searches a name for a convenient address).
It gets the few fields that hold them, repaired and capped, and never the body: its reader of bodies appends what an
attached mail says to our text, and costs grow faster than sizes (1.9 MB of To: 6 s).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import mailparser

from gateway.mail import address, params
from gateway.mail.body import read_body
from gateway.mail.charset import decode, known
from gateway.mail.charset_guess import SAMPLE, guess
from gateway.mail.fields import Head, mail_start, with_line_feeds
from gateway.mail.message import Address, Message, Unreadable
from gateway.mail.mime import Node, read_tree
from gateway.mail.prescan import prescan
from gateway.mail.words import canonical, one_line, text_of

MAX_LIST_CHARS = 16_384
MAX_IDS = 100

_ADDRESSED = ("from", "sender", "reply-to", "to", "cc")
_ID = re.compile(r"<[^<>\s]{1,998}>")
_BARE_ID = re.compile(r"(?<!\S)[^<>\s@\"(),;]{1,400}@[^<>\s@\"(),;]{1,400}(?!\S)")
_HIDDEN_SUBJECTS = frozenset(("", "...", "[...]", "encrypted message", "[encrypted message]"))


def parse(raw: bytes) -> Message:
    """What the mail says. Raises `Unreadable`, with a cap or the reason in words, and nothing else."""
    try:
        if exceeded := prescan(raw):
            raise Unreadable("; ".join(exceeded[:5]))
        return _message(with_line_feeds(raw))
    except Unreadable:
        raise
    except (Exception, RecursionError, MemoryError) as error:
        raise Unreadable(f"{type(error).__name__}: {one_line(str(error))[:200]}") from error


def _message(data: bytes) -> Message:
    root, defects = read_tree(data, mail_start(data))
    body = read_body(root)
    head = root.head
    label = root.type.params.get("charset", "") or _charset_below(root)
    if not known(label) and not data[: head.body].isascii():
        label = guess(data[head.body : head.body + SAMPLE])
    people, date, faults = _people_and_date(head, label)
    headers = tuple((field.name, text_of(field.value, label)) for field in head.fields)
    subject = text_of(head.first("subject"), label)
    text = body.text()
    return Message(
        subject=body.subject if body.subject and subject.lower() in _HIDDEN_SUBJECTS else subject,
        from_=people["from"],
        from_fields=len(head.all("from")),
        sender=next(iter(people["sender"]), None),
        reply_to=people["reply-to"],
        to=people["to"],
        cc=people["cc"],
        date=date,
        message_id=_message_id(text_of(head.first("message-id"))),
        in_reply_to=_ids(head, "in-reply-to"),
        references=_ids(head, "references"),
        text=text,
        html=body.html(),
        attachments=tuple(body.attachments),
        headers=headers,
        raw_headers=tuple((field.name, _undecoded(field.value)) for field in head.fields),
        content_type=params.read(head.first("content-type")).value or "text/plain",
        parts=tuple(body.parts),
        defects=tuple(dict.fromkeys((*defects, *body.defects, *faults))),
        encrypted=body.encrypted or "-----BEGIN PGP MESSAGE-----" in text[:10_000],
    )


def _charset_below(node: Node) -> str:
    """The charset of the first text part: what raw 8-bit bytes in the header are probably in."""
    while node.children:
        node = node.children[0]
    return node.type.params.get("charset", "")


def _undecoded(value: bytes) -> str:
    return one_line(decode(value)[0])


def _people_and_date(head: Head, label: str) -> tuple[dict[str, tuple[Address, ...]], datetime | None, list[str]]:
    """The mailboxes of each address field, the date in UTC, and what mail-parser found wrong with them."""
    values = {name: _list(", ".join(canonical(one, label) for one in head.all(name) if one)) for name in _ADDRESSED}
    date = text_of(head.first("date"))
    source = "".join(f"{_given(name)}: {value}\r\n" for name, value in values.items() if value)
    faults: list[str] = []
    try:
        # Only some fields are read as addresses, Sender is none of them: it travels as Delivered-To.
        read = mailparser.parse_from_string(f"{source}Date: {date}\r\n\r\n" if date else f"{source}\r\n")
        people = {name: _addresses(read, name) for name in _ADDRESSED}
        when = read.date
        faults += [str(text) for group in read.defects for texts in group.values() for text in texts]
    except Exception as error:  # noqa: BLE001 mail-parser raises on hostile fields; the strict reader of our own does not
        faults.append(f"mail-parser: {type(error).__name__}")
        people = {name: _named(address.mailboxes(value)) for name, value in values.items()}
        when = None
    if any(b"\r" in one for one in head.all("from")):
        # A line end to some servers and none to others: which address they judged, nobody can tell (DUTIES AUT-01).
        faults.append("a bare CR in From")
        people["from"] = tuple(Address(f"{one.name} {one.email}".strip()) for one in people["from"])
    return people, _utc(when) or _loose_date(date), [one_line(fault)[:200] for fault in faults]


def _given(name: str) -> str:
    return "delivered-to" if name == "sender" else name


def _list(value: str) -> str:
    """At most MAX_LIST_CHARS, cut after a comma."""
    if len(value) <= MAX_LIST_CHARS:
        return value
    return value[:MAX_LIST_CHARS].rpartition(",")[0] or value[:MAX_LIST_CHARS]


def _addresses(read: mailparser.MailParser, name: str) -> tuple[Address, ...]:
    """Mailboxes that are strict addr-specs; what is none of them stays as words without an address."""
    given = _given(name)
    mailboxes: list[tuple[str, str]] = getattr(read, given.replace("-", "_"))
    found = [_person(shown, email) for shown, email in mailboxes]
    lost = [
        Address(_name(_words(defect["raw"]), ""))
        for defect in read.address_header_defects
        if defect["header"] == given and not defect["recovered"]
    ]
    return tuple(one for one in (*found, *lost) if one.name or one.email)


def _person(shown: str, email: str) -> Address:
    """An address that is no strict addr-spec is only words."""
    known = address.normal(email)
    return Address(_name(shown, email) if known else _name(shown or email, ""), known)


def _words(item: str) -> str:
    """The display name of an item whose address is none, or the whole item."""
    phrase = item.partition("<")[0].strip(' \t"')
    return phrase or item


def _named(people: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(Address(_name(one.name, one.email), one.email) for one in people)


def _name(shown: str, email: str) -> str:
    """Some clients put encoded words within quotes: decoded here, where nothing is an address any more."""
    name = text_of(shown.encode("utf-8", "replace")) if "=?" in shown else one_line(shown)
    return "" if name == email else name


def _utc(when: object) -> datetime | None:
    if not isinstance(when, datetime):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _loose_date(text: str) -> datetime | None:
    """Dates that follow no RFC, as far as the standard library reads them."""
    try:
        return _utc(parsedate_to_datetime(text))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _message_id(text: str) -> str | None:
    if match := _ID.search(text):
        return match[0]
    return f"<{text.strip('<>')[:996]}>" if text and not re.search(r"\s", text) else None


def _ids(head: Head, name: str) -> tuple[str, ...]:
    """Message-IDs in order; of more than a hundred the first twenty and the last eighty."""
    values = [_undecoded(value) for value in head.all(name)]
    ids = [match[0] for value in values for match in _ID.finditer(value)]
    if not ids:
        # Some clients leave the angle brackets out.
        ids = [f"<{match[0]}>" for value in values for match in _BARE_ID.finditer(value)]
    return tuple(ids if len(ids) <= MAX_IDS else ids[:20] + ids[20 - MAX_IDS :])
