"""What servers do on bad days, said by a script: no server program is needed here."""

from __future__ import annotations

import asyncio
import ssl
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.edge.imap import ImapSettings, MailSource
from gateway.edge.imap_client import Connection, LoginRefused, Lost, TooMuch
from gateway.edge.imap_envelope import envelope_of
from gateway.edge.imap_names import Naming, from_list, from_namespace, utf7
from gateway.edge.imap_watch import backoff
from tests.servers import Certificates

pytestmark = pytest.mark.asyncio

SOON = 10.0  # seconds: what happens at once, on a machine that is busy; what must not be waited for takes longer
SELECTED = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\n* OK [PERMANENTFLAGS (\\Deleted \\*)] x\r\n"


@dataclass
class Script:
    """Answers by the word that a command contains; TAG stands for its tag. What it knows not is OK."""

    answers: dict[str, bytes]
    greeting: bytes = b"* OK ready\r\n"
    capability: bytes = b"IMAP4rev1 IDLE UIDPLUS MOVE"
    port: int = 0
    heard: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.greeting)
        while line := await reader.readline():
            text = line.decode().rstrip()
            self.heard.append(text)
            tag = text.partition(" ")[0].encode()
            answer = next((self.answers[word] for word in self.answers if word in text), b"TAG OK done\r\n")
            if "CAPABILITY" in text:
                answer = b"* CAPABILITY " + self.capability + b"\r\nTAG OK done\r\n"
            elif text.endswith(" IDLE") and "IDLE" not in self.answers:
                answer = b"+ idling\r\n"
            elif text == "DONE":
                tag = next(each for each in reversed(self.heard) if each.endswith(" IDLE")).partition(" ")[0].encode()
                answer = b"TAG OK done\r\n"
            writer.write(answer.replace(b"TAG", tag))
            if b"CLOSE" in answer:
                writer.close()
                return


@asynccontextmanager
async def scripted(answers: dict[str, bytes] | None = None, **parts: bytes) -> AsyncIterator[Script]:
    script = Script(answers or {}, **parts)  # type: ignore[arg-type]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script.talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()


def settings(port: int, **changes: object) -> ImapSettings:
    async def password() -> str:
        return "s3cret"

    plain = ImapSettings(
        "support",
        "support@example.test",
        "127.0.0.1",
        "user",
        password,
        1_000_000,
        port=port,
        tls="none",
        patience=SOON,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def selected(script: Script, **changes: object) -> MailSource:
    source = await MailSource.open(settings(script.port, **changes))
    script.answers.setdefault("SELECT", SELECTED + b"TAG OK done\r\n")
    folder = await source.select("INBOX")
    assert (folder.uidvalidity, folder.uidnext, folder.exists, folder.keeps_keywords) == (7, 3, 2, True)
    return source


async def test_thousands_of_lines_in_one_read_are_no_trouble() -> None:
    listed = b"".join(
        b'* %d FETCH (UID %d INTERNALDATE "22-Nov-2026 10:00:00 +0100" RFC822.SIZE 10)\r\n' % (n, n)
        for n in range(1, 5001)
    )
    async with scripted({"UID FETCH": listed + b"TAG OK done\r\n"}) as script:
        source = await selected(script)
        found = await source.list([1])
    assert len(found) == 5000
    assert found[0].arrived == datetime(2026, 11, 22, 9, tzinfo=UTC)


async def test_a_literal_comes_whole_however_the_network_cuts_it() -> None:
    mail = b"Subject: (x) {3}\r\n\r\nA1 OK not a reply\r\n* BYE\r\n)\r\n"
    answer = b"* 1 FETCH (UID 9 BODY[] {%d}\r\n%s FLAGS (\\Seen))\r\n" % (len(mail), mail)
    async with scripted({"UID FETCH": b""}) as script:
        source = await selected(script)
        protocol = source._protocol
        for size in (1, 2, 3, 7, 1000):
            reading = asyncio.create_task(source.body(9))
            while not protocol.pending_async_commands:
                await asyncio.sleep(0)
            [command] = protocol.pending_async_commands.values()
            wire = answer + f"{command.tag} OK done\r\n".encode()
            for start in range(0, len(wire), size):
                protocol.data_received(wire[start : start + size])
            assert await reading == mail


async def test_an_announced_giant_is_dropped_before_memory_is_used() -> None:
    async with scripted({"BODY.PEEK": b"* 1 FETCH (UID 1 BODY[] {2000000000}\r\n" + b"x" * 100_000}) as script:
        source = await selected(script)
        tracemalloc.start()
        with pytest.raises(TooMuch, match="2000000000"):
            await source.body(1)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 2_000_000
        with pytest.raises(Lost):
            await source.select("INBOX")


async def test_an_answer_without_an_end_is_cut_off() -> None:
    async with scripted({"UID SEARCH": b"* SEARCH" + b" 1" * (30 << 20)}) as script:
        source = await selected(script)
        with pytest.raises(TooMuch):
            await source.search(datetime.now(UTC), None)


@pytest.mark.parametrize(
    ("answers", "greeting"),
    [
        ({}, b""),
        ({}, b"* BYE too busy\r\n"),
        ({}, b"220 smtp here\r\n"),
        ({"LOGIN": b""}, b"* OK x\r\n"),
        ({"LOGIN": b"* BYE CLOSE\r\n"}, b"* OK x\r\n"),
        ({"LOGIN": b"TAG NO [UNAVAILABLE] later\r\n"}, b"* OK x\r\n"),
        ({"LOGIN": b"\xff\xfe\r\nTAG WHAT\r\n"}, b"* OK x\r\n"),
        ({"LIST": b""}, b"* OK x\r\n"),
    ],
)
async def test_a_server_in_trouble_is_left_in_time_and_the_password_is_never_told(
    answers: dict[str, bytes], greeting: bytes
) -> None:
    async with scripted(answers, greeting=greeting) as script:
        with pytest.raises(Lost) as lost:
            await asyncio.wait_for(MailSource.open(settings(script.port, patience=0.5)), SOON)
    assert "s3cret" not in repr(lost.value) + str(lost.value.__context__)


async def test_a_refusal_has_the_servers_words() -> None:
    async with scripted({"LOGIN": b"TAG NO [AUTHENTICATIONFAILED] Basic authentication is disabled\r\n"}) as script:
        with pytest.raises(LoginRefused, match="Basic authentication is disabled"):
            await MailSource.open(settings(script.port))


async def test_where_login_is_disabled_sasl_plain_is_used() -> None:
    response = "AHVzZXIAczNjcmV0"
    answers = {"AUTHENTICATE": b"+ \r\n", response: b"* BYE CLOSE\r\n"}
    async with scripted(answers, capability=b"IMAP4rev1 LOGINDISABLED AUTH=PLAIN") as script:
        with pytest.raises(Lost):
            await MailSource.open(settings(script.port))
        assert script.heard[-1] == response
        assert not any("LOGIN user" in line for line in script.heard)


async def test_a_lost_connection_ends_every_wait_at_once() -> None:
    waits: dict[str, Callable[[MailSource], object]] = {
        "IDLE": lambda source: source.wait(60, idle=True),
        "UID MOVE": lambda source: source.move(1, "Done"),
        "UID STORE": lambda source: source.mark(1),
        "UID FETCH": lambda source: source.body(1),
    }
    for word, act in waits.items():
        async with scripted({word: b"* BYE CLOSE\r\n"}) as script:
            source = await selected(script, patience=60.0)
            with pytest.raises(Lost):
                await asyncio.wait_for(act(source), SOON)  # type: ignore[arg-type]
            await source.close()


async def test_idle_ends_with_new_mail_or_with_its_time() -> None:
    async with scripted() as script:
        source = await selected(script)
        await source.search(datetime.now(UTC), None)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.wait_for(source.wait(0.2, idle=True), SOON)
        assert loop.time() - began > 0.15
        script.answers["IDLE"] = b"+ idling\r\n* OK Still here\r\n* 3 EXISTS\r\n"
        await asyncio.wait_for(source.wait(60, idle=True), SOON)
        await source.search(datetime.now(UTC), None)
        began = loop.time()
        await source.wait(0.3, idle=True)  # the same count again is no news
        assert loop.time() - began > 0.25


async def test_idle_that_is_refused_is_no_endless_wait() -> None:
    async with scripted({"IDLE": b"TAG NO not now\r\n"}) as script:
        source = await selected(script)
        with pytest.raises(Lost):
            await asyncio.wait_for(source.wait(60, idle=True), SOON)


async def test_mail_that_arrives_during_another_command_is_not_slept_through() -> None:
    async with scripted({"UID FETCH": b"* 9 EXISTS\r\nTAG OK done\r\n"}) as script:
        source = await selected(script)
        await source.search(datetime.now(UTC), None)
        await source.list([1])
        await asyncio.wait_for(source.wait(60, idle=True), SOON)


@pytest.mark.parametrize(
    "answer",
    [
        b"TAG NO no TLS today\r\n",
        b"TAG OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
        b"* PREAUTH x\r\nTAG OK go\r\n",
        b"",
    ],
)
async def test_starttls_refused_or_with_words_behind_it_sends_no_password(
    answer: bytes, certificates: Certificates
) -> None:
    """RFC 3501 §11.1 and CVE-2021-23953's kin: what a man in the middle adds is not believed."""
    async with scripted({"STARTTLS": answer}, capability=b"IMAP4rev1 STARTTLS") as script:
        with pytest.raises(Lost):
            await MailSource.open(settings(script.port, tls="starttls", tls_ca=certificates.ca, patience=1.0))
        assert not any("LOGIN" in line for line in script.heard)


async def test_without_tls_no_password_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted() as script:
        source = await Connection.open("127.0.0.1", script.port, tls=None, patience=SOON, literal_cap=1)
        monkeypatch.setattr("gateway.edge.imap._is_loopback", lambda connection: False)
        with pytest.raises(LoginRefused, match="this machine only"):
            await MailSource.open(settings(script.port))
        assert not any("LOGIN" in line for line in script.heard)
        await source.close()


async def test_a_server_that_cannot_do_tls_is_refused_for_implicit_tls() -> None:
    async with scripted() as script:
        with pytest.raises((ssl.SSLError, Lost, OSError)):
            await MailSource.open(settings(script.port, tls="implicit"))


async def test_a_search_names_a_day_and_the_first_new_uid() -> None:
    async with scripted({"UID SEARCH": b"* SEARCH 4 2\r\n* SEARCH 9\r\nTAG OK done 77\r\n"}) as script:
        source = await selected(script)
        assert await source.search(datetime(2026, 3, 1, tzinfo=UTC), 3) == [2, 4, 9]
        assert script.heard[-1].endswith("UID SEARCH UNKEYWORD GatewayTaken OR UID 3:* SINCE 1-Mar-2026")


async def test_an_empty_mail_is_told_from_one_that_is_gone() -> None:
    for answer, expected in (
        (b'* 1 FETCH (UID 1 BODY[] "")\r\n', b""),
        (b"* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n", b""),
        (b"* 1 FETCH (UID 1 BODY[] NIL)\r\n", None),
        (b"", None),
    ):
        async with scripted({"UID FETCH": answer + b"TAG OK done\r\n"}) as script:
            assert await (await selected(script)).body(1) == expected


async def test_names_are_in_modified_utf7_with_the_servers_delimiter() -> None:
    assert utf7("Entwürfe & Ähnliches/台北") == "Entw&APw-rfe &- &AMQ-hnliches/&U,BTFw-"
    assert Naming().wire("Gateway/Done") == '"Gateway/Done"'
    assert Naming("INBOX.", ".").wire("Gateway/Done") == '"INBOX.Gateway.Done"'
    assert Naming("INBOX.", ".").wire("INBOX/Sub") == '"INBOX.Sub"'
    assert Naming("INBOX.", ".").wire("inbox") == '"INBOX"'
    assert Naming().wire('a "b" \\ c') == '"a \\"b\\" \\\\ c"'
    assert from_namespace([b'(("INBOX." ".")) NIL NIL', b"OK done"]) == Naming("INBOX.", ".")
    assert from_namespace([b"NIL NIL NIL"]) is None
    assert from_list([b'(\\Noselect) "\\\\" ""', b"OK"]) == Naming("", "\\")


async def test_a_fetched_mail_goes_to_whom_its_last_server_delivered_it() -> None:
    def envelope(header: bytes) -> tuple[str, tuple[str, ...]]:
        said = envelope_of(header + b"\r\n\r\nbody", account="support", address="support@a.example", tls=True)
        assert (said.source, said.peer, said.tls) == ("imap", "support", True)
        return said.mail_from, said.rcpt_tos

    assert envelope(b"Return-Path: <m@c.example>\r\nDelivered-To: support+1042.x@a.example\r\nTo: other@a.example") == (
        "m@c.example",
        ("support+1042.x@a.example",),
    )
    assert envelope(b"Return-Path: <>\r\nX-Original-To: support@a.example") == ("", ("support@a.example",))
    assert envelope(b'To: "A, B" <x@a.example>,\r\n y@a.example') == ("", ("x@a.example", "y@a.example"))
    assert envelope(b"Subject: none") == ("", ("support@a.example",))
    assert envelope(b"A: b\r\n" * 5000)[1] == ("support@a.example",)


async def test_pauses_double_from_one_second_to_five_minutes() -> None:
    assert [backoff(failures, 0) for failures in (0, 1, 2, 3, 9, 10, 99)] == [1, 1, 2, 4, 256, 300, 300]
    assert backoff(3, 0.999) == pytest.approx(3.0, abs=0.01)
    assert timedelta(seconds=backoff(99, 0.5)) > timedelta(minutes=4)
