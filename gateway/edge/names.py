"""Asks DNS what it says of a mail domain. Quick or not at all: whoever asks is waiting in front of a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdata
import dns.resolver

_FEWEST_LABELS = 2  # a policy of a whole top-level domain is nobody's of ours


@dataclass(frozen=True, slots=True)
class Nameservers:
    """Addresses and the port of those to ask; no address: those of the system. `seconds` for one question."""

    addresses: tuple[str, ...] = ()
    port: int = 53
    seconds: float = 4.0


@dataclass(frozen=True, slots=True)
class Records:
    """`mx` are (preference, host), "" for a null MX; `texts` TXT records of the domain; `policies` those below _dmarc,
    for the domain and each above it, with the name that was asked. `trouble`: why nothing is known, "" else."""

    mx: tuple[tuple[int, str], ...] = ()
    reachable: bool = False
    texts: tuple[str, ...] = ()
    policies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    trouble: str = ""


async def records(domain: str, servers: Nameservers) -> Records:
    """`domain` in A-labels. Never raises for trouble outside."""
    try:
        return await _asked(domain, _resolver(servers))
    except dns.resolver.NoResolverConfiguration:
        return Records(trouble="this machine has no name server (/etc/resolv.conf)")
    except dns.exception.Timeout:
        return Records(trouble=f"no answer within {servers.seconds:g} s")
    except dns.resolver.NoNameservers:
        return Records(trouble="the name servers refuse or fail")
    except (dns.exception.DNSException, OSError) as error:
        return Records(trouble=str(error) or type(error).__name__)


def _resolver(servers: Nameservers) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not servers.addresses)
    if servers.addresses:
        resolver.nameservers = list(servers.addresses)
        resolver.port = servers.port
    resolver.lifetime = servers.seconds
    resolver.timeout = servers.seconds / 2  # a lost datagram is asked for once more
    return resolver


async def _asked(domain: str, resolver: dns.asyncresolver.Resolver) -> Records:
    labels = domain.split(".")
    above = [".".join(labels[start:]) for start in range(max(1, len(labels) - _FEWEST_LABELS + 1))]
    policies = [f"_dmarc.{each}" for each in above]
    mx, texts, v4, v6, *found = await asyncio.gather(
        _ask(resolver, domain, "MX"),
        _ask(resolver, domain, "TXT"),
        _ask(resolver, domain, "A"),
        _ask(resolver, domain, "AAAA"),
        *(_ask(resolver, each, "TXT") for each in policies),
    )
    return Records(
        mx=tuple(_mx(each.to_text()) for each in mx),
        reachable=bool(v4 or v6),
        texts=_texts(texts),
        policies=tuple((name, _texts(each)) for name, each in zip(policies, found, strict=True)),
    )


async def _ask(resolver: dns.asyncresolver.Resolver, name: str, kind: str) -> Sequence[dns.rdata.Rdata]:
    """Nothing where the name, or such a record of it, does not exist."""
    try:
        return list(await resolver.resolve(dns.name.from_text(name), kind, search=False))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
        return ()


def _mx(text: str) -> tuple[int, str]:
    """ "10 mx.acme.example." of a zone file."""
    preference, _, host = text.partition(" ")
    return int(preference), host.rstrip(".").lower()


def _texts(found: Sequence[dns.rdata.Rdata]) -> tuple[str, ...]:
    """The strings of a record belong together without a blank (RFC 7208 §3.3)."""
    return tuple(b"".join(each.strings).decode("utf-8", "replace") for each in found)  # type: ignore[attr-defined]
