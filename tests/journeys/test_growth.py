"""A daemon that works for long holds no more than one that has just begun: memory, open files, threads."""

from __future__ import annotations

import contextlib
import os
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bench.process import family
from tests.journeys.desk import Desk, folder, running
from tests.journeys.mails import mail, submit
from tests.journeys.sink import Sink, until

WAVES, MAILS = 8, 250
WARM = 3  # waves after which caches are filled: SQLite's pages, templates, the pools of connections and threads
ROOM = 8 << 20  # octets that five waves may cost: a leak of a mail's Message (50 kB or more) would be 60 MB

pytestmark = pytest.mark.soak


@dataclass(frozen=True, slots=True)
class Held:
    """What a daemon and its child hold. `memory` in octets, without what they share."""

    memory: int
    files: int
    threads: int


@pytest.fixture
def desk(relay: Sink) -> Iterator[Desk]:
    with folder() as place, running(Desk(place / "desk", relay.port)) as mine:
        yield mine


def test_two_thousand_mails_leave_nothing_behind_in_memory(desk: Desk) -> None:
    held = [after(desk, wave) for wave in range(WAVES)]
    for wave, one in enumerate(held):
        print(f"after {(wave + 1) * MAILS} mails: {one.memory / 1e6:.1f} MB, {one.files} files, {one.threads} threads")
    assert held[-1].memory - held[WARM - 1].memory < ROOM
    assert held[-1].files <= held[WARM - 1].files + 2
    assert held[-1].threads <= held[WARM - 1].threads + 2
    assert desk.faults() == []


def after(desk: Desk, wave: int) -> Held:
    """Once the mails of a wave are settled and answered: some large, some for nobody, some broken off."""
    for number in range(MAILS):
        sender = f"{'nobody' if number % 25 == 0 else 'grow'}{wave}.{number}@customer.test"
        files = {"log.txt": os.urandom(150_000)} if number % 10 == 0 else None
        submit(desk.smtp, mail(sender, f"Stars {wave}.{number}", files=files))
        if number % 10 == 5:
            broken_off(desk.smtp)
    desk.quiet(300)
    until(lambda: len(desk.logged("letter.sent")) >= (wave + 1) * MAILS, 60, "their acknowledgements")
    return held_by(desk.pid)


def broken_off(port: int) -> None:
    with contextlib.suppress(smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.ehlo("mx.customer.test")
        client.mail("broken@customer.test")
        client.rcpt("support@example.test")
        client.docmd("DATA")
        client.send(b"Subject: half of i")
        client.close()


def held_by(pid: int) -> Held:
    processes = [Path(f"/proc/{each}") for each in family(pid)]
    return Held(
        sum(_own(process / "statm") for process in processes),
        len(list((processes[0] / "fd").iterdir())),
        len(list((processes[0] / "task").iterdir())),
    )


def _own(statm: Path) -> int:
    fields = statm.read_text().split()
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
