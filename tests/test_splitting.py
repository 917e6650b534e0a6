"""A mail that is about something else becomes a ticket of its own: whose it is, what moves, where replies land."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway import merging, splitting
from gateway.desk import commands
from gateway.desk.causes import AgentActed
from gateway.desk.refused import Refused
from gateway.desk.ticket import Link, Ticket
from gateway.office import new_id
from gateway.splitting import NoSuchArticle, Wanted
from gateway.store import mails
from tests.office import TestDesk, desk, mail
from tests.test_held import waiting
from tests.test_merging import balanced, files, merge, said, sent_with, undo, words

EVE = "Eve <eve@other.example>"
KINDS = """
[category.question]
[category.bug]
[priority.medium]
[priority.high]
[team.first]
[team.second]
categories = ["bug"]
"""


def split(here: TestDesk, article: str = "2", **more: object) -> Ticket:
    ana = here.office.desk.policy.agents["ana"]
    wanted = Wanted(article, **more)  # type: ignore[arg-type]
    with here.office.db.transaction() as tx:
        return splitting.split(tx, here.office.desk, 1000, wanted, ana, here.now, new_id)


def two_matters(here: TestDesk) -> str:
    """Ticket 1000, on which Maria also asked something else, with a file. The reply address she was given."""
    here.receive(sent_with("Export fails", "first.txt"))
    address = here.letter("ack_stranger").reply_to
    here.pass_time(hours=1)
    here.receive(sent_with("My invoice", "invoice.txt"), address)
    here.pass_time(hours=1)
    return address


def test_the_mail_with_its_files_is_a_ticket_of_its_own_and_a_note_of_it_stays(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        two_matters(here)
        new = split(here)
        assert (new.number, new.subject, new.status) == (1001, "My invoice", "new")
        assert new.requester == here.ticket(1000).requester
        assert new.links == (Link("split_from", 1000),)
        assert (words(here, 1001), files(here, 1001)) == (["The file is invoice.txt."], {1: "invoice.txt"})
        assert words(here, 1000)[1] == "What Maria Lopez wrote on Monday 13 April 2026, 10:00 goes on as ACME-1001."
        assert (said(here, 1000)[1].visibility, files(here, 1000)) == ("private", {1: "first.txt"})
        assert Link("related", 1001) in here.ticket(1000).links
        assert balanced(here)


def test_its_sender_is_told_the_new_number_or_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        two_matters(here)
        split(here)
        letter = here.letter("created_for_you")
        assert (letter.to, letter.ticket) == ("maria@customer.example", 1001)
        told = " ".join(letter.text.split())
        assert "What you wrote in ACME-1000 is a matter of its own" in told
        assert "It has the number ACME-1001." in told
    (tmp_path / "quiet").mkdir()
    with desk(tmp_path / "quiet") as here:
        two_matters(here)
        before = [each.name for each in here.letters if each.to == "maria@customer.example"]
        split(here, told=False)
        assert [each.name for each in here.letters if each.to == "maria@customer.example"] == before


def test_replies_to_the_mail_land_on_the_new_ticket_and_replies_to_our_letters_where_they_were(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        address = two_matters(here)
        own = said(here, 1000)[1].message_id
        split(here)
        more = mail("Re: My invoice", "It is number 7.", headers=f"In-Reply-To: {own}\n")
        assert here.receive(more).ticket == 1001
        assert here.receive(mail("Re: Export", "It works."), address).ticket == 1000
        assert (
            here.receive(mail("Re: My invoice", "Thanks, and?"), here.letter("created_for_you").reply_to).ticket == 1001
        )


def test_a_reader_who_wrote_of_something_else_gets_a_ticket_that_the_requester_cannot_see(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(mail("Export fails"))
        with here.office.db.transaction() as tx:
            cause = AgentActed("ana", (commands.AddReader("eve@other.example"),))
            merging.act(tx, here.office.desk, 1000, cause, here.now, new_id)
        here.pass_time(hours=1)
        agent = here.letter("agent_new").reply_to
        here.receive(mail("Re", "Which?", sender="Ana Ruiz <ana@acme.example>"), agent)
        here.receive(
            mail("My own matter", "My password.", sender=EVE), here.letter("reply", "eve@other.example").reply_to
        )
        new = split(here, "3")
        assert (new.requester.email, new.participants) == ("eve@other.example", ())
        assert said(here, 1001)[0].author.role == "requester"
        assert here.letter("created_for_you").to == "eve@other.example"
        assert balanced(here)


def test_a_strangers_held_mail_becomes_a_ticket_of_theirs_and_waits_no_longer(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(mail("Export fails"))
        token = here.letter("agent_new").subject.partition("[")[2]
        here.receive(mail(f"Re: Export fails [{token}", "I have it too.", sender=EVE))
        (held,) = waiting(here)
        new = split(here, held[:12])
        assert (new.requester.email, new.subject) == ("eve@other.example", "Export fails")
        assert said(here, 1001)[0].visibility == "public"
        assert waiting(here) == []
        with here.office.db.snapshot() as tx:
            record = mails.get(tx, held)
        assert record is not None
        assert (record.state, record.ticket) == ("done", 1001)
        assert balanced(here)


def test_title_and_category_are_as_the_agent_says_and_the_team_follows(tmp_path: Path) -> None:
    with desk(tmp_path, KINDS) as here:
        two_matters(here)
        new = split(here, title="The invoice of March", category="bug")
        assert (new.subject, new.category, new.team) == ("The invoice of March", "bug", "second")


@pytest.mark.parametrize(
    ("article", "why"),
    [("1", "it is what opened ACME-1000"), ("3", "only what a customer wrote"), ("#1", "it is what opened")],
)
def test_what_opened_the_ticket_and_what_no_customer_wrote_stays(tmp_path: Path, article: str, why: str) -> None:
    with desk(tmp_path) as here:
        two_matters(here)
        agent = here.letter("agent_reply").reply_to
        here.receive(mail("Re", "Here it is.", sender="Ana Ruiz <ana@acme.example>"), agent)
        with pytest.raises(Refused, match=why):
            split(here, article)
        assert len(said(here, 1000)) == 3


@pytest.mark.parametrize("article", ["0", "3", "²", "ffff", "x", ""])
def test_an_article_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, article: str) -> None:
    with desk(tmp_path) as here:
        two_matters(here)
        with pytest.raises(NoSuchArticle, match="from 1 to 2"):
            split(here, article)


def test_a_split_is_taken_back_by_a_merge_and_stands_where_it_stood(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        two_matters(here)
        split(here)
        with pytest.raises(Refused, match="merge ACME-1001 into this one"):
            undo(here, 1000)
        here.pass_time(minutes=5)
        merge(here)
        assert words(here, 1000)[:2] == ["The file is first.txt.", "The file is invoice.txt."]
        assert "ACME-1001 goes on as ACME-1000" in " ".join(here.letter("merged").text.split())
        assert balanced(here)


def test_what_came_by_a_merge_may_be_split_off_and_the_rest_is_given_back(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        here.receive(mail("Export fails", "One."))
        here.pass_time(hours=1)
        here.receive(mail("Export still fails", "Two."))
        here.receive(sent_with("Re: Export", "three.txt"), here.letter("ack_stranger").reply_to)
        here.pass_time(hours=1)
        merge(here)
        split(here, "3")
        with pytest.raises(Refused, match="split off since: unmerge ACME-1001 instead"):
            undo(here, 1001)
        with here.office.db.transaction() as tx:
            merging.act(tx, here.office.desk, 1000, AgentActed("ana", (commands.Unmerge(1001),)), here.now, new_id)
        assert (words(here, 1001), words(here, 1002)) == (["Two."], ["The file is three.txt."])
        assert balanced(here)
