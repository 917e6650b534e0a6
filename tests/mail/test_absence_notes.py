"""Absence notes in many languages, with and without a header that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.mail.absence import return_date
from gateway.mail.automatic import classify
from gateway.mail.message import Address, AutoReply, Message
from tests.mail.absence_notes import DATES, NOTES

DATED = ("date", "Mon, 20 Apr 2026 11:00:00 +0200")


@pytest.mark.parametrize("headers", [(DATED,), (DATED, ("auto-submitted", "auto-replied"))], ids=["bare", "declared"])
@pytest.mark.parametrize("language", NOTES)
def test_a_note_is_an_absence_with_its_date(language: str, headers: tuple[tuple[str, str], ...]) -> None:
    for subject, text, until in NOTES[language]:
        when = datetime(2026, 4, 20, 9, tzinfo=UTC)
        note = Message(subject=subject, text=text, from_=(Address("Bob", "bob@x.example"),), date=when, headers=headers)
        assert classify(note).auto_reply == AutoReply("out_of_office", until), text


@pytest.mark.parametrize(("text", "day"), DATES)
def test_every_usual_form_of_a_date_is_read(text: str, day: str | None) -> None:
    assert return_date("", text, date(2026, 4, 20)) == day
