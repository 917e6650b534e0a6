"""What letters say of dates, by the events that decided them: reminders, closing, news, promises, warnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gateway.desk import commands
from gateway.desk.events import Event, PriorityChanged
from gateway.desk.events_time import (
    AssigneeAway,
    ClockMissed,
    ClockWarned,
    Escalated,
    NobodyAvailable,
    PhaseLate,
    PromiseWarned,
    Rated,
    UpdateAsked,
)
from gateway.desk.evolve import replay
from gateway.desk.policy import Pending, Policy
from gateway.desk.spans import parse_span
from gateway.letters import Story
from gateway.letters_sample import sample_notice
from gateway.mail.letter import Letter
from tests.desk.living import Life, born
from tests.letters_desk import NOW, POLICY, letter

LATER = NOW + timedelta(days=40)


def pending(*gaps: str) -> Policy:
    return replace(POLICY, pending=Pending(tuple(map(parse_span, gaps)), parse_span("3 business days")))


def written(life: Life, name: str, number: int = -1, language: str = "") -> Letter:
    """The `number`th letter of that name to the requester, as it was written when it was decided."""
    mine = [(at, notice) for at, notice in life.letters if notice.audience == "requester"]
    at, notice = [(at, notice) for at, notice in mine if notice.letter == name][number]
    ticket = replay([event for event in life.events if event.at <= at])
    story = Story(ticket, mailed=tuple(then for then, _ in mine if then < at))
    return letter(name, life.policy, story, notice, now=at, language=language)


def said(made: Letter) -> str:
    return " ".join(made.text.split())


# -- while we wait for the customer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gaps", "days", "closes"),
    [
        (("2 business days",), "We write once more on Monday 20 April.", "Thursday 23 April 2026"),
        (
            ("2 business days", "3 business days"),
            "We remind you on Monday 20 April and Thursday 23 April.",
            "Tuesday 28 April 2026",
        ),
        (
            ("1 business day", "1 business day", "1 business day"),
            "We remind you on Friday 17 April, Monday 20 April and Tuesday 21 April.",
            "Friday 24 April 2026",
        ),
    ],
)
def test_a_question_names_the_reminders_to_come_and_the_closing(gaps: tuple[str, ...], days: str, closes: str) -> None:
    life = born(pending(*gaps), NOW)
    life.asked(NOW)
    text = said(written(life, "question"))
    assert f"{days} Without an answer we close this request on {closes}." in text


@pytest.mark.parametrize("count", [1, 2, 3])
def test_reminders_and_the_closing_come_on_the_days_that_letters_named(count: int) -> None:
    life = born(pending(*["2 business days"] * count), NOW)
    life.asked(NOW)
    life.until(LATER)
    days = [f"{at:%A} {at.day} {at:%B}" for at, notice in life.letters if notice.letter.startswith("reminder")]
    (closed,) = [at for at, notice in life.letters if notice.letter == "closed_no_answer"]
    closing = f"we close this request on {closed:%A} {closed.day} {closed:%B %Y}."
    assert len(days) == count
    assert all(day in said(written(life, "question")) for day in days)
    assert closing in said(written(life, "question"))
    assert closing in said(written(life, "reminder_last"))
    for number in range(count - 1):
        text = said(written(life, "reminder", number))
        assert closing in text
        assert all(day in text for day in days[number + 1 :])
        assert days[number] not in text


def test_a_reminder_names_the_days_of_its_event_not_those_of_a_later_configuration() -> None:
    life = born(pending("2 business days", "3 business days"), NOW)
    life.asked(NOW)
    life.until(NOW + timedelta(days=5))
    changed = replace(life, policy=pending("9 business days", "9 business days"))
    assert said(written(changed, "reminder")) == said(written(life, "reminder"))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "We wrote to you on Thursday 16 April, Monday 20 April and Thursday 23 April, and did not hear from you.",
        ),
        ("de", "am Donnerstag, 16. April, am Montag, 20. April und am Donnerstag, 23. April geschrieben"),
    ],
)
def test_who_did_not_answer_reads_on_which_days_we_wrote(language: str, sentence: str) -> None:
    life = born(pending("2 business days", "3 business days"), NOW - timedelta(days=1))
    life.asked(NOW)
    life.until(LATER)
    assert sentence in said(written(life, "closed_no_answer", language=language))


def test_a_reply_opens_it_for_so_long_after_the_closing() -> None:
    life = born(pending("2 business days", "3 business days"), NOW)
    life.asked(NOW)
    assert "A reply until Thursday 28 May 2026 opens it again" in said(written(life, "question"))


# -- news and promises -------------------------------------------------------------------------------------------------


def informing() -> Policy:
    medium = replace(POLICY.priorities["medium"], update_every=parse_span("5 business days"))
    return replace(POLICY, priorities={"medium": medium}, on_hold_update_every=parse_span("10 business days"))


def test_a_letter_without_news_says_when_the_next_one_comes() -> None:
    life = born(informing(), NOW)
    life.until(NOW + timedelta(days=8))
    text = said(written(life, "progress"))
    assert "There is no news to tell yet" in text
    assert "You hear from us again by Thursday 30 April 2026 at the latest." in text


def test_a_task_elsewhere_is_news_when_it_is_told_and_none_a_week_later() -> None:
    life = born(informing(), NOW)
    life.commanded(commands.HandOver("ENG-331"), at=NOW)
    life.until(NOW + timedelta(days=20))
    for number, day in ((0, "Thursday 30 April 2026"), (1, "Thursday 14 May 2026")):
        english, german = written(life, "progress", number), written(life, "progress", number, language="de")
        assert "task ENG-331" in said(english)
        assert f"You hear from us again by {day}" in said(english)
        assert ("no news" in said(english)) == (number == 1)
        assert "Aufgabe ENG-331" in said(german)
        assert ("nichts Neues" in said(german)) == (number == 1)


def test_the_letter_about_a_delay_names_the_day_that_was_promised() -> None:
    life = born(POLICY, NOW)
    life.commanded(commands.GiveDate(datetime.fromisoformat("2026-04-21T18:00:00+02:00")), at=NOW)
    life.until(LATER)
    text = said(written(life, "delayed"))
    assert "We said that we would be further by Tuesday 21 April." in text
    assert "You get a new date as soon as we have one." in text


def test_a_solved_ticket_names_the_day_it_will_be_closed_and_asks_how_we_did() -> None:
    life = born(POLICY, NOW)
    life.commanded(commands.Solve(), at=NOW)
    made = written(life, "solved")
    due = life.ticket.close_due
    assert due is not None
    assert f"We close this request on {due:%A} {due.day} {due:%B %Y}." in said(made)
    assert [stars for stars in range(1, 6) if f"body=RATING%20{stars}" in made.html] == [1, 2, 3, 4, 5]
    unrated = replace(life, policy=replace(POLICY, solved=replace(POLICY.solved, rating=False)))
    assert "RATING" not in written(unrated, "solved").html


# -- what staff are told -----------------------------------------------------------------------------------------------

_DUE = NOW + timedelta(hours=2)
_MATTERS: list[tuple[str, Event, str, str]] = [
    ("agent_warning", ClockWarned(at=NOW, by="gateway", clock="resolution", due=_DUE),
     "Running out of time: solution", "Die Zeit läuft ab: Lösung"),
    ("agent_warning", ClockMissed(at=NOW, by="gateway", clock="first_response", due=_DUE),
     "Its first response was due on Thursday 16 April 2026, 17:05: it is late.", "Zu spät: erste Antwort"),
    ("agent_warning", PromiseWarned(at=NOW, by="gateway", due=_DUE),
     "The customer was promised Thursday 16 April 2026, 17:05. If that", "Eine Zusage droht zu platzen"),
    ("agent_warning", PromiseWarned(at=NOW, by="gateway", due=_DUE, passed=True),
     "A promise is broken", "Die Zusage ist gebrochen"),
    ("agent_warning", PhaseLate(at=NOW, by="gateway", phase="review", due=_DUE),
     "The timeframe is over: Under review", "Der Zeitraum ist vorbei: In Prüfung"),
    ("agent_warning", UpdateAsked(at=NOW, by="gateway", due=_DUE),
     "The customer waits for news", "Der Kunde wartet auf Neues"),
    ("agent_warning", Rated(at=NOW, by="requester", stars=2, comment="Too slow."),
     "The customer rated it 2 of 5 and wrote: Too slow.", "mit 2 von 5 und schreibt: Too slow."),
    ("agent_warning", NobodyAvailable(at=NOW, by="gateway", team="first"),
     "Nobody in First line is there to get it.", "In First line ist niemand da"),
    ("agent_new", AssigneeAway(at=NOW, by="gateway", agent="ana", until=date(2026, 4, 24)),
     "Ana Ruiz has it and is away until Friday 24 April 2026.", "ist bis Freitag, 24. April 2026 nicht da"),
    ("agent_new", PriorityChanged(at=NOW, by="agent:ana", before="low", after="medium"),
     "Its priority is Medium: all of us are told. Ana Ruiz set it so.", "Alle von uns erfahren es"),
    ("agent_escalated", Escalated(at=NOW, by="gateway", before=None, after="tier2", automatic=True),
     "because nobody took it up in time", "weil es rechtzeitig niemand übernommen hat"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "event", "english", "german"), _MATTERS, ids=lambda value: type(value).__name__)
def test_staff_read_what_is_amiss_in_their_language(name: str, event: Event, english: str, german: str) -> None:
    reason = "alert" if isinstance(event, PriorityChanged) else ""
    notice = replace(sample_notice(name, POLICY, NOW), about=event, reason=reason, lines=("In English.",))
    assert english in said(letter(name, notice=notice))
    text = said(letter(name, notice=notice, language="de"))
    assert german in text
    assert name != "agent_warning" or "In English." not in text


def test_a_held_mail_is_named_with_the_lines_that_let_it_in() -> None:
    text = said(letter("agent_held"))
    assert all(f'"/release m42{way}"' in text for way in ("", " join", " alias"))
