"""Saved answers: the files answers/*.md beside the included files; NAME.md, and NAME.de.md for tickets in German."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from gateway.config.desk_kinds import NAME
from gateway.config.document import Spot, shown_problem
from gateway.config.entry import Entry, Wrong, nearest
from gateway.config.places import Place
from gateway.config.problem import Problem, Severity
from gateway.desk.answers import slips
from gateway.desk.policy import Answer, Text

_LARGEST: Final = 200_000  # bytes


def read_answers(
    files: Iterable[Path], root: Path, languages: Sequence[str], language: str
) -> tuple[dict[str, Answer], list[Problem]]:
    """The answers of config/answers below `root` and of answers/ beside each of `files`, by name.

    `languages` are those of the desk, `language` its own: whoever reads another one gets NAME.md, or, where there is
    none, the desk's own.
    """
    folders = dict.fromkeys([root / "config" / "answers", *(path.parent / "answers" for path in files)])
    found: dict[str, dict[str, str]] = defaultdict(dict)
    problems: list[Problem] = []
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*.md")):
        name, _, spoken = path.stem.partition(".")
        try:
            NAME.read(Entry((), name, []))
            text = _text(path)
        except Wrong as wrong:
            problems.append(_of_file(path, wrong.message, wrong.suggestion))
            continue
        if spoken and spoken not in languages:
            why = f'"{spoken}" is none of gateway.languages, so nobody gets this'
            problems.append(_of_file(path, why, nearest(spoken, languages), "warning"))
        elif spoken in found[name]:
            problems.append(_of_file(path, f"there are two answers of the name {path.stem}"))
        else:
            found[name][spoken] = text.strip()
            problems += _slips(path, text)
    return {name: Answer(name, _joined(texts, language)) for name, texts in found.items() if texts}, problems


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise Wrong("it is larger than an answer can be")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Wrong(f"it cannot be read: {(error.strerror or 'error').lower()}") from error
    except UnicodeDecodeError as error:
        raise Wrong("it is not UTF-8: save it as UTF-8") from error
    if not text.strip():
        raise Wrong("it is empty: write the answer into it")
    return text


def _joined(texts: dict[str, str], language: str) -> Text:
    default = texts.get("") or texts.get(language) or next(iter(texts.values()))
    return Text(default, tuple((spoken, text) for spoken, text in texts.items() if spoken))


def _slips(path: Path, text: str) -> Iterator[Problem]:
    """The places that nothing would fill."""
    lines = tuple(text.split("\n"))
    for slip in slips(text):
        before = text[: slip.start]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"), len(slip.word))
        bare = slip.word.strip("{} ")
        message = f'there is no "{bare}" to be filled in here; where braces are meant, write \\{{{bare}\\}}'
        meant = f"{{{slip.meant}}}" if slip.meant else ""
        yield shown_problem(Spot(str(path), place), lines, "error", message, meant)


def _of_file(path: Path, message: str, suggestion: str = "", severity: Severity = "error") -> Problem:
    return Problem(str(path), 0, 0, 0, severity, message, suggestion)
