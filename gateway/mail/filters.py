"""What templates do to texts: wrap, quote, make links, make bold."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, Final

from markupsafe import Markup, escape

COLUMNS: Final = 72
_URL: Final = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+[^\s<>\"'`{}|\\^\[\].,;:!?)]")
_MARKED: Final = re.compile(r"\s|[>|#*+•-]|\d{1,3}[.)]|https?://\S+$")
_UNEVEN: Final = re.compile(r"[^\S ]|  |\A |[ ]\Z|\A\Z")  # anything but words with single blanks between them
_LEADING: Final = re.compile(r"[ \t>]*")


def wrapped(text: str, indent: str = "", columns: int = COLUMNS) -> str:
    """Every line of `text` broken at blanks to `columns`, continued under its own beginning; links stay whole."""
    done: list[str] = []
    for line in str(text).split("\n"):
        if len(indent) + len(line) <= columns:
            done.append(indent + line)
            continue
        lead = indent + _LEADING.match(line)[0][:20]  # type: ignore[index]
        body = line[len(lead) - len(indent) :]
        done.extend(_broken(body, lead, columns) or [indent])
    return "\n".join(done)


def _broken(body: str, lead: str, columns: int) -> list[str]:
    """Plain prose is broken here, with the same result, as `textwrap` is slow: a mail has hundreds of lines."""
    if _UNEVEN.search(body):
        return textwrap.wrap(
            body, columns, initial_indent=lead, subsequent_indent=lead, break_long_words=False, break_on_hyphens=False
        )
    width = columns - len(lead)
    lines: list[str] = []
    at = 0
    while len(body) - at > width:
        end = body.rfind(" ", at, at + width + 1)
        if end < 0 and (end := body.find(" ", at)) < 0:
            break
        lines.append(lead + body[at:end])
        at = end + 1
    return [*lines, lead + body[at:]]


def hanging(text: str, first: str, columns: int = COLUMNS) -> str:
    """`text` after the mark `first`, its further lines indented as far as the mark is wide."""
    line = " ".join(str(text).split())
    if line and len(first) + len(line) <= columns:
        return first + line
    broken = textwrap.wrap(
        line,
        columns,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(broken)


def cited(text: str) -> str:
    """Quoted as mail quotes: every line behind "> "."""
    return wrapped("\n".join(f"> {line}".rstrip() for line in str(text).split("\n")))


def paragraphs(text: str) -> list[list[str]]:
    """The blocks between empty lines, each a list of its lines; one that a client broke at its column is one line."""
    blocks = re.split(r"\n[ \t]*\n", str(text).strip("\n"))
    return [_unbroken(block.strip("\n").split("\n")) for block in blocks if block.strip()]


def _unbroken(lines: list[str]) -> list[str]:
    """Prose that was wrapped at 55 to 80 columns as one line; lists, quotes, code and addresses as they are."""
    full = lines[:-1]
    if not full or any(_MARKED.match(line) for line in lines):
        return lines
    if all(55 <= len(line.rstrip()) <= 80 for line in full):
        return [" ".join(line.strip() for line in lines)]
    return lines


def flowing(text: str) -> list[str]:
    """The blocks between empty lines, each as one line: for prose whose line ends mean nothing."""
    blocks = re.split(r"\n[ \t]*\n", str(text))
    return [line for block in blocks if (line := " ".join(block.split()))]


def prose(text: str, indent: str = "") -> str:
    """Paragraphs, each broken anew to the width of a mail."""
    return "\n\n".join(wrapped(block, indent) for block in flowing(text))


def rich(text: str, phrases: Iterable[object] = ()) -> Markup:
    """Escaped, with every one of `phrases` in bold, and http and https addresses as links that show where they go."""
    plain, done, at = str(text), Markup(), 0
    wanted = sorted({str(phrase) for phrase in phrases if str(phrase)}, key=len, reverse=True)
    if not wanted and "://" not in plain:
        return escape(plain)
    for found in _URL.finditer(plain):
        done += _bold(plain[at : found.start()], wanted)
        done += Markup('<a class="a" href="{0}" rel="noopener nofollow" style="color:#0b5cad">{0}</a>').format(found[0])
        at = found.end()
    return done + _bold(plain[at:], wanted)


def _bold(text: str, phrases: list[str]) -> Markup:
    if not phrases:
        return escape(text)
    pieces = re.split("(" + "|".join(map(re.escape, phrases)) + ")", text)
    return Markup().join(
        Markup("<strong>{}</strong>").format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def clipped(text: str, longest: int) -> str:
    """As one line, cut between two words to at most `longest` characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "wrapped": wrapped,
    "hanging": hanging,
    "cited": cited,
    "clipped": clipped,
    "paragraphs": paragraphs,
    "flowing": flowing,
    "prose": prose,
    "rich": rich,
}
