"""One mail before the rules: what was read, what is known, who it is and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.desk import calendar
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import MOST_MERGES
from gateway.intake.fingerprint import ROUNDS, answers
from gateway.intake.reading import Reading
from gateway.intake.verdict import Facts, Match, SenderRole, TicketFacts


@dataclass(frozen=True, slots=True)
class Case:
    """`ticket` is the matched one, `target` where a merge leads from it (else the same)."""

    reading: Reading
    facts: Facts
    match: Match
    policy: Policy
    now: datetime

    @property
    def ticket(self) -> TicketFacts | None:
        return self.facts.tickets.get(self.match.ticket) if self.match.ticket is not None else None

    @property
    def target(self) -> TicketFacts | None:
        ticket = self.ticket
        for _ in range(MOST_MERGES):
            if ticket is None or ticket.merged_into is None or ticket.merged_into not in self.facts.tickets:
                break
            ticket = self.facts.tickets[ticket.merged_into]
        return ticket

    @property
    def sender(self) -> str:
        """The sender's address in normal form, or ""."""
        return self.reading.sender.email if self.reading.sender else ""

    @property
    def agent(self) -> Agent | None:
        """The agent whose address it is; on a ticket of their own they are its requester, and no agent."""
        agent = self.policy.agent_of(self.sender) if self.sender else None
        own = self.ticket is not None and self.ticket.requester == self.sender
        return None if own else agent

    @property
    def role(self) -> SenderRole:
        """What the sender is to the ticket that the matched one was merged into; else what they were to that one."""
        if not self.sender:
            return "stranger"
        if self.sender in self.policy.own_addresses:
            return "gateway"
        if self.agent is not None:
            return "agent"
        for ticket in (self.target, self.ticket):
            if ticket is None:
                continue
            if self.sender == ticket.requester:
                return "requester"
            if self.sender in ticket.aliases:
                return "alias"
            if self.sender in ticket.participants:
                return "participant"
        return "stranger"

    @property
    def issued_to_sender(self) -> bool:
        """The code was made for this address, or for another one of the same person."""
        issued = self.match.issued_to
        theirs = (same_person(issued, ticket, self.policy) for ticket in (self.ticket, self.target))
        return bool(issued) and any(self.sender in addresses for addresses in theirs)

    @property
    def reached(self) -> tuple[str, ...]:
        """The customers on the ticket to whom an agent's mail went by itself; of a note's none."""
        ticket, message = self.target, self.reading.message
        if ticket is None or self.agent is None or self.match.note:
            return ()
        named = {address.email for address in (*message.to, *message.cc)}
        requester = bool(named.intersection((ticket.requester, *ticket.aliases)))
        readers = tuple(email for email in ticket.participants if email in named)
        return (ticket.requester, *readers) if requester else readers

    @property
    def repeated(self) -> int:
        """How many mails just like it came within the hour: on its ticket, or, where it has none, at all."""
        alike = self.facts.alike
        return alike.get(self.target.number, 0) if self.target is not None else sum(alike.values())

    @property
    def looping(self) -> str:
        """Why no automatic letter answers it any more, or "".

        What opens tickets is a loop only where it reads like an answer: many people may write alike on one morning.
        """
        if self.repeated < ROUNDS or (self.target is None and not answers(self.reading)):
            return ""
        return f"{self.repeated} mails just like it came within the hour: a loop, it seems"

    @property
    def too_late(self) -> bool:
        """The ticket was closed longer ago than a reply may reopen it."""
        target, window = self.target, self.policy.reopen_window
        if target is None or target.status != "closed" or target.closed_at is None or window is None:
            return False
        return calendar.add(self.policy.office, target.closed_at, window) < self.now


def same_person(address: str, ticket: TicketFacts | None, policy: Policy) -> tuple[str, ...]:
    """Every address of whoever has `address`: an agent's others, the requester's aliases, a team's members'."""
    agent = policy.agent_of(address)
    if agent is not None:
        return (address, *agent.addresses)
    for team in policy.teams.values():
        if team.email and team.email == address:
            members = (member for member in policy.agents.values() if team.id in member.teams)
            return (address, *(each for member in members for each in member.addresses))
    if ticket is not None and address in (ticket.requester, *ticket.aliases):
        return (ticket.requester, *ticket.aliases)
    return (address,)
