"""The new part of a mail: answers, quotes, signatures."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.message import Message
from gateway.mail.quoting import annotate, split
from tests.mail.quoting_forms import APPLE, BLOCKS, DEVICES, GMAIL, OTHERS, THUNDERBIRD

OWN = "Thanks, that works.\nPlease do it today."
ATTRIBUTIONS = [
    pytest.param(words, id=f"{client} {language}")
    for client, forms in (("Gmail", GMAIL), ("Apple", APPLE), ("Thunderbird", THUNDERBIRD), ("", OTHERS))
    for language, words in forms.items()
]
BOB = "On Fri, 3 May 2024 at 10:00, Bob <bob@acme.example> wrote:"


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("\n{}\n\n> It fails.\n> Bob", id="marked"),
        pytest.param("\n{}\n\nIt fails.\nBob", id="unmarked"),
        pytest.param("{}\n> It fails.", id="no blank line"),
        pytest.param("\n> {}\n>\n> It fails.", id="inside the quote"),
    ],
)
def test_what_stands_above_an_attribution_is_the_reply(attribution: str, quote: str) -> None:
    parts = split(f"{OWN}\n{quote.format(attribution)}", subject="Re: Export")
    assert (parts.reply, parts.forwarded, "It fails." in parts.quoted) == (OWN, False, True)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_may_be_wrapped(attribution: str) -> None:
    wrapped = textwrap.fill(attribution, 60, break_long_words=False, break_on_hyphens=False)
    assert split(f"{OWN}\n\n{wrapped}\n\n> It fails.").reply == OWN


@pytest.mark.parametrize("words", [pytest.param(words, id=language) for language, words in BLOCKS.items()])
@pytest.mark.parametrize("form", ["\n{}", "________________________________\n{}", "\n --------------\n\n{}", "\n{} "])
def test_a_header_block_begins_the_quote(words: tuple[str, str, str, str], form: str) -> None:
    sender, sent, to, subject = words
    block = f"{sender}: John Doe <john@acme.example>\n{sent}: 27/10/2021 09:31\n{to}: desk@acme.example\n{subject}: x"
    assert split(f"{OWN}\n{form.format(block)}\n\nIt fails.", subject="Re: x").reply == OWN
    bold = "\n".join("*" + line.replace(":", ":*", 1) for line in block.split("\n"))
    assert split(f"{OWN}\n{form.format(bold)}\n\nIt fails.", subject="Re: x").reply == OWN


@pytest.mark.parametrize("line", DEVICES)
def test_the_line_of_a_phone_is_a_signature(line: str) -> None:
    parts = split(f"{OWN}\n\n{line}\n\n{BOB}\n\n> It fails.")
    assert (parts.reply, parts.signature) == (OWN, line)


@pytest.mark.parametrize(
    "text",
    [
        "As I wrote to bob@acme.example on 3.5.2024 at 10:00:\n\nThe export fails.",
        "On Monday 3 May 2024 I wrote:\n\nThe export fails.",
        "On 3 May 2024 he was absent:\nill, I think.",
        "One more thing: on 3 May the export failed.",
        "El 5 de mayo el cliente escribió:\nno funciona",
        "Please book:\n\nFrom: Berlin\nTo: Paris\nDate: 5 May 2024\n\nThanks",
        "Name: Bob\nTo: all\nSubject: party",
        "It says:\n\n2024-05-03 10:11:12 ERROR user bob@acme.example:\nfailed\n\nPlease fix it.",
        "It says:\n\n2024-05-03 10:11:12 failed to send to <bob@acme.example>:\nno route\n\nPlease fix it.",
        "It says:\n\n2024-05-03 10:11:12 mail sent:\n12 bytes",
        "The table:\n\n| a | b |\n| c | d |",
        "The log says:\n\n> Traceback\n> KeyError",
        "The manual says\n\n> Press A.\n\nbut there is no A.",
        "Sent from my desk, this is easier than from a phone.",
        "Sent by mail on Monday.\n\nDid it arrive?",
        "- one\n- two\n\n-- three dashes --",
        "Part one.\n\n---\n\nPart two, with a link https://acme.example and words.\n\nPart three.",
        "My data:\n\nJohn Doe\njohn@acme.example\n+49 30 1234567",
        "The shops:\n\nShop one\nhttps://one.example\nhttps://two.example",
        "Kind regards,\nAnna",
        "    indented code\n    more",
        "> only a quote",
    ],
)
def test_what_only_looks_like_a_quote_is_reply(text: str) -> None:
    parts = split(text, subject="Re: Export")
    assert (parts.reply, parts.quoted, parts.signature) == (text, "", "")


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("Yes.\n\n-- \nAna Ruiz\nAcme", "-- \nAna Ruiz\nAcme"),
        ("Yes.\n--\nAna Ruiz", "--\nAna Ruiz"),
        ("Yes.\n\n-Ana Ruiz", "-Ana Ruiz"),
        (
            "Yes.\n\nAna Ruiz\nAcme Inc.\n+49 30 1234567\nana@acme.example",
            "Ana Ruiz\nAcme Inc.\n+49 30 1234567\nana@acme.example",
        ),
        (
            "Yes.\n\n_______\nusers mailing list\nhttps://lists.acme.example",
            "_______\nusers mailing list\nhttps://lists.acme.example",
        ),
        (
            "Yes.\n\nDiese E-Mail ist vertraulich. Haben Sie sie irrtümlich erhalten, vernichten Sie sie bitte.",
            "Diese E-Mail ist vertraulich. Haben Sie sie irrtümlich erhalten, vernichten Sie sie bitte.",
        ),
    ],
)
def test_a_signature_is_told_from_the_letter(text: str, signature: str) -> None:
    parts = split(text)
    assert (parts.reply, parts.signature) == ("Yes.", signature)


def test_answers_between_quotes_keep_the_quotes_they_answer() -> None:
    parts = split(f"{BOB}\n> Do you have A?\nYes.\n\n> And B?\n\nNo.\n\n> Thanks\n> Bob")
    assert parts.reply == "> Do you have A?\nYes.\n\n> And B?\n\nNo."
    assert parts.quoted == f"{BOB}\n> Thanks\n> Bob"


def test_a_short_answer_right_below_a_long_quoted_line_is_no_overhang() -> None:
    text = f"{BOB}\n> Do you have A in the newest version and in the one before it, I mean\nyes we do\n> And B?\nno"
    assert "yes we do" in split(text).reply


def test_an_overhang_below_a_real_answer_is_quoted() -> None:
    quote = "> Do you have A in the newest version and in the one before it, I mean\nbefore May\n> And B?"
    assert split(f"We have both of them, in every version there is.\n\n{BOB}\n{quote}").reply.endswith("there is.")


def test_an_answer_below_the_whole_quote_is_the_reply() -> None:
    parts = split(f"{BOB}\n> Do you have A?\n> And B?\n\nBoth.\n\n-- \nAna")
    assert (parts.reply, parts.signature) == ("Both.", "-- \nAna")


def test_a_closing_below_the_quote_does_not_keep_it() -> None:
    assert split(f"Both.\n\n{BOB}\n> Do you have A?\n\nRegards, Ana").reply == "Both.\n\n\nRegards, Ana"


def test_answers_in_colour_keep_the_unmarked_quote() -> None:
    text = "See my answers in red below.\n\nFrom: Bob <bob@acme.example>\nSent: Friday\nTo: a\nSubject: b\n\nA? YES"
    assert split(text, subject="Re: b").reply == text


def test_a_mark_with_nothing_above_it_leaves_the_words_below_it() -> None:
    parts = split("Von: Bob <bob@acme.example>\nGesendet: Montag\nAn: a\nBetreff: b\n\nHallo", subject="AW: b")
    assert parts.reply == "Hallo"


def test_a_mail_of_nothing_but_a_signature_above_a_quote_keeps_its_signature_as_reply() -> None:
    assert split(f"Sent from my iPhone\n\n{BOB}\n\n> It fails.").reply == "Sent from my iPhone"


def test_an_attribution_behind_the_answer_is_cut_off() -> None:
    parts = split(f"Yes. {BOB}\n> It fails.")
    assert (parts.reply.strip(), parts.quoted) == ("Yes.", f"{BOB}\n> It fails.")


def test_an_attribution_of_an_unknown_language_is_known_by_the_quote_below_it() -> None:
    parts = split("Yes.\n\n2021 წლის 27 ოქტ., ოთხ, 09:31-ზე ჯონ <john@acme.example> დაწერა:\n\n> It fails.")
    assert parts.reply == "Yes."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<div>Yes.</div><hr><div id=divRplyFwdMsg>გამგზავნი: John<br>თემა: Export</div>Old",
            "Yes.\n\nგამგზავნი: John\nთემა: Export\n\nOld",
        ),
        (
            "<div>Yes.</div><div class=protonmail_quote>Words by John of an unknown form<div>Old words</div></div>",
            "Yes.\n\nWords by John of an unknown form\nOld words",
        ),
    ],
)
def test_the_html_names_a_quote_that_no_table_knows(html: str, text: str) -> None:
    assert annotate(Message(subject="Re: x", text=text, html=html)).reply == "Yes."
    assert split(text, subject="Re: x").reply == text


def test_words_below_a_quote_container_are_not_lost() -> None:
    html = "<div>Above.</div><div class=gmail_quote>Words by John of an unknown form</div><div>Below.</div>"
    text = "Above.\nWords by John of an unknown form\nBelow."
    assert annotate(Message(subject="Re: x", text=text, html=html)).reply == text


PIECES = [
    *("", " ", "Hello,", "it does not work.", "The log says:", "> quoted", ">> deeper", f"> {BOB}", BOB[:34], BOB[34:]),
    *(
        "-- ",
        "--",
        "Ana Ruiz",
        "Sent from my iPhone",
        "________________________________",
        "<",
        "\u00a0",
        "| a |",
        "-Ana",
    ),
    *("From: Ana <ana@acme.example>", "Sent: Friday", "To: desk", "Subject: Export", "-----Original Message-----"),
    *("---------- Forwarded message ---------", "Begin forwarded message:", "+49 30 1234567", "https://acme.example"),
    *("Am 03.05.24 um 10:11 schrieb Ana:", "This is confidential, for the intended recipient, and for nobody else."),
]


@given(st.lists(st.sampled_from(PIECES), max_size=16), st.sampled_from(["", "Re: x", "Fw: x", "VS: x"]), st.booleans())
def test_every_line_is_in_exactly_one_part_and_in_order(lines: list[str], subject: str, is_answer: bool) -> None:
    parts = split("\n".join(lines), subject=subject, is_answer=is_answer)
    found = [line.rstrip() for part in (parts.reply, parts.quoted, parts.signature) for line in part.split("\n")]
    assert sorted(line for line in found if line) == sorted(line.rstrip() for line in lines if line.strip())
    for part in (parts.reply, parts.quoted, parts.signature):
        rest = iter([line.rstrip() for line in lines])
        assert all(line.rstrip() in rest for line in part.split("\n") if line.strip())


@given(st.text())
def test_the_reply_is_blank_only_if_the_text_is(text: str) -> None:
    assert bool(split(text).reply.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "On ",
            "On \n",
            "\n",
            ">",
            ">\n",
            "1:\n",
            "From: a\n",
            "From: a\nTo: b\n\n",
            "a@b.example 2020:\n",
            "-- \n",
            "---\n",
        ),
        *(
            "a@",
            "@",
            "--\na@a@a@",
            f"{BOB}\n",
            f"x\n{BOB} y\n",
            "Sent from my x, y.\n\n",
            ">a\nb\n",
            "-Bob\n\n",
            "<\n\n",
            "İ",
        ),
        *(
            "2022年1月1日(金) 9:00 田中\n",
            "confidential, intended recipient, " * 3 + "\n\n",
            "The quick brown fox jumps over it.\n",
        ),
    ],
)
def test_a_megabyte_of_anything_is_read_in_linear_time(piece: str) -> None:
    text = (piece * (2**20 // len(piece) + 1))[: 2**20]
    start = time.process_time()
    split(text, subject="Re: x")
    # 100 ms per MB on an idle machine (measured: at most 60); the rest is room for a busy one.
    assert time.process_time() - start < 0.4
