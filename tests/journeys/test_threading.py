"""A customer's mail, our letter at a real relay, and what carries the answer back to its ticket."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

from tests.journeys.desk import ANA, SUPPORT, Desk
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Letter, Sink

SUBJECT = "Stars instead of letters"


def opened(desk: Desk, relay: Sink, customer: str, subject: str = SUBJECT) -> tuple[int, Letter]:
    """A ticket of `customer`, and the acknowledgement they got."""
    identifier = fresh_id()
    submit(desk.smtp, mail(customer, subject, message_id=identifier))
    number = int(desk.settled(identifier)["ticket"])
    return number, relay.wait_for(customer, "ack")


def answered(desk: Desk, customer: str, subject: str, *, to: str = SUPPORT, **headers: str) -> dict[str, object]:
    """What became of an answer with this subject, sent to `to`."""
    identifier = fresh_id()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    submit(
        desk.smtp,
        mail(customer, subject, "It prints letters again now and then.\n", to=to, message_id=identifier, headers=named),
        to,
    )
    return desk.settled(identifier)


def test_a_mail_becomes_a_ticket_and_its_acknowledgement_arrives_at_the_relay(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "first@customer.test")
    token = desk.ticket(number)["token"]
    assert token in ack.subject
    assert f"EX-{number}" in ack.text
    assert ack.reply_to.startswith(f"support+{number}.")
    assert ack.sender.startswith(f"support+b{number}.")
    assert ack.mail["Auto-Submitted"] == "auto-replied"
    agents = relay.wait_for(ANA, "agent_new")
    assert "prints nothing but stars" in agents.text


def test_a_reply_finds_its_ticket_by_the_token_in_its_subject_alone(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "token@customer.test")
    told = answered(desk, "token@customer.test", f"Re: {ack.subject}")
    assert (told["decision"], told["ticket"]) == ("append", number)
    assert json.loads(str(told["verdict"]))["by"] == "subject_token"
    articles = desk.ticket(number)["articles"]
    assert [one["author"]["role"] for one in articles if one["direction"] == "in"] == ["requester", "requester"]


def test_a_reply_finds_its_ticket_by_its_references_alone(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "references@customer.test")
    told = answered(desk, "references@customer.test", "another subject", References=ack.message_id)
    assert (told["decision"], told["ticket"]) == ("append", number)
    assert json.loads(str(told["verdict"]))["by"] == "message_id"


def test_a_reply_finds_its_ticket_by_its_reply_address_alone(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "address@customer.test")
    told = answered(desk, "address@customer.test", "another subject", to=ack.reply_to)
    assert (told["decision"], told["ticket"]) == ("append", number)
    assert json.loads(str(told["verdict"]))["by"] == "reply_address"


def test_three_attachments_of_a_reply_come_out_as_they_went_in(desk: Desk, relay: Sink, tmp_path: Path) -> None:
    number, ack = opened(desk, relay, "files@customer.test")
    made = random.Random(3)
    files = {"log.txt": b"a line\n" * 40, "Bild übergroß.png": made.randbytes(300_000), "empty-ish.bin": b"\0\r\n.\r\n"}
    identifier = fresh_id()
    reply = mail("files@customer.test", "the files", to=ack.reply_to, message_id=identifier, files=files)
    submit(desk.smtp, reply, ack.reply_to)
    assert desk.settled(identifier)["ticket"] == number
    listed = desk.asked("ticket", "attach", str(number))
    assert [one["name"] for one in listed] == list(files)
    for one in listed:
        assert one["sha256"] == hashlib.sha256(files[one["name"]]).hexdigest()
        target = tmp_path / "out"
        assert desk.gateway("ticket", "attach", str(number), str(one["id"]), "-O", str(target)).code == 0
        assert target.read_bytes() == files[one["name"]]


def test_a_number_without_its_code_opens_a_ticket_of_its_own_and_its_sender_learns_nothing(
    desk: Desk, relay: Sink
) -> None:
    number, _ = opened(desk, relay, "owner@customer.test", "The secret of the stars")
    told = answered(desk, "guesser@elsewhere.test", f"Re: [EX-{number}] hello")
    assert told["decision"] == "new_ticket"
    assert told["ticket"] != number
    ack = relay.wait_for("guesser@elsewhere.test")
    assert "secret" not in ack.raw.decode().lower()
    assert str(number) not in ack.text
    assert len(desk.ticket(number)["articles"]) == 1


def test_a_forged_code_is_no_code_in_the_subject_nor_in_the_address(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "code@customer.test")
    token = desk.ticket(number)["token"]
    wrong = token[:-2] + ("a" if token[-2] != "a" else "b") + "]"
    told = answered(desk, "forger@elsewhere.test", f"Re: {wrong} hello")
    assert told["decision"] == "new_ticket"
    code = ack.reply_to.partition(".")[2].partition("@")[0]
    forged = ack.reply_to.replace(code, code[:-1] + ("a" if code[-1] != "a" else "b"))
    told = answered(desk, "forger@elsewhere.test", "hello again", to=forged)
    assert told["decision"] == "new_ticket"
    assert len(desk.ticket(number)["articles"]) == 1


def test_a_strangers_mail_with_somebody_elses_code_is_held_until_an_agent_accepts_it(desk: Desk, relay: Sink) -> None:
    number, ack = opened(desk, relay, "known@customer.test")
    told = answered(desk, "colleague@customer.test", "about the stars", to=ack.reply_to)
    assert (told["decision"], told["state"], told["ticket"]) == ("hold", "held", number)
    assert [one["visibility"] for one in desk.ticket(number)["articles"]] == ["public", "held"]
    assert told["id"] in [one["id"] for one in desk.asked("mail", "quarantine", "list")]
    assert relay.to("colleague@customer.test") == []

    done = desk.gateway("--as", "ana", "mail", "quarantine", "accept", str(told["id"]))
    assert done.code == 0, done.err
    told = desk.settled(str(told["message_id"]))
    assert (told["decision"], told["state"], told["ticket"]) == ("append", "done", number)
    assert [one["visibility"] for one in desk.ticket(number)["articles"]] == ["public", "public"]
    assert told["id"] not in [one["id"] for one in desk.asked("mail", "quarantine", "list")]


def test_an_agents_answer_to_the_signed_address_goes_to_the_customer(desk: Desk, relay: Sink) -> None:
    customer = "answered@customer.test"
    number, ack = opened(desk, relay, customer)
    mine = relay.wait_for(ANA, "agent_new", about=f"EX-{number}-")
    identifier = fresh_id("example.test")
    words = "Please turn it off and on again.\n"
    submit(desk.smtp, mail(ANA, f"Re: {mine.subject}", words, to=mine.reply_to, message_id=identifier), mine.reply_to)
    told = desk.settled(identifier)
    assert (told["decision"], told["ticket"]) == ("append", number)
    reply = relay.wait_for(customer, "reply")
    assert "turn it off and on again" in reply.text
    assert "Ana" in str(reply.mail["From"])
    assert reply.mail["In-Reply-To"] == ack.message_id or ack.message_id in str(reply.mail["References"])
    assert reply.mail["Auto-Submitted"] in (None, "no")
    assert ANA not in reply.raw.decode()


def test_what_an_agent_sends_to_the_note_address_stays_in_the_house(desk: Desk, relay: Sink) -> None:
    customer = "noted@customer.test"
    number, _ = opened(desk, relay, customer)
    mine = relay.wait_for(ANA, "agent_new", about=f"EX-{number}-")
    note = next(word.strip("<>.,") for word in mine.text.split() if f"support+n{number}." in word)
    identifier = fresh_id("example.test")
    submit(desk.smtp, mail(ANA, "Re: stars", "The canary sings at night.\n", to=note, message_id=identifier), note)
    told = desk.settled(identifier)
    assert (told["decision"], told["ticket"]) == ("append", number)
    assert desk.ticket(number)["articles"][-1]["visibility"] == "private"
    desk.quiet()
    assert not any("canary" in letter.text for letter in relay.to(customer))
    assert relay.to(customer, "reply") == []
