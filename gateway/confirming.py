"""Dangerous orders by mail are confirmed by whoever can read the agent's mail, where no server vouches for the sender.

The code of a reply address travels in forwarded and quoted mail: whoever has it could order in the agent's name. So the
order's mail is held, and a letter to the agent says what it would do. The id of the held mail, and the letter's own
Message-ID, stand in that letter alone: a mail that names one of them releases the order, for a day and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from gateway.desk.notices_staff import moment
from gateway.desk.orders import Wrong
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Agent, Policy
from gateway.store import mails, outbox
from gateway.store.mails import MailRecord
from gateway.store.transaction import Transaction

LASTS = timedelta(hours=24)
SHORTEST = 12  # letters of an id: fewer could be guessed
_MOST_LOOKED_AT = 20  # ids that a mail answers
_ONCE = "confirm:"


def once(mail: str) -> str:
    """The key of the letter that asks about this order."""
    return f"{_ONCE}{mail}"


def reason(agent: Agent) -> str:
    return f"what it orders has to be confirmed by {agent.name}"


def question(lines: tuple[str, ...], mail: str, policy: Policy, now: datetime) -> tuple[str, ...]:
    """What would be done, and how to have it done."""
    how = Phrase(
        '"/confirm {mail}", sent before {day}, has it done.', mail=mail[:SHORTEST], day=moment(now + LASTS, policy)
    )
    return (*lines, "", how.within(policy.language))


def wrong(given: str, why: str) -> Wrong:
    line = f"/confirm {given}".rstrip()
    return Wrong(line, 0, len(line), why)


def confirm(tx: Transaction, agent: Agent, given: str, answered: Iterable[str], policy: Policy, now: datetime) -> str:
    """Have the order done that the id `given` names, or that one of the letters `answered` (Message-IDs) asks about.
    "", or why not in words that end in a stop."""
    if given and len(given) < SHORTEST:
        return Phrase("write at least {least} letters of the id.", least=SHORTEST)
    record = _named(tx, given) if given else _answered(tx, agent, answered)
    if record is None:
        return Phrase(
            "no order of yours is known by that: reply to the letter that asks, or copy the line with the id from it."
        )
    if record.confirmer != agent.id:
        return Phrase("that does not wait for a confirmation of yours, or was done already.")
    if now - (record.settled_at or now) > LASTS:
        until = moment((record.settled_at or now) + LASTS, policy)
        return Phrase("it was valid until {day}: give the order again.", day=until)
    mails.release(tx, record.mail.id, by=agent.id, as_="confirm")
    return ""


def expire(tx: Transaction, held: Sequence[MailRecord], now: datetime) -> None:
    """Orders among the held mails that nobody has confirmed within their day are given up."""
    for record in held:
        if record.confirmer and now - (record.settled_at or now) > LASTS:
            mails.drop(tx, record.mail.id, now=now, by="")


def _named(tx: Transaction, given: str) -> MailRecord | None:
    ids = mails.find(tx, given)
    return mails.get(tx, ids[0]) if len(ids) == 1 else None


def _answered(tx: Transaction, agent: Agent, answered: Iterable[str]) -> MailRecord | None:
    for message_id in islice(answered, _MOST_LOOKED_AT):
        letter = outbox.by_message_id(tx, message_id)
        if letter is not None and letter.once.startswith(_ONCE) and letter.to in agent.addresses:
            return mails.get(tx, letter.once.removeprefix(_ONCE))
    return None
