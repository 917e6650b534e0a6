"""Which ticket a mail belongs to: every carrier looked at, in the order in which they are believed.

Reply address, then ids of ours in In-Reply-To and References, then the subject token, then ids of customers' mails
that we have seen or seen mentioned (DESIGN, *Identity and threading*). What disagrees is recorded; the earlier wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from gateway.desk.policy import Policy
from gateway.intake.case import same_person
from gateway.intake.reading import Reading
from gateway.intake.verdict import CarrierName, Facts, KnownId, Match, MatchedBy, Trace
from gateway.mail import thread
from gateway.mail.thread import Keys, Standing, Tag, Token

NO_TICKET = 0


def match(reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime) -> Match:
    """The first carrier that holds, with the trace of all of them and the tickets named without proof."""
    looked = [
        *_reply_addresses(reading, facts, policy, keys, now),
        *_reports(reading, facts, keys, now),
        *_own_ids(reading, facts, policy, keys, now),
        *_tokens(reading, facts, keys, now),
        *_customers_ids(facts),
    ]
    trace = tuple(trace for trace, _ in looked) or (Trace("reply_address", "", "absent"),)
    best = next((found for _, found in looked if found is not None), Match())
    return replace(best, trace=trace, suspects=_suspects(reading, facts, best))


Looked = tuple[Trace, Match | None]


def _reply_addresses(reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime) -> Iterator[Looked]:
    """A bounce address counts for machines' mail alone; anything else sent there is a mail to the mailbox."""
    for tag in reading.carriers.tags:
        if tag.purpose == "bounce" and not reading.machine:
            yield Trace("reply_address", tag.address, "bounce address: not for people"), None
            continue
        if tag.number == NO_TICKET and tag.purpose == "reply":
            yield _desks_own(tag, reading, keys, now)
            continue
        ticket = facts.tickets.get(tag.number)
        if ticket is None:
            yield Trace("reply_address", tag.address, "unknown ticket"), None
            continue
        issued, standing = _issued_to(tag, reading, facts, policy, keys, now)
        if standing == "wrong":
            yield Trace("reply_address", tag.address, "bad code"), None
            continue
        found = Match(
            ticket=tag.number,
            by="reply_address",
            issued_to=issued,
            strong=True,
            retired=standing == "retired",
            note=tag.purpose == "note",
        )
        yield Trace("reply_address", tag.address, "valid" if standing == "valid" else "retired key"), found


def _desks_own(tag: Tag, reading: Reading, keys: Keys, now: datetime) -> Looked:
    """The reply address of a letter about no ticket: it says who answers, and for the sender alone."""
    sender = reading.sender.email if reading.sender else ""
    standing = thread.verify(keys, tag.purpose, NO_TICKET, sender, tag.code, now)
    if standing != "valid":
        return Trace("reply_address", tag.address, "bad code"), None
    return Trace("reply_address", tag.address, "valid"), Match(by="reply_address", issued_to=sender, strong=True)


def _issued_to(
    tag: Tag, reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime
) -> tuple[str, Standing]:
    """Whom the code was made for: the sender is asked first, then everybody on the ticket, then our agents."""
    ticket = facts.tickets[tag.number]
    sender = reading.sender.email if reading.sender else ""
    near = same_person(sender, ticket, policy) if sender else ()
    staff = (
        *(agent.email for agent in policy.agents.values()),
        *(team.email for team in policy.teams.values() if team.email),
    )
    for address in dict.fromkeys((*near, *ticket.people, *staff)):
        standing = thread.verify(keys, tag.purpose, tag.number, address, tag.code, now)
        if standing != "wrong":
            return address, standing
    return "", "wrong"


def _reports(reading: Reading, facts: Facts, keys: Keys, now: datetime) -> Iterator[Looked]:
    """A report finds its letter by the Message-ID that it returns."""
    if reading.about:
        yield _own_id("report", reading.about, reading, facts, keys, now)


def _own_ids(reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime) -> Iterator[Looked]:
    """Of several ids of ours, those of letters to this very sender come first: a reply quotes what it answers."""
    sender = reading.sender.email if reading.sender else ""
    looked = [
        _own_id("message_id", identifier, reading, facts, keys, now)
        for identifier in reading.carriers.ids
        if thread.own_id(keys, identifier, now) is not None
    ]

    def theirs(one: Looked) -> bool:
        found = one[1]
        ticket = facts.tickets.get(found.ticket or 0) if found else None
        return found is not None and sender in same_person(found.issued_to, ticket, policy)

    return iter(sorted(looked, key=lambda one: not theirs(one)))


def _own_id(carrier: CarrierName, identifier: str, reading: Reading, facts: Facts, keys: Keys, now: datetime) -> Looked:
    """An id of ours is matched by the letter that carried it, never by the number in it (DUTIES AUT-10)."""
    claimed = thread.own_id(keys, identifier, now)
    known = next((one for one in facts.ids if one.message_id == identifier and one.kind == "ours"), None)
    if claimed is None:
        return Trace(carrier, identifier, "not ours"), None
    if claimed[1] == "wrong":
        return Trace(carrier, identifier, "bad code"), None
    if known is None or known.ticket not in facts.tickets:
        return Trace(carrier, identifier, "unknown ticket"), None
    found = Match(
        ticket=known.ticket,
        by="message_id",
        issued_to=known.recipient,
        strong=True,
        retired=claimed[1] == "retired",
        letter=known.letter,
    )
    return Trace(carrier, identifier, "valid" if claimed[1] == "valid" else "retired key"), found


def _tokens(reading: Reading, facts: Facts, keys: Keys, now: datetime) -> Iterator[Looked]:
    """Two valid tokens of two tickets are none: nobody can tell which is meant (DUTIES THR-04)."""
    looked = [(token, _standing(token, facts, keys, now)) for token in reading.carriers.tokens]
    valid = {token.number for token, result in looked if result == "valid"}
    for token, result in looked:
        if result == "valid" and len(valid) > 1:
            yield Trace("subject_token", token.text, "ambiguous"), None
        elif result in ("valid", "retired key"):
            found = Match(ticket=token.number, by="subject_token", retired=result == "retired key")
            yield Trace("subject_token", token.text, result), found
        else:
            yield Trace("subject_token", token.text, result), None


def _standing(token: Token, facts: Facts, keys: Keys, now: datetime) -> str:
    if not token.code:
        return "no code"
    standing = thread.verify(keys, "subject", token.number, "", token.code, now)
    if standing == "wrong":
        return "bad code"
    if token.number not in facts.tickets:
        return "unknown ticket"
    return "valid" if standing == "valid" else "retired key"


def _customers_ids(facts: Facts) -> Iterator[Looked]:
    """Ids that are not ours: a customer's mail that we have, then one that such a mail only mentions."""
    for kind in ("customer", "mentioned"):
        for known in facts.ids:
            if known.kind == kind and known.ticket in facts.tickets:
                yield _customers_id(known)


def _customers_id(known: KnownId) -> Looked:
    by: MatchedBy = "message_id" if known.kind == "customer" else "sibling"
    carrier: CarrierName = "message_id" if known.kind == "customer" else "sibling"
    return Trace(carrier, known.message_id, "valid"), Match(ticket=known.ticket, by=by)


def _suspects(reading: Reading, facts: Facts, best: Match) -> tuple[tuple[int, str], ...]:
    """Tickets that exist and were named, but not by the carrier that won."""
    won = best.ticket
    found: dict[int, str] = {}
    for token in reading.carriers.tokens:
        if token.number in facts.tickets and token.number != won:
            found.setdefault(token.number, f'the subject names "{token.text}"')
    for tag in reading.carriers.tags:
        if tag.number in facts.tickets and tag.number != won:
            found.setdefault(tag.number, "it was sent to a reply address of that ticket whose code is wrong")
    return tuple(found.items())
