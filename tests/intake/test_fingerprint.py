"""Which mails are alike: what two machines say to each other, and what people do not."""

from __future__ import annotations

import pytest

from gateway.intake.fingerprint import fingerprint, shape, subject_words
from gateway.intake.reading import read
from gateway.mail.message import Envelope
from gateway.mail.parse import parse
from tests.desk.samples import policy


def mark(sender: str, subject: str, words: str) -> str:
    raw = f"From: {sender}\r\nTo: support@acme.example\r\nSubject: {subject}\r\n\r\n{words}\r\n"
    return fingerprint(read(parse(raw.encode()), Envelope(sender, ("support@acme.example",)), policy()))


ANSWER = "Dear customer,\r\n\r\nyour request {0} reached our desk and will be looked at by Kim.\r\n\r\nThe {1} team"


def test_a_desk_that_answers_from_a_new_address_with_new_numbers_is_one_and_the_same():
    marks = {
        mark(
            f"case-{n}@bounce{n}.desk.example",
            f"{'Re: ' * n}[T-{n}{n}] Re: We have got your mail #{n} [ACME-10{n}-k7qm]",
            ANSWER.format(f"T{n}{n}", "blue"),
        )
        for n in range(1, 5)
    }
    assert len(marks) == 1


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [
        (
            "kim@other.example",
            "Export fails",
            "It says error 500 since this morning, for all of us here in the office.",
        ),
        (
            "kim@customer.example",
            "Import fails",
            "It says error 500 since this morning, for all of us here in the office.",
        ),
        ("kim@customer.example", "Export fails", "Nobody of us can export anything, is that known?"),
    ],
)
def test_people_who_write_about_the_same_are_not_alike(sender, subject, words):
    usual = mark("maria@customer.example", "Export fails", "It says error 500 since this morning, for all of us here.")
    assert mark(sender, subject, words) != usual


def test_short_answers_on_one_conversation_differ_by_their_words():
    assert mark("ana@acme.example", "Re: Broken", "Yes.") != mark("ana@acme.example", "Re: Broken", "No.")


def test_an_address_under_a_second_level_domain_is_known_by_three_labels():
    assert mark("a@one.co.uk", "Hello", "Hi") != mark("a@two.co.uk", "Hello", "Hi")
    assert mark("a@x.one.co.uk", "Hello", "Hi") == mark("a@y.one.co.uk", "Hello", "Hi")


def test_what_counts_of_a_subject_are_its_words():
    assert subject_words("Re: AW: [Ticket 12] Fails (again) since v2 #77") == ("fails", "since")


def test_the_shape_of_a_long_text_is_how_many_words_its_lines_have():
    assert shape("one two three four five six seven\n\neight nine ten eleven twelve") == "7 5"


def test_a_mail_that_names_nobody_is_like_no_other():
    assert mark("", "Hello", "Hi") == ""
