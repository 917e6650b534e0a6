"""The mails of a run: who writes what, by which way, and their bytes."""

from __future__ import annotations

import base64
import hashlib
import random
from dataclasses import dataclass
from enum import StrEnum

ADDRESS = "support@acme.example"


class Way(StrEnum):
    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    BOTH = "both"  # the same mail over SMTP and over IMAP


class Kind(StrEnum):
    NEW = "new"
    REPLY = "reply"  # to the acknowledgement of `parent`, which has to arrive first
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Given:
    """`id` is in its Message-ID, its text and, if it is new, its subject. `parent` is the id that a reply answers."""

    id: str
    kind: Kind
    way: Way
    sender: str
    attachment: bytes
    parent: str = ""

    @property
    def message_id(self) -> str:
        return f"<{self.id}@customer.example>"

    @property
    def attachment_sha256(self) -> str:
        return hashlib.sha256(self.attachment).hexdigest()


def make(count: int, *, imap: bool, poison: int, seed: int, replies: float = 0.12) -> list[Given]:
    """`count` mails, this share of them replies; a third have an attachment, some too large for a database row."""
    rng = random.Random(seed)
    ways = [Way.SMTP, Way.LMTP, Way.IMAP, Way.BOTH] if imap else [Way.SMTP, Way.LMTP]
    weights = [4, 4, 3, 1][: len(ways)]
    mails: list[Given] = []
    for number in range(count):
        name = f"k{seed:x}n{number:05d}"
        size = rng.choice((0, 0, 0, 0, 0, 0, 2_000, 20_000, 100_000))
        way = rng.choices(ways, weights)[0]
        parents = [mail for mail in mails[: -count // 5] if mail.kind is Kind.NEW]
        if parents and rng.random() < replies:
            parent = rng.choice(parents)
            mails.append(Given(name, Kind.REPLY, way, parent.sender, rng.randbytes(size), parent.id))
        else:
            mails.append(Given(name, Kind.NEW, way, f"{name}@customer.example", rng.randbytes(size)))
    for number in range(poison):
        name = f"k{seed:x}p{number:05d}"
        mails.append(Given(name, Kind.POISON, rng.choice(ways), f"{name}@customer.example", b""))
    return mails


def raw(mail: Given, *, subject: str, attempt: int) -> bytes:
    """Its bytes at this attempt: what sends it again adds a line of its own on top, as every MTA does."""
    head = [
        f"Received: from client.example by mx.customer.example with ESMTP id {mail.id}.{attempt}; "
        "Mon, 02 Mar 2026 09:00:00 +0000",
        f"From: Customer {mail.id} <{mail.sender}>",
        f"To: {ADDRESS}",
        f"Subject: {subject}",
        f"Message-ID: {mail.message_id}",
        "Date: Mon, 02 Mar 2026 09:00:00 +0000",
        "MIME-Version: 1.0",
    ]
    text = f"Good morning,\r\n\r\nthe export stops. My word for this mail is {mail.id}.\r\n"
    if mail.kind is Kind.POISON:
        body = _deep(text)
    elif mail.attachment:
        body = _with_attachment(text, mail.attachment)
    else:
        body = ["Content-Type: text/plain; charset=us-ascii", "", text]
    return "\r\n".join([*head, *body]).encode()


def _with_attachment(text: str, data: bytes) -> list[str]:
    lines = base64.encodebytes(data).decode("ascii").splitlines()
    return [
        'Content-Type: multipart/mixed; boundary="of-this-test"',
        "",
        "--of-this-test",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        text,
        "--of-this-test",
        'Content-Type: application/octet-stream; name="data.bin"',
        'Content-Disposition: attachment; filename="data.bin"',
        "Content-Transfer-Encoding: base64",
        "",
        *lines,
        "--of-this-test--",
        "",
    ]


def _deep(text: str) -> list[str]:
    """Parts within parts, far beyond what anybody reads: set aside by every gateway that bounds its work."""
    depth = 400
    lines: list[str] = []
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return [*lines, "Content-Type: text/plain", "", text, *(f"--b{level}--" for level in reversed(range(depth))), ""]
