"""A year of a desk as a scenario: tickets spread over it, each with one of the lives that tickets have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# Who writes what, and how long after the mail that opened the ticket. What nobody answers is reminded of and closed.
_AGENT, _CUSTOMER = "ana@acme.example", "{customer}"
_LIVES: tuple[tuple[str, tuple[tuple[timedelta, str, str], ...]], ...] = (
    (
        "There is a bug in the export: error 500.",
        (
            (2 * _HOUR, _AGENT, "/take\n/phase review\n\nI am looking into it."),
            (3 * _DAY, _AGENT, "/phase identified"),
            (6 * _DAY, _AGENT, "/phase plan\n/eta 2 weeks\n\nThe next release mends it."),
            (15 * _DAY, _AGENT, "/phase fixed\n\nRelease 12 has it."),
        ),
    ),
    (
        "Where are my invoices?",
        (
            (4 * _HOUR, _AGENT, "/solve\n\nThey are under Billing."),
            (_DAY, _CUSTOMER, "Thanks!"),
        ),
    ),
    ("The printer does not print.", ((_DAY, _AGENT, "/ask\n\nWhich room is it?"),)),
    (
        "I cannot log in.",
        (
            (_HOUR, _AGENT, "/take\n/ask\n\nWhich browser is it?"),
            (2 * _DAY, _CUSTOMER, "The newest Firefox."),
            (3 * _DAY, _AGENT, "/solve\n\nPlease try again, it works now."),
            (4 * _DAY, _CUSTOMER, "RATING 5"),
        ),
    ),
)


def scenario(count: int) -> str:
    """As TOML for `gateway simulate`."""
    events = sorted(_events(count), key=lambda event: event[0])
    tables = (f"[[event]]\nat = {json.dumps(at.isoformat())}\n{kind} = {what}\n" for at, kind, what in events)
    return f'start = "{BEGIN.isoformat()}"\nuntil = "{(BEGIN + YEAR).isoformat()}"\n' + "\n".join(tables)


def _events(count: int) -> Iterator[tuple[datetime, str, str]]:
    for number in range(count):
        opened = BEGIN + number * (YEAR - 30 * _DAY) / count
        customer = f"customer{number}@customer.example"
        words, life = _LIVES[number % len(_LIVES)]
        mail = {"from": customer, "to": "support@acme.example", "subject": f"Request {number}", "text": words}
        yield opened, "mail", _inline(mail)
        for after, who, text in life:
            sender = customer if who == _CUSTOMER else who
            yield opened + after, "reply", _inline({"from": sender, "ticket": 1000 + number, "text": text})


def _inline(table: dict[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {json.dumps(value)}" for key, value in table.items()) + " }"
