"""`gateway ticket …`: what has to do with time and with others: dates, reports, tiers, calls, working time, undo."""

from __future__ import annotations

import click

from gateway.cli import Globals
from gateway.cli.acting import act, acting, loaded, meant, numbers, tell
from gateway.cli.drafting import drafted
from gateway.cli.failure import DATA, REFUSED, USAGE, Failure
from gateway.cli.setting import now, office
from gateway.cli.wording import Wording, worded
from gateway.desk import calendar, commands, days, naming
from gateway.desk.commands import Command
from gateway.desk.decide import Refused
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, parse_span
from gateway.desk.ticket import Ticket
from gateway.office import Office
from gateway.ordered import undo as take_back
from gateway.store.transaction import Transaction

_one = click.argument("n", metavar="N")
_many = click.argument("n", nargs=-1, required=True, metavar="N...")


@click.command()
@_one
@click.argument("when", nargs=-1, required=True, metavar="DATE")
@worded
@click.pass_obj
def eta(given: Globals, n: str, when: tuple[str, ...], wording: Wording) -> None:
    """Promise the customer a date: 2026-05-12, friday, or "3 business days"."""
    at = office(given)
    given_date = promise(" ".join(when), at.desk.policy)
    act(given, [n], [given_date], done="promised", said=wording.said(), desk=at)


def promise(words: str, policy: Policy) -> commands.GiveDate:
    """For --eta too. 65 where the words name no day, or one that is over."""
    by = days.end_of(words, policy.office, now())
    if by is None:
        raise Failure(DATA, f"{words} is no day: write 2026-05-12, friday, or 3 business days")
    if by <= now():
        raise Failure(DATA, f"{words} is over")
    return commands.GiveDate(by)


@click.command()
@_one
@click.argument("tier", required=False, metavar="[TIER]")
@click.option("--ref", metavar="TASK", help="It is a task elsewhere now: told to the customer, and on hold.")
@worded
@click.pass_obj
def escalate(given: Globals, n: str, tier: str | None, ref: str | None, wording: Wording) -> None:
    """Give it to the next tier, to a certain one, or (--ref) to people elsewhere."""
    at = office(given)
    tiers = {each.id: () for each in at.desk.policy.tiers}
    moves: list[Command] = []
    if tier is not None or ref is None:
        moves.append(commands.Escalate(meant(naming.find("tier", tier, tiers)) if tier is not None else None))
    moves += [commands.HandOver(ref)] if ref is not None else []
    act(given, [n], moves, done="escalated", said=wording.said(), desk=at)


@click.command()
@_one
@worded
@click.pass_obj
def progress(given: Globals, n: str, wording: Wording) -> None:
    """Tell the customer how it goes: the regular update."""
    at = office(given)
    said = wording.said(needed=True, draft=lambda: drafted(at, n))
    act(given, [n], [commands.Inform()], done="reported", said=said, desk=at)


@click.command()
@_one
@worded
@click.pass_obj
def call(given: Globals, n: str, wording: Wording) -> None:
    """Say by mail that you rang and left a voicemail, and what you wanted to say."""
    said = wording.said()
    act(given, [n], [commands.Call()], done="called", said=said)


@click.command()
@_one
@click.argument("when", nargs=-1, required=True, metavar="SPAN|DATE")
@click.pass_obj
def snooze(given: Globals, n: str, when: tuple[str, ...]) -> None:
    """No reminders to staff before then: 3d, "2 business days", 2026-05-12."""
    at = office(given)
    words = " ".join(when)
    try:
        until = calendar.add(at.desk.policy.office, now(), parse_span(words))
    except SpanError:
        until = promise(words, at.desk.policy).by
    act(given, [n], [commands.Snooze(until)], done=f"snoozed until {until:%Y-%m-%d %H:%M}Z", desk=at)


@click.command()
@click.argument("n", nargs=-1, required=True, metavar="N... [off]")
@click.pass_obj
def mute(given: Globals, n: tuple[str, ...]) -> None:
    """No more letters to you about it, but what names you or gives it to you; off: letters again."""
    on = n[-1].lower() != "off"
    wanted = n if on else n[:-1]
    if not wanted:
        raise Failure(USAGE, "say which ticket: gateway ticket mute N [off]")
    act(given, wanted, [commands.Mute(on=on)], done="muted" if on else "no longer muted")


@click.command(context_settings={"ignore_unknown_options": True})  # -30m is no option
@_one
@click.argument("spent", nargs=-1, required=True, metavar="TIME")
@click.pass_obj
def time(given: Globals, n: str, spent: tuple[str, ...]) -> None:
    """Log working time: 30m, 1h 15m; -30m corrects what was logged before."""
    words = " ".join(spent)
    sign = -1 if words.startswith("-") else 1
    try:
        span = parse_span(words.removeprefix("-").strip())
    except SpanError as error:
        raise Failure(DATA, f"{error.message}: write 30m or 1h 15m") from error
    if span.unit != "clock" or not 60 <= span.amount <= 24 * 3600:
        raise Failure(DATA, f"{words}: working time is minutes and hours, at most a day")
    act(given, [n], [commands.Spend(sign * round(span.amount / 60))], done=f"{words} logged")


@click.command()
@_many
@click.pass_obj
def undo(given: Globals, n: tuple[str, ...]) -> None:
    """Take back what you did last, while its letters have not left."""
    at = office(given)
    try:
        agent = acting(given, at.desk.policy)
        wanted = numbers(n, at.desk.policy)
        for ticket in at.db.write(_undo, at, wanted, agent.id):
            tell(given, at, ticket, "taken back")
    finally:
        at.close()


def _undo(tx: Transaction, at: Office, wanted: list[int], agent: str) -> list[Ticket]:
    try:
        return [take_back(tx, at.desk, loaded(tx, each).number, agent, now()) for each in wanted]
    except Refused as error:
        raise Failure(REFUSED, f"{error}; nothing was done") from error


TIMES = (eta, escalate, progress, call, snooze, mute, time, undo)
