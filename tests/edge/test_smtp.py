from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from gateway.edge.ports import Limits
from tests.servers import Certificates

from .spool import FileSpool
from .talk import MAIL, House, house

pytestmark = pytest.mark.asyncio


async def test_yes_after_the_dot_means_that_the_mail_is_on_disk(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.begin()
        reply = await client.say(MAIL + b".\r\n")
        assert reply.startswith("250 2.0.0 ")
        [stored] = gateway.spool.stored()
    assert stored.data == MAIL
    assert stored.envelope == {
        "mail_from": "alice@customer.example",
        "rcpt_tos": ["support@example.test"],
        "peer": "127.0.0.1",
        "helo": "c.test",
        "tls": False,
        "source": "smtp",
    }


async def test_ehlo_announces_what_we_do_and_nothing_else(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        assert (await client.replies())[0].startswith("220 gw.example.test ESMTP")
        keywords = {line[4:] for line in (await client.say("EHLO c.test\r\n")).split("\n")[1:]}
    assert keywords == {"PIPELINING", "SIZE 25000000", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8"}


async def test_the_null_sender_arrives_as_an_empty_string(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        await client.say("HELO c.test\r\nMAIL FROM:<>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 4)
        await client.say(MAIL + b".\r\n")
        assert gateway.spool.stored()[0].envelope["mail_from"] == ""


async def test_a_fault_of_ours_is_451_and_tells_nothing(tmp_path: Path) -> None:
    """The session stays in step: the next mail on it is taken."""
    spool = FileSpool(tmp_path, broken=RuntimeError("secret /var/db"))
    async with house(tmp_path, spool=spool) as gateway, gateway.client() as client:
        await client.begin()
        assert await client.say(MAIL + b".\r\n") == "451 4.3.0 Local error, try again later"
        spool.broken = None
        await client.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(MAIL + b".\r\n")).startswith("250")
    assert (len(spool.stored()), spool.forgotten) == (1, 1)


async def test_a_recipient_rule_that_raises_is_451_for_that_recipient(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        object.__setattr__(_reception(gateway), "route", _raise)
        await client.replies()
        await client.say("EHLO c.test\r\nMAIL FROM:<a@b.example>\r\n", 2)
        assert await client.say("RCPT TO:<support@example.test>\r\n") == "451 4.3.0 Local error, try again later"


def _reception(gateway: object) -> object:
    sessions = gateway.admission._live  # type: ignore[attr-defined]
    return next(iter(sessions)).reception


def _raise(address: str, smtputf8: bool) -> None:
    raise KeyError(address)


async def test_a_full_disk_is_452_at_mail_while_data_and_after_the_dot(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path, room=False)
    async with house(tmp_path, spool=spool) as gateway, gateway.client() as client:
        await client.replies()
        assert (await client.say("EHLO c.test\r\nMAIL FROM:<a@b.example>\r\n", 2)).startswith("452 4.3.1")
        spool.room, spool.full = True, True
        await client.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(MAIL + b".\r\n")).startswith("452 4.3.1")
        spool.full = False
        await client.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(MAIL + b".\r\n")).startswith("250")


async def test_a_client_that_hangs_up_at_the_dot_loses_nothing(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path, delay=0.2)
    async with house(tmp_path, spool=spool) as gateway:
        async with gateway.client() as client:
            await client.begin()
            client.send(MAIL + b".\r\n")
            await asyncio.wait_for(spool.committing.wait(), 30)
        await gateway.admission.drain(30)
    assert [stored.data for stored in spool.stored()] == [MAIL]


async def test_a_client_that_hangs_up_before_the_dot_leaves_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway:
        async with gateway.client() as client:
            await client.begin()
            client.send(MAIL * 50)
            await asyncio.sleep(0.1)
        await gateway.admission.drain(30)
        assert (gateway.spool.stored(), gateway.spool.forgotten) == ([], 1)
        assert list(tmp_path.iterdir()) == []


async def test_a_client_that_sends_all_and_shuts_its_side_gets_its_answers(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        client.send(b"EHLO c.test\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n")
        client.send(MAIL + b".\r\nQUIT\r\n")
        client.writer.write_eof()
        said = await client.rest()
    assert [line[:3] for line in said.splitlines() if line[3:4] != "-"] == [
        "220",
        "250",
        "250",
        "250",
        "354",
        "250",
        "221",
    ]


async def test_fifty_megabytes_pass_through_constant_memory(tmp_path: Path) -> None:
    line = b"x" * 76 + b"\r\n"
    async with house(tmp_path, limits=Limits(message_size=60_000_000)) as gateway, gateway.client() as client:
        await client.begin()
        client.send(b"Subject: large\r\n\r\n")
        biggest = 0
        for _ in range(640):
            client.send(line * 1000)
            await client.writer.drain()
            session = next(iter(gateway.admission._live))
            biggest = max(biggest, len(session._reader._buffer))  # type: ignore[attr-defined]
        assert (await client.say(".\r\n")).startswith("250")
        [stored] = gateway.spool.stored()
    assert len(stored.data) == 640_000 * 78 + 18
    assert biggest < 512 * 1024


async def test_a_mail_over_the_limit_is_552_after_the_dot_and_the_session_goes_on(tmp_path: Path) -> None:
    async with house(tmp_path, limits=Limits(message_size=1000)) as gateway, gateway.client() as client:
        await client.begin()
        assert await client.say(MAIL * 20 + b".\r\nNOOP\r\n", 2) == "250 2.0.0 OK"
        await client.say("MAIL FROM:<a@b.example> SIZE=1000\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(MAIL + b".\r\n")).startswith("250")
        assert len(gateway.spool.stored()) == 1


async def test_a_mail_that_has_passed_fifty_one_servers_is_looping(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.begin()
        assert (await client.say(b"Received: from x by y\r\n" * 51 + MAIL + b".\r\n")).startswith("554 5.4.6")
        await client.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(b"Received: from x by y\r\n" * 50 + MAIL + b".\r\n")).startswith("250")


async def test_a_mail_without_a_byte_is_554(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.begin()
        assert (await client.say(".\r\n")).startswith("554 5.6.0")
        assert gateway.spool.stored() == []


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ("MAIL FROM:<a@b.example>", "503 5.5.1"),
        ("EHLO c\r\nRCPT TO:<support@example.test>", "503 5.5.1"),
        ("EHLO c\r\nDATA", "503 5.5.1"),
        ("EHLO c\r\nMAIL FROM:<a@b.example>\r\nDATA", "503 5.5.1"),
        ("EHLO c\r\nMAIL FROM:<>\r\nMAIL FROM:<>", "503 5.5.1"),
        ("EHLO", "501 5.5.4"),
        ("EHLO c\r\nMAIL TO:<a@b.example>", "501 5.1.7"),
        ("EHLO c\r\nMAIL FROM:<a@b.example> RET=HDRS", "555 5.5.4"),
        ("EHLO c\r\nMAIL FROM:<a@b.example> SIZE=many", "501 5.5.4"),
        ("EHLO c\r\nMAIL FROM:<a@b.example> BODY=BINARYMIME", "501 5.5.4"),
        ("HELO c\r\nMAIL FROM:<a@b.example> SIZE=10", "555 5.5.4"),
        ("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test> NOTIFY=NEVER", "555 5.5.4"),
        ("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<>", "501 5.1.3"),
        ("EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<jörg@example.test>", "553 5.6.7"),
        ("STARTTLS", "502 5.5.1"),
        ("AUTH PLAIN AGEAYg==", "500 5.5.1"),
        ("BDAT 10 LAST", "500 5.5.1"),
        ("NOOP", "250 2.0.0"),
        ("HELP", "214 2.0.0"),
        ("QUIT", "221 2.0.0"),
    ],
)
async def test_every_reply_has_its_enhanced_code(tmp_path: Path, lines: str, answer: str) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        assert (await client.say(lines + "\r\n", lines.count("\r\n") + 1)).startswith(answer)


async def test_a_utf8_address_is_taken_where_smtputf8_is_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        await client.say("EHLO c\r\nMAIL FROM:<jörg@kunde.example> SMTPUTF8\r\n", 2)
        assert (await client.say("RCPT TO:<jörg@far.example>\r\n")).startswith("550 5.7.1")
        await client.say("RCPT TO:<support@example.test>\r\nDATA\r\n", 2)
        await client.say(MAIL + b".\r\n")
        assert gateway.spool.stored()[0].envelope["mail_from"] == "jörg@kunde.example"


async def test_the_hundred_and_first_recipient_comes_in_another_mail(tmp_path: Path) -> None:
    lines = "".join(f"RCPT TO:<support+{n}@example.test>\r\n" for n in range(130))
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        await client.say("EHLO c\r\nMAIL FROM:<a@b.example>\r\n", 2)
        client.send(lines)
        codes = [reply[:9] for reply in await client.replies(130)]
        assert codes == ["250 2.1.5"] * 100 + ["452 4.5.3"] * 30
        assert (await client.say("DATA\r\n")).startswith("354")


async def test_a_peer_that_only_errs_or_chats_is_sent_away(tmp_path: Path) -> None:
    """Trusted networks too: this is not about load, it is about a peer that has lost its way."""
    async with house(tmp_path) as gateway:
        async with gateway.client() as client:
            await client.replies()
            client.send("FOO\r\n" * 30)
            errors = await client.replies(21)
            assert [reply[:9] for reply in errors] == ["500 5.5.1"] * 20 + ["421 4.7.0"]
            assert await client.rest() == ""
        async with gateway.client() as client:
            await client.replies()
            client.send("RSET\r\n" * 150)
            assert [reply[:3] for reply in await client.replies(101)] == ["250"] * 100 + ["421"]


async def test_a_long_session_of_a_good_relay_is_never_sent_away(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        await client.say("EHLO c\r\n")
        for number in range(60):
            await client.say("RSET\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@example.test>\r\n", 3)
            await client.say("RCPT TO:<support@example.test>\r\nDATA\r\n", 2)
            assert (await client.say(MAIL + b"%d\r\n.\r\n" % number)).startswith("250")


async def test_a_command_line_without_an_end_takes_no_memory(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        assert (await client.say("MAIL FROM:<" + "a" * 500_000 + ">\r\n")).startswith("500 5.5.2")
        assert (await client.say("NOOP\r\n")).startswith("250")


@pytest.mark.parametrize(
    "opening", ["GET / HTTP/1.1\r\n", "post /x HTTP/1.0\r\n", "CONNECT a:25 HTTP/1.1\r\n", "\x16\x03\x01"]
)
async def test_a_browser_is_cut_off_at_its_first_line(tmp_path: Path, opening: str) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.replies()
        client.send(
            opening + "EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\nx\r\n.\r\n"
        )
        assert await client.rest() == ""
        assert gateway.spool.opened == 0


async def test_one_address_and_all_together_have_so_many_connections(tmp_path: Path) -> None:
    async with house(tmp_path, limits=Limits(connections=3, connections_per_ip=2), trusted=()) as gateway:
        async with gateway.client() as first, gateway.client() as second:
            await first.replies()
            await second.replies()
            async with gateway.client() as third:
                assert await third.rest() == "421 4.7.0 Too many connections, try again later\r\n"
        async with asyncio.timeout(30):
            while not await _welcome(gateway):
                await asyncio.sleep(0.05)


async def _welcome(gateway: House) -> bool:
    async with gateway.client() as client:
        return (await client.replies())[0].startswith("220")


async def test_your_own_mta_has_as_many_connections_as_it_wants(tmp_path: Path) -> None:
    limits = Limits(connections=1, connections_per_ip=1)
    async with house(tmp_path, limits=limits) as gateway, gateway.client() as first, gateway.client() as second:
        assert (await first.replies())[0].startswith("220")
        assert (await second.replies())[0].startswith("220")


async def test_a_peer_that_says_nothing_hears_421(tmp_path: Path) -> None:
    async with house(tmp_path, limits=Limits(command_seconds=0.2)) as gateway, gateway.client() as client:
        await client.replies()
        assert (await client.rest()).startswith("421 4.4.2")


async def test_a_slow_commit_is_our_own_time_and_the_peers_clock_goes_on_after_it(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path, delay=1.2)
    async with house(tmp_path, limits=Limits(command_seconds=0.5), spool=spool) as gateway, gateway.client() as client:
        await client.begin()
        assert (await client.say(MAIL + b".\r\n")).startswith("250")
        assert (await client.rest()).startswith("421 4.4.2")


async def test_data_that_stalls_crawls_or_never_ends_is_cut(tmp_path: Path) -> None:
    async with house(tmp_path, limits=Limits(stall_seconds=0.2)) as gateway, gateway.client() as client:
        await client.begin()
        client.send(MAIL)
        assert (await client.rest()).startswith("421 4.4.2")
    crawl = Limits(stall_seconds=0.3, min_rate=5000)
    everlasting = Limits(stall_seconds=5, min_rate=0, data_seconds=0.4)
    for limits in (crawl, everlasting):
        async with house(tmp_path, limits=limits) as gateway, gateway.client() as client:
            await client.begin()
            drip = asyncio.create_task(_drip(client.writer))
            assert (await client.rest()).startswith("421 4.4.2")
            drip.cancel()
            await gateway.admission.drain(30)
            assert gateway.spool.forgotten == 1


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.05)


async def test_a_stop_sends_idle_sessions_away_and_lets_data_in_flight_finish(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as idle, gateway.client() as busy:
        await idle.replies()
        await busy.begin()
        busy.send(MAIL)
        stop = asyncio.create_task(gateway.admission.drain(60))
        assert (await idle.rest()).startswith("421 4.3.2")
        assert (await busy.say(".\r\n")).startswith("250")
        assert (await busy.rest()).startswith("421 4.3.2")
        await asyncio.wait_for(stop, 20)
        assert len(gateway.spool.stored()) == 1
        async with gateway.client() as late:
            assert (await late.rest()).startswith("421 4.3.2")


async def test_a_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with house(tmp_path) as gateway, gateway.client() as client:
        await client.begin()
        await asyncio.wait_for(gateway.admission.drain(0.2), 20)
        assert await client.rest() == ""


async def test_starttls_starts_anew_and_says_so_in_the_envelope(tmp_path: Path, certificates: Certificates) -> None:
    async with house(tmp_path, tls=certificates.server_context()) as gateway, gateway.client() as client:
        await client.replies()
        assert "250-STARTTLS" in await client.say("EHLO before\r\n")
        assert (await client.say("STARTTLS\r\n")) == "220 2.0.0 Ready to start TLS"
        await client.writer.start_tls(certificates.client_context(), server_hostname="localhost")
        assert (await client.say("MAIL FROM:<a@b.example>\r\n")).startswith("503 5.5.1")
        assert "STARTTLS" not in await client.say("EHLO after\r\n")
        assert (await client.say("STARTTLS\r\n")).startswith("503 5.5.1")
        await client.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.test>\r\nDATA\r\n", 3)
        assert (await client.say(MAIL + b".\r\n")).startswith("250")
        envelope = gateway.spool.stored()[0].envelope
    assert (envelope["tls"], envelope["helo"]) == (True, "after")


async def test_commands_sent_in_the_clear_behind_starttls_are_thrown_away(
    tmp_path: Path, certificates: Certificates
) -> None:
    """CVE-2024-34083 and CVE-2011-0411: what a man in the middle added must not count as said under TLS."""
    async with house(tmp_path, tls=certificates.server_context()) as gateway, gateway.client() as client:
        await client.replies()
        await client.say("EHLO c\r\n")
        client.send("STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@x.example>\r\n")
        assert (await client.replies())[0].startswith("220")
        await client.writer.start_tls(certificates.client_context(), server_hostname="localhost")
        assert (await client.say("RCPT TO:<support@example.test>\r\n")).startswith("503")
        assert (await client.say("MAIL FROM:<a@b.example>\r\n")).startswith("503 5.5.1 Send a greeting")


async def test_a_failed_handshake_ends_that_session_alone(tmp_path: Path, certificates: Certificates) -> None:
    async with house(tmp_path, tls=certificates.server_context()) as gateway:
        async with gateway.client() as client:
            await client.replies()
            await client.say("EHLO c\r\nSTARTTLS\r\n", 2)
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await client.writer.start_tls(ssl.create_default_context(), server_hostname="localhost")
        async with gateway.client() as client:
            assert (await client.replies())[0].startswith("220")
        await gateway.admission.drain(30)
        assert len(gateway.admission) == 0
