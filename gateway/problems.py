"""What is done with all tickets of a problem at once, and what an agent who joins one to it should know.

Everything is looked at before anything is done: a ticket that refuses leaves all of them as they were. Whoever was told
these very words last is not told them again, so that what was broken off is finished by doing it once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.advance import Desk, Files, NewId, NoSuchTicket, advance, load
from gateway.desk import transcript
from gateway.desk.causes import AgentActed
from gateway.desk.commands import Command, Inform, Tell
from gateway.desk.decide import Refused, decide
from gateway.desk.events import Event
from gateway.desk.events_problem import ProblemTold
from gateway.desk.evolve import after_all
from gateway.desk.notices_staff import moment
from gateway.desk.phrases import Phrase, chained
from gateway.desk.policy import Policy
from gateway.desk.problems import Problem, key_of, named, problems_of, share
from gateway.desk.ticket import Article, Ticket
from gateway.store import articles, events, problems, tellings
from gateway.store.tellings import Promised
from gateway.store.transaction import Transaction

AT_ONCE = 200  # tickets of one transaction: mail waits behind it
PATIENCE = timedelta(hours=1)  # for a ticket that raised: the others must not wait for it


@dataclass(frozen=True, slots=True)
class Telling:
    """What an agent does on every ticket of a problem, under an `id` of its own. `article` has the words, for no ticket
    in particular; None: there are none. `mark` is theirs (`mark_of`). `own`: what they are on a ticket, where a saved
    answer is among them."""

    id: str
    problem: str
    agent: str
    commands: tuple[Command, ...] = ()
    article: Article | None = None
    mark: str = ""
    own: Callable[[Ticket], str] | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes of one ticket. `cause` None: nothing. `said` is that in words, `told` whether its customers are."""

    ticket: Ticket
    cause: AgentActed | None
    said: str
    told: bool


def find(tx: Transaction, name: str) -> Problem | None:
    found = problems_of(problems.tickets_of(tx, key_of(name)))
    return found[0] if found else None


def spelled(tx: Transaction, name: str) -> str:
    """As the tickets that are in it have it; of a new problem as it is given."""
    return problems.spelling(tx, key_of(name)) or name


def for_all(article: Article, customers: Iterable[Article]) -> Article:
    """The words without what belongs to one ticket: what they quote, and files that its customers sent."""
    theirs = {ref.sha256 for each in customers if each.direction == "in" for ref in each.attachments}
    files = tuple(ref for ref in article.attachments if ref.sha256 not in theirs)
    return replace(article, subject="", quoted="", message_id=None, mail_id=None, attachments=files)


def planned(
    tx: Transaction, desk: Desk, telling: Telling, wanted: Sequence[int], now: datetime, new_id: NewId
) -> list[Part]:
    """What it comes to on each of these tickets, in their order. Raises Refused, which names the ticket."""
    return [_part(tx, desk, telling, load(tx, number), now, new_id) for number in wanted]


def carry_out(
    tx: Transaction, desk: Desk, telling: str, parts: Iterable[Part], now: datetime, new_id: NewId, files: Files
) -> None:
    """As many as one transaction takes; the others are promised in it, for `go_on`. `telling` is the id of them all."""
    acts = [(part.ticket.number, part.cause) for part in parts if part.cause is not None]
    for number, cause in acts[:AT_ONCE]:
        advance(tx, desk, number, cause, now, new_id, files)
    tellings.put(
        tx,
        telling,
        [Promised(number, each.agent, each.commands, each.article, each.quiet) for number, each in acts[AT_ONCE:]],
        now,
    )


def left_waiting(parts: Iterable[Part]) -> int:
    """How many of them `carry_out` leaves to `go_on`."""
    return max(0, sum(part.cause is not None for part in parts) - AT_ONCE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that was looked at. `error`: what raised; it is tried again later. `dropped`: the ticket is none of the
    problem's any more."""

    ticket: int
    error: Exception | None = None
    dropped: bool = False


def go_on(tx: Transaction, desk: Desk, now: datetime, new_id: NewId) -> list[Kept]:
    """The next of those that were promised. Each is settled in the transaction that does it."""
    return [_settled(tx, desk, *each, now, new_id) for each in tellings.due(tx, now, AT_ONCE)]


def _settled(tx: Transaction, desk: Desk, identifier: int, promised: Promised, now: datetime, new_id: NewId) -> Kept:
    try:
        with tx.begin_nested():
            done = _keep(tx, desk, promised, now, new_id)
            tellings.done(tx, identifier)
    except Exception as error:  # noqa: BLE001 - of one of them: the others must not wait for it
        tellings.later(tx, identifier, now + PATIENCE)
        return Kept(promised.ticket, error)
    return Kept(promised.ticket, dropped=not done)


def _keep(tx: Transaction, desk: Desk, promised: Promised, now: datetime, new_id: NewId) -> bool:
    """What the ticket does not take any more, for it was closed meanwhile, is left out; who left the problem hears
    nothing, and False is the answer."""
    article = promised.article
    files = {ref.sha256: desk.blobs.get(tx, ref.sha256) for ref in article.attachments} if article else {}
    tell = tuple(each for each in promised.commands if isinstance(each, Tell))
    for orders in (promised.commands, tell):
        with suppress(Refused, NoSuchTicket):
            cause = AgentActed(promised.agent, orders, article, quiet=promised.quiet)
            advance(tx, desk, promised.ticket, cause, now, new_id, files)
            return True
    return False


def _part(tx: Transaction, desk: Desk, telling: Telling, ticket: Ticket, now: datetime, new_id: NewId) -> Part:
    taken = share(ticket, telling.commands, desk.policy)
    kept = list(taken.kept)
    article, orders = telling.article, taken.commands
    if ticket.heard is not None and telling.mark and ticket.heard.words == telling.mark:
        kept.insert(0, Phrase("heard these words on {day}", day=moment(ticket.heard.at, desk.policy)))
        article, orders = None, tuple(order for order in orders if not isinstance(order, Inform))
    if article is not None:
        text = article.text if telling.own is None else telling.own(ticket)
        article = _on(tx, ticket, replace(article, text=text), new_id())
    if article is None and not orders:
        return Part(ticket, None, chained(kept), told=False)
    public = article is not None and telling.mark != ""
    tell = (
        Tell(telling.id, article.id, telling.mark, own=telling.own is not None)
        if article is not None and public
        else Tell(telling.id)
    )
    cause = AgentActed(telling.agent, (*orders, tell), article, quiet=telling.quiet)
    try:
        found = decide(ticket, cause, desk.policy, now)
    except Refused as refusal:
        raise Refused(refusal.why) from refusal
    changes = transcript.changes(found, after_all(ticket, found), desk.policy)
    return Part(ticket, cause, chained((*([Phrase("told")] if public else []), *changes, *kept)), told=public)


def _on(tx: Transaction, ticket: Ticket, article: Article, identifier: str) -> Article:
    """The words as they stand on this ticket."""
    first = articles.next_attachment(tx, ticket.number) if article.attachments else 1
    files = tuple(replace(ref, id=number) for number, ref in enumerate(article.attachments, first))
    return replace(article, id=identifier, subject=ticket.subject, attachments=files)


def last_words(tx: Transaction, problem: Problem) -> Article | None:
    """What was told last."""
    found = articles.get(tx, problem.heard.article) if problem.heard else None
    return for_all(found[1], articles.of(tx, found[0])) if found else None


def refuse_names(telling: Telling, tickets: Sequence[Ticket], policy: Policy) -> None:
    """Raises Refused where the words name one of the customers to the others."""
    name = named(telling.article.text, tickets, policy) if telling.article is not None and telling.mark else None
    if name is not None:
        why = "the text names {name}, and customers of other tickets would read it: write it for all of them"
        raise Refused(Phrase(why, name=name))


# -- undo --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """What an agent's last act on a ticket was part of: an act on the `others`, and on those that still wait for it."""

    telling: str = ""
    others: tuple[int, ...] = ()


def acted_with(tx: Transaction, number: int, agent: str) -> Together:
    happened = events.events_of(tx, number)
    last = [each for each in happened if each.at == happened[-1].at and each.by == f"agent:{agent}"]
    told = next((each for each in last if isinstance(each, ProblemTold) and each.telling), None)
    if told is None:
        return Together()
    members = problems.tickets_of(tx, key_of(told.problem))
    since = [each.number for each in members if each.updated_at >= told.at and each.number != number]
    return Together(told.telling, tuple(each for each in since if _was_told(events.events_of(tx, each), told.telling)))


def _was_told(happened: Sequence[Event], telling: str) -> bool:
    return any(isinstance(each, ProblemTold) and each.telling == telling for each in happened)


def withdraw(tx: Transaction, telling: str) -> int:
    """Those that still wait for it do not hear of it; how many."""
    return tellings.withdraw(tx, telling)
