"""Asks the servers that we log in to. What they say is judged elsewhere; a secret is never part of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from gateway.config.places import KeyPath
from gateway.config.secrets import SecretRef, look
from gateway.config.settings import Config, Imap, Send
from gateway.credentials import Secret, secret
from gateway.doctor.ask_machine import as_the_unit
from gateway.doctor.mailbox import ImapSeen, ImapWanted, Quota
from gateway.doctor.relay import LETTERS, Asked, RelaySeen
from gateway.doctor.server import Certificate, Server, Stop
from gateway.edge import imap_probe, relay_probe
from gateway.edge.oauth2 import TokenRefused
from gateway.edge.probe import Encryption, Stopped
from gateway.edge.relay import RelaySettings, RelayTimeouts
from gateway.edge.relay_probe import Answered, Envelope
from gateway.fetching import settings_of
from gateway.mail.address import with_plus

PATIENCE = 10.0  # seconds for each answer
_DATE = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")

Places = Callable[[KeyPath], str]


@dataclass(frozen=True, slots=True)
class ImapAsked:
    server: Server
    wanted: ImapWanted
    seen: ImapSeen


@dataclass(frozen=True, slots=True)
class RelayAsked:
    """`ahead`: by how much our clock is ahead of the one in its greeting; None where that tells no time.

    `settings` are those of the probe, with the secret at hand.
    """

    server: Server
    settings: RelaySettings
    seen: RelaySeen
    tagged: tuple[Asked, ...] = ()
    ahead: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Login:
    """A secret in hand, or why there is none."""

    value: str = ""
    stop: Stop | None = None


async def imap(config: Config, imap: Imap, environ: Mapping[str, str], places: Places) -> ImapAsked:
    address = config.policy.mailboxes[imap.mailbox].address
    server = Server(
        about=address, check="imap", table=f"[mailbox.{imap.mailbox}.imap]", host=imap.host, port=imap.port,
        tls=imap.tls, user=imap.user, effect="No mail is fetched.", command=as_the_unit(config, environ),
        places=_written(places, ("mailbox", imap.mailbox, "imap")),
    )  # fmt: skip
    settings = settings_of(imap, address, config.policy.limits.message_size, environ)
    login = await _login(imap, settings.secret, environ)
    settings = replace(settings, secret=_given(login.value), patience=PATIENCE)
    reached = await imap_probe.probe(settings, log_in=login.stop is None)
    folder = reached.folder
    seen = ImapSeen(
        certificate=_certificate(reached.encryption),
        capabilities=reached.capabilities,
        waiting=folder.exists if folder else 0,
        keeps_keywords=folder.keeps_keywords if folder else True,
        folders=reached.folders,
        quota=Quota(*reached.quota) if reached.quota else None,
        stop=_stop(reached.stopped) or login.stop,
    )
    poll = f"{imap.poll.total_seconds():g} s"
    return ImapAsked(server, ImapWanted(imap.folder, imap.processed, imap.idle, poll), seen)


async def relay(
    config: Config, environ: Mapping[str, str], places: Places, clock: Callable[[], datetime]
) -> RelayAsked:
    send = config.send
    server = Server(
        about=LETTERS, check="relay", table="[send]", host=send.host, port=send.port, tls=send.tls, user=send.user,
        effect="No letter leaves.", command=as_the_unit(config, environ), places=_written(places, ("send",)),
    )  # fmt: skip
    ask = secret("[send]", send.auth, send.password_secret, send.oauth2, environ)
    login = await _login(send, ask, environ) if send.user else _Login()
    settings = RelaySettings(
        host=send.host, port=send.port, tls=send.tls, user=send.user, auth=send.auth, secret=_given(login.value),
        tls_ca=send.tls_ca, helo=config.policy.domain, timeouts=RelayTimeouts(PATIENCE, PATIENCE, PATIENCE),
    )  # fmt: skip
    senders, tagged = _envelopes(config)
    envelopes = [envelope for _, envelope in (*senders, *tagged)]
    reached = await relay_probe.probe(settings, envelopes, with_login=login.stop is None)
    answers = {each.envelope: each for each in reached.answered}
    seen = RelaySeen(
        certificate=_certificate(reached.encryption),
        largest=reached.size,
        smtputf8=reached.smtputf8,
        asked=tuple(_asked(of, each.sender, answers[each]) for of, each in senders if each in answers),
        stop=_stop(reached.stopped) or login.stop,
    )
    with_tags = tuple(_asked(of, each.rcpt, answers[each]) for of, each in tagged if each in answers)
    return RelayAsked(server, settings, seen, with_tags, _ahead(reached.greeting, clock()))


def _envelopes(config: Config) -> tuple[list[tuple[str, Envelope]], list[tuple[str, Envelope]]]:
    """For each mailbox one as our letters bear it; and one to an address with a tag, where letters ask for these."""
    boxes = [(box.address, box.reply_address == "plus") for box in config.policy.mailboxes.values()]
    senders = [(box, Envelope(with_plus(box, "b1.doctor") if plus else box, box)) for box, plus in boxes]
    return senders, [(box, Envelope(box, with_plus(box, "doctor"))) for box, plus in boxes if plus]


def _asked(of: str, address: str, answer: Answered) -> Asked:
    return Asked(of, address, answer.code, answer.words)


async def _login(account: Imap | Send, ask: Secret, environ: Mapping[str, str]) -> _Login:
    for reference in _references(account):
        found = look(reference, environ)
        if found.reach == "not checked" and reference.way != "command":
            return _Login(stop=Stop("unreadable secret", found.words))
    try:
        return _Login(await ask())
    except TokenRefused as error:
        return _Login(stop=Stop("login", str(error)))
    except OSError as error:
        return _Login(stop=Stop("secret", str(error)))


def _references(account: Imap | Send) -> list[SecretRef]:
    oauth2 = account.oauth2 if account.auth == "xoauth2" else None
    found = (oauth2.client_secret, oauth2.refresh_secret) if oauth2 else (account.password_secret,)
    return [each for each in found if each is not None]


def _given(value: str) -> Secret:
    async def resolved() -> str:
        return value

    return resolved


def _written(places: Places, table: tuple[str, ...]) -> dict[str, str]:
    keys = ("host", "port", "tls", "user", "auth", "password_secret", "tls_ca", "folder", "processed", "poll")
    return {"": places(table), **{key: places((*table, key)) for key in keys}}


def _certificate(seen: Encryption | None) -> Certificate | None:
    return Certificate(seen.protocol, seen.until) if seen else None


def _stop(seen: Stopped | None) -> Stop | None:
    return Stop(seen.stage, seen.words) if seen else None


def _ahead(greeting: str, now: datetime) -> timedelta | None:
    """Exim, Sendmail and Exchange greet with the time."""
    found = _DATE.search(greeting)
    if found is None:
        return None
    try:
        return now.astimezone(UTC) - parsedate_to_datetime(found[0]).astimezone(UTC)
    except ValueError:
        return None
