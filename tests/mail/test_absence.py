"""The date of return that an absence note names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.absence import own_words, return_date, strictly_titled, titled, told

MONDAY = date(2026, 4, 20)

NOTES = [
    ("I am away until Monday.", "2026-04-27"),
    ("I will be back on 4 May 2026.", "2026-05-04"),
    ("I am out of the office from 27 April to 4 May.", "2026-05-04"),
    ("I will be out starting Monday, April 27 through Monday, May 4.", "2026-05-04"),
    ("I am out of the office, returning to the office on May 5th.", "2026-05-05"),
    ("I am out of office 04/27 - 05/04", "2026-05-04"),
    ("I am away until 2026-05-04.", "2026-05-04"),
    ("I'm out of the office today, returning Wed.", "2026-04-22"),
    ("I'm out of the office Friday. Call my colleague.", "2026-04-24"),
    ("I am out of the office and will be back tomorrow", "2026-04-21"),
    ("I am out of office until next week", "2026-04-27"),
    ("I am on parental leave until September 2026", "2026-09-01"),
    ("Ich bin bis Montag nicht im Haus.", "2026-04-27"),
    ("Ich bin vom 27.04. bis 04.05.2026 im Urlaub.", "2026-05-04"),
    ("Ich bin bis zum 4. Mai abwesend.", "2026-05-04"),
    ("Bis 4. Mai abwesend, ab Dienstag, 5. Mai bin ich wieder da.", "2026-05-05"),
    ("Ich bin erst am 04.05.26 wieder im Büro.", "2026-05-04"),
    ("Je suis absent jusqu'au lundi 4 mai inclus.", "2026-05-04"),
    ("Absent du 20/04 au 04/05/2026", "2026-05-04"),
    ("Je serai de retour le 5 mai.", "2026-05-05"),
    ("Estaré fuera de la oficina hasta el 4 de mayo de 2026.", "2026-05-04"),
    ("Sono assente e sarò di ritorno il 4 maggio", "2026-05-04"),
    ("Estou de férias até 04/05/2026.", "2026-05-04"),
    ("Ik ben afwezig tot en met 4 mei", "2026-05-04"),
    ("Jag har semester och är tillbaka den 4 maj.", "2026-05-04"),
    ("Jeg er på ferie til og med 4. maj", "2026-05-04"),
    ("Olen lomalla 4.5. asti", "2026-05-04"),
    ("Jestem na urlopie do 4 maja 2026.", "2026-05-04"),
    ("Dovolená do 4. května", "2026-05-04"),
    ("4 Mayıs'a kadar izindeyim", "2026-05-04"),
    ("Я в отпуске до 4 мая.", "2026-05-04"),
    ("Я буду отсутствовать с 20.04.2026 по 04.05.2026", "2026-05-04"),
    ("5月4日まで休暇をいただいております。", "2026-05-04"),
    ("我正在休假，至5月4日。", "2026-05-04"),
    ("휴가 중입니다. 5월 4일까지", "2026-05-04"),
]


@pytest.mark.parametrize(("text", "until"), NOTES, ids=[text[:30] for text, _ in NOTES])
def test_a_note_says_absence_and_its_date_in_its_own_language(text: str, until: str) -> None:
    assert told(text)
    assert return_date("", text, MONDAY) == until


def test_a_date_without_a_year_is_the_next_one() -> None:
    assert return_date("", "I am back on 14 January", date(2026, 12, 20)) == "2027-01-14"


def test_half_the_world_writes_the_month_first_so_the_nearer_day_ahead_is_meant() -> None:
    assert return_date("", "I am away until 05/04/2026", MONDAY) == "2026-05-04"
    assert return_date("", "I am away until 05/04/2026", date(2026, 4, 1)) == "2026-04-05"


def test_a_date_that_is_over_is_no_date_of_return() -> None:
    assert return_date("", "I am away until 4 March", MONDAY) is None
    assert return_date("", "I am away until 4 March 2025", MONDAY) is None


def test_a_date_that_does_not_exist_or_is_years_away_is_none() -> None:
    assert return_date("", "I am away until 31 February", MONDAY) is None
    assert return_date("", "I am away until 4 May 2031", MONDAY) is None


def test_a_number_in_a_telephone_number_is_no_date() -> None:
    assert return_date("", "I am out of the office. Call 0123 456 or 030/12-14.", MONDAY) is None


def test_the_subject_may_name_the_date() -> None:
    assert return_date("Away until May 5", "I will answer when I return.", MONDAY) == "2026-05-05"


def test_a_date_in_the_quoted_mail_is_not_the_notes() -> None:
    text = "I am out of the office.\n\n> Please answer until 30 April"
    assert return_date("", own_words(text), MONDAY) is None


def test_without_the_day_it_was_sent_only_a_full_date_counts() -> None:
    assert return_date("", "I am away until Monday", None) is None
    assert return_date("", "I am away until 4 May 2026", None) == "2026-05-04"


def test_a_title_is_one_at_the_start_of_the_subject_only() -> None:
    assert strictly_titled("Abwesenheitsnotiz: Re: printer")
    assert strictly_titled("Réponse automatique : facture")
    assert strictly_titled("自动回复: hello")
    assert not strictly_titled("Re: Automatic reply: printer")
    assert not strictly_titled("Out of office replies do not work")
    assert not titled("My vacation request")


@given(st.text(max_size=400), st.text(max_size=80), st.none() | st.dates())
def test_any_text_gives_a_day_or_none(text: str, subject: str, sent: date | None) -> None:
    until = return_date(subject, text, sent)
    assert until is None or date.fromisoformat(until)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(min_value=0, max_value=400))
def test_a_full_date_within_reach_is_read_back(sent: date, days: int) -> None:
    day = date.fromordinal(sent.toordinal() + days)
    for form in (f"{day.day}.{day.month}.{day.year}", day.isoformat(), f"{day.day} {day:%B} {day.year}"):
        assert return_date("", f"I am away until {form}.", sent) == day.isoformat()
