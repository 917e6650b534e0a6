"""A relay that keeps account: every letter is in its ledger, on disk, before it says 250."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from email import message_from_bytes
from email.header import decode_header, make_header

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.kill.ledger import Ledger


class Relay:
    """Listens on a free port of 127.0.0.1, in a thread of its own, from `start` to `stop`."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.port = 0
        self._subjects: dict[str, str] = {}
        self._up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._up.wait(10)

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def subject_to(self, recipient: str) -> str | None:
        """Of the last letter that this address got; None: none yet."""
        return self._subjects.get(recipient)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        head = message_from_bytes(raw)
        self.ledger.write(
            message_id=str(head["Message-ID"]),
            recipients=list(envelope.rcpt_tos),
            sender=envelope.mail_from,
            sha256=hashlib.sha256(raw).hexdigest(),
        )
        for recipient in envelope.rcpt_tos:
            self._subjects[recipient] = str(make_header(decode_header(head["Subject"])))
        return "250 2.0.0 Taken"

    def _run(self) -> None:
        loop = self._loop = asyncio.new_event_loop()
        server = loop.run_until_complete(
            loop.create_server(
                lambda: SMTP(self, hostname="relay.example", loop=loop, enable_SMTPUTF8=True), "127.0.0.1"
            )
        )
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        loop.run_forever()
        server.close()
