"""The envelope of a mail that was fetched: IMAP keeps none, so what the last server wrote into the header must do."""

from __future__ import annotations

from gateway.mail.address import mailboxes
from gateway.mail.fields import Head, read_head
from gateway.mail.message import Envelope, Unreadable

_ADDRESSED = ("delivered-to", "x-original-to", "to")
"""The first of these that names anybody tells the recipients."""

_HEADER_OCTETS = 256 * 1024


def envelope_of(mail: bytes, *, account: str, address: str, tls: bool) -> Envelope:
    """`address` is the mailbox's own, and the recipient where the header names none; `account` becomes the peer.

    Return-Path is the sender, "" where it is <> or absent.
    """
    head = _head(mail[:_HEADER_OCTETS])
    named = (
        next((found for name in _ADDRESSED if (found := _addresses(head, name))), (address,)) if head else (address,)
    )
    sender = _addresses(head, "return-path") if head else ()
    return Envelope(mail_from=sender[0] if sender else "", rcpt_tos=named, peer=account, tls=tls, source="imap")


def _head(data: bytes) -> Head | None:
    try:
        return read_head(data, 0, len(data))
    except Unreadable:
        return None


def _addresses(head: Head, name: str) -> tuple[str, ...]:
    values = (value.decode("utf-8", "replace") for value in head.all(name)[:10])
    found = (each.email for value in values for each in mailboxes(value))
    return tuple(dict.fromkeys(email for email in found if email))[:100]
