"""Problems on the command line: tickets are joined, listed and told together."""

import pytest

from tests.cli.place import Place


def test_tickets_from_standard_input_are_joined_to_a_problem_and_found_by_it(desk: Place) -> None:
    numbers = desk.run("-q", "ticket", "list", "category:question").out
    assert desk.run("ticket", "problem", "1000", "-", "ENG-331", "--as", "ana", stdin=numbers).code == 0
    assert [row[0] for row in desk.run("ticket", "list", "ref:eng-331").rows] == ["1000", "1001", "1002"]
    assert desk.run("ticket", "show", "1001", "--json").json["problem"] == "ENG-331"
    assert "problem ENG-331" in desk.run("ticket", "show", "1001").out


def test_a_ticket_joins_a_problem_under_the_name_that_it_has(desk: Place) -> None:
    desk.run("ticket", "problem", "1000", "Login outage", "--as", "ana")
    shown = desk.run("ticket", "problem", "1001", "login  OUTAGE", "--as", "ana", "--json").json
    assert (shown["problem"], shown["external_ref"]) == ("Login outage", None)
    assert desk.run("ticket", "problem", "1000", "none", "--as", "ana", "--json").json["problem"] is None
    assert [row[0] for row in desk.run("ticket", "list", "ref:login outage").rows] == ["1001"]


def test_a_task_elsewhere_is_found_by_the_same_filter(desk: Place) -> None:
    desk.run("ticket", "escalate", "1002", "--ref", "ENG-331", "--as", "ana")
    shown = desk.run("ticket", "show", "1002", "--json").json
    assert (shown["problem"], shown["external_ref"]) == ("ENG-331", "ENG-331")
    assert [row[0] for row in desk.run("ticket", "list", "ref:ENG-331").rows] == ["1002"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("1000",), 2, "say which"),
        (("1000", "x" * 61), 65, "at most 60 characters"),
        (("1000", "9999", "ENG-331"), 67, "there is no ticket 9999; nothing was done"),
        (("1000", "ENG-331", "--as", "vera"), 77, "only looks"),
    ],
)
def test_what_cannot_be_a_problem_leaves_with_a_code_and_a_sentence(
    desk: Place, words: tuple[str, ...], code: int, said: str
) -> None:
    told = desk.run("--as", "ana", "ticket", "problem", *words)
    assert (told.code, said in told.err) == (code, True), told
    assert desk.run("ticket", "list", "ref:ENG-331").out == ""
