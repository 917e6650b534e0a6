"""A real Dovecot whose mailbox the desk watches: IDLE in, ticket out, and the mail moved away."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Iterator

import pytest

from tests.journeys.desk import Desk, folder, running, with_imap
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until
from tests.servers import PASSWORD, Dovecot, dovecot

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running_dovecot:
        yield running_dovecot


@pytest.fixture(scope="module")
def account(server: Dovecot) -> str:
    return server.account()


@pytest.fixture(scope="module")
def house(server: Dovecot, account: str, relay: Sink) -> Iterator[Desk]:
    with folder() as place:
        imap = with_imap(place / "desk", server.imap_port, account, PASSWORD)
        with running(Desk(place / "desk", relay.port, imap=imap)) as shared:
            shared.wait_for_log("mailbox.connected")
            yield shared


def deliver(server: Dovecot, account: str, made: object) -> None:
    server.deliver(account, bytes(made).replace(b"\n", b"\r\n"))  # type: ignore[call-overload]


def in_folder(server: Dovecot, account: str, name: str) -> int:
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as client:
        client.login(account, "plain")
        _, said = client.status(f'"{name}"', "(MESSAGES)")
    found = re.search(rb"MESSAGES (\d+)", said[0] or b"")
    return int(found[1]) if found else 0


def test_a_delivered_mail_is_a_ticket_within_two_seconds_and_moved_away(
    server: Dovecot, account: str, house: Desk, relay: Sink
) -> None:
    done = in_folder(server, account, "Gateway/Done")
    took = []
    for turn in range(3):
        identifier, customer = fresh_id(), f"idle{turn}@customer.test"
        deliver(server, account, mail(customer, "by IDLE", message_id=identifier))
        began = time.monotonic()
        told = house.settled(identifier)
        took.append(time.monotonic() - began)
        assert (told["decision"], told["source"], told["mailbox"]) == ("new_ticket", "imap", "support")
        relay.wait_for(customer, "ack")
    assert sorted(took)[1] < 2, took  # the median: a busy machine may be late once
    until(lambda: in_folder(server, account, "Gateway/Done") == done + 3, 60, "three mails in Gateway/Done")
    assert in_folder(server, account, "INBOX") == 0


def test_a_reply_to_the_signed_address_in_a_mailbox_lands_on_its_ticket(
    server: Dovecot, account: str, house: Desk, relay: Sink
) -> None:
    identifier, customer = fresh_id(), "fetched@customer.test"
    deliver(server, account, mail(customer, "by mailbox", message_id=identifier))
    number = house.settled(identifier)["ticket"]
    ack = relay.wait_for(customer, "ack")
    reply = fresh_id()
    deliver(server, account, mail(customer, "other words", to=ack.reply_to, message_id=reply))
    told = house.settled(reply)
    assert (told["decision"], told["ticket"]) == ("append", number)


def test_the_same_mail_by_mailbox_and_by_smtp_is_one_ticket(
    server: Dovecot, account: str, house: Desk, relay: Sink
) -> None:
    identifier, customer = fresh_id(), "roads@customer.test"
    made = mail(customer, "by two roads", message_id=identifier)
    deliver(server, account, made)
    submit(house.smtp, made)
    house.settled(identifier)
    until(lambda: in_folder(server, account, "INBOX") == 0, 60, "an empty mailbox")
    house.quiet()
    assert [row["copies"] for row in house.rows("SELECT copies FROM mail WHERE message_id = ?", identifier)] == [2]
    assert len(house.rows("SELECT 1 FROM ticket WHERE requester_email = ?", customer)) == 1
    relay.wait_for(customer, "ack")
    assert len(relay.to(customer)) == 1


def test_what_nobody_can_read_is_moved_too_and_the_next_mail_goes_on(
    server: Dovecot, account: str, house: Desk
) -> None:
    head = b"From: deep@customer.test\r\nTo: support@example.test\r\nSubject: deep by mailbox\r\n"
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(400))
    identifier = fresh_id()
    before = len(house.rows("SELECT 1 FROM mail WHERE state = 'quarantined'"))
    server.deliver(account, head + b"".join(levels) + b"\r\nx\r\n", b"\r\n", head + b"\r\n")
    deliver(server, account, mail("after@customer.test", "after the deep one", message_id=identifier))
    assert house.settled(identifier)["decision"] == "new_ticket"
    until(lambda: in_folder(server, account, "INBOX") == 0, 60, "an empty mailbox")
    until(
        lambda: len(house.rows("SELECT 1 FROM mail WHERE state = 'quarantined'")) == before + 1, 60, "it in quarantine"
    )


def test_the_desk_comes_back_to_a_mailbox_whose_server_was_down(
    server: Dovecot, account: str, house: Desk, relay: Sink
) -> None:
    lost = len(house.logged("mailbox.disconnected"))
    server.cut()  # a Dovecot that is told to stop leaves its live sessions alone
    server.stop()
    house.wait_for_log("mailbox.disconnected", count=lost + 2)
    between = fresh_id()
    submit(house.smtp, mail("meanwhile@customer.test", "meanwhile", message_id=between))
    assert house.settled(between)["decision"] == "new_ticket", "one door shut is no other door's trouble"
    server.start()
    identifier = fresh_id()
    deliver(server, account, mail("back@customer.test", "back again", message_id=identifier))
    assert house.settled(identifier)["decision"] == "new_ticket"
    relay.wait_for("back@customer.test", "ack")


def test_a_session_that_is_cut_is_noticed_at_once(server: Dovecot, account: str, house: Desk) -> None:
    lost = len(house.logged("mailbox.disconnected"))
    server.cut()
    house.wait_for_log("mailbox.disconnected", count=lost + 1)
    identifier = fresh_id()
    deliver(server, account, mail("cut@customer.test", "after the cut", message_id=identifier))
    assert house.settled(identifier)["decision"] == "new_ticket"


def test_a_mail_whose_header_names_none_of_us_is_for_the_mailbox_it_lay_in(
    server: Dovecot, account: str, house: Desk
) -> None:
    identifier = fresh_id()
    deliver(server, account, mail("bcc@customer.test", "hidden", to="friends@elsewhere.test", message_id=identifier))
    told = house.settled(identifier)
    assert told["decision"] == "new_ticket"
    assert house.ticket(told["ticket"])["mailbox"] == "support"
