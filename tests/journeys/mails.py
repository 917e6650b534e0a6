"""Mails that customers and agents write in journeys, and how they are handed in."""

from __future__ import annotations

import itertools
import smtplib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from tests.journeys.desk import SUPPORT, TRUSTED

_counter = itertools.count(1)


def fresh_id(of: str = "customer.test") -> str:
    """A Message-ID that no other mail of this run has."""
    return f"<{next(_counter)}.{datetime.now(UTC).timestamp():.6f}@{of}>"


def mail(
    sender: str,
    subject: str,
    text: str = "The printer on the second floor prints nothing but stars.\n",
    *,
    to: str = SUPPORT,
    message_id: str = "",
    result: str = "pass",
    files: Mapping[str, bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """`result` is what our own server says of the sender (RFC 8601 dmarc), "" where it says nothing."""
    made = EmailMessage()
    if result:
        domain = sender.rpartition("@")[2].strip(">")
        made["Authentication-Results"] = f"{TRUSTED}; dmarc={result} header.from={domain}"
    made["From"] = sender
    made["To"] = to
    made["Subject"] = subject
    made["Message-ID"] = message_id or fresh_id()
    made["Date"] = format_datetime(datetime.now(UTC))
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    for name, data in (files or {}).items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def submit(port: int, made: EmailMessage | bytes, *recipients: str, sender: str = "", lmtp: bool = False) -> None:
    """Raises what smtplib raises where it is refused. `made` as bytes travels as it is."""
    kind = smtplib.LMTP if lmtp else smtplib.SMTP
    raw = made if isinstance(made, bytes) else bytes(made).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    written = sender or (str(made["From"]) if isinstance(made, EmailMessage) else "alice@customer.test")
    with kind("127.0.0.1", port, local_hostname="mx.customer.test") as client:
        if client.sock is not None:
            client.sock.settimeout(30)
        client.sendmail(written.rpartition("<")[2].strip(">"), recipients or (SUPPORT,), raw)
