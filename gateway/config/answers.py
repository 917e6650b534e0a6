"""Saved answers: the files answers/*.md beside the included files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gateway.config.desk_kinds import NAME
from gateway.config.entry import Entry, Trouble, Wrong
from gateway.desk.policy import Answer

_LARGEST: Final = 200_000  # bytes


def read_answers(files: Iterable[Path], root: Path) -> tuple[dict[str, Answer], list[Trouble]]:
    """The answers of config/answers below `root` and of answers/ beside each of `files`, by file name without .md."""
    folders = dict.fromkeys([root / "config" / "answers", *(path.parent / "answers" for path in files)])
    answers: dict[str, Answer] = {}
    troubles: list[Trouble] = []
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.glob("*.md")):
        try:
            name = NAME.read(Entry((), path.stem, []))
            if path.stat().st_size > _LARGEST:
                raise Wrong("is larger than an answer can be")
            text = path.read_text("utf-8").strip()
        except Wrong as wrong:
            troubles.append(Trouble((), f"{path}: the name {wrong.message}", wrong.suggestion, at="key"))
            continue
        except OSError as error:
            troubles.append(Trouble((), f"{path} cannot be read: {(error.strerror or 'error').lower()}"))
            continue
        except UnicodeDecodeError:
            troubles.append(Trouble((), f"{path} is not UTF-8: save it as UTF-8"))
            continue
        if name in answers:
            troubles.append(Trouble((), f"{path}: there are two answers of the name {name}"))
            continue
        answers[name] = Answer(name, text)
    return answers, troubles
