"""Forgetting a person: of their tickets stay numbers, dates and what was done; who they were and what was said goes.

Events are the truth about a ticket, so they are rewritten, not removed: replayed, they make the very ticket that its
row shows. On tickets of others only the person's own words go, and their name and address wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, delete, func, or_, select, update

from gateway.desk.events import PersonForgotten
from gateway.desk.events_bonds import Absorbed
from gateway.store import events as event_rows
from gateway.store import words
from gateway.store.articles import ref_key
from gateway.store.tables import (
    article,
    attachment,
    blob,
    enclosure,
    event,
    hook_call,
    mail,
    message_ref,
    outbox,
    person,
    ticket,
)
from gateway.store.tickets import Replay, projection

REMOVED = "(removed)"
_ENDED = ("sent", "failed", "dropped", "merged")
_SHORTEST_NAME = 4  # characters: "Al" stands in too many words
_SAID = frozenset({"subject", "comment", "rating_comment", "diagnostic", "why", "requester_name"})  # by or about them
_TITLES = frozenset({"before", "after"})  # of SubjectChanged


class NotYet(Exception):
    """The desk still has to write to them, or about what they said: what has to be done first, in words."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be forgotten: every address, every name they were known by, and what stands for them from now on."""

    addresses: tuple[str, ...]
    names: tuple[str, ...]
    stand_in: str
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = (*self.addresses, *(name for name in self.names if len(name) >= _SHORTEST_NAME))
        joined = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        object.__setattr__(self, "_pattern", re.compile(rf"(?<![\w.+-])(?:{joined})(?!\w)", re.IGNORECASE))

    def is_(self, address: object) -> bool:
        return isinstance(address, str) and address.lower() in self.addresses

    def is_in(self, text: str) -> bool:
        return any(self.is_(each[0]) for each in self._pattern.finditer(text))

    def out_of(self, text: str) -> str:
        """`text` with the stand-in for each address and nothing for each name."""
        return self._pattern.sub(lambda found: self.stand_in if self.is_(found[0]) else REMOVED, text)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`letters` are the ids of those that are gone, `blobs` the bytes that nothing needs any more."""

    own: tuple[int, ...]
    others: tuple[int, ...]
    mails: int
    letters: tuple[str, ...]
    blobs: tuple[str, ...]


def known(tx: Connection, email: str, stand_in: str) -> Person | None:
    """Everything that `email` (normal form) was known by, aliases on their tickets included; None: nothing is known."""
    rows = tx.execute(select(ticket.c.requester_name, ticket.c.participants).where(ticket.c.requester_email == email))
    addresses, names = {email}, set()
    for name, participants in rows:
        names.add(name)
        addresses |= {address for _, address, role in participants if role == "alias"}
    for column, key in ((article.c.author_name, article.c.author_email), (person.c.name, person.c.email)):
        names |= set(tx.execute(select(column).where(key.in_(addresses)).distinct()).scalars())
    who = Person(tuple(sorted(addresses)), tuple(sorted(names - {""})), stand_in)
    met = select(mail.c.id).where(mail.c.from_email.in_(addresses)).limit(1)
    return who if names or tx.execute(met).first() or _touched(tx, who) else None


def forget(tx: Connection, who: Person, *, by: str, now: datetime, replay: Replay) -> Forgotten:
    """Take them out of every row. Raises NotYet, before anything is done.

    The files of `Forgotten.blobs` and copies of `Forgotten.letters` elsewhere are the caller's to remove, after the
    commit; then `erase.scrub` takes care of what the database file still shows.
    """
    mine = select(ticket.c.number, ticket.c.status).where(ticket.c.requester_email.in_(who.addresses))
    own = {row.number: row.status for row in tx.execute(mine.order_by(ticket.c.number))}
    if waiting := [number for number, status in own.items() if status != "closed"]:
        raise NotYet(f"tickets of theirs are not closed: {', '.join(map(str, waiting))}")
    others = tuple(sorted(_touched(tx, who) - own.keys()))
    if unsent := _unsent(tx, (*own, *others)):
        raise NotYet(f"letters on tickets that speak of them have not left yet: {', '.join(unsent)}")
    mails, raw = _mails(tx, who, own, others, now)
    files = _articles(tx, who, own, others)
    letters, enclosed = _letters(tx, who, own, others)
    for number in (*own, *others):
        _events(tx, who, number, own=number in own, by=by, now=now, replay=replay)
    tx.execute(update(hook_call).where(hook_call.c.ticket.in_((*own, *others))).values(said=""))
    tx.execute(delete(person).where(person.c.email.in_(who.addresses)))
    return Forgotten(tuple(own), others, mails, letters, _unneeded(tx, raw | files | enclosed))


def _touched(tx: Connection, who: Person) -> set[int]:
    """Tickets on which one of the addresses stands anywhere."""
    found: set[int] = set()
    for numbers, texts in (
        (event.c.ticket, (event.c.by, cast(event.c.data, String))),
        (article.c.ticket, (article.c.author_email, article.c.text, article.c.quoted, article.c.subject)),
        (outbox.c.ticket, (outbox.c.recipient, cast(outbox.c.letter, String))),
        (mail.c.ticket, (mail.c.from_email, mail.c.mail_from)),
    ):
        said = (words.contains(text, address) for text in texts for address in who.addresses)
        near = select(numbers, *texts).where(or_(*said), numbers.is_not(None))  # "ana@b.c" stands in "joana@b.c" too
        found |= {number for number, *rest in tx.execute(near) if any(who.is_in(text) for text in rest)}
    return found


# -- mails and articles ------------------------------------------------------------------------------------------------


def _mails(
    tx: Connection, who: Person, own: Iterable[int], others: Sequence[int], now: datetime
) -> tuple[int, set[str]]:
    """Theirs lose everything that was said, and wait for nobody; of others' on these tickets the raw bytes go. How many
    were theirs, and which bytes those were."""
    sent = or_(mail.c.from_email.in_(who.addresses), func.lower(mail.c.mail_from).in_(who.addresses))
    theirs = or_(sent, mail.c.ticket.in_(list(own)))
    beside = and_(mail.c.ticket.in_(others), mail.c.state == "done")
    shas = set(tx.execute(select(mail.c.sha256).where(or_(theirs, beside), mail.c.sha256.is_not(None))).scalars())
    ids = tx.execute(select(mail.c.message_id).where(sent, mail.c.message_id.is_not(None))).scalars()
    for message_id in list(ids):
        tx.execute(delete(message_ref).where(message_ref.c.message_id == ref_key(message_id)))
    blank = {"mail_from": "", "rcpt_tos": [], "peer": "", "helo": "", "subject": "", "reason": "", "error": ""}
    empty = {"sha256": None, "message_id": None, "verdict": None, "fingerprint": ""}
    unsettled = theirs & mail.c.state.in_(("pending", "held", "quarantined"))
    tx.execute(update(mail).where(unsettled).values(state="dropped", settled_at=now))
    count = tx.execute(update(mail).where(sent).values(from_email=who.stand_in, **blank, **empty)).rowcount
    tx.execute(update(mail).where(mail.c.ticket.in_(list(own))).values(**blank, **empty))
    tx.execute(update(mail).where(beside).values(sha256=None))
    return count, shas


def _articles(tx: Connection, who: Person, own: Iterable[int], others: Sequence[int]) -> set[str]:
    """All that was said on their own tickets goes, with its files; elsewhere what they said, and what others
    quoted. Returns whose bytes."""
    numbers = list(own)
    theirs = article.c.author_email.in_(who.addresses)
    on_theirs = or_(article.c.ticket.in_(numbers), article.c.id.in_(_brought(tx, numbers, others)))
    files = attachment.c.article.in_(select(article.c.id).where(or_(theirs, on_theirs)))
    shas = set(tx.execute(select(attachment.c.sha256).where(files)).scalars())
    tx.execute(delete(attachment).where(files))
    tx.execute(delete(message_ref).where(message_ref.c.ticket.in_(numbers)))
    for row in tx.execute(select(article).where(article.c.ticket.in_(others), ~theirs)).all():
        changed = {name: who.out_of(row._mapping[name]) for name in ("text", "subject", "author_name")}
        reached = [who.out_of(address) for address in row.reached]
        tx.execute(update(article).where(article.c.id == row.id).values(**changed, quoted="", reached=reached))
    said = {"text": REMOVED, "quoted": "", "subject": "", "reached": []}
    tx.execute(update(article).where(or_(theirs, on_theirs)).values(**said))
    tx.execute(update(article).where(theirs).values(author_name="", author_email=who.stand_in, message_id=None))
    return shas


def _brought(tx: Connection, own: Sequence[int], others: Sequence[int]) -> list[str]:
    """The articles of their tickets that were merged into tickets of others, and are there."""
    merged = select(event.c.data).where(event.c.kind == Absorbed.__name__, event.c.ticket.in_(others))
    found = (data for data in tx.execute(merged).scalars() if data["number"] in own)
    return [each for data in found for each in data.get("articles", ())]


# -- letters -----------------------------------------------------------------------------------------------------------


def _unsent(tx: Connection, numbers: Sequence[int]) -> list[str]:
    waiting = select(outbox.c.id).where(outbox.c.ticket.in_(numbers), outbox.c.state.not_in(_ENDED))
    return list(tx.execute(waiting.order_by(outbox.c.date)).scalars())


def _letters(
    tx: Connection, who: Person, own: Iterable[int], others: Sequence[int]
) -> tuple[tuple[str, ...], set[str]]:
    """To them, and on their tickets: gone. On other tickets, and lists of tickets, may say what they said: without
    words. Such a list that has not left yet leaves without the name. Returns which are gone, and whose bytes."""
    mine = or_(outbox.c.ticket.in_(list(own)), func.lower(outbox.c.recipient).in_(who.addresses))
    letters = tuple(tx.execute(select(outbox.c.id).where(mine)).scalars())
    beside = select(outbox).where(or_(outbox.c.ticket.in_(others), outbox.c.ticket.is_(None)), ~mine)
    rows = tx.execute(beside).all()
    emptied = [row.id for row in rows if row.state in _ENDED]
    files = enclosure.c.letter.in_([*letters, *emptied])
    shas = set(tx.execute(select(enclosure.c.sha256).where(files)).scalars())
    tx.execute(delete(enclosure).where(files))
    tx.execute(delete(outbox).where(outbox.c.id.in_(letters)))
    for row in rows:
        kept = _without(row.letter, who, own=False)
        letter = {**kept, "text": REMOVED, "html": "", "enclosures": []} if row.state in _ENDED else kept
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(letter=letter, subject=who.out_of(row.subject)))
    return letters, shas


# -- events ------------------------------------------------------------------------------------------------------------


def _events(tx: Connection, who: Person, number: int, *, own: bool, by: str, now: datetime, replay: Replay) -> None:
    rows = tx.execute(select(event).where(event.c.ticket == number).order_by(event.c.seq)).all()
    for row in rows:
        data = _without(row.data, who, own=own or who.is_(row.by))  # a contact's comment on a quote is theirs, too
        if own and row.kind == "SubjectChanged":
            data = {name: "" if name in _TITLES else value for name, value in data.items()}
        author = who.stand_in if who.is_(row.by) else row.by
        if (data, author) != (row.data, row.by):
            tx.execute(update(event).where(event.c.id == row.id).values(data=data, by=author))
    event_rows.append(tx, [(number, len(rows) + 1, [PersonForgotten(at=now, by=by)])])
    after = replay(event_rows.events_of(tx, number))
    assert after is not None
    shown = projection(after)
    del shown["number"]
    tx.execute(update(ticket).where(ticket.c.number == number).values(**shown))


def _without(plain: Any, who: Person, *, own: bool) -> Any:
    """JSON without them; `own`: of a ticket of theirs, so without what was said, too."""
    match plain:
        case str():
            return who.out_of(plain)
        case list():
            return [_without(each, who, own=own) for each in plain]
        case dict():
            them = any(who.is_(plain.get(key)) for key in ("email", "requester_email"))
            blank = (*(_SAID if own else ()), *(("name",) if them else ()))
            return {
                name: "" if name in blank and isinstance(value, str) else _without(value, who, own=own)
                for name, value in plain.items()
            }
    return plain


# -- bytes -------------------------------------------------------------------------------------------------------------


def _unneeded(tx: Connection, shas: set[str]) -> tuple[str, ...]:
    """Which of these nothing refers to any more; their rows are removed."""
    gone = []
    for sha256 in sorted(shas):
        used: list[ColumnElement[bool]] = [
            select(column).where(column == sha256).exists()
            for column in (mail.c.sha256, attachment.c.sha256, enclosure.c.sha256)
        ]
        if tx.execute(delete(blob).where(blob.c.sha256 == sha256, ~or_(*used))).rowcount:
            gone.append(sha256)
    return tuple(gone)
