"""Raw sessions of clients and attackers, replayed against our listener, where the shared vectors are at hand."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Certificates

from .spool import Stored
from .talk import Client, house

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "sessions.jsonl"

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(not VECTORS.exists(), reason="the shared session vectors are not here"),
]

Check = Callable[[list[str], list[Stored]], bool]


def _sessions() -> dict[str, dict[str, Any]]:
    if not VECTORS.exists():
        return {}
    return {session["name"]: session for session in map(json.loads, VECTORS.read_text().splitlines())}


def _last(*codes: str) -> Check:
    """The last replies begin so, and nothing was stored."""
    return lambda said, stored: (
        [line[: len(code)] for line, code in zip(said[-len(codes) :], codes, strict=True)] == list(codes) and not stored
    )


def _one_with_the_smuggled_text(said: list[str], stored: list[Stored]) -> bool:
    return len(stored) == 1 and b"smuggled" in stored[0].data and stored[0].envelope["mail_from"] == "alice@cust.test"


def _taken(*texts: bytes, sender: str = "alice@cust.test") -> Check:
    return lambda said, stored: (
        len(stored) == 1
        and stored[0].envelope["mail_from"] == sender
        and all(text in stored[0].data for text in texts)
        and any(line.startswith("250 2.0.0 Accepted") for line in said)
    )


def _twice(code: str, mails: int) -> Check:
    return lambda said, stored: [line[:9] for line in said[-2:]] == [code] * 2 and len(stored) == mails


def _closed_with(code: str) -> Check:
    return lambda said, stored: said[-2].startswith(code) and said[-1] == "[closed]"


CHECKS: dict[str, Check] = {
    "pipelined-true-end": lambda said, stored: (
        sorted(str(each.envelope["mail_from"]) for each in stored) == ["admin@example.test", "alice@cust.test"]
    ),
    "dot-stuffing": _taken(b"\r\n.leading dot\r\n..two\r\n"),
    "no-final-crlf-abort": lambda said, stored: not stored,
    "data-without-rcpt": _last("503 5.5.1"),
    "rcpt-without-mail": _last("503 5.5.1"),
    "mail-twice": _last("503 5.5.1"),
    "no-helo": _last("503 5.5.1"),
    "unknown-rcpt": _last("550 5.1.1"),
    "relay": _last("550 5.7.1"),
    "relay-tricks": _last("550", "550", "550", "550"),
    "postmaster": _last("250 2.1.5"),
    "null-sender": _taken(sender=""),
    "size-declared-too-big": _last("552 5.3.4"),
    "size-lie": _last("552 5.3.4"),
    "rcpt-flood": lambda said, stored: (
        sum(line.startswith("250 2.1.5") for line in said) == 100 and any(line.startswith("452 4.5.3") for line in said)
    ),
    "command-line-long": _last("500 5.5.2"),
    "text-line-long": _taken(b"x" * 5000),
    "junk-commands": _closed_with("421 4.7.0"),
    "error-flood": _closed_with("421 4.7.0"),
    "http-request": lambda said, stored: len(said) == 2 and said[1] == "[closed]" and not stored,
    "pipelining-before-ehlo": lambda said, stored: len(stored) == 1 and said[-2].startswith("221"),
    "starttls-injection": lambda said, stored: said[-1].startswith("220 2.0.0") and not stored,
    "utf8-without-smtputf8": _last("553 5.6.7"),
    "invalid-utf8-address": _last("553"),
    "8bitmime-body-nul": _taken(b"body\0\0\r\n"),
    "vrfy-expn": _last("252", "502"),
    "rset-between": _last("503"),
    "quit-after-data": lambda said, stored: len(stored) == 1 and said[-3][:3] == "250" and said[-2][:3] == "221",
    "lmtp-two-rcpt": _twice("250 2.0.0", 1),
    "lmtp-same-rcpt-twice": _twice("250 2.0.0", 1),
    "lmtp-one-fails": lambda said, stored: (
        said[-3].startswith("550 5.1.1")
        and said[-2].startswith("354")
        and said[-1].startswith("250")
        and len(stored) == 1
    ),
    "lmtp-ehlo": _last("500"),
    "lmtp-capabilities": lambda said, stored: (
        {"PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SIZE", "SMTPUTF8"} <= set(re.findall(r"[A-Z0-9]+", said[-1]))
    ),
    "lmtp-too-big-two-rcpt": _twice("552 5.3.4", 0),
}


@pytest.mark.parametrize("name", sorted(_sessions()))
async def test_a_recorded_session_ends_as_it_should(name: str, tmp_path: Path, certificates: Certificates) -> None:
    session = _sessions()[name]
    async with house(tmp_path, session["proto"], tls=certificates.server_context()) as gateway:
        async with gateway.client() as client:
            said = await _play(client, session["chunks"])
        await asyncio.sleep(0.05)
        stored = gateway.spool.stored()
    check = CHECKS.get(name, _one_with_the_smuggled_text)
    assert check(said, stored), (session["expect"], said[-5:], [each.envelope for each in stored])
    assert not any("Error:" in line or "Traceback" in line for line in said)


async def _play(client: Client, chunks: list[Any]) -> list[str]:
    """The replies, each in one string, and "[closed]" at the end where the server hung up."""
    heard = await client.heard()
    for chunk in chunks:
        text = chunk["repeat"][0] * chunk["repeat"][1] if isinstance(chunk, dict) else chunk
        client.send(text.encode("latin-1"))
        try:
            await client.writer.drain()
        except ConnectionError:
            break
        one_command = text.count("\r\n") == 1 and not text.startswith(".")
        heard += await client.heard(quiet=0.0 if one_command else 0.05)
    replies, lines = [], []
    for line in heard.decode("latin-1").splitlines():
        lines.append(line)
        if line[3:4] != "-":
            replies.append(" ".join(lines))
            lines = []
    return [*replies, "[closed]"] if client.reader.at_eof() else replies


async def test_every_shared_session_has_its_check() -> None:
    """The nine false ends share one; a new vector without a check would pass for a smuggling."""
    unchecked = {name for name in _sessions() if name not in CHECKS}
    assert all(name.startswith("smuggle-") for name in unchecked)
