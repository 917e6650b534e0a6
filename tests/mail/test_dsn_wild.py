"""Reports that follow no RFC, each a mail in tests/mails/machine/ with what it should be in expected.toml."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.automatic import classify
from gateway.mail.dsn_status import best, derived, stated
from gateway.mail.message import Address, Message, Part
from gateway.mail.parse import parse

MAILS = Path(__file__).parent.parent / "mails" / "machine"
EXPECTED = tomllib.loads((MAILS / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_report_in_prose_is_read_and_a_persons_mail_is_not(name: str) -> None:
    expected = EXPECTED[name]
    found = classify(parse((MAILS / f"{name}.eml").read_bytes()))
    assert found.kind == expected["kind"]
    bounce = found.bounce
    if bounce is None:
        assert "recipients" not in expected
        return
    assert bounce.action == expected["action"]
    assert [who.email for who in bounce.recipients] == expected["recipients"]
    assert "".join(who.status[0] for who in bounce.recipients) == expected["status"]


def test_every_mail_of_the_folder_says_what_it_is() -> None:
    assert sorted(path.stem for path in MAILS.glob("*.eml")) == sorted(EXPECTED)


def _from_a_daemon(text: str, **more: str) -> Message:
    headers = (("from", "MAILER-DAEMON@mx.example"), *more.items())
    return Message(
        subject="Returned mail", from_=(Address("", "mailer-daemon@mx.example"),), headers=headers, text=text,
        parts=(Part("text/plain", text),),
    )  # fmt: skip


def test_the_letter_is_found_in_the_header_behind_the_words() -> None:
    text = "It could not be delivered.\n\n<bob@x.example>:\n550 no\n\n--- Below this line is a copy of the message.\n\n"
    found = classify(
        _from_a_daemon(text + "Received: by mx\nMessage-ID: <letter@desk.example>\nTo: bob@x.example\n\nhi")
    )
    assert found.bounce is not None
    assert found.bounce.original_message_id == "<letter@desk.example>"
    assert ("to", "bob@x.example") in found.bounce.original_headers


def test_an_address_in_the_returned_mail_has_not_failed() -> None:
    returned = "Received: from a by b\nTo: bob@x.example\nCc: kim@x.example\n\nhi"
    text = f"It could not be delivered:\n\nbob@x.example\n\n{returned}"
    found = classify(_from_a_daemon(text))
    assert found.bounce is not None
    assert [who.email for who in found.bounce.recipients] == ["bob@x.example"]


def test_the_failed_recipients_field_goes_before_the_words() -> None:
    message = _from_a_daemon("It failed: kim@x.example", **{"x-failed-recipients": "bob@x.example, ann@x.example"})
    found = classify(message)
    assert found.bounce is not None
    assert [who.email for who in found.bounce.recipients] == ["bob@x.example", "ann@x.example"]


def test_a_code_right_behind_a_reply_goes_before_the_others() -> None:
    assert stated("5.1.0 - Unknown address error 550-'5.4.1 Access denied'") == "5.4.1"


def test_an_ip_address_and_a_version_are_no_status() -> None:
    assert stated("connect to 5.1.1.8 failed, mta-5.2.1 says no") == ""


def test_words_give_the_status_that_a_report_leaves_out() -> None:
    told = {
        "550 User unknown": "5.1.1",
        "452 mailbox full": "4.2.2",
        "mailbox is full": "5.2.2",
        "Host not found": "5.1.2",
        "554 rejected as spam": "5.7.1",
        "Connection timed\n    out": "4.4.7",
        "das Postfach ist voll": "5.2.2",
    }
    assert {words: derived(words) for words in told} == told


def test_a_delay_is_never_final() -> None:
    assert best("", "the server answered 550 busy", delayed=True).startswith("4.")
