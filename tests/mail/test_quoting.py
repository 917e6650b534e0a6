"""The new part of a mail: answers, quotes, signatures, forwards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.quoting import split

PIECES = [
    *(
        "",
        " ",
        "Hello,",
        "it does not work.",
        "> quoted",
        ">> deeper",
        "> On 3 May 2024, Ana <ana@acme.example> wrote:",
    ),
    *("On Fri, 3 May 2024 at 10:11, Ana <ana@acme.example>", "wrote:", "-- ", "--", "Ana Ruiz", "Sent from my iPhone"),
    *(
        "________________________________",
        "From: Ana <ana@acme.example>",
        "Sent: Friday",
        "To: desk",
        "Subject: Export",
    ),
    *(
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "<",
        "\u00a0",
    ),
    *(
        "+49 30 1234567",
        "https://acme.example",
        "Am 03.05.24 um 10:11 schrieb Ana:",
        "This is confidential, intended recipient",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", "Re: x", "Fw: x", "VS: x"]), st.booleans())
def test_every_line_is_in_exactly_one_part_and_in_order(lines: list[str], subject: str, is_answer: bool) -> None:
    parts = split("\n".join(lines), subject=subject, is_answer=is_answer)
    found = [line for part in (parts.reply, parts.quoted, parts.signature) for line in part.split("\n") if line.strip()]
    assert sorted(line.rstrip() for line in found) == sorted(line.rstrip() for line in lines if line.strip())
    for part in (parts.reply, parts.quoted, parts.signature):
        rest = iter(line.rstrip() for line in lines)
        assert all(line.rstrip() in rest for line in part.split("\n") if line.strip())


@given(st.text())
def test_the_reply_is_blank_only_if_the_text_is(text: str) -> None:
    assert bool(split(text).reply.strip()) == bool(text.strip())
