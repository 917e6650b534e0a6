"""A child process for `test_crash`: accepts mails for ever and says each id once it is promised.

`python -m tests.store.accepting FOLDER SEED`: one line on stdout, unbuffered, for each mail that was accepted.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from gateway.mail.message import Envelope
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.schema import migrate
from gateway.store.spool import Spool
from tests.store.samples import mail_of


async def accept_for_ever(folder: Path, seed: int) -> None:
    db = Database(f"sqlite:///{folder}/gateway.db")
    migrate(db)
    blobs = Blobs(folder / "blobs")
    db.write(blobs.sweep, datetime.now(UTC))
    spool = Spool(db, blobs, message_size=1_000_000, clock=lambda: datetime.now(UTC), new_id=lambda: uuid4().hex)
    numbers = itertools.count(seed * 1_000_000)

    async def give() -> None:
        for number in numbers:
            incoming = spool.incoming()
            await incoming.write(mail_of(number, 100_000 if number % 10 == 0 else 2_000))
            await incoming.commit(Envelope())
            os.write(1, b"%d\n" % number)

    await asyncio.gather(*(give() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(accept_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
