"""`gateway manual`: the manual pages, from the commands themselves and the tables of the configuration (man(7))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway import __version__
from gateway.cli import COMMANDS, Globals, gateway
from gateway.cli.failure import CANNOT_CREATE, Failure
from gateway.cli.present import say

if TYPE_CHECKING:
    from gateway.config.tables import Key, Table

CODES = (
    ("0", "Done."),
    ("1", "Failed."),
    ("2", "Wrong use of the command line."),
    ("65", "Bad input data."),
    ("66", "No such input."),
    ("67", "No such ticket, agent, customer or mailbox."),
    ("69", "Not reachable."),
    ("73", "Cannot create a file."),
    ("75", "Try again: an MTA keeps the mail."),
    ("76", "Refused by a rule of the desk."),
    ("77", "Not allowed."),
    ("78", "An error in the configuration; the service does not restart on it."),
)
ENVIRONMENT = (
    ("GATEWAY_CONFIG", "The configuration file."),
    ("STATE_DIRECTORY", "Overrides state_dir; systemd sets it."),
    ("RUNTIME_DIRECTORY", "Where relative sockets lie; systemd sets it."),
    ("VISUAL, EDITOR", "Where texts are written that no option gives."),
    ("NO_COLOR", "No colours on a terminal."),
)
FILES = (
    ("./gateway.toml, /etc/gateway/gateway.toml", "The configuration, see gateway.toml(5)."),
    ("state/gateway.db", "Everything the desk knows, where no other database is configured."),
    ("state/outgoing/", "A Maildir with the letters, where no relay is configured."),
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def manual(given: Globals, folder: Path) -> None:
    """Write the manual pages into FOLDER/man1 and FOLDER/man5."""
    written = dict(pages())
    try:
        for name, text in written.items():
            path = folder / f"man{name[-1]}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(CANNOT_CREATE, f"{error.filename}: {error.strerror}") from error
    say(given, f"{len(written)} pages in {folder}")


def pages() -> Iterator[tuple[str, str]]:
    """Each page by the name of its file: the program, a page for each command, the configuration."""
    context = click.Context(gateway, info_name="gateway")
    yield "gateway.1", _program(context)
    for name, (_, line) in COMMANDS.items():
        command = gateway.get_command(context, name)
        assert command is not None
        yield f"gateway-{name}.1", _page(f"gateway-{name}", line, _command(command, context, name))
    yield "gateway.toml.5", _configuration()


# -- commands ----------------------------------------------------------------------------------------------------------


def _program(context: click.Context) -> str:
    lines = [
        ".SH SYNOPSIS", _bold("gateway") + " [options] command [arguments]",
        ".SH DESCRIPTION", _text(gateway.help or ""), ".SH OPTIONS", *_parameters(gateway, context),
        ".SH COMMANDS", *_list((f"gateway-{name}(1)", line) for name, (_, line) in COMMANDS.items()),
        ".SH EXIT STATUS", *_list(CODES), ".SH ENVIRONMENT", *_list(ENVIRONMENT), ".SH FILES", *_list(FILES),
        ".SH SEE ALSO", _bold("gateway.toml") + "(5)",
    ]  # fmt: skip
    return _page("gateway", "a support address becomes a ticket desk, by mail alone", lines)


def _command(command: click.Command, parent: click.Context, name: str) -> list[str]:
    """Its synopsis, meaning and options; of a group those of each of its commands."""
    context = click.Context(command, info_name=name, parent=parent)
    lines = [".SH SYNOPSIS", *_synopses(command, context)]
    lines += [".SH DESCRIPTION", _text(command.help or "")]
    options = list(_parameters(command, context))
    lines += [".SH OPTIONS", *options] if options else []
    inner = list(_subcommands(command, context))
    if inner:
        lines.append(".SH COMMANDS")
    for each, within in inner:
        lines += [f'.SS "{_plain(within.command_path)}"', _synopsis(each, within), ".PP", _text(each.help or "")]
        lines += _parameters(each, within)
    return [*lines, ".SH SEE ALSO", _bold("gateway") + "(1), " + _bold("gateway.toml") + "(5)"]


def _subcommands(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        each = command.get_command(context, name)
        assert each is not None
        within = click.Context(each, info_name=name, parent=context)
        yield each, within
        yield from _subcommands(each, within)


def _synopses(command: click.Command, context: click.Context) -> Iterator[str]:
    inner = [(each, within) for each, within in _subcommands(command, context) if not isinstance(each, click.Group)]
    yield "\n.br\n".join(_synopsis(each, within) for each, within in inner or [(command, context)])


def _synopsis(command: click.Command, context: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(context))
    return f"{_bold(_plain(context.command_path))} {_plain(pieces)}".rstrip()


def _parameters(command: click.Command, context: click.Context) -> Iterator[str]:
    """Only options have words of their own; the usage names the arguments."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in record[0]:
            yield from _list([record])


# -- the configuration -------------------------------------------------------------------------------------------------


def _configuration() -> str:
    from gateway.config.keys import Root

    lines = [
        ".SH DESCRIPTION",
        _text(
            "TOML. Files that include names are merged in the order of their names; the same table twice is an error, "
            "and so is a key that is not known. Every key has a default but those that are said to be needed. What "
            "holds is shown by gateway config show, what a key means by gateway config explain."
        ),
        *_table(Root, set()),
        ".SH SEE ALSO",
        _bold("gateway") + "(1)",
    ]
    return _page("gateway.toml", "the configuration of a desk", lines)


def _table(table: type[Table], seen: set[type[Table]]) -> Iterator[str]:
    """The keys of a table with their meanings, then the tables within it, each once."""
    from gateway.config.tables import Listed, Named, Struct

    seen.add(table)
    plain = [key for key in table.keys().values() if not isinstance(key.kind, Struct | Named | Listed)]
    if plain:
        yield f'.SH "{_plain(table.header or "AT THE TOP")}"'
        yield from _list((key.name, _meaning(key)) for key in plain)
    for key in table.keys().values():
        if isinstance(key.kind, Struct | Named | Listed) and key.kind.table not in seen:
            yield from _table(key.kind.table, seen)


def _meaning(key: Key[object]) -> str:
    from gateway.config.show import toml
    from gateway.config.tables import ABSENT, REQUIRED

    default = "Needed" if key.default is REQUIRED else "" if key.default is ABSENT else f"Default {toml(key.default)}"
    return "\n".join(f"{each[:1].upper()}{each[1:]}." for each in (key.doc, f"wants {key.kind.words}", default) if each)


# -- roff --------------------------------------------------------------------------------------------------------------


def _page(name: str, line: str, body: Iterable[str]) -> str:
    """A page without a date, so that the same source makes the same page."""
    section = 5 if name.endswith(".toml") else 1
    head = f'.TH "{_plain(name.upper())}" {section} "" "gateway {__version__}" "User Commands"'
    title = f"{_plain(name)} \\- {_plain(line.rstrip('.'))}"
    return "\n".join([head, ".SH NAME", title, *body]) + "\n"


def _list(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in entries:
        yield f".TP\n{_bold(_plain(term))}\n{_text(meaning)}"


def _text(words: str) -> str:
    """Paragraphs stay apart."""
    paragraphs = re.split(r"\n\s*\n", words.replace("\b", "").strip())
    return "\n.PP\n".join(_plain(" ".join(each.split())) for each in paragraphs)


def _bold(plain: str) -> str:
    return f"\\fB{plain}\\fR"


def _plain(words: str) -> str:
    """As it stands: nothing in it commands the formatter."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    escaped = escaped.replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
