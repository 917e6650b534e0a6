"""What is said between whoever takes mail in and whoever keeps it: yes, no room, and where it lay before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class StorageFull(Exception):
    """There is no room for this mail now: 452 4.3.1 to the sender, who keeps it and comes again."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mail that is durable. `duplicate`: it was here before, nothing new was stored, and the answer is still yes."""

    mail_id: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ImapPosition:
    """Where a mail lies on an IMAP server; (folder, uidvalidity, uid) never names another mail (RFC 9051 §2.3.1.1)."""

    account: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first connect ever to a folder: its instant (UTC), UIDVALIDITY and UIDNEXT. What lay there before is old."""

    at: datetime
    uidvalidity: int
    uidnext: int
