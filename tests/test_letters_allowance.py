"""The letters that tell how much of a month's allowance is used."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.desk.events_allowance import AllowanceReached
from gateway.desk.policy import Organisation
from gateway.desk.ticket import Person
from gateway.letters import Story
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail.letter import Letter
from tests.letters_desk import NOW, POLICY, TEMPLATES, letter

BIGCO = Organisation("bigco", "Bigco", contact="boss@customer.example", manager="ana", allowance=timedelta(hours=10))
DESK = replace(POLICY, organisations={"bigco": BIGCO})


def told(name: str, spent: int, language: str) -> Letter:
    """The letter when so many minutes of 600 are used."""
    share = 100 if spent >= 600 else 80
    mark = AllowanceReached(
        at=NOW, by="gateway", organisation="bigco", month="2026-04", share=share, spent=spent, allowance=600
    )
    notice = replace(sample_notice(name, DESK, NOW), about=mark, article=None, author=None)
    if name == "progress":
        notice = replace(notice, to=Person("", BIGCO.contact), automation="auto-generated", apart=True)
    return letter(name, DESK, Story(None) if notice.apart else sample_story(DESK, NOW, name), notice, language=language)


@pytest.mark.parametrize("name", ["progress", "agent_warning"])
@pytest.mark.parametrize(
    ("spent", "says"),
    [
        (495, {"en": ("8 h 15 min", "1 h 45 min are left"), "de": ("8 h 15 min", "brig sind 1 h 45 min")}),
        (600, {"en": ("10 h", "used up"), "de": ("10 h", "aufgebraucht")}),
        (690, {"en": ("11 h 30 min", "1 h 30 min more"), "de": ("11 h 30 min", "1 h 30 min mehr")}),
    ],
)
@pytest.mark.parametrize("language", TEMPLATES.languages)
def test_how_much_is_used_and_left_stands_in_both(
    name: str, spent: int, says: dict[str, tuple[str, str]], language: str
):
    made = told(name, spent, language)
    text = " ".join(made.text.split())
    assert [words for words in says[language] if words not in text or words not in " ".join(made.html.split())] == []
    assert "Bigco" in text


@pytest.mark.parametrize("language", TEMPLATES.languages)
def test_the_letters_of_phases_and_those_to_agents_name_the_success_manager(language: str):
    for name in ("phase_changed", "ack", "my_tickets", "agent_new"):
        story = sample_story(DESK, NOW, "" if name == "my_tickets" else name)
        assert story.ticket is not None
        story = replace(story, ticket=replace(story.ticket, organisation="bigco"))
        made = letter(name, DESK, story, language=language)
        assert "Ana Ruiz, +49 30 1235" in " ".join(made.text.split())
        assert "Ana Ruiz, +49 30 1235" in made.html
