"""A relay for tests: a real SMTP server in a thread that keeps every letter it says yes to; it knows no nobody@."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Letter:
    """What the relay was given, byte for byte."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def name(self) -> str:
        """Which of our letters it is."""
        return str(self.mail["X-Ticket-Letter"])

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))
        return part.get_content() if part is not None else ""

    @property
    def reply_to(self) -> str:
        return str(self.mail["Reply-To"]).rpartition("<")[2].strip(">")

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


class Sink:
    """Listens on a port of 127.0.0.1 that it keeps when it is stopped and started again."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        up = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(up,), daemon=True)
        self._thread.start()
        assert up.wait(60), "the relay did not start"

    def stop(self) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop = self._thread = None

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return "250 2.0.0 Taken"

    def to(self, recipient: str, name: str = "", about: str = "") -> list[Letter]:
        """The letters that `recipient` got, the oldest first; only those called `name`, with `about` in the subject."""
        mine = (letter for letter in list(self.letters) if recipient in letter.recipients)
        return [letter for letter in mine if (not name or letter.name == name) and about in letter.subject]

    def wait_for(
        self, recipient: str, name: str = "", *, about: str = "", seconds: float = 60.0, count: int = 1
    ) -> Letter:
        """The newest such letter, once there are `count` of them."""
        what = f"{name or 'a letter'} {about} to {recipient}"
        until(lambda: len(self.to(recipient, name, about)) >= count, seconds, what)
        return self.to(recipient, name, about)[-1]

    def _run(self, up: threading.Event) -> None:
        loop = self._loop = asyncio.new_event_loop()

        def session() -> SMTP:
            return SMTP(self, hostname="relay.test", loop=loop, enable_SMTPUTF8=True, data_size_limit=None)

        server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", self.port))
        self.port = server.sockets[0].getsockname()[1]
        up.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def until(true: Callable[[], object], seconds: float, what: str) -> float:
    """Seconds that it took. Raises AssertionError, with `what` did not happen."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"in {seconds:.0f} s there was not: {what}"
        time.sleep(0.02)
    return time.monotonic() - began
