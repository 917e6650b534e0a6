"""Templates into the three texts of a letter: subject, plain text, HTML.

A letter is a folder `<language>/<name>/` with subject.txt, body.txt, body.html, and words.txt for what both bodies say:
the values set in it are `w` to the three, those set in the language's own words (`_words.txt`) are `say` to all four.
Templates are written by operators and by nobody else: what came by mail is only ever a value (DUTIES REN-01). They are
given as texts; who reads the files is no concern of this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace, missing

from gateway.mail.filters import FILTERS
from gateway.mail.fold import one_line

DEFAULT: Final = "default:"
LAST_LANGUAGE: Final = "en"
LARGEST: Final = 256 * 1024  # characters of one rendered text (DUTIES REN-03)
LONGEST_SUBJECT: Final = 240

_PLAIN: Final = frozenset({TemplateModule, LoopContext, Namespace})
_OF_DICTS: Final = frozenset(dir(dict))
_LETTER: Final = re.compile(r"([a-z]{2,3}(?:-[A-Za-z0-9]+)*)/([a-z][a-z_]*)/body\.txt")
_GAPS: Final = re.compile(r"\n{3,}")


class TemplateProblem(Exception):
    """{template}, line {line}: {message}. A template that does not compile, or cannot be rendered with these values.

    `line` counts from 1; 0 where it is not known.
    """

    def __init__(self, template: str, line: int, message: str) -> None:
        super().__init__(f"{template}, line {line}: {message}" if line else f"{template}: {message}")
        self.template = template
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Rendered:
    """`subject` is one line; `text` ends in a newline."""

    subject: str
    text: str
    html: str


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, quicker on the values we give it: a frozen dataclass, a template's words and a loop have nothing to
    hide but names that begin with an underscore, and are asked for hundreds of attributes a letter."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As the sandbox's own, which asks each value besides whether it is `str.format`: a field of ours is none."""
        kind = type(obj)
        if attribute[0] != "_" and (kind in _PLAIN or hasattr(kind, "__dataclass_fields__")):
            value = getattr(obj, attribute, self)
            if value is not self and not callable(value):
                return value
        elif kind is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if type(obj) in _PLAIN or hasattr(type(obj), "__dataclass_fields__"):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


class _Missing(StrictUndefined):
    """A name without a value is an error that says which names there are."""

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:
            return self._undefined_hint
        if isinstance(owner, TemplateModule):
            return f"{owner.__name__} sets no '{name}'"
        fields = getattr(type(owner), "__dataclass_fields__", {})
        near = get_close_matches(name, fields, n=1)
        guess = f"; did you mean '{near[0]}'?" if near else ""
        if fields:
            return f"there is no '{name}' among {', '.join(fields)}{guess}"
        return f"this letter has no value '{name}'" if owner is missing else super()._undefined_message


class Templates:
    """Every template of the desk, compiled once, when first needed.

    `sources` maps a path ("en/ack/body.txt") to its text. A built-in template that an operator's file replaces is also
    there as "default:en/ack/body.txt", so that the replacement may extend it.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = dict(sources)
        self._environment = _Environment(
            loader=DictLoader(self._sources),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=_Missing,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self._environment.filters.update(FILTERS)
        self._builtin: Templates | None = None
        self._languages: dict[str, list[str]] = {}
        for name in sorted(self._sources):
            if found := _LETTER.fullmatch(name):
                self._languages.setdefault(found[1], []).append(found[2])

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._languages)

    def letters(self, language: str) -> tuple[str, ...]:
        """The letters that `language` has a folder for."""
        return tuple(self._languages.get(language, ()))

    def language_of(self, letter: str, *wanted: str) -> str:
        """The first of the `wanted` languages that has the letter, a language without its region ("de" for "de-AT")
        counting as having it; English else."""
        for language in wanted:
            for candidate in (language, language.partition("-")[0]):
                if letter in self._languages.get(candidate, ()):
                    return candidate
        return LAST_LANGUAGE

    def builtin(self) -> Templates:
        """The same without the operator's files: what is sent when one of those fails at run time."""
        if self._builtin is None:
            own = {name: text for name, text in self._sources.items() if name.startswith(DEFAULT)}
            self._builtin = Templates({name.removeprefix(DEFAULT): text for name, text in own.items()})
        return self._builtin

    def render(self, language: str, letter: str, values: Mapping[str, object], words: str = "_words") -> Rendered:
        """`words` names the language's own words. TemplateProblem where a template is missing, uses a name that has no
        value, or is too large."""
        folder = f"{language}/{letter}"
        known = dict(values)
        for name, source in (("say", f"{language}/{words}.txt"), ("w", f"{folder}/words.txt")):
            if source in self._sources:
                known[name] = self._words(source, known)
        return Rendered(
            subject=one_line(self._text(f"{folder}/subject.txt", known), LONGEST_SUBJECT),
            text=_tidy(self._text(f"{folder}/body.txt", known)),
            html=self._text(f"{folder}/body.html", known),
        )

    def phrase(self, language: str, name: str, values: Mapping[str, object]) -> str:
        """`<language>/_<name>.txt` as one line; in English where the language has none."""
        source = f"{language}/_{name}.txt"
        if source not in self._sources:
            source = f"{LAST_LANGUAGE}/_{name}.txt"
        return one_line(self._text(source, values))

    def problems(self) -> Iterator[TemplateProblem]:
        """The templates that do not compile."""
        for name in self._sources:
            try:
                self._environment.get_template(name)
            except TemplateError as error:
                yield _problem(name, error)

    def _words(self, name: str, values: Mapping[str, object]) -> TemplateModule:
        try:
            return self._environment.get_template(name).make_module(dict(values))
        except Exception as error:  # as in _text
            raise _problem(name, error) from error

    def _text(self, name: str, values: Mapping[str, object]) -> str:
        pieces: list[str] = []
        size = 0
        try:
            template = self._environment.get_template(name)
            for piece in template.root_render_func(template.new_context(dict(values))):
                size += len(piece)
                if size > LARGEST:
                    raise TemplateProblem(name, 0, f"more than {LARGEST} characters")
                pieces.append(piece)
        except TemplateProblem:
            raise
        except Exception as error:  # a template is a program of the operator's: anything may go wrong in it
            raise _problem(name, error) from error
        return "".join(pieces)


def _problem(name: str, error: Exception) -> TemplateProblem:
    """A template knows which of its lines each line of its code was made of; the innermost is where it happened."""
    if isinstance(error, TemplateSyntaxError):
        return TemplateProblem(error.name or name, error.lineno, error.message or "not a template")
    where, line = name, 0
    trace = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            where, line = template.name or where, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return TemplateProblem(where, line, _said(error))


def _said(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template '{error.name}'"
    return str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"


def _tidy(text: str) -> str:
    """No blanks at line ends but the signature's, no more than one empty line in a row, so that templates may have
    every part on lines of its own."""
    lines = (line if line == "-- " else line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"
