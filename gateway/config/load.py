"""Files to configuration: read, checked against the tables, checked against each other, built; or every problem."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from gateway.config import build, keys, transport
from gateway.config.answers import read_answers
from gateway.config.checks import desk_troubles, names_of
from gateway.config.checks_outside import outside_troubles
from gateway.config.closed_days import closed
from gateway.config.document import Document, read
from gateway.config.entry import Entry, Trouble
from gateway.config.keys import Root
from gateway.config.problem import Problem
from gateway.config.settings import Config
from gateway.config.tables import Row, Struct

PLACES: Final = ("gateway.toml", "/etc/gateway/gateway.toml")


class NoConfiguration(Exception):
    """There is no gateway.toml where one is looked for. The message names the places."""


def find(explicit: str | Path | None, environment: Mapping[str, str]) -> Path:
    """The configuration file: as said, else $GATEWAY_CONFIG, else ./gateway.toml, else /etc/gateway/gateway.toml.

    What is said need not exist (`load` tells). NoConfiguration where nothing is said and nothing is there.
    """
    if explicit:
        return Path(explicit)
    if environment.get("GATEWAY_CONFIG"):
        return Path(environment["GATEWAY_CONFIG"])
    for place in PLACES:
        if Path(place).is_file():
            return Path(place)
    raise NoConfiguration(
        f"there is no {' and no '.join(PLACES)}: name one with --config or $GATEWAY_CONFIG, or make one: gateway init"
    )


def load(path: Path, environment: Mapping[str, str], today: date) -> Config | list[Problem]:
    """The configuration in `path` and its files, or everything that is wrong with it, in the order of files and lines.

    `environment` has the variables that systemd sets ($STATE_DIRECTORY, $RUNTIME_DIRECTORY, $CREDENTIALS_DIRECTORY).
    Holidays are resolved from the year before `today` to two years after it. No secret is read.
    """
    document, problems = read(path)
    troubles: list[Trouble] = []
    if not document.values and problems:
        return problems
    root = Struct(Root).read(Entry((), document.values, troubles))
    if not document.whole:  # names and tables that seem to be missing may stand in the file that could not be read
        troubles = [trouble for trouble in troubles if trouble.path]
        return _sorted(problems + [document.problem(trouble) for trouble in troubles], document)
    where = transport.folders(path, _state_dir(root), environment)
    closed_dates: dict[str, frozenset[date]] = {}
    for name, row in (root.get(Root.calendar) or {}).items():
        closed_dates[name], found = closed(row, where.root, today)
        troubles += found
    answers, unfit = read_answers(document.files, where.root, *_languages(root))
    problems += unfit
    troubles += desk_troubles(root, names_of(root, frozenset(answers)), closed_dates, today)
    troubles += outside_troubles(root, where, environment)
    problems = _sorted(problems + [document.problem(trouble) for trouble in troubles], document)
    if any(problem.severity == "error" for problem in problems):
        return problems
    return Config(
        path=path,
        files=document.files,
        policy=build.policy(root, closed_dates, answers),
        listen=transport.listen(root[Root.listen], where),
        send=transport.send(root[Root.send], where),
        imap={
            name: imap
            for name, row in root[Root.mailbox].items()
            if (imap := transport.imap(name, row, where)) is not None
        },
        storage=transport.storage(root[Root.storage], where),
        state_dir=where.state,
        runtime_dir=where.runtime,
        template_dir=where.root / root[Root.gateway][keys.Gateway.template_dir],
        log=transport.log(root[Root.log]),
        admin_notify=root[Root.admin][keys.Admin.notify],
        delete_closed_after=root[Root.privacy][keys.Privacy.delete_closed_after],
        problems=tuple(problems),
        document=document,
    )


def _languages(root: Row) -> tuple[tuple[str, ...], str]:
    """Those of the desk, and its own."""
    gateway = root.get(Root.gateway)
    own = (gateway.get(keys.Gateway.language) if gateway else None) or "en"
    return (gateway.get(keys.Gateway.languages) if gateway else None) or (own,), own


def _state_dir(root: Row) -> str:
    gateway = root.get(Root.gateway)
    return (gateway.get(keys.Gateway.state_dir) if gateway else None) or "state"


def _sorted(problems: list[Problem], document: Document) -> list[Problem]:
    """In the order of files and lines; findings that say the same of the same place once."""
    order = {str(path): index for index, path in enumerate(document.files)}
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: (order.get(problem.file, -1), problem.file, problem.line, problem.column))
