"""What the commands that change a ticket have in common: which tickets, who acts, and the one way to do it."""

from __future__ import annotations

import getpass
import hashlib
import mimetypes
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from gateway.advance import NoSuchTicket, advance, load
from gateway.cli import Globals
from gateway.cli.failure import DATA, NO_INPUT, NOT_ALLOWED, REFUSED, UNKNOWN, Failure
from gateway.cli.present import say, show_json
from gateway.cli.setting import now, office
from gateway.desk import naming
from gateway.desk.answers import fill
from gateway.desk.causes import AgentActed
from gateway.desk.commands import Command
from gateway.desk.decide import Refused
from gateway.desk.naming import Unknown
from gateway.desk.policy import Agent, Answer, Policy
from gateway.desk.ticket import Article, AttachmentRef, Author, Ticket
from gateway.letters_answer import places
from gateway.office import Office, new_id
from gateway.shown import whole
from gateway.store import articles, events, outbox
from gateway.store.transaction import Transaction


def numbers(words: Sequence[str], policy: Policy) -> list[int]:
    """`1042`, `ACME-1042`, or "-": numbers from standard input."""
    given: list[str] = []
    for word in words:
        given += sys.stdin.read().split() if word == "-" else [word]
    return [number(word, policy) for word in given]


def number(word: str, policy: Policy) -> int:
    bare = word.strip("[]#").upper().removeprefix(f"{policy.prefix.upper()}-").split("-")[0]
    if not bare.isdigit() or len(bare) > 10:
        raise Failure(UNKNOWN, f"{word} is no ticket: write its number, as in 1042 or {policy.prefix}-1042")
    return int(bare)


def acting(given: Globals, policy: Policy) -> Agent:
    """Who acts: `--as`, else the agent whose `unix_user` is the caller. A viewer only looks."""
    agent = _named(given.agent, policy) if given.agent else _by_account(policy)
    if agent.role == "viewer":
        raise Failure(NOT_ALLOWED, f"{agent.name} is a viewer, who only looks")
    return agent


def _named(word: str, policy: Policy) -> Agent:
    found = naming.agent(word, policy)
    if isinstance(found, Unknown):
        raise Failure(UNKNOWN, str(found))
    return policy.agents[found]


def _by_account(policy: Policy) -> Agent:
    user = getpass.getuser()
    agent = next((each for each in policy.agents.values() if each.unix_user == user), None)
    if agent is None:
        known = ", ".join(policy.agents) or "none is configured: add one to config/agents.toml"
        raise Failure(NOT_ALLOWED, f"no agent has the unix_user {user}: say who acts with --as AGENT ({known})")
    return agent


def meant(found: str | Unknown) -> str:
    if isinstance(found, Unknown):
        raise Failure(UNKNOWN, str(found))
    return found


@dataclass(frozen=True, slots=True)
class File:
    """A file given with --attach."""

    ref: AttachmentRef
    data: bytes


def files(paths: Iterable[str]) -> list[File]:
    found = []
    for path in paths:
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise Failure(NO_INPUT, f"{path}: {error.strerror}") from error
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        sha256 = hashlib.sha256(data).hexdigest()
        found.append(File(AttachmentRef(0, Path(path).name, kind, len(data), sha256), data))
    return found


def written(message: str | None, file: str | None, *, draft: str = "", needed: bool = True) -> str:
    """The text of -m, of -F (a file, or "-" for standard input), or of the editor. 65 where nothing was written."""
    if message is not None:
        text = message
    elif file is not None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except OSError as error:
            raise Failure(NO_INPUT, f"{file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise Failure(DATA, f"{file} is not UTF-8: send it with --attach") from error
    elif needed and sys.stdin.isatty():
        text = _edited(draft)
    else:
        text = ""
    if needed and not text.strip():
        raise Failure(DATA, "there is no text: write it with -m TEXT, -F FILE, or in the editor; nothing was done")
    return text.strip()


def _edited(draft: str) -> str:
    comment = "# Your text goes above. Lines with # are dropped. An empty text cancels.\n"
    text = click.edit(f"\n\n{comment}{draft}", editor=os.environ.get("VISUAL") or os.environ.get("EDITOR")) or ""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def article_of(agent: Agent, text: str, subject: str, attached: Sequence[File], *, public: bool, first: int) -> Article:
    return Article(
        id=new_id(),
        at=now(),
        direction="out" if public else "internal",
        visibility="public" if public else "private",
        author=Author("agent", agent.name, agent.email, agent.id),
        subject=subject,
        text=text,
        attachments=tuple(
            AttachmentRef(index, each.ref.name, each.ref.content_type, each.ref.size, each.ref.sha256)
            for index, each in enumerate(attached, start=first)
        ),
    )


@dataclass(frozen=True, slots=True)
class Doing:
    """What `agent` does to each ticket: words (`answer` behind `text`), seen by the customer or not, and commands."""

    agent: Agent
    commands: tuple[Command, ...]
    text: str
    public: bool
    attached: tuple[File, ...]
    answer: Answer | None


def act(
    given: Globals,
    words: Sequence[str],
    commands: Sequence[Command],
    *,
    done: str,
    text: str = "",
    public: bool = True,
    attached: Sequence[File] = (),
    answer: str | None = None,
    desk: Office | None = None,
) -> None:
    """Do it on each ticket, all in one transaction: one that refuses leaves all as they were.

    `answer` names a saved answer, which stands behind `text`.
    """
    at = desk or office(given)
    try:
        agent = acting(given, at.desk.policy)
        wanted = numbers(words, at.desk.policy)
        at.desk.blobs.stage(each.data for each in attached)
        saved = at.desk.policy.answers[meant(naming.answer(answer, at.desk.policy))] if answer is not None else None
        doing = Doing(agent, tuple(commands), text, public, tuple(attached), saved)
        tickets = at.db.write(_act, at, wanted, doing)
        for ticket in tickets:
            tell(given, at, ticket, done)
    finally:
        at.close()


def _act(tx: Transaction, at: Office, wanted: list[int], doing: Doing) -> list[Ticket]:
    changed = []
    for each in wanted:
        try:
            ticket = load(tx, each)
            text, article = _text(doing, ticket, at.desk.policy), None
            if text or doing.attached:
                first = articles.next_attachment(tx, each)
                article = article_of(
                    doing.agent, text, ticket.subject, doing.attached, public=doing.public, first=first
                )
            cause = AgentActed(doing.agent.id, doing.commands, article)
            data = {one.ref.sha256: one.data for one in doing.attached}
            changed.append(advance(tx, at.desk, each, cause, now(), new_id, data))
        except NoSuchTicket as error:
            raise Failure(UNKNOWN, f"{error}; nothing was done") from error
        except Refused as error:
            raise Failure(REFUSED, f"{error}; nothing was done") from error
    return changed


def _text(doing: Doing, ticket: Ticket, policy: Policy) -> str:
    if doing.answer is None:
        return doing.text
    said = fill(doing.answer.text.within(ticket.language), places(ticket, doing.agent, policy, now()))
    return "\n\n".join(filter(None, (doing.text, said)))


def tell(given: Globals, at: Office, ticket: Ticket, done: str) -> None:
    """With --json the ticket in the form of `ticket show`, else one line."""
    if given.json:
        show_json(at.db.write(shown, at, ticket))
    elif given.quiet:
        click.echo(str(ticket.number))
    else:
        say(given, f"{at.desk.policy.reference(ticket.number)}: {done}")


def shown(tx: Transaction, at: Office, ticket: Ticket) -> dict[str, object]:
    return whole(
        ticket,
        articles.of(tx, ticket.number),
        events.events_of(tx, ticket.number),
        outbox.delivery_of(tx, ticket.number),
        at.desk.policy,
        at.desk.keys,
    )
