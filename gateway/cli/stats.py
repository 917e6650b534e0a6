"""`gateway stats`: how fast the desk answers and solves, which targets it keeps, what waits."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

import click

from gateway.cli import Globals, stats_phases
from gateway.cli.failure import USAGE, Failure
from gateway.cli.present import bare, show_csv, show_json, show_table
from gateway.cli.setting import now, office
from gateway.dates import balance_words
from gateway.desk.allowance import month_of, spent
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, clock_time, parse_span
from gateway.office import Office
from gateway.shown import instant
from gateway.stats import By, Figures, Kept, Lengths, figures, grouped, hours
from gateway.store import logged
from gateway.store.figures import oldest, outcomes
from gateway.store.transaction import Transaction

ALL = "all"
SINCE = "30d"
HEAD = (
    "opened", "solved", "first_response_mean", "first_response_median", "first_response_80", "first_response_kept",
    "resolution_mean", "resolution_median", "resolution_80", "resolution_kept", "ratings", "rating", "minutes",
    "backlog", "backlog_median_age", "machine", "reopened", "first_response_business_median",
    "first_response_business_80", "first_response_targets_kept", "first_response_targets_missed",
    "resolution_business_median", "resolution_business_80", "resolution_targets_kept", "resolution_targets_missed",
    "backlog_age_80", "backlog_age_longest", "allowance_minutes", "used_minutes",
)  # fmt: skip

Plain = Mapping[str, int | float | None]
Balance = tuple[timedelta, timedelta]
"""An organisation's allowance of the month, and what is used of it."""


@click.command()
@click.option("--since", metavar="SPAN|DATE", help="Tickets opened since then.  [default: 30d; by phase 180d]")
@click.option("--by", type=click.Choice([*get_args(By), "phase"]), help="In groups.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV with a head. Lengths of time are seconds.")
@click.pass_obj
def stats(given: Globals, since: str | None, by: By | Literal["phase"] | None, as_csv: bool) -> None:
    """First responses, resolutions and ratings of the tickets opened since then, and what waits now.

    "80" is what four of five do not exceed; "kept" the share of targets that were reached in time. Each length is told
    as clock time, and as business time by the calendar of the ticket's priority. Tickets that machines opened count as
    work, and in no length; a merged ticket is told by the one it went into.

    By phase: how long the tickets that left it since then stood in it, and what its letters tell of that, where the
    category is `measured` and there are twenty cases.
    """
    moment = now()
    begin = beginning(since or (stats_phases.SINCE if by == "phase" else SINCE), moment)
    at = office(given)
    if by == "phase":
        return _phases(given, at, begin, moment, as_csv=as_csv)
    try:
        zone = at.desk.policy.timezone
        with at.db.snapshot() as tx:
            found = _groups(tx, at, by, begin, moment)
            balances = _balances(tx, at.desk.policy, moment) if by == "organisation" else {}
    finally:
        at.close()
    found = {**{name: Figures() for name in balances}, **found}
    plain = {name: _plain(found[name], balances.get(name)) for name in sorted(found)}
    if given.json:
        groups = [{"group": name, **each} for name, each in plain.items()]
        return show_json({"since": instant(begin), "until": instant(moment), "by": by, "groups": groups})
    if as_csv:
        return show_csv((by or "group", *HEAD), ((name, *each.values()) for name, each in plain.items()))
    if not sys.stdout.isatty():
        return show_table((), [(name, *map(bare, each.values())) for name, each in plain.items()])
    if by is None:
        return show_table(("SINCE", f"{begin.astimezone(ZoneInfo(zone)):%Y-%m-%d}"), _lines(found[ALL]))
    return show_table(*_table(by, found, balances))


def _phases(given: Globals, at: Office, begin: datetime, moment: datetime, *, as_csv: bool) -> None:
    try:
        with at.db.snapshot() as tx:
            found = stats_phases.phases(tx, at.desk.policy, begin, moment)
    finally:
        at.close()
    stats_phases.show(found, begin, moment, "json" if given.json else "csv" if as_csv else "table")


def beginning(since: str, moment: datetime) -> datetime:
    """`since` is a span back from `moment`, or an ISO date or instant (UTC where it names no zone)."""
    try:
        return moment - clock_time(parse_span(since))
    except SpanError as error:
        try:
            begin = datetime.fromisoformat(since)
        except ValueError:
            raise Failure(USAGE, f"--since {since}: {error}; or a date as in 2026-04-01") from error
    return begin if begin.tzinfo else begin.replace(tzinfo=moment.tzinfo)


def _groups(tx: Transaction, at: Office, by: By | None, begin: datetime, moment: datetime) -> Mapping[str, Figures]:
    policy = at.desk.policy
    known = outcomes(tx, begin)
    open_ = hours(policy, max(begin, oldest(tx) or begin), moment)
    if by is None:
        return {ALL: figures(known, begin, moment, open_)}
    return grouped(known, by, policy.timezone, begin, moment, open_)


def _balances(tx: Transaction, policy: Policy, moment: datetime) -> dict[str, Balance]:
    month = month_of(moment, policy.timezone)
    return {
        name: (each.allowance, spent(logged.entries(tx, name, month[0]), month))
        for name, each in policy.organisations.items()
        if each.allowance is not None
    }


def _plain(each: Figures, balance: Balance | None) -> Plain:
    """By HEAD; lengths of time in seconds, shares and means from 0 to 1 and 1 to 5."""
    response, solution = each.first_response_kept, each.resolution_kept
    return dict(
        zip(
            HEAD,
            (
                each.opened, each.solved, *_seconds(each.first_response), response.share,
                *_seconds(each.resolution), solution.share, len(each.ratings), each.rating, each.minutes,
                each.backlog, _second(each.backlog_age.median), each.machine, each.reopened,
                *_seconds(each.first_response_business)[1:], response.kept, response.missed,
                *_seconds(each.resolution_business)[1:], solution.kept, solution.missed,
                _second(each.backlog_age.most), _second(each.backlog_age.longest),
                *(_minutes(balance) if balance else (None, None)),
            ),
            strict=True,
        )
    )  # fmt: skip


def _seconds(length: Lengths) -> tuple[int | None, int | None, int | None]:
    return _second(length.mean), _second(length.median), _second(length.most)


def _second(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())


def _minutes(balance: Balance) -> tuple[int, int]:
    allowance, used = (round(each.total_seconds() / 60) for each in balance)
    return allowance, used


# -- on a terminal -----------------------------------------------------------------------------------------------------


def _lines(each: Figures) -> list[tuple[str, str]]:
    """A figure a line."""
    age = each.backlog_age
    return [
        ("opened", f"{each.opened}" + (f", {each.machine} by machines" if each.machine else "")),
        ("solved", f"{each.solved}" + (f", {each.reopened} came back" if each.reopened else "")),
        *_both("first response", each.first_response_business, each.first_response, each.first_response_kept),
        *_both("resolution", each.resolution_business, each.resolution, each.resolution_kept),
        ("ratings", f"{len(each.ratings)}, {each.rating:.1f} of 5 on average" if each.rating else "-"),
        ("time logged", balance_words(timedelta(minutes=each.minutes))),
        ("backlog", f"{each.backlog}"),
        *([("backlog, age", f"median {_age(age.median)}, the oldest {_age(age.longest)}")] if age.count else []),
    ]


def _both(name: str, business: Lengths, clock: Lengths, target: Kept) -> list[tuple[str, str]]:
    if not clock.count:
        return [(name, "-")]
    share = "" if target.share is None else f"{target.share:.0%}: {target.kept} kept, {target.missed} missed"
    return [
        (f"{name}, median", f"{_open(business.median)} in business hours, {_age(clock.median)} by the clock"),
        (f"{name}, 80 % within", f"{_open(business.most)} in business hours, {_age(clock.most)} by the clock"),
        *([(f"{name}, targets", share)] if share else []),
    ]


def _table(by: str, found: Mapping[str, Figures], balances: Mapping[str, Balance]) -> tuple[list[str], list[list[str]]]:
    """A group a line; times are medians, of responses and resolutions in business hours."""
    head = [by.upper(), "OPENED", "SOLVED", "RESPONSE", "KEPT", "RESOLUTION", "KEPT", "RATING", "BACKLOG", "AGE"]
    rows = []
    for name in sorted(found):
        each = found[name]
        row = [
            name, f"{each.opened}", f"{each.solved}",
            _open(each.first_response_business.median), _share(each.first_response_kept),
            _open(each.resolution_business.median), _share(each.resolution_kept),
            f"{each.rating:.1f}" if each.rating else "-", f"{each.backlog}", _age(each.backlog_age.median),
        ]  # fmt: skip
        allowance = balances.get(name)
        rows.append([*row, " of ".join(map(balance_words, reversed(allowance))) if allowance else ""])
    if balances:
        return [*head, "USED THIS MONTH"], rows
    return head, [row[:-1] for row in rows]


def _share(target: Kept) -> str:
    return "-" if target.share is None else f"{target.share:.0%}"


def _open(length: timedelta | None) -> str:
    """A day has as many hours as the desk is open: hours it is, whatever their number."""
    if length is None:
        return "-"
    return balance_words(length) if length < timedelta(hours=10) else f"{length.total_seconds() / 3600:.0f} h"


def _age(length: timedelta | None) -> str:
    if length is None:
        return "-"
    return _open(length) if length < timedelta(days=3) else f"{length.days} days"
