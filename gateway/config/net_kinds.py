"""The kinds of values that name things outside: addresses, hosts, URLs, zones, sockets, databases, secrets."""

from __future__ import annotations

import functools
import ipaddress
import re
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gateway.config.entry import Entry, Wrong, nearest, type_words
from gateway.config.kinds import Line, text_of
from gateway.config.secrets import FOUR_WAYS, SecretRef
from gateway.config.settings import Endpoint, Network
from gateway.mail.address import normal, split_plus

_WAYS: Final = ("credential", "file", "env", "command")
_HOST: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Email:
    """One address, in normal form. `own`: an address of ours, which gets plus-tags and so must have none."""

    own: bool = False
    words: str = 'an address such as "support@acme.example"'

    def read(self, entry: Entry) -> str:
        text = text_of(entry, self.words)
        address = normal(text.strip())
        bare = re.search(r"<([^<>]+)>", text)
        if not address:
            raise Wrong(f'wants {self.words}, not "{text}"', normal(bare[1]) if bare else "")
        plain, tag = split_plus(address)
        if self.own and tag:
            raise Wrong("has a plus-tag; the gateway adds its own to the plain address", plain)
        return address

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "email"}


class Domain:
    """A domain in normal form: A-labels, lower case."""

    words = 'a domain such as "acme.example"'

    def read(self, entry: Entry) -> str:
        text = text_of(entry, self.words).strip()
        domain = normal(f"x@{text}").removeprefix("x@")
        if not domain or domain.startswith("["):
            meant = normal(f"x@{re.sub(r'^(https?://|.*@)|/.*$', '', text)}").removeprefix("x@")
            raise Wrong(f'wants {self.words}, not "{text}"', meant)
        return domain

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "hostname"}


class Host:
    """A host name or an IP address, without a port."""

    words = 'a host such as "mail.acme.example" or "127.0.0.1"'

    def read(self, entry: Entry) -> str:
        text = text_of(entry, self.words).strip()
        if not text or _HOST.fullmatch(text) or _is_address(text):
            return text
        name, colon, port = text.rpartition(":")
        if colon and port.isdigit() and _HOST.fullmatch(name):
            raise Wrong(f"has a port in it; write port = {port} on a line of its own", name)
        raise Wrong(f'wants {self.words}, not "{text}"')

    def schema(self) -> dict[str, object]:
        return {"type": "string"}


class Url:
    """A link for people, or the address of a service."""

    words = 'a link such as "https://acme.example/help"'

    def read(self, entry: Entry) -> str:
        text = Line(self.words).read(entry).strip()
        try:
            parts = urlsplit(text)
        except ValueError:
            raise Wrong(f'wants {self.words}, not "{text}"') from None
        is_link = parts.scheme in ("http", "https") and parts.hostname
        if text and not (is_link or (parts.scheme in ("mailto", "tel") and parts.path)):
            raise Wrong(f'wants {self.words}, not "{text}"', "" if parts.scheme else f"https://{text}")
        if re.search(r'[\s"<>]', text):
            raise Wrong("has a blank, a quote or a bracket in it; write %20, %22, %3C or %3E")
        return text

    def schema(self) -> dict[str, object]:
        return {"type": "string", "format": "uri"}


class Zone:
    """A time zone by its IANA name."""

    words = 'a time zone such as "Europe/Berlin"'

    def read(self, entry: Entry) -> str:
        text = text_of(entry, self.words)
        if not _is_zone(text):
            raise Wrong(f'wants {self.words}; there is no "{text}"', _zone_meant(text))
        return text

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["UTC", "Europe/Berlin"]}


@functools.lru_cache(64)
def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a directory
        return False
    return bool(name)


def _zone_meant(name: str) -> str:
    zones = zoneinfo.available_timezones()
    cities: dict[str, str] = {}
    for zone in sorted(zones):
        if "/" in zone and not zone.startswith(("posix/", "right/", "Etc/")):
            cities.setdefault(zone.rpartition("/")[2], zone)
    close = nearest(name, zones)
    return close if "/" in name and close else cities.get(nearest(name.replace(" ", "_"), cities), close)


class Listening:
    """Where to listen. A relative socket path stays relative here."""

    words = 'a place to listen at such as "127.0.0.1:2525", "[::1]:25", "unix:lmtp.sock" or "fd:smtp"'

    def read(self, entry: Entry) -> Endpoint:
        text = text_of(entry, self.words).strip()
        if text.startswith("unix:") and len(text) > 5:
            return Endpoint("unix", path=Path(text[5:]))
        if text.startswith("fd:") and re.fullmatch(r"[!-9;-~]{1,255}", text[3:]):
            return Endpoint("fd", name=text[3:])
        host, colon, port = text.rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if colon and port.isdecimal() and ":" in host and host == bare and _is_address(host):
            raise Wrong(f'"{text}" is ambiguous: an IPv6 address stands in brackets', f"[{host}]:{port}")
        if not colon or not port.isdecimal() or not (_is_address(bare) or _HOST.fullmatch(bare)):
            raise Wrong(f'wants {self.words}, not "{text}"', _endpoint_meant(text, bare, port))
        if int(port) > 65_535:
            raise Wrong(f"the port {port} is out of range: 65535 is the last")
        return Endpoint("tcp", host=bare, port=int(port))

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["127.0.0.1:2525", "[::1]:25", "unix:lmtp.sock", "fd:smtp"]}


def _endpoint_meant(text: str, host: str, port: str) -> str:
    if text.isdecimal():
        return f"127.0.0.1:{text}"
    if port.isdecimal() and host in ("", "*"):
        return f"0.0.0.0:{port}"
    return f"unix:{text}" if text.endswith(".sock") else ""


class NetworkKind:
    words = 'a network such as "10.0.0.0/8" or "::1/128"'

    def read(self, entry: Entry) -> Network:
        text = text_of(entry, self.words).strip()
        try:
            return ipaddress.ip_network(text)
        except ValueError:
            pass
        try:
            meant = str(ipaddress.ip_network(text, strict=False))
        except ValueError:
            raise Wrong(f'wants {self.words}, not "{text}"') from None
        raise Wrong(f'"{text}" is an address in a network, not the network', meant)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "examples": ["127.0.0.0/8", "::1/128"]}


class DatabaseUrl:
    """An SQLAlchemy URL of SQLite or PostgreSQL, without a password."""

    words = '"sqlite:///PATH" or "postgresql+psycopg://user@host/database"'

    def read(self, entry: Entry) -> str:
        text = Line(self.words).read(entry).strip()
        if not text:
            return text
        scheme, _, rest = text.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg2", "psycopg"):
            raise Wrong(
                f"the driver is missing: it wants {self.words}", f"postgresql+psycopg://{_without_password(rest)}"
            )
        if scheme == "postgresql+psycopg" and rest:
            if _without_password(rest) != rest:
                raise Wrong(f"has a password in it. Take it out, and add database_secret = {FOUR_WAYS}")
            return text
        if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
            return text
        raise Wrong(f"wants {self.words}", f"sqlite:///{text}" if "://" not in text and text.endswith(".db") else "")

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": r"^(|sqlite:///.+|postgresql\+psycopg://.+)$"}


def _without_password(rest: str) -> str:
    user, at, host = rest.rpartition("@")
    return f"{user.partition(':')[0]}{at}{host}"


class Secret:
    """A reference to a secret. Its text in the file is an error that names the four ways, and never the text."""

    words = FOUR_WAYS

    def read(self, entry: Entry) -> SecretRef:
        value = entry.value
        if not isinstance(value, dict):
            raise Wrong(f"a secret is never written here, only where to find it: {FOUR_WAYS}")
        if len(value) != 1:
            raise Wrong(f"wants one of the four ways: {FOUR_WAYS}")
        ((way, name),) = value.items()
        if way not in _WAYS:
            raise Wrong(f'"{way}" is no way to a secret: {FOUR_WAYS}', nearest(way, _WAYS))
        if way == "command":
            if not (isinstance(name, list) and name and all(isinstance(part, str) and part for part in name)):
                raise Wrong('wants the program and its arguments, such as { command = ["pass", "show", "support"] }')
            return SecretRef("command", argv=tuple(name))
        if not isinstance(name, str) or not name:
            raise Wrong(f"wants a name in quotes behind {way} =, not {type_words(name)}")
        if way == "credential" and ("/" in name or name in (".", "..")):
            raise Wrong("a credential is a name, not a path", f'{{ file = "{name}" }}')
        return SecretRef(way, name)

    def schema(self) -> dict[str, object]:
        argv = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        ways = [
            {"properties": {way: argv if way == "command" else {"type": "string"}}, "required": [way]} for way in _WAYS
        ]
        return {"type": "object", "oneOf": [{**way, "additionalProperties": False} for way in ways]}


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine and nothing else."""
    if host in ("localhost", "localhost.localdomain", "ip6-localhost") or host.endswith(".localhost"):
        return True
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Argv:
    """A program and its arguments, run without a shell. Arguments may repeat."""

    words = 'a program and its arguments in a list, such as ["/usr/local/bin/page", "--night"]'

    def read(self, entry: Entry) -> tuple[str, ...]:
        argv = entry.value
        if not isinstance(argv, list) or not argv or not all(isinstance(each, str) for each in argv) or not argv[0]:
            suggestion = f'["{argv}"]' if isinstance(argv, str) and argv and '"' not in argv else ""
            raise Wrong(f"wants {self.words}", suggestion)
        if any("\0" in each for each in argv):
            raise Wrong("has a control character in it; take it out")
        return tuple(argv)

    def schema(self) -> dict[str, object]:
        return {"type": "array", "items": {"type": "string"}, "minItems": 1}
