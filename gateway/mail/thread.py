"""The carriers that thread a mail: reply addresses, Message-IDs and subject tokens, minted, signed, recognised.

Every code is HMAC-SHA-256 over purpose, ticket and address in base32: purposes differ, so that no code can be made
from another one (our Message-IDs travel in other people's References). A reply address binds ticket *and* recipient;
a subject token binds the ticket alone, is short, and counts for people on the ticket only.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gateway.mail.address import split_plus, with_plus
from gateway.mail.message import Envelope, Message

Purpose = Literal["reply", "note", "bounce", "message-id", "subject"]
TagPurpose = Literal["reply", "note", "bounce"]

LONG = 16  # characters of base32: 80 bits (DUTIES AUT-08)
SHORT = 4  # in the subject, where people see it: 20 bits, and only for people on the ticket
RETIRED_COUNTS = timedelta(days=400)
MOST_IDS = 100  # ids looked at in one mail (DUTIES THR-03)

_TAG = re.compile(r"([nb]?)(0|[1-9][0-9]{0,9})\.([a-z2-7]{16})", re.ASCII)
_OURS = re.compile(r"<t([1-9][0-9]{0,9})\.([a-z0-9]{8,40})\.([a-z2-7]{16})@([^<>@\s]+)>", re.ASCII)
_ID = re.compile(r"<[^<>\s]{1,990}>")
_PURPOSES: dict[str, TagPurpose] = {"": "reply", "n": "note", "b": "bounce"}


@dataclass(frozen=True, slots=True)
class Key:
    """`retired_at` None: in use. A replaced key goes on verifying for 400 days; what it made is held after that."""

    id: str
    secret: bytes
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The desk's keys, the one in use first."""

    keys: tuple[Key, ...]

    @property
    def current(self) -> Key:
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class Tag:
    """A plus-tag of ours, as it came: what it is for and what it claims. `address` is the whole address."""

    purpose: TagPurpose
    number: int
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Token:
    """A subject token as it came: "[ACME-1042-k7qm]" has code "k7qm", "[ACME-1042]" and "ACME-1042" have ""."""

    number: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Carriers:
    """Everything in a mail that may name a ticket, in the order in which it is believed. `ids` are newest first."""

    tags: tuple[Tag, ...] = ()
    ids: tuple[str, ...] = ()
    tokens: tuple[Token, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The tickets that are named outright, without repeats."""
        own = (int(match[1]) for identifier in self.ids if (match := _OURS.fullmatch(identifier)))
        named = (*(tag.number for tag in self.tags), *own, *(token.number for token in self.tokens))
        return tuple(dict.fromkeys(named))


# -- minting -----------------------------------------------------------------------------------------------------------


def code(key: Key, purpose: Purpose, number: int, bound: str, length: int = LONG) -> str:
    """`bound` is what besides the ticket the code is bound to: an address, a letter's id, or ""."""
    words = "\x1f".join(("v1", purpose, str(number), bound.lower())).encode()
    digest = hmac.digest(key.secret, words, "sha256")[: LONG * 5 // 8]
    return base64.b32encode(digest).decode().lower()[:length]


def reply_address(keys: Keys, mailbox: str, number: int, recipient: str) -> str:
    return with_plus(mailbox, f"{number}.{code(keys.current, 'reply', number, recipient)}")


def note_address(keys: Keys, mailbox: str, number: int, recipient: str) -> str:
    return with_plus(mailbox, f"n{number}.{code(keys.current, 'note', number, recipient)}")


def bounce_address(keys: Keys, mailbox: str, number: int, recipient: str) -> str:
    return with_plus(mailbox, f"b{number}.{code(keys.current, 'bounce', number, recipient)}")


def message_id(keys: Keys, number: int, letter_id: str, domain: str) -> str:
    """`letter_id` is random (the letter's own id), so that an id is never derived from a number alone."""
    rand = re.sub(r"[^a-z0-9]", "", letter_id.lower())[:32]
    return f"<t{number}.{rand}.{code(keys.current, 'message-id', number, rand)}@{domain}>"


def subject_token(keys: Keys, prefix: str, number: int) -> str:
    return f"[{prefix}-{number}-{code(keys.current, 'subject', number, '', SHORT)}]"


# -- recognising -------------------------------------------------------------------------------------------------------


def carriers(message: Message, envelope: Envelope, own: Iterable[str], prefix: str) -> Carriers:
    """`own` are our addresses without tags, in normal form; `prefix` is that of references ("ACME")."""
    addresses = (*envelope.rcpt_tos, *(address.email for address in (*message.to, *message.cc)))
    return Carriers(
        tags=tuple(_tags(addresses, frozenset(own))),
        ids=_ids(message),
        tokens=tuple(_tokens(message.subject, prefix)),
    )


def _tags(addresses: Iterable[str], own: frozenset[str]) -> Iterator[Tag]:
    """MTAs lower-case local parts: codes are base32 in lower case, so that they survive it (vector B13)."""
    for address in dict.fromkeys(addresses):
        base, tag = split_plus(address.lower())
        found = _TAG.fullmatch(tag)
        if found and base in own:
            yield Tag(_PURPOSES[found[1]], int(found[2]), found[3], address)


def _ids(message: Message) -> tuple[str, ...]:
    """In-Reply-To first, then References from the newest (RFC 5322 §3.6.4)."""
    return tuple(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))[:MOST_IDS]


def _tokens(subject: str, prefix: str) -> Iterator[Token]:
    """What looks like a reference of ours; the number has at most ten digits, only brackets make a code count."""
    number = rf"{re.escape(prefix)}-([1-9][0-9]{{0,9}})(?:-([a-z2-7]{{{SHORT}}}))?"
    pattern = re.compile(rf"(\[?)(?<![\w-]){number}(?![\w-])(\]?)", re.I | re.A)
    seen = set()
    for found in pattern.finditer(subject[:1000]):
        bracketed = found[1] and found[4]
        token = Token(int(found[2]), (found[3] or "").lower() if bracketed else "", found[0])
        if (token.number, token.code) not in seen:
            seen.add((token.number, token.code))
            yield token


def ids_of(text: str) -> tuple[str, ...]:
    """The Message-IDs in a header value, broken ones left out."""
    return tuple(_ID.findall(text))


Standing = Literal["valid", "retired", "wrong"]


def verify(keys: Keys, purpose: Purpose, number: int, bound: str, given: str, now: datetime) -> Standing:
    """Whether `given` is the code for this purpose, ticket and address; compared in constant time."""
    for key in keys.keys:
        if hmac.compare_digest(code(key, purpose, number, bound, len(given) or LONG), given):
            counts = key.retired_at is None or now - key.retired_at < RETIRED_COUNTS
            return "valid" if counts else "retired"
    return "wrong"


def own_id(keys: Keys, identifier: str, now: datetime) -> tuple[int, Standing] | None:
    """The ticket that an id of our form names, and whether its code is ours; None for anybody else's id."""
    found = _OURS.fullmatch(identifier)
    if not found:
        return None
    number, rand = int(found[1]), found[2]
    return number, verify(keys, "message-id", number, rand, found[3], now)
