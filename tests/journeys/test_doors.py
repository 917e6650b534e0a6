"""Every way into a desk besides plain SMTP: STARTTLS, a unix socket, a socket of systemd's, a pipe, postmaster."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import SALES, SUPPORT, Desk, folder, running
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until
from tests.servers import Certificates, make_certificates, need


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def house(relay: Sink, certificates: Certificates) -> Iterator[Desk]:
    """With STARTTLS, and LMTP on TCP and in a unix socket beside the configuration."""
    listen = 'lmtp = ["127.0.0.1:{lmtp}", "unix:lmtp.sock"]\n'
    listen += f'tls_cert = "{certificates.cert}"\ntls_key = "{certificates.key}"\n'
    with folder() as place, running(Desk(place / "desk", relay.port, listen=listen)) as shared:
        yield shared


def raw(made: object) -> bytes:
    return bytes(made).replace(b"\n", b"\r\n")  # type: ignore[call-overload,no-any-return]


def test_starttls_encrypts_the_session_and_the_envelope_says_so(house: Desk, certificates: Certificates) -> None:
    identifier = fresh_id()
    with smtplib.SMTP("localhost", house.smtp) as client:
        assert client.starttls(context=certificates.client_context())[0] == 220
        client.sendmail("tls@customer.test", [SUPPORT], raw(mail("tls@customer.test", "tls", message_id=identifier)))
    told = house.settled(identifier)
    assert (told["decision"], told["tls"]) == ("new_ticket", 1)


def test_a_unix_socket_takes_lmtp_and_is_for_its_group_alone(house: Desk) -> None:
    path = house.folder / "lmtp.sock"
    assert path.stat().st_mode & 0o777 == 0o660
    identifier = fresh_id()
    with smtplib.LMTP(str(path)) as client:
        client.sendmail("unix@customer.test", [SUPPORT], raw(mail("unix@customer.test", "unix", message_id=identifier)))
    assert house.settled(identifier)["source"] == "lmtp"


def test_a_mail_to_two_of_our_mailboxes_is_one_ticket_by_every_door(house: Desk, relay: Sink) -> None:
    identifier = fresh_id()
    made = mail("both@customer.test", "to both", to=f"{SUPPORT}, {SALES}", message_id=identifier)
    submit(house.smtp, made, SUPPORT, SALES)
    number = house.settled(identifier)["ticket"]
    submit(house.smtp, made, SALES)
    submit(house.lmtp, made, SUPPORT, lmtp=True)
    house.quiet()
    (told,) = house.rows("SELECT * FROM mail WHERE message_id = ?", identifier)
    assert (told["copies"], told["ticket"]) == (3, number)
    relay.wait_for("both@customer.test", "ack")
    assert len(house.rows("SELECT 1 FROM ticket WHERE requester_email = 'both@customer.test'")) == 1
    assert len(relay.to("both@customer.test")) == 1


@pytest.mark.parametrize("address", ["postmaster", "postmaster@example.test", "Postmaster@Example.TEST"])
def test_mail_to_postmaster_opens_an_unacknowledged_ticket_that_the_administrator_hears_of(
    house: Desk, relay: Sink, address: str
) -> None:
    identifier = fresh_id()
    customer = f"{fresh_id().split('.')[0].strip('<')}@far.test"
    submit(house.smtp, mail(customer, "your mail is broken", message_id=identifier), address)
    told = house.settled(identifier)
    assert told["decision"] == "new_ticket"
    shown = house.ticket(told["ticket"])
    assert shown["mailbox"] == "support"
    until(
        lambda: any(f"ticket {told['ticket']}" in letter.text for letter in relay.to("ops@staff.test", "admin_alert")),
        60,
        "an alert that names the ticket",
    )
    house.quiet()
    assert relay.to(customer) == []


# -- a pipe ------------------------------------------------------------------------------------------------------------


def test_ingest_hands_a_mail_to_the_running_daemon(house: Desk) -> None:
    identifier = fresh_id()
    piped = bytes(mail("pipe@customer.test", "piped", message_id=identifier))
    done = house.command("mail", "ingest", stdin=piped, environment={"SENDER": "pipe@customer.test"})
    assert done.returncode == 0, done.stderr
    told = house.settled(identifier)
    assert (told["decision"], told["mail_from"], told["source"]) == ("new_ticket", "pipe@customer.test", "lmtp")
    again = house.command("mail", "ingest", "--to", SUPPORT, stdin=piped)
    assert again.returncode == 0
    house.quiet()
    assert len(house.rows("SELECT 1 FROM ticket WHERE requester_email = 'pipe@customer.test'")) == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "code"),
    [
        (("--to", "nobody@example.test"), b"From: a@b.test\n\nx\n", 65),
        (("--to", "somebody@elsewhere.test"), b"From: a@b.test\n\nx\n", 65),
        ((), b"", 65),
        (("/no/such/mail.eml",), b"", 66),
        (("--mailbox", "nosuch"), b"From: a@b.test\n\nx\n", 67),
    ],
)
def test_ingest_says_with_its_exit_code_why_it_refuses(
    house: Desk, arguments: tuple[str, ...], stdin: bytes, code: int
) -> None:
    done = house.command("mail", "ingest", *arguments, stdin=stdin)
    assert done.returncode == code
    assert done.stderr.startswith(b"gateway: ")
    assert b"Traceback" not in done.stderr


def test_ingest_into_a_desk_that_was_never_started_is_tried_again_later(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", 9)
    done = desk.command("mail", "ingest", "--to", SUPPORT, stdin=b"From: a@b.test\n\nx\n")
    assert done.returncode == 75
    desk.configuration.write_text("version = \n")  # our fault as well: the MTA shall keep the mail, not return it
    assert desk.command("mail", "ingest", stdin=b"From: a@b.test\n\nx\n").returncode == 75


# -- without a daemon --------------------------------------------------------------------------------------------------


def test_a_desk_without_its_daemon_takes_mail_and_works_it_off_once(relay: Sink) -> None:
    with folder() as place:
        desk = Desk(place / "desk", relay.port)
        assert desk.command("serve", "--once").returncode == 0
        identifier, customer = fresh_id(), "once@customer.test"
        piped = bytes(mail(customer, "alone", message_id=identifier))
        assert desk.command("mail", "ingest", "--to", SUPPORT, stdin=piped).returncode == 0
        assert desk.rows("SELECT state FROM mail") == [{"state": "pending"}]

        done = desk.command("serve", "--once", "--dry-run")
        assert done.returncode == 0, done.stderr
        assert desk.rows("SELECT state FROM mail") == [{"state": "pending"}], "it worked on a copy"
        kept = sorted((desk.state / "dry-run/new").iterdir())
        assert len(kept) == 2
        assert any(b"X-Ticket-Letter: ack" in path.read_bytes() for path in kept)
        assert relay.to(customer) == []

        done = desk.command("serve", "--once")
        assert done.returncode == 0, done.stderr
        assert desk.settled(identifier)["decision"] == "new_ticket"
        assert len(relay.to(customer, "ack")) == 1


def test_a_socket_that_systemd_hands_over_takes_mail_while_the_daemon_starts(relay: Sink) -> None:
    activate = need("systemd-socket-activate", "systemd")
    with folder() as place:
        path = place / "handed.sock"
        desk = Desk(
            place / "desk", relay.port, listen='lmtp = ["fd:lmtp"]', prefix=(activate, "--fdname=lmtp", "-l", str(path))
        )
        desk.launch()
        try:
            until(path.exists, 60, "the socket")
            identifier = fresh_id()
            # It is the first to connect: this starts the daemon, which answers when it is ready.
            with smtplib.LMTP(str(path), timeout=30) as client:
                made = mail("activated@customer.test", "activated", message_id=identifier)
                client.sendmail("activated@customer.test", [SUPPORT], raw(made))
            assert desk.settled(identifier)["decision"] == "new_ticket"
            assert [one for one in desk.logged("daemon.ready") if "fd:lmtp" in one["listening"]]
            relay.wait_for("activated@customer.test", "ack")
        finally:
            code = desk.stop()
        assert code == 0
        assert path.exists(), "the socket is systemd's, and stays"
