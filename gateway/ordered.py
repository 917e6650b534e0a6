"""An agent's mail with commands: done or refused as a whole, and what came of it mailed back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gateway import confirming, held, merging, problems, together
from gateway.advance import Desk, Files, NewId, load, save, write
from gateway.desk import transcript
from gateway.desk.agent import each_command
from gateway.desk.bonds import bond_in
from gateway.desk.causes import AgentActed
from gateway.desk.commands import LinkTo, MergeInto, Unmerge
from gateway.desk.decide import Refused, decide
from gateway.desk.events_bonds import Absorbed, MergedInto, SplitOff
from gateway.desk.evolve import after_all, replay
from gateway.desk.notice import Notice
from gateway.desk.notices import notices
from gateway.desk.orders import Orders, Wrong, is_dangerous, orders_of
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Agent, Policy
from gateway.desk.ticket import Article, Person, Ticket
from gateway.desk.undo import last_act, undone
from gateway.letters_answer import places
from gateway.store import articles, events, outbox, people, tickets
from gateway.store.transaction import Transaction

_TRIED = Phrase("Tried only: nothing was changed and nothing was sent.")
_PRIVATE = Phrase("Your text is a private note: the customer does not see it.")
_TAKEN_BACK = Phrase("taken back: the ticket is as it was")


@dataclass(frozen=True, slots=True)
class Said:
    """An agent's mail: its words, whether it came to the note address, how to make an article of what it says beside
    its commands (privately or not), and whether it brings files. `mail` is its id, `answered` are the Message-IDs that
    it answers. `sure`: nothing of it has to be confirmed."""

    mail: str
    agent: Agent
    text: str
    note: bool
    files: bool
    article: Callable[[str, bool], Article]
    answered: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Obeyed:
    """`article` is the id of the one that the mail became, if it did. `waits`: it has to be confirmed first."""

    article: str | None = None
    waits: bool = False


def obey(tx: Transaction, desk: Desk, number: int, said: Said, now: datetime, new_id: NewId, files: Files) -> Obeyed:
    """Whatever came of it, a transcript goes back."""
    ticket = load(tx, number)
    heard = together.understood(tx, ticket, _read(said, desk.policy, now, ticket), desk.policy)
    orders = heard.orders
    waiting, unknown = held.looked_up(tx, orders.mails)
    wrong = (*_forbidden(said, orders), *orders.wrong, *_unknown_tickets(tx, orders), *unknown, *heard.wrong)
    if wrong:
        _answer(
            tx, desk, number, said, "refused", transcript.refused(wrong, orders.text, desk.policy.language), now, new_id
        )
        return Obeyed()
    if orders.confirm is not None:
        _confirm(tx, desk, number, said, orders.confirm, now, new_id)
        return Obeyed()
    if orders.undo:
        _undo(tx, desk, number, said, now, new_id)
        return Obeyed()
    private = said.note or orders.private or orders.quiet
    article = said.article(orders.text, private) if orders.text or said.files or orders.again else None
    words = partial(_words, said, desk.policy, now)
    orders, article, files = together.marked(tx, desk, ticket, heard, words, said.mail, article, files)
    cause = merging.informed(tx, AgentActed(said.agent.id, orders.commands, article, quiet=orders.quiet))
    try:
        lines = _lines(ticket, orders, cause, desk.policy, now)
        parts = together.others(tx, desk, ticket, cause, orders, words, now, new_id)
    except Refused as refusal:
        why = _refused(orders, refusal)
        _answer(
            tx,
            desk,
            number,
            said,
            "refused",
            transcript.refused((why,), orders.text, desk.policy.language),
            now,
            new_id,
        )
        return Obeyed()
    lines = (*lines, *together.lines(tx, ticket, orders, parts, desk.policy))
    if orders.help:
        lines = (*lines, "", *transcript.help_lines(desk.policy.language))
    if orders.trial:
        lines = (_TRIED.within(desk.policy.language), "", *lines)
    elif not said.sure and (is_dangerous(orders, ticket, desk.policy) or together.reaches_many(orders, parts)):
        lines = confirming.question((*lines, *held.planned(waiting, desk.policy.language)), said.mail, desk.policy, now)
        _answer(tx, desk, number, said, "confirm", lines, now, new_id)
        return Obeyed(waits=True)
    else:
        lines = (
            *lines,
            *held.carry_out(tx, waiting, said.agent, now, desk.policy.language),
            *_blocked(tx, ticket, orders, desk.policy),
        )
        ticket = merging.act_on(tx, desk, ticket, cause, now, new_id, files)
        problems.carry_out(tx, desk, said.mail, parts, now, new_id, files)
    _answer(tx, desk, number, said, "tried" if orders.trial else "done", lines, now, new_id, after=ticket)
    return Obeyed(article.id if article is not None and not orders.trial else None)


def _read(said: Said, policy: Policy, now: datetime, ticket: Ticket, filled: Mapping[str, str] | None = None) -> Orders:
    """`filled`: what the places of saved answers are filled with; None: with what is true of the ticket."""
    values = places(ticket, said.agent, policy, now) if filled is None else filled
    return orders_of(said.text, ticket, policy, now, values)


def _words(said: Said, policy: Policy, now: datetime, ticket: Ticket, filled: Mapping[str, str] | None) -> str:
    return _read(said, policy, now, ticket, filled).text


def _blocked(tx: Transaction, ticket: Ticket, orders: Orders, policy: Policy) -> tuple[str, ...]:
    """The requester, by a /spam without an id: whatever they write from now on is held."""
    if not orders.spam:
        return ()
    email = ticket.requester.email
    people.block(tx, email, blocked=orders.spam == "on")
    held_now = "mail of {email} is held from now on: /spam off takes it back"
    said = Phrase(held_now if orders.spam == "on" else "mail of {email} is let in", email=email)
    return (f"  {said.within(policy.language)}",)


def undo(tx: Transaction, desk: Desk, number: int, agent: str, now: datetime) -> Ticket:
    """Take back what `agent` did last on the ticket, its letters with it; a merge, on both tickets. Raises Refused: one
    of them has left, or something else has happened since."""
    happened = events.events_of(tx, number)
    ticket = load(tx, number)
    act = last_act(happened, agent)
    bond = bond_in(happened[-act.count :])
    if isinstance(bond, Absorbed):
        undo(tx, desk, bond.number, agent, now)
        return load(tx, number)
    if isinstance(bond, SplitOff):
        raise Refused(
            Phrase(
                "a split is taken back by a merge: merge {ticket} into this one",
                ticket=desk.policy.reference(bond.number),
            )
        )
    joined = merging.joined(tx, desk, number, bond.number) if isinstance(bond, MergedInto) else None
    waiting = [letter for letter in outbox.waiting_of(tx, number) if letter.date == act.at]
    kept = {letter.id for letter in waiting}
    written = [letter for letter in outbox.of_ticket(tx, number) if letter.date == act.at]
    gone = next((each for each in written if each.id not in kept and not each.name.startswith("agent_")), None)
    instead = Phrase("unmerge {ticket} instead", ticket=desk.policy.reference(number)) if joined else None
    if gone is not None:
        instead = instead or Phrase("write another one")
        raise Refused(Phrase("the letter to {email} has left: {instead}", email=gone.to, instead=instead))
    if not waiting and now - act.at > desk.policy.undo_window:
        if instead is None:
            raise Refused(Phrase("it was done too long ago to be taken back"))
        raise Refused(Phrase("it was done too long ago to be taken back: {instead}", instead=instead))
    for letter in waiting:
        outbox.take_back(tx, letter.once)
    for notice in notices(ticket, happened[len(happened) - act.count :], desk.policy):
        if notice.apart:
            outbox.take_back(tx, notice.once)
    for article in act.articles:
        articles.show(tx, article, "private")
    if joined is not None:
        merging.take_back(tx, desk, number, joined, agent, now)
    event = undone(happened, act, agent, now)
    after = after_all(ticket, [event])
    save(tx, desk, after, [event])
    return after


def _confirm(tx: Transaction, desk: Desk, number: int, said: Said, given: str, now: datetime, new_id: NewId) -> None:
    """The order itself comes again, and with it its transcript."""
    why = confirming.confirm(tx, said.agent, given, said.answered, desk.policy, now)
    if why:
        lines = transcript.refused((confirming.wrong(given, why),), "", desk.policy.language)
        _answer(tx, desk, number, said, "refused", lines, now, new_id)


def _undo(tx: Transaction, desk: Desk, number: int, said: Said, now: datetime, new_id: NewId) -> None:
    """What the last mail did, on every ticket on which it did it."""
    acted = problems.acted_with(tx, number, said.agent.id)
    try:
        undo(tx, desk, number, said.agent.id, now)
    except Refused as refusal:
        wrong = Wrong("/undo", 0, len("/undo"), Phrase("{why}.", why=refusal.why))
        _answer(tx, desk, number, said, "refused", transcript.refused((wrong,), "", desk.policy.language), now, new_id)
    else:
        rest = _undone_too(tx, desk, acted, said.agent.id, now)
        lines = ("> /undo", f"  {_TAKEN_BACK.within(desk.policy.language)}", *rest)
        _answer(tx, desk, number, said, "done", lines, now, new_id)


def _undone_too(tx: Transaction, desk: Desk, acted: problems.Together, agent: str, now: datetime) -> tuple[str, ...]:
    """On each of them as far as it can be: something may have happened on one since."""
    lines: list[Phrase] = []
    waited = problems.withdraw(tx, acted.telling) if acted.telling else 0
    if waited:
        lines.append(Phrase("{count} tickets had not heard it yet, and will not.", count=waited))
    for each in acted.others:
        try:
            undo(tx, desk, each, agent, now)
        except Refused as refusal:
            kept = Phrase("{ticket} stays as it is: {why}.", ticket=desk.policy.reference(each), why=refusal.why)
            lines.append(kept)
        else:
            lines.append(Phrase("{ticket} is as it was, too.", ticket=desk.policy.reference(each)))
    return tuple(line.within(desk.policy.language) for line in lines)


def _forbidden(said: Said, orders: Orders) -> tuple[Wrong, ...]:
    if said.agent.role != "viewer" or not orders.lines:
        return ()
    first = said.text.strip().splitlines()[0]
    return (Wrong(first, 0, len(first), Phrase("{agent} only looks, and gives no commands.", agent=said.agent.name)),)


def _unknown_tickets(tx: Transaction, orders: Orders) -> list[Wrong]:
    found = []
    for order in orders.orders:
        command = order.command
        named = command.number if isinstance(command, LinkTo | MergeInto | Unmerge) else None
        if named is not None and tickets.load(tx, named, replay) is None:
            start = order.line.find(" ") + 1
            found.append(Wrong(order.line, start, len(order.line) - start, Phrase("there is no such ticket.")))
    return found


def _refused(orders: Orders, refusal: Refused) -> Wrong:
    line = orders.orders[refusal.command].line if refusal.command is not None else ""
    return Wrong(line, 0, max(len(line.split(maxsplit=1)[0]) if line else 1, 1), Phrase("{why}.", why=refusal.why))


def _lines(ticket: Ticket, orders: Orders, cause: AgentActed, policy: Policy, now: datetime) -> tuple[str, ...]:
    """What comes of it, before it is done. Raises Refused."""
    found = decide(ticket, cause, policy, now)
    after = after_all(ticket, found)
    words = after_all(ticket, decide(ticket, AgentActed(cause.agent, article=cause.article), policy, now))
    made = each_command(words, cause, policy, now)
    written: Sequence[Notice] = list(notices(after, found, policy))
    lines = (*transcript.done(orders.orders, made, after, policy), *transcript.steps(found, policy))
    if cause.article is not None and cause.article.visibility == "private":
        lines = (*lines, _PRIVATE.within(policy.language), *transcript.told(found, policy))
    return (*lines, *transcript.letters(written, policy.language))


def _answer(
    tx: Transaction, desk: Desk, number: int, said: Said, reason: str, lines: tuple[str, ...], now: datetime,
    new_id: NewId, after: Ticket | None = None,
) -> None:  # fmt: skip
    """With the ticket as it now is (`after`, where the caller has it): a reply to it commands on."""
    notice = Notice(
        letter="agent_commands",
        to=Person(said.agent.name, said.agent.email),
        audience="agent",
        automation="auto-replied",
        once=confirming.once(said.mail) if reason == "confirm" else f"commands:{said.mail}",
        agent=said.agent.id,
        reason=reason,
        lines=lines,
    )
    rule = desk.policy.letters.get(notice.letter)
    if rule is None or rule.enabled:
        write(tx, desk, after or load(tx, number), articles.of(tx, number), notice, now, new_id)
