"""Mail we have said yes to: what waits, what became of it, what people look at.

A mail is `pending` until it is settled, in the same transaction as everything that follows from it: `done`, `held`
(for somebody to release), `quarantined` (it could not be read, or failed too often) or `dropped`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Integer, Row, bindparam, select, text, update

from gateway.mail.message import Envelope
from gateway.store.codec import storable
from gateway.store.tables import mail

MailState = Literal["pending", "done", "held", "quarantined", "dropped"]
Release = Literal["", "retry", "accept", "join", "alias", "confirm"]


# Spelled out: a partial index serves no query that brings its condition as a parameter.
_PENDING = text("state = 'pending'")
# Built once: they are on every mail's path.
_WAITING = select(mail).where(_PENDING).order_by(mail.c.received_at, mail.c.id).limit(bindparam("most", type_=Integer))
_TAKE = select(mail).where(mail.c.id == bindparam("mine"), _PENDING).with_for_update(skip_locked=True)
_GET = select(mail).where(mail.c.id == bindparam("mine"))
_SETTLE = update(mail).where(mail.c.id == bindparam("mine"), _PENDING)


class NotPending(Exception):
    """This mail was settled by somebody else in the meantime: nothing of this unit of work may be kept."""


@dataclass(frozen=True, slots=True)
class SpooledMail:
    """A mail in the spool. `mailbox` is the one it was fetched from (IMAP), or ""; `copies` how often it came.

    `released_by`: who took it out of hold or quarantine, and `released_as` what they said of its sender. `size` is in
    octets, `sha256` names the raw bytes, or is None once they were forgotten.
    """

    id: str
    key: str
    received_at: datetime
    envelope: Envelope
    mailbox: str
    size: int
    sha256: str | None
    attempts: int
    copies: int
    released_by: str
    released_as: Release


@dataclass(frozen=True, slots=True)
class MailRecord:
    """A mail and what became of it; `verdict` is the trace as it was recorded, `error` a traceback or ""."""

    mail: SpooledMail
    state: MailState
    settled_at: datetime | None
    decision: str
    reason: str
    kind: str
    ticket: int | None
    article: str | None
    message_id: str | None
    from_email: str
    subject: str
    error: str
    verdict: Mapping[str, Any] | None

    @property
    def confirmer(self) -> str:
        """The agent who has to confirm what it orders, or ""."""
        return str((self.verdict or {}).get("confirm", "")) if self.state == "held" else ""


def pending(tx: Connection, limit: int) -> list[SpooledMail]:
    """The mails that wait, oldest first."""
    return [_spooled(row) for row in tx.execute(_WAITING, {"most": limit})]


def take(tx: Connection, mail_id: str) -> SpooledMail | None:
    """The mail, if it is still pending and no other gateway has it in hand: first in the unit that settles it."""
    row = tx.execute(_TAKE, {"mine": mail_id}).one_or_none()
    return _spooled(row) if row else None


def settle(
    tx: Connection,
    mail_id: str,
    *,
    now: datetime,
    state: MailState,
    decision: str,
    reason: str,
    kind: str,
    ticket: int | None,
    article: str | None,
    verdict: Mapping[str, Any] | None,
    message_id: str | None,
    from_email: str,
    subject: str,
    fingerprint: str = "",
) -> None:
    """Write what became of a pending mail. Raises NotPending where it is not."""
    values = {
        "mine": mail_id,
        "state": state,
        "settled_at": now,
        "decision": decision,
        "reason": storable(reason),
        "kind": kind,
        "ticket": ticket,
        "article": article,
        "verdict": verdict,
        "message_id": None if message_id is None else storable(message_id),
        "from_email": storable(from_email),
        "subject": storable(subject),
        "fingerprint": fingerprint,
    }
    if tx.execute(_SETTLE, values).rowcount != 1:
        raise NotPending(mail_id)


def note_failure(tx: Connection, mail_id: str, traceback: str) -> int:
    """Count a failed try; the number of tries so far. In a transaction of its own: that of the try is gone."""
    counted = update(mail).where(mail.c.id == mail_id, mail.c.state == "pending")
    counted = counted.values(attempts=mail.c.attempts + 1, error=storable(traceback))
    return int(tx.execute(counted.returning(mail.c.attempts)).scalar_one_or_none() or 0)


def quarantine(tx: Connection, mail_id: str, *, now: datetime, reason: str, error: str = "") -> bool:
    """Set a pending mail aside, whole; False where it was not pending."""
    values = {"state": "quarantined", "decision": "quarantine", "settled_at": now, "reason": storable(reason)}
    if error:
        values["error"] = storable(error)
    changed = tx.execute(update(mail).where(mail.c.id == mail_id, mail.c.state == "pending").values(**values))
    return changed.rowcount == 1


def release(tx: Connection, mail_id: str, *, by: str, as_: Release = "retry") -> bool:
    """Make a held or quarantined mail pending again, marked with who did it; False where it is neither."""
    changed = tx.execute(
        update(mail)
        .where(mail.c.id == mail_id, mail.c.state.in_(("held", "quarantined")))
        .values(state="pending", attempts=0, released_by=by, released_as=as_)
    )
    return changed.rowcount == 1


def drop(tx: Connection, mail_id: str, *, now: datetime, by: str) -> bool:
    """Give up a held or quarantined mail; its bytes stay as long as those of others. False where it is neither."""
    changed = tx.execute(
        update(mail)
        .where(mail.c.id == mail_id, mail.c.state.in_(("held", "quarantined")))
        .values(state="dropped", settled_at=now, released_by=by)
    )
    return changed.rowcount == 1


def hand_over(tx: Connection, mail_id: str, *, ticket: int, by: str, now: datetime) -> None:
    """It is on this ticket now; one that was held waits for nobody any more."""
    tx.execute(update(mail).where(mail.c.id == mail_id).values(ticket=ticket))
    held = update(mail).where(mail.c.id == mail_id, mail.c.state == "held")
    tx.execute(held.values(state="done", decision="new_ticket", released_by=by, settled_at=now))


def get(tx: Connection, mail_id: str) -> MailRecord | None:
    row = tx.execute(_GET, {"mine": mail_id}).one_or_none()
    return _record(row) if row else None


def by_key(tx: Connection, key: str) -> MailRecord | None:
    """The mail that we took under this key (see `keying`), if we did."""
    row = tx.execute(select(mail).where(mail.c.key == key)).one_or_none()
    return _record(row) if row else None


def find(tx: Connection, prefix: str, limit: int = 2) -> list[str]:
    """Ids that begin with `prefix`, for people who type the first letters of one."""
    alike = mail.c.id.startswith(prefix, autoescape=True)
    return list(tx.execute(select(mail.c.id).where(alike).order_by(mail.c.id).limit(limit)).scalars())


def listed(
    tx: Connection,
    *,
    states: Sequence[MailState] = (),
    since: datetime | None = None,
    ticket: int | None = None,
    limit: int = 1000,
) -> list[MailRecord]:
    """The newest mails that fit, oldest of them first."""
    wanted = select(mail).order_by(mail.c.received_at.desc(), mail.c.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(mail.c.state.in_(states))
    if since is not None:
        wanted = wanted.where(mail.c.received_at >= since)
    if ticket is not None:
        wanted = wanted.where(mail.c.ticket == ticket)
    return [_record(row) for row in reversed(tx.execute(wanted).all())]


def _spooled(row: Row[Any]) -> SpooledMail:
    return SpooledMail(
        id=row.id,
        key=row.key,
        received_at=row.received_at,
        envelope=Envelope(
            mail_from=row.mail_from,
            rcpt_tos=tuple(row.rcpt_tos),
            peer=row.peer,
            helo=row.helo,
            tls=row.tls,
            source=row.source,
        ),
        mailbox=row.mailbox,
        size=row.size,
        sha256=row.sha256,
        attempts=row.attempts,
        copies=row.copies,
        released_by=row.released_by,
        released_as=row.released_as,
    )


def _record(row: Row[Any]) -> MailRecord:
    return MailRecord(
        mail=_spooled(row),
        state=row.state,
        settled_at=row.settled_at,
        decision=row.decision,
        reason=row.reason,
        kind=row.kind,
        ticket=row.ticket,
        article=row.article,
        message_id=row.message_id,
        from_email=row.from_email,
        subject=row.subject,
        error=row.error,
        verdict=row.verdict,
    )


def raw_of(tx: Connection, email: str) -> list[tuple[str, str]]:
    """The mails from this address (normal form) whose bytes are still kept: id and SHA-256, oldest first."""
    theirs = select(mail.c.id, mail.c.sha256).where(mail.c.from_email == email, mail.c.sha256.is_not(None))
    return [(row.id, row.sha256) for row in tx.execute(theirs.order_by(mail.c.received_at, mail.c.id))]


def newest(tx: Connection, limit: int) -> list[SpooledMail]:
    """The mails that came last, newest first, of those whose bytes are still kept."""
    wanted = select(mail).where(mail.c.sha256.is_not(None)).order_by(mail.c.received_at.desc(), mail.c.id)
    return [_spooled(row) for row in tx.execute(wanted.limit(limit))]


def kept(tx: Connection, since: datetime | None = None) -> Iterator[SpooledMail]:
    """The mails (received since then) whose bytes are still kept, oldest first."""
    wanted = select(mail).where(mail.c.sha256.is_not(None)).order_by(mail.c.received_at, mail.c.id)
    return map(_spooled, tx.execute(wanted if since is None else wanted.where(mail.c.received_at >= since)))
