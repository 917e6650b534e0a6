"""A quote in letters: what it asks for, its buttons, what was decided."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.desk.events import ArticleAdded
from gateway.desk.events_quote import QuoteApproved, QuoteDeclined, QuoteWithdrawn
from gateway.desk.events_time import ProgressSent, UpdateAsked
from gateway.desk.notice import Audience
from gateway.desk.policy import Organisation
from gateway.desk.spans import parse_span
from gateway.desk.ticket import Participant, Person, Quote, Status
from gateway.letters import Story
from gateway.letters_sample import CUSTOMER, sample_notice, sample_story
from gateway.mail.letter import Letter
from tests.letters_desk import NOW, POLICY, TEMPLATES, letter, seen_text

BOSS = Person("Jonas Weber", "jonas@customer.example")
DESK = replace(
    POLICY,
    organisations={"bigco": Organisation("bigco", "Bigco", allowance=timedelta(hours=10))},
    on_hold_update_every=parse_span("7d"),
)
QUOTE = Quote(NOW - timedelta(days=2), "agent:ana", 240, "480 EUR")
SPENT = timedelta(hours=1, minutes=30)
LANGUAGES = TEMPLATES.languages


def story(
    letter: str = "", quote: Quote | None = QUOTE, *, spent: timedelta = SPENT, status: Status = "on_hold"
) -> Story:
    told = sample_story(DESK, NOW, "" if letter == "my_tickets" else letter)
    assert told.ticket is not None
    ticket = replace(told.ticket, quote=quote, status=status, organisation="bigco", ladder=None, last_in=None)
    return replace(told, ticket=ticket, spent=spent)


def sent(
    name: str, *, language: str = "en", to: Person = CUSTOMER, audience: Audience = "requester", **more: object
) -> Letter:
    """That letter while Ana's quote is open; `more` changes the notice."""
    notice = replace(sample_notice(name, DESK, NOW), to=to, audience=audience, **more)  # type: ignore[arg-type]
    return letter(name, DESK, story(name), notice, language=language)


def taps(made: Letter) -> list[str]:
    return [word.replace("%20", " ") for word in re.findall(r'href="mailto:[^"]+body=([^"&]+)"', made.html)]


def plain(made: Letter) -> str:
    return " ".join(made.text.split())


def test_a_quote_carries_the_agents_words_time_amount_and_two_taps():
    made = sent("question")
    for text in (plain(made), seen_text(made.html)):
        assert "I could see the error with your settings" in text
        assert "Working time: 4 h" in text
        assert "Amount: 480 EUR" in text
        assert "From: Ana Ruiz, Tuesday 14 April" in text
        assert "It is your turn: approve or decline the quote" in text
    assert taps(made)[:2] == ["APPROVE", "DECLINE"]
    assert not {"SOLVED", "LATER"} & set(taps(made))
    (address,) = set(re.findall(r'href="mailto:([^"?]+)\?[^"]+body=APPROVE"', made.html))
    assert address == made.reply_to


@pytest.mark.parametrize(
    ("spent", "says"),
    [
        (SPENT, "With it, 4 h 30 min of this month's allowance would be left."),
        (timedelta(hours=6), "With it, 0 h of this month's allowance would be left."),
        (timedelta(hours=7, minutes=30), "That is 1 h 30 min more than what is left of this month's allowance."),
    ],
)
def test_a_quote_says_what_it_does_to_the_months_balance(spent: timedelta, says: str):
    made = letter("question", DESK, story("question", spent=spent), sample_notice("question", DESK, NOW))
    assert says in plain(made)
    assert says in seen_text(made.html)
    assert "of 10 h this month" in plain(made)


def test_without_an_allowance_and_an_amount_a_quote_is_its_time():
    told = story("question", replace(QUOTE, amount=""))
    made = letter("question", POLICY, told, sample_notice("question", POLICY, NOW))
    assert "Working time: 4 h" in plain(made)
    assert not re.search("Amount|allowance", plain(made))


def test_who_only_reads_along_gets_no_taps_and_hears_who_decides():
    made = sent("question", to=BOSS, audience="participant")
    assert taps(made) == ["LEAVE"]
    assert "Maria Lopez decides on it." in plain(made)
    assert not re.search("APPROVE|your turn", plain(made))


def test_whoever_answers_for_the_organisation_gets_the_taps_too():
    bigco = replace(DESK.organisations["bigco"], contact=BOSS.email)
    desk = replace(DESK, organisations={"bigco": bigco})
    notice = replace(sample_notice("question", desk, NOW), to=BOSS, audience="participant")
    made = letter("question", desk, story("question"), notice)
    assert taps(made)[:2] == ["APPROVE", "DECLINE"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["question", "reply", "phase_changed", "progress", "my_tickets", "reminder", "call"])
def test_every_letter_of_an_open_quote_has_its_taps_in_both_parts(name: str, language: str):
    made = sent(name, language=language)
    assert [word for word in ("APPROVE", "DECLINE") if word not in taps(made) or word not in made.text] == []
    assert not re.search(r"Nothing to do on your side|nichts weiter tun", plain(made))


def test_the_regular_letter_reminds_of_the_quote_instead_of_saying_that_there_is_no_news():
    news = ProgressSent(at=NOW, by="gateway", next_at=NOW + timedelta(days=7))
    made = sent("progress", about=news, article=None, author=None, automation="auto-generated")
    assert "Our quote waits for your decision" in made.text
    assert "On Tuesday 14 April we sent you a quote." in plain(made)
    assert "You hear from us again by Thursday 23 April 2026" in plain(made)
    assert "no news" not in made.text


def test_who_asked_about_the_quote_and_got_no_answer_is_not_told_that_we_wait_for_them():
    told = story("progress")
    assert told.ticket is not None
    asked = replace(told, ticket=replace(told.ticket, last_in=NOW - timedelta(days=1)))
    news = replace(
        sample_notice("progress", DESK, NOW), about=ProgressSent(at=NOW, by="gateway"), article=None, author=None,
        automation="auto-generated",
    )  # fmt: skip
    assert "we owe you an answer" in plain(letter("progress", DESK, asked, news))


DECISION = {"minutes": 240, "amount": "480 EUR", "quoted_at": QUOTE.at, "quoted_by": "agent:ana"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("event", "says"),
    [
        (QuoteApproved(at=NOW, by=BOSS.email, **DECISION), {"en": "approved our quote", "de": "angenommen"}),
        (QuoteDeclined(at=NOW, by=BOSS.email, **DECISION), {"en": "declined our quote", "de": "abgelehnt"}),
        (QuoteWithdrawn(at=NOW, by="agent:ana", minutes=240), {"en": "took back our quote", "de": "zurückgezogen"}),
    ],
    ids=["approved", "declined", "withdrawn"],
)
def test_others_hear_what_became_of_a_quote(event: QuoteApproved | QuoteWithdrawn, says: dict[str, str], language: str):
    notice = replace(sample_notice("progress", DESK, NOW), about=event, article=None, author=None)
    told = story("progress", None, status="open")
    assert told.ticket is not None
    told = replace(told, ticket=replace(told.ticket, participants=(Participant(BOSS.name, BOSS.email),)))
    made = letter("progress", DESK, told, replace(notice, automation="auto-generated"), language=language)
    assert says[language] in plain(made)
    assert "APPROVE" not in made.text
    if not isinstance(event, QuoteWithdrawn):
        assert "Jonas Weber" in plain(made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_agents_read_who_approved_what_and_when(language: str):
    event = QuoteApproved(at=NOW, by="requester", **DECISION)
    made = letter(
        "agent_reply", DESK, story("agent_reply", None, status="open"),
        replace(sample_notice("agent_reply", DESK, NOW), about=event, reason="quote-approved"), language=language,
    )  # fmt: skip
    says = {"en": "Maria Lopez approved the quote", "de": "Maria Lopez hat das Angebot angenommen"}
    assert says[language] in plain(made)
    assert "(4 h, 480 EUR)" in plain(made)
    assert "maria@customer.example" in plain(made)
    assert ("X-Ticket-Reason", "quote-approved") in made.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_agents_read_that_a_quote_is_open_still(language: str):
    wrote = ArticleAdded(at=NOW, by="requester", article="question", direction="in", visibility="public")
    asked = UpdateAsked(at=NOW, by="gateway", due=NOW + timedelta(days=1))
    for name, about in (("agent_reply", wrote), ("agent_warning", asked)):
        notice = replace(sample_notice(name, DESK, NOW), about=about)
        made = letter(name, DESK, story(name), notice, language=language)
        assert plain(made).count("4 h, 480 EUR") == 2
        assert "/progress" not in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_requests_names_the_quote(language: str):
    told = story()
    assert told.ticket is not None
    notice = replace(sample_notice("my_tickets", DESK, NOW), article=None)
    made = letter("my_tickets", DESK, Story(None, tickets=(told.ticket,)), notice, language=language)
    assert "4 h, 480 EUR" in plain(made)
