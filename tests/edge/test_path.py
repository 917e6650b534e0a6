from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.edge.path import BadPath, Path, read_path


@pytest.mark.parametrize(
    ("argument", "address"),
    [
        ("FROM:<a@b.example>", "a@b.example"),
        ("from: <a@b.example>", "a@b.example"),
        ("FROM:a@b.example", "a@b.example"),
        ("FROM:<>", ""),
        ('FROM:<"a > b"@c.example>', '"a > b"@c.example'),
        ("FROM:<@relay.example,@other.example:a@b.example>", "a@b.example"),
        ("FROM:<a@[192.0.2.1]>", "a@[192.0.2.1]"),
        ("FROM:<jörg@kunde.example>", "jörg@kunde.example"),
    ],
)
def test_an_address_is_what_stands_between_the_brackets(argument: str, address: str) -> None:
    assert read_path("FROM", argument) == Path(address)


@pytest.mark.parametrize(
    "argument",
    [
        None,
        "",
        "a@b.example",
        "FROM:",
        "FROM:<a@b.example",
        "FROM:<a b@c.example>",
        "FROM:<@a.example>",
        "FROM:<@b.example:>",
        "FROM:<a@>",
        "FROM:<a@b.example>SIZE=1",
        "FROM:<a@b.example> SIZE=",
        "FROM:<a@b.example> =1",
        "FROM:<a\r@b.example>",
        "FROM:<a\0@b.example>",
        "FROM:<" + "a" * 600 + "@b.example>",
    ],
)
def test_what_is_no_path_is_refused(argument: str | None) -> None:
    with pytest.raises(BadPath):
        read_path("FROM", argument)


def test_bytes_that_are_no_utf8_are_told_from_bad_grammar() -> None:
    with pytest.raises(BadPath) as refused:
        read_path("TO", b"TO:<support\xff@example.test>".decode("utf-8", "surrogateescape"))
    assert refused.value.octets


def test_parameters_are_keywords_in_capitals_with_their_values() -> None:
    path = read_path("FROM", "FROM:<a@b.example> size=10  SMTPUTF8 BODY=8BITMIME")
    assert path.parameters == (("SIZE", "10"), ("SMTPUTF8", None), ("BODY", "8BITMIME"))


@given(st.text(max_size=80))
def test_any_argument_is_read_or_refused(text: str) -> None:
    try:
        path = read_path("TO", "TO:" + text)
    except BadPath:
        return
    assert path.address.isprintable() or not path.address.isascii()
