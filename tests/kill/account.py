"""The account at the end: the ledgers against the database, the mailbox, the relay. No finding is the promise kept.

The checks and their numbers: (1) every mail that got its yes is on exactly one ticket, (2) nothing is there that nobody
gave, (3) nothing is there twice, (4) the mailbox is empty and all of its mail lies in the folder for what was taken,
(5) every letter is sent and known at the relay, (6) repeats are as rare as kills, and the same bytes, (7) stored bytes
are the given ones, (8) the database is whole, (9) quarantine holds the planted mails alone, (10) nobody got a letter
that was not theirs.
"""

from __future__ import annotations

import collections
import hashlib
import imaplib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.kill.given import Given, Kind, Way
from tests.kill.world import AGENT, ImapAccount, World

_WORD = re.compile(r"My word for this mail is (k\w+)")
WORKERS = 10  # letters that the daemon may have in hand at the relay when it is killed


@dataclass(frozen=True, slots=True)
class Evidence:
    """`kills` of the run; the ledgers as lines."""

    mails: list[Given]
    given: list[dict[str, Any]]
    acknowledged: list[dict[str, Any]]
    relay: list[dict[str, Any]]
    kills: int


def findings(world: World, evidence: Evidence) -> list[str]:
    return [
        *_entries(world, evidence),
        *_mailbox(world.imap, evidence),
        *_letters(world, evidence),
        *_bytes(world, evidence),
        *_database(world),
        *_quarantine(world, evidence),
    ]


def _entries(world: World, evidence: Evidence) -> Iterator[str]:
    """(1) (2) (3): the text of a mail names it, so that none of the daemon's own keys is trusted."""
    articles = collections.Counter[str]()
    tickets: dict[str, int] = {}
    for row in world.rows("SELECT ticket, text FROM article WHERE direction = 'in'"):
        for name in _WORD.findall(row["text"]):
            articles[name] += 1
            tickets[name] = row["ticket"]
    subjects = collections.Counter(
        name
        for row in world.rows("SELECT subject FROM ticket")
        for name in re.findall(r"k[0-9a-f]+n\d+", row["subject"])
    )
    by_id = {mail.id: mail for mail in evidence.mails}
    acknowledged = {line["id"] for line in evidence.acknowledged}
    for name in sorted(acknowledged):
        mail = by_id[name]
        if mail.kind is Kind.POISON:
            continue
        if not articles[name]:
            yield f"LOST {name} ({mail.kind}, {mail.way}): it got its yes and is on no ticket"
        if mail.kind is Kind.NEW and subjects[name] > 1:
            yield f"DOUBLE {name} ({mail.way}): {subjects[name]} tickets"
        if mail.parent and name in tickets and tickets[name] != tickets.get(mail.parent):
            yield f"ASTRAY {name}: on ticket {tickets[name]}, its parent on {tickets.get(mail.parent)}"
    yield from (f"DOUBLE {name}: {count} entries" for name, count in articles.items() if count > 1)
    yield from (f"UNKNOWN {name}: nobody gave it" for name in articles if name not in by_id)


def _mailbox(account: ImapAccount | None, evidence: Evidence) -> Iterator[str]:
    """(4)"""
    if account is None:
        return
    counts = folder_sizes(account)
    given = sum(line["way"] == "imap" for line in evidence.acknowledged)
    taken = sum(count for folder, count in counts.items() if folder.startswith("Gateway"))
    if counts.get("INBOX"):
        yield f"LEFT {counts['INBOX']} mails in the mailbox"
    if taken != given:
        yield f"MAILBOX {given} mails were put into it, {taken} are in the folders for what was taken"


def folder_sizes(account: ImapAccount) -> dict[str, int]:
    """Messages by folder."""
    sizes = {}
    with imaplib.IMAP4("127.0.0.1", account.port) as client:
        client.login(account.user, account.password)
        for line in client.list()[1]:
            name = line.decode().rsplit(" ", 1)[-1].strip('"') if isinstance(line, bytes) else ""
            _, status = client.status(f'"{name}"', "(MESSAGES)")
            counted = re.search(rb"MESSAGES (\d+)", status[0] or b"")
            sizes[name] = int(counted[1]) if counted else 0
    return sizes


def _letters(world: World, evidence: Evidence) -> Iterator[str]:
    """(5) (6) (10)"""
    outbox = {row["message_id"]: row for row in world.rows("SELECT message_id, recipient, state FROM outbox")}
    arrived: dict[str, list[str]] = collections.defaultdict(list)
    entitled = {AGENT, *(mail.sender for mail in evidence.mails)}
    for line in evidence.relay:
        arrived[line["message_id"]].append(line["sha256"])
        for recipient in line["recipients"]:
            if recipient not in entitled:
                yield f"MISDIRECTED {line['message_id']} to {recipient}"
    for message_id, row in outbox.items():
        if row["state"] != "sent":
            yield f"UNSENT {message_id} to {row['recipient']}: {row['state']}"
        elif message_id not in arrived:
            yield f"NEVER SENT {message_id} to {row['recipient']}: marked sent, the relay never had it"
    yield from (f"ALIEN {message_id}: at the relay, in no outbox" for message_id in arrived if message_id not in outbox)
    yield from (
        f"CHANGED {message_id}: repeated with other bytes" for message_id, sums in arrived.items() if len({*sums}) > 1
    )
    repeats = sum(len(sums) - 1 for sums in arrived.values())
    if repeats > evidence.kills * WORKERS:
        yield f"REPEATED {repeats} letters came again; {evidence.kills} kills explain {evidence.kills * WORKERS}"
    acknowledged = {line["id"] for line in evidence.acknowledged}
    told = {row["recipient"] for row in outbox.values()}
    for mail in evidence.mails:
        if mail.kind is Kind.NEW and mail.id in acknowledged and mail.sender not in told:
            yield f"UNANSWERED {mail.id}: {mail.sender} was promised no letter"


def _bytes(world: World, evidence: Evidence) -> Iterator[str]:
    """(7) Of a mail that came by IMAP the attachment alone: the server in between has added lines of its own."""
    given: dict[str, set[str]] = collections.defaultdict(set)
    for line in evidence.given:
        given[f"<{line['id']}@customer.example>"].add(line["sha256"])
    by_message_id = {mail.message_id: mail for mail in evidence.mails}
    for row in world.rows("SELECT message_id, sha256 FROM mail WHERE source IN ('smtp', 'lmtp')"):
        mail = by_message_id.get(_bracketed(row["message_id"]))
        if mail and mail.way in (Way.SMTP, Way.LMTP) and row["sha256"] not in given[mail.message_id]:
            yield f"ALTERED {mail.id}: its bytes are none that were given"
    for row in world.rows("SELECT sha256 FROM blob"):
        if hashlib.sha256(_blob(world, row["sha256"])).hexdigest() != row["sha256"]:
            yield f"BROKEN blob {row['sha256']}"
    kept = {row["sha256"] for row in world.rows("SELECT sha256 FROM attachment")}
    acknowledged = {line["id"] for line in evidence.acknowledged}
    for mail in evidence.mails:
        if mail.attachment and mail.id in acknowledged and mail.attachment_sha256 not in kept:
            yield f"ATTACHMENT of {mail.id} is not the given one"


def _bracketed(message_id: str | None) -> str:
    return f"<{(message_id or '').strip('<>')}>"


def _blob(world: World, sha256: str) -> bytes:
    """The bytes, wherever they are kept; none where they are not."""
    (row,) = world.rows(f"SELECT data FROM blob WHERE sha256 = '{sha256}'") or [{"data": b""}]
    if row["data"] is not None:
        return bytes(row["data"])
    files = [path for path in (world.folder / "state").rglob(sha256) if path.is_file()]
    return files[0].read_bytes() if files else b""


def _database(world: World) -> Iterator[str]:
    """(8)"""
    integrity = world.rows("PRAGMA integrity_check")
    if [row["integrity_check"] for row in integrity] != ["ok"]:
        yield f"DATABASE {integrity}"
    yield from (f"FOREIGN KEY {row}" for row in world.rows("PRAGMA foreign_key_check"))


def _quarantine(world: World, evidence: Evidence) -> Iterator[str]:
    """(9) What was too odd to be read has no Message-ID in the database: its bytes say which it is."""
    acknowledged = {line["id"] for line in evidence.acknowledged}
    planted = {mail.id for mail in evidence.mails if mail.kind is Kind.POISON and mail.id in acknowledged}
    rows = world.rows("SELECT sha256, reason, error FROM mail WHERE decision = 'quarantine'")
    found = {
        name: row for row in rows for name in _WORD.findall(_blob(world, row["sha256"]).decode("ascii", "replace"))
    }
    yield from (f"NOT SET ASIDE {name}" for name in planted - found.keys())
    yield from (
        f"SET ASIDE {name} {row['reason']} {row['error']}" for name, row in found.items() if name not in planted
    )
    yield from (f"PENDING {row}" for row in world.rows("SELECT message_id, error FROM mail WHERE state = 'pending'"))
