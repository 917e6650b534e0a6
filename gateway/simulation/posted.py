"""Mails as the world outside writes them: a client's new mail, its answer to a letter, a mail system's report.

Each has on top what our own server would have found out about its sender (RFC 8601).
"""

from __future__ import annotations

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
from gateway.mail.letter import Letter
from gateway.simulation.scenario import Answer, Auth, BadScenario, Mail, Words

_WIRE: Final = policy.SMTP.clone(max_line_length=78)
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
    """`identifier` makes its Message-ID; `authserv` is the server that speaks for us."""
    if mail.eml is not None:
        return _from_file(mail, authserv)
    message = _message(mail.words, at, zone, identifier)
    message["To"] = list(mail.to)
    message["Subject"] = _line(mail.subject)
    return _posted(_finished(message, mail.words), mail.words, mail.to, mail.words.text, authserv)


def answer(given: Answer, letter: Letter, at: datetime, zone: ZoneInfo, identifier: str, authserv: str) -> Posted:
    """As mail clients do: to the letter's reply address, under its subject, with the letter quoted below."""
    words = given.words
    message = _message(words, at, zone, identifier)
    to = (Address(display_name=letter.reply_to_name, addr_spec=letter.reply_to),)
    message["To"] = list(to)
    subject = letter.subject
    message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    message["In-Reply-To"] = letter.message_id
    message["References"] = " ".join((*letter.references, letter.message_id))
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.rstrip().splitlines())
    wrote = f"On {letter.date.astimezone(zone):%a, %d %b %Y at %H:%M}, {letter.from_name} <{letter.from_}> wrote:"
    text = f"{words.text.rstrip()}\n\n{wrote}\n\n{quoted}\n"
    return _posted(_finished(message, words, text), words, to, words.text, authserv)


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


def _message(words: Words, at: datetime, zone: ZoneInfo, identifier: str) -> EmailMessage:
    message = EmailMessage(policy=_WIRE)
    message["From"] = words.from_
    message["Date"] = format_datetime(at.astimezone(zone))
    message["Message-ID"] = f"<{identifier}@{words.from_.domain or _STRANGE}>"
    if words.cc:
        message["Cc"] = list(words.cc)
    return message


def _finished(message: EmailMessage, words: Words, text: str = "") -> EmailMessage:
    message.set_content(text or f"{words.text.rstrip()}\n")
    for file in words.files:
        maintype, _, subtype = file.content_type.partition("/")
        message.add_attachment(file.data, maintype=maintype, subtype=subtype, filename=file.name)
    for name, value in words.headers:
        del message[name]
        try:
            message[name] = value
        except (ValueError, IndexError) as error:
            raise BadScenario(f"the header {name} cannot be {value!r}: {error}") from error
    return message


def _posted(message: EmailMessage, words: Words, to: Iterable[Address], text: str, authserv: str) -> Posted:
    sender = words.from_.addr_spec
    raw = verdict(authserv, sender, words.auth) + message.as_bytes()
    recipients = tuple(each.addr_spec for each in (*to, *words.cc))
    return Posted(
        mail_from="" if _is_null(message) else sender,
        rcpt_tos=recipients,
        raw=raw,
        from_=sender,
        to=tuple(each.addr_spec for each in to),
        subject=str(message["Subject"] or ""),
        text=text,
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


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


def _line(text: str) -> str:
    return " ".join(text.split())
