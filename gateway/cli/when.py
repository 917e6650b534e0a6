"""`gateway when`: what a span means from a moment on, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from gateway.cli import Globals
from gateway.cli.failure import REFUSED, UNKNOWN, USAGE, Failure
from gateway.cli.present import show_json, style
from gateway.cli.setting import configuration, now
from gateway.desk import naming
from gateway.desk.calendar import Calendar, DayStep, NeverOpens, add, explain, is_open
from gateway.desk.naming import Unknown
from gateway.desk.policy import Policy
from gateway.desk.spans import Span, SpanError, parse_span, words
from gateway.shown import instant

_A_LINE = 3  # days of one kind that share a line


@click.command()
@click.argument("span", metavar='"3 business days"')
@click.option("--from", "start", metavar="T", help='From when: "2026-04-30 16:00", in the calendar\'s zone; else now.')
@click.option("--calendar", "name", metavar="C", help="Which calendar (else the desk's).")
@click.pass_obj
def when(given: Globals, span: str, start: str | None, name: str | None) -> None:
    """Explain a date, day by day."""
    policy = configuration(given).policy
    calendar = _calendar(name, policy)
    length = _span(span)
    begins = _instant(start, calendar.zone) if start else now()
    try:
        steps = explain(calendar, begins, length)
        ends = add(calendar, begins, length)
    except NeverOpens as error:
        raise Failure(REFUSED, str(error)) from error
    if given.json:
        return show_json(_record(length, calendar, begins, ends, steps))
    for line in _lines(calendar, begins, ends, steps, length):
        click.echo(line)
    return None


def _calendar(name: str | None, policy: Policy) -> Calendar:
    if name is None:
        return policy.office
    found = naming.find("calendar", name, dict.fromkeys(policy.calendars, ()))
    if isinstance(found, Unknown):
        raise Failure(UNKNOWN, str(found))
    return policy.calendars[found]


def _span(text: str) -> Span:
    try:
        return parse_span(text)
    except SpanError as error:
        hint = f'; did you mean "{error.suggestion}"?' if error.suggestion else ""
        raise Failure(USAGE, f"{error.message}{hint}") from error


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """A time without a zone is the calendar's own."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(USAGE, f'{text} is no time: write "2026-04-30 16:00", or "2026-04-30T16:00:00+02:00"') from error
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _record(
    span: Span, calendar: Calendar, begins: datetime, ends: datetime, steps: Iterable[DayStep]
) -> dict[str, object]:
    return {
        "span": words(span),
        "calendar": calendar.name,
        "timezone": calendar.timezone,
        "from": instant(begins),
        "open": is_open(calendar, begins),
        "days": [
            {
                "day": each.day.isoformat(),
                "is": each.state.replace(" ", "_"),
                "number": each.number or None,
                "minutes": round(each.spent.total_seconds() / 60),
            }
            for each in steps
        ],
        "until": instant(ends),
    }


def _lines(calendar: Calendar, begins: datetime, ends: datetime, steps: list[DayStep], span: Span) -> Iterator[str]:
    if span.unit == "clock":
        yield f"{words(span)} are clock time: no calendar counts"
    else:
        inside = "inside" if is_open(calendar, begins) else "outside"
        start = begins.astimezone(calendar.zone)
        yield (
            f"{calendar.name} ({calendar.timezone})   start {start:%a} {start.day} {start:%b %H:%M}, "
            f"{inside} opening hours"
        )
        yield from _days(steps)
    end = ends.astimezone(calendar.zone)
    yield style(f"= {end:%a} {end.day} {end:%b %Y %H:%M}", bold=True)


def _days(steps: list[DayStep]) -> Iterator[str]:
    """Days of the same kind that follow each other stand on one line."""
    group: list[DayStep] = []
    for each in steps:
        if group and (group[0].state != each.state or len(group) == _A_LINE):
            yield _row(group)
            group = []
        group.append(each)
    if group:
        yield _row(group)


def _row(group: list[DayStep]) -> str:
    return "   ".join(f"{_day(each.day)}  {_said(each):<22}" for each in group).rstrip()


def _day(day: date) -> str:
    return f"{day:%a} {day.day:2} {day:%b}"


def _said(step: DayStep) -> str:
    hours = step.spent.total_seconds() / 3600
    spent = f", {hours:.2f}".rstrip("0").rstrip(".") + " h" if hours else ""
    match step.state:
        case "start":
            return f"start{spent}"
        case "counted":
            return f"day {step.number}{spent}"
        case "over":
            return "closed by then"
        case "no hours":
            return "no hours"
        case "closed":
            return "closed (holiday)"
