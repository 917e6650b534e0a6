"""Every shared vector through the real spool, reader, judge and desk, each in a world of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from gateway.dispatch import Delivery
from gateway.mail.compose import compose
from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter
from gateway.mail.message import Envelope
from gateway.office import Office, new_id, visit_office
from gateway.reader import Reader
from gateway.rounds import Rounds
from gateway.store import outbox
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.spool import Spool
from tests.bench.process import cpu_seconds
from tests.journeys.desk import TRUSTED, Desk
from tests.vectors.corpus import MISSING, Vector, filled, vectors
from tests.vectors.observed import STAFF, Observed, complaints, observe, snapshot
from tests.vectors.world import ALICE, BOB, configuration, furnish, value_of

ALL = {vector.name: vector for vector in vectors()}
SECONDS = 2.0  # of CPU for one mail
# What our letters may say in their headers: whatever else is there came out of the mail that they answer.
HEADERS = frozenset(
    """
    from to reply-to subject date message-id in-reply-to references auto-submitted x-auto-response-suppress
    content-language x-ticket x-ticket-letter x-ticket-loop mime-version content-type content-transfer-encoding
    list-id x-ticket-phase x-ticket-team x-ticket-reason x-ticket-category x-ticket-status x-ticket-priority
    x-ticket-assignee x-ticket-tier x-ticket-organisation list-unsubscribe
    """.split()
)

pytestmark = pytest.mark.skipif(not ALL, reason=MISSING)


@dataclass(slots=True)
class House:
    """`original` is a furnished desk that is copied for each vector; `office`, `runner` and `reader` serve them all."""

    original: Desk
    office: Office
    runner: asyncio.Runner
    reader: Reader


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    original = Desk(tmp_path_factory.mktemp("world") / "desk", 9)
    furnish(original)
    config = configuration(original.configuration)
    office = visit_office(config, {})
    office.close()
    with asyncio.Runner() as runner:
        reader = Reader()
        odd = b"From: a@b.test\r\n\r\n" + b"x" * 100_000
        runner.run(reader.read(odd, Envelope("", ()), config.policy))  # a child is slow to start, and only once
        yield House(original, office, runner, reader)
        reader.close()


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    copied = shutil.copytree(house.original.folder, tmp_path / "desk")
    return replace(house.original, folder=copied)


@pytest.fixture
def office(house: House, desk: Desk) -> Iterator[Office]:
    """The desk's own database and files; rules, words and keys are the original's, which are the same."""
    db = Database(f"sqlite:///{desk.state / 'gateway.db'}", create=False)
    opened = Office(house.office.config, db, replace(house.office.desk, blobs=Blobs(desk.state / "blobs")))
    yield opened
    opened.close()


async def _never(_letter: Letter, _data: bytes) -> Delivery:
    return Outcome("deferred", None, "nothing leaves here")


async def _hand_in(office: Office, reader: Reader, mails: list[tuple[Envelope, bytes]]) -> float:
    """Accept each and work it off; the seconds of CPU that it took, the reading child's included."""
    clock = lambda: datetime.now(UTC)  # noqa: E731
    rounds = Rounds(office.db, office.desk, reader, _never, clock, new_id)
    spool = Spool(
        office.db, office.desk.blobs, message_size=office.config.policy.limits.message_size, clock=clock, new_id=new_id
    )
    began = cpu_seconds(os.getpid())
    for envelope, raw in mails:
        incoming = spool.incoming()
        for start in range(0, len(raw), 65536):
            await incoming.write(raw[start : start + 65536])
        await incoming.commit(envelope)
        while await rounds.mail():
            pass
    spool.close()
    return cpu_seconds(os.getpid()) - began


def judged(house: House, desk: Desk, office: Office, *given: Vector) -> Observed:
    """What the last of these did, all of them handed in one after the other."""
    with office.db.snapshot() as tx:
        ready = [filled(one, lambda name, number: value_of(tx, office, name, number), TRUSTED) for one in given]
    mails = [
        (Envelope(mail_from=one.mail_from, rcpt_tos=one.rcpt, peer="127.0.0.1", source="smtp"), one.raw)
        for one in ready
    ]
    house.runner.run(_hand_in(office, house.reader, mails[:-1]))
    before = snapshot(desk)
    took = house.runner.run(_hand_in(office, house.reader, mails[-1:]))
    seen = observe(desk, before)
    assert took < SECONDS, f"it took {took:.1f} s"
    assert "handling it failed" not in seen.mail["reason"], seen.mail["error"]
    if not seen.duplicate:
        assert seen.mail["sha256"] == hashlib.sha256(mails[-1][1]).hexdigest(), "its bytes are kept as they came"
    _letters_are_sound(office, seen)
    return seen


def _letters_are_sound(office: Office, seen: Observed) -> None:
    """Nothing of a mail becomes a header of our own, and every line travels (RFC 5322 §2.1.1)."""
    with office.db.snapshot() as tx:
        for row in seen.letters:
            letter = outbox.get(tx, row["id"])
            assert letter is not None
            raw = compose(letter, lambda sha256: office.desk.blobs.get(tx, sha256))
            names = [name.lower() for name, _ in message_from_bytes(raw).items()]
            assert set(names) <= HEADERS, set(names) - HEADERS
            assert len(names) == len(set(names)), names
            assert max(map(len, raw.split(b"\r\n"))) <= 998
            assert b"\0" not in raw
            assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", [name for name in ALL if not name.startswith("B26")])
def test_a_vector_becomes_what_it_should(house: House, desk: Desk, office: Office, name: str) -> None:
    seen = judged(house, desk, office, ALL[name])
    assert complaints(ALL[name], seen) == []


def test_a_redelivery_with_another_trace_is_the_same_mail(house: House, desk: Desk, office: Office) -> None:
    seen = judged(house, desk, office, ALL["B24-duplicate-message-id-same"], ALL["B26-redelivery-other-received"])
    assert (seen.mail["copies"], seen.letters) == (2, [])
    assert seen.before.tickets == seen.after.tickets


def test_the_same_id_with_other_content_is_another_mail(house: House, desk: Desk, office: Office) -> None:
    first, second = ALL["B24-duplicate-message-id-same"], ALL["B25-duplicate-message-id-other-content"]
    assert complaints(second, judged(house, desk, office, first, second)) == []


# -- what a decision alone does not show -------------------------------------------------------------------------------


def events(desk: Desk, number: int, kind: str) -> list[dict[str, Any]]:
    rows = desk.rows("SELECT data FROM event WHERE ticket = ? AND kind = ? ORDER BY seq", number, kind)
    return [json.loads(row["data"]) for row in rows]


def opened(desk: Desk, seen: Observed) -> dict[str, Any]:
    (row,) = desk.rows("SELECT * FROM ticket WHERE number = ?", seen.mail["ticket"])
    return row


def said(desk: Desk, seen: Observed) -> str:
    (row,) = desk.rows("SELECT text FROM article WHERE id = ?", seen.mail["article"])
    return str(row["text"])


def to_customers(seen: Observed) -> list[tuple[str, str]]:
    return sorted((letter["recipient"], letter["name"]) for letter in seen.letters if letter["recipient"] not in STAFF)


Shown = Callable[[Desk, Observed], bool]
SHOWN: dict[str, Shown] = {
    "A01-plain-new": lambda desk, seen: to_customers(seen) == [(ALICE, "ack")],
    "A18-reply-to-is-victim": lambda desk, seen: opened(desk, seen)["requester_email"] == "eve@bad.test",
    "A20-agent-real-reply": lambda desk, seen: to_customers(seen) == [(ALICE, "reply"), (BOB, "reply")],
    "A22-homograph-domain": lambda desk, seen: seen.mail["from_email"].startswith("alice@xn--ust-"),
    "B02-reply-by-references": lambda desk, seen: to_customers(seen) == [],
    "B04-subject-token-stranger": lambda desk, seen: (
        [one["number"] for one in events(desk, seen.mail["ticket"], "RelationSuspected")] == [1043]
        and all("1043" not in json.dumps(one["letter"]) for one in seen.letters if one["recipient"] not in STAFF)
    ),
    "B19-reply-closed-in-window": lambda desk, seen: (
        [one["after"] for one in events(desk, 1044, "StatusChanged")].count("open") == 1
    ),
    "B20-reply-closed-late": lambda desk, seen: (
        [(one["link"], one["number"]) for one in events(desk, seen.mail["ticket"], "Linked")]
        == [("follow_up_of", 1045)]
    ),
    "C01-auto-replied": lambda desk, seen: seen.letters == [],
    "C11-x-auto-response-suppress-only": lambda desk, seen: to_customers(seen) == [],
    "C19-dsn-failed-ours": lambda desk, seen: (
        [(one["recipient"], one["status"]) for one in events(desk, 1042, "DeliveryFailed")] == [(ALICE, "5.1.1")]
    ),
    "C22-dsn-relayed": lambda desk, seen: events(desk, 1042, "DeliveryFailed") == [],
    "C25-dsn-two-status-parts": lambda desk, seen: len(events(desk, 1042, "DeliveryFailed")) == 1,
    "D03-boundary-never-occurs": lambda desk, seen: "hello there" in said(desk, seen),
    "F11-jinja": lambda desk, seen: any("{{" in one["letter"]["text"] for one in seen.letters),
    "F13-subject-crlf-encoded": lambda desk, seen: "\n" not in opened(desk, seen)["subject"],
    "F18-subject-missing": lambda desk, seen: opened(desk, seen)["subject"] == "(no subject)",
    "F27-command-in-body": lambda desk, seen: opened(desk, seen)["status"] in ("new", "open"),
    "G07-invalid-utf8-body": lambda desk, seen: said(desk, seen) != "",
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_vector_shows_what_is_written_beside_it(house: House, desk: Desk, office: Office, name: str) -> None:
    seen = judged(house, desk, office, ALL[name])
    for letter in seen.letters:
        letter["letter"] = json.loads(letter["letter"])
    assert SHOWN[name](desk, seen), seen
