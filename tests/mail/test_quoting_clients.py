"""Many clients, many languages: whatever stands above a quote, the answer is found and nothing else."""

from __future__ import annotations

import textwrap

import pytest

from gateway.mail.html import to_text
from gateway.mail.message import Message
from gateway.mail.quoting import annotate, split
from tests.mail.quoting_clients import GMAIL_OLD, OPENINGS, PROTON, THUNDERBIRD_MORE, UNDATED, WEBMAIL
from tests.mail.quoting_forms import APPLE, GMAIL, THUNDERBIRD
from tests.mail.quoting_pages import PAGES
from tests.mail.quoting_phones import PHONES

OWN = "Thanks, that works.\nPlease do it today."
BOB = "On Fri, 3 May 2024 at 10:00, Bob <bob@acme.example> wrote:"
NEWER = {"Gmail": GMAIL_OLD, "Proton": PROTON, "Thunderbird": THUNDERBIRD_MORE, "": WEBMAIL}
ALL = {**NEWER, "Gmail, new": GMAIL, "Apple": APPLE, "Thunderbird, new": THUNDERBIRD, "undated": UNDATED}
# These are known by the quote marks below them only.
NEED_MARKS = {"* John Doe <john@acme.example> [2021-10-27 09:31]:", WEBMAIL["The Bat"]}


def _forms(*tables: tuple[str, dict[str, str]], but: str = "") -> list[object]:
    """Every form of `tables`, without those whose last character is in `but`."""
    forms = [(f"{client} {name}", words) for client, forms in tables for name, words in forms.items()]
    return [pytest.param(words, id=name) for name, words in forms if words[-1] not in but]


@pytest.mark.parametrize("attribution", _forms(*NEWER.items()))
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
    if attribution in NEED_MARKS:
        quote = quote.replace("\nIt fails.\nBob", "\n> It fails.")
    said = attribution.replace("\n", "\n> ") if quote.startswith("\n> ") else attribution
    parts = split(f"{OWN}\n{quote.format(said)}", subject="Re: Export")
    assert (parts.reply, parts.forwarded, "It fails." in parts.quoted) == (OWN, False, True)


@pytest.mark.parametrize("attribution", _forms(*NEWER.items(), but="-)"))
def test_an_attribution_may_be_wrapped(attribution: str) -> None:
    wrapped = textwrap.fill(attribution, 60, break_long_words=False, break_on_hyphens=False)
    assert split(f"{OWN}\n\n{wrapped}\n\n> It fails.").reply == OWN


@pytest.mark.parametrize("attribution", _forms(("", UNDATED)))
def test_a_name_and_a_verb_above_quote_marks_are_an_attribution(attribution: str) -> None:
    parts = split(f"{OWN}\n\n{attribution}\n\n> It fails.\n> Bob")
    assert (parts.reply, "It fails." in parts.quoted) == (OWN, True)


@pytest.mark.parametrize("attribution", _forms(*ALL.items(), but="-"))
def test_an_answer_below_or_between_is_never_lost(attribution: str) -> None:
    below = split(f"{attribution}\n> It fails.\n> Bob\n\n{OWN}", subject="Re: Export")
    assert (below.reply, below.forwarded) == (OWN, False)
    inline = split(f"Hello,\n\n{attribution}\n\n> Do you have A?\n\nYes we do.\n\n> And B?\n\nNo.\n\nMaria")
    assert [words for words in ("> Do you have A?", "Yes we do.", "No.") if words not in inline.reply] == []


@pytest.mark.parametrize("opening", _forms(("", OPENINGS)))
@pytest.mark.parametrize("quote", ["\n{}\n\nIt fails.\nBob", "{}\n\nIt fails.", "\n{}\n> It fails."])
@pytest.mark.parametrize("subject", ["Re: Export", "Export"])
def test_what_stands_above_the_lines_of_a_client_is_the_reply(opening: str, quote: str, subject: str) -> None:
    parts = split(f"{OWN}\n{quote.format(opening)}", subject=subject)
    assert (parts.reply, parts.forwarded, "It fails." in parts.quoted) == (OWN, False, True)


@pytest.mark.parametrize("language", PHONES)
def test_the_line_of_a_phone_is_a_signature_in_every_language(language: str) -> None:
    for line in PHONES[language].split("|"):
        parts = split(f"{OWN}\n\n{line}\n\n{BOB}\n\n> It fails.")
        assert (parts.reply, parts.signature) == (OWN, line)


@pytest.mark.parametrize("page", PAGES)
def test_the_answer_is_found_in_the_html_of_a_client(page: str) -> None:
    html = PAGES[page]
    parts = annotate(Message(subject="Re: Export", in_reply_to=("<a@b>",), text=to_text(html), html=html))
    assert (parts.reply, "It fails." in parts.quoted) == ("Thanks, that works.", True)


@pytest.mark.parametrize(
    "text",
    [
        "Sent via Orange parcel service, on Monday.",
        "Sent from the new address.\n\nDid you see it?",
        "We saw this line in it:\n\n> Sent from my iPhone",
        "The server said:\n> 550 no such user",
        "As I wrote:\n> it fails",
        "What he wrote on 3.5.2024 at 10:00:\nnothing.",
        "The client, it seems, wrote:\n\n12 bytes",
        "27.10.2021 09:31\n\nTo do:\nCall Anna\nSubject to change",
        ">>> import this",
        "--- Original ---\nA red box.\n\n--- Copy ---\nA blue one.",
    ],
)
def test_words_of_the_letter_are_no_mark(text: str) -> None:
    parts = split(text, subject="Re: Export")
    assert (parts.reply, parts.quoted, parts.signature) == (text, "", "")
