"""A ticket's whole life, driven by mail alone through a real Postfix on both sides, and by the command line alone.

The customer mails in both; what the agent does is the same, so the events are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.desk import ANA, Desk, folder, running
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Letter, Sink
from tests.servers import Postfix, free_port, postfix

pytestmark = pytest.mark.servers

# What the agent does, step by step: the lines of a mail, and the command that is the same.
Step = tuple[str, tuple[str, ...]]
TAKES: Step = ("/take", ("take", "{n}"))
DESCRIBES: Step = ("/prio medium\n/tag printer\n/time 30m", ())
NOTES: Step = ("/note\nThe canary sings at night.", ("note", "{n}", "-m", "The canary sings at night."))
ASKS: Step = ("/ask\n\nWhich model is it?", ("ask", "{n}", "-m", "Which model is it?"))
PROMISES: Step = ("/eta 2099-05-12", ("eta", "{n}", "2099-05-12"))
SOLVES: Step = ("/solve\n\nThe new driver prints letters.", ("solve", "{n}", "-m", "The new driver prints letters."))
REOPENS: Step = ("/reopen", ("reopen", "{n}"))
CLOSES: Step = ("/close", ("close", "{n}"))

Agent = Callable[[int, Step], None]


@pytest.fixture(scope="module")
def house(relay: Sink) -> Iterator[tuple[Desk, Postfix]]:
    """Postfix hands everything for example.test to the desk by LMTP, and the desk's letters to the last relay."""
    with folder() as place:
        desk = Desk(place / "desk", free_port())
        with postfix(f"lmtp:[127.0.0.1]:{desk.lmtp}", sink_port=relay.port) as mta:
            desk.relay = mta.port
            desk.configure()
            with running(desk):
                yield desk, mta


def live(desk: Desk, mta: Postfix, relay: Sink, customer: str, agent: Agent) -> dict[str, Any]:
    """From the first mail to the close, and once back: the ticket as it then is."""
    first = fresh_id()
    submit(mta.port, mail(customer, "Stars", message_id=first))
    number = int(desk.settled(first)["ticket"])
    ack = relay.wait_for(customer, "ack")
    agent(number, TAKES)
    agent(number, NOTES)
    agent(number, ASKS)
    question = relay.wait_for(customer, "question")
    assert "Which model is it?" in question.text
    _customer(desk, mta, customer, question, "It is the blue one.")
    agent(number, PROMISES)
    agent(number, SOLVES)
    solved = relay.wait_for(customer, "solved")
    assert "The new driver prints letters." in solved.text
    _customer(desk, mta, customer, solved, "RATING 5 very kind")
    agent(number, REOPENS)
    agent(number, CLOSES)
    relay.wait_for(customer, "closed")
    desk.quiet()
    assert not [letter for letter in relay.to(customer) if "canary" in letter.text]
    assert {letter.subject.removeprefix("Re: ") for letter in relay.to(customer)} == {ack.subject.removeprefix("Re: ")}
    return desk.ticket(number)


def _customer(desk: Desk, mta: Postfix, customer: str, letter: Letter, words: str) -> None:
    """A client's reply: to the Reply-To, under the letter's Message-ID."""
    identifier = fresh_id()
    answers = {"In-Reply-To": letter.message_id, "References": letter.message_id}
    reply = mail(customer, letter.subject, words, to=letter.reply_to, message_id=identifier, headers=answers)
    submit(mta.port, reply, letter.reply_to)
    assert desk.settled(identifier)["decision"] == "append"


def by_mail(desk: Desk, mta: Postfix, relay: Sink) -> Agent:
    """Ana answers the letter about the ticket that she got last."""

    def act(number: int, step: Step) -> None:
        mine = relay.wait_for(ANA, about=f"EX-{number}-")
        identifier = fresh_id("example.test")
        submit(
            mta.port,
            mail(
                ANA,
                mine.subject,
                step[0],
                to=mine.reply_to,
                message_id=identifier,
                headers={"In-Reply-To": mine.message_id},
            ),
            mine.reply_to,
        )
        assert desk.settled(identifier)["decision"] == "append"

    return act


def by_command(desk: Desk) -> Agent:
    def act(number: int, step: Step) -> None:
        said = desk.gateway("--as", "ana", "ticket", *(word.format(n=number) for word in step[1]))
        assert said.code == 0, said.err

    return act


def story(ticket: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Its events in order, without what no two lives have in common: moments, ids, addresses."""
    own = ("at", "number", "article", "requester_email", "letter", "recipient", "due", "warn", "apology", "before")
    return [
        (
            event["kind"],
            event["by"],
            {key: value for key, value in event["data"].items() if _is_shared(key, value, own)},
        )
        for event in ticket["events"]
    ]


def _is_shared(key: str, value: object, own: tuple[str, ...]) -> bool:
    return key not in own and not (isinstance(value, str) and value[:2] == "20" and "T" in value)


def test_a_life_by_mail_and_a_life_by_command_are_the_same_events(house: tuple[Desk, Postfix], relay: Sink) -> None:
    desk, mta = house
    mailed = live(desk, mta, relay, "mailed@customer.test", by_mail(desk, mta, relay))
    typed = live(desk, mta, relay, "typed@customer.test", by_command(desk))
    assert story(mailed) == story(typed)
    assert [event["kind"] for event in mailed["events"]].count("ArticleAdded") == 6
    assert (mailed["status"], mailed["assignee"], mailed["rating"]) == ("closed", "ana", 5)
    shown = [(article["direction"], article["visibility"], article["text"]) for article in mailed["articles"]]
    assert shown == [(article["direction"], article["visibility"], article["text"]) for article in typed["articles"]]
    assert relay_names(relay, "mailed@customer.test") == relay_names(relay, "typed@customer.test")
    assert desk.faults() == []


def relay_names(relay: Sink, customer: str) -> list[str]:
    return [letter.name for letter in relay.to(customer)]
