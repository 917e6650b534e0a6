"""What this room asks of the others: a spool that takes mail in, a ledger of what IMAP gave, a rule for recipients.

The edge decides nothing. It speaks to whoever keeps mail through these protocols alone, so that the store may be
SQLite, PostgreSQL or a folder, and hears from the daemon by a callable which addresses are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Protocol

from gateway.mail.accepted import Accepted as Accepted
from gateway.mail.accepted import Beginning as Beginning
from gateway.mail.accepted import ImapPosition as ImapPosition
from gateway.mail.accepted import StorageFull as StorageFull
from gateway.mail.message import Envelope


class Incoming(Protocol):
    """One mail on its way in: at most 64 KiB in memory, a longer stream goes to the store's blob area.

    Ends with `commit`, or with `abort`, which may also follow a commit that raised and may be called twice.
    """

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes, as they are. Raises StorageFull, or whatever the disk says."""

    async def commit(self, envelope: Envelope, imap: ImapPosition | None = None) -> Accepted:
        """Return once envelope, bytes and, from IMAP, the position are durable, in one transaction.

        Raises StorageFull, or whatever the database says; then nothing was promised.
        """

    async def abort(self) -> None:
        """Forget the bytes."""


class Spool(Protocol):
    def incoming(self) -> Incoming: ...

    def has_room(self) -> bool:
        """False while free space is below twice the largest mail: asked at every MAIL, so it must be cheap."""


class Ledger(Protocol):
    """What has been taken from IMAP, kept for ever by the store. An optimisation: content is what tells duplicates."""

    async def begun(self, account: str, folder: str, beginning: Beginning) -> Beginning:
        """The beginning recorded for this folder; the first call records the one given."""

    async def taken(self, account: str, folder: str, uidvalidity: int) -> Set[int]:
        """The UIDs of committed and of set-aside mails."""

    async def set_aside(self, position: ImapPosition, reason: str, header: bytes) -> None:
        """Quarantine a mail that cannot be taken: durable once it returns. `header` is its header block, or empty."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a recipient is refused: reply code, enhanced status code (RFC 3463), a text for the peer."""

    code: int
    enhanced: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced} {self.text}"


Route = Callable[[str, bool], Refusal | None]
"""(address as given between the angle brackets, was SMTPUTF8 asked for) → None where it is ours to take."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a peer may ask of us (RFC 5321 §4.5.3). Seconds, octets, octets a second."""

    message_size: int = 25_000_000
    rcpt: int = 100
    errors: int = 20
    junk: int = 100
    connections: int = 200
    connections_per_ip: int = 20
    command_seconds: float = 60.0
    data_seconds: float = 600.0
    stall_seconds: float = 60.0
    min_rate: float = 500.0
    received: int = 50
