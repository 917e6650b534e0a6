"""`gateway template`: the letters' templates, what they look like, and where they differ from the built-in ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from gateway.cli import Globals
from gateway.cli.check import record, show_problems
from gateway.cli.failure import CANNOT_CREATE, CONFIGURATION, OK, UNKNOWN, USAGE, Failure
from gateway.cli.present import say, show_json, show_table, style
from gateway.cli.setting import configuration, now, office
from gateway.cli.template_findings import SAMPLE_KEYS, Exact, Folders, findings, folders, placed
from gateway.config.settings import Config
from gateway.desk import naming
from gateway.desk.naming import Unknown
from gateway.desk.policy import Policy
from gateway.desk.ticket import Article
from gateway.letters import Story, write
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail.compose import compose
from gateway.mail.letter import Letter
from gateway.mail.render import LAST_LANGUAGE, TemplateProblem, Templates
from gateway.mail.thread import Keys
from gateway.office import new_id
from gateway.templates_files import begun, load_templates, packaged, sources, without_mark

FILES = ("subject.txt", "body.txt", "body.html", "words.txt")


@click.group()
def template() -> None:
    """Letter templates: list, preview, copy, diff, check."""


@template.command("list")
@click.pass_obj
def list_(given: Globals) -> None:
    """Every letter: in which languages, and in which of them by a file of yours."""
    config = configuration(given)
    where = folders(config.template_dir)
    templates = _templates(where)
    rows = []
    for letter in templates.letters(LAST_LANGUAGE):
        languages = [each for each in templates.languages if letter in templates.letters(each)]
        own = [each for each in languages if any(where.is_own(f"{each}/{letter}/{file}") for file in FILES)]
        rows.append((letter, languages, own))
    if given.json:
        return show_json([{"letter": letter, "languages": there, "own": own} for letter, there, own in rows])
    if given.quiet:
        return click.echo("\n".join(letter for letter, _, _ in rows))
    return show_table(
        ("letter", "languages", "yours"), [(one, " ".join(all_), " ".join(own)) for one, all_, own in rows]
    )


_name = click.argument("name")


@template.command()
@_name
@click.option("--lang", "language", metavar="L", help="In this language (else the desk's, or the ticket's).")
@click.option("--ticket", "number", metavar="N", help="About this ticket instead of a sample.")
@click.option("--text", "shape", flag_value="text", help="The plain text, with its subject (the default).")
@click.option("--html", "shape", flag_value="html", help="The HTML.")
@click.option("--eml", "shape", flag_value="eml", help="The whole mail, as it would be sent.")
@click.pass_obj
def preview(given: Globals, name: str, language: str | None, number: str | None, shape: str | None) -> None:
    """A letter as it would be written now. Nothing is sent. A template that fails is an error (78)."""
    config = configuration(given)
    try:
        letter = _about(given, name, language, number) if number else _sampled(config, name, language)
    except TemplateProblem as problem:
        show_problems([placed(problem, folders(config.template_dir))], err=True)
        raise Failure(CONFIGURATION, f"the letter {name} cannot be written") from problem
    if given.json:
        show_json(_record(letter))
    elif shape == "eml":
        click.echo(compose(letter, lambda sha256: b"(a preview leaves the file out)\r\n"), nl=False)
    elif shape == "html":
        click.echo(letter.html, nl=False)
    else:
        click.echo(f"{style('Subject:', bold=True)} {letter.subject}\n\n{letter.text}", nl=False)


def _record(letter: Letter) -> dict[str, object]:
    return {
        "letter": letter.name,
        "language": letter.language,
        "from": {"name": letter.from_name, "email": letter.from_},
        "to": {"name": letter.to_name, "email": letter.to},
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
    }


def _sampled(config: Config, name: str, language: str | None) -> Letter:
    templates = _templates(folders(config.template_dir))
    policy = _in_language(config.policy, templates, language)
    letter = _letter(name)
    at = now()
    notice = sample_notice(letter, policy, at)
    return write(notice, sample_story(policy, at, letter), policy, templates, SAMPLE_KEYS, at, new_id())


def _about(given: Globals, name: str, language: str | None, number: str) -> Letter:
    """About a real ticket: its requester is written to, about the newest article that the letter may carry."""
    from gateway.advance import NoSuchTicket, load
    from gateway.cli.acting import number as numbered
    from gateway.store import articles

    at = office(given)
    try:
        templates = _templates(folders(at.config.template_dir))
        policy = _in_language(at.config.policy, templates, language)
        letter = _letter(name)
        with at.db.snapshot() as tx:
            try:
                ticket = load(tx, numbered(number, policy))
            except NoSuchTicket as error:
                raise Failure(UNKNOWN, str(error)) from error
            story = articles.of(tx, ticket.number)
    finally:
        at.close()
    notice = sample_notice(letter, policy, now())
    notice = replace(notice, article=_fitting(story, notice.article))
    if notice.audience in ("requester", "stranger"):
        notice = replace(notice, to=ticket.requester)
    told = replace(ticket, language=language) if language else ticket
    keys: Keys = at.desk.keys
    return write(notice, Story(told, story), policy, templates, keys, now(), new_id())


def _fitting(story: tuple[Article, ...], like: str | None) -> str | None:
    """The newest article of the kind that the sample's is: a question, an answer or a note."""
    wanted = {"question": "in", "answer": "out", "note": "internal"}.get(like or "")
    fitting = [each.id for each in story if each.direction == wanted and each.visibility != "held"]
    return fitting[-1] if fitting else None


@template.command()
@_name
@click.option("--lang", "language", metavar="L", help="In this language (else the desk's).")
@click.option("--file", "only", metavar="F", help="This file alone: words.txt has what is said, the others how.")
@click.pass_obj
def copy(given: Globals, name: str, language: str | None, only: str | None) -> None:
    """Begin files of your own as copies of the built-in ones; a file that is there is left alone.

    NAME is a letter, or a file that all letters share, as _layout.html and _words.txt. A language that is not built in
    begins in English.
    """
    config = configuration(given)
    builtin = packaged("templates")
    if config.template_dir.resolve() == builtin.resolve():
        raise Failure(CONFIGURATION, f"{builtin} holds the built-in templates: set template_dir to a folder of yours")
    chosen = language or config.policy.language
    wanted = [each for each in _templates_of(name, (chosen,)) if only in (None, each.rpartition("/")[2])]
    made = []
    for template in wanted:
        source, target = _source(builtin, template), config.template_dir / template
        if (builtin / source).is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(begun(source, (builtin / source).read_text(encoding="utf-8")), encoding="utf-8")
            made.append(str(target))
    if not made:
        raise Failure(CANNOT_CREATE, f"{name}: nothing to copy in {chosen} that is not there already")
    click.echo("\n".join(made))


def _source(builtin: Path, template: str) -> str:
    language, slash, rest = template.partition("/")
    return template if not slash or (builtin / language).is_dir() else f"{LAST_LANGUAGE}/{rest}"


@template.command()
@_name
@click.option("--lang", "language", metavar="L", help="Only in this language.")
@click.pass_obj
def diff(given: Globals, name: str, language: str | None) -> None:
    """What your files say and the built-in ones do not, as a unified diff. NAME as for copy."""
    config = configuration(given)
    where = folders(config.template_dir)
    languages = [each for each in _templates(where).languages if language in (None, each)]
    found = [line for each in _templates_of(name, languages) for line in _diff(where, each)]
    for line in found:
        click.echo(style(line, fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1])))
    if not found:
        say(given, f"{name}: nothing of yours differs from the built-in template")


def _diff(where: Folders, template: str) -> Iterator[str]:
    if not where.is_own(template) or where.own is None:
        return
    builtin, own = where.builtin / template, where.own / template
    before = builtin.read_text(encoding="utf-8").splitlines() if builtin.is_file() else []
    after = without_mark(own.read_text(encoding="utf-8")).splitlines()
    yield from difflib.unified_diff(before, after, str(builtin), str(own), lineterm="")


def _templates_of(name: str, languages: Sequence[str]) -> list[str]:
    """The files of a letter in these languages, or the shared file of that name. Failure where there is neither."""
    if name.rpartition("/")[2].startswith("_"):
        return [name, *(f"{language}/{name}" for language in languages)] if "/" not in name else [name]
    letter = _letter(name)
    return [f"{language}/{letter}/{file}" for language in languages for file in FILES]


@template.command()
@click.pass_obj
def check(given: Globals) -> int:
    """Render every letter of every configured language; every error with its file and line (78)."""
    config = configuration(given)
    found = findings(config.policy, config.template_dir, now())
    if given.json:
        show_json([record(each) for each in found])
    else:
        show_problems([each for each in found if each.severity == "error" or not given.quiet])
        if not found:
            say(given, f"every letter can be written in {', '.join(config.policy.languages)}")
    return CONFIGURATION if any(each.severity == "error" for each in found) else OK


def _templates(where: Folders) -> Templates:
    """A preview of a template that fails shows why, not the built-in one. Failure where a file is no text."""
    try:
        return Exact(sources(where.builtin, where.own))
    except UnicodeDecodeError as error:
        raise Failure(CONFIGURATION, f"a template is not UTF-8 ({error.reason}): gateway template check") from error


def _letter(name: str) -> str:
    """The letter of that name, or of one that is nearly written so. Failure where there is none."""
    known = load_templates(packaged("templates")).letters(LAST_LANGUAGE)
    found = naming.find("letter", name, dict.fromkeys(known, ()))
    if isinstance(found, Unknown):
        raise Failure(UNKNOWN, str(found))
    return found


def _in_language(policy: Policy, templates: Templates, language: str | None) -> Policy:
    if language is None:
        return policy
    if language not in templates.languages:
        raise Failure(USAGE, f"there are no templates in {language}; there are {', '.join(templates.languages)}")
    return replace(policy, language=language)
