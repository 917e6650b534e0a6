"""`gateway stats` for scripts, spreadsheets and people."""

import csv
import io

import pytest

from gateway.cli.stats import HEAD
from tests.cli.place import Place


def test_the_figures_are_the_same_as_json_csv_and_tsv(desk: Place) -> None:
    assert desk.run("ticket", "reply", "1000", "-m", "Looking into it.", "--as", "ana").code == 0
    assert desk.run("ticket", "solve", "1001", "--as", "ana").code == 0
    told = desk.run("stats", "--by", "category", "--json").json
    assert [(each["group"], each["opened"], each["solved"], each["backlog"]) for each in told["groups"]] == [
        ("bug", 1, 0, 1),
        ("question", 2, 1, 1),
    ]
    assert told["groups"][0]["first_response_median"] is not None
    assert told["groups"][1]["rating"] is None
    read = list(csv.DictReader(io.StringIO(desk.run("stats", "--by", "category", "--csv").out)))
    assert [(row["category"], row["opened"]) for row in read] == [("bug", "1"), ("question", "2")]
    assert [tuple(row)[1:] for row in read] == [HEAD] * 2
    assert [row[:3] for row in desk.run("stats", "--by", "category").rows] == [
        ["bug", "1", "0"],
        ["question", "2", "1"],
    ]


@pytest.mark.parametrize("since", ["2h", "2020-01-01", "2020-01-01T00:00:00+02:00"])
def test_a_period_begins_a_while_ago_or_on_a_day(desk: Place, since: str) -> None:
    assert desk.run("stats", "--since", since).rows[0][:2] == ["all", "3"]


def test_tickets_opened_before_are_not_counted_but_wait(desk: Place) -> None:
    told = desk.run("stats", "--since", "2999-01-01", "--json").json
    assert (told["groups"][0]["opened"], told["groups"][0]["backlog"]) == (0, 3)


def test_a_period_that_is_none_says_what_is_one(desk: Place) -> None:
    told = desk.run("stats", "--since", "yesterday")
    assert (told.code, "2026-04-01" in told.err) == (2, True)


def test_organisations_are_shown_with_what_is_used_of_their_allowance_this_month(desk: Place) -> None:
    with desk.file.open("a") as file:
        file.write('[organisation.bigco]\nallowance = "10h"\n[organisation.small]\ndomains = ["small.example"]\n')
        file.write('[organisation.here]\ndomains = ["here.example"]\nallowance = "2h"\n')
    told = desk.run(
        "ticket", "new", "--for", "Jo <jo@here.example>", "-t", "Help", "-m", "Help!", "--as", "ana", "--json"
    )
    number = str(told.json["number"])
    for spent in ("45m", "-15m"):
        assert desk.run("ticket", "time", number, spent, "--as", "ana").code == 0
    groups = desk.run("stats", "--by", "organisation", "--json").json["groups"]
    assert {each["group"]: (each["opened"], each["allowance"], each["allowance_used"]) for each in groups} == {
        "-": (3, None, None), "bigco": (0, 600, 0), "here": (1, 120, 30),
    }  # fmt: skip
    assert [row[-2:] for row in desk.run("stats", "--by", "organisation").rows] == [
        ["", ""],
        ["600", "0"],
        ["120", "30"],
    ]
