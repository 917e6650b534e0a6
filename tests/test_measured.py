"""What letters tell of how long things took lately: how long first responses, and how long the phases of a category."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.cli.stats_phases import phases
from gateway.desk.events import Event, Linked, PhaseEntered
from gateway.desk.spans import parse_range
from gateway.desk.stays import LATELY
from gateway.letters_sample import sample_story
from gateway.measured import measure
from gateway.store import figures, tickets
from tests.letters_desk import NOW, POLICY, letter
from tests.office import MONDAY, TestDesk, desk, mail
from tests.store.samples import opened, ticket_of
from tests.test_forget import act

PASSED = "Authentication-Results: mx.acme.example; dmarc=pass\n"
TRUSTED = '[security]\ntrust_auth_results = "mx.acme.example"\n'
BUG = """
[category.bug]
words = ["error"]
measured = {measured}
phase = [
  {{ id = "received", expect = ["4 business days", "10 business days"] }},
  {{ id = "review" }},
  {{ id = "fixed", final = true }},
]
[category.question]
phase = [ {{ id = "received", expect = "3 business days" }}, {{ id = "answered", final = true }} ]
"""
DAYS = (2,) * 11 + (4,) * 9
"""Business days that twenty tickets stood in their first phase: half of them two, four of five at most four."""


def measured(at: TestDesk) -> None:
    asyncio.run(measure(at.office.db, at.office.desk.policy, at.now))


def passed_by(at: TestDesk, *days: int, merged: int = 0) -> None:
    """Tickets that stood so many business days in `received`, from a Monday on, and the first of them were merged."""
    monday = MONDAY - timedelta(days=14)
    for number, count in enumerate(days):
        by = {"by": "agent:ana"}
        events: list[Event] = [
            opened(number + 1, monday, category="bug"),
            PhaseEntered(at=monday, phase="received", **by),
            PhaseEntered(at=monday + timedelta(days=count), phase="review", **by),
        ]
        if number < merged:
            events.append(Linked(at=MONDAY, link="merged_into", number=99, **by))
        at.office.db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=1)


def acknowledged(at: TestDesk, words: str = "There is an error.") -> str:
    at.pass_time(minutes=1)
    at.receive(PASSED + mail("Export", words))
    return " ".join(at.letter("ack").text.split())


def test_a_letter_names_how_long_first_responses_take_once_that_was_measured(tmp_path: Path) -> None:
    note = 'note = "We read everything. Lately an answer took {average_first_response}. Thank you!"'
    passed = "Authentication-Results: mx.acme.example; dmarc=pass\n"
    trusted = '[security]\ntrust_auth_results = "mx.acme.example"\n'
    with desk(tmp_path, f"[category.question]\n{note}\n{trusted}") as at:
        at.receive(passed + mail())
        assert "We read everything. Thank you!" in " ".join(at.letter("ack").text.split())
        at.pass_time(minutes=89)
        act(at, 1000, text="Here it is.")
        measured(at)
        joe = mail("Another", sender="Joe <joe@else.example>")
        at.receive(passed + joe, mail_from="joe@else.example")
        said = " ".join(at.letter("ack", "joe@else.example").text.split())
        assert "We read everything. Lately an answer took 1 h 30 min. Thank you!" in said


@pytest.mark.parametrize(("cases", "told"), [(19, False), (20, True)])
def test_a_letter_tells_how_long_a_phase_took_once_there_are_twenty_cases(
    tmp_path: Path, cases: int, told: bool
) -> None:
    with desk(tmp_path, BUG.format(measured="true") + TRUSTED) as at:
        passed_by(at, *DAYS[-cases:])
        assert "Lately it took" not in acknowledged(at), "it was not measured yet"
        measured(at)
        said = acknowledged(at)
        assert "(4 to 10 business days)" in said
        assert ("(4 to 10 business days). Lately it took 2 to 4 business days." in said) == told
        assert "Lately it took" not in acknowledged(at, "Another category.")


def test_a_category_that_is_not_measured_tells_nothing(tmp_path: Path) -> None:
    with desk(tmp_path, BUG.format(measured="false") + TRUSTED) as at:
        passed_by(at, *DAYS)
        measured(at)
        assert "Lately it took" not in acknowledged(at)


def test_merged_tickets_are_no_cases(tmp_path: Path) -> None:
    with desk(tmp_path, BUG.format(measured="true") + TRUSTED) as at:
        passed_by(at, *DAYS, merged=1)
        measured(at)
        assert "Lately it took" not in acknowledged(at)


def test_what_was_measured_is_forgotten_when_there_are_too_few_cases_of_late(tmp_path: Path) -> None:
    with desk(tmp_path, BUG.format(measured="true")) as at:
        passed_by(at, *DAYS)
        measured(at)
        with at.office.db.snapshot() as tx:
            assert figures.phase(tx, "bug", "received") == (timedelta(hours=18), timedelta(hours=36))
            assert figures.phase(tx, "bug", "review") is None
            shown = phases(tx, at.office.desk.policy, at.now - LATELY, at.now)
        named = {name: (told.count, told.median, told.most, said) for name, told, _, said in shown}
        both = (timedelta(hours=18), timedelta(hours=36))
        assert named["bug/received"] == (20, *both, "2 to 4 business days"), "gateway stats tells the same"
        assert named["bug/review"] == (0, None, None, "")
        at.pass_time(days=200)
        measured(at)
        with at.office.db.snapshot() as tx:
            assert figures.phase(tx, "bug", "received") is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Lately it took 2 to 4 business days."), ("de", "Zuletzt dauerte es 2 bis 4 Arbeitstage.")],
)
@pytest.mark.parametrize("name", ["ack", "phase_changed", "assigned", "reply", "progress"])
def test_what_it_took_stands_beside_the_guideline_in_each_language(name: str, language: str, sentence: str) -> None:
    story = replace(sample_story(POLICY, NOW, name), lately=parse_range(["2 business days", "4 business days"]))
    made = letter(name, story=story, language=language)
    assert sentence in " ".join(made.text.split())
    assert sentence in " ".join(made.html.split())


def test_beside_a_date_that_an_agent_gave_nothing_is_told() -> None:
    story = replace(sample_story(POLICY, NOW, "reply"), lately=parse_range("2 business days"))
    assert story.ticket is not None
    steps = (*story.ticket.steps[:-1], replace(story.ticket.steps[-1], promised=True))
    made = letter("reply", story=replace(story, ticket=replace(story.ticket, steps=steps)))
    assert "Our promise" in made.text
    assert "Lately it took" not in made.text
