"""Which recipients are ours to take: the mailboxes and postmaster, and never anybody else's."""

from __future__ import annotations

from gateway.desk.policy import Policy
from gateway.edge.ports import Refusal, Route
from gateway.mail.address import normal, split_plus

UNKNOWN = Refusal(550, "5.1.1", "No such mailbox here")
NO_RELAY = Refusal(550, "5.7.1", "Relaying denied: not a domain of this host")


def route(policy: Policy) -> Route:
    """An unknown name of our domains is 5.1.1, a foreign domain 5.7.1 (RFC 3463), said at RCPT."""
    own = policy.own_addresses
    domains = {address.rpartition("@")[2] for address in own} | {normal(f"x@{policy.domain}").rpartition("@")[2]}

    def decide(address: str, smtputf8: bool) -> Refusal | None:
        if address.lower() == "postmaster":  # RFC 5321 §4.5.1: without a domain too
            return None
        written = normal(address)
        base, _tag = split_plus(written)
        if base in own:
            return None
        local, _, domain = written.rpartition("@")
        if domain not in domains:
            return NO_RELAY
        return None if local == "postmaster" else UNKNOWN

    return decide
