"""`gateway ticket …`: what joins tickets and parts them, and what shuts a sender out."""

from __future__ import annotations

import click

from gateway import splitting
from gateway.advance import advance
from gateway.cli import Globals
from gateway.cli.acting import act, acting, loaded, meant, number, numbers, tell
from gateway.cli.failure import REFUSED, UNKNOWN, USAGE, Failure
from gateway.cli.setting import now, office
from gateway.desk import commands, naming
from gateway.desk.causes import AgentActed
from gateway.desk.policy import Agent
from gateway.desk.refused import Refused
from gateway.desk.ticket import Ticket
from gateway.office import Office, new_id
from gateway.splitting import NoSuchArticle, Wanted
from gateway.store import people
from gateway.store.transaction import Transaction

_many = click.argument("n", nargs=-1, required=True, metavar="N...")
_one = click.argument("n", metavar="N")


@click.command()
@_one
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.pass_obj
def link(given: Globals, n: str, others: tuple[str, ...]) -> None:
    """Say that other tickets have to do with this one."""
    at = office(given)
    wanted = [number(each, at.desk.policy) for each in others]
    with at.db.snapshot() as tx:
        for each in wanted:
            loaded(tx, each)
    act(given, [n], [commands.LinkTo(each) for each in wanted], done="linked", desk=at)


@click.command()
@click.argument("n", nargs=-1, required=True, metavar="N... INTO")
@click.pass_obj
def merge(given: Globals, n: tuple[str, ...]) -> None:
    """These tickets go on as INTO, with all that was said on them; replies to them land there."""
    if len(n) < 2:
        raise Failure(USAGE, "say into which: gateway ticket merge N INTO")
    at = office(given)
    into = number(n[-1], at.desk.policy)
    with at.db.snapshot() as tx:
        loaded(tx, into)
    done = f"goes on as {at.desk.policy.reference(into)}"
    act(given, n[:-1], [commands.MergeInto(into)], done=done, desk=at)


@click.command()
@_one
@click.pass_obj
def unmerge(given: Globals, n: str) -> None:
    """What was merged into another ticket is one of its own again; what came since then stays there."""
    at = office(given)
    each, policy = number(n, at.desk.policy), at.desk.policy
    with at.db.snapshot() as tx:
        into = loaded(tx, each).merged_into
    if into is None:
        raise Failure(REFUSED, f"{policy.reference(each)} was not merged into another ticket; nothing was done")
    done = f"{policy.reference(each)} is one of its own again"
    act(given, [str(into)], [commands.Unmerge(each)], done=done, desk=at)


@click.command()
@_one
@click.argument("article", metavar="ARTICLE")
@click.option("-t", "--title", default="", metavar="TITLE", help="Its title; else the subject of the mail.")
@click.option("--category", metavar="C", help="Its category; else that of N.")
@click.option("--no-mail", is_flag=True, help="The customer gets no letter about it.")
@click.pass_obj
def split(given: Globals, n: str, article: str, title: str, category: str | None, no_mail: bool) -> None:
    """A mail on N that is about something else becomes a ticket of its own. ARTICLE is its number in `ticket show`, or
    its id."""
    at = office(given)
    try:
        policy = at.desk.policy
        agent = acting(given, policy)
        chosen = meant(naming.category(category, policy)) if category else ""
        wanted = Wanted(article, " ".join(title.split()), chosen, told=not no_mail)
        ticket = at.db.write(_split, at, number(n, policy), wanted, agent)
        tell(given, at, ticket, f"split off {policy.reference(number(n, policy))}")
    finally:
        at.close()


def _split(tx: Transaction, at: Office, n: int, wanted: Wanted, agent: Agent) -> Ticket:
    try:
        return splitting.split(tx, at.desk, loaded(tx, n).number, wanted, agent, now(), new_id)
    except NoSuchArticle as error:
        raise Failure(UNKNOWN, f"{error}; nothing was done") from error
    except Refused as error:
        raise Failure(REFUSED, f"{error}; nothing was done") from error


@click.command()
@_many
@click.option("--off", is_flag=True, help="Let its requester in again; the ticket stays as it is.")
@click.pass_obj
def spam(given: Globals, n: tuple[str, ...], off: bool) -> None:
    """Nobody asked for this: close it without a letter, and hold whatever its requester writes from now on."""
    at = office(given)
    try:
        agent = acting(given, at.desk.policy)
        for ticket in at.db.write(_spam, at, numbers(n, at.desk.policy), agent.id, off):
            tell(given, at, ticket, f"mail of {ticket.requester.email} is {'let in' if off else 'held from now on'}")
    finally:
        at.close()


def _spam(tx: Transaction, at: Office, wanted: list[int], agent: str, off: bool) -> list[Ticket]:
    cause = AgentActed(agent, () if off else (commands.Close(),), quiet=True)
    changed = []
    for each in wanted:
        loaded(tx, each)
        try:
            changed.append(advance(tx, at.desk, each, cause, now(), new_id))
        except Refused as error:
            raise Failure(REFUSED, f"{error}; nothing was done") from error
        people.block(tx, changed[-1].requester.email, blocked=not off)
    return changed


BONDS = (link, merge, unmerge, split, spam)
