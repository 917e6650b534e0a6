"""What an agent says with a command: -m, -F, --answer, or the editor, and what becomes of a text that could not go."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from gateway.cli.failure import DATA, NO_INPUT, Failure
from gateway.cli.setting import now

_OPTIONS = (
    click.option("-m", "--message", metavar="TEXT", help="The text."),
    click.option("-F", "--file", metavar="FILE", help='The text is in FILE; "-" is standard input.'),
    click.option("--answer", metavar="NAME", help="The saved answer NAME; behind the text, where there is one."),
    click.option("-y", "--yes", is_flag=True, help="Answer although a colleague has just answered."),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The options as they were given. `begun`: when the command was, before any editor was opened."""

    message: str | None
    file: str | None
    answer: str | None
    anyway: bool
    begun: datetime

    def said(self, *, needed: bool = False, draft: Callable[[], str] = str) -> Said:
        """What is to be said. An editor is opened where words are `needed` and none were given, with the `draft` below
        them, which is no part of them; 65 where none are written."""
        typed = needed and self.message is None and self.file is None and self.answer is None and can_edit()
        below = draft() if typed else ""
        text = written(self.message, self.file, draft=below, needed=needed and self.answer is None)
        return Said(text, self.answer, self.anyway, self.begun, typed=typed)


@dataclass(frozen=True, slots=True)
class Said:
    """`answer` names a saved answer, which stands behind `text`. `anyway`: whether or not a colleague has answered at
    the same time; `begun`: since when the writer may not have looked; `typed`: nobody else has the text."""

    text: str
    answer: str | None
    anyway: bool
    begun: datetime
    typed: bool = False

    def kept(self) -> str:
        """Where a text that did not go can be found, as the end of a sentence; "" where somebody has it still."""
        if not self.typed:
            return ""
        handle, path = tempfile.mkstemp(prefix="gateway-draft-", suffix=".txt")
        os.close(handle)
        Path(path).write_text(f"{self.text}\n", encoding="utf-8")
        return f"; your text is kept: -F {path}"


def worded(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options, and the command a `wording`."""

    @wraps(command)
    def with_wording(
        *given: Any, message: str | None, file: str | None, answer: str | None, yes: bool, **more: Any
    ) -> None:
        command(*given, wording=Wording(message, file, answer, yes, now()), **more)

    for option in reversed(_OPTIONS):
        option(with_wording)
    return with_wording


def written(message: str | None, file: str | None, *, draft: str = "", needed: bool = True) -> str:
    """The text of -m, of -F (a file, or "-" for standard input), or of the editor. 65 where nothing was written."""
    if message is not None:
        text = message
    elif file is not None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise Failure(NO_INPUT, f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise Failure(DATA, f"{file} is not UTF-8: send it with --attach") from error
    elif needed and can_edit():
        text = _edited(draft)
    else:
        text = ""
    if needed and not text.strip():
        raise Failure(DATA, "there is no text: write it with -m TEXT, -F FILE, or in the editor; nothing was done")
    return text.strip()


def can_edit() -> bool:
    """Somebody sits there, or a program is named that writes the text for them."""
    return sys.stdin.isatty() or bool(_editor())


def _editor() -> str | None:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR")


def _edited(draft: str) -> str:
    comment = "# Your text goes above. Lines with # are dropped. An empty text cancels.\n"
    text = click.edit(f"\n\n{comment}{draft}", editor=_editor()) or ""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
