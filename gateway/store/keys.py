"""The desk's secret keys, in the database so that every gateway on it mints the same codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select, update

from gateway.mail.thread import Key, Keys
from gateway.store.dialect import insert_or_leave
from gateway.store.tables import key


def new_secret() -> bytes:
    return secrets.token_bytes(32)


def load(tx: Connection) -> Keys | None:
    """All keys, the one in use first; None before the first start."""
    rows = tx.execute(select(key).order_by(key.c.retired_at.is_not(None), key.c.made_at.desc(), key.c.id.desc())).all()
    return Keys(tuple(Key(row.id, bytes(row.secret), row.retired_at) for row in rows)) if rows else None


def load_or_make(tx: Connection, now: datetime, secret: Callable[[], bytes] = new_secret) -> Keys:
    """All keys; at first start one is made. Of two gateways that start at once, both get the one that came first."""
    found = load(tx)
    if found is None:
        insert_or_leave(tx, key, [{"id": "1", "secret": secret(), "made_at": now, "retired_at": None}], keys=("id",))
        found = load(tx)
    if found is None:
        raise AssertionError("a key was inserted")
    return found


def rotate(tx: Connection, now: datetime, secret: Callable[[], bytes] = new_secret) -> Keys:
    """Retire the key in use and make another one."""
    present = load_or_make(tx, now, secret)
    tx.execute(update(key).where(key.c.retired_at.is_(None)).values(retired_at=now))
    following = str(max(int(each.id) for each in present.keys) + 1)
    insert_or_leave(tx, key, [{"id": following, "secret": secret(), "made_at": now, "retired_at": None}], keys=("id",))
    return load_or_make(tx, now, secret)
