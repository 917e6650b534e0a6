"""How far we come with a server that we log in to, and where it ended: for those who look, not for those who work."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import aiosmtplib

from gateway.edge.imap_client import LoginRefused

Stage = Literal["name", "connect", "certificate", "tls", "login", "folder", "talk"]


@dataclass(frozen=True, slots=True)
class Stopped:
    """At which step it ended, in the server's or the system's words."""

    stage: Stage
    words: str


@dataclass(frozen=True, slots=True)
class Encryption:
    """`protocol` as OpenSSL says it ("TLSv1.3"); `until` the server's certificate is valid."""

    protocol: str
    until: datetime


def encryption(ask: Callable[[str], Any]) -> Encryption | None:
    """By the `get_extra_info` of a transport; None where it is not encrypted."""
    tls = ask("ssl_object")
    until = ends(ask("peercert") or {}) if tls is not None else None
    return Encryption(str(tls.version()), until) if until else None


def ends(certificate: dict[str, Any]) -> datetime | None:
    """When a certificate ends, as `getpeercert` tells of it."""
    until = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(until)), UTC) if until else None


def stopped(error: BaseException) -> Stopped:
    """What an exception of a connection means; libraries wrap the one that tells."""
    told: BaseException | None = error
    while told is not None:
        found = _plain(told)
        if found is not None:
            return found
        told = told.__cause__ or told.__context__
    return Stopped("talk", str(error) or type(error).__name__)


def _plain(error: BaseException) -> Stopped | None:
    match error:
        case LoginRefused():
            return Stopped("login", str(error))
        case ssl.SSLCertVerificationError():
            return Stopped("certificate", error.verify_message.rstrip("."))
        case ssl.SSLError():
            return Stopped("tls", (getattr(error, "reason", None) or str(error)).replace("_", " ").lower())
        case aiosmtplib.SMTPResponseException():
            return Stopped("talk", f"{error.code} {error.message}")
        case socket.gaierror():
            return Stopped("name", error.strerror or str(error))
        case OSError(errno=int(number)) if number > 0 and not isinstance(error, TimeoutError):
            return Stopped("connect", os.strerror(number))
    return None
