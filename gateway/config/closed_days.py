"""The dates on which a calendar is closed: those written, the holidays of a country, the events of an .ics file."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gateway.config.desk_kinds import Country
from gateway.config.entry import Trouble, nearest
from gateway.config.ics import closed_days as ics_days
from gateway.config.keys import Calendar
from gateway.config.tables import Row

_LARGEST_ICS = 5_000_000  # bytes


def closed(calendar: Row, root: Path, today: date) -> tuple[frozenset[date], list[Trouble]]:
    """All closed dates of a calendar, holidays from last year to two years ahead. Paths are relative to `root`."""
    days: set[date] = set()
    for first, last in calendar.get(Calendar.closed) or ():
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    source = calendar.get(Calendar.holidays)
    path = calendar.at(Calendar.holidays)
    troubles: list[Trouble] = []
    match source:
        case Country():
            found = _of_country(source, today)
            if isinstance(found, Trouble):
                wrong = "subdivision" if "subdivision" in found.message else "country"
                troubles.append(Trouble((*path, wrong), found.message, found.suggestion))
            else:
                days |= found
        case str():
            found = _of_file(root / source, today, troubles, path)
            days |= found
        case None:
            pass
    return frozenset(days), troubles


def _of_country(source: Country, today: date) -> set[date] | Trouble:
    # Imported only where a calendar asks for it: it costs 0.1 s, and its table of a country as much again.
    holidays: Any = importlib.import_module("holidays")
    countries: dict[str, list[str]] = holidays.list_supported_countries()
    if source.country not in countries:
        message = f'there are no holidays of a country "{source.country}": it wants a code of two letters'
        return Trouble((), message, nearest(source.country, countries))
    parts = countries[source.country]
    if source.subdivision and source.subdivision not in parts:
        message = f'{source.country} has no subdivision "{source.subdivision}": it has {", ".join(parts) or "none"}'
        return Trouble((), message, nearest(source.subdivision, parts))
    years = range(today.year - 1, today.year + 3)
    found = holidays.country_holidays(source.country, subdiv=source.subdivision or None, years=years)
    return set(found)


def _of_file(path: Path, today: date, troubles: list[Trouble], where: tuple[str | int, ...]) -> set[date]:
    try:
        if path.stat().st_size > _LARGEST_ICS:
            raise ValueError("is too large to be a calendar of holidays")
        text = path.read_text("utf-8-sig")
        found = ics_days(text, date(today.year - 1, 1, 1), date(today.year + 2, 12, 31))
    except OSError as error:
        troubles.append(Trouble(where, f"{path} cannot be read: {(error.strerror or 'error').lower()}"))
        return set()
    except ValueError as error:  # UnicodeDecodeError is one too
        troubles.append(Trouble(where, f"{path}: {error}"))
        return set()
    troubles += [Trouble(where, f"{path}: {note}", severity="warning") for note in found.notes]
    return set(found.days)
