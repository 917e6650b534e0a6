"""A small desk for tests: values, no files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from gateway.desk.calendar import Calendar
from gateway.desk.causes import Request
from gateway.desk.policy import Agent, Category, Mailbox, Phase, Policy, Priority, Solved, Team, Text
from gateway.desk.spans import parse_range, parse_span
from gateway.desk.ticket import Article, Author, Person

MONDAY = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
MARIA = Person("Maria Lopez", "maria@customer.example")
OFFICE = Calendar("office", "UTC", {day: ((time(9), time(18)),) for day in range(5)})

BUG = Category(
    "bug",
    Text("Bug"),
    (
        Phase("received", Text("Request received"), expect=parse_range(["2h", "3 business days"])),
        Phase("review", Text("Under review"), expect=parse_range("4 business days")),
        Phase("plan", Text("Plan")),
        Phase("fixed", Text("Fixed"), final=True, hidden_until_reached=True),
    ),
    words=("bug", "error"),
)
QUESTION = Category(
    "question", Text("Question"), (Phase("received", Text("Received")), Phase("answered", Text("Answered"), final=True))
)


def policy(**changes: Any) -> Policy:
    """Two categories, two agents in one team, business hours 9 to 18 in UTC."""
    desk = Policy(
        name="acme",
        public_name="Acme Support",
        domain="acme.example",
        prefix="ACME",
        mailboxes={"support": Mailbox("support", "support@acme.example", ("help@acme.example",))},
        categories={"question": QUESTION, "bug": BUG},
        priorities={"medium": Priority("medium", Text("Medium")), "high": Priority("high", Text("High"), order=2)},
        calendars={"office": OFFICE},
        agents={
            "ana": Agent("ana", "Ana Ruiz", "ana@acme.example", also=("ana.ruiz@acme.example",), teams=("first",)),
            "bo": Agent("bo", "Bo Lindqvist", "bo@acme.example", teams=("first",)),
        },
        teams={"first": Team("first", Text("First line"))},
        solved=Solved(parse_span("5 business days")),
        reopen_window=parse_span("30 days"),
    )
    return replace(desk, **changes)


def article(words: str = "it is broken", **changes: Any) -> Article:
    author = Author("requester", MARIA.name, MARIA.email)
    made = Article(id="a1", at=MONDAY, direction="in", visibility="public", author=author, subject="Broken", text=words)
    return replace(made, **changes)


def answer(agent: str = "ana", visibility: str = "public", **changes: Any) -> Article:
    person = policy().agents[agent]
    return article(
        "Have you tried this?",
        id="a2",
        direction="out" if visibility == "public" else "internal",
        visibility=visibility,
        author=Author("agent", person.name, person.email, agent),
        **changes,
    )


def request(**changes: Any) -> Request:
    asked = Request(
        number=1042,
        mailbox="support",
        subject="Broken",
        requester=MARIA,
        article=article(),
        category="bug",
        priority="medium",
        team="first",
        acknowledge="ack",
    )
    return replace(asked, **changes)


def days(count: float) -> timedelta:
    return timedelta(days=count)
