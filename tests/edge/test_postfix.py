"""A real Postfix before our listeners, and behind our relay."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.edge.relay import RelaySettings, send
from tests.servers import Postfix, postfix

from .spool import FileSpool
from .talk import house

pytestmark = [pytest.mark.asyncio, pytest.mark.servers]


def submit(server: Postfix, mail: bytes, *recipients: str, sender: str = "alice@customer.example") -> None:
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        client.sendmail(sender, recipients or ("support@example.test",), mail)


def mail(name: str, body: bytes = b"It stops.\r\n") -> bytes:
    return b"From: alice@customer.example\r\nSubject: %s\r\nMessage-ID: <%s@c.example>\r\n\r\n%s" % (
        name.encode(), name.encode(), body,
    )  # fmt: skip


async def until(true: Callable[[], bool], seconds: float = 12.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)


@pytest.fixture
def socket_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


async def test_postfix_delivers_by_lmtp_to_each_recipient_once(tmp_path: Path) -> None:
    """A missing second reply would make Postfix defer that recipient and deliver it again."""
    async with house(tmp_path, "lmtp") as gateway:
        with postfix(f"lmtp:[127.0.0.1]:{gateway.port}") as mta:
            await asyncio.to_thread(submit, mta, mail("two"), "support@example.test", "sales+7@example.test")
            await until(lambda: len(gateway.spool.stored()) == 1)
            await until(lambda: not mta.queue())
            assert mta.log().count("status=sent") == 2
        assert sorted(gateway.spool.stored()[0].envelope["rcpt_tos"]) == [
            "sales+7@example.test",
            "support@example.test",
        ]


async def test_postfix_keeps_what_we_cannot_take_and_brings_it_again(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path, broken=OSError(28, "No space left on device"))
    async with house(tmp_path, "lmtp", spool=spool) as gateway:
        with postfix(f"lmtp:[127.0.0.1]:{gateway.port}") as mta:
            await asyncio.to_thread(submit, mta, mail("later"), "support@example.test", "sales@example.test")
            await until(lambda: mta.log().count("status=deferred") >= 2)
            assert "No space" not in mta.log()
            spool.broken = None
            await asyncio.to_thread(mta.run, "postqueue", "-f")
            await until(lambda: len(spool.stored()) == 1)
            await until(lambda: not mta.queue())
            assert "status=bounced" not in mta.log()


async def test_postfix_by_smtp_brings_dots_utf8_and_large_mail_unchanged(tmp_path: Path) -> None:
    large = b"".join(b"%07d" % number + b"x" * 69 + b"\r\n" for number in range(40_000))
    async with house(tmp_path) as gateway:
        with postfix(f"smtp:[127.0.0.1]:{gateway.port}") as mta:
            await asyncio.to_thread(submit, mta, mail("dots", b".\r\n..\r\n.x\r\nlast\r\n"))
            await until(lambda: len(gateway.spool.stored()) == 1)
            assert gateway.spool.stored()[0].data.endswith(b"\r\n\r\n.\r\n..\r\n.x\r\nlast\r\n")
            await asyncio.to_thread(submit, mta, mail("large", large))
            await until(lambda: len(gateway.spool.stored()) == 2)
            assert gateway.spool.stored()[1].data.endswith(b"\r\n\r\n" + large)
            await asyncio.to_thread(submit, mta, mail("unknown"), "nobody@example.test")
            await until(lambda: "550 5.1.1" in mta.log())


async def test_a_letter_leaves_by_postfix_as_relay(tmp_path: Path) -> None:
    async with house(tmp_path) as far:
        with postfix(f"smtp:[127.0.0.1]:{far.port}") as mta:
            relay = RelaySettings("127.0.0.1", mta.port, "none")
            delivery = await send(relay, "support+b1@example.test", "sales@example.test", mail("out"), False)
            assert (delivery.outcome, delivery.code) == ("sent", 250)
            await until(lambda: len(far.spool.stored()) == 1)
            refused = await send(relay, "support@example.test", "no body@example.test", mail("out"), False)
            assert refused.outcome == "failed"
