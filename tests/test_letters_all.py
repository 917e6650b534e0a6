"""Every letter in every language: what holds for all of them (EXPERIENCE M1 to M20)."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from gateway.desk.calendar import Calendar
from gateway.desk.policy import Category, Pending, Phase, Solved, Text
from gateway.desk.ticket import Person
from gateway.letters import Story
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail.letter import Letter
from tests.letters_desk import NOW, POLICY, TEMPLATES, letter, seen_text

ALL = [(language, name) for language in TEMPLATES.languages for name in TEMPLATES.letters(language)]
CUSTOMERS = [(language, name) for language, name in ALL if not name.startswith(("agent_", "admin_"))]
LETTERS = frozenset(
    "ack ack_stranger created_for_you reply question phase_changed assigned progress delayed reminder reminder_last "
    "closed_no_answer solved closed reopened follow_up_opened merged attachment_refused my_tickets call "
    "agent_new agent_reply agent_note agent_crossed agent_assigned agent_warning agent_stale agent_escalated "
    "agent_delivery_failed agent_commands agent_held agent_digest admin_alert".split()
)
PHRASES = (
    "do not reply", "don't reply", "no-reply", "noreply", "your ticket has been", "kindly", "valued customer",
    "please be advised", "reply above", "in order to serve you", "as per", "dear customer",
    "bitte nicht antworten", "sehr geehrter kunde", "wir bitten um verständnis", "unverzüglich",
)  # fmt: skip
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember"
)
FACTS = re.compile(rf"\d{{1,2}}\.? (?:{MONTHS})(?: \d{{4}})?|\d+(?:[.,:]\d+)*")


@pytest.fixture(params=ALL, ids=lambda pair: "-".join(pair))
def made(request: pytest.FixtureRequest) -> Letter:
    return _made(*request.param)


@cache
def _made(language: str, name: str) -> Letter:
    return letter(name, language=language)


def test_the_text_keeps_to_its_columns(made: Letter) -> None:
    long = [line for line in made.text.splitlines() if len(line) > 72 and " " in line.strip().removeprefix("Commands:")]
    assert long == []


def test_every_template_of_ours_compiles() -> None:
    assert [str(problem) for problem in TEMPLATES.problems()] == []


def test_every_language_has_every_letter() -> None:
    assert {frozenset(TEMPLATES.letters(language)) for language in TEMPLATES.languages} == {LETTERS}


def test_no_heading_stands_alone(made: Letter) -> None:
    assert not re.search(r"(?m)^(WHAT HAPPENS NEXT|WIE ES WEITERGEHT)\n\n", made.text)
    assert not re.search(r"</h2>\s*</td>", made.html)


def test_the_text_ends_in_a_signature_behind_its_mark(made: Letter) -> None:
    assert "\n-- \n" in made.text
    assert "\n\n\n" not in made.text


def test_both_parts_name_the_same_dates_numbers_and_links(made: Letter) -> None:
    page, text = seen_text(made.html), " ".join(made.text.split())
    assert [fact for fact in FACTS.findall(page) if fact not in text] == []
    assert [link for link in re.findall(r'href="(https?://[^"]+)"', made.html) if link not in text] == []
    words = re.findall(r'href="mailto:[^"]+body=([^"&]+)"', made.html)
    assert [word for word in words if word.replace("%20", " ") not in text] == []


def test_a_page_is_small_and_fetches_nothing(made: Letter) -> None:
    assert len(made.html.encode()) < 40_000
    assert not re.search(r"<img|<script|<link|@import|url\(|src=|<iframe|<form|<object", made.html, re.I)


def test_a_page_is_one_that_can_be_listened_to(made: Letter) -> None:
    assert re.search(r'<html lang="\w+" dir="(ltr|rtl)">', made.html)
    assert made.html.count("<h1") == 1
    assert made.html.find("<h1") < (made.html.find("<h2") if "<h2" in made.html else len(made.html))
    tables = re.findall(r"<table[^>]*>", made.html)
    assert tables
    assert all('role="presentation"' in table for table in tables)


def test_no_words_are_smaller_than_thirteen_pixels(made: Letter) -> None:
    shown = re.sub(r'(?s)<div style="display:none.*?</div>|<td[^>]*font-size:1px[^>]*>&nbsp;</td>', "", made.html)
    assert [size for size in re.findall(r"font-size:\s*(\d+)px", shown) if int(size) < 13] == []


def test_the_preview_line_says_something_of_a_good_length(made: Letter) -> None:
    found = re.search(r"mso-hide:all\">(.*?)&#8199;", made.html)
    assert found
    shown = " ".join(seen_text(found[1]).split())
    assert 40 <= len(shown) <= 110, (len(shown), shown)


def test_no_phrase_is_used_that_customers_dislike(made: Letter) -> None:
    said = (made.text + seen_text(made.html)).lower()
    assert [phrase for phrase in PHRASES if phrase in said] == []


def test_machines_say_at_the_end_that_they_wrote(made: Letter) -> None:
    body = made.text.partition("\n-- \n")[0]
    automatic = made.auto_submitted != "no"
    assert bool(re.search(r"written automatically|automatisch geschrieben", body)) == automatic


@pytest.mark.parametrize(("language", "name"), CUSTOMERS, ids="-".join)
def test_no_word_is_shouted_but_those_to_be_typed(language: str, name: str) -> None:
    text = _made(language, name).text
    typed = {"SOLVED", "LATER", "KEEP", "OPEN", "RATING", "CATEGORY", "LEAVE", "STATUS", "ACME", "CANCEL"}
    prose = [line for line in text.splitlines() if line != line.upper()]
    shouted = set(re.findall(r"\b[A-ZÄÖÜ]{4,}\b", "\n".join(prose)))
    assert shouted - typed == set()


_LIGHT = {"#1f2328", "#57606a", "#0b5cad", "#1a7f37"}


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", sorted(_LIGHT))
def test_every_ink_can_be_read_on_every_paper(ink: str) -> None:
    assert min(_contrast(ink, paper) for paper in ("#ffffff", "#eef4fb")) >= 4.5


@pytest.mark.parametrize("ink", ["#e8edf2", "#a9b4c0", "#6ddb8f", "#8cc2ff"])
def test_every_ink_can_be_read_in_the_dark(ink: str) -> None:
    assert min(_contrast(ink, paper) for paper in ("#1b2128", "#242c35")) >= 4.5


def test_pages_use_no_ink_that_was_not_measured(made: Letter) -> None:
    inks = set(re.findall(r"[;\" ]color:\s*(#[0-9a-f]{6})", made.html.partition("<body")[2]))
    assert inks - _LIGHT <= {"#ffffff", "#eef1f4"}


BARE = replace(
    POLICY,
    categories={"question": Category("question", Text("question"), (Phase("received", Text("received")),))},
    calendars={"office": Calendar("office", hours={})},
    pending=Pending(),
    solved=Solved(),
    reopen_window=None,
    agents={},
    teams={},
    phone="",
    languages=("en",),
)
NOBODY = Person("", "x@customer.example")


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_a_desk_that_configured_nothing_writes_every_letter(name: str) -> None:
    made = letter(name, BARE)
    assert "None" not in made.text
    assert "  ." not in made.text


@pytest.mark.parametrize("name", sorted(LETTERS))
@pytest.mark.parametrize("language", TEMPLATES.languages)
def test_a_ticket_of_nobody_about_nothing_gets_every_letter(language: str, name: str) -> None:
    whole = sample_story(POLICY, NOW, name)
    if whole.ticket is not None:
        empty = replace(whole.ticket, subject="", requester=NOBODY, participants=(), assignee=None, team=None, steps=())
        whole = replace(whole, ticket=empty, articles=(), seen=())
    notice = replace(sample_notice(name, POLICY, NOW), to=NOBODY, article=None, author=None, about=None, lines=())
    made = letter(name, story=whole, notice=notice, language=language)
    assert made.subject
    assert "None" not in made.text


@pytest.mark.parametrize("name", sorted(one for one in LETTERS if not one.startswith(("agent_", "admin_"))))
def test_who_reads_along_gets_every_letter_without_the_requesters_taps(name: str) -> None:
    notice = replace(sample_notice(name, POLICY, NOW), to=Person("Jonas", "jonas@customer.example"))
    made = letter(name, notice=replace(notice, audience="participant"))
    assert not re.search(r"body=(SOLVED|RATING|KEEP|CATEGORY)", made.html)
    assert "You receive this mail because" in made.text


@pytest.mark.parametrize("name", ["agent_held", "agent_commands", "agent_digest", "admin_alert", "my_tickets"])
def test_a_letter_about_no_ticket_in_particular_is_written(name: str) -> None:
    notice = replace(sample_notice(name, POLICY, NOW), article=None)
    made = letter(name, story=Story(None), notice=notice)
    assert made.ticket is None
    coded = r"support\+0\.[a-z2-7]{16}@acme\.example"  # an agent's answer to it is known by its code
    assert re.fullmatch(coded if notice.audience == "agent" else r"support@acme\.example", made.reply_to)
    assert not [field for field, _ in made.headers if field == "X-Ticket"]


def test_a_status_that_was_asked_for_shows_the_public_conversation() -> None:
    whole = sample_story(POLICY, NOW)
    text = letter("my_tickets", story=whole).text
    assert text.index("I could see the error") < text.index("this morning the export")
    assert "export-settings.xlsx (2.1 MB)" in text
    assert "customer 4711" not in text
