"""What an agent says with a command, and a colleague who has just said something."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.place import Place

BO = '\n[agent.bo]\nname = "Bo Lindqvist"\nemail = "bo@acme.example"\n'


@pytest.fixture
def crossing(desk: Place) -> Place:
    """Bo has just answered."""
    desk.file.write_text(desk.file.read_text() + BO)
    assert desk.run("ticket", "reply", "1000", "-m", "Please restart it.", "--as", "bo").code == 0
    return desk


def said(desk: Place) -> list[str]:
    return [article["text"] for article in desk.run("ticket", "show", "1000", "--json").json["articles"]][1:]


@pytest.mark.parametrize("verb", ["reply", "ask", "solve", "close", "progress", "call", "quote"])
def test_a_script_that_crosses_a_colleagues_answer_is_refused_unless_it_says_yes(crossing: Place, verb: str) -> None:
    size = ("4h",) if verb == "quote" else ()
    words = ("ticket", verb, "1000", *size, "-m", "Wait for the update.", "--as", "ana")
    told = crossing.run(*words)
    assert (told.code, told.out) == (76, "")
    assert "ACME-1000: Bo Lindqvist answered just now; --yes answers all the same; nothing was done" in told.err
    assert said(crossing) == ["Please restart it."]
    assert crossing.run(*words, "--yes").code == 0
    assert said(crossing) == ["Please restart it.", "Wait for the update."]


def test_one_ticket_that_was_just_answered_keeps_all_of_them_as_they_were(crossing: Place) -> None:
    told = crossing.run("ticket", "solve", "1001", "1000", "-m", "Done.", "--as", "ana")
    assert told.code == 76
    assert crossing.run("ticket", "show", "1001", "--json").json["status"] == "new"


def test_notes_wordless_commands_and_ones_own_answers_cross_nothing(crossing: Place) -> None:
    assert crossing.run("ticket", "note", "1000", "-m", "Mine.", "--as", "ana").code == 0
    assert crossing.run("ticket", "solve", "1000", "--as", "ana").code == 0
    assert crossing.run("ticket", "reply", "1000", "-m", "And so on.", "--as", "bo").code == 0


def test_on_a_terminal_the_second_sees_what_the_first_wrote_and_is_asked(crossing: Place) -> None:
    words = ("ticket", "reply", "1000", "-m", "Wait for the update.", "--as", "ana")
    shown = talk(crossing, words, "n\n")
    assert "Bo Lindqvist answered just now" in shown
    assert "> Please restart it." in shown
    assert "nothing was done" in shown
    assert said(crossing) == ["Please restart it."]
    talk(crossing, words, "y\n")
    assert said(crossing) == ["Please restart it.", "Wait for the update."]


def test_a_text_from_the_editor_that_did_not_go_is_kept(crossing: Place, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "Wait for the update." > "$1"\n')
    editor.chmod(0o755)
    shown = talk(crossing, ("ticket", "reply", "1000", "--as", "ana"), "n\n", VISUAL=str(editor), TMPDIR=str(tmp_path))
    (draft,) = tmp_path.glob("gateway-draft-*.txt")
    assert draft.name in "".join(shown.split())
    assert draft.read_text() == "Wait for the update.\n"


@pytest.mark.parametrize(
    ("verb", "head"),
    [("reply", "# To: Maria Lopez <maria@customer.example>"), ("note", "# A private note: no customer")],
)
def test_the_editor_shows_whom_a_text_goes_to_and_the_conversation_which_is_no_part_of_it(
    desk: Place, tmp_path: Path, verb: str, head: str
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/seen\nsed -i "1s/^/Look here./" "$1"\n')
    editor.chmod(0o755)
    talk(desk, ("ticket", verb, "1000", "--as", "ana"), "", VISUAL=str(editor))
    seen = (tmp_path / "seen").read_text()
    assert head in seen
    assert "#   It says error 500." in seen
    assert said(desk) == ["Look here."]


def test_nobody_writes_a_text_for_a_ticket_that_is_not_there(desk: Place, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    editor.chmod(0o755)
    assert "there is no ticket 4711" in talk(desk, ("ticket", "reply", "4711", "--as", "ana"), "", VISUAL=str(editor))
    assert not (tmp_path / "opened").exists()


def talk(desk: Place, words: tuple[str, ...], answer: str, **environ: str) -> str:
    """The program on a terminal, which is told `answer` when it asks; what was to be read there."""
    program = str(Path(sys.executable).with_name("gateway"))
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [program, "-c", str(desk.file), *words], stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "dumb", **environ},
    )  # fmt: skip
    os.close(theirs)
    shown, until = "", time.monotonic() + 60
    while time.monotonic() < until:
        ready = select.select([ours], [], [], 0.2)[0]
        try:
            data = os.read(ours, 65_536) if ready else b""
        except OSError:  # the other end is closed
            break
        shown += data.decode()
        if "[y/N]" in shown and answer:
            os.write(ours, answer.encode())
            answer = ""
    child.wait(60)
    os.close(ours)
    return shown


def test_an_editor_that_is_named_writes_the_text_of_a_script(desk: Place, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "Please restart it." > "$1.new"; cat "$1" >> "$1.new"; mv "$1.new" "$1"\n')
    editor.chmod(0o755)
    assert desk.run("ticket", "reply", "1000", "--as", "ana", environ={"EDITOR": str(editor)}).code == 0
    assert said(desk) == ["Please restart it."]


def test_a_ticket_needs_no_more_than_whose_it_is_and_a_title(desk: Place) -> None:
    told = desk.run("ticket", "new", "--for", "Per <per@x.example>", "-t", "Printer on fire", "--as", "ana", "--json")
    assert told.code == 0
    assert [article["text"] for article in told.json["articles"]] == ["Printer on fire"]
