"""A real Postfix in front of the desk, by SMTP and by LMTP, and as the relay behind it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.desk import ANA, SALES, SUPPORT, Desk, folder, running
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until
from tests.servers import Postfix, free_port, postfix

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module", params=["smtp", "lmtp"])
def house(request: pytest.FixtureRequest, relay: Sink) -> Iterator[tuple[Desk, Postfix]]:
    """Postfix hands everything for example.test to the desk, and the desk's letters for others to the last relay."""
    with folder() as place:
        desk = Desk(place / "desk", free_port())
        port = desk.smtp if request.param == "smtp" else desk.lmtp
        with postfix(f"{request.param}:[127.0.0.1]:{port}", sink_port=relay.port) as mta:
            desk.relay = mta.port
            desk.configure()
            with running(desk):
                yield desk, mta


def test_a_mail_through_postfix_becomes_a_ticket_and_the_answer_comes_back(
    house: tuple[Desk, Postfix], relay: Sink
) -> None:
    desk, mta = house
    customer = f"postfix{desk.smtp}@customer.test"
    identifier = fresh_id()
    submit(mta.port, mail(customer, "Stars through Postfix", message_id=identifier))
    number = desk.settled(identifier)["ticket"]
    ack = relay.wait_for(customer, "ack")
    assert desk.ticket(number)["token"] in ack.subject
    assert ack.sender.startswith(f"support+b{number}.")

    files = {f"{n}.bin": random.Random(n).randbytes(n * 40_000 + 1) for n in range(3)}
    reply = fresh_id()
    submit(mta.port, mail(customer, "Re: stars", to=ack.reply_to, message_id=reply, files=files), ack.reply_to)
    told = desk.settled(reply)
    assert (told["decision"], told["ticket"]) == ("append", number)
    kept = {one["name"]: one["sha256"] for one in desk.asked("ticket", "attach", str(number))}
    assert kept == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    until(lambda: not mta.queue(), 60, "an empty queue")


def test_two_recipients_at_postfix_are_one_ticket_and_nothing_stays_in_its_queue(
    house: tuple[Desk, Postfix], relay: Sink
) -> None:
    desk, mta = house
    identifier, customer = fresh_id(), f"two{desk.smtp}@customer.test"
    submit(mta.port, mail(customer, "to two", to=f"{SUPPORT}, {SALES}", message_id=identifier), SUPPORT, SALES)
    desk.settled(identifier)
    until(lambda: not mta.queue(), 60, "an empty queue")
    relay.wait_for(customer, "ack")
    desk.quiet()
    assert len(desk.rows("SELECT 1 FROM ticket WHERE requester_email = ?", customer)) == 1
    assert len(relay.to(customer)) == 1


def test_a_letter_that_comes_back_is_marked_on_its_ticket_and_told_to_the_team(
    house: tuple[Desk, Postfix], relay: Sink
) -> None:
    desk, mta = house
    identifier, customer = fresh_id(), f"nobody{desk.smtp}@customer.test"
    submit(mta.port, mail(customer, "Answer me", message_id=identifier))
    number = desk.settled(identifier)["ticket"]
    until(lambda: _failures(desk, number), 60, "the report that Postfix sends")
    (failed,) = _failures(desk, number)
    assert failed["data"]["recipient"] == customer
    assert failed["data"]["status"] == "5.1.1"
    assert customer in relay.wait_for(ANA, "agent_delivery_failed").text
    assert [row["state"] for row in desk.rows("SELECT state FROM outbox WHERE recipient = ?", customer)] == ["failed"]
    (report,) = desk.rows("SELECT * FROM mail WHERE kind = 'bounce' AND ticket = ?", number)
    assert (report["mail_from"], report["decision"]) == ("", "file")
    assert desk.ticket(number)["status"] == "new"


def _failures(desk: Desk, number: int) -> list[dict[str, Any]]:
    return [one for one in desk.ticket(number)["events"] if one["kind"] == "DeliveryFailed"]


def test_postfix_keeps_the_mail_while_the_desk_is_down_and_brings_it_when_it_is_back(
    house: tuple[Desk, Postfix], relay: Sink
) -> None:
    desk, mta = house
    assert desk.stop() == 0
    identifier, customer = fresh_id(), f"down{desk.smtp}@customer.test"
    submit(mta.port, mail(customer, "while you slept", message_id=identifier))
    until(mta.queue, 60, "the mail in Postfix's queue")
    desk.start()
    mta.run("postqueue", "-f")
    assert desk.settled(identifier)["decision"] == "new_ticket"
    relay.wait_for(customer, "ack")
    theirs = [line for line in mta.log().splitlines() if f"to=<{SUPPORT}>" in line]
    assert not any("status=bounced" in line for line in theirs)
