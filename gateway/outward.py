"""Where letters go when they leave: the relay, or the Maildir where none is configured."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.config.settings import Config
from gateway.desk.policy import Rate
from gateway.dispatch import Delivery
from gateway.edge.maildir import deliver_to_maildir
from gateway.mail.compose import needs_smtputf8
from gateway.mail.delivery import Outcome
from gateway.mail.letter import Letter

if TYPE_CHECKING:
    from gateway.edge.relay import Relay

CONNECTIONS = 4  # to the relay at once: one slow answer shall not hold up the others


class Outward:
    """`send` never raises for trouble outside: that is an outcome."""

    def __init__(self, config: Config, environ: Mapping[str, str], maildir: Path | None = None) -> None:
        self._config = config
        self._environ = environ
        self._maildir = maildir or config.state_dir / "outgoing"
        self._relays: list[Relay] = []
        self._turn = itertools.count()

    async def send(self, letter: Letter, data: bytes) -> Delivery:
        if not self._config.send.host:
            return await asyncio.to_thread(_keep, self._maildir, letter, data)
        if not self._relays:
            self._relays = self._connect()
        relay = self._relays[next(self._turn) % len(self._relays)]
        return await relay.send(letter.envelope_from, letter.to, data, needs_smtputf8(letter))

    def rate(self) -> Rate | None:
        """How many letters the relay wants in which time; a Maildir takes all."""
        return self._config.send.rate if self._config.send.host else None

    def reload(self, config: Config) -> None:
        """Letters that leave from now on go to the relay of `config`; one on its way finishes with the old."""
        if config.send != self._config.send:
            self._relays = []
        self._config = config

    async def close(self) -> None:
        for relay in self._relays:
            await relay.close()

    def _connect(self) -> list[Relay]:
        from gateway.credentials import secret
        from gateway.edge.relay import Relay, RelaySettings  # 0.1 s, which a desk without a relay saves

        send = self._config.send
        settings = RelaySettings(
            host=send.host,
            port=send.port,
            tls=send.tls,
            user=send.user,
            auth=send.auth,
            secret=secret("[send]", send.auth, send.password_secret, send.oauth2, self._environ) if send.user else None,
            tls_ca=send.tls_ca,
            helo=self._config.policy.domain,
        )
        return [Relay(settings) for _ in range(CONNECTIONS)]


def _keep(maildir: Path, letter: Letter, data: bytes) -> Delivery:
    """As a final delivery would, with the envelope on top (RFC 5321 §4.4)."""
    envelope = f"Return-Path: <{letter.envelope_from}>\r\nDelivered-To: {letter.to}\r\n"
    try:
        deliver_to_maildir(maildir, envelope.encode() + data, f"{letter.id}.{letter.name}")
    except OSError as error:
        return Outcome("deferred", None, f"cannot write to {maildir}: {error}")
    return Outcome("sent", None, f"written to {maildir}")
