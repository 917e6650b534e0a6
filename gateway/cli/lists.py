"""`gateway ticket list`, `search` and `next`: which tickets there are, and which one is to be worked now."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import click

from gateway.cli import Globals
from gateway.cli.acting import acting, shown
from gateway.cli.conversation import show_ticket
from gateway.cli.filters import filter_of
from gateway.cli.present import ago, say, show_json, show_table
from gateway.cli.setting import now, office
from gateway.desk.decide import dues
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Ticket
from gateway.office import Office
from gateway.shown import summary
from gateway.store import search
from gateway.store.search import Filter, Line, Order
from gateway.store.transaction import Transaction
from gateway.sweep import halted_above

MOST = 10_000  # lines that a list shows unless it is told otherwise
TARGETS = ("first_response", "assignment", "resolution", "phase", "update")  # what `next --sort due` looks at
Sort = Literal["queue", "due", "age"]
HEAD = ("ticket", "priority", "status", "category", "phase", "assignee", "requester", "next", "updated", "subject")


@click.command("list")
@click.argument("filters", nargs=-1, metavar="[FILTER]...")
@click.option("--limit", type=click.IntRange(0), default=MOST, show_default=True, help="At most so many; 0 is all.")
@click.pass_obj
def list_(given: Globals, filters: tuple[str, ...], limit: int) -> None:
    """Priority first, order of receipt second; without filters all that are not closed.

    Filters: status: category: phase: priority: assignee: team: tag: ref: from: age:>3d late "words". Numbers alone (-q)
    are always all.
    """
    at = office(given)
    try:
        _show(given, at, filter_of(filters, at.desk.policy, now()), limit, "work")
    finally:
        at.close()


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 is all.")
@click.pass_obj
def search_(given: Globals, words: tuple[str, ...], limit: int) -> None:
    """Tickets, closed ones too, in whose subject, requester or conversation all words occur: the last changed first.

    A word is found where one begins with it; "several words" are found one after the other.
    """
    at = office(given)
    try:
        _show(given, at, Filter(words=words), limit, "newest")
    finally:
        at.close()


def _show(given: Globals, at: Office, wanted: Filter, limit: int, order: Order) -> None:
    most = limit or None
    with at.db.snapshot() as tx:
        if given.quiet and not given.json:
            click.echo("".join(f"{number}\n" for number in search.numbers(tx, wanted, order=order)), nl=False)
            return
        if given.json:
            found = list(search.tickets(tx, wanted, most, order=order))
            show_json([summary(each, at.desk.policy, at.desk.keys) for each in found])
            count = len(found)
        else:
            lines = search.listed(tx, wanted, most, order=order)
            _show_lines(given, lines, now())
            count = len(lines)
        if count == most and (all_ := search.count(tx, wanted)) > count:
            say(given, f"the first {count} of {all_} tickets; --limit 0 shows all")


def _show_lines(given: Globals, lines: list[Line], moment: datetime) -> None:
    show_table(
        HEAD,
        [
            (
                str(line.number), line.priority, line.status, line.category, line.phase, line.assignee or "",
                line.requester_email, ago(line.first_due, moment), ago(line.updated_at, moment), line.subject,
            )
            for line in lines
        ],
    )  # fmt: skip
    if not lines and sys.stdout.isatty():
        say(given, "no ticket fits")


@click.command("next")
@click.option("--sort", type=click.Choice(["queue", "due", "age"]), default="queue", show_default=True,
              help="By priority and receipt, by the target that falls due first, or the oldest.")  # fmt: skip
@click.pass_obj
def next_(given: Globals, sort: Sort) -> None:
    """Open the ticket that you should work on now: new or open, of your teams, that nobody else holds.

    While a ticket is open whose priority halts all other work, that one is it, whoever holds it.
    """
    at = office(given)
    try:
        agent, moment = acting(given, at.desk.policy), now()
        with at.db.snapshot() as tx:
            found = head(_waiting(tx, agent, at.desk.policy), at.desk.policy, moment, sort)
            if found is None:
                return say(given, "nothing waits for you")
            if given.json:
                return show_json(shown(tx, at, found))
            return click.echo(found.number) if given.quiet else show_ticket(tx, at, found, moment, full=False)
    finally:
        at.close()


def _waiting(tx: Transaction, agent: Agent, policy: Policy) -> Iterable[Ticket]:
    if halted_above(tx, policy) is None:
        return search.waiting_for(tx, agent.id, agent.teams)
    halting = tuple(priority.id for priority in policy.priorities.values() if priority.halts)
    return search.tickets(tx, Filter(status=("new", "open", "on_hold"), priority=halting))


def head(waiting: Iterable[Ticket], policy: Policy, now: datetime, sort: Sort) -> Ticket | None:
    """The first to be worked of `waiting`, which are in the order of the queue. Who snoozed one has looked at it."""
    awake = (each for each in waiting if each.snoozed_until is None or each.snoozed_until <= now)
    match sort:
        case "queue":
            return next(awake, None)
        case "age":
            return min(awake, key=lambda each: each.created_at, default=None)
        case "due":
            return min(awake, key=lambda each: _due(each, policy, now), default=None)


def _due(ticket: Ticket, policy: Policy, now: datetime) -> tuple[bool, datetime]:
    """Tickets without a target come last, in the order of the queue."""
    targets = [at for kind, at in dues(ticket, policy) if kind in TARGETS]
    return (not targets, min(targets, default=now))


LISTS = (list_, search_, next_)
