"""What a child of the reader does with a mail in tests: misbehave as the mail says, or be watched while it reads."""

from __future__ import annotations

import os
import socket
import sys
import time

from gateway.mail.message import Message
from gateway.mail.parse import parse

FORBIDDEN = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.posix_spawn")


def misbehave(raw: bytes) -> Message:
    """By the subject: "memory", "cpu", "sleep", "die", "bug"; anything else is read."""
    subject = parse(raw[:200]).subject
    if subject == "memory":
        held = []
        while True:
            held.append(bytearray(2**20))
    if subject == "cpu":
        while True:
            pass
    if subject == "sleep":
        time.sleep(600)
    if subject == "die":
        os._exit(9)
    if subject == "bug":
        raise ZeroDivisionError("a mistake of ours")
    return parse(raw)


def watched(raw: bytes) -> Message:
    """Read with everything forbidden that leads out of the process. A subject "connect" tries it."""
    _forbid()
    message = parse(raw)
    if message.subject == "connect":
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    return message


def _forbid() -> None:
    if not getattr(sys, "_ours_watched", False):
        sys.addaudithook(_refuse)
        sys._ours_watched = True  # type: ignore[attr-defined]


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in FORBIDDEN:
        raise PermissionError(f"reading a mail must not lead to {event}")
