"""A forward is a letter of somebody else: kept whole, its sender named."""

from __future__ import annotations

import pytest

from gateway.mail.message import Address, Message, Part
from gateway.mail.quoting import annotate, split
from gateway.mail.quoting_subject import prefix_of
from tests.mail.quoting_forms import BLOCKS, FORWARD_LINES

JOHN = Address("John Doe", "john@acme.example")
BLOCK = "From: John Doe <john@acme.example>\nSent: Wednesday\nTo: ana@acme.example\nSubject: Export fails"


@pytest.mark.parametrize("line", FORWARD_LINES)
@pytest.mark.parametrize("subject", ["Fwd: x", "Re: x", "x"])
def test_below_a_forward_line_everything_is_kept(line: str, subject: str) -> None:
    text = f"FYI\n\n{line}\n{BLOCK}\n\nIt fails.\n\n-- \nJohn\n\nOn 3 May 2024, Ana <ana@acme.example> wrote:\n> Old"
    parts = split(text, subject=subject)
    assert (parts.reply, parts.forwarded_from, parts.forwarded) == (text, JOHN, True)


@pytest.mark.parametrize("words", [pytest.param(words, id=language) for language, words in BLOCKS.items()])
@pytest.mark.parametrize("own", ["", "Please handle.\n\nAna\n\n", "Bitte.\n________________________________\n"])
def test_the_subject_of_a_forward_makes_a_header_block_one(words: tuple[str, str, str, str], own: str) -> None:
    sender, sent, to, subject = words
    text = (
        f"{own}{sender}: John Doe <john@acme.example>\n{sent}: 27/10/2021\n{to}: a@b.example\n{subject}: x\n\nIt fails."
    )
    parts = split(text, subject="FW: please handle")
    assert (parts.reply, parts.forwarded_from, parts.forwarded) == (text, JOHN, True)


@pytest.mark.parametrize(
    "prefix",
    [
        "FW",
        "Fwd",
        "WG",
        "TR",
        "RV",
        "I",
        "ENC",
        "VS",
        "VL",
        "VB",
        "PD",
        "İLT",
        "Redir.",
        "转发",
        "轉寄",
        "転送",
        "전달",
        "הועבר",
    ],
)
def test_the_prefix_of_a_forward_is_known(prefix: str) -> None:
    assert split(f"Please handle.\n\n{BLOCK}\n\nIt fails.", subject=f"[ext] {prefix}: RE: x").forwarded


@pytest.mark.parametrize("prefix", ["Re", "AW", "SV", "Antw", "RES", "R", "Odp", "YNT", "回复", "답장", "RE[2]"])
def test_the_prefix_of_an_answer_makes_a_header_block_a_quote(prefix: str) -> None:
    parts = split(f"Thanks.\n\n{BLOCK}\n\nIt fails.", subject=f"{prefix}: Fwd: x")
    assert (parts.reply, parts.forwarded) == ("Thanks.", False)


def test_vs_is_a_forward_in_danish_and_an_answer_in_finnish() -> None:
    danish = "Se her.\n\nFra: John Doe <john@acme.example>\nSendt: 27.10.2021\nTil: a@b.example\nEmne: x\n\nHej"
    finnish = "Kiitos.\n\nLähettäjä: John Doe <john@acme.example>\nLähetetty: 27.10.2021\nAihe: x\n\nHei"
    assert split(danish, subject="VS: x").forwarded
    assert not split(finnish, subject="VS: x").forwarded


@pytest.mark.parametrize(
    ("attribution", "sender"),
    [
        ('\ufeffOn 28/10/2021 12:46, "John Doe" <john@acme.example> wrote:', JOHN),
        ("Am 28.10.2021 um 12:46 schrieb John Doe <john@acme.example>:", JOHN),
        ("Dnia 28/10/2021, 12:46 użytkownik „John Doe” <john@acme.example> napisał:", JOHN),
        ("John Doe <john@acme.example> kirjoitti 28/10/2021 12.46:", JOHN),
    ],
)
def test_outlook_for_mac_forwards_below_an_attribution(attribution: str, sender: Address) -> None:
    parts = split(f"Please handle.\n\n{attribution}\n\n    It fails.", subject="FW: x")
    assert (parts.forwarded_from, parts.forwarded, "It fails." in parts.reply) == (sender, True, True)


def test_an_answer_in_a_thread_of_forwards_is_an_answer() -> None:
    text = "Done.\n\nOn 3 May 2024, Ana <ana@acme.example> wrote:\n> ---------- Forwarded message ---------\n> From: x"
    parts = split(text, subject="Fwd: x")
    assert (parts.reply, parts.forwarded) == ("Done.", False)


def test_a_header_block_in_a_mail_that_answers_nothing_is_a_forward() -> None:
    text = f"Can you take this?\n\n{BLOCK}\n\nIt fails."
    assert annotate(Message(subject="Please handle", text=text)).forwarded_from == JOHN
    assert not annotate(Message(subject="Please handle", text=text, in_reply_to=("<a@acme.example>",))).forwarded


def test_the_signature_of_who_forwards_is_no_part_of_the_forward() -> None:
    parts = split(
        f"FYI\n\n-- \nAna Ruiz\n\n---------- Forwarded message ---------\n{BLOCK}\n\nIt fails.", subject="Fwd: x"
    )
    assert (parts.reply.split("\n")[0], parts.signature, "It fails." in parts.reply) == ("FYI", "-- \nAna Ruiz", True)


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("John Doe [mailto:john@acme.example]", JOHN),
        ("John Doe<mailto:john@acme.example> <john@acme.example<mailto:john@acme.example>>", JOHN),
        ('"John Doe" <john@ACME.example> on behalf of desk@acme.example', JOHN),
        ("<john@acme.example>", Address("", "john@acme.example")),
        ("john@acme.example", Address("", "john@acme.example")),
        ("John Doe", Address("John Doe", "")),
    ],
)
def test_the_sender_of_a_forward_is_read_as_clients_write_it(value: str, sender: Address) -> None:
    text = (
        f"-------- Forwarded Message --------\nSubject: x\nDate: Wed, 3 Nov 2021\nFrom: {value}\nTo: a@b.example\n\nHi"
    )
    assert split(text).forwarded_from == sender


def test_an_attached_mail_names_its_sender() -> None:
    source = "Received: from x\nFrom: =?utf-8?q?J=C3=B6rg?=\n <joerg@acme.example>\n\nFrom: nobody@acme.example\n"
    mail = Message(subject="FW: x", text="Please handle.", parts=(Part("message/rfc822", source),))
    parts = annotate(mail)
    assert (parts.reply, parts.forwarded_from) == ("Please handle.", Address("Jörg", "joerg@acme.example"))
    report = Message(
        subject="FW: x", text="a", content_type="multipart/report", parts=(Part("message/rfc822", source),)
    )
    assert annotate(report).forwarded is False


@pytest.mark.parametrize(
    ("subject", "prefix"),
    [
        ("FW: x", "fw"),
        ("[ext] [ACME-1-abcd] AW[2]: x", "aw"),
        ("Order: x", ""),
        ("x", ""),
        ("", ""),
        ("Re : x", "re"),
        ("Fw：x", "fw"),
    ],
)
def test_the_outermost_prefix_counts(subject: str, prefix: str) -> None:
    assert prefix_of(subject) == prefix
