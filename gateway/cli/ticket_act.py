"""`gateway ticket …`: everything that changes a ticket, through the same causes as mail."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

import click

from gateway.advance import start
from gateway.cli import Globals
from gateway.cli.acting import File, act, acting, files, meant, numbers, tell
from gateway.cli.drafting import drafted
from gateway.cli.failure import DATA, REFUSED, UNKNOWN, USAGE, Failure
from gateway.cli.setting import now, office
from gateway.cli.ticket_bonds import BONDS
from gateway.cli.ticket_quote import quote
from gateway.cli.ticket_readers import cc, readers
from gateway.cli.ticket_time import TIMES, promise
from gateway.cli.wording import Wording, can_edit, worded, written
from gateway.desk import commands, naming
from gateway.desk.causes import Request
from gateway.desk.commands import Command
from gateway.desk.evolve import replay
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Article, AttachmentRef, Author, Channel, Person, Ticket
from gateway.intake.opening import organisation_of, team_of
from gateway.mail.address import normal
from gateway.office import Office, new_id
from gateway.store import tickets
from gateway.store.transaction import Transaction

_text = click.option("-m", "--message", metavar="TEXT", help="The text.")
_file = click.option("-F", "--file", metavar="FILE", help='The text is in FILE; "-" is standard input.')
_attach = click.option("--attach", "attached", multiple=True, metavar="FILE", help="Send a file with it (repeatable).")
_many = click.argument("n", nargs=-1, required=True, metavar="N...")
_one = click.argument("n", metavar="N")


@click.command()
@_one
@_attach
@click.option("--phase", metavar="P", help="Enter this phase with the same letter.")
@click.option("--eta", metavar="DATE", help="Promise this date for it.")
@click.option("--cc", metavar="A", multiple=True, help="Somebody who reads along from now on (repeatable).")
@click.option("--ask", is_flag=True, help="From now on we wait for the customer.")
@click.option("--solve", is_flag=True, help="This solves it.")
@worded
@click.pass_obj
def reply(
    given: Globals,
    n: str,
    wording: Wording,
    attached: tuple[str, ...],
    phase: str | None,
    eta: str | None,
    cc: tuple[str, ...],
    ask: bool,
    solve: bool,
) -> None:
    """Answer the customer."""
    at = office(given)
    enclosed = files(attached)
    moves: list[Command] = [commands.EnterPhase(_phase_meant(at, n, phase))] if phase else []
    moves += [promise(eta, at.desk.policy)] if eta else []
    moves += readers(cc, at.desk.policy)
    moves += [commands.Ask()] if ask else []
    moves += [commands.Solve()] if solve else []
    said = wording.said(needed=True, draft=lambda: drafted(at, n))
    act(given, [n], moves, done="answered", said=said, attached=enclosed, desk=at)


def _phase_meant(at: Office, n: str, phase: str, category: str = "") -> str:
    """The phase of the ticket's category, or of the one that it is given with it."""
    policy = at.desk.policy
    with at.db.snapshot() as tx:
        ticket = tickets.load(tx, numbers([n], policy)[0], replay)
    if ticket is None:
        raise Failure(UNKNOWN, f"there is no ticket {n}")
    return meant(naming.phase(phase, policy.categories[category or ticket.category]))


@click.command()
@_one
@_attach
@worded
@click.pass_obj
def note(given: Globals, n: str, wording: Wording, attached: tuple[str, ...]) -> None:
    """Write a private note: no customer sees it."""
    at = office(given)
    enclosed = files(attached)
    said = wording.said(needed=True, draft=lambda: drafted(at, n, private=True))
    act(given, [n], (), done="noted", said=said, public=False, attached=enclosed, desk=at)


@click.command()
@_many
@worded
@click.pass_obj
def solve(given: Globals, n: tuple[str, ...], wording: Wording) -> None:
    """Say that it is solved, with a text or without one."""
    said = wording.said()
    act(given, n, [commands.Solve()], done="solved", said=said)


@click.command()
@_many
@worded
@click.pass_obj
def close(given: Globals, n: tuple[str, ...], wording: Wording) -> None:
    """Close it."""
    act(given, n, [commands.Close()], done="closed", said=wording.said())


@click.command()
@_many
@click.pass_obj
def reopen(given: Globals, n: tuple[str, ...]) -> None:
    """Open it again."""
    act(given, n, [commands.Reopen()], done="open again")


@click.command()
@_many
@worded
@click.pass_obj
def ask(given: Globals, n: tuple[str, ...], wording: Wording) -> None:
    """Ask the customer something: from now on we wait for them."""
    said = wording.said(needed=True)
    act(given, n, [commands.Ask()], done="waiting for the customer", said=said)


@click.command()
@_many
@click.option("--ref", metavar="TASK", help="The number of the task elsewhere: told to the customer.")
@click.pass_obj
def hold(given: Globals, n: tuple[str, ...], ref: str | None) -> None:
    """Wait for somebody else: engineering, a third party."""
    act(given, n, [commands.HandOver(ref) if ref else commands.Hold()], done="on hold")


@click.command()
@_many
@click.pass_obj
def take(given: Globals, n: tuple[str, ...]) -> None:
    """Take it yourself."""
    act(given, n, [commands.Take()], done="taken")


@click.command()
@click.argument("n", nargs=-1, required=True, metavar="N... AGENT|TEAM|none")
@click.pass_obj
def assign(given: Globals, n: tuple[str, ...]) -> None:
    """Give it to an agent, to a team, or to none."""
    if len(n) < 2:
        raise Failure(USAGE, "say whom: gateway ticket assign N AGENT|TEAM|none")
    at = office(given)
    to, command = _assignee(n[-1], given, at.desk.policy)
    act(given, n[:-1], [command], done=f"assigned to {to}", desk=at)


def _assignee(word: str, given: Globals, policy: Policy) -> tuple[str, Command]:
    if word == "none":
        return "nobody", commands.Assign(None)
    if word == "me":
        return "you", commands.Assign(acting(given, policy).id)
    agent = naming.agent(word, policy)
    if isinstance(agent, str):
        if policy.agents[agent].role == "viewer":
            raise Failure(REFUSED, f"{policy.agents[agent].name} is a viewer, who only looks; nothing was done")
        return policy.agents[agent].name, commands.Assign(agent)
    team = naming.team(word, policy)
    if isinstance(team, str):
        return f"team {team}", commands.ToTeam(team)
    raise Failure(UNKNOWN, str(agent))


@click.command()
@_one
@click.argument("phase", metavar="PHASE")
@worded
@click.pass_obj
def phase(given: Globals, n: str, phase: str, wording: Wording) -> None:
    """Enter a phase; the customer gets a letter."""
    at = office(given)
    wanted = _phase_meant(at, n, phase)
    said = wording.said()
    act(given, [n], [commands.EnterPhase(wanted)], done=f"phase {wanted}", said=said, desk=at)


@click.command()
@_one
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@click.pass_obj
def set_(given: Globals, n: str, changes: tuple[str, ...]) -> None:
    """Change category, priority, title, language, team, assignee or phase."""
    at = office(given)
    chosen = [each for each in changes if each.startswith("category=")]  # a phase is one of the new category's
    category = meant(naming.category(chosen[-1].partition("=")[2], at.desk.policy)) if chosen else ""
    moves = [_change(each, given, at, n, category) for each in (*chosen, *(e for e in changes if e not in chosen))]
    act(given, [n], moves, done=", ".join(changes), desk=at)


def _change(change: str, given: Globals, at: Office, n: str, category: str) -> Command:
    key, equals, value = change.partition("=")
    policy = at.desk.policy
    if not equals:
        raise Failure(USAGE, f"{change}: write KEY=VALUE, as in priority=high")
    match key:
        case "category":
            return commands.SetCategory(meant(naming.category(value, policy)))
        case "priority":
            return commands.SetPriority(meant(naming.priority(value, policy)))
        case "title" | "subject":
            return commands.SetSubject(" ".join(value.split()))
        case "language":
            return commands.SetLanguage(meant(naming.find("language", value, dict.fromkeys(policy.languages, ()))))
        case "team":
            return commands.ToTeam(meant(naming.team(value, policy)))
        case "assignee":
            return _assignee(value, given, policy)[1]
        case "phase":
            return commands.EnterPhase(_phase_meant(at, n, value, category))
        case _:
            keys = ("category", "priority", "title", "language", "team", "assignee", "phase")
            raise Failure(USAGE, str(naming.find("key", key, dict.fromkeys(keys, ()))))


@click.command()
@_one
@click.argument("changes", nargs=-1, required=True, metavar="+TAG|-TAG...")
@click.pass_obj
def tag(given: Globals, n: str, changes: tuple[str, ...]) -> None:
    """Add (+a) and take off (-b) tags."""
    moves: list[Command] = [
        commands.Untag(word[1:]) if word.startswith("-") else commands.Tag(word.removeprefix("+")) for word in changes
    ]
    act(given, [n], moves, done=" ".join(changes))


tag.context_settings["ignore_unknown_options"] = True


@click.command()
@click.option("--for", "for_", required=True, metavar='"Name <addr>"', help="Whose ticket it is.")
@click.option("-t", "--title", required=True, metavar="TITLE")
@_text
@_file
@_attach
@click.option("--category", metavar="C")
@click.option("--priority", metavar="P")
@click.option("--channel", type=click.Choice(["mail", "phone", "chat", "forum", "web"]), default="mail")
@click.option("--no-mail", is_flag=True, help="The customer gets no letter about it.")
@click.pass_obj
def new(
    given: Globals,
    for_: str,
    title: str,
    message: str | None,
    file: str | None,
    attached: tuple[str, ...],
    category: str | None,
    priority: str | None,
    channel: Channel,
    no_mail: bool,
) -> None:
    """Open a ticket for somebody: what they said on the phone, in a chat, in a forum.

    Without a text, and where none can be written in an editor, the title is all that was said.
    """
    at = office(given)
    try:
        policy = at.desk.policy
        agent = acting(given, policy)
        name, email = parseaddr(for_)
        if not normal(email):
            raise Failure(DATA, f'{for_}: write --for "Maria Lopez <maria@customer.example>"')
        requester = Person(" ".join(name.split()), normal(email))
        enclosed = files(attached)
        text = written(message, file, needed=can_edit()) or title
        request = _request(
            policy,
            agent,
            requester,
            " ".join(title.split()),
            _first_article(requester, title, text, enclosed),
            category=meant(naming.category(category, policy)) if category else policy.first_mailbox.category,
            priority=meant(naming.priority(priority, policy)) if priority else "",
            channel=channel,
            mail=not no_mail,
        )
        at.desk.blobs.stage(each.data for each in enclosed)
        tell(given, at, at.db.write(_open, at, request, enclosed), "opened")
    finally:
        at.close()


def _open(tx: Transaction, at: Office, request: Request, enclosed: list[File]) -> Ticket:
    numbered = replace(request, number=tickets.next_number(tx, at.desk.policy.start))
    return start(tx, at.desk, numbered, now(), new_id, {each.ref.sha256: each.data for each in enclosed})


def _first_article(requester: Person, title: str, text: str, enclosed: list[File]) -> Article:
    refs = (each.ref for each in enclosed)
    return Article(
        id=new_id(),
        at=now(),
        direction="in",
        visibility="public",
        author=Author("requester", requester.name, requester.email),
        subject=title,
        text=text,
        attachments=tuple(
            AttachmentRef(index, ref.name, ref.content_type, ref.size, ref.sha256) for index, ref in enumerate(refs, 1)
        ),
    )


def _request(
    policy: Policy,
    agent: Agent,
    requester: Person,
    title: str,
    article: Article,
    *,
    category: str,
    priority: str,
    channel: Channel,
    mail: bool,
) -> Request:
    chosen = policy.categories[category]
    organisation = organisation_of(requester.email, policy)
    return Request(
        number=0,
        mailbox=policy.first_mailbox.id,
        subject=title,
        requester=requester,
        article=article,
        category=category,
        priority=priority
        or (chosen.priority if chosen.priority in policy.priorities else next(iter(policy.priorities))),
        language=policy.language,
        channel=channel,
        team=team_of(policy, chosen, organisation),
        tier=chosen.tier or (policy.tiers[0].id if policy.tiers else None),
        organisation=organisation,
        by=f"agent:{agent.id}",
        acknowledge="created_for_you" if mail else None,
    )


set_.name = "set"
ACTS = (reply, note, ask, solve, close, reopen, hold, take, assign, phase, set_, tag, new, quote, cc, *BONDS, *TIMES)
