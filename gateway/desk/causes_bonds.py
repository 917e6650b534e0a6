"""Causes that come from another ticket: what an agent did there reaches this one."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.desk.ticket import Article, Status, Ticket


@dataclass(frozen=True, slots=True)
class Absorbs:
    """`other` was merged into this ticket by `by`; before, it had the status `status`.

    `articles` are all of its articles, which are here now, `files` the numbers that its attachments had there and have
    here, `latest` the last article in which a customer wrote. `stopped`: its letters that will not be sent.
    """

    other: Ticket
    by: str
    status: Status
    articles: tuple[str, ...] = ()
    files: tuple[tuple[int, int], ...] = ()
    latest: str | None = None
    stopped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComesBack:
    """The ticket, merged until now, is one of its own again, with these articles and the status it had before."""

    by: str
    articles: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class SplitsOff:
    """The article `gone` became ticket `number`; `files` are the numbers of its attachments here and there.

    `article` is the note about it that stays.
    """

    by: str
    number: int
    gone: str
    article: Article
    files: tuple[tuple[int, int], ...] = ()


BondCause = Absorbs | ComesBack | SplitsOff
