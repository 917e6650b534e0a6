"""Mails as the world outside writes them: a client's new mail, its answer to a letter, a mail system's report.

Each has on top what our own server would have found out about its sender (RFC 8601).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from zoneinfo import ZoneInfo

from gateway.mail.address import normal
from gateway.mail.fold import BadField, address_field, id_field, parameter, parameter_field, text_field, token_field
from gateway.mail.letter import Letter
from gateway.simulation.scenario import Answer, Auth, BadScenario, File, Mail, Words

_END: Final = "\r\n"
_BOUNDARY: Final = "=_part"  # stands in no line of base64
_STRANGE: Final = "unknown.example"  # where a report comes from that no server of ours knows


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail on its way to us: its envelope, its bytes, and what a reader of the simulation wants to see of it."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    raw: bytes = field(repr=False)
    from_: str
    to: tuple[str, ...]
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()


def fresh(mail: Mail, at: datetime, zone: ZoneInfo, identifier: str, authserv: str) -> Posted:
    """`identifier` makes its Message-ID; `authserv` is the server that speaks for us. BadScenario for a header that
    cannot be written."""
    if mail.eml is not None:
        return _from_file(mail, authserv)
    fields = _fields(mail.words, mail.to, mail.subject, at, zone, identifier)
    return _posted(fields, mail.words, mail.to, mail.words.text, authserv)


def answer(given: Answer, letter: Letter, at: datetime, zone: ZoneInfo, identifier: str, authserv: str) -> Posted:
    """As mail clients do: to the letter's reply address, under its subject, with the letter quoted below."""
    words = given.words
    to = (Address(display_name=letter.reply_to_name, addr_spec=letter.reply_to),)
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    fields = _fields(words, to, subject, at, zone, identifier)
    references = (*letter.references, letter.message_id)
    fields += [
        _Field("In-Reply-To", letter.message_id, id_field("In-Reply-To", [letter.message_id])),
        _Field("References", " ".join(references), id_field("References", references)),
    ]
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.rstrip().splitlines())
    wrote = f"On {letter.date.astimezone(zone):%a, %d %b %Y at %H:%M}, {letter.from_name} <{letter.from_}> wrote:"
    text = f"{words.text.rstrip()}\n\n{wrote}\n\n{quoted}\n"
    return _posted(fields, words, to, text, authserv)


def report(letter: Letter, at: datetime, identifier: str) -> Posted:
    """A delivery report (RFC 3464): the letter's recipient does not exist."""
    domain = letter.to.rpartition("@")[2]
    sender = f"MAILER-DAEMON@mx.{domain}"
    said = f"550 5.1.1 <{letter.to}>: Recipient address rejected: User unknown"
    boundary = "=_report"
    lines = [
        f"From: Mail Delivery System <{sender}>",
        f"To: {letter.envelope_from}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{identifier}@mx.{domain}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Your mail could not be delivered to the recipient below.",
        "",
        f"<{letter.to}>: {said}",
        "",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{domain}",
        "",
        f"Final-Recipient: rfc822; {letter.to}",
        "Action: failed",
        "Status: 5.1.1",
        f"Diagnostic-Code: smtp; {said}",
        "",
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {letter.message_id}",
        f"To: {letter.to}",
        f"From: {letter.from_}",
        "",
        f"--{boundary}--",
        "",
    ]
    raw = "\r\n".join(lines).encode()
    to = (letter.envelope_from,)
    return Posted("", to, raw, sender, to, "Undelivered Mail Returned to Sender", said, _headers(lines[:8]))


# -- how they are made -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Field:
    """`shown` as a reader sees it, `raw` as it travels."""

    name: str
    shown: str
    raw: str


def _fields(
    words: Words, to: Iterable[Address], subject: str, at: datetime, zone: ZoneInfo, identifier: str
) -> list[_Field]:
    message_id = f"<{identifier}@{words.from_.domain or _STRANGE}>"
    date = format_datetime(at.astimezone(zone))
    fields = [
        _people("From", [words.from_]),
        _people("To", to),
        _Field("Subject", " ".join(subject.split()), text_field("Subject", subject)),
        _Field("Date", date, token_field("Date", date)),
        _Field("Message-ID", message_id, id_field("Message-ID", [message_id])),
    ]
    return [*fields, _people("Cc", words.cc)] if words.cc else fields


def _people(name: str, people: Iterable[Address]) -> _Field:
    try:
        raw = [address_field(name, each.display_name, each.addr_spec, utf8=True) for each in people]
    except BadField as error:
        raise BadScenario(str(error)) from error
    pieces = [each.partition(":")[2].strip() for each in raw]
    return _Field(name, ", ".join(map(str, people)), f"{name}: {f',{_END} '.join(pieces)}{_END}")


def _posted(fields: list[_Field], words: Words, to: Iterable[Address], text: str, authserv: str) -> Posted:
    """`text`: all of what is written, quotation included; a reader of the simulation sees the new part."""
    own = {name.lower() for name, _ in words.headers}
    kept = [field for field in fields if field.name.lower() not in own]
    try:
        kept += [_Field(name, value, text_field(name, value)) for name, value in words.headers]
    except BadField as error:
        raise BadScenario(str(error)) from error
    sender = words.from_.addr_spec
    head = "".join(field.raw for field in kept).encode()
    null = any(field.name.lower() == "return-path" and field.shown.strip() == "<>" for field in kept)
    return Posted(
        mail_from="" if null else sender,
        rcpt_tos=tuple(each.addr_spec for each in (*to, *words.cc)),
        raw=verdict(authserv, sender, words.auth) + head + _body(text, words.files, own),
        from_=sender,
        to=tuple(each.addr_spec for each in to),
        subject=next((field.shown for field in kept if field.name == "Subject"), ""),
        text=words.text,
        headers=tuple((field.name, field.shown) for field in kept),
    )


def _body(text: str, files: tuple[File, ...], own: set[str]) -> bytes:
    """The fields of MIME but for those that the scenario writes itself, an empty line, and the content."""
    written = _END.join(text.rstrip().splitlines()).encode() + _END.encode()
    plain = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"]
    coded = base64.encodebytes(written).replace(b"\n", b"\r\n")
    if not files:
        fields = ["MIME-Version: 1.0", *plain]
        kept = [field for field in fields if field.partition(":")[0].lower() not in own]
        content = coded if len(kept) == len(fields) else written
        return _END.join((*kept, "", "")).encode() + content
    parts = [_END.join((*plain, "", "")).encode() + coded, *(_part(file) for file in files)]
    opening = f"--{_BOUNDARY}{_END}".encode()
    head = ("MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"', "", "")
    closing = f"--{_BOUNDARY}--{_END}".encode()
    return _END.join(head).encode() + b"".join(opening + part for part in parts) + closing


def _part(file: File) -> bytes:
    name = parameter_field("Content-Disposition", "attachment", parameter("filename", file.name))
    head = f"Content-Type: {file.content_type}{_END}Content-Transfer-Encoding: base64{_END}{name}{_END}"
    return head.encode() + base64.encodebytes(file.data).replace(b"\n", b"\r\n")


def _from_file(mail: Mail, authserv: str) -> Posted:
    assert mail.eml is not None
    raw = mail.eml.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    seen = message_from_bytes(raw, policy=policy.default)
    sender = mail.words.from_.addr_spec if mail.words.from_.domain else _first(seen, "From")
    shown = [each.addr_spec for name in ("To", "Cc") for each in _all(seen, name)]
    recipients = [each.addr_spec for each in mail.to] or shown
    body = seen.get_body(("plain", "html")) if isinstance(seen, EmailMessage) else None
    return Posted(
        mail_from="" if _is_null(seen) else sender,
        rcpt_tos=tuple(recipients),
        raw=verdict(authserv, sender, mail.words.auth) + raw,
        from_=sender,
        to=tuple(recipients),
        subject=str(seen["Subject"] or ""),
        text=_content(body),
        headers=tuple((name, str(value)) for name, value in seen.items()),
    )


def verdict(authserv: str, sender: str, auth: Auth) -> bytes:
    """The field that our server puts on top; none where it did not look at the sender."""
    domain = normal(sender).rpartition("@")[2]
    if auth == "none" or not domain:
        return b""
    return f"Authentication-Results: {authserv}; dmarc={auth} header.from={domain}\r\n".encode()


def _is_null(message: EmailMessage) -> bool:
    return str(message.get("Return-Path", "")).strip() == "<>"


def _all(message: EmailMessage, name: str) -> list[Address]:
    """The usable addresses of the fields of that name; a broken one has none."""
    found: list[Address] = []
    for value in message.get_all(name, []):
        found += [each for each in getattr(value, "addresses", ()) if normal(each.addr_spec)]
    return found


def _first(message: EmailMessage, name: str) -> str:
    return next((each.addr_spec for each in _all(message, name)), "")


def _content(body: object) -> str:
    if not isinstance(body, EmailMessage):
        return ""
    try:
        return str(body.get_content())
    except (LookupError, ValueError):  # a charset or an encoding that is none: the gateway itself reads more of it
        return ""


def _headers(lines: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
