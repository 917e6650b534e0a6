"""Templates of the operator's own: begun as copies, compared with the built-in ones, outgrown by them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.place import Place


@pytest.fixture
def fresh(tmp_path: Path) -> Place:
    """A configuration, and nothing else."""
    place = Place(tmp_path)
    place.configure()
    return place


def test_a_copy_says_what_it_is_a_copy_of_and_changes_no_letter(fresh: Place) -> None:
    before = fresh.run("template", "preview", "ack").out
    told = fresh.run("template", "copy", "ack")
    assert (told.code, len(told.out.splitlines())) == (0, 4)
    path = fresh.folder / "templates" / "en" / "ack" / "words.txt"
    assert re.match(r"\{#- based on en/ack/words\.txt \S+ sha256:[0-9a-f]{16} -#\}\n", path.read_text())
    assert fresh.run("template", "preview", "ack").out == before
    assert fresh.run("template", "diff", "ack").out == ""
    assert fresh.run("check").code == 0


def test_what_is_there_is_never_written_over(fresh: Place) -> None:
    fresh.run("template", "copy", "ack", "--file", "words.txt")
    path = fresh.folder / "templates" / "en" / "ack" / "words.txt"
    path.write_text(path.read_text().replace("Thank you", "Thanks"))
    assert len(fresh.run("template", "copy", "ack").out.splitlines()) == 3
    assert fresh.run("template", "copy", "ack").code == 73
    told = fresh.run("template", "diff", "ack")
    changed = [line for line in told.out.splitlines() if re.match(r"[-+][^-+]", line)]
    assert [line[0] for line in changed] == ["-", "+"]
    assert "Thanks for writing" in changed[1]


def test_a_copy_of_an_older_text_is_told_by_check(fresh: Place) -> None:
    fresh.run("template", "copy", "ack", "--file", "words.txt")
    path = fresh.folder / "templates" / "en" / "ack" / "words.txt"
    now = re.search(r"sha256:(\w+)", path.read_text())
    assert now
    path.write_text(path.read_text().replace(now[1], "0123456789abcdef", 1))
    told = fresh.run("check")
    assert told.code == 0
    assert f"{path}:1:1: warning: it is based on the en/ack/words.txt of " in told.out
    assert "gateway template diff ack" in told.out
    path.write_text(path.read_text().replace("0123456789abcdef", now[1], 1))
    assert "warning" not in fresh.run("check").out


def test_a_new_language_begins_in_english(fresh: Place) -> None:
    assert fresh.run("template", "copy", "ack", "--lang", "fr").code == 0
    assert "based on en/ack/body.txt" in (fresh.folder / "templates" / "fr" / "ack" / "body.txt").read_text()


def test_what_all_letters_share_can_be_copied_and_compared(fresh: Place) -> None:
    fresh.run("template", "copy", "_layout.html")
    path = fresh.folder / "templates" / "_layout.html"
    path.write_text(path.read_text().replace("#eef1f4", "#ffffff"))
    assert "+<body" in fresh.run("template", "diff", "_layout.html").out
    assert fresh.run("template", "copy", "_nothing").code == 73
    assert fresh.run("template", "copy", "akc").code == 67


def test_words_that_a_letter_needs_and_a_file_does_not_set_are_named(fresh: Place) -> None:
    fresh.run("template", "copy", "ack", "--file", "words.txt")
    path = fresh.folder / "templates" / "en" / "ack" / "words.txt"
    path.write_text(path.read_text().replace("{% set headline =", "{% set hedline ="))
    assert "en/ack/words.txt sets no 'headline'" in fresh.run("check").out
