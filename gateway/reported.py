"""What a machine's report on a ticket does to the letter that it is about, and to whom that letter went."""

from __future__ import annotations

from datetime import datetime

from gateway.advance import Desk, NewId, advance
from gateway.desk.causes import LetterFailed
from gateway.intake.reading import Reading
from gateway.intake.verdict import Verdict
from gateway.store import outbox, people, sent
from gateway.store.transaction import Transaction


def settle(tx: Transaction, desk: Desk, reading: Reading, verdict: Verdict, now: datetime, new_id: NewId) -> None:
    """A failure is told once a letter, a delay is noted on it; who complains gets no automatic letters any more."""
    assert verdict.ticket is not None
    for failed in _failures(tx, reading, verdict):
        if not sent.came_back(tx, failed.letter, failed.diagnostic) and failed.letter:
            continue  # another report on the same letter: counted once
        advance(tx, desk, verdict.ticket, failed, now, new_id)
        people.bounced(tx, failed.recipient, failed.status, now)
    if reading.kind == "delay_report" and verdict.match.strong:
        said = reading.bounce.recipients[0].diagnostic if reading.bounce and reading.bounce.recipients else ""
        sent.is_delayed(tx, _letter_of(tx, reading, verdict), said or reading.message.subject)
    if reading.kind == "feedback_report" and verdict.match.letter:
        people.suppress(tx, verdict.match.issued_to, "somebody there reported our mail as unwanted", now)


def detail(reading: Reading) -> tuple[str, ...]:
    if reading.auto_reply is not None:
        return (reading.auto_reply.sort,)
    return (reading.bounce.action,) if reading.bounce is not None else ()


def _failures(tx: Transaction, reading: Reading, verdict: Verdict) -> list[LetterFailed]:
    """Only a report of failure counts, and only with proof: our code in the address, or our id returned together
    with the recipient it went to (DUTIES OUT-15). Each recipient once, however often it is named."""
    bounce, match = reading.bounce, verdict.match
    if bounce is None or bounce.action != "failed" or match.by not in ("reply_address", "message_id"):
        return []
    reported = {one.email: one for one in bounce.recipients}
    recipient = match.issued_to
    if match.by == "message_id" and reported and recipient not in reported:
        return []
    said = reported.get(recipient) or next(iter(reported.values()), None)
    return [
        LetterFailed(
            letter=_letter_of(tx, reading, verdict),
            recipient=recipient,
            status=said.status if said else "",
            diagnostic=said.diagnostic if said else "the report names no reason",
        )
    ]


def _letter_of(tx: Transaction, reading: Reading, verdict: Verdict) -> str:
    """The letter that a report is about: by the id it returns, else the newest that went to that address, or ""."""
    match = verdict.match
    returned = outbox.by_message_id(tx, reading.about) if reading.about and not match.letter else None
    if returned is not None and (returned.ticket, returned.to) == (match.ticket, match.issued_to):
        return returned.id
    return match.letter or sent.last_to(tx, match.ticket or 0, match.issued_to) or ""
