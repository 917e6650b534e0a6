"""Spans as people write them."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.spans import (
    Range,
    Span,
    SpanError,
    clock_span,
    clock_time,
    hours_words,
    parse_range,
    parse_span,
    range_words,
    words,
)

HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", Span(90)),
        ("15m", Span(900)),
        ("4h", Span(4 * HOUR)),
        ("3d", Span(3 * DAY)),
        ("2w", Span(14 * DAY)),
        ("0s", Span(0)),
        ("2 hours", Span(2 * HOUR)),
        ("1 hour", Span(HOUR)),
        ("30 days", Span(30 * DAY)),
        ("90 min", Span(5400)),
        ("1h30m", Span(5400)),
        ("1 hour, 30 minutes", Span(5400)),
        ("1 business hour", Span(1, "business hours")),
        ("4 business hours", Span(4, "business hours")),
        ("1 business day", Span(1, "business days")),
        ("2 Business  Days ", Span(2, "business days")),
    ],
)
def test_a_span_is_read_as_it_is_written(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("3 busines days", "3 business days"),
        ("1 busness day", "1 business day"),
        ("3 working days", "3 business days"),
        ("3bd", "3 business days"),
        ("2 buisness hours", "2 business hours"),
        ("4 huors", "4 hours"),
        ("two days", "2 days"),
        ("5", "5d"),
        ("1.5h", "90 minutes"),
        ("2,5 hours", "150 minutes"),
        ("1 month", "30 days"),
        ("2 years", "730 days"),
        ("1 business week", "5 business days"),
        ("", "2 business days"),
        ("0.5 business days", ""),
        ("soon", ""),
        ("3 bananas", ""),
        ("-3d", ""),
        ("1000000000000s", ""),
        ("200000 days", ""),
        ("3d\x00", ""),
        ("²d", ""),
    ],
)
def test_what_is_no_span_is_refused_with_what_was_probably_meant(text: str, suggestion: str) -> None:
    with pytest.raises(SpanError) as refused:
        parse_span(text)
    assert refused.value.suggestion == suggestion
    assert refused.value.message == str(refused.value)


def test_every_suggestion_is_itself_a_span() -> None:
    for text in ("3 busines days", "3 working days", "1.5h", "1 month", "7", "ten weeks", "2 quarters"):
        with pytest.raises(SpanError) as refused:
            parse_span(text)
        parse_span(refused.value.suggestion)


def test_a_range_is_one_span_or_two() -> None:
    three_days = Span(3, "business days")
    assert parse_range("3 business days") == Range(three_days, three_days)
    assert parse_range(["3 business days"]) == Range(three_days, three_days)
    assert parse_range(["2h", "3 business days"]) == Range(Span(2 * HOUR), three_days)


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        (["3 business days", "1 business day"], '["1 business day", "3 business days"]'),
        (["3w", "2w"], '["2w", "3w"]'),
        (["5 business days", "2h"], '["2h", "5 business days"]'),
        ("2-3 weeks", '["2 weeks", "3 weeks"]'),
        ("4 – 10 business days", '["4 business days", "10 business days"]'),
        ([], ""),
        (["1d", "2d", "3d"], ""),
        (["1d", "2 dasy"], "2 days"),
    ],
)
def test_a_range_that_is_none_is_refused(value: str | list[str], suggestion: str) -> None:
    with pytest.raises(SpanError) as refused:
        parse_range(value)
    assert refused.value.suggestion == suggestion


def test_ends_that_no_calendar_puts_in_order_are_left_to_the_calendar() -> None:
    assert parse_range(["8 business hours", "1 business day"]).last == Span(1, "business days")
    assert parse_range(["1 business day", "8 business hours"]).first == Span(1, "business days")


@pytest.mark.parametrize(
    ("text", "canonical", "english"),
    [
        ("60s", "1m", "1 minute"),
        ("90s", "90s", "90 seconds"),
        ("24h", "1d", "1 day"),
        ("7 days", "1w", "1 week"),
        ("14d", "2w", "2 weeks"),
        ("30 days", "30d", "30 days"),
        ("0m", "0s", "0 seconds"),
        ("1 business days", "1 business day", "1 business day"),
        ("5 business day", "5 business days", "5 business days"),
        ("1 business hour", "1 business hour", "1 business hour"),
    ],
)
def test_a_span_has_one_canonical_text_and_english_words(text: str, canonical: str, english: str) -> None:
    assert (str(parse_span(text)), words(parse_span(text))) == (canonical, english)


@pytest.mark.parametrize(
    ("value", "english"),
    [
        ("5 business days", "5 business days"),
        (["2h", "3 business days"], "2 hours to 3 business days"),
        (["4 business days", "10 business days"], "4 to 10 business days"),
        (["1 business day", "10 business days"], "1 to 10 business days"),
        (["2w", "3w"], "2 to 3 weeks"),
        (["1w", "2w"], "1 to 2 weeks"),
        (["4 business hours", "3 business days"], "4 business hours to 3 business days"),
        (["90m", "4h"], "90 minutes to 4 hours"),
    ],
)
def test_a_range_reads_as_a_letter_says_it(value: str | list[str], english: str) -> None:
    assert range_words(parse_range(value)) == english


def test_clock_spans_have_a_length_and_business_spans_do_not() -> None:
    assert clock_time(parse_span("2h")) == timedelta(hours=2)
    assert clock_span(timedelta(minutes=90)) == parse_span("90m")
    with pytest.raises(ValueError, match="depends on a calendar"):
        clock_time(parse_span("1 business day"))
    with pytest.raises(ValueError, match="negative"):
        Span(-1)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=8, minutes=30), "8 h 30 min"),
        (timedelta(hours=10), "10 h"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(0), "0 h"),
        (timedelta(minutes=-75), "-1 h 15 min"),
        (timedelta(seconds=-20), "0 h"),
    ],
)
def test_balances_name_hours_and_minutes(length: timedelta, text: str) -> None:
    assert hours_words(length) == text


spans = st.builds(Span, st.integers(0, 10_000_000), st.just("clock")) | st.builds(
    Span, st.integers(0, 30_000), st.sampled_from(["business hours", "business days"])
)


@given(spans)
def test_reading_undoes_writing(span: Span) -> None:
    assert parse_span(str(span)) == span
    assert parse_span(words(span)) == span


@given(st.text(max_size=60))
def test_any_text_is_a_span_or_a_span_error(text: str) -> None:
    with contextlib.suppress(SpanError):
        assert parse_span(text).amount >= 0
