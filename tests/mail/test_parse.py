"""Bytes → Message: what a person sent arrives whole, whatever program wrote it."""

import base64
import hashlib
from datetime import UTC, datetime

import mailparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.message import Address, Message, Unreadable
from gateway.mail.parse import parse

HEAD = b"From: Maria Lopez <maria@customer.example>\r\nTo: support@acme.example\r\nSubject: Export fails\r\n"


def mail(head: bytes, body: bytes) -> Message:
    return parse(HEAD + head + b"\r\n" + body)


def mixed(*parts: bytes) -> Message:
    body = b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts) + b"--cut--\r\n"
    return mail(b'Content-Type: multipart/mixed; boundary="cut"\r\n', body)


def test_a_plain_mail_is_read() -> None:
    message = parse(
        HEAD + b"Cc: Jonas <JONAS@Customer.Example>\r\nDate: Tue, 14 Apr 2026 09:12:00 +0200\r\n"
        b"Message-ID: <1@customer.example>\r\n"
        b"In-Reply-To: <0@acme.example>\r\nReferences: <a@acme.example>\r\n <0@acme.example>\r\n"
        b"\r\nIt stops at 80 %.\r\n"
    )
    assert message.from_ == (Address("Maria Lopez", "maria@customer.example"),)
    assert message.cc == (Address("Jonas", "jonas@customer.example"),)
    assert message.date == datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
    assert message.message_id == "<1@customer.example>"
    assert message.in_reply_to == ("<0@acme.example>",)
    assert message.references == ("<a@acme.example>", "<0@acme.example>")
    assert message.text == "It stops at 80 %."
    assert message.defects == ()


def test_mail_parser_reads_the_addresses_and_the_date_of_every_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    given_to_it: list[str] = []
    real = mailparser.parse_from_string
    monkeypatch.setattr(mailparser, "parse_from_string", lambda text: given_to_it.append(text) or real(text))
    parse(HEAD + b"Date: Tue, 14 Apr 2026 09:12:00 +0200\r\n\r\nhello")
    assert "Maria Lopez <maria@customer.example>" in given_to_it[0]
    assert "14 Apr 2026" in given_to_it[0]


def test_a_mail_on_which_mail_parser_dies_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(text: str) -> None:
        raise AttributeError("find_between")

    monkeypatch.setattr(mailparser, "parse_from_string", dies)
    message = parse(HEAD + b"Date: Tue, 14 Apr 2026 09:12:00 +0200\r\n\r\nhello")
    assert message.from_ == (Address("Maria Lopez", "maria@customer.example"),)
    assert message.date == datetime(2026, 4, 14, 7, 12, tzinfo=UTC)
    assert message.defects == ("mail-parser: AttributeError",)


@pytest.mark.parametrize(
    ("field", "people"),
    [
        (b"a@one.example, b@two.example", ("a@one.example", "b@two.example")),
        (b"nobody: ;", ()),
        (b"alice@acme.example)@evil.example <x@evil.example>", ("",)),
        (b"=?utf-8?q?alice=40acme.example=3e=20?=x@evil.example", ("",)),
        (b"alice@acme.example\0@evil.example", ("",)),
        (b'"a\\\r\n Bcc: eve@evil.example"@customer.example', ("",)),
        (b"alice@acme.example <eve@evil.example>", ("eve@evil.example",)),
        (b'"alice@acme.example"@evil.example', ('"alice@acme.example"@evil.example',)),
        (b"=?utf-8?q?alice=40acme.example=2C?= <eve@evil.example>", ("eve@evil.example",)),
        ("Jörg <jörg@bücher.example>".encode(), ("jörg@xn--bcher-kva.example",)),
    ],
)
def test_a_sender_is_the_address_and_never_what_the_name_says(field: bytes, people: tuple[str, ...]) -> None:
    message = parse(b"From: " + field + b"\r\n\r\nhi")
    assert tuple(one.email for one in message.from_) == people


def test_two_from_fields_are_counted_and_both_kept() -> None:
    message = parse(b"From: a@one.example\r\nFrom: b@two.example\r\n\r\nhi")
    assert message.from_fields == 2
    assert [one.email for one in message.from_] == ["a@one.example", "b@two.example"]


def test_an_encoded_name_in_quotes_is_decoded_for_showing() -> None:
    message = parse(b'From: "=?utf-8?q?Mar=C3=ADa?=" <maria@customer.example>\r\n\r\nhi')
    assert message.from_ == (Address("María", "maria@customer.example"),)


def test_a_junk_line_among_the_headers_costs_neither_subject_nor_sender() -> None:
    message = parse(b"Received: by mx\r\nquite Delivered-To: x@y.example\r\n" + HEAD + b"\r\nhello")
    assert (message.subject, message.from_[0].email, message.text) == (
        "Export fails",
        "maria@customer.example",
        "hello",
    )


def test_a_missing_blank_line_does_not_cost_the_text() -> None:
    message = parse(b"From: a@b.example\r\nSubject: x\r\nDear all,\r\nthe export fails.\r\n")
    assert message.subject == "x"
    assert message.text == "Dear all,\nthe export fails."


@pytest.mark.parametrize(
    "raw",
    [
        b"From maria@customer.example Tue Apr 14 09:12:00 2026\r\n" + HEAD + b"\r\nhello",
        b"\r\n\r\n" + HEAD + b"\r\nhello",
        b"\xef\xbb\xbf" + HEAD + b"\r\nhello",
        HEAD.replace(b"\r\n", b"\r") + b"\rhello\r",
        HEAD.replace(b"\r\n", b"\n") + b"\nhello\n",
    ],
)
def test_odd_beginnings_and_line_ends_are_no_obstacle(raw: bytes) -> None:
    message = parse(raw)
    assert (message.subject, message.text.strip()) == ("Export fails", "hello")


@pytest.mark.parametrize("declared", [b'"cut\r\n here"', b'"cut here "', b'\r\n\t"cut here"', b'"cut\there"'])
def test_a_folded_or_padded_boundary_still_divides(declared: bytes) -> None:
    message = mail(
        b"Content-Type: multipart/mixed; boundary=" + declared + b"\r\n",
        b"--cut here\r\n\r\nhello\r\n--cut here\r\nContent-Type: image/png\r\n\r\nPNG\r\n--cut here--\r\n",
    )
    assert message.text == "hello"
    assert [one.data for one in message.attachments] == [b"PNG"]


def test_a_boundary_that_was_rewritten_on_the_way_is_found() -> None:
    body = (
        b"--real\r\nContent-Type: text/plain\r\n\r\nhello\r\n--real\r\nContent-Type: image/png\r\n\r\nPNG\r\n--real--"
    )
    message = mail(b"Content-Type: multipart/mixed; boundary=other\r\n", body)
    assert (message.text, len(message.attachments)) == ("hello", 1)


def test_a_multipart_without_any_boundary_is_shown_as_text() -> None:
    assert mail(b"Content-Type: multipart/mixed; boundary=B\r\n", b"hello there").text == "hello there"


def test_a_boundary_that_begins_like_another_is_another() -> None:
    message = mail(
        b"Content-Type: multipart/mixed; boundary=B\r\n",
        b"--B\r\nContent-Type: multipart/alternative; boundary=BB\r\n\r\n--BB\r\n\r\nplain\r\n--BB\r\n"
        b"Content-Type: text/html\r\n\r\n<p>rich</p>\r\n--BB--\r\n--B\r\nContent-Type: image/png\r\n\r\nPNG\r\n--B--",
    )
    assert (message.text, message.html, len(message.attachments)) == ("plain", "<p>rich</p>", 1)


def test_html_alone_becomes_text() -> None:
    assert mail(b"Content-Type: text/html; charset=utf-8\r\n", "<p>Größe</p>".encode()).text == "Größe"


def test_an_empty_plain_alternative_does_not_hide_the_html() -> None:
    message = mail(
        b"Content-Type: multipart/alternative; boundary=B\r\n",
        b"--B\r\n\r\n \r\n--B\r\nContent-Type: text/html\r\n\r\n<p>words</p>\r\n--B--",
    )
    assert message.text == "words"


def test_text_around_a_picture_is_one_text() -> None:
    message = mixed(b"\r\nabove", b"Content-Type: image/png\r\nContent-ID: <1@x>\r\n\r\nPNG", b"\r\nbelow")
    assert message.text == "above\nbelow"
    assert [(one.content_id, one.inline) for one in message.attachments] == [("1@x", True)]


def test_an_attached_mail_is_one_attachment_named_from_its_subject() -> None:
    inner = b"From: eve@evil.example\r\nSubject: Re: 1/2\r\n\r\nsecret words"
    message = mixed(b"\r\nsee below", b"Content-Type: message/rfc822\r\n\r\n" + inner)
    assert message.text == "see below"
    assert [(one.name, one.data) for one in message.attachments] == [("Re: 1-2.eml", inner)]
    assert message.parts[1].content_type == "message/rfc822"
    assert message.parts[1].text.endswith("secret words")


def test_a_report_gives_its_leaves_with_their_text() -> None:
    message = mail(
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n",
        b"--B\r\n\r\nsorry\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--B\r\n"
        b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n--B--",
    )
    assert [(part.content_type, part.text, part.report_type) for part in message.parts] == [
        ("text/plain", "sorry", "delivery-status"),
        ("message/delivery-status", "Action: failed", "delivery-status"),
        ("text/rfc822-headers", "Subject: x", "delivery-status"),
    ]
    assert len(message.attachments) == 2


@pytest.mark.parametrize(
    ("encoding", "body", "data"),
    [
        (b"base64", b"QUJDREU", b"ABCDE"),
        (b"base64", b"QUJDRA==\r\n_______\r\nlist footer", b"ABCD"),
        (b"base64", b"QUJD!!QUJDX", b"ABCABC"),
        (b"Base64 ", b"QUI=\r\nQUI=", b"ABAB"),
        (b"quoted-printable", b"a=ZZ=3D=\r\nb", b"a=ZZ=b"),
        (b"x-uuencode", b"begin 644 x\r\n#0V%T\r\n`\r\nend", b"Cat"),
        (b"rot13", b"uryyb", b"uryyb"),
    ],
)
def test_damaged_and_odd_encodings_give_what_there_is(encoding: bytes, body: bytes, data: bytes) -> None:
    part = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n" + body
    assert mixed(b"\r\nhi", part).attachments[0].data == data


def test_a_file_within_the_text_is_an_attachment_too() -> None:
    message = mail(b"", b"see file\r\nbegin 644 ../../cat.txt\r\n#0V%T\r\n`\r\nend\r\nbegin 2024 was hard\r\n")
    assert [(one.name, one.data) for one in message.attachments] == [("cat.txt", b"Cat")]
    assert message.text.startswith("see file\nbegin 644")


def test_flowed_lines_flow_again() -> None:
    message = mail(
        b"Content-Type: text/plain; format=flowed\r\n",
        b"one \r\ntwo\r\n>> deep \r\n>> down\r\n>top\r\n-- \r\nMaria\r\n",
    )
    assert message.text == "one two\n> > deep down\n> top\n-- \nMaria"


def test_an_invitation_alone_says_what_when_where() -> None:
    message = mail(
        b"Content-Type: text/calendar; method=REQUEST\r\n",
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Demo\\, part 2\r\n"
        b"DTSTART;TZID=Europe/Berlin:20260504T090000\r\n"
        b"DTEND;TZID=Europe/Berlin:20260504T100000\r\nLOCATION:Room\r\n  7\r\n"
        b"ORGANIZER;CN=Maria:mailto:maria@customer.example\r\n"
        b"BEGIN:VALARM\r\nDESCRIPTION:beep\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    assert message.text == (
        "Invitation: Demo, part 2\n"
        "When: 2026-05-04 09:00 (Europe/Berlin) to 2026-05-04 10:00 (Europe/Berlin)\n"
        "Where: Room 7\n"
        "From: Maria <maria@customer.example>"
    )
    assert [one.content_type for one in message.attachments] == ["text/calendar"]


def test_a_signature_is_no_attachment_and_what_it_signs_is_read() -> None:
    message = mail(
        b'Content-Type: multipart/signed; boundary=B; protocol="application/pgp-signature"\r\n',
        b"--B\r\n\r\nsigned words\r\n--B\r\n"
        b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\nx\r\n--B--",
    )
    assert (message.text, message.attachments, message.encrypted) == ("signed words", (), False)


def test_an_opaque_signature_is_read_through() -> None:
    inner = b"Content-Type: text/plain\r\n\r\nsigned words\r\n"
    message = mail(
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n",
        base64.encodebytes(cms(inner)),
    )
    assert (message.text, message.encrypted) == ("signed words", False)


def cms(content: bytes) -> bytes:
    """SignedData around `content` as far as a reader that checks nothing looks (RFC 5652 §5.1)."""

    def tagged(tag: int, data: bytes) -> bytes:
        return bytes((tag, 0x82)) + len(data).to_bytes(2, "big") + data

    data = bytes.fromhex("06092a864886f70d010701") + tagged(0xA0, tagged(0x04, content))
    signed = tagged(0x30, b"\x02\x01\x01" + tagged(0x31, b"") + tagged(0x30, data))
    return tagged(0x30, bytes.fromhex("06092a864886f70d010702") + tagged(0xA0, signed))


def tnef(name: bytes, content: bytes) -> bytes:
    """A winmail.dat with one file (MS-OXTNEF §2.1.3): version, then the three attributes of an attachment."""

    def attribute(level: int, code: int, data: bytes) -> bytes:
        length = len(data).to_bytes(4, "little")
        return bytes((level,)) + code.to_bytes(4, "little") + length + data + (sum(data) & 0xFFFF).to_bytes(2, "little")

    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(1, 0x00089006, b"\0\0\1\0")
        + attribute(2, 0x00069002, b"\1\0" + b"\xff" * 4 + b"\0" * 8)
        + attribute(2, 0x00018010, name + b"\0")
        + attribute(2, 0x0006800F, content)
    )


def test_a_winmail_dat_is_replaced_by_the_files_in_it() -> None:
    part = b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = mixed(b"\r\nhi", part + base64.encodebytes(tnef(b"..\\offer.pdf", b"%PDF-")))
    assert [(one.name, one.content_type, one.data) for one in message.attachments] == [
        ("offer.pdf", "application/pdf", b"%PDF-")
    ]


def test_a_damaged_winmail_dat_stays_as_it_is() -> None:
    message = mixed(
        b"\r\nhi", b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\x01\x00\xff"
    )
    assert [one.name for one in message.attachments] == ["winmail.dat"]


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n",
        b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=B\r\n',
    ],
)
def test_an_encrypted_mail_is_kept_and_said_to_be_so(head: bytes) -> None:
    message = mail(head, b"--B\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n--B--")
    assert message.encrypted
    assert len(message.attachments) == 1


def test_a_protected_subject_replaces_a_hidden_one() -> None:
    message = parse(
        b"From: a@b.example\r\nSubject: ...\r\nContent-Type: multipart/signed; boundary=B\r\n\r\n--B\r\n"
        b'Content-Type: text/plain; protected-headers="v1"\r\nSubject: The real one\r\n\r\nhi\r\n--B--'
    )
    assert message.subject == "The real one"


def test_a_text_beyond_two_mebibytes_is_cut_and_attached_whole() -> None:
    text = b"word " * 500_000
    message = mail(b"", text)
    assert len(message.text) < 2**21 + 1
    assert message.attachments[0].data == text
    assert message.attachments[0].sha256 == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"X-A: b\r\n" * 1001 + b"\r\nx",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(60)),
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\n\r\n" * 600,
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\nContent-Type: image/png\r\n\r\n\r\n" * 201,
        b"Content-Type: text/plain" + b"; a=b" * 300 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?x?= " * 600 + b"\r\n\r\nx",
    ],
)
def test_what_exceeds_a_cap_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


def test_a_long_list_of_people_and_ids_is_cut_and_not_refused() -> None:
    people = b", ".join(b"u%d@customer.example" % n for n in range(20_000))
    ids = b" ".join(b"<%d@customer.example>" % n for n in range(10_000))
    message = parse(HEAD + b"Cc: " + people + b"\r\nReferences: " + ids + b"\r\n\r\nhi")
    assert 100 < len(message.cc) < 20_000
    assert len(message.references) == 100
    assert (message.references[0], message.references[-1]) == ("<0@customer.example>", "<9999@customer.example>")


def strings(message: Message) -> list[str]:
    people = [*message.from_, *message.to, *message.cc, *message.reply_to, message.sender or Address()]
    return [
        message.subject,
        message.text,
        message.html,
        message.content_type,
        message.message_id or "",
        *message.references,
        *message.in_reply_to,
        *message.defects,
        *(text for one in people for text in (one.name, one.email)),
        *(text for pair in (*message.headers, *message.raw_headers) for text in pair),
        *(
            text
            for part in message.parts
            for text in (part.content_type, part.text, part.report_type, part.disposition)
        ),
        *(text for one in message.attachments for text in (one.name, one.content_type, one.content_id or "")),
    ]


def assert_storable(raw: bytes) -> None:
    try:
        message = parse(raw)
    except Unreadable:
        return
    for text in strings(message):
        text.encode("utf-8")
        assert not any(char < " " and char not in "\t\n" for char in text), repr(text)


@given(st.binary(max_size=2000))
@settings(max_examples=150)
def test_any_bytes_are_read_or_unreadable_and_can_be_stored(raw: bytes) -> None:
    assert_storable(raw)


WORDS = (
    b"From: |To: |Subject: |Content-Type: |text/plain|text/html|multipart/mixed; boundary=B|--B|--B--|; charset=|utf-16"
    b"|utf-7|iso-2022-jp|gb2312|x-nope|undefined|Content-Transfer-Encoding: |base64|quoted-printable|x-uuencode"
    b"|begin 644 x|end|=?utf-8?q?|?=|=00=01=1B| |<|>|@|a@b.example|(|; filename*0*=utf-8''%00%0d|; name=|message/rfc822"
    b"|text/calendar|message/delivery-status|BEGIN:VEVENT|SUMMARY:&#27;|<p>&#0;&#27;&#xD800;|application/ms-tnef"
    b"|=ybegin line=1 name=x|=yend|Date: 99 Foo|Date: Mon, 1 Jan 0000 00:00:00 +9999|=?utf\0-8?b?|\r\n|\r\n\r\n|\n"
    b'|\r|\t|"|\\|\xff\xfe\xd8\x00|\x1b$B|\x78\x9f\x3e\x22'
)
PIECES = WORDS.split(b"|")


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=60))
@settings(max_examples=250)
def test_any_heap_of_mail_like_pieces_is_read_or_unreadable(pieces: list[bytes]) -> None:
    assert_storable(b"".join(pieces))


def test_a_mail_whose_lines_all_end_in_cr_alone_is_read() -> None:
    message = parse((HEAD + b"\r\nIt stops.\r\nAt once.\r\n").replace(b"\r\n", b"\r"))
    assert message.from_ == (Address("Maria Lopez", "maria@customer.example"),)
    assert (message.subject, message.text) == ("Export fails", "It stops.\nAt once.")


@pytest.mark.parametrize(
    "raw",
    [
        b"Received: from mx.example\r\nFrom: maria@customer.example\rSubject: x\r\rtext\r\n",
        b"From: maria@customer.example\rSubject: x\r\rtext\r\n",
        b"Subject: x\r\nFrom: Maria Lopez\r <maria@customer.example>\r\n\r\ntext\r\n",
    ],
)
def test_beside_real_line_ends_a_bare_cr_is_no_line_end_and_makes_its_from_unusable(raw: bytes) -> None:
    """Else we would read another sender than the server did that judged the mail."""
    message = parse(raw)
    assert "a bare CR in From" in message.defects
    assert [one.email for one in message.from_ if one.email] == []


def test_cr_cr_lf_is_a_line_end_and_a_bare_cr_beside_it_brings_no_second_sender() -> None:
    message = parse(b"From: maria@customer.example\r\r\nX: y\rFrom: jonas@customer.example\r\r\n\r\r\ntext\r\r\n")
    assert (message.from_, message.from_fields) == ((Address("", "maria@customer.example"),), 1)
    assert message.text == "text"
