"""Secrets are named in the configuration, never written there: a reference says where to fetch one.

`resolve` is the only function that holds a secret's text. It is never logged, and no error names it.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

Way = Literal["credential", "file", "env", "command"]

FOUR_WAYS: Final = (
    '{ credential = "NAME" } (systemd), { file = "/PATH" }, { env = "NAME" } or { command = ["PROGRAM", "ARGUMENT"] }'
)
_LONGEST: Final = 65_536  # bytes; refresh tokens have a few thousand
_PATIENCE: Final = 30  # seconds a command may take: a password store may ask a server


class SecretError(Exception):
    """A secret that cannot be fetched. The message says what to do and never holds the secret."""


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is. `name` is a credential's or a variable's name or a path; `argv` a command."""

    way: Way
    name: str = ""
    argv: tuple[str, ...] = ()

    def under(self, root: Path) -> SecretRef:
        """The same with the path of its file, if it is one, relative to `root`: the directory of gateway.toml."""
        return replace(self, name=str(root / self.name)) if self.way == "file" else self

    def __repr__(self) -> str:
        # Arguments of a command may be secrets themselves.
        return f"SecretRef({self.way} {self.argv[0] if self.argv else self.name})"


Reach = Literal["set", "missing", "exposed", "not checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be said of a secret without fetching it. "missing" and "exposed" are errors."""

    reach: Reach
    words: str


def resolve(ref: SecretRef, environment: Mapping[str, str]) -> str:
    """The secret; one line end after it is ignored. SecretError where it cannot be had, or is empty."""
    match ref.way:
        case "credential" | "file":
            text = _file_text(ref, environment)
        case "env":
            if ref.name not in environment:
                raise SecretError(f"the variable {ref.name} is not set in the environment")
            text = environment[ref.name]
        case "command":
            text = _output(ref.argv)
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise SecretError(f"the secret of {_words(ref)} is empty")
    return text


def look(ref: SecretRef, environment: Mapping[str, str]) -> Finding:
    """Whether the secret can be had here, without reading it or running anything."""
    match ref.way:
        case "credential" if not environment.get("CREDENTIALS_DIRECTORY"):
            return Finding("not checked", f"{_words(ref)} is provided by the unit, not checked here")
        case "credential":
            if not _credential(ref, environment).is_file():
                unit = f"LoadCredential={ref.name}:/etc/gateway/secrets/{ref.name}"
                return Finding("missing", f"the unit provides no {_words(ref)}: add {unit}")
            return Finding("set", f"{_words(ref)} is set")
        case "file":
            return _look_at_file(ref)
        case "env":
            is_set = bool(environment.get(ref.name))
            return Finding(*(("set", "is set") if is_set else ("not checked", f"{_words(ref)} is not set here")))
        case "command":
            import shutil  # it and subprocess cost 30 ms, and few secrets are commands

            if shutil.which(ref.argv[0]) is None:
                return Finding("missing", f"there is no program {ref.argv[0]} to run")
            return Finding("not checked", f"{_words(ref)} is run when the gateway starts, not checked here")


def _look_at_file(ref: SecretRef) -> Finding:
    path = Path(ref.name)
    try:
        status = path.stat()
    except PermissionError:
        return Finding("not checked", f"{path} cannot be read by this user, not checked here")
    except OSError as error:
        return Finding("missing", f"{path}: {(error.strerror or 'cannot be read').lower()}")
    if not stat.S_ISREG(status.st_mode):
        return Finding("missing", f"{path} is not a file")
    if status.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return Finding("exposed", f"{path} can be read by everybody on this machine: chmod 600 {path}")
    return Finding("set", f"{path} is there")


def _credential(ref: SecretRef, environment: Mapping[str, str]) -> Path:
    return Path(environment["CREDENTIALS_DIRECTORY"]) / ref.name


def _file_text(ref: SecretRef, environment: Mapping[str, str]) -> str:
    finding = look(ref, environment)
    if finding.reach in ("missing", "exposed"):
        raise SecretError(finding.words)
    if ref.way == "credential" and not environment.get("CREDENTIALS_DIRECTORY"):
        raise SecretError(f"{_words(ref)} is provided by the systemd unit only: $CREDENTIALS_DIRECTORY is not set")
    path = _credential(ref, environment) if ref.way == "credential" else Path(ref.name)
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        raise SecretError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    if len(data) > _LONGEST:
        raise SecretError(f"{path} is larger than a secret can be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"{path} is not UTF-8 text") from None


def _output(argv: tuple[str, ...]) -> str:
    import subprocess

    # No shell. What the program complains about goes to our stderr, and from there to the journal.
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise SecretError(f"the command {argv[0]} took longer than {_PATIENCE} seconds") from None
    except OSError as error:
        raise SecretError(f"the command {argv[0]}: {(error.strerror or 'cannot be run').lower()}") from None
    if done.returncode != 0:
        raise SecretError(f"the command {argv[0]} failed with exit code {done.returncode}")
    try:
        return done.stdout[:_LONGEST].decode("utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"the command {argv[0]} did not print UTF-8 text") from None


def _words(ref: SecretRef) -> str:
    match ref.way:
        case "credential":
            return f"the credential {ref.name}"
        case "file":
            return f"the file {ref.name}"
        case "env":
            return f"the variable {ref.name}"
        case "command":
            return f"the command {ref.argv[0]}"
