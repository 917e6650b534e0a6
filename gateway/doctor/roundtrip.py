"""A mail of our own, sent to an address with a tag and bearing a forged verdict: does it come back, and what with?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from gateway.doctor.finding import Finding
from gateway.doctor.trust import TRUST


@dataclass(frozen=True, slots=True)
class Trip:
    """To `address`, a tagged one of the mailbox `of`. `refused`: the relay's words where it did not take the mail;
    `after` None: it did not come back within `waited`. `forged_survived` None: it bore no forged verdict.
    """

    of: str
    address: str
    waited: timedelta
    refused: str = ""
    after: timedelta | None = None
    forged_survived: bool | None = None


def plus(trip: Trip) -> Finding:
    why = "Answers to our letters go to such addresses."
    repair: tuple[str, ...] = (
        "main.cf: recipient_delimiter = +",
        'reply_address = "none"   ([mailbox.NAME]), if they cannot be had',
    )
    level: Literal["ok", "fail"] = "fail"
    if trip.refused:
        what = f"the test mail to {trip.address} was refused: {trip.refused}"
    elif trip.after is None:
        what = f"the test mail to {trip.address} did not come back within {trip.waited.total_seconds():.0f} s"
        repair = ("gateway mail list", *repair)
    else:
        what, level = f"{trip.address} came back in {max(1, round(trip.after.total_seconds()))} s", "ok"
        why, repair = "", ()
    return Finding(trip.of, "plus", level, "plus addresses", what, why, repair)


def forged(trips: Sequence[Trip], authserv_id: str, place: str, *, logged_in: bool) -> Iterator[Finding]:
    """Nothing where no mail came back. `logged_in`: the relay knew us, and may spare those what others must bear."""
    told = [trip.forged_survived for trip in trips if trip.forged_survived is not None]
    if not told:
        return
    if not any(told):
        what = f'the test mail bore a forged verdict of "{authserv_id}", and it was removed'
        yield Finding(TRUST, "trust.forged", "ok", "forged verdicts", what)
        return
    what = f'a forged verdict of "{authserv_id}" came through your server'
    why = "Anybody can write into a mail that it was checked, and pass for an agent."
    if logged_in:
        what += ", by a relay that we log in to"
        why += " Some servers spare those who log in: send such a mail from outside to know."
    repair = (
        f"rspamd removes them; opendkim.conf: RemoveARAll yes, with RemoveARFrom {authserv_id}",
        f'trust_auth_results = ""   ({place}, [security]), until then',
    )
    yield Finding(TRUST, "trust.forged", "warn" if logged_in else "fail", "forged verdicts", what, why, repair)
