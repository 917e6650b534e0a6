"""The relay: does it take our letters, as large as they get, from the addresses that they bear?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.doctor.finding import Finding, size
from gateway.doctor.server import Certificate, Server, Stop, encryption, ending, stopped

LETTERS = "letters"
_BASE64 = 4 / 3 * 78 / 76  # what an attachment grows by on its way
_TEXTS = 200_000  # octets: the letter around its attachments


@dataclass(frozen=True, slots=True)
class Asked:
    """What the relay says to an address before any mail is given: `code` 250 takes it. `of`: the mailbox it is of."""

    of: str
    address: str
    code: int
    words: str


@dataclass(frozen=True, slots=True)
class RelaySeen:
    """How far a session came; `stop` None: to the end. `largest`: the largest mail it takes, None if untold."""

    certificate: Certificate | None = None
    largest: int | None = None
    smtputf8: bool = False
    asked: tuple[Asked, ...] = ()
    stop: Stop | None = None


def no_relay(maildir: str, place: str) -> Finding:
    why = "Nobody gets a letter. That is meant for trying things out."
    line = f'host = "smtp.your-provider.example"   ({place}, [send])'
    return Finding(LETTERS, "relay", "warn", "no relay", f"letters are written to {maildir}", why, (line,))


def relay(server: Server, seen: RelaySeen, attachments_out: int, now: datetime) -> Iterator[Finding]:
    if seen.stop is not None:
        yield stopped(server, seen.stop)
    else:
        logged_in = ["login works"] if server.user else ["no login"]
        limit = [f"size limit {size(seen.largest)}"] if seen.largest else []
        utf8 = ["SMTPUTF8"] if seen.smtputf8 else []
        yield server.found("", "ok", ", ".join([encryption(seen.certificate), *logged_in, *limit, *utf8]))
    yield from ending(server, seen.certificate, now)
    yield from _too_small(server, seen, attachments_out)
    yield from (_refused(server, each) for each in seen.asked if each.code not in (250, 251))


def _too_small(server: Server, seen: RelaySeen, attachments_out: int) -> Iterator[Finding]:
    largest = int(attachments_out * _BASE64) + _TEXTS
    if seen.largest is None or seen.largest >= largest:
        return
    fits = max(0, int((seen.largest - _TEXTS) / _BASE64 / 1e6))
    what = f"it takes {size(seen.largest)}, and with attachments_out = {size(attachments_out)} a letter may have more"
    line = f'attachments_out = "{fits} MB"   ([limits])'
    yield server.found(".size", "warn", what, "Such a letter fails; its agent is told.", (line,))


def plus(asked: Asked) -> Finding:
    """Whether the address with a tag, which is in `asked`, is one. A relay that does not know cannot refuse it."""
    if 500 <= asked.code <= 599:
        what = f"the server refuses {asked.address}: {asked.code} {asked.words}"
        why = "Answers to our letters go to such addresses: customers get them back as undeliverable."
        repair = (
            "main.cf: recipient_delimiter = +",
            'reply_address = "none"   ([mailbox.NAME]), if they cannot be had',
        )
        return Finding(asked.of, "plus", "fail", "plus addresses", what, why, repair)
    what = "not tried; the test sends a mail to such an address and waits for it"
    return Finding(asked.of, "plus", "skip", "plus addresses", what, "", ("gateway doctor --send-test",))


def _refused(server: Server, asked: Asked) -> Finding:
    """Letters bear addresses with a plus-tag, to which reports and replies come back."""
    what = f"refuses letters from {asked.address}: {asked.code} {asked.words}"
    why = "Letters leave from such an address, so that what comes back finds its ticket."
    temporary = 400 <= asked.code <= 499
    line = (
        "let this login send as the mailbox address with any +tag, or: " + 'reply_address = "none"   ([mailbox.NAME])'
    )
    return server.found(".sender", "warn" if temporary else "fail", what, why, (line,))
