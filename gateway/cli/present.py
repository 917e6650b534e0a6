"""How results are shown: tables and colours on a terminal, TSV without a head elsewhere, JSON where it is asked for."""

from __future__ import annotations

import csv
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import click

from gateway.cli import Globals

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def show_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def say(given: Globals, message: str) -> None:
    """A message for people, on stderr; -q silences it."""
    if not given.quiet:
        click.echo(message, err=True)


def clean(text: str) -> str:
    """One line without control characters: mail decides what is in it, and a terminal obeys escapes (DUTIES REN-07)."""
    if text.isprintable():  # most are, and lists are long
        return " ".join(text.split())
    shown = "".join(" " if _commands(char) or unicodedata.category(char) in ("Zl", "Zp") else char for char in text)
    return " ".join(shown.split())


def clean_block(text: str) -> str:
    """Lines stay lines; nothing else commands the terminal."""
    return "\n".join(
        "".join("�" if char != "\t" and _commands(char) else char for char in line) for line in text.splitlines()
    )


def _commands(char: str) -> bool:
    """Controls, and what turns the direction of the text around it. Joiners stay: scripts and emoji need them."""
    return unicodedata.category(char) == "Cc" or char in _TURNING


def show_fields(record: Mapping[str, object], room: int) -> None:
    """A name and its value a line, `room` columns for names; what is empty is left out, what has lines is set in."""
    for name, value in record.items():
        if value in (None, "", [], {}):
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        first, *more = clean_block(text).splitlines() or [""]
        click.echo(f"{style(name.ljust(room), bold=True)} {first}")
        for line in more:
            click.echo(f"{' ' * room} {line}")


def short(identifier: str) -> str:
    """As much of an id as people need on a terminal; all of it elsewhere."""
    return identifier[:12] if sys.stdout.isatty() else identifier


def coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def style(text: str, **how: object) -> str:
    return click.style(text, **how) if coloured() else text  # type: ignore[arg-type]


def show_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """On a terminal with a head, columns aligned, the last one cut to the width; elsewhere TSV without a head."""
    lines = [[clean(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        click.echo("".join("\t".join(line) + "\n" for line in lines), nl=False)
        return
    widths = [max(map(width, column)) for column in zip(head, *lines, strict=True)]
    room = max(20, columns() - sum(widths[:-1]) - 2 * (len(widths) - 1))
    for index, line in enumerate([list(head), *lines]):
        cells = [cell + " " * (size - width(cell)) for cell, size in zip(line, widths, strict=True)]
        text = "  ".join([*cells[:-1], _cut(line[-1], room)]).rstrip()
        click.echo(style(text, bold=True) if index == 0 else text)


def show_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A text that a spreadsheet would take for a formula gets a quotation mark before it (DUTIES REN-07)."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and len(cell) > 1 and cell.startswith(_FORMULA) else cell


def bare(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.6g}" if isinstance(figure, float) else str(figure)


def width(text: str) -> int:
    """Columns of a terminal: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def ago(at: datetime | None, now: datetime) -> str:
    """ "3 min ago" on a terminal; ISO in UTC elsewhere."""
    if at is None:
        return ""
    if not sys.stdout.isatty():
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    seconds = int((now - at).total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= size:
            count = abs(seconds) // size
            return f"{count} {unit} ago" if seconds > 0 else f"in {count} {unit}"
    return "now"


def on_terminal() -> bool:
    return sys.stdout.isatty()


def wrapped(text: str, room: int) -> list[str]:
    """Lines of at most `room` columns, broken between words; a word that is longer stays whole."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        return 100


def _cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    kept = ""
    for char in text:
        if width(kept + char) >= room:
            break
        kept += char
    return kept + "…"
