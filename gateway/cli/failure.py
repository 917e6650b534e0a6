"""What goes wrong becomes a sentence on stderr and an exit code that scripts and MTAs understand (sysexits(3))."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

OK, FAILED, USAGE, DATA, NO_INPUT, UNKNOWN, UNREACHABLE = 0, 1, 2, 65, 66, 67, 69
CANNOT_CREATE, TRY_AGAIN, REFUSED, NOT_ALLOWED, CONFIGURATION = 73, 75, 76, 77, 78

_LONGEST = 500  # characters of a reason: some libraries tell their whole statement


class Failure(click.ClickException):
    """A sentence for the user, and the code to leave with."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: object = None) -> None:
        click.echo(f"gateway: {self.message}", err=True)


def run(command: click.Group, arguments: Sequence[str]) -> int:
    """Every trouble gets a sentence and a code; a traceback only with -v, for whoever mends it."""
    try:
        result = command.main(args=list(arguments), prog_name="gateway", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("gateway: interrupted; nothing was done", err=True)
        return FAILED
    except Failure as failure:
        failure.show()
        return failure.code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return OK
    except Exception as error:  # noqa: BLE001 - a user never sees a traceback that was not asked for
        if "-v" in arguments or "--verbose" in arguments:
            traceback.print_exc()
        code, words = told(error)
        click.echo(f"gateway: {words}", err=True)
        return code
    return result if isinstance(result, int) else OK


def told(error: Exception) -> tuple[int, str]:
    """The code and the sentence for trouble that no command foresaw. What is not loaded cannot have raised it."""
    code, words = FAILED, f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        words = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        code = NOT_ALLOWED if isinstance(error, PermissionError) else FAILED
    elif _is(error, "gateway.mail.render", "TemplateProblem"):
        code, words = CONFIGURATION, f"the template {error}"
    elif _is(error, "gateway.config.secrets", "SecretError"):
        code, words = CONFIGURATION, str(error)
    elif _is(error, "sqlalchemy.exc", "DBAPIError"):
        reason = str(getattr(error, "orig", error)).strip()
        code = TRY_AGAIN if "locked" in reason else UNREACHABLE if "connection" in reason else FAILED
        words = f"the database: {reason}"
    elif _is(error, "gateway.store.blobs", "BlobDamaged"):
        words = f"what was kept is damaged: {error}; gateway verify tells more"
    elif _is(error, "gateway.store.codec", "FromTheFuture"):
        code, words = CONFIGURATION, str(error)
    return code, " ".join(words.split())[:_LONGEST]


def _is(error: Exception, module: str, name: str) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, getattr(loaded, name))
