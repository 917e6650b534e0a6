"""Addresses: one normal form, nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.address import mailboxes, normal, split_plus, with_plus
from gateway.mail.message import Address


@pytest.mark.parametrize(
    ("given_one", "wanted"),
    [
        ("Alice@Customer.EXAMPLE", "alice@customer.example"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
        ("alice@сust.example", "alice@xn--ust-3ed.example"),
        ('"alice"@customer.example', "alice@customer.example"),
        ('"a@b"@customer.example', '"a@b"@customer.example'),
        ("root@localhost", "root@localhost"),
        ("x@[192.0.2.1]", "x@[192.0.2.1]"),
        ("support+1042.code@acme.example", "support+1042.code@acme.example"),
    ],
)
def test_one_person_has_one_normal_form(given_one: str, wanted: str) -> None:
    assert normal(given_one) == wanted


@pytest.mark.parametrize(
    "given_one",
    [
        "", "alice", "@customer.example", "alice@", "a b@customer.example", "a@b@customer.example",
        "alice@customer..example", "alice@-customer.example", "alice@customer.example.", "alice\0@customer.example",
        "alice@customer.example\n", "alice\r@x.example", "=?utf-8?q?alice?=@customer.example", "<a@customer.example>",
        "Alice <alice@customer.example>", "a@" + "b" * 64 + ".example", "a" * 400 + "@x.example", "a\u200bb@x.example",
        "a@x\u2028.example", "alice@cust(comment).example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(given_one: str) -> None:
    assert normal(given_one) == ""


def test_a_homograph_is_somebody_else() -> None:
    assert normal("alice@сust.example") != normal("alice@cust.example")


@given(st.text(max_size=40))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    for candidate in (text, f"{text}@customer.example", f"a@{text}"):
        once = normal(candidate)
        assert normal(once) == once


@given(st.from_regex(r"[a-z0-9.]{1,30}", fullmatch=True))
def test_a_plus_tag_that_was_written_is_read(tag: str) -> None:
    assert split_plus(with_plus("support@acme.example", tag)) == ("support@acme.example", tag)


def test_plus_tags_are_split_at_the_first_plus_and_replaced_whole() -> None:
    assert split_plus("support+1042.x+y@acme.example") == ("support@acme.example", "1042.x+y")
    assert split_plus("support@acme.example") == ("support@acme.example", "")
    assert split_plus("+x@acme.example") == ("+x@acme.example", "")
    assert with_plus("support+old@acme.example", "new") == "support+new@acme.example"


def test_a_list_is_read_strictly_and_keeps_the_words_of_what_is_no_address() -> None:
    assert mailboxes('"Lopez, Maria" <m@x.example>, staff: a@x.example (Ana), nobody; b@x.example <c@x.example') == (
        Address("Lopez, Maria", "m@x.example"),
        Address("Ana", "a@x.example"),
        Address("nobody"),
        Address("b@x.example <c@x.example"),
    )


def test_a_long_address_that_is_none_takes_no_longer_than_one_that_is() -> None:
    """A pattern with a repeat in a repeat took for ever over two signs of "at"."""
    assert normal(f"{'a' * 200}@b@customer.example") == ""
    assert normal(f"{'a.' * 100}<b@customer.example") == ""
