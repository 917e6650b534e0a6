"""What goes wrong becomes a sentence on stderr and an exit code that scripts and MTAs understand (sysexits(3))."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

OK, FAILED, USAGE, DATA, NO_INPUT, UNKNOWN, UNREACHABLE = 0, 1, 2, 65, 66, 67, 69
CANNOT_CREATE, TRY_AGAIN, REFUSED, NOT_ALLOWED, CONFIGURATION = 73, 75, 76, 77, 78


class Failure(click.ClickException):
    """A sentence for the user, and the code to leave with."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: object = None) -> None:
        click.echo(f"gateway: {self.message}", err=True)


def run(command: click.Group, arguments: Sequence[str]) -> int:
    """Every expected trouble has its own words; an unexpected one keeps its traceback, and is ours to mend."""
    try:
        result = command.main(args=list(arguments), prog_name="gateway", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.Abort:
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
    return result if isinstance(result, int) else OK
