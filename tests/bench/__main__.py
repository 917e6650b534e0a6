"""`python -m tests.bench`: one table, each figure beside its goal. Exit code 1 when a goal is missed."""

from __future__ import annotations

import contextlib
import resource
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.store.blobs import Blobs
from gateway.store.database import Database
from tests.bench import process
from tests.bench.crowd import fill
from tests.bench.load import accepts_a_second, mail
from tests.bench.sweeping import swept
from tests.bench.year import scenario
from tests.kill.given import ADDRESS
from tests.kill.world import ROOT, World, free_port

MB = 1_000_000
GATEWAY = str(Path(sys.executable).with_name("gateway"))


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is good at `goal` or on its better side; `more` says that this is above it."""

    name: str
    value: float
    unit: str
    goal: float
    more: bool = False
    remark: str = ""

    @property
    def reached(self) -> bool:
        return self.value >= self.goal if self.more else self.value <= self.goal

    def __str__(self) -> str:
        goal = f"{'≥' if self.more else '≤'} {self.goal:g}"
        mark = "  " if self.reached else "✗ "
        return f"{mark}{self.name:<44}{self.value:>9.2f} {self.unit:<5}{goal:>8}   {self.remark}".rstrip()


@contextlib.contextmanager
def daemon(extra: str = "", *, pause: tuple[str, ...] = ()) -> Iterator[World]:
    """A running one in a folder of its own. Its relay is a port where nobody listens."""
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        world = World(Path(folder) / "desk", free_port(), extra=extra)
        world.start()
        try:
            world.wait_for_banner()
            for what in pause:
                subprocess.run(
                    [GATEWAY, "-c", str(world.configuration), "pause", what], check=True, capture_output=True
                )
            yield world
        finally:
            if world.alive:
                world.kill()


def pid(world: World) -> int:
    assert world.process is not None
    return world.process.pid


def accepting() -> Iterator[Figure]:
    """Both servers in turn, three times, so that a slow moment of the machine hits both.

    What becomes of the mails is paused: the figure is the promise's, and the next one the work's.
    """
    port = free_port()
    noop = subprocess.Popen([sys.executable, "-m", "tests.bench.noop", str(port)], cwd=ROOT)
    try:
        with daemon(pause=("in",)) as world:
            _until_listening(port)
            ours, theirs = [], []
            for turn in range(3):
                theirs.append(accepts_a_second(port, 2_000, f"n{turn}"))
                ours.append(accepts_a_second(world.smtp_port, 2_000, f"g{turn}"))
            kept = world.rows("SELECT count(*) AS n FROM mail")[0]["n"]
        assert kept == 3 * 2_000, f"{kept} mails are in the database"
    finally:
        noop.kill()
        noop.wait()
    ratio = statistics.median(ours) / statistics.median(theirs)
    remark = f"{statistics.median(ours):.0f}/s durable beside {statistics.median(theirs):.0f}/s kept nowhere"
    yield Figure("durable accepts beside a no-op, 50 sessions", ratio, "", 0.9, more=True, remark=remark)


def whole_way(count: int = 400) -> Iterator[Figure]:
    with daemon(pause=("out",)) as world:
        accepts_a_second(world.smtp_port, 50, "warm")
        _settled(world, 50)
        before = process.cpu_seconds(pid(world))
        accepts_a_second(world.smtp_port, count, "cold")
        _settled(world, count + 50)
        spent = process.cpu_seconds(pid(world)) - before
        acks = world.rows("SELECT count(*) AS n FROM outbox WHERE name LIKE 'ack%'")[0]["n"]
    remark = f"{count} mails of 5 kB, {acks - 50} acknowledgements in the outbox"
    yield Figure("CPU a mail, accept to ack in the outbox", spent / count * 1000, "ms", 5, remark=remark)


def memory() -> Iterator[Figure]:
    with daemon('\n[limits]\nmessage_size = "60 MB"\n') as world:
        time.sleep(2)
        idle = process.resident_bytes(pid(world))
        yield Figure("memory, idle", idle / MB, "MB", 120)
        highest = 0
        stop = threading.Event()

        def watch() -> None:
            nonlocal highest
            while not stop.wait(0.01):
                highest = max(highest, process.resident_bytes(pid(world)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        raw = _large(50 * MB)
        with smtplib.SMTP("127.0.0.1", world.smtp_port, timeout=120) as client:
            client.sendmail("big@customer.example", [ADDRESS], raw)
        stop.set()
        watcher.join()
        yield Figure("memory, more while receiving 50 MB", (highest - idle) / MB, "MB", 20)


def starting() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        world = World(Path(folder) / "desk", free_port())
        waits = []
        for _ in range(3):
            world.start()
            waits.append(world.wait_for_banner())
            world.stop()
        yield Figure("start to banner", statistics.median(waits), "s", 2, remark="median of 3")


def commands() -> Iterator[Figure]:
    yield Figure("gateway --help", _took(["--help"]), "s", 0.15, remark="best of 5")
    with daemon() as world:
        taken = _took(["-c", str(world.configuration), "mail", "ingest", "--to", ADDRESS], given="daemon")
        yield Figure("mail ingest through the daemon", taken, "s", 0.4, remark="best of 5")
        world.stop()
        taken = _took(["-c", str(world.configuration), "mail", "ingest", "--to", ADDRESS], given="alone")
        yield Figure("mail ingest on its own", taken, "s", 1.5, remark="best of 5")


def crowd(count: int = 100_000) -> Iterator[Figure]:
    """Beyond start-up: the same command on a desk without tickets is taken off, one beside the other."""
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        empty, full = (World(Path(folder) / name, free_port()) for name in ("empty", "full"))
        for world in (empty, full):
            subprocess.run([GATEWAY, "-c", world.configuration, "db", "migrate"], check=True, capture_output=True)
        db = Database(f"sqlite:///{full.database}")
        fill(db, Blobs(full.database.with_name("blobs")), count, closed=count * 9 // 10)
        db.close()
        for name, words, goal in (
            ("ticket list", ["ticket", "list"], 0.5),
            ("ticket show", ["ticket", "show", str(count)], 0.3),
            ("ticket search, a rare word", ["ticket", "search", "walrus"], 1.0),
            ("ticket list, a word of most tickets", ["ticket", "list", "printer"], 1.0),
            ("stats of all by week", ["stats", "--since", "2020-01-01", "--by", "week"], 2.0),
        ):
            taken = _more(full, empty, words)
            yield Figure(f"{name}, {count:,} tickets", taken, "s", goal, remark="beyond start-up, best of 5")


def sweeping(count: int = 100_000, due: int = 1_000) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        found = swept(Path(folder), count, due)
    assert (found.looked, found.written) == (due, due), found
    remark = f"beyond {found.letters:.2f} s of its {found.written:,} letters, which are written and put into the outbox"
    yield Figure(f"CPU of a sweep, {due:,} of {count:,} tickets due", found.least, "s", 1, remark=remark)


def simulating(count: int = 1_000) -> Iterator[Figure]:
    """As an operator does it: a desk from a preset, a scenario, the timeline."""
    with tempfile.TemporaryDirectory(prefix="gateway-bench-") as folder:
        made = ["init", "support@acme.example", "--desk", "phased", "--agent", "Ana Ruiz <ana@acme.example>"]
        subprocess.run([GATEWAY, *made, "--dir", folder, "--yes", "--offline"], check=True, capture_output=True)
        story = Path(folder) / "year.toml"
        story.write_text(scenario(count))
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        played = [GATEWAY, "-c", f"{folder}/gateway.toml", "simulate", str(story)]
        shown = subprocess.run(played, check=True, capture_output=True, text=True).stdout
        taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    remark = f"of CPU, which is all it waits for; {len(shown.splitlines()):,} lines"
    yield Figure(f"simulate, a year of {count:,} tickets", taken, "s", 60, remark=remark)


def _more(full: World, empty: World, words: list[str]) -> float:
    """In turn, so that a slow moment of the machine hits both; the noise of a machine only ever adds."""
    asked = ((full, words), (empty, ["ticket", "list"]))
    turns = [[_seconds([GATEWAY, "-c", str(world.configuration), *each]) for world, each in asked] for _ in range(5)]
    return min(turn[0] for turn in turns) - min(turn[1] for turn in turns)


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _took(arguments: list[str], given: str = "") -> float:
    """Seconds of the best of five; the noise of a machine only ever adds. `given` mails are new each time."""
    times = []
    for number in range(5):
        began = time.perf_counter()
        subprocess.run(
            [GATEWAY, *arguments], input=mail(number, given) if given else b"", check=True, capture_output=True
        )
        times.append(time.perf_counter() - began)
    return min(times)


def _settled(world: World, count: int, seconds: float = 120) -> None:
    """Wait until so many mails are settled."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        rows = world.rows("SELECT count(*) AS n FROM mail WHERE state != 'pending'")
        if rows and rows[0]["n"] >= count:
            return
        time.sleep(0.05)
    raise TimeoutError(f"{count} mails are not settled after {seconds:.0f} s")


def _until_listening(port: int) -> None:
    for _ in range(500):
        with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=5):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nobody listens on {port}")


def _large(size: int) -> bytes:
    head = (
        f"From: big@customer.example\r\nTo: {ADDRESS}\r\nSubject: A large file\r\n"
        "Message-ID: <big@customer.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=data.bin\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode()
    line = b"QUFB" * 19 + b"\r\n"
    return head + line * ((size - len(head)) // len(line))


def main() -> int:
    missed = 0
    for part in (commands, crowd, sweeping, simulating, starting, memory, whole_way, accepting):
        for figure in part():
            print(figure, flush=True)
            missed += not figure.reached
    print(f"{missed} goals missed" if missed else "every goal reached")
    return bool(missed)


sys.exit(main())
