"""A desk, a key, a moment: the values that the tests of letters share."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from gateway.desk.calendar import Calendar
from gateway.desk.notice import Notice
from gateway.desk.policy import Agent, Category, Link, Mailbox, Pending, Phase, Policy, Priority, Solved, Team, Text
from gateway.desk.spans import Range, Span, parse_range, parse_span
from gateway.letters import Story, write
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail.letter import Letter
from gateway.mail.render import Templates
from gateway.mail.thread import Key, Keys
from gateway.templates_files import load_templates

NOW = datetime(2026, 4, 16, 13, 5, tzinfo=UTC)  # a Thursday afternoon in Berlin
KEYS = Keys((Key("k1", b"s" * 32),))
BUILTIN = Path(__file__).parent.parent / "templates"
TEMPLATES: Templates = load_templates(BUILTIN)
OFFICE = Calendar("office", "Europe/Berlin", {day: ((time(9), time(18)),) for day in range(5)})


def _span(text: str) -> Span:
    return parse_span(text)


def _range(*ends: str) -> Range:
    return parse_range(list(ends))


def _text(english: str, german: str = "") -> Text:
    return Text(english, (("de", german),) if german else ())


BUG = Category(
    id="bug",
    name=_text("Bug", "Fehler"),
    choose=True,
    helps=_text(
        "What helps us: the steps you took, an example, and the result you expected.",
        "Das hilft uns: die Schritte bis zum Fehler, ein Beispiel und das Ergebnis, das Sie erwartet haben.",
    ),
    note=_text(
        "Timeframes are guidelines from experience; they depend on how deep the review has to go.",
        "Zeiträume sind Erfahrungswerte; sie hängen davon ab, wie tief die Prüfung gehen muss.",
    ),
    phases=(
        Phase(
            "received", _text("Request received", "Anfrage erhalten"),
            meaning=_text("Your report has reached the support team.", "Ihre Meldung ist beim Support angekommen."),
            next=_text("You hear from us once the review has begun.", "Sie hören von uns, sobald die Prüfung beginnt."),
            expect=_range("2h", "3 business days"),
        ),
        Phase(
            "review", _text("Under review", "In Prüfung"),
            headline=_text("We are looking into it", "Wir sehen es uns an"),
            meaning=_text("We try to see the error ourselves.", "Wir stellen den Fehler nach."),
            next=_text("We may ask you for details.", "Vielleicht fragen wir Sie nach Einzelheiten."),
            expect=_range("4 business days", "10 business days"),
        ),
        Phase(
            "identified", _text("Bug identified", "Fehler gefunden"),
            headline=_text("We found the bug", "Wir haben den Fehler gefunden"),
            meaning=_text("We know the cause.", "Wir kennen die Ursache."),
            next=_text("You hear from us as soon as there is a plan.", "Sie hören von uns, sobald ein Plan steht."),
            expect=_range("1 business day", "10 business days"),
        ),
        Phase(
            "plan", _text("Resolution plan", "Lösungsplan"),
            meaning=_text("There is a plan.", "Es gibt einen Plan."),
            next=_text("You get a mail when it is mended.", "Sie bekommen eine Mail, wenn es behoben ist."),
            links=(Link(_text("What's new", "Neuigkeiten"), "https://acme.example/new"),),
        ),
        Phase("fixed", _text("Fixed", "Behoben"), final=True, hidden_until_reached=True),
    ),
)  # fmt: skip
QUESTION = Category(
    id="question",
    name=_text("Other question", "Andere Frage"),
    choose=True,
    phases=(
        Phase("received", _text("Received", "Erhalten"), expect=_range("4 business hours", "3 business days")),
        Phase("answered", _text("Answered", "Beantwortet"), final=True),
    ),
)
FEATURE = replace(QUESTION, id="feature", name=_text("Feature request", "Wunsch"))

POLICY = Policy(
    name="acme",
    public_name="Acme Support",
    domain="acme.example",
    prefix="ACME",
    mailboxes={"support": Mailbox("support", "support@acme.example", category="bug")},
    categories={"bug": BUG, "question": QUESTION, "feature": FEATURE},
    priorities={"medium": Priority("medium", Text("Medium"), first_response=_span("1 business day"))},
    calendars={"office": OFFICE},
    languages=("en", "de"),
    timezone="Europe/Berlin",
    phone="+49 30 1234",
    pending=Pending((_span("2 business days"), _span("3 business days")), _span("3 business days")),
    solved=Solved(_span("5 business days")),
    reopen_window=_span("30 days"),
    agents={"ana": Agent("ana", "Ana Ruiz", "ana@acme.example", teams=("first",), phone="+49 30 1235")},
    teams={"first": Team("first", Text("First line"))},
)


def letter(
    name: str, policy: Policy = POLICY, story: Story | None = None, notice: Notice | None = None, *,
    templates: Templates = TEMPLATES, now: datetime = NOW, phase: str = "", language: str = "",
) -> Letter:  # fmt: skip
    """The letter of that name about the sample ticket."""
    story = story or sample_story(policy, now, name, phase=phase)
    if language:
        policy = replace(policy, language=language)
        ticket = replace(story.ticket, language=language) if story.ticket else None
        story = replace(story, ticket=ticket)
    return write(notice or sample_notice(name, policy, now), story, policy, templates, KEYS, now, "a1b2c3d4e5f6a7b8")


def seen_text(html: str) -> str:
    """What a reader of the page sees, in one line."""
    from html import unescape

    body = re.sub(r"(?s)<(style|title|head)\b.*?</\1>|<!--.*?-->", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
