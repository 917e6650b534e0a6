"""Mail that waits for somebody: told to the team, let in by /release, its senders shut out by /spam.

What it says about no ticket in particular goes in letters of their own, whose reply address carries the code of ticket
0 for its reader: an agent answers the digest with "/release ID", and is known by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from gateway import confirming
from gateway.advance import Desk, NewId, write_apart
from gateway.desk import transcript
from gateway.desk.commands import command_lines
from gateway.desk.notice import Automation, Notice
from gateway.desk.orders import MAIL_HELP, MailOrder, Wrong, confirmed_by, mail_orders
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Person
from gateway.mail.fold import one_line
from gateway.store import mails, people
from gateway.store.mails import MailRecord, Release
from gateway.store.transaction import Transaction

DIGEST_HOUR = 8  # o'clock, by the desk's own time
MOST_LISTED = 50  # held mails in one letter
SUBJECT = 120  # characters of the subject of each


@dataclass(frozen=True, slots=True)
class Found:
    """An order and the mail it is about."""

    order: MailOrder
    mail: MailRecord


def looked_up(tx: Transaction, orders: Iterable[MailOrder]) -> tuple[list[Found], list[Wrong]]:
    """The mails that the orders name, or what is wrong with the names. An id may be shortened as long as it is one."""
    found: list[Found] = []
    wrong: list[Wrong] = []
    for order in orders:
        ids = mails.find(tx, order.mail.lower())
        record = mails.get(tx, ids[0]) if len(ids) == 1 else None
        if record is None:
            why = (
                Phrase("several mails begin like that: write more of it.") if ids else Phrase("there is no such mail.")
            )
        elif record.state not in ("held", "quarantined"):
            why = Phrase("that mail does not wait for anybody.")
        elif record.confirmer:
            why = Phrase("it is an order that waits for its confirmation: see the letter that asks for it.")
        else:
            found.append(Found(order, record))
            continue
        start = order.line.find(order.mail)
        wrong.append(Wrong(order.line, max(start, 0), len(order.mail), why))
    return found, wrong


def carry_out(tx: Transaction, found: Sequence[Found], agent: Agent, now: datetime, language: str) -> tuple[str, ...]:
    """Done, and each with what came of it. Whoever is let in is blocked no more."""
    lines: list[str] = []
    for each in found:
        order, sender = each.order, each.mail.from_email
        lines.append(f"> {order.line}")
        if order.verb == "spam":
            mails.drop(tx, each.mail.mail.id, now=now, by=agent.id)
            if sender:
                people.block(tx, sender)
            said = "dropped; mail of {sender} is held from now on, /release lets one in again"
            lines.append(f"  {Phrase(said, sender=sender or _NOBODY).within(language)}")
            continue
        mails.release(tx, each.mail.mail.id, by=agent.id, as_=cast(Release, order.how or "accept"))
        if sender and people.get(tx, sender).blocked:
            people.block(tx, sender, blocked=False)
        lines.append(f"  {Phrase(_WHO[order.how], sender=sender or _NOBODY).within(language)}")
    return tuple(lines)


_NOBODY = Phrase("nobody")
_WHO = {
    "": "the mail of {sender} is let in",
    "join": "the mail of {sender} is let in, who reads along from now on",
    "alias": "the mail of {sender} is let in, which is an address of the requester from now on",
}


def planned(found: Sequence[Found], language: str) -> tuple[str, ...]:
    """What would become of each."""
    lines: list[str] = []
    for each in found:
        mail, spam = each.mail, each.order.verb == "spam"
        would = (
            "the mail of {sender}, {subject}: dropped, its sender held"
            if spam
            else "the mail of {sender}, {subject}: let in"
        )
        said = Phrase(would, sender=mail.from_email or _NOBODY, subject=mail.subject or Phrase("no subject"))
        lines += [f"> {each.order.line}", f"  {said.within(language)}"]
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Ordered:
    """An agent's mail about no ticket, its id and its words. `answered` are the Message-IDs that it answers, `sure`:
    nothing of it has to be confirmed."""

    mail: str
    agent: Agent
    text: str
    answered: tuple[str, ...] = ()
    sure: bool = False


def obey(tx: Transaction, desk: Desk, ordered: Ordered, now: datetime, new_id: NewId) -> bool:
    """All of it is done, or nothing, and a transcript goes back. False where it has to be confirmed first."""
    found_lines, agent = command_lines(ordered.text), ordered.agent
    orders, wrong = mail_orders(found_lines)
    given = confirmed_by(found_lines)
    if given is not None:
        why = confirming.confirm(tx, agent, given, ordered.answered, desk.policy, now)
        if not why:
            return True
        wrong = [confirming.wrong(given, why)]
    found, unknown = looked_up(tx, orders)
    wrong += unknown
    once, reason = f"commands:{ordered.mail}", "done"
    if wrong:
        reason, lines = "refused", transcript.refused(wrong, "", desk.policy.language)
    elif not ordered.sure and any(one.verb == "spam" for one in orders):
        once, reason = confirming.once(ordered.mail), "confirm"
        lines = confirming.question(planned(found, desk.policy.language), ordered.mail, desk.policy, now)
    else:
        language = desk.policy.language
        lines = carry_out(tx, found, agent, now, language) or tuple(line.within(language) for line in MAIL_HELP)
    _write(tx, desk, _to(agent), "agent_commands", once, reason, lines, now, new_id, automation="auto-replied")
    return reason != "confirm"


# -- what the team is told ---------------------------------------------------------------------------------------------


def tell(tx: Transaction, desk: Desk, line: str, once: str, now: datetime, new_id: NewId, only: str = "") -> None:
    """That a mail is held which is about no ticket, and of which the digest would tell too late: to the team, or to
    the agent alone whose address `only` is."""
    for agent in _readers(desk.policy, only):
        _write(tx, desk, _to(agent), "agent_held", f"held:{once}:{agent.email}", "held", (line,), now, new_id)


def described(mail_id: str, sender: str, subject: str, why: str) -> str:
    """A held mail in one line: its id first, as /release takes it."""
    return f"{mail_id[:12]}  {sender or 'nobody'}, {one_line(subject, SUBJECT) or 'no subject'}: {why}"


def digest(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> bool:
    """What has been held since yesterday's digest and still is, to the team; nothing, and False, where nothing is.

    `now` is after the hour of the digest. Once a day, however often it is asked for.
    """
    waiting = mails.listed(tx, states=("held",))
    confirming.expire(tx, waiting, now)
    local = now.astimezone(ZoneInfo(desk.policy.timezone))
    since = now - timedelta(days=1)
    found = [one for one in waiting if not one.confirmer and (one.settled_at or now) >= since]
    if not found:
        return False
    shown = found[-MOST_LISTED:]
    lines = [described(one.mail.id, one.from_email, one.subject, _why(one, desk.policy)) for one in reversed(shown)]
    if len(found) > len(shown):
        lines.append(f"and {len(found) - len(shown)} more: gateway mail quarantine list")
    for agent in _readers(desk.policy):
        once = f"held-digest:{local:%Y-%m-%d}:{agent.email}"
        _write(tx, desk, _to(agent), "agent_held", once, "digest", tuple(lines), now, new_id)
    return True


def _why(one: MailRecord, policy: Policy) -> str:
    return f"{one.reason} ({policy.reference(one.ticket)})" if one.ticket else one.reason


def _readers(policy: Policy, only: str = "") -> Iterator[Agent]:
    """Those who answer for the desk as a whole."""
    for agent in policy.agents.values():
        if only in agent.addresses or (not only and agent.notify in ("team", "all") and agent.role != "viewer"):
            yield agent


def _to(agent: Agent) -> tuple[Person, str]:
    return Person(agent.name, agent.email), agent.id


def _write(
    tx: Transaction, desk: Desk, to: tuple[Person, str], name: Literal["agent_held", "agent_commands"], once: str,
    reason: str, lines: tuple[str, ...], now: datetime, new_id: NewId, automation: Automation = "auto-generated",
) -> None:  # fmt: skip
    rule = desk.policy.letters.get(name)
    if rule is not None and not rule.enabled:
        return
    notice = Notice(
        letter=name, to=to[0], audience="agent", automation=automation, once=once, agent=to[1], reason=reason,
        lines=lines,
    )  # fmt: skip
    write_apart(tx, desk, notice, now, new_id)
