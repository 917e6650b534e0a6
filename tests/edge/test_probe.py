"""What is seen of servers that we log in to by those who only look: each step, and the one at which it ends."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.edge import imap_probe, relay_probe
from gateway.edge.greeting import greeting
from gateway.edge.imap_names import Naming, from_utf7, utf7
from gateway.edge.probe import Stopped, stopped
from gateway.edge.relay import RelaySettings
from gateway.edge.relay_probe import Envelope
from tests.edge.test_imap import mail, settings
from tests.edge.test_relay import FAST, bad_relay, plain, secret
from tests.servers import Certificates, Dovecot, dovecot, free_port

from .talk import house

pytestmark = pytest.mark.asyncio
OURS = Envelope("support+b1.doctor@example.test", "support@example.test")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.mark.servers
async def test_a_mailbox_is_looked_at_to_the_end_and_nothing_in_it_changes(server: Dovecot) -> None:
    account = server.account()
    server.deliver(account, mail("one"), mail("two"))
    reached = await imap_probe.probe(settings(server, account), log_in=True)
    assert reached.stopped is None
    assert reached.encryption is not None
    assert {"IDLE", "MOVE", "UIDPLUS"} <= reached.capabilities
    assert reached.folder is not None
    assert reached.folder.exists == 2
    assert not (server.maildir(account) / "Gateway").exists()


@pytest.mark.servers
async def test_without_a_login_the_encryption_is_seen_all_the_same(server: Dovecot) -> None:
    reached = await imap_probe.probe(settings(server, "user0@example.test"), log_in=False)
    assert (reached.stopped, reached.folder) == (None, None)
    assert reached.encryption is not None
    assert reached.encryption.protocol == "TLSv1.3"


@pytest.mark.servers
async def test_a_mailbox_says_at_which_step_it_ends(server: Dovecot) -> None:
    account = server.account()
    good = settings(server, account)
    server.deliver(account, mail("one"))

    async def ended(**changes: object) -> tuple[str, str]:
        reached = await imap_probe.probe(replace(good, **changes), log_in=True)  # type: ignore[arg-type]
        assert reached.stopped is not None
        return reached.stopped.stage, reached.stopped.words

    assert (await ended(secret=secret))[0] == "login"
    assert (await ended(port=free_port())) == ("connect", "Connection refused")
    assert (await ended(tls_ca=None))[0] == "certificate"
    assert (await ended(tls="implicit", port=server.imap_port))[0] == "tls"
    assert (await ended(host="nowhere.invalid"))[0] == "name"
    assert (await ended(folder="Tickets"))[0] == "folder"


@pytest.mark.servers
async def test_a_folder_that_is_not_there_is_told_with_those_that_are(server: Dovecot) -> None:
    account = server.account()
    with server.other_client(account) as client:
        client.create("Support/Größe".encode("ascii", "ignore").decode())
        client.create("Support")
    reached = await imap_probe.probe(settings(server, account, folder="Tickets"), log_in=True)
    assert reached.folders == ("INBOX", "Support", "Support/Gre")


@pytest.mark.servers
async def test_an_expired_certificate_is_called_that() -> None:
    with dovecot(certificate_days=-1) as old:
        reached = await imap_probe.probe(settings(old, "user0@example.test"), log_in=True)
    assert reached.stopped == Stopped("certificate", "certificate has expired")


async def test_a_relay_is_asked_for_our_envelope_and_gets_no_mail(tmp_path: Path, certificates: Certificates) -> None:
    async with house(tmp_path, tls=certificates.server_context()) as far:
        asked = RelaySettings("localhost", far.port, "starttls", tls_ca=certificates.ca, timeouts=FAST)
        reached = await relay_probe.probe(asked, [OURS], with_login=True)
        assert far.spool.opened == 0
    assert (reached.stopped, reached.size, reached.smtputf8) == (None, 25_000_000, True)
    assert [(each.envelope, each.code) for each in reached.answered] == [(OURS, 250)]
    assert reached.encryption is not None


async def test_a_relay_that_refuses_our_sender_or_recipient_says_so_in_its_words() -> None:
    async with bad_relay(RCPT="553 5.7.1 not owned by user") as far:
        reached = await relay_probe.probe(plain(far.port), [OURS], with_login=True)
        assert "DATA" not in far.heard
    assert [(each.code, each.words) for each in reached.answered] == [(553, "5.7.1 not owned by user")]


async def test_a_relay_says_at_which_step_it_ends(certificates: Certificates, tmp_path: Path) -> None:
    async def ended(asked: RelaySettings) -> Stopped | None:
        return (await relay_probe.probe(asked, [OURS], with_login=True)).stopped

    async with bad_relay(EHLO="250-x\n250 AUTH PLAIN", AUTH="535 5.7.8 no") as far:
        assert await ended(replace(plain(far.port), user="u", secret=secret)) == Stopped("login", "535 5.7.8 no")
    async with bad_relay(CONNECT="554 no service") as far:
        assert (await ended(plain(far.port))) == Stopped("talk", "554 no service")
    async with house(tmp_path) as far_house:
        asked = RelaySettings("localhost", far_house.port, "starttls", timeouts=FAST)
        assert await ended(asked) == Stopped("tls", "the relay offers no STARTTLS")
    async with house(tmp_path, tls=certificates.server_context()) as far_house:
        found = await ended(replace(asked, port=far_house.port))
        assert found is not None
        assert found.stage == "certificate"
    assert await ended(plain(free_port())) == Stopped("connect", "Connection refused")


async def test_a_listener_of_ours_answers_and_shows_its_certificate(tmp_path: Path, certificates: Certificates) -> None:
    for protocol in ("smtp", "lmtp"):
        async with house(tmp_path, protocol, tls=certificates.server_context()) as ours:  # type: ignore[arg-type]
            place = ("127.0.0.1", ours.port)
            found = await greeting(place, protocol, "a.example", 2.0, certificates.cert)  # type: ignore[arg-type]
        assert (found.error, found.starttls, found.until is not None) == ("", True, True)
    async with house(tmp_path, address=f"unix:{tmp_path}/lmtp.sock", protocol="lmtp"):
        assert await greeting(tmp_path / "lmtp.sock", "lmtp", "a.example", 2.0) == await _silent_greeting()


async def _silent_greeting() -> object:
    from gateway.edge.greeting import Greeting

    return Greeting()


async def test_what_is_no_listener_of_ours_says_why() -> None:
    assert (await greeting(("127.0.0.1", free_port()), "smtp", "a.example", 2.0)).error
    async with bad_relay(CONNECT="554 go away") as far:
        assert (await greeting(("127.0.0.1", far.port), "smtp", "a.example", 2.0)).error == "says 554 go away"
    async with bad_relay(CONNECT="hang") as far:
        assert (await greeting(("127.0.0.1", far.port), "smtp", "a.example", 0.2)).error == "no answer within 0.2 s"
    async with bad_relay(CONNECT="") as far:
        assert (await greeting(("127.0.0.1", far.port), "smtp", "a.example", 2.0)).error == "closed the connection"


async def test_what_a_library_wraps_is_found() -> None:
    wrapped = RuntimeError("Error connecting")
    wrapped.__cause__ = socket.gaierror(-2, "Name or service not known")
    assert stopped(wrapped) == Stopped("name", "Name or service not known")
    assert stopped(ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")).stage == "tls"
    assert stopped(RuntimeError("odd")) == Stopped("talk", "odd")


@pytest.mark.parametrize("name", ["Support", "Gelöst & fertig", "日本語/台北", "a&b"])
async def test_names_of_folders_are_read_as_they_are_written(name: str) -> None:
    assert from_utf7(utf7(name)) == name
    naming = Naming("INBOX.", ".")
    line = b'(\\HasNoChildren) "." ' + naming.wire(name).encode()
    assert naming.read(line) == name


async def test_a_line_that_lists_nothing_to_open_names_nothing() -> None:
    assert Naming().read(b'(\\Noselect) "/" "Public"') == ""
    assert Naming().read(b"List completed.") == ""
    assert Naming().read(b'(\\HasNoChildren) "/" INBOX') == "INBOX"
    assert from_utf7("a&//-b") == "a&//-b"
