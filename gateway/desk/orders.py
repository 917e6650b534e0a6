"""An agent's mail, read: the lines that are commands, what is wrong with them, and the words beside them.

All or nothing: where `wrong` is not empty, nothing of the mail is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Final, Literal

from gateway.desk import commands, naming
from gateway.desk.answers import fill
from gateway.desk.commands import Command, CommandLine, command_lines
from gateway.desk.phrases import Phrase
from gateway.desk.policy import Policy
from gateway.desk.ticket import Ticket
from gateway.desk.verbs import READERS, Context


@dataclass(frozen=True, slots=True)
class Order:
    """A command and the line it stood on."""

    line: str
    command: Command


@dataclass(frozen=True, slots=True)
class MailOrder:
    """What becomes of a held mail: let in ("release", `how` "", "join" or "alias"), or dropped with its sender blocked
    ("spam"). `mail` is its id or the first letters of it."""

    line: str
    verb: Literal["release", "spam"]
    mail: str
    how: Literal["", "join", "alias"] = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with `line`: the `length` characters from `start`, and why in words that end in a stop."""

    line: str
    start: int
    length: int
    why: str


@dataclass(frozen=True, slots=True)
class Orders:
    """`text` is what the mail says beside its commands. `private`: the whole mail is a note. `quiet`: no letter to the
    customer. `trial`: only say what would happen. `lines`: how many command lines there were. `mails`: what becomes
    of held mails. `spam`: the ticket itself is; "off" where its requester is to be heard again. `all`: it is for every
    ticket of the problem. `again`: what those were told last is for this one. `confirm`: an earlier mail is confirmed,
    that of this id ("": the one that the letter answered asks about); None: none is."""

    orders: tuple[Order, ...] = ()
    text: str = ""
    private: bool = False
    quiet: bool = False
    trial: bool = False
    help: bool = False
    undo: bool = False
    wrong: tuple[Wrong, ...] = ()
    lines: int = 0
    mails: tuple[MailOrder, ...] = ()
    spam: Literal["", "on", "off"] = ""
    all: bool = False
    again: bool = False
    confirm: str | None = None

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(order.command for order in self.orders)


SWITCHES: Final = ("note", "quiet", "try", "help", "undo", "all", "again")
OF_MAILS: Final = ("release", "spam")
CONFIRM: Final = "confirm"


def orders_of(
    text: str, ticket: Ticket, policy: Policy, now: datetime, places: Mapping[str, str] | None = None
) -> Orders:
    """What an agent's mail orders: its command lines in order, read against the ticket as those before leave it.

    `places`: what the places of saved answers are filled with.
    """
    found = command_lines(text)
    orders: list[Order] = []
    spam = _spam(found)
    mails, wrong = mail_orders(line for line in found if not _is_of_ticket(line))
    switches: set[str] = set()
    said: list[str] = []
    context = Context(ticket, policy, now, ticket.category)
    for line in found:
        verb, argument = _split(line)
        if verb in SWITCHES and not (argument and verb != "note"):
            switches.add(verb)
            said += [argument] if argument else []
            continue
        if verb == "progress" and argument:
            said.append(argument)
        if verb == CONFIRM:
            continue
        if verb in OF_MAILS:
            orders += [Order(line.text, commands.Close())] if verb == "spam" and not argument else []
            continue
        read = _read(line, verb, argument, context)
        if isinstance(read, Wrong):
            wrong.append(read)
            continue
        for command in read:
            orders.append(Order(line.text, command))
            if isinstance(command, commands.SetCategory):
                context = Context(ticket, policy, now, command.category)
    beside = "\n".join((*said, _beside(text, found, _answers(found, context, places or {})))).strip()
    if any(isinstance(order.command, commands.Inform) for order in orders) and (not beside or "note" in switches):
        wrong.append(_unsaid(found, private="note" in switches))
    wrong += _not_alone(found)
    return Orders(
        orders=tuple(orders),
        text=beside,
        private="note" in switches,
        quiet="quiet" in switches or spam == "on",
        trial="try" in switches,
        help="help" in switches,
        undo="undo" in switches,
        wrong=tuple(wrong),
        lines=len(found),
        mails=tuple(mails),
        spam=spam,
        all="all" in switches,
        again="again" in switches,
        confirm=confirmed_by(found),
    )


def mail_orders(lines: Iterable[CommandLine]) -> tuple[list[MailOrder], list[Wrong]]:
    """What becomes of held mails by these lines, other lines left out; and what is wrong with some of them."""
    read = [_mail_order(line) for line in lines if _split(line)[0] in OF_MAILS]
    return [one for one in read if isinstance(one, MailOrder)], [one for one in read if isinstance(one, Wrong)]


def confirmed_by(lines: Iterable[CommandLine]) -> str | None:
    """The id behind /confirm, in lower case, "" where none stands there; None where there is no such line."""
    return next((argument.lower() for verb, argument in map(_split, lines) if verb == CONFIRM), None)


def is_dangerous(orders: Orders, ticket: Ticket, policy: Policy) -> bool:
    """Whether it is hard to take back: a merge, a sender shut out, several tickets solved at once. Who has no more than
    the code of a letter has to confirm it, and also what reaches many customers (`reaches_many` in together.py)."""
    if orders.spam == "on" or any(one.verb == "spam" for one in orders.mails):
        return True
    category = policy.categories.get(ticket.category)
    final = {phase.id for phase in category.phases if phase.final} if category else set()
    for command in orders.commands:
        match command:
            case commands.MergeInto():
                return True
            case commands.Solve() if orders.all:
                return True
            case commands.EnterPhase(phase=phase) if orders.all and phase in final:
                return True
            case _:
                pass
    return False


def are_of_mails(text: str) -> bool:
    """Whether a mail orders something, and nothing but what becomes of held mails."""
    verbs = [_split(line)[0] for line in command_lines(text)]
    return bool(verbs) and all(verb in (*OF_MAILS, CONFIRM, "help") for verb in verbs)


def speaks(text: str, *, files: bool) -> bool:
    """Whether an agent's mail, well-formed or not, has words or files for the customer."""
    found = command_lines(text)
    verbs = {_split(line)[0]: _split(line)[1] for line in found}
    if verbs.keys() & {"note", "quiet", "try", "undo", CONFIRM}:
        return False
    return files or "answer" in verbs or bool(verbs.get("progress")) or bool(_beside(text, found, {}))


def _mail_order(line: CommandLine) -> MailOrder | Wrong:
    verb, argument = _split(line)
    words = argument.lower().split()
    if not words or not re.fullmatch(r"[0-9a-z]{4,64}", words[0]):
        why = Phrase("write the id of a held mail, at least four letters of it, as in /{verb} 3f2a9c.", verb=verb)
        return Wrong(line.text, 0, len(line.text), why)
    how = words[1] if len(words) > 1 else ""
    if len(words) == 1 or (len(words) == 2 and verb == "release" and how in ("join", "alias")):
        return MailOrder(line.text, "spam" if verb == "spam" else "release", words[0], "join" if how == "join" else
                         "alias" if how == "alias" else "")  # fmt: skip
    start = len(line.text) - len(" ".join(words[1:]))
    why = Phrase("only join or alias may stand behind the id of /release.")
    return Wrong(line.text, start, len(line.text) - start, why)


def _is_of_ticket(line: CommandLine) -> bool:
    verb, argument = _split(line)
    return verb == "spam" and argument.lower() in ("", "off")


def _spam(found: Iterable[CommandLine]) -> Literal["", "on", "off"]:
    """Whether the mail calls the ticket itself unwanted, or takes that back."""
    said = [_split(line)[1] for line in found if _is_of_ticket(line)]
    return "" if not said else "off" if said[-1] else "on"


def _split(line: CommandLine) -> tuple[str, str]:
    verb, _, argument = line.text[1:].partition(" ")
    return verb.lower().rstrip(":"), argument.strip()


def _answers(found: tuple[CommandLine, ...], context: Context, places: Mapping[str, str]) -> dict[int, str]:
    """The saved answers, in the ticket's language, by the lines that name them."""
    said: dict[int, str] = {}
    for line in found:
        verb, argument = _split(line)
        name = naming.answer(argument, context.policy)
        if verb == "answer" and isinstance(name, str):
            said[line.line] = fill(context.policy.answers[name].text.within(context.ticket.language), places)
    return said


def _beside(text: str, found: tuple[CommandLine, ...], answers: Mapping[int, str]) -> str:
    """The text without its command lines, saved answers as paragraphs where they were named; where command lines left
    several empty lines, one stays."""
    taken = {line.line for line in found}
    kept = "\n".join(
        f"\n{answers[index]}\n" if index in answers else line
        for index, line in enumerate(text.splitlines())
        if index not in taken or index in answers
    )
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n").rstrip()


def _not_alone(found: tuple[CommandLine, ...]) -> list[Wrong]:
    if len(found) == 1:
        return []
    what = {
        "undo": Phrase("/undo stands alone: what it takes back is your last mail."),
        CONFIRM: Phrase("/confirm stands alone: what it confirms is another mail."),
    }
    alone = ((line, _split(line)[0]) for line in found)
    return [Wrong(line.text, 0, len(verb) + 1, what[verb]) for line, verb in alone if verb in what]


def _unsaid(found: tuple[CommandLine, ...], *, private: bool) -> Wrong:
    line = next(line for line in found if _split(line)[0] == "progress")
    needs = Phrase("/progress needs words: write what there is to say.")
    why = Phrase("/progress tells the customer, and /note does not.") if private else needs
    return Wrong(line.text, 0, len("/progress"), why)


def _read(line: CommandLine, verb: str, argument: str, context: Context) -> list[Command] | Wrong:
    """The commands of a line (several for "/tag a b")."""
    reader = READERS.get(verb)
    length = len(line.text.split()[0])
    if verb in SWITCHES:
        why = Phrase("nothing stands behind this command; write text on a line of its own.")
        return Wrong(line.text, length + 1, len(argument), why)
    if reader is None:
        near = get_close_matches(verb, [*READERS, *SWITCHES, *OF_MAILS, CONFIRM], n=1)
        unknown = Phrase("there is no /{verb}.", verb=verb)
        guess = Phrase("there is no /{verb}. Did you mean /{near}?", verb=verb, near=near[0]) if near else unknown
        return Wrong(line.text, 0, length, guess)
    found = reader(argument, context)
    if isinstance(found, str):
        start = line.text.find(argument) if argument else 0
        return Wrong(line.text, start, len(argument) or length, found)
    return found


MAIL_HELP: Final = (
    Phrase("/release ID: let this mail in. /release ID join: and its sender reads along."),
    Phrase("/release ID alias: it is another address of the requester."),
    Phrase("/spam ID: drop it and hold whatever its sender writes from now on."),
)
HELP: Final = (
    Phrase("phase P: enter a phase. eta D: promise a date (2026-05-12, friday, 3 business days)."),
    Phrase("ask: wait for the customer. hold [TASK]: wait for somebody else. escalate [TIER|TASK]."),
    Phrase("take. assign AGENT|TEAM|none. prio P. category C. tag T. untag T. cc A. uncc A."),
    Phrase("answer NAME: a saved answer, where this line stands."),
    Phrase("progress TEXT: tell the customer how it goes. call: say that we rang. time 30m. snooze 3d. link N."),
    Phrase("quote 4h [AMOUNT]: ask the customer to approve it; on hold until then. quote none: take it back."),
    Phrase("problem REF|none: it has the same cause as other tickets. again: tell it what those were told last."),
    Phrase("all: the words, phase, date, solution of this mail are for every ticket of its problem."),
    Phrase("merge N: this ticket goes on as N. unmerge N: N, which was merged into this one, is on its own again."),
    Phrase("mute: no more letters to you about it, but what names you. unmute: letters again."),
    Phrase("solve. close. reopen. undo: take back what has not left yet."),
    Phrase("release ID [join|alias]: let a held mail in. spam [ID]: block its sender, or this requester; spam off."),
    Phrase("confirm [ID]: do what an earlier mail of yours ordered and had to be confirmed."),
    Phrase("note: the whole mail is private. quiet: no letter to the customer. try: only say what would happen. help."),
)
