"""What the desk does not do, and says why."""

from __future__ import annotations


class Refused(Exception):
    """A rule of the desk forbids it; the text says which, and what to do instead.

    `command`: which of the agent's commands was refused, from 0, where it was one.
    """

    def __init__(self, why: str, command: int | None = None) -> None:
        super().__init__(why)
        self.why = why  # a Phrase, where it is known in several languages
        self.command = command
