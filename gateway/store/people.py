"""Addresses we have met, and what they have shown about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from gateway.store.dialect import insert_or_leave
from gateway.store.tables import person

MOST_BOUNCES = 3
# Built once: they are on every mail's path.
_ONE = select(person).where(person.c.email == bindparam("mine"))
_PROVEN = (
    update(person)
    .where(person.c.email == bindparam("mine"), person.c.proven_at.is_(None))
    .values(proven_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Known:
    """`proven_at`: when a code that was issued to this address first came back from it. `email` is in normal form.

    `suppressed_at`: since when automatic letters do not go there; `suppressed_why` in words.
    """

    email: str
    name: str = ""
    language: str = ""
    proven_at: datetime | None = None
    hard_bounces: int = 0
    blocked: bool = False
    suppressed_at: datetime | None = None
    suppressed_why: str = ""

    @property
    def suppression(self) -> str:
        """Why no automatic letter goes there, or ""."""
        return f"no automatic letter goes there: {self.suppressed_why}" if self.suppressed_at is not None else ""


def get(tx: Connection, email: str) -> Known:
    """What is known of the address: nothing, where it is new."""
    row = tx.execute(_ONE, {"mine": email}).one_or_none()
    if row is None:
        return Known(email)
    return Known(
        email=row.email,
        name=row.name,
        language=row.language,
        proven_at=row.proven_at,
        hard_bounces=row.hard_bounces,
        blocked=row.blocked,
        suppressed_at=row.suppressed_at,
        suppressed_why=row.suppressed_why,
    )


def is_proven(tx: Connection, email: str) -> bool:
    return get(tx, email).proven_at is not None


def mark_proven(tx: Connection, email: str, now: datetime) -> None:
    """A code that was issued to this address has come back from it; the first time counts. Letters go there again."""
    known = get(tx, email)
    if known.proven_at is None:
        _meet(tx, email)
        tx.execute(_PROVEN, {"mine": email, "now": now})
    if known.hard_bounces or known.suppressed_at is not None:
        forgive_bounces(tx, email)


def note(tx: Connection, email: str, *, name: str = "", language: str = "") -> None:
    """Remember what they call themselves and write in; "" leaves what is known."""
    _meet(tx, email)
    values = {key: text for key, text in (("name", name), ("language", language)) if text}
    if values:
        _set(tx, email, values)


def count_hard_bounce(tx: Connection, email: str) -> int:
    """One more final failure; how many by now."""
    _meet(tx, email)
    up = update(person).where(person.c.email == email).values(hard_bounces=person.c.hard_bounces + 1)
    return int(tx.execute(up.returning(person.c.hard_bounces)).scalar_one())


def bounced(tx: Connection, email: str, status: str, now: datetime) -> bool:
    """Count a final failure; True where no automatic letter goes there from now on (DUTIES OUT-16).

    `status` is an RFC 3463 code or "". A mailbox that is full (5.2.2), and what is not final (4.x), count for nothing.
    """
    if status.startswith("4.") or status == "5.2.2":
        return False
    count = count_hard_bounce(tx, email)
    if status == "5.1.1":
        return suppress(tx, email, "there is no such mailbox (5.1.1)", now)
    return count >= MOST_BOUNCES and suppress(tx, email, f"{count} letters came back from there", now)


def suppress(tx: Connection, email: str, why: str, now: datetime) -> bool:
    """No automatic letter goes there any more; False where that was so before."""
    _meet(tx, email)
    fresh = update(person).where(person.c.email == email, person.c.suppressed_at.is_(None))
    return tx.execute(fresh.values(suppressed_at=now, suppressed_why=why)).rowcount == 1


def suppression(tx: Connection, email: str) -> str:
    """Why no automatic letter goes there, or ""."""
    return get(tx, email).suppression


def forgive_bounces(tx: Connection, email: str) -> None:
    """Letters go there again: an agent says so, or a code that was issued to it came back from it."""
    _set(tx, email, {"hard_bounces": 0, "suppressed_at": None, "suppressed_why": ""})


def block(tx: Connection, email: str, *, blocked: bool = True) -> None:
    _meet(tx, email)
    _set(tx, email, {"blocked": blocked})


def _meet(tx: Connection, email: str) -> None:
    fresh = {"email": email, "name": "", "language": "", "hard_bounces": 0, "blocked": False, "suppressed_why": ""}
    insert_or_leave(tx, person, [fresh], keys=("email",))


def _set(tx: Connection, email: str, values: Mapping[str, Any]) -> None:
    tx.execute(update(person).where(person.c.email == email).values(**values))
