"""The relay on the other side is our own listener, or a script that says what bad relays say."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from gateway.edge.maildir import deliver_to_maildir
from gateway.edge.ports import Limits
from gateway.edge.relay import Delivery, Relay, RelaySettings, RelayTimeouts, send
from tests.servers import Certificates

from .talk import house

LETTER = (
    b"From: Acme Support <support@example.test>\r\nTo: m@customer.example\r\nSubject: Re: Export\r\n"
    b"Message-ID: <1.k7qm@example.test>\r\n\r\n.hidden dots\r\n..\r\n"
)
FAST = RelayTimeouts(connect=1.0, command=0.5, data=0.5, idle=0.2)

pytestmark = pytest.mark.asyncio


async def secret() -> str:
    return "s3cret"


@dataclass
class BadRelay:
    """Answers each verb from `replies`; a reply of "" closes the connection, "hang" says nothing at all."""

    replies: dict[str, str]
    port: int = 0
    heard: list[str] = field(default_factory=list)
    connections: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        verb = "CONNECT"
        while True:
            answer = self.replies.get(
                verb, {"CONNECT": "220 x", "DATA": "354 go", "QUIT": "221 x"}.get(verb, "250 2.0.0 x")
            )
            if answer == "hang":
                await asyncio.sleep(30)
            if not answer:
                break
            writer.write(answer.replace("\n", "\r\n").encode() + b"\r\n")
            line = await (reader.readuntil(b"\r\n.\r\n") if answer.startswith("354") else reader.readline())
            if not line:
                break
            verb = "DOT" if answer.startswith("354") else line.split()[0].decode().upper()
            self.heard.append(line.decode("latin-1").rstrip("\r\n"))
        writer.close()

    async def _quietly(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()


@asynccontextmanager
async def bad_relay(**replies: str) -> AsyncIterator[BadRelay]:
    relay = BadRelay(replies)
    server = await asyncio.start_server(relay._quietly, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()


def plain(port: int) -> RelaySettings:
    return RelaySettings("127.0.0.1", port, "none", timeouts=FAST)


async def deliver(settings: RelaySettings, utf8: bool = False, rcpt: str = "support@example.test") -> Delivery:
    return await send(settings, "support+b1042@example.test", rcpt, LETTER, utf8)


async def test_a_letter_arrives_byte_for_byte(tmp_path: Path) -> None:
    async with house(tmp_path) as far:
        delivery = await deliver(plain(far.port))
        [stored] = far.spool.stored()
    assert (delivery.outcome, delivery.code) == ("sent", 250)
    assert stored.data == LETTER
    assert stored.envelope["mail_from"] == "support+b1042@example.test"


async def test_the_null_sender_goes_out_as_such(tmp_path: Path) -> None:
    async with house(tmp_path) as far:
        assert (await send(plain(far.port), "", "support@example.test", LETTER, False)).outcome == "sent"
        assert far.spool.stored()[0].envelope["mail_from"] == ""


async def test_tls_is_verified_in_both_ways_and_never_given_up(tmp_path: Path, certificates: Certificates) -> None:
    async with house(tmp_path, tls=certificates.server_context()) as far:
        settings = RelaySettings("localhost", far.port, "starttls", tls_ca=certificates.ca, timeouts=FAST)
        assert (await deliver(settings)).outcome == "sent"
        assert far.spool.stored()[0].envelope["tls"] is True
        stranger = await deliver(replace(settings, tls_ca=None))
        assert (stranger.outcome, stranger.relay_fault) == ("deferred", True)
    async with house(tmp_path) as far:
        stripped = await deliver(replace(settings, port=far.port))
        assert (stripped.outcome, stripped.text) == ("deferred", "the relay offers no STARTTLS")


async def test_a_refused_login_waits_and_is_no_fault_of_the_letter() -> None:
    async with bad_relay(EHLO="250-x\n250 AUTH PLAIN", AUTH="535 5.7.8 no") as far:
        delivery = await deliver(replace(plain(far.port), user="u", secret=secret))
    assert delivery == Delivery("deferred", 535, "5.7.8 no", relay_fault=True)


async def test_xoauth2_sends_the_token_and_hears_the_refusal() -> None:
    async with bad_relay(EHLO="250-x\n250 AUTH XOAUTH2", AUTH="235 2.7.0 ok") as far:
        settings = replace(plain(far.port), user="u", auth="xoauth2", secret=secret)
        assert (await deliver(settings)).outcome == "sent"
        assert far.heard[1].startswith("AUTH XOAUTH2 ")
    async with bad_relay(EHLO="250-x\n250 AUTH XOAUTH2", AUTH="334 eyJzdGF0dXMiOiI0MDEifQ==") as far:
        refused = await deliver(replace(settings, port=far.port))
        assert (refused.outcome, refused.relay_fault) == ("deferred", True)


@pytest.mark.parametrize(
    ("verb", "reply", "outcome"),
    [
        ("CONNECT", "554 no service", "deferred"),
        ("CONNECT", "421 busy", "deferred"),
        ("CONNECT", "hang", "deferred"),
        ("CONNECT", "", "deferred"),
        ("EHLO", "hang", "deferred"),
        ("EHLO", "", "deferred"),
        ("MAIL", "451 4.3.0 later", "deferred"),
        ("MAIL", "550 5.7.1 not you", "failed"),
        ("MAIL", "530 5.7.0 log in first", "deferred"),
        ("MAIL", "hang", "deferred"),
        ("RCPT", "450 4.2.0 greylisted", "deferred"),
        ("RCPT", "550 5.1.1 unknown", "failed"),
        ("RCPT", "", "deferred"),
        ("RCPT", "banana", "deferred"),
        ("DATA", "421 4.3.2 going", "deferred"),
        ("DATA", "554 5.7.1 no", "failed"),
        ("DOT", "452 4.3.1 full", "deferred"),
        ("DOT", "554 5.6.0 spam", "failed"),
        ("DOT", "", "deferred"),
        ("DOT", "hang", "deferred"),
    ],
)
async def test_only_a_final_no_to_this_letter_fails_it(verb: str, reply: str, outcome: str) -> None:
    async with bad_relay(**{verb: reply}) as far:
        delivery = await asyncio.wait_for(deliver(plain(far.port)), 5)
    assert delivery.outcome == outcome
    assert delivery.code == (int(reply[:3]) if reply[:3].isdigit() else delivery.code)


async def test_a_relay_that_is_not_there_is_the_relays_fault() -> None:
    delivery = await deliver(plain(1))
    assert (delivery.outcome, delivery.code, delivery.relay_fault) == ("deferred", None, True)


async def test_a_relay_that_closes_after_its_250_has_taken_the_letter() -> None:
    async with bad_relay(QUIT="") as far:
        assert (await deliver(plain(far.port))).outcome == "sent"


async def test_what_a_relay_cannot_take_fails_with_its_reason() -> None:
    async with bad_relay(EHLO="250-x\n250 SIZE 20") as far:
        assert await deliver(plain(far.port)) == Delivery("failed", 552, "5.3.4 the relay takes 20 octets at most")
        assert await deliver(plain(far.port), utf8=True) == Delivery(
            "failed", 553, "5.6.7 the relay does not offer SMTPUTF8"
        )
        assert not any(line.startswith("MAIL") for line in far.heard)
    async with bad_relay() as far:
        assert (await deliver(plain(far.port), rcpt="jörg@kunde.example")).code == 553
        assert (await deliver(plain(far.port), rcpt="a@b.example>\r\nRCPT TO:<x@y.example")).outcome == "failed"
        assert not any("x@y" in line for line in far.heard)


async def test_a_utf8_address_is_asked_for_with_smtputf8(tmp_path: Path) -> None:
    async with house(tmp_path) as far:
        delivery = await send(plain(far.port), "jörg@example.test", "support@example.test", LETTER, True)
        assert delivery.outcome == "sent"
        assert far.spool.stored()[0].envelope["mail_from"] == "jörg@example.test"


async def test_a_burst_uses_one_connection_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    async with bad_relay() as far:
        relay = Relay(plain(far.port))
        for _ in range(5):
            assert (await relay.send("a@b.example", "c@d.example", LETTER, False)).outcome == "sent"
        assert far.connections == 1
        await asyncio.sleep(0.4)
        assert (await relay.send("a@b.example", "c@d.example", LETTER, False)).outcome == "sent"
        await relay.close()
        assert (far.connections, far.heard[-1]) == (2, "QUIT")
    async with bad_relay(RSET="") as far:
        relay = Relay(plain(far.port))
        for _ in range(2):
            assert (await relay.send("a@b.example", "c@d.example", LETTER, False)).outcome == "sent"
        await relay.close()
        assert far.connections == 2


async def test_a_letter_that_the_relay_refuses_does_not_harm_the_next(tmp_path: Path) -> None:
    async with house(tmp_path, limits=Limits()) as far:
        relay = Relay(plain(far.port))
        assert (await relay.send("a@b.example", "x@far.example", LETTER, False)).outcome == "failed"
        assert (await relay.send("a@b.example", "support@example.test", LETTER, False)).outcome == "sent"
        await relay.close()


async def test_a_maildir_has_each_letter_once(tmp_path: Path) -> None:
    for _ in range(2):
        path = deliver_to_maildir(tmp_path / "outgoing", LETTER, "17.example.test")
    assert path.read_bytes() == LETTER
    assert [each.name for each in (tmp_path / "outgoing" / "new").iterdir()] == ["17.example.test"]
    assert list((tmp_path / "outgoing" / "tmp").iterdir()) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="file name"):
        deliver_to_maildir(tmp_path, LETTER, "../x")
