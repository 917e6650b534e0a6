"""Agents and customers on the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.place import Place

MARIA = "maria@customer.example"


def test_agents_are_listed_and_shown_with_what_they_hold(desk: Place) -> None:
    assert [row[:3] for row in desk.run("agent", "list").rows] == [
        ["ana", "agent", "first-line"],
        ["vera", "viewer", ""],
    ]
    desk.run("ticket", "assign", "1001", "ana", "--as", "ana")
    assert desk.run("agent", "show", "Ana Ruiz", "--json").json["tickets"] == [1001]
    told = desk.run("agent", "show", "anna")
    assert (told.code, "Did you mean ana?" in told.err) == (67, True)


def test_customers_are_listed_by_name_or_address(desk: Place) -> None:
    assert [row[:2] for row in desk.run("customer", "list").rows] == [[MARIA, "3"]]
    assert [row[3] for row in desk.run("customer", "list", "LOPEZ").rows] == ["Maria Lopez"]
    assert desk.run("customer", "list", "joe").rows == []
    assert desk.run("customer", "show", MARIA.upper(), "--json").json["tickets"] == [1000, 1001, 1002]
    assert desk.run("customer", "show", "joe@else.example").code == 67


def test_a_person_is_given_everything_but_the_notes_about_them(desk: Place, tmp_path: Path) -> None:
    desk.run("ticket", "note", "1000", "-m", "A difficult one.", "--as", "ana")
    assert "difficult" not in desk.run("customer", "export", MARIA).out
    assert "difficult" in desk.run("customer", "export", MARIA, "--notes").out
    assert desk.run("customer", "export", MARIA, "-O", tmp_path / "maria.zip").code == 0
    with zipfile.ZipFile(tmp_path / "maria.zip") as archive:
        told = json.loads(archive.read("customer.json"))
        mails = [name for name in archive.namelist() if name.startswith("mails/")]
        assert [ticket["number"] for ticket in told["tickets"]] == [1000, 1001, 1002]
        assert len(mails) == 3
        assert b"Maria Lopez" in archive.read(mails[0])


def test_a_person_is_forgotten_once_nothing_is_open_and_somebody_is_sure(desk: Place) -> None:
    def forgotten(*words: str) -> int:
        return desk.run("customer", "forget", MARIA, "--as", "ana", *words).code

    assert forgotten() == 65
    assert forgotten("--yes") == 76
    assert desk.run("ticket", "close", "1000", "1001", "1002", "--as", "ana").code == 0
    assert desk.run("serve", "--once").code == 0
    assert any((desk.state / "outgoing").glob("*/*"))
    assert desk.run("customer", "forget", MARIA, "--yes", "--as", "vera").code == 77
    told = desk.run("customer", "forget", MARIA, "--as", "ana", "--yes", "--json").json
    assert (told["tickets"], told["mails"], told["clean"]) == ([1000, 1001, 1002], 3, True)
    assert [path for path in desk.state.rglob("*") if path.is_file() and b"maria" in path.read_bytes().lower()] == []
    assert desk.run("verify").code == 0
    assert forgotten("--yes") == 67


@pytest.mark.parametrize("words", [("agent", "show"), ("customer", "show"), ("customer", "forget")])
def test_whom_is_said(desk: Place, words: tuple[str, ...]) -> None:
    assert desk.run(*words).code == 2
