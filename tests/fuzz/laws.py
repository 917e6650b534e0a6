"""What must hold for any bytes: a law is a function that raises when it does not."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

from gateway.desk import transcript
from gateway.desk.causes import AgentActed, Cause, CustomerSaid, TimePassed
from gateway.desk.decide import next_look
from gateway.desk.evolve import replay
from gateway.desk.orders import orders_of
from gateway.desk.policy import Policy, Tier
from gateway.desk.refused import Refused
from gateway.desk.words import word_of
from gateway.explain import described
from gateway.intake.chain import judge
from gateway.intake.fingerprint import fingerprint
from gateway.intake.reading import Reading, read
from gateway.intake.verdict import Facts, TicketFacts
from gateway.mail.body import clean_text
from gateway.mail.dsn import read as read_report
from gateway.mail.html import safe_html, to_text
from gateway.mail.message import Envelope, Message, Unreadable
from gateway.mail.parse import parse
from gateway.mail.quoting import split
from gateway.mail.thread import Key, Keys
from tests.desk.living import born
from tests.desk.samples import MONDAY, answer, article, policy

NOW = datetime(2026, 4, 14, 9, tzinfo=UTC)
DESK: Policy = policy()
TIERED: Policy = policy(tiers=(Tier("tier1", "first"), Tier("tier2", "first")))
HERE = Envelope("eve@bad.example", ("support@acme.example",))
KEYS = Keys((Key("1", b"nobody can guess these 32 bytes!"),))
DANGEROUS = re.compile(r"<(script|iframe|object|embed|form|meta|base|link|style)\b|<[^>]*\s(on\w+|style)=", re.I)
TICKET = TicketFacts(1042, "open", "support", "bug", "maria@customer.example")


def storable(text: str) -> bool:
    """DUTIES PAR-08: no lone surrogate, no NUL, no control but tab and line feed."""
    return not any(unicodedata.category(char) in ("Cs", "Cc") and char not in "\t\n" for char in text)


def _message(data: bytes) -> Message | None:
    try:
        return parse(data)
    except Unreadable:
        return None


def _all_storable(message: Message) -> bool:
    people: Iterable[str] = (
        word for one in (*message.from_, *message.to, *message.cc, *message.reply_to) for word in (one.name, one.email)
    )
    names = (each.name for each in message.attachments)
    return all(storable(text) for text in (message.subject, message.text, *people, *names))


def mail(data: bytes) -> None:
    """Any bytes are read or refused, and what was read can be stored, said and repeated."""
    message = _message(data)
    if message is None:
        return
    assert _all_storable(message)
    reading = read(message, HERE, DESK)
    json.dumps(described(reading, "x"), ensure_ascii=False).encode()
    assert reading.parts.reply.strip() or not message.text.strip()
    fingerprint(reading)


WRAPPED = (
    b"application/ms-tnef; name=winmail.dat",
    b"application/pkcs7-mime; smime-type=signed-data",
    b"text/calendar; method=REQUEST",
    b"text/plain; format=flowed; delsp=yes",
    b"message/rfc822",
    b"text/html; charset=utf-7",
)


def part(data: bytes) -> None:
    """What is wrapped in a part is unwrapped or stays as it is; the first byte says how it is wrapped."""
    kind = WRAPPED[data[0] % len(WRAPPED)] if data else WRAPPED[0]
    mail(b"From: eve@bad.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n" % kind + data[1:])


def text(data: bytes) -> None:
    """Nothing of a text is lost: every word of it is in the new part, the quote or the signature."""
    said = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    parts = split(said)
    whole = " ".join((parts.reply, parts.quoted, parts.signature))
    kept = sorted(char for char in whole if char.isalnum())
    assert len(kept) >= sum(char.isalnum() for char in said)
    assert parts.reply.strip() or not said.strip()


def report(data: bytes) -> None:
    """Whatever stands in a report, it is read, and its actions are known ones."""
    head = (
        b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    )
    message = _message(head + data)
    if message is None:
        return
    found = read_report(message)
    assert found is None or found.action in ("failed", "delayed", "delivered", "relayed", "expanded")
    assert found is None or all(storable(one.email + one.status + one.diagnostic) for one in found.recipients)


def service(data: bytes) -> None:
    """A sending service's report in JSON says nothing that cannot be kept."""
    head = b'From: no-reply@service.example\r\nSubject: Notification\r\n\r\n{"notificationType":"Bounce","bounce":'
    message = _message(head + data)
    found = read_report(message) if message else None
    who = "".join(one.email + one.status + one.diagnostic for one in found.recipients) if found else ""
    assert storable(who + ((found.original_message_id or "") if found else ""))


def carrier(data: bytes) -> None:
    """No bytes of somebody who has no code come onto a ticket: its token, ids and addresses cannot be guessed."""
    first, _, rest = data.replace(b"\n", b" ").replace(b"\r", b" ").partition(b"\0")
    second, _, third = rest.partition(b"\0")
    raw = b"From: eve@bad.example\r\nSubject: %s\r\nTo: %s\r\nReferences: %s\r\n\r\nHello\r\n" % (first, second, third)
    message = _message(raw)
    if message is None:
        return
    reading: Reading = read(message, HERE, DESK)
    numbers = reading.carriers.numbers
    facts = Facts(tickets=dict.fromkeys(numbers, TICKET) | {1042: TICKET})
    found = judge(reading, facts, DESK, KEYS, NOW)
    assert found.match.ticket is None, found.match
    assert found.decision != "append"


def html(data: bytes) -> None:
    """Markup becomes text, and markup in which nothing can be run, however often a browser reads and writes it."""
    markup = clean_text(data.decode("utf-8", "replace"))
    to_text(markup)
    once = safe_html(markup)
    assert not DANGEROUS.search(once), once
    assert not DANGEROUS.search(safe_html(once)), once


def orders(data: bytes) -> None:
    """An agent's mail is read: what is wrong has its place, and what is ordered is done, or refused with a reason."""
    found = orders_of(clean_text(data.decode("utf-8", "replace")), born(TIERED).ticket, TIERED, MONDAY)
    assert all(0 <= one.start < one.start + one.length <= len(one.line) for one in found.wrong), found.wrong
    transcript.refused(found.wrong, found.text, "de")
    with suppress(Refused):
        _goes_on(AgentActed("ana", found.commands, answer() if found.text else None))


def word(data: bytes) -> None:
    """What a customer answers a letter with is a word or is none, and the desk lives with it."""
    said = word_of(clean_text(data.decode("utf-8", "replace")), ("en", "de", "fr", "es"))
    if said is not None:
        _goes_on(CustomerSaid(article(), said))


def _goes_on(cause: Cause) -> None:
    life = born(TIERED)
    life.hears(cause)
    assert replay(life.events) == life.ticket
    looks = next_look(life.ticket, TIERED, life.now)
    if looks is not None:
        life.hears(TimePassed(), looks)


LAWS: dict[str, Callable[[bytes], None]] = {
    "mail": mail,
    "part": part,
    "text": text,
    "report": report,
    "service": service,
    "carrier": carrier,
    "html": html,
    "orders": orders,
    "word": word,
}


def every(data: bytes) -> None:
    """The first byte says which law: one search for all of them."""
    names = sorted(LAWS)
    if data:
        LAWS[names[data[0] % len(names)]](data[1:])
