"""What the commands that change a ticket have in common: which tickets, who acts, and the one way to do it."""

from __future__ import annotations

import getpass
import hashlib
import mimetypes
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from gateway import merging
from gateway.advance import NoSuchTicket, load
from gateway.cli import Globals
from gateway.cli.failure import FAILED, NO_INPUT, NOT_ALLOWED, REFUSED, UNKNOWN, Failure
from gateway.cli.present import clean_block, say, show_json
from gateway.cli.setting import now, office
from gateway.cli.wording import Said
from gateway.desk import naming
from gateway.desk.answers import fill
from gateway.desk.causes import AgentActed
from gateway.desk.commands import Command
from gateway.desk.crossing import AT_ONCE, ago
from gateway.desk.decide import Refused
from gateway.desk.naming import Unknown
from gateway.desk.policy import Agent, Answer, Policy
from gateway.desk.ticket import Article, AttachmentRef, Author, Ticket
from gateway.letters_answer import places
from gateway.letters_long import beginning
from gateway.office import Office, new_id
from gateway.shown import whole
from gateway.store import articles, events, facts, outbox
from gateway.store.transaction import Transaction


def numbers(words: Sequence[str], policy: Policy) -> list[int]:
    """`1042`, `ACME-1042`, or "-": numbers from standard input."""
    given: list[str] = []
    for word in words:
        given += sys.stdin.read().split() if word == "-" else [word]
    return [number(word, policy) for word in given]


def number(word: str, policy: Policy) -> int:
    bare = word.strip("[]#").upper().removeprefix(f"{policy.prefix.upper()}-").split("-")[0]
    if not bare.isdecimal() or len(bare) > 10:
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


_SHOWN = 400  # characters of a colleague's answer


@dataclass(frozen=True, slots=True)
class Doing:
    """What `agent` does to each ticket: words (`answer` behind `text`), seen by the customer or not, and commands.

    `seen`: what colleagues answered after it stops them; None: nothing does.
    """

    agent: Agent
    commands: tuple[Command, ...]
    text: str
    public: bool
    attached: tuple[File, ...]
    answer: Answer | None
    seen: datetime | None


def act(
    given: Globals,
    words: Sequence[str],
    commands: Sequence[Command],
    *,
    done: str,
    public: bool = True,
    attached: Sequence[File] = (),
    said: Said | None = None,
    desk: Office | None = None,
) -> None:
    """Do it on each ticket, all in one transaction: one that refuses leaves all as they were."""
    at = desk or office(given)
    said = said or Said("", None, anyway=True, begun=now())
    try:
        agent = acting(given, at.desk.policy)
        wanted = numbers(words, at.desk.policy)
        at.desk.blobs.stage(each.data for each in attached)
        doing = _doing(agent, tuple(commands), said, at.desk.policy, tuple(attached), public=public)
        for ticket in _done(at, wanted, doing):
            tell(given, at, ticket, done)
    except Failure as failure:
        raise Failure(failure.code, f"{failure.message}{said.kept()}") from failure
    except click.Abort:
        raise Failure(FAILED, f"interrupted; nothing was done{said.kept()}") from None
    finally:
        at.close()


def _doing(
    agent: Agent, commands: tuple[Command, ...], said: Said, policy: Policy, attached: tuple[File, ...], *, public: bool
) -> Doing:
    saved = policy.answers[meant(naming.answer(said.answer, policy))] if said.answer is not None else None
    guarded = public and not said.anyway
    seen = min(said.begun, now() - AT_ONCE) if guarded else None
    return Doing(agent, commands, said.text, public, attached, saved, seen)


class Crossed(Exception):
    """{reference}: {name} answered {when}. Nothing of the whole is done."""


def _done(at: Office, wanted: list[int], doing: Doing) -> list[Ticket]:
    """On a terminal, whoever crosses a colleague's answer is shown it and asked; elsewhere it is refused (76)."""
    try:
        return at.db.write(_act, at, wanted, doing)
    except Crossed as crossed:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise Failure(REFUSED, f"{crossed}; --yes answers all the same; nothing was done") from crossed
        if not click.confirm(f"{crossed}\nAnswer all the same?", err=True):
            raise Failure(REFUSED, "nothing was done") from crossed
    return at.db.write(_act, at, wanted, replace(doing, seen=None))


def _act(tx: Transaction, at: Office, wanted: list[int], doing: Doing) -> list[Ticket]:
    changed = []
    for each in wanted:
        try:
            ticket = load(tx, each)
            text, article = _text(doing, ticket, at.desk.policy), None
            if text or doing.attached:
                _refuse_crossing(tx, ticket, doing, at.desk.policy)
                first = articles.next_attachment(tx, each)
                article = article_of(
                    doing.agent, text, ticket.subject, doing.attached, public=doing.public, first=first
                )
            cause = AgentActed(doing.agent.id, doing.commands, article)
            data = {one.ref.sha256: one.data for one in doing.attached}
            changed.append(merging.act(tx, at.desk, each, cause, now(), new_id, data))
        except NoSuchTicket as error:
            raise Failure(UNKNOWN, f"{error}; nothing was done") from error
        except Refused as error:
            raise Failure(REFUSED, f"{error}; nothing was done") from error
    return changed


def _refuse_crossing(tx: Transaction, ticket: Ticket, doing: Doing, policy: Policy) -> None:
    theirs = facts.answered(tx, [ticket.number], doing.agent.id).get(ticket.number)
    if doing.seen is None or theirs is None or theirs.at <= doing.seen:
        return
    other, kept = policy.agents.get(theirs.agent), articles.get(tx, theirs.article)
    words = clean_block(beginning(kept[1].text, _SHOWN)) if kept and sys.stderr.isatty() else ""
    quoted = "".join(f"\n  > {line}".rstrip() for line in words.splitlines())
    name = other.name if other else theirs.agent
    raise Crossed(f"{policy.reference(ticket.number)}: {name} answered {ago(theirs.at, now())}{quoted}")


def _text(doing: Doing, ticket: Ticket, policy: Policy) -> str:
    if doing.answer is None:
        return doing.text
    said = fill(doing.answer.text.within(ticket.language), places(ticket, doing.agent, policy, now()))
    return "\n\n".join(filter(None, (doing.text, said)))


def loaded(tx: Transaction, each: int) -> Ticket:
    """67 where there is none of this number."""
    try:
        return load(tx, each)
    except NoSuchTicket as error:
        raise Failure(UNKNOWN, f"{error}; nothing was done") from error


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
        outbox.delivery_of(tx, *ticket.letters_of),
        at.desk.policy,
        at.desk.keys,
    )
