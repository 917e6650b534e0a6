"""Addresses we have met, and what they have shown about themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from gateway.store.dialect import insert_or_leave
from gateway.store.tables import person


@dataclass(frozen=True, slots=True)
class Known:
    """`proven_at`: when a code that was issued to this address first came back from it. `email` is in normal form."""

    email: str
    name: str = ""
    language: str = ""
    proven_at: datetime | None = None
    hard_bounces: int = 0
    blocked: bool = False


def get(tx: Connection, email: str) -> Known:
    """What is known of the address: nothing, where it is new."""
    row = tx.execute(select(person).where(person.c.email == email)).one_or_none()
    if row is None:
        return Known(email)
    return Known(row.email, row.name, row.language, row.proven_at, row.hard_bounces, row.blocked)


def is_proven(tx: Connection, email: str) -> bool:
    return get(tx, email).proven_at is not None


def mark_proven(tx: Connection, email: str, now: datetime) -> None:
    """A code that was issued to this address has come back from it; the first time counts."""
    _meet(tx, email)
    tx.execute(update(person).where(person.c.email == email, person.c.proven_at.is_(None)).values(proven_at=now))


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


def forgive_bounces(tx: Connection, email: str) -> None:
    _set(tx, email, {"hard_bounces": 0})


def block(tx: Connection, email: str, *, blocked: bool = True) -> None:
    _meet(tx, email)
    _set(tx, email, {"blocked": blocked})


def _meet(tx: Connection, email: str) -> None:
    fresh = {"email": email, "name": "", "language": "", "hard_bounces": 0, "blocked": False}
    insert_or_leave(tx, person, [fresh], keys=("email",))


def _set(tx: Connection, email: str, values: Mapping[str, Any]) -> None:
    tx.execute(update(person).where(person.c.email == email).values(**values))
