"""What need not be kept any longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, update

from gateway.store.tables import mail


def forget_raw(tx: Connection, before: datetime) -> int:
    """Forget the bytes of mails that were settled before then; their verdicts stay. The next sweep removes the blobs.

    Held and quarantined mails keep theirs: somebody still has to look at them.
    """
    old = (mail.c.state.in_(("done", "dropped")), mail.c.settled_at < before, mail.c.sha256.is_not(None))
    return tx.execute(update(mail).where(*old).values(sha256=None)).rowcount
