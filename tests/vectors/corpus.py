"""The shared vectors: foreign and hostile mails, each with what should become of it. Not part of this repository."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vectors"
MISSING = "the shared vectors are not here"
_PLACEHOLDER = re.compile(rb"@@([A-Z]+)(?::(\d+))?@@")

# EXPECTED.md speaks of actions, CONTRACT §3 of decisions, and CONTRACT holds.
DECISIONS: dict[str, tuple[str, ...]] = {
    "new": ("new_ticket", "follow_up"),
    "append": ("append",),
    "hold": ("hold",),
    "note": ("file",),
    "dsn": ("file",),
    "ignore": ("ignore", "file"),
    "quarantine": ("quarantine",),
}


@dataclass(frozen=True, slots=True)
class Differing:
    """Where the contract wants something else than the vectors do, and why."""

    decision: str
    ticket: int | None
    reason: str


DIFFERING = {
    "C10-vacation-no-headers": Differing(
        "file", 1042, "its subject and its words say that it is an absence: machine mail on a ticket is filed"
    ),
    "C16-other-helpdesk-ack": Differing(
        "new_ticket",
        None,
        "a number without its code is no match, and nothing but the header says what it is: whatever else a machine "
        "sends opens a ticket, unacknowledged",
    ),
}


@dataclass(frozen=True, slots=True)
class Vector:
    """`raw`, `mail_from` and `rcpt` have placeholders in them. `auth`: what the trusted server says, or "raw".

    `decisions` are those that are right, `ticket` where it has to end, if on one of the world's. `answered`: an
    automatic letter may leave for its sender.
    """

    name: str
    group: str
    raw: bytes
    mail_from: str
    rcpt: tuple[str, ...]
    auth: str
    decisions: tuple[str, ...]
    ticket: int | None
    answered: bool

    @property
    def opens(self) -> bool:
        return "new_ticket" in self.decisions


@dataclass(frozen=True, slots=True)
class Given:
    """A vector as it is sent in one world: everything filled in, our server's verdict on top."""

    raw: bytes
    mail_from: str
    rcpt: tuple[str, ...]


def vectors() -> list[Vector]:
    """None where the folder is missing."""
    table = FOLDER / "EXPECTED.jsonl"
    return [_vector(json.loads(line)) for line in table.read_text().splitlines()] if table.exists() else []


def filled(vector: Vector, value: Callable[[str, int | None], str], authserv_id: str) -> Given:
    """`value` gives what a placeholder stands for, by its name and the ticket it names."""

    def replaced(found: re.Match[bytes]) -> bytes:
        return value(found[1].decode(), int(found[2]) if found[2] else None).encode()

    def text(of: str) -> str:
        return _PLACEHOLDER.sub(replaced, of.encode()).decode()

    said = b"" if vector.auth == "raw" else f"Authentication-Results: {authserv_id}; dmarc={vector.auth}\r\n".encode()
    raw = said + _PLACEHOLDER.sub(replaced, vector.raw)
    return Given(raw, text(vector.mail_from).strip("<>"), tuple(text(each) for each in vector.rcpt))


def _vector(row: dict[str, str]) -> Vector:
    name = row["file"].removesuffix(".eml")
    action, _, number = row["action"].rstrip(")").partition("(")
    decisions, ticket = DECISIONS[action], int(number) if number else None
    if name in DIFFERING:
        decisions, ticket = (DIFFERING[name].decision,), DIFFERING[name].ticket
    return Vector(
        name=name,
        group=row["group"].split()[0],
        raw=(FOLDER / row["file"]).read_bytes(),
        mail_from=row["mail_from"],
        rcpt=tuple(row["rcpt"]),
        auth=row["auth"],
        decisions=decisions,
        ticket=ticket,
        answered=row["ack"] == "yes",
    )
