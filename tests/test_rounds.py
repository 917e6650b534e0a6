"""The rounds of the daemon, with a real database and a real reader."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter
from gateway.mail.message import Envelope
from gateway.office import new_id
from gateway.reader import Reader
from gateway.rounds import Rounds
from gateway.store import mails
from gateway.store.spool import Spool
from tests.office import TestDesk, desk, mail
from tests.planted import misbehave

HERE = Envelope("maria@customer.example", ("support@acme.example",))


async def _kept(_letter: Letter, _data: bytes) -> Outcome:
    return Outcome("sent", 250, "ok")


def rounds_of(here: TestDesk, reader: Reader) -> Rounds:
    clock: Callable[[], object] = lambda: here.now  # noqa: E731
    return Rounds(here.office.db, here.office.desk, reader, _kept, clock, new_id)  # type: ignore[arg-type]


async def accept(here: TestDesk, *raws: str) -> None:
    spool = Spool(here.office.db, here.office.desk.blobs, message_size=2**25, clock=lambda: here.now, new_id=new_id)
    for raw in raws:
        incoming = spool.incoming()
        await incoming.write(raw.replace("\n", "\r\n").encode())
        await incoming.commit(HERE)
    spool.close()


def states(here: TestDesk) -> dict[str, str]:
    with here.office.db.snapshot() as tx:
        return {each.subject or each.reason: each.state for each in mails.listed(tx)}


def test_plain_mail_passes_a_giant_that_hangs(tmp_path: Path):
    async def play(here: TestDesk) -> None:
        rounds = rounds_of(here, Reader(misbehave))
        await accept(here, mail("sleep", "and so on\n" * 20_000), *(mail(f"Plain {n}") for n in range(9)))
        while list(states(here).values()).count("done") < 9:
            assert await rounds.mail()
        await rounds.close()

    with desk(tmp_path) as here:
        asyncio.run(play(here))
        assert sorted(states(here).values()) == ["done"] * 9 + ["pending"]


def test_a_giant_that_kills_its_reader_ends_in_quarantine_and_the_next_large_mail_is_read(tmp_path: Path):
    async def play(here: TestDesk) -> None:
        rounds = rounds_of(here, Reader(misbehave))
        await accept(here, mail("die", "and so on\n" * 20_000), mail("Export fails", "and so on\n" * 20_000))
        while await rounds.mail():
            pass
        await rounds.close()

    with desk(tmp_path) as here:
        asyncio.run(play(here))
        assert sorted(states(here).values()) == ["done", "quarantined"]


def test_a_large_mail_that_is_being_read_when_the_daemon_stops_stays_in_the_spool(tmp_path: Path):
    async def play(here: TestDesk) -> None:
        rounds = rounds_of(here, Reader(misbehave))
        await accept(here, mail("sleep", "and so on\n" * 20_000))
        await rounds.mail()
        await rounds.close()

    with desk(tmp_path) as here:
        asyncio.run(play(here))
        assert list(states(here).values()) == ["pending"]
