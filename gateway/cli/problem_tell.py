"""`gateway problem tell`: one text, phase, date or solution for every customer who has a problem."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import click

from gateway import problems
from gateway.cli import Globals
from gateway.cli.acting import File, acting, article_of, files, meant
from gateway.cli.failure import DATA, REFUSED, UNKNOWN, USAGE, Failure
from gateway.cli.present import say, show_json, show_table
from gateway.cli.problem import found, problem
from gateway.cli.setting import now, office
from gateway.cli.ticket_time import promise
from gateway.cli.wording import written
from gateway.desk import commands, naming
from gateway.desk.answers import fill
from gateway.desk.commands import Command
from gateway.desk.decide import Refused
from gateway.desk.naming import Unknown
from gateway.desk.policy import Agent, Answer, Policy
from gateway.desk.problems import Problem, mark_of
from gateway.desk.ticket import Article, Author, Ticket
from gateway.letters_answer import places
from gateway.office import Office, new_id
from gateway.problems import Part, Telling
from gateway.store.transaction import Transaction

HEAD = ("ticket", "requester", "told", "what came of it")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for. `rest`: what was told last, for those who have not heard it."""

    agent: Agent
    moves: tuple[Command, ...]
    text: str
    answer: Answer | None
    attached: tuple[File, ...]
    rest: bool
    trial: bool


@problem.command()
@click.argument("ref", metavar="REF")
@click.option("-m", "--message", metavar="TEXT", help="The text.")
@click.option("-F", "--file", metavar="FILE", help='The text is in FILE; "-" is standard input.')
@click.option("--answer", metavar="NAME", help="The saved answer NAME, filled for each ticket in its language.")
@click.option("--attach", "attached", multiple=True, metavar="FILE", help="Send a file with it (repeatable).")
@click.option("--phase", metavar="P", help="Enter this phase, where the ticket's category has it.")
@click.option("--eta", metavar="DATE", help="Promise this date.")
@click.option("--progress", is_flag=True, help="It is the regular report.")
@click.option("--ask", is_flag=True, help="From now on we wait for the customers.")
@click.option("--hold", is_flag=True, help="From now on we wait for somebody else.")
@click.option("--solve", is_flag=True, help="This solves it.")
@click.option("--rest", is_flag=True, help="What was told last, to whoever has not heard it.")
@click.option("-y", "--yes", is_flag=True, help="Tell several customers without being asked whether to.")
@click.option("--try", "trial", is_flag=True, help="Only say what would come of it.")
@click.pass_obj
def tell(
    given: Globals,
    /,
    ref: str,
    message: str | None,
    file: str | None,
    answer: str | None,
    attached: tuple[str, ...],
    eta: str | None,
    rest: bool,
    yes: bool,
    trial: bool,
    **moves: str | bool | None,
) -> None:
    """Tell every customer on their own ticket; nobody sees another. Closed tickets are left alone.

    Whoever was told these very words last is not told them again.
    """
    at = office(given)
    try:
        policy = at.desk.policy
        agent = acting(given, policy)
        wanted = (*_moves(moves), *((promise(eta, policy),) if eta else ()))
        if rest and (message is not None or file is not None or answer is not None or attached):
            raise Failure(USAGE, "--rest tells what was told last: write no other words beside it")
        saved = policy.answers[meant(naming.answer(answer, policy))] if answer is not None else None
        needed = not (rest or saved or wanted or attached)
        wish = Wish(agent, wanted, written(message, file, needed=needed), saved, tuple(files(attached)), rest, trial)
        if moves["progress"] and not (wish.text or saved or rest):
            raise Failure(DATA, "--progress needs words: write them with -m TEXT; nothing was done")
        at.desk.blobs.stage(each.data for each in wish.attached)
        if not (yes or trial):
            _ask(at.db.write(_tell, at, ref, replace(wish, trial=True)), ref)
        parts = at.db.write(_tell, at, ref, wish)
        while not trial and (kept := at.db.write(problems.go_on, at.desk, now(), new_id)):
            for each in kept:
                if each.error is not None:
                    say(given, f"{policy.reference(each.ticket)}: not told yet, the daemon tries again: {each.error}")
        _show(given, parts, policy, trial=trial)
    finally:
        at.close()


def _ask(parts: Sequence[Part], ref: str) -> None:
    """76 unless whoever is at the terminal says yes: several customers hear of it, and it cannot be unsaid."""
    customers = {each.ticket.requester.email for each in parts if each.cause is not None}
    tickets = sum(each.cause is not None for each in parts)
    if tickets < 2:
        return
    reaches = f"{ref}: this reaches {tickets} tickets of {len(customers)} customer{'s' if len(customers) > 1 else ''}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Failure(REFUSED, f"{reaches}; --yes tells them, --try shows what each gets; nothing was done")
    if not click.confirm(f"{reaches}. Tell them?", err=True):
        raise Failure(REFUSED, "nothing was done")


def _moves(given: dict[str, str | bool | None]) -> list[Command]:
    """In the order in which they are done."""
    phase = given["phase"]
    moves: list[Command] = [commands.EnterPhase(phase)] if isinstance(phase, str) else []
    moves += [commands.Inform()] if given["progress"] else []
    moves += [commands.Ask()] if given["ask"] else []
    moves += [commands.Hold()] if given["hold"] else []
    return moves + ([commands.Solve()] if given["solve"] else [])


def _tell(tx: Transaction, at: Office, ref: str, wish: Wish) -> list[Part]:
    """All is looked at before anything is done: one ticket that refuses leaves all as they were."""
    one, policy = found(tx, ref), at.desk.policy
    if not one.open:
        raise Failure(REFUSED, f"all tickets of {one.name} are closed; nothing was done")
    _refuse_unknown_phase(one, wish.moves, policy)
    tickets, article, mark = one.open, _words(wish), ""
    if wish.rest:
        article, mark = _told_last(tx, one, wish.agent)
        tickets = tuple(each for each in tickets if each.heard is None or each.heard.words != mark)
    own = None if wish.answer is None else lambda ticket: _filled(wish, ticket, policy)
    telling = Telling(new_id(), one.name, wish.agent.id, wish.moves, article, mark or mark_of(article), own)
    try:
        problems.refuse_names(telling, one.open, policy)
        parts = problems.planned(tx, at.desk, telling, [each.number for each in tickets], now(), new_id)
        if not wish.trial:
            problems.carry_out(tx, at.desk, telling.id, parts, now(), new_id, _data(tx, at, wish, article))
    except Refused as refusal:
        raise Failure(REFUSED, f"{refusal}; nothing was done") from refusal
    return parts


def _refuse_unknown_phase(problem: Problem, moves: Sequence[Command], policy: Policy) -> None:
    """67 where none of the categories has the phase."""
    for move in moves:
        if isinstance(move, commands.EnterPhase):
            categories = dict.fromkeys(each.category for each in problem.open)
            answers = [naming.phase(move.phase, policy.categories[each]) for each in categories]
            if all(isinstance(each, Unknown) for each in answers):
                raise Failure(UNKNOWN, f"{answers[0]}; nothing was done")


def _words(wish: Wish) -> Article | None:
    """As they are on no ticket in particular."""
    said = fill(wish.answer.text.default, {}) if wish.answer is not None else ""
    text = "\n\n".join(filter(None, (wish.text, said)))
    if not text and not wish.attached:
        return None
    return article_of(wish.agent, text, "", wish.attached, public=True, first=1)


def _filled(wish: Wish, ticket: Ticket, policy: Policy) -> str:
    assert wish.answer is not None
    said = fill(wish.answer.text.within(ticket.language), places(ticket, wish.agent, policy, now()))
    return "\n\n".join(filter(None, (wish.text, said)))


def _told_last(tx: Transaction, problem: Problem, agent: Agent) -> tuple[Article, str]:
    """In the name of whoever tells it now."""
    said, heard = problems.last_words(tx, problem), problem.heard
    if said is None or heard is None:
        raise Failure(REFUSED, f"nothing was told to the customers of {problem.name} yet; nothing was done")
    if heard.own:
        raise Failure(REFUSED, "it was a saved answer: tell it with --answer, whoever heard it is not told again")
    return replace(said, at=now(), author=Author("agent", agent.name, agent.email, agent.id)), heard.words


def _data(tx: Transaction, at: Office, wish: Wish, article: Article | None) -> dict[str, bytes]:
    given = {each.ref.sha256: each.data for each in wish.attached}
    refs = article.attachments if article is not None else ()
    kept = {ref.sha256: at.desk.blobs.get(tx, ref.sha256) for ref in refs if ref.sha256 not in given}
    return {**given, **kept}


def _show(given: Globals, parts: Sequence[Part], policy: Policy, *, trial: bool) -> None:
    if given.json:
        return show_json([_record(each, policy) for each in parts])
    if given.quiet:
        return click.echo("".join(f"{each.ticket.number}\n" for each in parts if each.told), nl=False)
    rows = [
        (str(each.ticket.number), each.ticket.requester.email, "yes" if each.told else "no", each.said)
        for each in parts
    ]
    show_table(HEAD, rows)
    told = sum(each.told for each in parts)
    return say(
        given, "tried only: nothing was changed and nothing was sent" if trial else f"{told} of {len(parts)} told"
    )


def _record(part: Part, policy: Policy) -> dict[str, object]:
    return {
        "number": part.ticket.number,
        "reference": policy.reference(part.ticket.number),
        "requester": part.ticket.requester.email,
        "told": part.told,
        "outcome": part.said,
    }
