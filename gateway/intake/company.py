"""Who else is in a mail: the readers it brings along, and the names it borrows."""

from __future__ import annotations

from gateway.desk.policy import Policy
from gateway.desk.ticket import Person
from gateway.intake.reading import Reading
from gateway.mail.address import split_plus

MOST_JOIN = 10


def joining(reading: Reading, policy: Policy) -> tuple[Person, ...]:
    """Those on Cc who become participants, as `cc_joins` says: of a sender whom our server passed alone, at most ten,
    none of our own addresses and no agent (DUTIES AUT-13)."""
    choice, sender = policy.security.cc_joins, reading.sender
    if choice == "never" or sender is None or reading.passed != "pass":
        return ()
    domain = sender.email.rpartition("@")[2]
    people: dict[str, Person] = {}
    for address in reading.message.cc:
        ours = split_plus(address.email)[0] in policy.own_addresses or policy.agent_of(address.email) is not None
        near = choice == "all" or address.email.rpartition("@")[2] == domain
        if address.email and near and not ours and address.email != sender.email:
            people.setdefault(address.email, Person(address.name, address.email))
    return tuple(people.values())[:MOST_JOIN]


def addressed(reading: Reading, policy: Policy) -> tuple[Person, ...]:
    """Those in the To field who are none of us, each once."""
    people: dict[str, Person] = {}
    for address in reading.message.to:
        ours = split_plus(address.email)[0] in policy.own_addresses or policy.agent_of(address.email) is not None
        if address.email and not ours:
            people.setdefault(address.email, Person(address.name, address.email))
    return tuple(people.values())[: MOST_JOIN + 1]


def borrowed_name(reading: Reading, policy: Policy) -> str | None:
    """The id of the agent whose name, or address, a sender who is not that agent shows as their own name."""
    sender = reading.sender
    if sender is None or policy.agent_of(sender.email) is not None:
        return None
    shown = " ".join(sender.name.casefold().split())
    for agent in policy.agents.values():
        wears = shown == " ".join(agent.name.casefold().split()) or any(mine in shown for mine in agent.addresses)
        if shown and wears:
            return agent.id
    return None
