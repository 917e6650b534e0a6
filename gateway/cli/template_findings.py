"""Is every letter of every language fit to be sent? Each is rendered about a ticket that never was.

At run time a letter whose own template fails is sent by the built-in one; here nothing stands in for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from gateway.config.problem import Problem
from gateway.desk.policy import Policy
from gateway.letters import write
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail.letter import Letter
from gateway.mail.render import DEFAULT, LAST_LANGUAGE, TemplateProblem, Templates
from gateway.mail.thread import Key, Keys
from gateway.templates_files import based_on, fingerprint, overrides, packaged, sources

SAMPLE_KEYS: Final = Keys((Key("sample", b"only for samples, never for mail"),))
_SAMPLE_ID: Final = "5a3b1e0d9c7f4e2b8a6d0c1f3e5b7a90"
_QUOTED: Final = re.compile(r"'(\w+)'")
_STAFF: Final = ("agent_", "admin_")


class Exact(Templates):
    """Templates of which a failing one fails."""

    def builtin(self) -> Templates:
        return self


@dataclass(frozen=True, slots=True)
class Folders:
    """`own` is the operator's template_dir, which goes before the built-in one, or None where there is none."""

    builtin: Path
    own: Path | None

    def is_own(self, template: str) -> bool:
        return self.own is not None and not template.startswith(DEFAULT) and (self.own / template).is_file()

    def file(self, template: str) -> Path:
        """Where the text of that template was read."""
        builtin = self.builtin / template.removeprefix(DEFAULT)
        if self.own is not None and (self.is_own(template) or not builtin.is_file()):
            return self.own / template
        return builtin


def folders(template_dir: Path) -> Folders:
    builtin = packaged("templates")
    return Folders(builtin, template_dir if overrides(builtin, template_dir) else None)


def findings(policy: Policy, template_dir: Path, now: datetime) -> list[Problem]:
    """Everything that is wrong with the templates; empty for those that can be sent."""
    where = folders(template_dir)
    try:
        texts = sources(where.builtin, where.own)
    except (UnicodeDecodeError, OSError):
        return list(_unreadable(where))
    templates = Exact(texts)
    own = Templates({name: text for name, text in texts.items() if where.is_own(name)})
    known = Templates(sources(where.builtin)).letters(LAST_LANGUAGE)
    found = [*own.problems(), *_unrendered(templates, known, policy, now)]  # ours all compile: it takes two seconds
    first: dict[tuple[str, int], TemplateProblem] = {}
    for each in found:
        first.setdefault((each.template.removeprefix(DEFAULT), each.line), each)
    problems = sorted((placed(each, where) for each in first.values()), key=lambda one: (one.file, one.line))
    told = (*_missing(templates, known, policy, where), *_unknown(templates, known, where), *_outgrown(where, texts))
    return [*problems, *told]


def sample(letter: str, policy: Policy, templates: Templates, now: datetime, language: str, **where: str) -> Letter:
    """The letter as it would be written in `language`; `where` may name a category and a phase of it."""
    there = replace(policy, language=language)
    story = sample_story(there, now, letter, **where)
    return write(sample_notice(letter, there, now), story, there, templates, SAMPLE_KEYS, now, _SAMPLE_ID)


def _unrendered(templates: Templates, known: Sequence[str], policy: Policy, now: datetime) -> Iterator[TemplateProblem]:
    """What a language lacks is told apart; a change of phase has the words of every phase."""
    for language in policy.languages:
        for letter in _read_in(language, known, policy):
            if _has(language, letter, templates):
                yield from _tried(letter, policy, templates, now, language)
        for category in policy.categories.values():
            for phase in category.phases:
                where = {"category": category.id, "phase": phase.id}
                yield from _tried("phase_changed", policy, templates, now, language, **where)


def _read_in(language: str, known: Sequence[str], policy: Policy) -> list[str]:
    """Staff read the desk's language, customers all of them."""
    return [letter for letter in known if language == policy.language or not letter.startswith(_STAFF)]


def _has(language: str, letter: str, templates: Templates) -> bool:
    return templates.language_of(letter, language).partition("-")[0] == language.partition("-")[0]


def _tried(
    letter: str, policy: Policy, templates: Templates, now: datetime, language: str, **where: str
) -> Iterator[TemplateProblem]:
    try:
        sample(letter, policy, templates, now, language, **where)
    except TemplateProblem as problem:
        yield problem


def placed(problem: TemplateProblem, where: Folders) -> Problem:
    """With the lines of the file, and a caret under the name that the message quotes, or the whole of the line."""
    path = where.file(problem.template)
    if not path.is_file():
        return Problem(str(path), 0, 0, 0, "error", "this file is missing: the letter cannot be written without it")
    lines = path.read_text(encoding="utf-8").split("\n")
    if not 0 < problem.line <= len(lines):
        return Problem(str(path), 0, 0, 0, "error", problem.message)
    line = lines[problem.line - 1]
    start, width = len(line) - len(line.lstrip()), max(1, len(line.strip()))
    quoted = _QUOTED.search(problem.message)
    if quoted and (found := re.search(rf"\b{re.escape(quoted[1])}\b", line)):
        start, width = found.start(), len(quoted[1])
    shown = tuple(lines[max(0, problem.line - 2) : problem.line])
    return Problem(str(path), problem.line, start + 1, width, "error", problem.message, source_lines=shown)


def _missing(templates: Templates, known: Sequence[str], policy: Policy, where: Folders) -> Iterator[Problem]:
    """English stands in for what a language lacks; whoever configured the language did not mean that."""
    for language in policy.languages:
        lacking = [letter for letter in _read_in(language, known, policy) if not _has(language, letter, templates)]
        if lacking:
            message = f'"{language}" lacks {len(lacking)} of its letters, which go out in English: {", ".join(lacking)}'
            yield Problem(str((where.own or where.builtin) / language), 0, 0, 0, "error", message)


def _unknown(templates: Templates, known: Sequence[str], where: Folders) -> Iterator[Problem]:
    """Folders of the operator's that no letter uses: a name that was mistyped."""
    for language in templates.languages if where.own else ():
        for letter in templates.letters(language):
            if letter not in known:
                near = get_close_matches(letter, known, n=1)
                message = f'there is no letter "{letter}": nothing is ever sent by this template'
                file = where.file(f"{language}/{letter}/body.txt")
                yield Problem(str(file), 0, 0, 0, "warning", message, near[0] if near else "")


def _outgrown(where: Folders, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Files of the operator's that began as a built-in text which is another one by now."""
    for name in sorted(texts):
        based = based_on(texts[name]) if where.is_own(name) else None
        now = based and (texts.get(f"{DEFAULT}{based.template}") or texts.get(f"{DEFAULT}{name}"))
        if not based or not now or fingerprint(now).startswith(based.sha256[:16]):
            continue
        shown = name.split("/")[1] if name.count("/") == 2 else name
        message = (
            f"it is based on the {based.template} of {based.version}, which is another by now: gateway template diff "
            f"{shown} shows how; once it fits again, let it say sha256:{fingerprint(now)}"
        )
        yield Problem(str(where.file(name)), 1, 1, 1, "warning", message)


def _unreadable(where: Folders) -> Iterator[Problem]:
    for folder in (where.builtin, where.own):
        for path in sorted(folder.rglob("*") if folder else ()):
            if path.suffix not in (".txt", ".html") or not path.is_file():
                continue
            try:
                path.read_text(encoding="utf-8")
            except UnicodeDecodeError as error:
                yield Problem(str(path), 0, 0, 0, "error", f"it is not UTF-8: byte {error.start + 1} is none of a text")
            except OSError as error:
                yield Problem(str(path), 0, 0, 0, "error", f"it cannot be read: {error.strerror}")
