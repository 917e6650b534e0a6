"""The world that the vectors speak of: five tickets, two agents, a retired key, and the codes of our letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.advance import advance, start
from gateway.config.load import load
from gateway.config.settings import Config
from gateway.desk.causes import AgentActed, Request
from gateway.desk.commands import Close
from gateway.desk.events import Linked
from gateway.desk.evolve import evolve, replay
from gateway.desk.ticket import Article, Author, Person
from gateway.mail import thread
from gateway.mail.thread import Keys
from gateway.office import Office, new_id, open_office
from gateway.store import keys, outbox, schema, tickets
from gateway.store.database import Database
from gateway.store.transaction import Transaction
from tests.journeys.desk import SUPPORT, Desk

ALICE, BOB, CAROL = "alice@cust.test", "bob@cust.test", "carol@other.test"
AGENT, OTHER_AGENT = "agent1@example.test", "agent2@example.test"
REQUESTERS = {1042: ALICE, 1043: CAROL, 1044: ALICE, 1045: ALICE, 1046: ALICE}
SECRET = "the canary of ticket 1043"
AGENTS = """\
[agent.agent1]
name = "Agent One"
email = "agent1@example.test"
teams = ["first-line"]

[agent.agent2]
name = "Agent Two"
email = "agent2@example.test"
teams = ["first-line"]

[team.first-line]
name = "First line"
"""


def furnish(desk: Desk) -> None:
    """Fill a desk that was never started: its agents, its tickets, and letters that have all been sent."""
    (desk.folder / "config/agents.toml").write_text(AGENTS)
    now = datetime.now(UTC)
    config = configuration(desk.configuration)
    desk.state.mkdir(mode=0o700, exist_ok=True)
    db = Database(config.storage.database_url({}))
    schema.migrate(db)
    db.write(keys.load_or_make, now - timedelta(days=600))
    db.write(keys.rotate, now - timedelta(days=500))
    db.close()
    office = open_office(config, {}, now)
    try:
        with office.db.transaction() as tx:
            _tickets(tx, office, now)
        with office.db.transaction() as tx:
            for letter, _ in outbox.claim(tx, now, limit=1000, lease=timedelta(minutes=1)):
                outbox.settle(tx, letter.id, "sent", now=now)
    finally:
        office.close()


def configuration(path: Path) -> Config:
    config = load(path, environment={}, today=datetime.now(UTC).date())
    assert isinstance(config, Config), config
    return config


def _tickets(tx: Transaction, office: Office, now: datetime) -> None:
    days = {1042: 3, 1043: 3, 1044: 3, 1045: 300, 1046: 3}
    for number, requester in REQUESTERS.items():
        _open(tx, office, number, requester, now - timedelta(days=days[number]))
    for number, ago in ((1044, 2), (1045, 200)):
        advance(tx, office.desk, number, AgentActed("agent1", (Close(),)), now - timedelta(days=ago), new_id)
    merged = tickets.load(tx, 1046, replay)
    assert merged is not None
    event = Linked(at=now, by="agent:agent1", link="merged_into", number=1042)
    tickets.save(tx, evolve(merged, event), [event], due_at=None, priority_order=2)


def _open(tx: Transaction, office: Office, number: int, requester: str, at: datetime) -> None:
    article = Article(
        id=new_id(),
        at=at,
        direction="in",
        visibility="public",
        author=Author("requester", "", requester),
        subject="printer",
        text=SECRET if number == 1043 else "The printer is broken.",
        message_id=f"<origin{number}@{requester.rpartition('@')[2]}>",
    )
    request = Request(
        number=number,
        mailbox="support",
        subject="printer",
        requester=Person("", requester),
        article=article,
        category="question",
        priority="medium",
        acknowledge="ack",
        participants=(Person("", BOB),) if number == 1042 else (),
    )
    start(tx, office.desk, request, at, new_id)


def value_of(tx: Transaction, office: Office, name: str, number: int | None) -> str:
    """What a placeholder of the vectors stands for in this world."""
    desk = office.desk
    number = number or 0
    requester = REQUESTERS.get(number, ALICE)
    match name:
        case "PLUS" | "PLUSLOWER":
            return thread.reply_address(desk.keys, SUPPORT, number, requester)
        case "PLUSOLD":
            retired = Keys(tuple(key for key in desk.keys.keys if key.retired_at is not None))
            return thread.reply_address(retired, SUPPORT, number, requester)
        case "PLUSAGENT":
            return thread.reply_address(desk.keys, SUPPORT, number, AGENT)
        case "VERP":
            return thread.bounce_address(desk.keys, SUPPORT, number, requester)
        case "MSGID":
            return _letter_to(tx, number, requester)
        case "MSGIDAGENT":
            return _letter_to(tx, number, AGENT)
        case "TOKEN":
            return thread.subject_token(desk.keys, desk.policy.prefix, number)
        case "LOOP":
            return f"{desk.policy.name}@{desk.policy.domain}"
        case "ENVID":
            return "QQ314159"  # we ask for no reports, so none of ours has one
        case _:
            raise KeyError(name)


def _letter_to(tx: Transaction, number: int, recipient: str) -> str:
    """The Message-ID of the first letter; one that came back has been seen in transit all the same."""
    return next(letter.message_id for letter in outbox.of_ticket(tx, number) if letter.to == recipient)
