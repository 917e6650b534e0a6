"""Tickets to another desk and back, mails as an mbox."""

import json
import mailbox
from pathlib import Path

import pytest

from tests.cli.place import Place


@pytest.fixture
def other(tmp_path: Path) -> Place:
    (tmp_path / "other").mkdir()
    place = Place(tmp_path / "other")
    place.configure()
    assert place.run("db", "migrate").code == 0
    return place


def worked(desk: Place) -> Path:
    file = desk.folder / "trace.bin"
    file.write_bytes(b"\0trace" * 20_000)
    assert desk.run("ticket", "reply", "1000", "-m", "See this.", "--attach", file, "--as", "ana").code == 0
    assert desk.run("ticket", "note", "1000", "-m", "Odd.", "--as", "ana").code == 0
    assert desk.run("ticket", "solve", "1001", "--as", "ana").code == 0
    return file


def test_another_desk_has_the_very_tickets_with_their_files_and_writes_nobody(desk: Place, other: Place) -> None:
    file = worked(desk)
    assert desk.run("export", "--files", "-O", desk.folder / "all.jsonl").code == 0
    told = other.run("import", desk.folder / "all.jsonl", "--json").json
    assert told == {"imported": [1000, 1001, 1002], "there": []}

    def shown(place: Place, number: str) -> dict[str, object]:
        ticket = place.run("ticket", "show", number, "--json").json
        articles = [{**each, "delivery": None} for each in ticket["articles"]]  # letters stay where they were written
        return {**ticket, "articles": articles, "token": None}

    for number in ("1000", "1001", "1002"):
        assert shown(other, number) == shown(desk, number)
    assert other.run("ticket", "attach", "1000", "1", "-O", "got", environ={}).code == 0
    assert Path("got").read_bytes() == file.read_bytes()
    Path("got").unlink()
    assert other.run("queue", "list", "--all").out == ""
    assert other.run("verify").code == 0
    assert other.run("ticket", "new", "--for", "joe@else.example", "-t", "x", "-m", "x", "--as", "ana").code == 0
    assert other.run("ticket", "show", "1003").code == 0


def test_an_import_can_be_repeated_and_tried(desk: Place, other: Place) -> None:
    lines = desk.run("export").out
    assert other.run("import", "-", "-n", "--json", stdin=lines).json == {"imported": [1000, 1001, 1002], "there": []}
    assert other.run("ticket", "list").out == ""
    first = lines.splitlines()[0]
    assert other.run("import", "-", "--json", stdin=first).json["imported"] == [1000]
    assert other.run("import", "-", "--json", stdin=lines).json == {"imported": [1001, 1002], "there": [1000]}


def changed(line: str, **how: object) -> str:
    return json.dumps({**json.loads(line), **how})


@pytest.mark.parametrize(
    "how",
    [{"version": 2}, {"number": 7}, {"events": []}, {"events": [{"kind": "Dreamt"}]}, {"events": [{"kind": []}]},
     {"events": 7}, {"articles": []}, {"articles": [{"text": 7}]}, {"files": {"00": "AAAA"}}, {"files": {"x": "?"}}],
    ids=str,
)  # fmt: skip
def test_what_is_no_ticket_is_named_by_its_line_and_changes_nothing(
    desk: Place, other: Place, how: dict[str, object]
) -> None:
    first, second, _ = desk.run("export").out.splitlines()
    told = other.run("import", "-", stdin=f"{first}\n{changed(second, **how)}\n")
    assert (told.code, "-:2: " in told.err, "; taken in before it: 1" in told.err) == (65, True, True)
    assert [row[0] for row in other.run("ticket", "list").rows] == ["1000"]
    assert other.run("verify").code == 0


def test_a_category_that_this_desk_has_not_is_said(desk: Place, other: Place) -> None:
    other.file.write_text(other.file.read_text().replace("[category.bug]", "[category.fault]"))
    told = other.run("import", "-", stdin=desk.run("export").out)
    assert (told.code, "there is no category bug here" in told.err) == (65, True)


def test_lines_that_are_no_json_and_files_that_are_not_there_have_their_codes(desk: Place) -> None:
    assert desk.run("import", "-", stdin="no json\n").code == 65
    assert desk.run("import", desk.folder / "missing").code == 66
    assert desk.run("export", "-O", desk.folder / "no" / "where").code == 73


def test_mails_are_an_mbox_that_others_read(desk: Place, tmp_path: Path) -> None:
    extra = desk.mail("quoting", "Quoting", "From here on\n>From there on\nall is well")
    assert desk.run("mail", "ingest", extra).code == 0
    assert desk.run("export", "--format", "mbox", "-O", tmp_path / "all.mbox").code == 0
    text = (tmp_path / "all.mbox").read_bytes()
    assert b"\n>From here on\n>>From there on\n" in text
    assert len(mailbox.mbox(tmp_path / "all.mbox")) == 4
    assert {mail["Subject"] for mail in mailbox.mbox(tmp_path / "all.mbox")} >= {"Quoting", "Where is my invoice?"}
    assert desk.run("export", "--format", "mbox", "--since", "2999-01-01").out == ""


def test_a_line_that_is_no_json_is_called_so_and_one_ticket_is_one(desk: Place, other: Place) -> None:
    first = desk.run("export").out.splitlines()[0]
    assert "-:1: it is no JSON" in other.run("import", "-", stdin="garbage\n").err
    assert "1 ticket taken in, 0 there before" in other.run("import", "-", stdin=f"{first}\n").err
