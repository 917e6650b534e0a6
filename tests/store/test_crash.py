"""What was said yes to survives kill -9 at any moment; the power cut is simulated elsewhere."""

import random
import re
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from gateway.desk.evolve import replay
from gateway.store import mails
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.verify import verify

ROOT = Path(__file__).parents[2]


def killed(folder: Path, seed: int, seconds: float) -> set[int]:
    """The mails that a process said yes to before it was killed, `seconds` after its first."""
    command = [sys.executable, "-m", "tests.store.accepting", str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(seconds)
        child.kill()
        rest = child.stdout.read()
    return {int(line) for line in (first + rest).splitlines(keepends=True) if line.endswith(b"\n")}


def test_no_mail_that_was_accepted_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    moments = random.Random(4)
    accepted = set[int]().union(*(killed(tmp_path, seed, moments.uniform(0, 0.3)) for seed in range(3)))
    db, blobs = Database(f"sqlite:///{tmp_path}/gateway.db", create=False), Blobs(tmp_path / "blobs")
    db.write(blobs.sweep, mails_received(db))
    with db.snapshot() as tx:
        waiting = mails.pending(tx, 100_000)
        raws = [blobs.get(tx, mail.sha256) for mail in waiting if mail.sha256]
        wrong = [found for found in verify(tx, blobs, replay) if not found.where.startswith("file")]
    there = [int(found[1]) for raw in raws if (found := re.search(rb"<m(\d+)@", raw))]
    assert len(accepted) > 20
    assert accepted - set(there) == set()
    assert len(there) == len(set(there))
    assert wrong == []
    assert list((tmp_path / "blobs" / "aside").iterdir()) == []
    db.close()


def mails_received(db: Database) -> datetime:
    with db.snapshot() as tx:
        return max(mail.received_at for mail in mails.pending(tx, 100_000))
