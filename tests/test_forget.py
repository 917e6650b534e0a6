"""A person who is forgotten stands in no file any more, and the desk is whole."""

import base64
from pathlib import Path

import pytest

from gateway import merging
from gateway.advance import advance
from gateway.desk import commands
from gateway.desk.causes import AgentActed
from gateway.desk.events import PersonForgotten
from gateway.desk.evolve import replay
from gateway.desk.ticket import Article, Author
from gateway.office import new_id
from gateway.store import articles, customers, erase, events, forget, outbox, search, words
from gateway.store.forget import Forgotten, NotYet
from gateway.store.search import Filter
from gateway.store.verify import verify
from tests.office import TestDesk, desk, mail

MARIA = "Maria Lopez <Maria.Lopez@customer.example>"
JOE = "Joe Other <joe@else.example>"
SECRET = "tourmaline-canary"
STAND_IN = "forgotten-1@removed.invalid"
LONG = (SECRET.encode() + b" ") * 6_000  # a file, not a row
TRACES = (b"maria", b"lopez", b"tourmaline", base64.b64encode(LONG[:300])[:60])


def with_file(subject: str) -> str:
    data = base64.encodebytes(LONG).decode()
    return (
        f"From: {MARIA}\nTo: support@acme.example\nSubject: {subject}\nMessage-ID: <{new_id()}@customer.example>\n"
        "Date: Mon, 13 Apr 2026 09:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        f"--x\nContent-Type: text/plain\n\nMy {SECRET} fails.\n--x\nContent-Type: application/octet-stream\n"
        f'Content-Disposition: attachment; filename="{SECRET}.bin"\n'
        f"Content-Transfer-Encoding: base64\n\n{data}\n--x--\n"
    )


def act(at: TestDesk, number: int, *given: commands.Command, text: str = "", public: bool = True) -> None:
    at.pass_time(minutes=1)
    article = None
    if text:
        visibility, direction = ("public", "out") if public else ("private", "internal")
        author = Author("agent", "Ana Ruiz", "ana@acme.example", "ana")
        article = Article(new_id(), at.now, direction, visibility, author, "", text)  # type: ignore[arg-type]
    at.office.db.write(advance, at.office.desk, number, AgentActed("ana", given, article), at.now, new_id)


def lived(at: TestDesk) -> tuple[int, int]:
    """Maria's ticket, closed; and Joe's, on which she reads along, wrote, and is spoken of."""
    hers = at.receive(with_file(f"Where is my {SECRET}?"), mail_from="maria.lopez@customer.example").ticket
    act(at, hers, text=f"Dear Maria Lopez, your {SECRET} is here.")
    act(at, hers, text=f"She wants her {SECRET}.", public=False)
    act(at, hers, commands.Close())
    his = at.receive(mail("Something else", sender=JOE), mail_from="joe@else.example").ticket
    act(at, his, commands.AddReader("maria.lopez@customer.example"), text="Maria Lopez will help you.")
    reply = at.letter("reply", "maria.lopez@customer.example").reply_to
    at.receive(mail("Re: Something else", f"Use the {SECRET}.", sender=MARIA), reply)
    act(at, his, text="As maria.lopez@customer.example wrote.")
    for letter in at.letters:
        at.office.db.write(outbox.settle, letter.id, "sent", now=at.now)
    assert hers is not None
    assert his is not None
    return hers, his


def forgotten(at: TestDesk) -> Forgotten:
    db = at.office.db
    who = db.write(forget.known, "maria.lopez@customer.example", STAND_IN)
    assert who is not None
    gone = db.write(forget.forget, who, by="agent:ana", now=at.now, replay=replay)
    db.write(at.office.desk.blobs.discard, gone.blobs)
    assert erase.scrub(db)
    return gone


def traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    return [f"{path.name}: {trace!r}" for path in files for trace in TRACES if trace in path.read_bytes().lower()]


@pytest.mark.sqlite
def test_nothing_of_a_forgotten_person_stands_in_any_file(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        hers, his = lived(at)
        assert len(traces(tmp_path)) >= 4
        gone = forgotten(at)
        assert (gone.own, gone.others, gone.mails) == ((hers,), (his,), 2)
        assert traces(tmp_path) == []


@pytest.mark.sqlite
def test_what_was_done_stays_and_replays_to_what_is_shown(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        hers, his = lived(at)
        before = at.ticket(hers)
        forgotten(at)
        after = at.ticket(hers)
        assert (after.requester.name, after.requester.email, after.subject) == ("", STAND_IN, "")
        assert (after.status, after.created_at, after.closed_at) == ("closed", before.created_at, before.closed_at)
        assert at.ticket(his).requester.email == "joe@else.example"
        assert [each.email for each in at.ticket(his).participants] == [STAND_IN]
        with at.office.db.snapshot() as tx:
            assert isinstance(events.events_of(tx, hers)[-1], PersonForgotten)
            assert [str(each) for each in verify(tx, at.office.desk.blobs, replay)] == []


@pytest.mark.sqlite
def test_what_others_said_stays_without_the_name(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        _, his = lived(at)
        forgotten(at)
        with at.office.db.snapshot() as tx:
            said = [article.text for article in articles.of(tx, his)]
        assert said == ["It says error 500.", "(removed) will help you.", "(removed)", f"As {STAND_IN} wrote."]


@pytest.mark.sqlite
def test_a_forgotten_person_is_found_by_no_search_and_known_no_more(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        lived(at)
        forgotten(at)
        with at.office.db.snapshot() as tx:
            assert [search.count(tx, Filter(words=(word,))) for word in ("maria", SECRET, "customer.example")] == [
                0
            ] * 3
            assert words.damaged(tx) == []
            assert customers.known(tx, "maria.lopez@customer.example") is None
            assert [each.email for each in customers.listed(tx)] == [STAND_IN, "joe@else.example"]


def test_who_is_still_written_to_is_not_forgotten_and_nothing_is_done(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.receive(mail(sender=MARIA))
        who = at.office.db.write(forget.known, "maria.lopez@customer.example", STAND_IN)
        assert who is not None
        for reason, move in (("not closed: 1000", commands.Close()), ("not left yet", None)):
            with pytest.raises(NotYet, match=reason):
                at.office.db.write(forget.forget, who, by="agent:ana", now=at.now, replay=replay)
            if move:
                act(at, 1000, move)
        assert at.ticket(1000).requester.email == "maria.lopez@customer.example"


def test_nobody_is_forgotten_who_was_never_met(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        lived(at)
        assert at.office.db.write(forget.known, "lopez@customer.example", STAND_IN) is None


@pytest.mark.sqlite
def test_what_was_merged_into_somebody_elses_ticket_is_forgotten_there(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        hers, his = lived(at)
        at.pass_time(minutes=1)
        cause = AgentActed("ana", (commands.MergeInto(his),))
        at.office.db.write(merging.act, at.office.desk, hers, cause, at.now, new_id)
        for letter in at.letters:
            at.office.db.write(outbox.settle, letter.id, "sent", now=at.now)
        forgotten(at)
        assert traces(tmp_path) == []
        with at.office.db.snapshot() as tx:
            said = [article.text for article in articles.of(tx, his)]
            assert [str(each) for each in verify(tx, at.office.desk.blobs, replay)] == []
        mine = ["It says error 500.", "(removed) will help you.", "(removed)", f"As {STAND_IN} wrote."]
        assert said == ["(removed)"] * 3 + mine
