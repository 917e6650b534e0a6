"""What is wrong with a configuration, and how it is shown: FILE:LINE:COL, the line, a caret, what was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]

_LINE_LIMIT: Final = 160
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. Only an error stops the gateway from using the configuration.

    `line` and `column` are 1-based; `line` 0 means the file as a whole, which has no source to show. `length` is the
    number of characters the caret underlines. `suggestion` is what to write instead, as bare text or as TOML, or "".
    `source_lines` are the line before and the line itself, secrets in them blotted out.
    """

    file: str
    line: int
    column: int
    length: int
    severity: Severity
    message: str
    suggestion: str = ""
    source_lines: tuple[str, ...] = ()


def render(problem: Problem) -> str:
    """The finding as text, without a line end after it."""
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    lines = [f"{where}: {problem.severity}: {problem.message}"]
    hint = _hint(problem.suggestion)
    if not problem.source_lines:
        return "\n".join(lines + [f"      {hint}"] * bool(hint))
    first = problem.line - len(problem.source_lines) + 1
    lines += [f"{number:5} | {_shown(source)}".rstrip() for number, source in enumerate(problem.source_lines, first)]
    start = problem.column - 1
    if start < _LINE_LIMIT:
        # Tabs stay tabs, so that the caret stands below what it means however wide they are.
        lead = re.sub(r"[^\t]", " ", problem.source_lines[-1][:start])
        carets = "^" * min(problem.length, _LINE_LIMIT - start)
        lines.append(f"      | {lead}{carets} {hint}".rstrip())
    return "\n".join(lines)


def summary(problems: Sequence[Problem]) -> str:
    """ "5 errors and 1 warning in gateway.toml and config/rules.toml", or "" where there is neither."""
    counts = [
        f"{count} {word}" if count == 1 else f"{count} {word}s"
        for word in ("error", "warning")
        if (count := sum(problem.severity == word for problem in problems))
    ]
    files = list(dict.fromkeys(problem.file for problem in problems if problem.severity != "note"))
    if not counts:
        return ""
    listed = files[0] if len(files) == 1 else f"{', '.join(files[:-1])} and {files[-1]}"
    return f"{' and '.join(counts)} in {listed}"


def has_errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _hint(suggestion: str) -> str:
    if not suggestion:
        return ""
    is_toml = '"' in suggestion or suggestion[0] in "[{" or suggestion.isdecimal() or suggestion in ("true", "false")
    return f"did you mean {suggestion}?" if is_toml else f'did you mean "{suggestion}"?'


def _shown(source: str) -> str:
    """A source line that is safe on a terminal and not longer than one can read."""
    clean = _CONTROLS.sub("\ufffd", source)
    return clean if len(clean) <= _LINE_LIMIT else clean[: _LINE_LIMIT - 1] + "…"
