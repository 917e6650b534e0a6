"""What the parts around the desk need to know: where to listen, how to send, where to keep, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from gateway.config.document import Document
from gateway.config.problem import Problem
from gateway.config.secrets import SecretRef, resolve
from gateway.desk.policy import Policy, Rate
from gateway.desk.spans import Span

Tls = Literal["implicit", "starttls", "none"]
Auth = Literal["password", "xoauth2"]
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place to listen at: `host` and `port`, or the `path` of a Unix socket, or the `name` of a socket that systemd
    hands over. `host` is an address or a name without brackets."""

    kind: Literal["tcp", "unix", "fd"]
    host: str = ""
    port: int = 0
    path: Path | None = None
    name: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "tcp":
                return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
            case "unix":
                return f"unix:{self.path}"
            case "fd":
                return f"fd:{self.name}"


@dataclass(frozen=True, slots=True)
class Listen:
    """`http` None: no web server. `tls_cert` None: no STARTTLS. Mail from `trusted_networks` is our own MTA's."""

    smtp: tuple[Endpoint, ...]
    lmtp: tuple[Endpoint, ...]
    http: Endpoint | None
    tls_cert: Path | None
    tls_key: Path | None
    trusted_networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True)
class OAuth2:
    """`client_secret` None: a public client. `refresh_secret` None: the client credentials grant."""

    token_url: str
    client_id: str
    scope: str = ""
    client_secret: SecretRef | None = None
    refresh_secret: SecretRef | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """The relay. `host` "": letters are written to the Maildir state_dir/outgoing. `user` "": no login."""

    host: str
    port: int
    tls: Tls
    user: str
    auth: Auth
    password_secret: SecretRef | None
    oauth2: OAuth2 | None
    rate: Rate | None
    tls_ca: Path | None


@dataclass(frozen=True, slots=True)
class Imap:
    """How the mail of the mailbox `mailbox` is fetched. `processed` "": mail stays and is marked GatewayTaken.

    `silent_alarm` None: silence is no news.
    """

    mailbox: str
    host: str
    port: int
    tls: Tls
    user: str
    auth: Auth
    password_secret: SecretRef | None
    oauth2: OAuth2 | None
    tls_ca: Path | None
    folder: str
    processed: str
    failed: str
    first_fetch: timedelta
    idle: bool
    poll: timedelta
    silent_alarm: Span | None


@dataclass(frozen=True, slots=True)
class Storage:
    """`database` is an SQLAlchemy URL without a password; `raw_mail` "keep", "none", or how long."""

    database: str
    database_secret: SecretRef | None
    blobs: Path
    raw_mail: Literal["keep", "none"] | Span

    def database_url(self, environment: Mapping[str, str]) -> str:
        """The URL with its password, which is never logged. SecretError where it cannot be had."""
        if self.database_secret is None:
            return self.database
        scheme, _, rest = self.database.partition("://")
        user, at, host = rest.rpartition("@")
        password = quote(resolve(self.database_secret, environment), safe="")
        return f"{scheme}://{user}:{password}{at}{host}"


@dataclass(frozen=True, slots=True)
class Log:
    level: Literal["debug", "info", "warning", "error"]
    format: Literal["auto", "console", "json", "journal"]


@dataclass(frozen=True, slots=True)
class Config:
    """All that gateway.toml and its files say. Paths are resolved; directories need not exist yet.

    `runtime_dir` is where relative sockets lie. `admin_notify` are addresses in normal form. `delete_closed_after`
    None: never. `problems` are warnings and notes: with an error there is no Config. `document` is what was written.
    """

    path: Path
    files: tuple[Path, ...]
    policy: Policy
    listen: Listen
    send: Send
    imap: Mapping[str, Imap]
    storage: Storage
    state_dir: Path
    runtime_dir: Path
    template_dir: Path
    log: Log
    admin_notify: tuple[str, ...]
    delete_closed_after: Span | None
    problems: tuple[Problem, ...]
    document: Document = field(repr=False)
