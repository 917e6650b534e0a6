"""Senders that never give up: each mail is offered again until it gets its yes, which then is in the ledger."""

from __future__ import annotations

import hashlib
import queue
import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.kill.given import ADDRESS, Given, Kind, Way, raw
from tests.kill.ledger import Ledger
from tests.kill.world import ImapAccount

PAUSE = 0.1  # seconds between two attempts
GIVE_UP = 120.0  # seconds for one mail: then the gateway is down for good, and the run has failed
LETTER_LATE = 300.0  # seconds that a reply waits for the acknowledgement it answers


@dataclass(frozen=True, slots=True)
class Doors:
    """Ports on 127.0.0.1. `imap` is the mailbox that the gateway fetches, into which LMTP puts mail; None: no such."""

    smtp: int
    lmtp: int
    imap: ImapAccount | None


@dataclass(frozen=True, slots=True)
class Door:
    name: str
    port: int
    lmtp: bool
    recipient: str = ADDRESS


class Feeder:
    def __init__(
        self, mails: list[Given], doors: Doors, subject_to: Callable[[str], str | None], ledgers: tuple[Ledger, Ledger]
    ) -> None:
        self._doors = doors
        self._subject_to = subject_to
        self.given, self.acknowledged = ledgers
        self.failed: list[str] = []
        self.unanswered: list[str] = []
        self.attempts = 0
        self._since: dict[str, float] = {}
        self._waiting: queue.Queue[Given] = queue.Queue()
        for mail in mails:
            self._waiting.put(mail)
        self._threads: list[threading.Thread] = []

    def start(self, threads: int) -> None:
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    @property
    def busy(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        peer = _Peer()
        while True:
            try:
                mail = self._waiting.get_nowait()
            except queue.Empty:
                return
            subject = self._subject(mail)
            if subject is None:
                self._wait(mail)
                continue
            for door in self._ways(mail):
                self._send(peer, mail, subject, door)

    def _wait(self, mail: Given) -> None:
        """Its ticket has no acknowledgement yet: others first, and not for ever."""
        since = self._since.setdefault(mail.id, time.monotonic())
        if time.monotonic() - since < LETTER_LATE:
            self._waiting.put(mail)
            time.sleep(PAUSE)
        else:
            self.unanswered.append(mail.parent)

    def _subject(self, mail: Given) -> str | None:
        if mail.kind is not Kind.REPLY:
            return f"Export {mail.id}"
        answered = self._subject_to(mail.sender)
        return None if answered is None else f"Re: {answered}"

    def _ways(self, mail: Given) -> list[Door]:
        smtp, lmtp = Door("smtp", self._doors.smtp, lmtp=False), Door("lmtp", self._doors.lmtp, lmtp=True)
        if self._doors.imap is None:
            return [lmtp if mail.way is Way.LMTP else smtp]
        imap = Door("imap", self._doors.imap.lmtp_port, lmtp=True, recipient=self._doors.imap.user)
        return {Way.SMTP: [smtp], Way.LMTP: [lmtp], Way.IMAP: [imap], Way.BOTH: [smtp, imap]}[mail.way]

    def _send(self, peer: _Peer, mail: Given, subject: str, door: Door) -> None:
        until = time.monotonic() + GIVE_UP
        attempt = 0
        while time.monotonic() < until:
            attempt += 1
            data = raw(mail, subject=subject, attempt=attempt)
            self.given.write(id=mail.id, way=door.name, attempt=attempt, sha256=hashlib.sha256(data).hexdigest())
            self.attempts += 1
            try:
                peer.deliver(door, mail.sender, data)
            except (OSError, smtplib.SMTPException):
                time.sleep(PAUSE)
                continue
            self.acknowledged.write(id=mail.id, way=door.name, attempt=attempt)
            return
        self.failed.append(mail.id)


class _Peer:
    """One thread's connections, kept open from mail to mail."""

    def __init__(self) -> None:
        self._open: dict[int, smtplib.SMTP] = {}

    def deliver(self, door: Door, sender: str, data: bytes) -> None:
        """Raises OSError or SMTPException where no yes came; the connection is then given up."""
        port = door.port
        if port not in self._open:
            kind = smtplib.LMTP if door.lmtp else smtplib.SMTP
            self._open[port] = kind("127.0.0.1", port, local_hostname="mx.customer.example")
            if (connection := self._open[port].sock) is not None:
                connection.settimeout(10)
        try:
            self._open[port].sendmail(sender, [door.recipient], data)
        except (OSError, smtplib.SMTPException):
            self._open.pop(port).close()
            raise
