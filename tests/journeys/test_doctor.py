"""`gateway doctor` beside a real Dovecot and a real Postfix: all well, and each thing that can be wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.desk import CONFIGURATION, SUPPORT, Desk, folder, running, with_imap
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink
from tests.nameserver import Zone, nameserver
from tests.servers import PASSWORD, Dovecot, Postfix, dovecot, free_port, postfix

pytestmark = pytest.mark.servers
ZONE: Zone = {
    ("example.test", "MX"): ["10 mx.example.test."],
    ("example.test", "TXT"): ['"v=spf1 mx -all"'],
    ("_dmarc.example.test", "TXT"): ['"v=DMARC1; p=reject"'],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running_dovecot:
        yield running_dovecot


@pytest.fixture(scope="module")
def house(server: Dovecot, relay: Sink) -> Iterator[tuple[Desk, Postfix]]:
    """A desk that fetches from Dovecot over TLS and sends by Postfix, and whose daemon runs."""
    with folder() as place:
        desk = Desk(place / "desk", free_port())
        with postfix(f"lmtp:[127.0.0.1]:{desk.lmtp}", sink_port=relay.port) as mta:
            desk.relay = mta.port
            desk.imap = fetched(place / "desk", server, server.account(), PASSWORD)
            desk.configure()
            with running(desk):
                submit(desk.smtp, mail("verified@customer.test", "verified", message_id=fresh_id()))
                desk.quiet()
                yield desk, mta


def fetched(place: Path, server: Dovecot, user: str, password: str, **changes: str) -> str:
    lines = with_imap(place, server.imaps_port, user, password).replace('tls = "none"', 'tls = "implicit"')
    lines = lines.replace('host = "127.0.0.1"', 'host = "localhost"')
    more = "".join(f'  {key} = "{value}"\n' for key, value in changes.items())
    return lines + f'  tls_ca = "{server.certificates.ca}"\n' + more


def findings(desk: Desk, *words: str, zone: Zone = ZONE) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings by check (the last one of each)."""
    import json

    with nameserver(zone) as at:
        said = desk.gateway("doctor", "--json", "--nameserver", f"127.0.0.1:{at.port}", *words)
    return said.code, {each["check"]: each for each in json.loads(said.out)["findings"]}


@pytest.fixture
def other(tmp_path: Path) -> Desk:
    """A desk whose daemon does not run: it is only looked at."""
    return Desk(tmp_path / "other", free_port())


def with_mailbox(desk: Desk, server: Dovecot, user: str, password: str = PASSWORD, **changes: str) -> Desk:
    desk.imap = fetched(desk.folder, server, user, password, **changes)
    desk.configure()
    return desk


def test_a_house_in_order_has_no_failure(house: tuple[Desk, Postfix], server: Dovecot) -> None:
    desk, _ = house
    code, found = findings(desk)
    failed = {check: each["what"] for check, each in found.items() if each["level"] == "fail"}
    assert (code, failed) == (0, {})
    assert found["imap"]["what"].startswith("TLS 1.3, certificate valid until ")
    assert found["imap"]["what"].endswith("IDLE, MOVE, UIDPLUS")
    assert found["relay"]["what"] == "no TLS, on this machine, no login, size limit 60 MB, SMTPUTF8"
    for check in ("mx", "spf", "dmarc", "trust", "listen", "database", "work"):
        assert found[check]["level"] == "ok", found[check]
    assert found["trust"]["what"] == 'the last mail carries "mx.example.test"'


def test_looking_leaves_no_trace_at_the_relay(house: tuple[Desk, Postfix], relay: Sink) -> None:
    desk, mta = house
    before = len(relay.letters)
    findings(desk)
    assert not mta.queue()
    assert len(relay.letters) == before
    assert desk.faults() == []


def test_a_test_mail_comes_back_from_a_tagged_address_and_opens_nothing(house: tuple[Desk, Postfix]) -> None:
    """This Postfix lets verdicts from outside through: then the trusted server is not to be believed."""
    desk, _ = house
    before = desk.rows("SELECT count(*) AS n FROM ticket")
    code, found = findings(desk, "--send-test")
    assert found["plus"]["level"] == "ok"
    assert "+doctor@example.test came back in " in found["plus"]["what"]
    assert desk.rows("SELECT count(*) AS n FROM ticket") == before
    assert (code, found["trust.forged"]["level"]) == (1, "fail")
    assert "RemoveARAll" in found["trust.forged"]["repair"][0]
    assert desk.faults() == []


def test_a_server_that_removes_forged_verdicts_is_believed(house: tuple[Desk, Postfix]) -> None:
    desk, mta = house
    (mta.base / "etc/checks").write_text("/^Authentication-Results: mx\\.example\\.test/ IGNORE\n")
    main = mta.base / "etc/main.cf"
    before = main.read_text()
    main.write_text(f"{before}header_checks = regexp:{mta.base}/etc/checks\n")
    mta.run("postfix", "reload")
    try:
        time.sleep(1)
        code, found = findings(desk, "--send-test")
    finally:
        main.write_text(before)
        mta.run("postfix", "reload")
    assert (code, found["trust.forged"]["level"]) == (0, "ok")


def test_without_a_daemon_no_test_mail_is_sent(house: tuple[Desk, Postfix], relay: Sink, other: Desk) -> None:
    other.relay = house[1].port
    other.configure()
    _, found = findings(other, "--send-test")
    assert (found["plus"]["level"], found["daemon"]["level"]) == ("skip", "warn")


def test_a_wrong_password_is_told_in_the_server_s_words(other: Desk, server: Dovecot) -> None:
    code, found = findings(with_mailbox(other, server, server.account(), "n0t-it"))
    assert (code, found["imap"]["level"]) == (1, "fail")
    assert "refuses the login" in found["imap"]["what"]
    assert "AUTHENTICATIONFAILED" in found["imap"]["what"]
    assert found["imap"]["repair"][1].startswith("password_secret")
    assert "n0t-it" not in str(found)


def test_an_expired_certificate_is_told_and_no_password_is_sent(other: Desk) -> None:
    with dovecot(certificate_days=-1) as old:
        code, found = findings(with_mailbox(other, old, old.account()))
    assert code == 1
    assert found["imap"]["what"] == "its certificate is not to be trusted: certificate has expired"
    assert found["imap"]["repair"][0].startswith("openssl s_client -connect localhost:")


def test_a_certificate_that_ends_soon_is_a_warning(other: Desk) -> None:
    with dovecot(certificate_days=5) as old:
        _, found = findings(with_mailbox(other, old, old.account()))
    assert (found["imap"]["level"], found["imap.certificate"]["level"]) == ("ok", "warn")


def test_servers_that_are_down_are_told_quickly(other: Desk, server: Dovecot) -> None:
    other.imap = fetched(other.folder, server, server.account(), PASSWORD).replace(
        f"port = {server.imaps_port}", f"port = {free_port()}"
    )
    other.configure()
    began = time.monotonic()
    code, found = findings(other)
    assert time.monotonic() - began < 30
    assert code == 1
    for check in ("imap", "relay"):
        assert found[check]["what"] == "does not answer: Connection refused"


def test_a_server_that_says_nothing_ends_the_wait(other: Desk, server: Dovecot) -> None:
    account = server.account()
    with server.other_client(account):
        server.freeze()
        try:
            began = time.monotonic()
            _, found = findings(with_mailbox(other, server, account))
            assert time.monotonic() - began < 60
        finally:
            server.thaw()
    assert found["imap"]["level"] in ("ok", "fail")


def test_a_folder_that_is_missing_is_named_with_its_line(other: Desk, server: Dovecot) -> None:
    code, found = findings(with_mailbox(other, server, server.account(), folder="Tickets"))
    lines = other.configuration.read_text().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if 'folder = "Tickets"' in text)
    assert (code, found["imap.folder"]["level"]) == (1, "fail")
    assert found["imap.folder"]["repair"] == [
        f'folder = "INBOX"   ({other.configuration}:{line}, [mailbox.support.imap])'
    ]


def test_a_secret_of_the_unit_is_not_called_missing(other: Desk, server: Dovecot) -> None:
    text = fetched(other.folder, server, server.account(), PASSWORD)
    other.imap = text.replace('{ file = "imap.secret" }', '{ credential = "imap-support" }')
    other.configure()
    _, found = findings(other)
    assert found["imap"]["level"] == "skip"
    assert "provided by the unit" in found["imap"]["what"]
    assert "LoadCredential=imap-support" in found["imap"]["repair"][0]


def test_a_trusted_server_that_stamps_nothing_is_a_failure(house: tuple[Desk, Postfix]) -> None:
    desk, _ = house
    desk.configure(CONFIGURATION.replace('"mx.example.test"', '"mail.example.test"'))
    try:
        code, found = findings(desk)
    finally:
        desk.configure()
    assert (code, found["trust"]["level"]) == (1, "fail")
    assert found["trust"]["repair"][0].startswith('trust_auth_results = "mx.example.test"')


def test_a_domain_without_records_is_told_record_by_record(house: tuple[Desk, Postfix]) -> None:
    desk, _ = house
    code, found = findings(desk, zone={})
    assert code == 1
    assert [found[check]["level"] for check in ("mx", "spf", "dmarc")] == ["fail", "warn", "warn"]
    assert found["dmarc"]["repair"] == [
        'TXT  _dmarc.example.test.   "v=DMARC1; p=quarantine; rua=mailto:ops@staff.test"'
    ]


def test_a_relay_that_knows_no_tagged_address_says_that_replies_would_come_back(
    house: tuple[Desk, Postfix],
) -> None:
    """Postfix with a list of recipients and no delimiter, as a provider without plus addresses."""
    desk, mta = house
    main = mta.base / "etc/main.cf"
    before = main.read_text()
    known = before.replace(
        "relay_recipient_maps =", f"relay_recipient_maps = inline:{{ {SUPPORT}=x sales@example.test=x }}"
    )
    main.write_text(known.replace("recipient_delimiter = +", "recipient_delimiter ="))
    mta.run("postfix", "reload")
    try:
        time.sleep(1)
        code, found = findings(desk)
    finally:
        main.write_text(before)
        mta.run("postfix", "reload")
    assert (code, found["plus"]["level"]) == (1, "fail")
