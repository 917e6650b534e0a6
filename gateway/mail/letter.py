"""A letter that has been decided: everything its bytes are a pure function of.

It is written once, stored, and composed again for every try, so that a repeat is the same mail (DUTIES OUT-02).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

AutoSubmitted = Literal["no", "auto-replied", "auto-generated"]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter; its bytes are the store's, by `sha256`. `content_id` set: an inline image."""

    name: str
    content_type: str
    size: int
    sha256: str
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is unique and makes the MIME boundaries; `name` is the template's ("ack").

    `envelope_from` "" is the null sender. `to_name` "" shows the address alone. `date` is when it was decided (UTC).
    `headers` are further fields, in order (X-Ticket, List-Id…). `once` is the key under which it may be decided once.
    `not_before`: it waits so long in the outbox (undo, merging of quick phase changes).
    """

    id: str
    once: str
    name: str
    ticket: int | None
    to_name: str
    to: str
    from_name: str
    from_: str
    reply_to: str
    envelope_from: str
    message_id: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    date: datetime
    not_before: datetime
    auto_submitted: AutoSubmitted
    language: str = "en"
    reply_to_name: str = ""
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    article: str | None = None
    author: str = ""
