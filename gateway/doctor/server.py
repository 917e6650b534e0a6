"""A server that we log in to, and how far we came with it: what IMAP and relay have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from gateway.doctor.finding import Finding, day

Stage = Literal["name", "connect", "certificate", "tls", "unreadable secret", "secret", "login", "folder", "talk"]
Tls = Literal["implicit", "starttls", "none"]

SOON = timedelta(days=14)  # automatic renewal happens thirty days before the end: this one is late
_LOGIN_CLOSED = re.compile(r"basic ?auth|basic authentication|application-specific password|OAuth", re.I)
_OTHER_PORT: Mapping[int, str] = {143: "starttls", 587: "starttls", 25: "starttls", 993: "implicit", 465: "implicit"}


@dataclass(frozen=True, slots=True)
class Stop:
    """At which step we came no further, in the server's or the system's words."""

    stage: Stage
    words: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """`protocol` as OpenSSL says it: "TLSv1.3"."""

    protocol: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """`table` is "[send]" or "[mailbox.support.imap]", `places` where its keys are written ("gateway.toml:12"); a key
    that is a default is missing in it, "" is the table itself. `effect` is what does not happen without this server.
    `command` runs the doctor where the unit's credentials are.
    """

    about: str
    check: str
    table: str
    host: str
    port: int
    tls: Tls
    user: str
    effect: str
    places: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    @property
    def name(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def line(self, written: str) -> str:
        """A line of the configuration and where it belongs."""
        place = self.places.get(written.partition(" ")[0]) or self.places.get("")
        return f"{written}   ({place}, {self.table})" if place else f"{written}   ({self.table})"

    def found(self, check: str, level: Literal["ok", "skip", "warn", "fail"], what: str, why: str = "",
              repair: tuple[str, ...] = ()) -> Finding:  # fmt: skip
        return Finding(self.about, f"{self.check}{check}", level, self.name, what, why, repair)


def stopped(server: Server, stop: Stop) -> Finding:
    """Why nothing more can be said of this server, and what to do."""
    if stop.stage == "unreadable secret":
        return server.found("", "skip", f"{stop.words}: the login was not tried", "", (server.command,))
    what = {
        "name": f"the name {server.host} is not found: {stop.words}",
        "connect": f"does not answer: {stop.words}",
        "certificate": f"its certificate is not to be trusted: {stop.words}",
        "tls": f"no encryption: {stop.words}",
        "secret": stop.words,
        "login": f"refuses the login of {server.user}: {stop.words}",
        "folder": stop.words,
        "talk": f"broke off: {stop.words}",
    }[stop.stage]
    return server.found("", "fail", what, server.effect, _repair(server, stop))


def _repair(server: Server, stop: Stop) -> tuple[str, ...]:
    match stop.stage:
        case "name":
            return (f"getent hosts {server.host}", server.line(f'host = "{server.host}"'))
        case "connect" | "talk" | "folder":
            return (f"nc -vz {server.host} {server.port}", server.line(f"port = {server.port}"))
        case "certificate":
            return _certificate_repair(server, stop.words)
        case "tls":
            other = _OTHER_PORT.get(server.port, "")
            return (server.line(f'tls = "{other}"'),) if other and other != server.tls else (_shown(server),)
        case "login":
            return _login_repair(server, stop.words)
        case "secret" | "unreadable secret":
            return (server.line("password_secret = …"),)


def _certificate_repair(server: Server, words: str) -> tuple[str, ...]:
    said = words.lower()
    if "expired" in said or "not yet valid" in said:
        return (_shown(server),)
    if "mismatch" in said or "not valid for" in said:
        return (_shown(server), server.line(f'host = "{server.host}"'))
    return (_shown(server), server.line('tls_ca = "/etc/ssl/certs/your-authority.pem"'))


def _login_repair(server: Server, words: str) -> tuple[str, ...]:
    if _LOGIN_CLOSED.search(words):
        grant = 'oauth2 = { token_url = "…", client_id = "…", scope = "…", client_secret = { credential = "…" } }'
        return (server.line('auth = "xoauth2"'), grant)
    return (server.line(f'user = "{server.user}"'), server.line("password_secret = …"))


def _shown(server: Server) -> str:
    """The command that shows what the server presents."""
    start = "" if server.tls == "implicit" else f" -starttls {'imap' if server.check == 'imap' else 'smtp'}"
    asked = f"openssl s_client -connect {server.name} -servername {server.host}{start}"
    return f"{asked} </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates"


def encryption(certificate: Certificate | None) -> str:
    if certificate is None:
        return "no TLS, on this machine"
    protocol = certificate.protocol.replace("TLSv", "TLS ")
    return f"{protocol}, certificate valid until {day(certificate.until)}"


def ending(server: Server, certificate: Certificate | None, now: datetime) -> list[Finding]:
    """A certificate that ends soon. One that has ended is refused before we get to know its dates."""
    if certificate is None or certificate.until - now > SOON:
        return []
    days = max(0, (certificate.until - now).days)
    what = f"its certificate ends on {day(certificate.until)}, in {days} {'day' if days == 1 else 'days'}"
    return [
        server.found(
            ".certificate",
            "warn",
            what,
            f"From then on {server.effect[0].lower()}{server.effect[1:]}",
            (_shown(server),),
        )
    ]
