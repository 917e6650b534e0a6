"""One look at everything around a desk: what can wait for an answer is asked at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from gateway.config.places import KeyPath
from gateway.config.settings import Config, Endpoint
from gateway.doctor import (
    ask_machine,
    ask_roundtrip,
    ask_servers,
    ask_store,
    ask_unit,
    domain,
    machine,
    mailbox,
    relay,
    roundtrip,
    trust,
    unit,
)
from gateway.doctor.ask_servers import ImapAsked, RelayAsked
from gateway.doctor.domain import DomainSeen
from gateway.doctor.finding import Finding
from gateway.doctor.machine import Clock, Listening, Waiting
from gateway.doctor.mailbox import Quiet
from gateway.doctor.roundtrip import Trip
from gateway.doctor.trust import Trusting
from gateway.edge.greeting import greeting
from gateway.edge.names import Nameservers, records

PATIENCE = 10.0  # seconds for a server to do all that it is asked


@dataclass(frozen=True, slots=True)
class Around:
    """What `gateway status` knows: does the daemon run, what is amiss, how many letters wait for their time, and when
    the newest mail of each mailbox (by its address) came. `desk` False: of the database nothing is known.
    """

    daemon: bool
    desk: bool = False
    waiting: tuple[Waiting, ...] = ()
    letters: int = 0
    last_mail: Mapping[str, datetime | None] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done beyond looking: `test_id` makes the ids of test mails, None: none is sent."""

    nameservers: Nameservers
    test_id: Callable[[], str] | None = None


async def checkup(
    config: Config,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    around: Around,
    asked: Asked,
) -> list[Finding]:
    """Findings under their headings: mailboxes, letters, domains, whom we believe, this machine, its unit."""
    places = partial(written_at, config)
    boxes = asyncio.gather(*(ask_servers.imap(config, each, environ, places) for each in config.imap.values()))
    listeners, store, imaps, sending, domains = await asyncio.gather(
        _listeners(config),
        asyncio.to_thread(ask_store.store, config, environ),
        boxes,
        _relay(config, environ, places, clock),
        asyncio.gather(*(_domain(each, asked.nameservers) for each in _domains(config))),
    )
    test = await _test(config, environ, clock, around, sending, asked)
    now = clock()
    findings = _mailboxes(config, around, imaps, sending, test, now)
    findings += _letters(config, sending, places, now)
    admin = next(iter(config.admin_notify), "")
    findings += [each for seen in domains for each in domain.domain(seen, admin)]
    findings += _trust(config, store, test)
    findings += _machine(config, around, _clock(store, sending), store, now)
    for each in listeners:
        findings += machine.listener(each, now, daemon=around.daemon, tls=config.listen.tls_cert is not None)
    seen = ask_unit.unit(config)
    findings += unit.unit(seen) if seen else ()
    return findings


def written_at(config: Config, path: KeyPath) -> str:
    """Where a key is written, "gateway.toml:78"; of a default, where its table is, or else the file it belongs in."""
    while path:
        spot = config.document.origin(path)
        if spot is not None:
            return f"{spot.file}:{spot.place.line}"
        path = path[:-1]
    return str(config.path)


async def _relay(
    config: Config, environ: Mapping[str, str], places: ask_servers.Places, clock: Callable[[], datetime]
) -> RelayAsked | None:
    return await ask_servers.relay(config, environ, places, clock) if config.send.host else None


async def _test(
    config: Config,
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    around: Around,
    sending: RelayAsked | None,
    asked: Asked,
) -> list[Trip]:
    """It takes a relay that would send and a daemon that would receive."""
    if asked.test_id is None or sending is None or sending.seen.stop is not None or not around.daemon:
        return []
    return await ask_roundtrip.trips(config, environ, sending.settings, clock, asked.test_id)


def _trust(config: Config, store: ask_store.StoreSeen, test: Sequence[Trip]) -> list[Finding]:
    """What a test mail tells of forged verdicts is better known than what was seen by chance."""
    trusting = _trusting(config)
    logged_in = bool(config.send.user)
    tested = list(roundtrip.forged(test, trusting.authserv_id, trusting.place, logged_in=logged_in))
    found = list(trust.trust(trusting, store.stamps))
    return [each for each in found if not tested or each.check != "trust.forged" or each.level == "fail"] + tested


def _mailboxes(
    config: Config,
    around: Around,
    imaps: Sequence[ImapAsked],
    sending: RelayAsked | None,
    test: Sequence[Trip],
    now: datetime,
) -> list[Finding]:
    found: list[Finding] = []
    tried = [trip.of for trip in test]
    tagged = [each for each in sending.tagged if each.of not in tried] if sending else []
    asked = {each.server.about: each for each in imaps}
    for box in config.policy.mailboxes.values():
        if at := asked.get(box.address):
            found += mailbox.imap(at.server, at.wanted, at.seen, now)
        found += [roundtrip.plus(each) for each in test if each.of == box.address]
        found += [relay.plus(each) for each in tagged if each.of == box.address]
        if around.last_mail is None:
            continue
        imap = config.imap.get(box.id)
        quiet = Quiet(box.address, around.last_mail.get(box.address), imap.silent_alarm if imap else None)
        found += mailbox.silence(quiet, config.policy.office, now, daemon=around.daemon)
    return found


def _letters(config: Config, sending: RelayAsked | None, places: ask_servers.Places, now: datetime) -> list[Finding]:
    if sending is None:
        return [relay.no_relay(str(config.state_dir / "outgoing"), places(("send", "host")))]
    return list(relay.relay(sending.server, sending.seen, config.policy.limits.attachments_out, now))


def _domains(config: Config) -> list[str]:
    """Those of the addresses that customers write to and that letters come from."""
    addresses = (box.address for box in config.policy.mailboxes.values())
    return list(dict.fromkeys(address.rpartition("@")[2] for address in addresses))


async def _domain(name: str, nameservers: Nameservers) -> DomainSeen:
    if domain.is_sample(name):
        return DomainSeen(name)
    found = await records(name, nameservers)
    return DomainSeen(name, found.mx, found.reachable, found.texts, found.policies, found.trouble)


def _trusting(config: Config) -> Trusting:
    security = config.policy.security
    place = written_at(config, ("security", "trust_auth_results"))
    return Trusting(security.trust_auth_results, security.agents_must_pass, place)


def _machine(config: Config, around: Around, clock: Clock, store: ask_store.StoreSeen, now: datetime) -> list[Finding]:
    found: list[Finding] = []
    sqlite = config.storage.database.startswith("sqlite")
    for disk in ask_machine.disks(config):
        found += machine.disk(disk, config.policy.limits.message_size, database=sqlite)
    found.append(machine.database(store.database))
    if around.desk:
        found += machine.work(around.waiting, around.letters)
        found.append(machine.backup(ask_store.last_backup(config), f"gateway -c {config.path.absolute()}", now))
    found.append(machine.clock(clock))
    found += machine.files(ask_machine.files(config, ask_machine.credentials(config)))
    found += machine.daemon() if not around.daemon else []
    return found


def _clock(store: ask_store.StoreSeen, sending: RelayAsked | None) -> Clock:
    """The kernel's opinion, and by how far others differ the most: the relay's greeting, stamps of recent mails."""
    others = [(-store.behind, store.clock)]
    others += [(sending.ahead, sending.server.host)] if sending and sending.ahead is not None else []
    ahead, of = max(others, key=lambda each: abs(each[0]))
    return replace(ask_machine.kernel_clock(), ahead=ahead, of=of)


async def _listeners(config: Config) -> list[Listening]:
    named: list[tuple[str, Endpoint]] = [("smtp", each) for each in config.listen.smtp]
    named += [("lmtp", each) for each in config.listen.lmtp]
    return list(await asyncio.gather(*(_listener(config, protocol, each) for protocol, each in named if _known(each))))


def _known(endpoint: Endpoint) -> bool:
    """Where a socket lies that systemd hands over, the unit says; a port of 0 is any."""
    return endpoint.kind == "unix" or (endpoint.kind == "tcp" and endpoint.port != 0)


async def _listener(config: Config, protocol: str, endpoint: Endpoint) -> Listening:
    place: tuple[str, int] | Path = endpoint.path or (_within(endpoint.host), endpoint.port)
    seen = await greeting(
        place, protocol, config.policy.domain, PATIENCE, config.listen.tls_cert  # type: ignore[arg-type]
    )  # fmt: skip
    return Listening(protocol, str(endpoint), seen.error, seen.starttls, seen.until)


def _within(host: str) -> str:
    """A listener on every address is asked on this machine's own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
