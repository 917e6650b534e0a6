"""What a mail is once it has been read: frozen values that every floor above may hold.

An `Envelope` is what the transport said (RFC 5321), a `Message` what the bytes say (RFC 5322).
The two may disagree; routing trusts the envelope, reading trusts neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal[
    "person",
    "auto_reply",
    "bounce",
    "delay_report",
    "receipt",
    "list",
    "loop",
    "calendar_reply",
    "reaction",
    "feedback_report",
    "unreadable",
]
AutoReplySort = Literal["out_of_office", "acknowledgement", "other"]
BounceAction = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
AuthResult = Literal["pass", "fail", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` is an addr-spec in normal form (domain an A-label in lower case), or ""."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the transport said. `mail_from` is "" for the null sender; `peer` an IP or a source name."""

    mail_from: str = ""
    rcpt_tos: tuple[str, ...] = ()
    peer: str = ""
    helo: str = ""
    tls: bool = False
    source: Literal["smtp", "lmtp", "imap", "ingest"] = "smtp"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A leaf part that is not the shown text. `data` are its decoded bytes; `name` is safe to show and to save."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    sha256: str
    inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Authentication:
    """What the trusted server said of the sender (RFC 8601); "unknown" where no server is trusted or none spoke.

    `aligned_dkim`: a signature that passed is the From domain's own, not merely somebody's.
    """

    spf: AuthResult = "unknown"
    dkim: AuthResult = "unknown"
    dmarc: AuthResult = "unknown"
    aligned_dkim: bool = False


@dataclass(frozen=True, slots=True)
class BouncedRecipient:
    """`status` is an enhanced status code such as "5.1.1" (RFC 3463), or "" where the report gives none."""

    email: str
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464 or wild). `original_headers` are the returned mail's own header fields."""

    action: BounceAction
    recipients: tuple[BouncedRecipient, ...] = ()
    original_message_id: str | None = None
    original_envelope_id: str | None = None
    original_headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AutoReply:
    """`until` is the ISO date of return that an absence note names, or None."""

    sort: AutoReplySort
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """Annotations over the whole text: nothing is deleted, `reply` is never empty where there is text.

    Of a forward, `above` are the own words of whoever forwards, without signature, and `original` the words below the
    header block that it announces; both "" where that cannot be told.
    """

    reply: str
    quoted: str = ""
    signature: str = ""
    forwarded_from: Address | None = None
    forwarded: bool = False
    above: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail, read. Every string is valid Unicode without NUL, lone surrogates or C0 but tab and newline.

    `headers` are (lower-case name, decoded and unfolded value) in order; `raw_headers` the same undecoded.
    `date` is what the sender claims (UTC) and orders nothing. `from_` holds every address of every From field:
    a usable sender has exactly one. `text` is the whole text, from HTML when there is no text part.
    """

    subject: str = ""
    from_: tuple[Address, ...] = ()
    from_fields: int = 0
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    raw_headers: tuple[tuple[str, str], ...] = ()
    content_type: str = "text/plain"
    parts: tuple[Part, ...] = ()
    defects: tuple[str, ...] = ()
    encrypted: bool = False

    def header(self, name: str) -> str:
        """The first field of that name (any case), or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), "")

    def header_all(self, name: str) -> tuple[str, ...]:
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key == wanted)


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the MIME tree in document order, message/* being opaque: what reports are read from.

    `text` is set for text/*, message/delivery-status and kin, text/rfc822-headers and message/rfc822 (its source);
    `report_type` is that of the multipart/report around it (RFC 6522), in lower case.
    `disposition` is the first word of Content-Disposition in lower case ("reaction" in RFC 9078), or "".
    """

    content_type: str
    text: str = field(default="", repr=False)
    report_type: str = ""
    disposition: str = ""


class Unreadable(Exception):
    """A cap of the pre-scan was exceeded or parsing failed: the mail goes to quarantine, whole."""
