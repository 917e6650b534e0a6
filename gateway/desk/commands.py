"""What an agent may tell the desk to do: by mail, in a terminal, or on a page, the same values.

"/phase plan" in a mail becomes `EnterPhase("plan")`; so does `gateway ticket phase 1042 plan`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Take:
    pass


@dataclass(frozen=True, slots=True)
class Assign:
    """`to` is an agent's id, or None for nobody."""

    to: str | None


@dataclass(frozen=True, slots=True)
class ToTeam:
    team: str


@dataclass(frozen=True, slots=True)
class EnterPhase:
    phase: str


@dataclass(frozen=True, slots=True)
class SetCategory:
    category: str


@dataclass(frozen=True, slots=True)
class SetPriority:
    priority: str


@dataclass(frozen=True, slots=True)
class SetSubject:
    subject: str


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: str


@dataclass(frozen=True, slots=True)
class Tag:
    tag: str


@dataclass(frozen=True, slots=True)
class Untag:
    tag: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Now we wait for the customer."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Now we wait for somebody else."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody else works on it as task `ref`: the customer is told, and the ticket is on hold."""

    ref: str


@dataclass(frozen=True, slots=True)
class Escalate:
    """To the tier `tier`, or to the next one."""

    tier: str | None = None


@dataclass(frozen=True, slots=True)
class GiveDate:
    """Promise the customer a date: until then the present phase is done."""

    by: datetime


@dataclass(frozen=True, slots=True)
class Inform:
    """What the agent writes with it is the progress report."""


@dataclass(frozen=True, slots=True)
class Call:
    """We rang the customer and left a voicemail: a mail goes with it."""


@dataclass(frozen=True, slots=True)
class Spend:
    """Working time."""

    minutes: int


@dataclass(frozen=True, slots=True)
class MakeQuote:
    """What the work takes: the customer decides, and the ticket is on hold until then. `amount` in the agent's words,
    or ""."""

    minutes: int
    amount: str = ""


@dataclass(frozen=True, slots=True)
class TakeBackQuote:
    pass


@dataclass(frozen=True, slots=True)
class Snooze:
    """Reminders to staff wait until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Mute:
    """No more letters about it to whoever says so; `on` False: letters again."""

    on: bool = True


@dataclass(frozen=True, slots=True)
class AddReader:
    """`email` in normal form reads along from now on."""

    email: str


@dataclass(frozen=True, slots=True)
class RemoveReader:
    email: str


@dataclass(frozen=True, slots=True)
class LinkTo:
    """Ticket `number` has to do with this one."""

    number: int


@dataclass(frozen=True, slots=True)
class SetProblem:
    """The cause that it shares with other tickets; None: with none."""

    problem: str | None


@dataclass(frozen=True, slots=True)
class UseAnswer:
    """The saved answer `name` is among the words of the mail."""

    name: str


@dataclass(frozen=True, slots=True)
class Tell:
    """What goes with it is for the tickets of its problem: `article` are the words on this one, `words` their mark.
    `own`: there are places in them, which are filled for each ticket. `telling` is the id of what is done on all."""

    telling: str = ""
    article: str = ""
    words: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class MergeInto:
    """The ticket goes on as ticket `number`, or as the one that was merged into."""

    number: int


@dataclass(frozen=True, slots=True)
class Unmerge:
    """Ticket `number`, which was merged into this one, is a ticket of its own again."""

    number: int


@dataclass(frozen=True, slots=True)
class Solve:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    pass


@dataclass(frozen=True, slots=True)
class Reopen:
    pass


Command = (
    Take
    | Assign
    | ToTeam
    | EnterPhase
    | SetCategory
    | SetPriority
    | SetSubject
    | SetLanguage
    | Tag
    | Untag
    | Ask
    | Hold
    | HandOver
    | Escalate
    | GiveDate
    | Inform
    | Call
    | Spend
    | MakeQuote
    | TakeBackQuote
    | Snooze
    | Mute
    | AddReader
    | RemoveReader
    | LinkTo
    | SetProblem
    | UseAnswer
    | Tell
    | MergeInto
    | Unmerge
    | Solve
    | Close
    | Reopen
)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line of a mail that begins with a slash, and where it stands in the new text (from 0)."""

    line: int
    text: str


def command_lines(text: str) -> tuple[CommandLine, ...]:
    """Lines starting with "/" and a letter in the first or the last block of `text`; blocks end at a blank line."""
    lines = text.splitlines()
    blocks: list[list[int]] = [[]]
    for index, line in enumerate(lines):
        if line.strip():
            blocks[-1].append(index)
        elif blocks[-1]:
            blocks.append([])
    filled = [block for block in blocks if block]
    wanted = dict.fromkeys((filled[0] + filled[-1]) if filled else [])
    return tuple(CommandLine(i, lines[i].strip()) for i in wanted if _is_command(lines[i].strip()))


def without_commands(text: str) -> str:
    """What stands beside the command lines."""
    taken = {each.line for each in command_lines(text)}
    return "\n".join(line for index, line in enumerate(text.splitlines()) if index not in taken).strip("\n").rstrip()


def _is_command(line: str) -> bool:
    return len(line) > 1 and line[0] == "/" and line[1].isalpha() and "/" not in line.split(maxsplit=1)[0][1:]
