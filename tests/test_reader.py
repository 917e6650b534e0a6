"""The limited child: what eats memory, time or the process itself is one mail's end, and the next one is read."""

from __future__ import annotations

import asyncio
import os
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.intake.reading import Reading
from gateway.mail.message import Envelope, Unreadable
from gateway.mail.parse import parse
from gateway.reader import Bounds, Reader
from tests.bench.process import cpu_seconds
from tests.desk.samples import policy
from tests.planted import misbehave, watched

HERE = Envelope("maria@customer.example", ("support@acme.example",))
SMALL = Bounds(memory=512 * 2**20, cpu_seconds=1, wall_seconds=2.0)
GIANTS = Path(__file__).parents[2] / "shared/vectors/make_big.py"
VECTORS = GIANTS.parent


def large(subject: str, words: str = "It fails.") -> bytes:
    """Large enough for the child."""
    return f"From: maria@customer.example\r\nSubject: {subject}\r\n\r\n{words}\r\n".encode() + b"and so on\r\n" * 8000


async def _read_all(reader: Reader, *mails: bytes) -> list[Reading | str]:
    found: list[Reading | str] = []
    for raw in mails:
        try:
            found.append(await reader.read(raw, HERE, policy()))
        except Unreadable as refusal:
            found.append(str(refusal))
    return found


def read_all(reader: Reader, *mails: bytes) -> list[Reading | str]:
    try:
        return asyncio.run(_read_all(reader, *mails))
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("memory", "memory"),
        ("cpu", "time"),
        ("sleep", "longer than 2 s"),
        ("die", "ended"),
        ("bug", "a mistake of ours"),
    ],
)
def test_a_mail_that_breaks_its_limits_is_unreadable_and_the_next_one_is_read(trouble, why):
    bounds = SMALL if trouble == "sleep" else replace(SMALL, wall_seconds=60.0)  # a busy machine gives it CPU slowly
    refused, read = read_all(Reader(misbehave, bounds), large(trouble), large("Export fails"))
    assert isinstance(refused, str)
    assert why in refused or (why == "ended" and "memory or time" in refused)
    assert isinstance(read, Reading)
    assert read.message.subject == "Export fails"


def test_small_mail_is_read_beside_a_large_one_that_hangs():
    async def both() -> Reading:
        reader = Reader(misbehave, Bounds(wall_seconds=3.0))
        hanging = asyncio.create_task(_read_all(reader, large("sleep")))
        await asyncio.sleep(0.2)
        read = await reader.read(b"From: maria@customer.example\r\nSubject: Small\r\n\r\nHello\r\n", HERE, policy())
        assert not hanging.done()
        assert await hanging == ["reading it took longer than 3 s"]
        reader.close()
        return read

    assert asyncio.run(both()).message.subject == "Small"


def test_the_child_gives_what_reading_here_gives():
    raw = large("Export fails", "It stops.\r\n\r\n> quoted\r\n")
    (read,) = read_all(Reader(), raw)
    assert isinstance(read, Reading)
    assert read.message == parse(raw)


def test_a_child_that_has_read_much_is_replaced(monkeypatch):
    monkeypatch.setattr("gateway.reader.MAILS_OF_A_CHILD", 1)
    reader = Reader(pid_in_subject)
    first, second = read_all(reader, large("a"), large("b"))
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert first.message.subject != second.message.subject


def pid_in_subject(raw: bytes):
    return parse(b"Subject: %d\r\n\r\n" % os.getpid())


def test_nothing_that_a_mail_says_makes_its_reader_connect_or_run_anything():
    outward = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        '<img src="http://127.0.0.1:9/pixel"><link rel=stylesheet href="http://127.0.0.1:9/a.css">'
        '<iframe src="http://127.0.0.1:9/"></iframe>Hello\r\n--b\r\n'
        'Content-Type: message/external-body; access-type=URL; URL="http://127.0.0.1:9/x"\r\n\r\n'
        "Content-Type: text/plain\r\n\r\n--b\r\nContent-Type: message/partial; id=x; number=1; total=2\r\n\r\nx\r\n"
    )
    mails = [f"From: eve@bad.example\r\nSubject: out\r\n{outward}".encode() + b" " * 70_000]
    mails += [path.read_bytes() + b" " * 70_000 for path in sorted(VECTORS.glob("[DEF]*.eml"))]
    found = read_all(Reader(watched), *mails)
    assert [each for each in found if isinstance(each, str) and "must not lead" in each] == []


def test_the_watch_over_the_child_sees_a_connection():
    (refused,) = read_all(Reader(watched), large("connect"))
    assert isinstance(refused, str)
    assert "must not lead to socket" in refused


def high_water(pid: int | None) -> int:
    """The most memory that process has held, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@pytest.mark.skipif(not GIANTS.exists(), reason="the makers of giants are not here")
def test_every_giant_is_read_or_refused_in_two_seconds_of_cpu_and_a_quarter_of_a_gigabyte():
    """Giants above `message_size` are refused in session; here they are cut to it."""
    makers = runpy.run_path(str(GIANTS))["G"]

    async def one_by_one() -> list[tuple[str, float, int]]:
        found, reader = [], Reader()
        await _read_all(reader, large("warm"))
        for name, make in makers.items():
            raw = make()[: 25 * 2**20]
            assert reader._child is not None, name
            Path(f"/proc/{reader._child.pid}/clear_refs").write_text("5")  # forget the high water of the last one
            begun = cpu_seconds(os.getpid())
            await _read_all(reader, raw)
            found.append((name, cpu_seconds(os.getpid()) - begun, high_water(reader._child.pid)))
        reader.close()
        return found

    costs = asyncio.run(one_by_one())
    assert [(name, took) for name, took, _ in costs if took > 2] == []
    assert [(name, held) for name, _, held in costs if held > 250] == []
