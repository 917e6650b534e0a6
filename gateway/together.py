"""An agent's mail to every ticket of a problem (/all), or with what those were told (/again)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.advance import Desk, Files, NewId
from gateway.desk import commands, transcript
from gateway.desk.causes import AgentActed
from gateway.desk.commands import SetProblem, Tell, UseAnswer
from gateway.desk.decide import Refused
from gateway.desk.notices_staff import moment
from gateway.desk.orders import Order, Orders, Wrong
from gateway.desk.phrases import Phrase, spoken
from gateway.desk.policy import Policy
from gateway.desk.problems import Shared, mark_of, meant
from gateway.desk.ticket import Article, Ticket
from gateway.problems import Part, Telling, find, for_all, last_words, left_waiting, planned, refuse_names, spelled
from gateway.store import articles
from gateway.store.transaction import Transaction

MOST_LISTED = 200  # tickets in one transcript
BEGINNING = 80  # characters of what was told before

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
        return Heard(orders, (_wrong("/again", Phrase("the ticket heard it on {day}.", day=when)),))
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


def marked(
    tx: Transaction, desk: Desk, ticket: Ticket, heard: Heard, words: Words, telling: str, article: Article | None,
    files: Files,
) -> tuple[Orders, Article | None, Files]:  # fmt: skip
    """The mail's own part in it: the mark of the words on its ticket, and for /again the files that go with them.
    `telling` is the id under which it is done on all tickets."""
    orders, again = heard.orders, heard.again
    if again is not None and article is not None:
        number = articles.next_attachment(tx, ticket.number) + len(article.attachments)
        more = tuple(replace(ref, id=each) for each, ref in enumerate(again.attachments, number))
        article = replace(article, attachments=(*article.attachments, *more))
        files = {**files, **{ref.sha256: desk.blobs.get(tx, ref.sha256) for ref in more}}
        return _with(orders, "/again", _tell("", article, heard.mark)), article, files
    if orders.all:
        general = _general(tx, ticket, article, words)
        tell = _tell(telling, article, mark_of(general), own=_has_places(orders))
        return _with(orders, "/all", tell), article, files
    return orders, article, files


def _general(tx: Transaction, ticket: Ticket, article: Article | None, words: Words) -> Article | None:
    """The words as they are on no ticket in particular."""
    if article is None:
        return None
    return replace(for_all(article, articles.of(tx, ticket.number)), text=words(ticket, {}))


def _has_places(orders: Orders) -> bool:
    return any(isinstance(each, UseAnswer) for each in orders.commands)


def _tell(telling: str, article: Article | None, mark: str, *, own: bool = False) -> Tell:
    public = article is not None and article.visibility == "public"
    return Tell(telling, article.id, mark, own=own) if article is not None and public else Tell(telling)


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
        raise Refused(Phrase("there is nothing to tell: write words beside it, or a phase"), line)
    article = _general(tx, ticket, cause.article, words)
    own = (lambda other: words(other, None)) if _has_places(orders) else None
    telling = Telling(_id(orders), name, cause.agent, shared, article, mark_of(article), own, cause.quiet)
    problem = find(tx, name)
    rest = [each for each in problem.open if each.number != ticket.number] if problem else []
    try:
        refuse_names(telling, [ticket, *rest], desk.policy)
        return planned(tx, desk, telling, [each.number for each in rest], now, new_id)
    except Refused as refusal:
        raise Refused(refusal.why, line) from refusal


def reaches_many(orders: Orders, parts: Sequence[Part]) -> bool:
    """Whether the customers of other tickets get a letter."""
    return not (orders.private or orders.quiet) and any(part.cause is not None for part in parts)


def _id(orders: Orders) -> str:
    return next((each.telling for each in orders.commands if isinstance(each, Tell)), "")


def lines(tx: Transaction, ticket: Ticket, orders: Orders, parts: Sequence[Part], policy: Policy) -> tuple[str, ...]:
    """What came of the other tickets; to whoever joins one to a problem, what was told to those that are in it."""
    name = meant(ticket, orders.commands)
    problem = find(tx, name) if name is not None else None
    if orders.all:
        say = policy.language
        each = [(policy.reference(part.ticket.number), part.said or transcript.UNCHANGED) for part in parts]
        shown = [f"{reference}: {spoken(said, say)}" for reference, said in each]
        rest = len(shown) - MOST_LISTED
        more = [Phrase("and {rest} more: gateway problem show {name}", rest=rest, name=name)] if rest > 0 else []
        head = Phrase("The other tickets of {name}:", name=name)
        if waits := left_waiting(parts):
            more.append(Phrase("The last {count} of them are told within minutes.", count=waits))
        head = head if shown else Phrase("No other ticket of {name} is open.", name=name)
        return ("", head.within(say), *shown[:MOST_LISTED], *(line.within(say) for line in more))
    joins = any(isinstance(each, commands.SetProblem | commands.HandOver) for each in orders.commands)
    if not joins or problem is None or ticket.number in [each.number for each in problem.tickets]:
        return ()
    open_ones, customers = len(problem.open), len(problem.customers)
    count = "{open} tickets of {name} are open, {customers} customers have it so far."
    found = [Phrase(count, open=open_ones, name=name, customers=customers)]
    said = last_words(tx, problem)
    if problem.heard is not None and said is not None and not orders.again:
        when = moment(problem.heard.at, policy)
        found.append(Phrase("They were told on {day}: {words}", day=when, words=_beginning(said.text)))
        found.append(Phrase("/again tells it here, too; gateway problem show {name} has all of it.", name=name))
    return tuple(line.within(policy.language) for line in found)


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING].rstrip()}…"
