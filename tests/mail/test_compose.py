"""A letter's bytes."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.compose import compose, needs_smtputf8
from gateway.mail.fold import BadField
from gateway.mail.letter import Enclosure, Letter

LETTER = Letter(
    id="01hx9w2c3d4e5f6g",
    once="1042:3:answer",
    name="reply",
    ticket=1042,
    to_name="María López",
    to="maria@customer.example",
    from_name="Ana from Acme Support",
    from_="support@acme.example",
    reply_to="support+1042.abcdefghijklmnop@acme.example",
    reply_to_name="Acme Support",
    envelope_from="support+b1042.abcdefghijklmnop@acme.example",
    message_id="<t1042.01hx9w2c3d4e5f6g.abcdefghijklmnop@acme.example>",
    subject="Re: Rechnungen für März [ACME-1042-k7qm]",
    text="Grüße\n\n-- \nAna\n",
    html="<p>Grüße</p>\n",
    date=datetime(2026, 4, 16, 13, 5, 22, tzinfo=UTC),
    not_before=datetime(2026, 4, 16, 13, 5, 22, tzinfo=UTC),
    auto_submitted="no",
    in_reply_to="<first@customer.example>",
    references=("<first@customer.example>",),
    headers=(("X-Ticket", "ACME-1042"), ("X-Ticket-Letter", "reply")),
)
FIELDS = [
    "Date", "From", "Reply-To", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "Content-Language", "X-Ticket", "X-Ticket-Letter", "MIME-Version", "Content-Type",
]  # fmt: skip
PDF = Enclosure("Übersicht 2026.pdf", "application/pdf", 5, "p" * 64)
LOGO = Enclosure("logo.png", "image/png", 4, "l" * 64, content_id="logo@acme.example")
STORE = {"p" * 64: b"%PDF-", "l" * 64: b"\x89PNG"}


def read(letter: Letter) -> EmailMessage:
    parsed = email.message_from_bytes(compose(letter, STORE.__getitem__), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_letter_has_exactly_the_fields_that_were_meant_in_their_order() -> None:
    assert read(LETTER).keys() == FIELDS


def test_what_was_written_is_what_is_read() -> None:
    mail = read(LETTER)
    assert mail["From"] == "Ana from Acme Support <support@acme.example>"
    assert mail["To"].addresses[0].display_name == "María López"
    assert mail["Reply-To"] == "Acme Support <support+1042.abcdefghijklmnop@acme.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["Date"].datetime == LETTER.date
    assert mail["Content-Language"] == "en"


def test_the_text_comes_first_and_both_parts_say_what_they_said() -> None:
    mail = read(LETTER)
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().splitlines() == LETTER.html.splitlines()


def test_a_signature_keeps_its_blank_on_the_way() -> None:
    assert "-- " in read(replace(LETTER, html="")).get_content().splitlines()


def test_files_come_after_the_bodies_with_names_in_any_alphabet() -> None:
    mail = read(replace(LETTER, enclosures=(PDF,)))
    assert mail.get_content_type() == "multipart/mixed"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content(), file.get_content_type()) == (
        "Übersicht 2026.pdf", b"%PDF-", "application/pdf",
    )  # fmt: skip


def test_an_inline_image_is_related_to_the_page_that_shows_it() -> None:
    mail = read(replace(LETTER, enclosures=(LOGO, PDF)))
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "application/pdf",
    ]  # fmt: skip
    assert [part["Content-ID"] for part in mail.walk() if part["Content-ID"]] == ["<logo@acme.example>"]


def test_a_mail_as_an_attachment_is_no_part_that_may_not_be_encoded() -> None:
    forwarded = Enclosure("mail.eml", "message/rfc822", 5, "p" * 64)
    (file,) = read(replace(LETTER, enclosures=(forwarded,))).iter_attachments()
    assert file.get_content_type() == "application/octet-stream"


@pytest.mark.parametrize("field", ["in_reply_to", "references"])
def test_an_id_of_a_hundred_characters_is_never_encoded(field: str) -> None:
    long = "<AM0PR0802MB2345" + "A" * 90 + "@mail.outlook.example>"
    letter = replace(LETTER, in_reply_to=long, references=("<first@customer.example>", long))
    raw = compose(letter, STORE.__getitem__)
    assert raw.count(long.encode()) == 2
    assert read(letter)["References"].split() == ["<first@customer.example>", long]


def test_a_letter_is_the_same_bytes_at_every_try() -> None:
    letter = replace(LETTER, enclosures=(PDF,))
    assert compose(letter, STORE.__getitem__) == compose(letter, STORE.__getitem__)


def test_lines_are_short_end_in_crlf_and_are_seven_bits_wide() -> None:
    letter = replace(LETTER, html="<p>" + "Grüße, " * 2000 + "</p>", subject="漢字 " * 60, text="x" * 5000)
    raw = compose(letter, STORE.__getitem__)
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "evil",
    [
        "a\r\nBcc: all@customer.example",
        "a\nBcc: x@y.example\n\nbody",
        "a\x00b",
        "a\u2028Bcc: x",
        "a\u202egnp.exe",
        "\x85b",
    ],
)
def test_no_value_makes_a_field_of_its_own(evil: str) -> None:
    letter = replace(
        LETTER, subject=evil, to_name=evil, from_name=evil, reply_to_name=evil, headers=(("X-Ticket", evil),)
    )
    raw = compose(letter, STORE.__getitem__)
    names = [line.split(b":")[0].decode() for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] != b" "]
    assert names == [name for name in FIELDS if name != "X-Ticket-Letter"]


@pytest.mark.parametrize("address", ["", "a", "a@b\r\nBcc: c@d", "a b@c", "a@b, c@d", "<a@b>", "ü@b.example\n"])
def test_an_address_that_is_none_is_refused_and_not_mended(address: str) -> None:
    with pytest.raises(BadField):
        compose(replace(LETTER, to=address), STORE.__getitem__)


@pytest.mark.parametrize("address", ['"a..b"@customer.example', "a@[192.0.2.7]", "o'neil+x@customer.example"])
def test_an_odd_address_is_still_one(address: str) -> None:
    raw = compose(replace(LETTER, to=address, to_name=""), STORE.__getitem__)
    assert f"\r\nTo: {address}\r\n".encode() in raw


def test_only_an_address_that_is_not_ascii_needs_smtputf8() -> None:
    assert not needs_smtputf8(LETTER)
    letter = replace(LETTER, to="jürgen@customer.example")
    assert needs_smtputf8(letter)
    assert "jürgen@customer.example".encode() in compose(letter, STORE.__getitem__)


def test_a_field_name_that_is_none_is_refused() -> None:
    with pytest.raises(BadField):
        compose(replace(LETTER, headers=(("X Ticket", "a"),)), STORE.__getitem__)


def test_a_letter_without_a_page_is_plain_text() -> None:
    assert read(replace(LETTER, html="")).get_content_type() == "text/plain"


@given(st.text(max_size=300), st.text(max_size=120))
def test_whatever_customers_call_things_the_header_block_stays_ours(subject: str, name: str) -> None:
    file = Enclosure(name, subject, 5, "p" * 64)
    letter = replace(LETTER, subject=subject, to_name=name, enclosures=(file,))
    raw = compose(letter, STORE.__getitem__)
    block = raw.split(b"\r\n\r\n")[0]
    assert [m.decode() for m in re.findall(rb"(?m)^([!-9;-~]+):", block)] == FIELDS
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(st.text(max_size=2000))
def test_any_text_arrives(text: str) -> None:
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").rstrip("\r\n") + "\n"
    body = read(replace(LETTER, text=text, html="")).get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().replace("\r\n", "\n") == plain.encode("utf-8", "replace").decode()
