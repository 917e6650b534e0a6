"""`gateway stats` for scripts, spreadsheets and people."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.cli.present import show_csv
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


BIGCO = """
[organisation.bigco]
domains = ["customer.example"]
allowance = "10h"
[organisation.other]
allowance = "2h"
"""


def test_an_organisation_shows_what_is_used_of_its_allowance_be_it_without_a_ticket(desk: Place) -> None:
    desk.file.write_text(desk.file.read_text() + BIGCO)
    desk.run("mail", "ingest", desk.mail("late", "Another one", "It is slow."))
    desk.run("serve", "--once")
    assert desk.run("ticket", "time", "1003", "90m", "--as", "ana").code == 0
    told = {each["group"]: each for each in desk.run("stats", "--by", "organisation", "--json").json["groups"]}
    assert (told["bigco"]["allowance_minutes"], told["bigco"]["used_minutes"], told["bigco"]["opened"]) == (600, 90, 1)
    assert (told["other"]["allowance_minutes"], told["other"]["used_minutes"], told["other"]["opened"]) == (120, 0, 0)
    assert (told["-"]["allowance_minutes"], told["-"]["opened"]) == (None, 3)


def test_a_spreadsheet_gets_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    show_csv(("group", "a"), [("=1+1", -1), ("-2+3", None), ("-", 0.5), ("@SUM(A1)", 1), ("plain", 2)])
    assert capsys.readouterr().out.splitlines() == [
        "group,a", "'=1+1,-1", "'-2+3,", "-,0.5", "'@SUM(A1),1", "plain,2",
    ]  # fmt: skip


def on_a_terminal(desk: Place, *words: str) -> list[str]:
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (40, 120))
    program = str(Path(sys.executable).with_name("gateway"))
    environ = {**os.environ, "NO_COLOR": "1"}
    subprocess.run([program, "-c", desk.file, *words], stdin=slave, stdout=slave, env=environ, check=True)
    os.close(slave)
    shown = b""
    with suppress(OSError):  # EIO: everything is read
        while part := os.read(master, 65_536):
            shown += part
    os.close(master)
    return shown.decode().splitlines()


def test_on_a_terminal_the_figures_are_lines_and_groups_are_a_table(desk: Place) -> None:
    desk.run("ticket", "reply", "1000", "-m", "Looking into it.", "--as", "ana")
    told = on_a_terminal(desk, "stats")
    assert told[0].startswith("SINCE")
    assert told[1].split() == ["opened", "3"]
    assert any(line.startswith("first response, median") and line.endswith(" by the clock") for line in told)
    first, *rows = on_a_terminal(desk, "stats", "--by", "category")
    assert first.split()[:3] == ["CATEGORY", "OPENED", "SOLVED"]
    assert [row.split()[:2] for row in rows] == [["bug", "1"], ["question", "2"]]


def test_by_phase_shows_how_long_tickets_stood_in_each_but_the_final_ones(desk: Place) -> None:
    assert desk.run("ticket", "phase", "1000", "review", "--as", "ana").code == 0
    told = desk.run("stats", "--by", "phase", "--json").json
    assert [(each["group"], each["cases"], each["expected"], each["lately"]) for each in told["groups"]] == [
        ("bug/received", 1, "3 business days", ""),
        ("bug/review", 0, "", ""),
        ("question/received", 0, "", ""),
    ]
    assert told["by"] == "phase"
    assert desk.run("stats", "--by", "phase").rows[0][:2] == ["bug/received", "1"]
    assert desk.run("stats", "--by", "phase", "--csv").out.splitlines()[0] == "phase,cases,median,80,expected,lately"
    shown = on_a_terminal(desk, "stats", "--by", "phase")
    assert [line.split()[:2] for line in shown][:2] == [["PHASE", "CASES"], ["bug/received", "1"]]
    assert desk.run("stats", "--by", "phase", "--since", "yesterday").code == 2
