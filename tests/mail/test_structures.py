"""The shapes that mails come in: what is shown of each, and what is attached to it."""

from __future__ import annotations

from typing import Final

import pytest

from gateway.mail.parse import parse
from gateway.mail.quoting import split
from gateway.mail.transfer import undo

HEAD: Final = "From: A B <a@b.example>\nTo: d@acme.example\nSubject: x\nMIME-Version: 1.0\n"
TEXT: Final = "Content-Type: text/plain\n\nplain"
HTML: Final = "Content-Type: text/html\n\n<p>html</p>"
PDF: Final = "Content-Type: application/pdf; name=a.pdf\n\nPDF"
IMAGE: Final = "Content-Type: image/png; name=i.png\nContent-ID: <i@x>\n\nPNG"


def of(kind: str, *parts: str, boundary: str = "b") -> str:
    """A multipart, as a part."""
    inside = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{inside}--{boundary}--\n"


MAILS: Final = {
    "alternatives": (of("alternative", TEXT, HTML), "plain", ()),
    "an image of the HTML form": (
        of("alternative", TEXT, of("related", HTML, IMAGE, boundary="c")),
        "plain",
        ("i.png",),
    ),
    "Apple's file amid the HTML form": (
        of("alternative", TEXT, of("mixed", HTML, PDF, HTML, boundary="c")),
        "plain",
        ("a.pdf",),
    ),
    "text, image, text": (of("mixed", TEXT, IMAGE, TEXT), "plain\nplain", ("i.png",)),
    "a plain form without words": (of("alternative", "Content-Type: text/plain\n\n \n", HTML), "html", ()),
    "a text without a name, attached": (
        of("mixed", HTML, TEXT.replace("\n\n", "\nContent-Disposition: attachment\n\n")),
        "html",
        ("attachment-1.txt",),
    ),
    "no boundary said": (of("mixed", TEXT, PDF).replace("; boundary=b", ""), "plain", ("a.pdf",)),
    "another boundary said": (of("mixed", TEXT, PDF).replace("boundary=b", "boundary=z"), "plain", ("a.pdf",)),
    "no end": (of("mixed", TEXT, PDF).replace("--b--\n", ""), "plain", ("a.pdf",)),
    "an inner end is missing": (
        of("mixed", of("alternative", TEXT, HTML, boundary="c").replace("--c--\n", ""), PDF),
        "plain",
        ("a.pdf",),
    ),
    "one boundary within and without": (of("mixed", of("alternative", TEXT), PDF), "plain", ("a.pdf",)),
    "a boundary that begins another": (
        of("mixed", of("alternative", TEXT, HTML, boundary="bb"), PDF),
        "plain",
        ("a.pdf",),
    ),
    "a multipart in base64": (
        of("mixed", TEXT, PDF).replace("boundary=b\n", "boundary=b\nContent-Transfer-Encoding: base64\n"),
        "plain",
        ("a.pdf",),
    ),
    "a mail within": (
        of("mixed", TEXT, "Content-Type: message/rfc822\n\nSubject: inner\n\nnot ours"),
        "plain",
        ("inner.eml",),
    ),
    "a digest": (of("digest", "\nSubject: one\n\n1", "\nSubject: two\n\n2"), "", ("one.eml", "two.eml")),
    "only a file": (PDF, "", ("a.pdf",)),
    "Apple's two forks": (
        of(
            "mixed",
            TEXT,
            of("appledouble", "Content-Type: application/applefile; name=a.pdf\n\nfork", PDF, boundary="c"),
        ),
        "plain",
        ("a.pdf", "a.pdf"),
    ),
    "AMP": (of("alternative", TEXT, "Content-Type: text/x-amp-html\n\n<html amp4email>", HTML), "plain", ()),
    "an invitation": (
        of("alternative", TEXT, HTML, "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"),
        "plain",
        ("attachment-1.ics",),
    ),
    "a signature of PGP": (of("signed", TEXT, "Content-Type: application/pgp-signature; name=s.asc\n\nx"), "plain", ()),
    "flowing lines": (
        "Content-Type: text/plain; format=flowed\n\nA long \nline.\n\n> so \n> is\n-- \nB",
        "A long line.\n\n> so is\n-- \nB",
        (),
    ),
    "words declared as base64": (
        "Content-Transfer-Encoding: base64\n\nThe export fails, help!",
        "The export fails, help!",
        (),
    ),
    "8-bit bytes in quoted-printable": (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGrüße =E2=82=AC",
        "Grüße €",
        (),
    ),
    "a type of one word": ("Content-Type: html\n\n<p>html</p>", "html", ()),
    "no blank line": ("hello there\n", "hello there", ()),
}


@pytest.mark.parametrize("shape", MAILS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_shape_shows_its_text_and_has_its_files(shape: str, line_end: str) -> None:
    body, text, names = MAILS[shape]
    message = parse((HEAD + body).replace("\n", line_end).encode())
    assert (message.text, tuple(one.name for one in message.attachments)) == (text, names)


@pytest.mark.parametrize(
    ("data", "octets"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVs bG8=", b"hello"),
        (b"aGVs!bG8=", b"hello"),
        (b"aGVsbG8=\n-- \nthe list's footer", b"hello"),
        (b"Hello,\n\nthe export fails.", b"Hello,\n\nthe export fails."),
    ],
)
def test_words_that_were_never_encoded_stay(data: bytes, octets: bytes) -> None:
    assert undo(data, "base64") == octets


def test_a_word_of_a_field_that_was_cut_is_read_as_far_as_it_goes() -> None:
    assert parse(b"Subject: Re: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K\n\nx").subject == "Re: Grüße aus K"


def test_what_was_written_is_told_from_the_armour_around_it() -> None:
    above = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256"
    below = "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----"
    parts = split(f"{above}\n\nIt fails.\n\n- -- \nBob\n\n> old\n{below}")
    assert (parts.reply, parts.quoted, parts.signature) == ("It fails.", "> old", f"-- \nBob\n{above}\n{below}")
    assert split(f"{above}\n\nIt fails.").reply == f"{above}\n\nIt fails."
