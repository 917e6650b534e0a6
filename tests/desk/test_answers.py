"""Saved answers: their places filled, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.answers import fill, slips


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {customer.first},", "Hello Maria,"),
        ("Hello {{ customer.first }},", "Hello Maria,"),
        ("Hello {agent.phone|colleague},", "Hello colleague,"),
        ("Hello {agent.phone},", "Hello,"),
        ("Call {desk.phone} or write.", "Call or write."),
        (r'curl /users/\{id\} -d {"name": 1}', 'curl /users/{id} -d {"name": 1}'),
        ("{", "{"),
    ],
)
def test_a_place_is_filled_and_what_is_none_stays(text: str, said: str):
    assert fill(text, {"customer.first": "Maria", "agent.phone": ""}) == said


def test_what_a_customer_calls_themselves_is_a_value_and_no_place():
    assert fill("Hello {customer.name}!", {"customer.name": "{agent.name}", "agent.name": "x"}) == "Hello {agent.name}!"


@pytest.mark.parametrize("text", ["{customer.frist}", "{customer first}", "{Customer.First}", "{customer.first.}"])
def test_a_mistyped_place_says_what_was_meant(text: str):
    (slip,) = slips(f"Hello {text}!")
    assert (slip.start, slip.word, slip.meant) == (6, text, "customer.first")


@given(st.text(alphabet="{}\\\\| .customerfirst\n", max_size=80))
def test_any_text_without_slips_is_filled_without_a_place_left(text: str):
    if not list(slips(text)):
        assert "{customer.first}" not in fill(text, {"customer.first": "x"}).replace("\\\\{", "")
