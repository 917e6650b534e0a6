"""`gateway stats`: how fast the desk answers and solves, which targets it keeps, what waits."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta

import click

from gateway.cli import Globals
from gateway.cli.failure import USAGE, Failure
from gateway.cli.present import show_json, show_table
from gateway.cli.setting import now, office
from gateway.dates import balance_words
from gateway.desk.allowance import month_of, spent
from gateway.desk.policy import Policy
from gateway.desk.spans import SpanError, clock_time, parse_span
from gateway.office import Office
from gateway.shown import instant
from gateway.stats import By, Figures, Lengths, figures, grouped, with_allowances
from gateway.store import logged, search
from gateway.store.search import Filter
from gateway.store.transaction import Transaction

WAITING = Filter(status=("new", "open", "pending", "on_hold"))
ALL = "all"
HEAD = (
    "opened", "solved", "first_response_mean", "first_response_median", "first_response_80", "first_response_kept",
    "resolution_mean", "resolution_median", "resolution_80", "resolution_kept", "ratings", "rating", "minutes",
    "backlog", "backlog_median_age",
)  # fmt: skip
ALLOWANCE = ("allowance", "allowance_used")  # minutes of this month, whatever the period; --by organisation alone


@click.command()
@click.option("--since", default="30d", show_default=True, metavar="SPAN|DATE", help="Tickets opened since then.")
@click.option("--by", type=click.Choice(["category", "priority", "agent", "week", "organisation"]), help="In groups.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV with a head. Lengths of time are seconds.")
@click.pass_obj
def stats(given: Globals, since: str, by: By | None, as_csv: bool) -> None:
    """First responses, resolutions and ratings of the tickets opened since then, and what waits now.

    "80" is what four of five do not exceed; "kept" the share of targets that were reached in time. --by organisation
    names each monthly allowance, and what is used of it this month.
    """
    moment = now()
    begin = beginning(since, moment)
    at = office(given)
    try:
        found = _groups(at, by, begin, moment)
    finally:
        at.close()
    if given.json:
        groups = [{"group": name, **_plain(each, by)} for name, each in found.items()]
        return show_json({"since": instant(begin), "until": instant(moment), "by": by, "groups": groups})
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow((by or "group", *_head(by)))
        writer.writerows((name, *_plain(each, by).values()) for name, each in found.items())
        return None
    return _show(found, by)


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


def _groups(at: Office, by: By | None, begin: datetime, moment: datetime) -> Mapping[str, Figures]:
    with at.db.snapshot() as tx:
        opened = list(search.tickets(tx, Filter(created_after=begin)))
        backlog = list(search.tickets(tx, WAITING))
        used = _used(tx, at.desk.policy, moment)
    if by is None:
        return {ALL: figures(opened, backlog, moment)}
    found = grouped(opened, backlog, by, at.desk.policy, moment)
    return with_allowances(found, used, at.desk.policy) if by == "organisation" else found


def _used(tx: Transaction, policy: Policy, moment: datetime) -> dict[str, timedelta]:
    """What each organisation that has an allowance used of it this month."""
    month = month_of(moment, policy.timezone)
    having = (each.id for each in policy.organisations.values() if each.allowance is not None)
    return {name: spent(logged.entries(tx, name, month[0]), month) for name in having}


def _head(by: By | None) -> tuple[str, ...]:
    return (*HEAD, *ALLOWANCE) if by == "organisation" else HEAD


def _plain(each: Figures, by: By | None) -> dict[str, int | float | None]:
    """By `_head`; lengths of time in seconds, shares and means from 0 to 1 and 1 to 5."""
    return dict(
        zip(
            _head(by),
            (
                each.opened, each.solved, *_seconds(each.first_response), each.first_response_kept.share,
                *_seconds(each.resolution), each.resolution_kept.share, len(each.ratings), each.rating, each.minutes,
                each.backlog, _second(each.backlog_age.median),
                *((each.allowance, each.allowance_used) if by == "organisation" else ()),
            ),
            strict=True,
        )
    )  # fmt: skip


def _seconds(length: Lengths) -> tuple[int | None, int | None, int | None]:
    return _second(length.mean), _second(length.median), _second(length.most)


def _second(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())


def _show(found: Mapping[str, Figures], by: By | None) -> None:
    """On a terminal a figure a line, a group a column: there are more figures than groups. Elsewhere TSV, a group a
    line."""
    if not sys.stdout.isatty():
        return show_table((), [(name, *map(_bare, _plain(each, by).values())) for name, each in found.items()])
    columns = [_words(each, by) for each in found.values()]
    rows = [(name.replace("_", " "), *(column[name] for column in columns)) for name in _head(by)]
    return show_table((by or "", *found), rows)


def _bare(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.6g}" if isinstance(figure, float) else str(figure)


def _words(each: Figures, by: By | None) -> dict[str, str]:
    shown = {}
    for name, figure in _plain(each, by).items():
        if figure is None:
            shown[name] = "-"
        elif name.endswith("_kept"):
            shown[name] = f"{figure:.0%}"
        elif name in ("minutes", *ALLOWANCE) or name.startswith(("first", "resolution", "backlog_")):
            length = timedelta(minutes=figure) if name in ("minutes", *ALLOWANCE) else timedelta(seconds=figure)
            hours = name in ("minutes", *ALLOWANCE) or length < timedelta(days=3)
            shown[name] = balance_words(length) if hours else f"{length.days} days"
        else:
            shown[name] = f"{figure:.3g}" if isinstance(figure, float) else str(figure)
    return shown
