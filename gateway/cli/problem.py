"""`gateway problem` and `gateway ticket problem`: which tickets share a cause, and what their customers were told."""

from __future__ import annotations

from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

import click

from gateway.cli import Globals
from gateway.cli.acting import act
from gateway.cli.failure import DATA, UNKNOWN, USAGE, Failure
from gateway.cli.present import ago, clean_block, say, show_fields, show_json, show_table
from gateway.cli.setting import now, office
from gateway.desk import commands, problems
from gateway.desk.policy import Policy
from gateway.desk.problems import Problem
from gateway.desk.ticket import Article, Ticket
from gateway.office import Office
from gateway.problems import find, last_words, spelled
from gateway.shown import instant, summary
from gateway.store import problems as known
from gateway.store.transaction import Transaction

HEAD = ("problem", "open", "customers", "organisations", "since", "told", "subject")
TICKETS = ("ticket", "status", "category", "phase", "requester", "organisation", "told", "subject")
ROOM = 14  # columns for names of fields


@click.command("problem")
@click.argument("n", nargs=-1, required=True, metavar="N... REF|none")
@click.pass_obj
def of_tickets(given: Globals, n: tuple[str, ...]) -> None:
    """Say that they have the same cause: a task elsewhere (ENG-331) or any name; none takes them out."""
    if len(n) < 2:
        raise Failure(USAGE, "say which: gateway ticket problem N... REF|none")
    if n[-1].casefold() == "none":
        return act(given, n[:-1], [commands.SetProblem(None)], done="belongs to no problem")
    at = office(given)
    with at.db.snapshot() as tx:
        name = spelled(tx, named(n[-1]))
        before = find(tx, name)
    act(given, n[:-1], [commands.SetProblem(name)], done=f"problem {name}", desk=at)
    if before is not None and before.heard is not None:
        when = _moment(before.heard.at, at.desk.policy)
        say(given, f"{name} was told on {when}: gateway problem tell '{name}' --rest tells whoever has not heard it")
    return None


def named(words: str) -> str:
    name = problems.reference(words)
    if name is None:
        raise Failure(
            DATA, f"{words!r} is no name for a problem: write one line of at most {problems.LONGEST} characters"
        )
    return name


def found(tx: Transaction, words: str) -> Problem:
    """67 where no ticket belongs to it."""
    problem = find(tx, named(words))
    if problem is None:
        names = [each.name for each in problems.problems_of(known.all_tickets(tx, over=True))]
        near = get_close_matches(words, names, n=1)
        raise Failure(UNKNOWN, f"no ticket belongs to {words}" + (f"; did you mean {near[0]}?" if near else ""))
    return problem


@click.group()
def problem() -> None:
    """One cause, many tickets: which problems there are, and one text to all customers who have one."""


@problem.command("list")
@click.option("--all", "over", is_flag=True, help="Those that are over, too.")
@click.pass_obj
def list_(given: Globals, over: bool) -> None:
    """Problems with a ticket that is neither solved nor closed, the oldest first."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            listed = problems.problems_of(known.all_tickets(tx, over=over))
    finally:
        at.close()
    if given.json:
        return show_json([_record(each) for each in listed])
    if given.quiet:
        return click.echo("".join(f"{each.name}\n" for each in listed), nl=False)
    return show_table(HEAD, [_row(each, now()) for each in listed])


def _row(each: Problem, moment: datetime) -> tuple[str, ...]:
    counts = (len(each.unsolved), len(each.customers), len(each.organisations))
    told = each.heard.at if each.heard else None
    first = each.tickets[0]
    return (each.name, *map(str, counts), ago(first.created_at, moment), ago(told, moment), first.subject)


def _record(each: Problem) -> dict[str, object]:
    """`open` are neither solved nor closed; `customers` and `organisations` count over all tickets."""
    return {
        "problem": each.name,
        "tickets": len(each.tickets),
        "open": len(each.unsolved),
        "customers": len(each.customers),
        "organisations": len(each.organisations),
        "since": instant(each.tickets[0].created_at),
        "told_at": instant(each.heard.at) if each.heard else None,
    }


@problem.command()
@click.argument("ref", metavar="REF")
@click.pass_obj
def show(given: Globals, ref: str) -> None:
    """How many customers have it, what they were told last, and each ticket. -q: the numbers of those not closed."""
    at = office(given)
    try:
        with at.db.snapshot() as tx:
            one = found(tx, ref)
            said = last_words(tx, one)
    finally:
        at.close()
    if given.json:
        return show_json(_whole(one, said, at))
    if given.quiet:
        return click.echo("".join(f"{each.number}\n" for each in one.open), nl=False)
    show_fields(_fields(one, said, at.desk.policy), ROOM)
    click.echo()
    return show_table(TICKETS, [_ticket_row(each, now()) for each in one.tickets])


def _whole(one: Problem, said: Article | None, at: Office) -> dict[str, object]:
    policy, keys = at.desk.policy, at.desk.keys
    members = [
        {**summary(each, policy, keys), "told_at": instant(each.heard.at) if each.heard else None}
        for each in one.tickets
    ]
    return {**_record(one), "told": said.text if said else None, "members": members}


def _fields(one: Problem, said: Article | None, policy: Policy) -> dict[str, object]:
    closed = len(one.tickets) - len(one.open)
    solved = len(one.open) - len(one.unsolved)
    return {
        "problem": one.name,
        "tickets": f"{len(one.unsolved)} open, {solved} solved, {closed} closed",
        "customers": str(len(one.customers)),
        "organisations": str(len(one.organisations)),
        "told": _moment(one.heard.at, policy) if one.heard else "",
        "words": clean_block(said.text) if said else "",
    }


def _ticket_row(each: Ticket, moment: datetime) -> tuple[str, ...]:
    told = ago(each.heard.at, moment) if each.heard else ""
    facts = (str(each.number), each.status, each.category, each.phase, each.requester.email, each.organisation or "")
    return (*facts, told, each.subject)


def _moment(at: datetime, policy: Policy) -> str:
    return f"{at.astimezone(ZoneInfo(policy.timezone)):%a %d %b %Y %H:%M}"
