"""What is done with all tickets of a problem at once, and what an agent who joins one to it should know.

Everything is looked at before anything is done: a ticket that refuses leaves all of them as they were. Whoever was told
these very words last is not told them again, so that what was broken off is finished by doing it once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.advance import Desk, Files, NewId, advance, load
from gateway.desk import commands, transcript
from gateway.desk.causes import AgentActed
from gateway.desk.commands import Command, Inform, SetProblem, Tell, UseAnswer
from gateway.desk.decide import Refused, decide
from gateway.desk.events import Event
from gateway.desk.events_problem import ProblemTold
from gateway.desk.evolve import after_all
from gateway.desk.notices_staff import moment
from gateway.desk.orders import Order, Orders, Wrong
from gateway.desk.policy import Policy
from gateway.desk.problems import Problem, Shared, key_of, mark_of, meant, named, problems_of, share
from gateway.desk.ticket import Article, Ticket
from gateway.store import articles, events, problems
from gateway.store.transaction import Transaction

MOST_LISTED = 200  # tickets in one transcript
BEGINNING = 80  # characters of what was told before


@dataclass(frozen=True, slots=True)
class Telling:
    """What an agent does on every ticket of a problem. `article` has the words, for no ticket in particular; None:
    there are none. `mark` is theirs (`mark_of`). `own`: what they are on a ticket, with a saved answer in them."""

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
    tx: Transaction, desk: Desk, parts: Iterable[Part], now: datetime, new_id: NewId, files: Files | None = None
) -> None:
    for part in parts:
        if part.cause is not None:
            advance(tx, desk, part.ticket.number, part.cause, now, new_id, files)


def _part(tx: Transaction, desk: Desk, telling: Telling, ticket: Ticket, now: datetime, new_id: NewId) -> Part:
    taken = share(ticket, telling.commands, desk.policy)
    kept = list(taken.kept)
    article, orders = telling.article, taken.commands
    if ticket.heard is not None and telling.mark and ticket.heard.words == telling.mark:
        kept.insert(0, f"heard these words on {moment(ticket.heard.at, desk.policy)}")
        article, orders = None, tuple(order for order in orders if not isinstance(order, Inform))
    if article is not None:
        text = article.text if telling.own is None else telling.own(ticket)
        article = _on(tx, ticket, replace(article, text=text), new_id())
    if article is None and not orders:
        return Part(ticket, None, "; ".join(kept), told=False)
    public = article is not None and telling.mark != ""
    tell = Tell(article.id, telling.mark, own=telling.own is not None) if article is not None and public else Tell()
    cause = AgentActed(telling.agent, (*orders, tell), article, quiet=telling.quiet)
    try:
        found = decide(ticket, cause, desk.policy, now)
    except Refused as refusal:
        raise Refused(str(refusal)) from refusal
    changes = transcript.changes(found, after_all(ticket, found), desk.policy)
    return Part(ticket, cause, "; ".join((*(["told"] if public else []), *changes, *kept)), told=public)


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
        raise Refused(f"the text names {name}, and customers of other tickets would read it: write it for all of them")


# -- by mail -----------------------------------------------------------------------------------------------------------

Words = Callable[[Ticket, "Mapping[str, str] | None"], str]
"""What a mail says beside its commands on a ticket, the places of saved answers filled by these values; None: with what
is true of that ticket."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An agent's mail, read with what is known of problems. `again`: the words that /again stands for."""

    orders: Orders
    wrong: tuple[Wrong, ...] = ()
    again: Article | None = None
    mark: str = ""


def understood(tx: Transaction, ticket: Ticket, orders: Orders, policy: Policy) -> Heard:
    """Names as they are known, and what /again stands for; or what is wrong with the lines."""
    orders = replace(orders, orders=tuple(_as_spelled(tx, order) for order in orders.orders))
    name = meant(ticket, orders.commands)
    line = "/all" if orders.all else "/again"
    if not (orders.all or orders.again):
        return Heard(orders)
    if orders.all and orders.again:
        return Heard(orders, (_wrong("/again", "it is for this ticket, /all for every one: write one of them."),))
    if name is None:
        return Heard(orders, (_wrong(line, "the ticket belongs to no problem: write /problem REF beside it."),))
    if orders.all:
        return Heard(orders)
    problem = find(tx, name)
    said = last_words(tx, problem) if problem else None
    if problem is None or problem.heard is None or said is None:
        return Heard(orders, (_wrong("/again", f"nothing was told to the tickets of {name} yet."),))
    if problem.heard.own:
        return Heard(orders, (_wrong("/again", "it was a saved answer: write it with /answer, as it was told."),))
    if ticket.heard is not None and ticket.heard.words == problem.heard.words:
        when = moment(ticket.heard.at, policy)
        return Heard(orders, (_wrong("/again", f"the ticket heard it on {when}."),))
    text = "\n\n".join(filter(None, (orders.text, said.text)))
    return Heard(replace(orders, text=text), again=said, mark=problem.heard.words)


def _wrong(line: str, why: str) -> Wrong:
    return Wrong(line, 0, len(line), why)


def _as_spelled(tx: Transaction, order: Order) -> Order:
    match order.command:
        case SetProblem(problem=str(name)):
            return replace(order, command=SetProblem(spelled(tx, name)))
        case _:
            return order


def together(
    tx: Transaction, desk: Desk, ticket: Ticket, heard: Heard, words: Words, article: Article | None, files: Files
) -> tuple[Orders, Article | None, Files]:
    """The mail's own part in it: the mark of the words on its ticket, and for /again the files that go with them."""
    orders, again = heard.orders, heard.again
    if again is not None and article is not None:
        number = articles.next_attachment(tx, ticket.number) + len(article.attachments)
        more = tuple(replace(ref, id=each) for each, ref in enumerate(again.attachments, number))
        article = replace(article, attachments=(*article.attachments, *more))
        files = {**files, **{ref.sha256: desk.blobs.get(tx, ref.sha256) for ref in more}}
        return _with(orders, "/again", _tell(article, heard.mark)), article, files
    if orders.all:
        general = _general(tx, ticket, article, words)
        return _with(orders, "/all", _tell(article, mark_of(general), own=_has_places(orders))), article, files
    return orders, article, files


def _general(tx: Transaction, ticket: Ticket, article: Article | None, words: Words) -> Article | None:
    """The words as they are on no ticket in particular."""
    if article is None:
        return None
    return replace(for_all(article, articles.of(tx, ticket.number)), text=words(ticket, {}))


def _has_places(orders: Orders) -> bool:
    return any(isinstance(each, UseAnswer) for each in orders.commands)


def _tell(article: Article | None, mark: str, *, own: bool = False) -> Tell:
    return Tell(article.id, mark, own=own) if article is not None and article.visibility == "public" else Tell()


def _with(orders: Orders, line: str, tell: Tell) -> Orders:
    return replace(orders, orders=(*orders.orders, Order(line, tell)))


def others(
    tx: Transaction, desk: Desk, ticket: Ticket, cause: AgentActed, orders: Orders, words: Words, now: datetime,
    new_id: NewId,
) -> list[Part]:  # fmt: skip
    """What /all comes to on the other tickets of the problem. Raises Refused."""
    name = meant(ticket, orders.commands)
    if not orders.all or name is None:
        return []
    shared = tuple(each for each in orders.commands if isinstance(each, Shared))
    line = len(orders.orders) - 1
    if cause.article is None and not shared:
        raise Refused("there is nothing to tell: write words beside it, or a phase", line)
    article = _general(tx, ticket, cause.article, words)
    own = (lambda other: words(other, None)) if _has_places(orders) else None
    telling = Telling(name, cause.agent, shared, article, mark_of(article), own, cause.quiet)
    problem = find(tx, name)
    rest = [each for each in problem.open if each.number != ticket.number] if problem else []
    try:
        refuse_names(telling, [ticket, *rest], desk.policy)
        return planned(tx, desk, telling, [each.number for each in rest], now, new_id)
    except Refused as refusal:
        raise Refused(str(refusal), line) from refusal


def lines(tx: Transaction, ticket: Ticket, orders: Orders, parts: Sequence[Part], policy: Policy) -> tuple[str, ...]:
    """What came of the other tickets; to whoever joins one to a problem, what was told to those that are in it."""
    name = meant(ticket, orders.commands)
    problem = find(tx, name) if name is not None else None
    if orders.all:
        shown = [f"{policy.reference(part.ticket.number)}: {part.said or transcript.UNCHANGED}" for part in parts]
        more = [f"and {len(shown) - MOST_LISTED} more: gateway problem show {name}"] if len(shown) > MOST_LISTED else []
        head = f"The other tickets of {name}:" if shown else f"No other ticket of {name} is open."
        return ("", head, *shown[:MOST_LISTED], *more)
    joins = any(isinstance(each, commands.SetProblem | commands.HandOver) for each in orders.commands)
    if not joins or problem is None or ticket.number in [each.number for each in problem.tickets]:
        return ()
    found = [f"{len(problem.open)} tickets of {name} are open, {len(problem.customers)} customers have it so far."]
    said = last_words(tx, problem)
    if problem.heard is not None and said is not None and not orders.again:
        when = moment(problem.heard.at, policy)
        found.append(f"They were told on {when}: {_beginning(said.text)}")
        found.append(f"/again tells it here, too; gateway problem show {name} has all of it.")
    return tuple(found)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING].rstrip()}…"


def acted_with(tx: Transaction, number: int, agent: str) -> list[int]:
    """The other tickets on which the agent's last act on this one happened, too."""
    happened = events.events_of(tx, number)
    last = [each for each in happened if each.at == happened[-1].at and each.by == f"agent:{agent}"]
    told = next((each for each in last if isinstance(each, ProblemTold)), None)
    if told is None:
        return []
    members = problems.tickets_of(tx, key_of(told.problem))
    since = [each.number for each in members if each.updated_at >= told.at and each.number != number]
    return [each for each in since if _was_told(events.events_of(tx, each), told)]


def _was_told(happened: Sequence[Event], told: ProblemTold) -> bool:
    return any(isinstance(each, ProblemTold) and (each.at, each.by) == (told.at, told.by) for each in happened)
