from __future__ import annotations

from pathlib import Path

import pytest

from gateway.edge.ports import Limits

from .spool import FileSpool
from .talk import MAIL, house

pytestmark = pytest.mark.asyncio

TWO = ("support@example.test", "sales@example.test")


async def test_each_recipient_gets_a_reply_and_the_mail_is_one(tmp_path: Path) -> None:
    async with house(tmp_path, "lmtp") as gateway, gateway.client() as client:
        await client.begin("LHLO c.test", *TWO)
        client.send(MAIL + b".\r\nNOOP\r\n")
        replies = await client.replies(3)
        [stored] = gateway.spool.stored()
    assert [reply[:9] for reply in replies] == ["250 2.0.0"] * 3
    assert (stored.envelope["rcpt_tos"], stored.envelope["source"]) == (list(TWO), "lmtp")


async def test_the_same_recipient_twice_gets_two_replies_and_one_place_in_the_envelope(tmp_path: Path) -> None:
    async with house(tmp_path, "lmtp") as gateway, gateway.client() as client:
        await client.begin("LHLO c.test", TWO[0], TWO[0])
        client.send(MAIL + b".\r\nQUIT\r\n")
        assert [reply[:3] for reply in await client.replies(3)] == ["250", "250", "221"]
        assert gateway.spool.stored()[0].envelope["rcpt_tos"] == [TWO[0]]


@pytest.mark.parametrize(
    ("mail", "broken", "full", "answer"),
    [
        (MAIL * 200, None, False, "552 5.3.4"),
        (b"Received: x\r\n" * 51 + MAIL, None, False, "554 5.4.6"),
        (b"", None, False, "554 5.6.0"),
        (MAIL, OSError(5, "Input/output error"), False, "451 4.3.0"),
        (MAIL, None, True, "452 4.3.1"),
    ],
)
async def test_a_refusal_is_said_to_each_recipient_too(
    tmp_path: Path, mail: bytes, broken: Exception | None, full: bool, answer: str
) -> None:
    """RFC 2033 §4.2: a client that waits for the second line would time out and deliver again."""
    spool = FileSpool(tmp_path, broken=broken, full=full)
    limits = Limits(message_size=10_000)
    async with house(tmp_path, "lmtp", limits, spool=spool) as gateway, gateway.client() as client:
        await client.begin("LHLO c.test", *TWO)
        client.send(mail + b".\r\nNOOP\r\n")
        assert [reply[:9] for reply in await client.replies(3)] == [answer, answer, "250 2.0.0"]


@pytest.mark.parametrize("greeting", ["EHLO c.test", "HELO c.test"])
async def test_lmtp_knows_lhlo_alone(tmp_path: Path, greeting: str) -> None:
    async with house(tmp_path, "lmtp") as gateway, gateway.client() as client:
        assert " LMTP" in (await client.replies())[0]
        assert (await client.say(f"{greeting}\r\n")).startswith("500 5.5.1")


async def test_smtp_does_not_know_lhlo(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        assert (await client.say("LHLO c.test\r\n")).startswith("500 5.5.1")
