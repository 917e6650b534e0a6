"""The three ways into a desk, byte for byte: SMTP, LMTP, and a mailbox on a real IMAP server."""

from __future__ import annotations

import imaplib
import smtplib
from collections.abc import Callable
from functools import partial

from tests.journeys.desk import Desk
from tests.servers import Dovecot
from tests.vectors.corpus import Given

Submit = Callable[[Given], None]


def ways(desk: Desk, server: Dovecot, account: str) -> dict[str, Submit]:
    return {
        "smtp": partial(_by_smtp, desk.smtp, smtplib.SMTP),
        "lmtp": partial(_by_smtp, desk.lmtp, smtplib.LMTP),
        "imap": partial(_by_imap, server, account),
    }


def _by_smtp(port: int, kind: type[smtplib.SMTP], given: Given) -> None:
    """smtplib would read addresses in its own way, and lines: here they go out as they are."""
    utf8 = "" if (given.mail_from + "".join(given.rcpt)).isascii() else " SMTPUTF8"
    with kind("127.0.0.1", port, local_hostname="mx.test", timeout=60) as client:
        client.command_encoding = "utf-8"
        client.ehlo("mx.test")
        _say(client, f"MAIL FROM:<{given.mail_from}>{utf8}", 250)
        for recipient in given.rcpt:
            _say(client, f"RCPT TO:<{recipient}>", 250)
        _say(client, "DATA", 354)
        raw = given.raw if given.raw.endswith(b"\r\n") else given.raw + b"\r\n"
        client.send(_stuffed(raw) + b".\r\n")
        for _ in given.rcpt if kind is smtplib.LMTP else given.rcpt[:1]:
            code, words = client.getreply()
            assert code == 250, words


def _say(client: smtplib.SMTP, line: str, wanted: int) -> None:
    code, words = client.docmd(line)
    assert code == wanted, (line, code, words)


def _stuffed(raw: bytes) -> bytes:
    """RFC 5321 §4.5.2: lines end in CRLF here, and nothing else is a line end."""
    return (b"." if raw.startswith(b".") else b"") + raw.replace(b"\r\n.", b"\r\n..")


def _by_imap(server: Dovecot, account: str, given: Given) -> None:
    """With the two lines on top that a final delivery writes (RFC 5321 §4.4)."""
    top = f"Return-Path: <{given.mail_from}>\r\nDelivered-To: {given.rcpt[0]}\r\n".encode()
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as client:
        client.login(account, "plain")
        # A server keeps text: NUL is no character of it (RFC 9051 §4.3), and APPEND refuses it.
        said, words = client.append("INBOX", "", "", top + given.raw.replace(b"\0", b"\x80"))
        assert said == "OK", words
