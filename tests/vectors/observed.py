"""What a mail did to a desk, read from its database, and what of it is not as it should be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.journeys.desk import ADMIN, Desk
from tests.vectors.corpus import Vector
from tests.vectors.world import AGENT, BOB, CAROL, OTHER_AGENT, SECRET

STAFF = {AGENT, OTHER_AGENT, ADMIN}
_STANDING = ("status", "phase", "assignee", "requester_email", "participants", "subject", "closed_at")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`tickets`: how each stands; `letters`: ids; `mails`: how often each came."""

    tickets: dict[int, dict[str, Any]]
    letters: frozenset[str]
    mails: dict[str, int]


@dataclass(frozen=True, slots=True)
class Observed:
    """`mail` is the row of the one mail that came; `letters` those that were promised since."""

    before: Snapshot
    after: Snapshot
    mail: dict[str, Any]
    letters: list[dict[str, Any]]

    @property
    def duplicate(self) -> bool:
        return bool(self.mail["copies"] > 1)


def snapshot(desk: Desk) -> Snapshot:
    tickets = {row["number"]: row for row in desk.rows("SELECT * FROM ticket")}
    letters = frozenset(row["id"] for row in desk.rows("SELECT id FROM outbox"))
    mails = {row["id"]: row["copies"] for row in desk.rows("SELECT id, copies FROM mail")}
    return Snapshot(tickets, letters, mails)


def observe(desk: Desk, before: Snapshot) -> Observed:
    after = snapshot(desk)
    (came,) = (one for one, copies in after.mails.items() if before.mails.get(one) != copies)
    (mail,) = desk.rows("SELECT * FROM mail WHERE id = ?", came)
    letters = [row for row in desk.rows("SELECT * FROM outbox") if row["id"] not in before.letters]
    return Observed(before, after, mail, letters)


def complaints(vector: Vector, seen: Observed) -> list[str]:
    return [*_decided(vector, seen), *_touched(vector, seen), *_written(vector, seen)]


def _decided(vector: Vector, seen: Observed) -> list[str]:
    told = f"{seen.mail['decision']} ({seen.mail['reason']}) on {seen.mail['ticket']}"
    if seen.mail["decision"] not in vector.decisions:
        return [f"it wants {vector.decisions}, not {told}"]
    if vector.ticket is not None and seen.mail["ticket"] != vector.ticket:
        return [f"it belongs on {vector.ticket}: {told}"]
    new = seen.after.tickets.keys() - seen.before.tickets.keys()
    wanted = 1 if seen.mail["decision"] in ("new_ticket", "follow_up") else 0
    return [f"{len(new)} new tickets: {told}"] if len(new) != wanted else []


def _touched(vector: Vector, seen: Observed) -> list[str]:
    """Only what is appended moves a ticket; held, filed and ignored mail leaves every one as it stood."""
    moved = {
        number
        for number, ticket in seen.before.tickets.items()
        if any(ticket[name] != seen.after.tickets[number][name] for name in _STANDING)
    }
    may = {vector.ticket} if "append" in vector.decisions else set()
    found = [f"it moved ticket {number}" for number in moved - may]
    for number, ticket in seen.after.tickets.items():
        people = {one["email"] for one in _people(ticket)}
        known = {one["email"] for one in _people(seen.before.tickets.get(number, {"participants": "[]"}))}
        if people - known:
            found.append(f"it made {people - known} participants of {number}")
    return found


def _people(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    read = json.loads(ticket["participants"])
    return [one if isinstance(one, dict) else {"email": str(one)} for one in read]


def _written(vector: Vector, seen: Observed) -> list[str]:
    """Letters go to staff, to who is on the ticket by our own database, and to nobody out of the mail at hand."""
    found = []
    entitled = set(STAFF)
    for number in seen.after.tickets:
        if number not in seen.before.tickets or number == vector.ticket:
            entitled.add(seen.after.tickets[number]["requester_email"])
    if vector.ticket == 1042:
        entitled.add(BOB)
    for letter in seen.letters:
        to = letter["recipient"]
        if to not in entitled:
            found.append(f"{letter['name']} went to {to}")
        if to not in STAFF and not vector.answered and letter["auto_submitted"] == "auto-replied":
            found.append(f"{to} was answered automatically by {letter['name']}")
        if SECRET in json.dumps(letter["letter"]) and to not in {CAROL, *STAFF}:
            found.append(f"{letter['name']} tells {to} what is secret")
    return found
