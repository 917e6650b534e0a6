"""Tickets merged and taken apart on a real desk: where mails land, who reads what, and that the books still balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import merging, ordered
from gateway.desk import commands
from gateway.desk.causes import AgentActed
from gateway.desk.evolve import replay
from gateway.desk.refused import Refused
from gateway.desk.ticket import Article, Ticket
from gateway.exchange import read, record
from gateway.mail.letter import Letter
from gateway.office import new_id
from gateway.store import articles, erase, outbox, queue, tickets
from gateway.store.verify import verify
from tests.office import ALL, MONDAY, TestDesk, desk, mail
from tests.test_forget import act

JONAS = "Jonas Weber <jonas@customer.example>"
WITH_FILES = """From: Maria Lopez <maria@customer.example>
To: support@acme.example
Subject: {subject}
Message-ID: <{id}@customer.example>
Content-Type: multipart/mixed; boundary=xx

--xx
Content-Type: text/plain

The file is {name}.
--xx
Content-Type: text/plain; name={name}
Content-Disposition: attachment; filename={name}

in {name}
--xx--
"""
WAITS = '[letter.phase_changed]\nmerge_within = "10m"\n'


def sent_with(subject: str, name: str) -> str:
    return WITH_FILES.format(subject=subject, id=new_id(), name=name)


def merge(here: TestDesk, gone: int = 1001, into: int = 1000, agent: str = "ana") -> Ticket:
    cause = AgentActed(agent, (commands.MergeInto(into),))
    with here.office.db.transaction() as tx:
        return merging.act(tx, here.office.desk, gone, cause, here.now, new_id)


def unmerge(here: TestDesk, gone: int = 1001, into: int = 1000) -> None:
    cause = AgentActed("ana", (commands.Unmerge(gone),))
    with here.office.db.transaction() as tx:
        merging.act(tx, here.office.desk, into, cause, here.now, new_id)


def undo(here: TestDesk, number: int) -> Ticket:
    with here.office.db.transaction() as tx:
        return ordered.undo(tx, here.office.desk, number, "ana", here.now)


def said(here: TestDesk, number: int) -> list[Article]:
    with here.office.db.snapshot() as tx:
        return list(articles.of(tx, number))


def words(here: TestDesk, number: int) -> list[str]:
    return [article.text for article in said(here, number)]


def files(here: TestDesk, number: int) -> dict[int, str]:
    with here.office.db.snapshot() as tx:
        return {ref.id: ref.name for ref in articles.attachments_of(tx, number)}


def balanced(here: TestDesk) -> bool:
    """Nothing differs from what the events say; every ticket can be taken elsewhere."""
    with here.office.db.snapshot() as tx:
        numbers = [number for number in range(1000, 1006) if tickets.load(tx, number, replay)]
        taken = [read(record(tx, here.office.desk.blobs, number, files=True)).ticket.number for number in numbers]
        return list(verify(tx, here.office.desk.blobs, replay)) == [] and taken == numbers


def twins(here: TestDesk) -> None:
    """The same customer wrote twice: 1000 and, a day later, 1001."""
    here.receive(mail("Export fails", "It says error 500."))
    here.pass_time(days=1)
    here.receive(mail("Export still fails", "Still error 500."))
    here.pass_time(hours=1)


def test_a_twin_goes_on_as_the_older_ticket_with_its_words_and_its_files(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(sent_with("Export fails", "first.txt"))
        here.receive(sent_with("Export still fails", "second.txt"))
        here.receive(sent_with("Nobody's", "third.txt"))
        merge(here)
        assert words(here, 1000) == ["The file is first.txt.", "The file is second.txt."]
        assert files(here, 1000) == {1: "first.txt", 2: "second.txt"}
        assert (words(here, 1001), files(here, 1001)) == ([], {})
        here.receive(sent_with("Re: Export fails", "fourth.txt"), here.letter("merged").reply_to)
        assert files(here, 1000) == {1: "first.txt", 2: "second.txt", 3: "fourth.txt"}
        assert balanced(here)


def test_the_requester_is_told_where_it_goes_on(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        merge(here)
        letter = here.letter("merged")
        assert (letter.to, letter.ticket) == ("maria@customer.example", 1001)
        assert "ACME-1001 goes on as ACME-1000" in " ".join(letter.text.split())
        assert "ACME-1000" in letter.html
        assert [each.name for each in here.letters if each.to == letter.to] == [
            "ack_stranger",
            "ack_stranger",
            "merged",
        ]


Answer = Callable[[Letter], tuple[str, str]]
CARRIERS: dict[str, Answer] = {
    "reply address": lambda letter: ("", letter.reply_to),
    "our message id": lambda letter: (f"In-Reply-To: {letter.message_id}\n", "support@acme.example"),
    "bounce of it": lambda letter: ("Auto-Submitted: auto-replied\n", letter.envelope_from),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_reply_to_a_letter_of_the_merged_ticket_lands_where_it_goes_on(tmp_path: Path, carrier: str) -> None:
    with desk(tmp_path) as here:
        twins(here)
        letter = [each for each in here.letters if each.to == "maria@customer.example" and each.ticket == 1001][-1]
        merge(here)
        headers, to = CARRIERS[carrier](letter)
        done = here.receive(mail("Another subject", "Here is more.", headers=headers), to)
        assert (done.ticket, done.verdict.match.ticket) == (1000, 1001)
        assert words(here, 1000)[-1] == "Here is more."


@pytest.mark.parametrize("carrier", ["token", "their own message id", "a sibling's"])
def test_weaker_carriers_of_the_merged_ticket_lead_there_too(tmp_path: Path, carrier: str) -> None:
    with desk(tmp_path) as here:
        here.receive(mail("Export fails"))
        here.receive(mail("Export still fails", headers="References: <lost@customer.example>\n"))
        own = said(here, 1001)[0].message_id
        token = here.letter("agent_new").subject.partition("[")[2]
        merge(here)
        subject = f"Re: Export [{token}" if carrier == "token" else "Re: Export"
        named = {"token": "", "their own message id": str(own), "a sibling's": "<lost@customer.example>"}[carrier]
        done = here.receive(mail(subject, "Here is more.", headers=f"In-Reply-To: {named}\n" if named else ""))
        assert (done.verdict.decision, done.ticket) == ("append", 1000)


def test_an_agents_answer_to_a_letter_of_the_merged_ticket_goes_out_on_the_other_one(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        letter = [each for each in here.letters if each.name == "agent_new" and each.ticket == 1001][-1]
        merge(here)
        answer = mail("Re: Export still fails", "It is mended.", sender="Ana Ruiz <ana@acme.example>")
        assert here.receive(answer, letter.reply_to).ticket == 1000
        reply = here.letter("reply")
        assert (reply.ticket, reply.to) == (1000, "maria@customer.example")


def test_the_delivery_of_an_answer_is_known_where_the_answer_is_shown(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        newer = [each for each in here.letters if each.name == "agent_new"][-1]
        here.receive(mail("Re: Export", "We look.", sender="Ana Ruiz <ana@acme.example>"), newer.reply_to)
        merge(here)
        answer = said(here, 1000)[-1]
        with here.office.db.snapshot() as tx:
            assert outbox.delivery_of(tx, *here.ticket(1000).letters_of)[answer.id] == "queued"


def test_merges_of_merges_are_followed_to_their_end(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        here.receive(mail("Export fails again"))
        merge(here, 1001, 1000)
        merge(here, 1002, 1001)
        assert here.ticket(1002).merged_into == 1000
        with pytest.raises(Refused, match="ACME-1002 was merged into this one"):
            merge(here, 1000, 1002)
        assert here.ticket(1000).status == "new"
        assert balanced(here)


def test_a_ring_cannot_be_made_of_merges(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        here.receive(mail("Export fails again"))
        merge(here, 1001, 1000)
        merge(here, 1000, 1002)
        with pytest.raises(Refused, match="was merged into this one"):
            merge(here, 1002, 1001)
        newest = [each for each in here.letters if each.to == "maria@customer.example"][-1]
        assert here.receive(mail("Re: Export", "More."), newest.reply_to).ticket == 1002
        assert balanced(here)


def test_nobody_sees_what_they_did_not_see_before(tmp_path: Path) -> None:
    """Jonas reads along on the older ticket alone: answers tell him nothing of what came with the newer one."""
    with desk(tmp_path) as here:
        here.receive(mail("Export fails", "It says error 500."))
        with here.office.db.transaction() as tx:
            cause = AgentActed("ana", (commands.AddReader("jonas@customer.example"),))
            merging.act(tx, here.office.desk, 1000, cause, here.now, new_id)
        here.pass_time(hours=1)
        here.receive(mail("A private matter", "My salary is wrong."))
        merge(here)
        here.pass_time(hours=1)
        newest = [each for each in here.letters if each.name == "agent_reply"]
        assert newest == []  # whoever merged knows
        agent = next(each for each in here.letters if each.name == "agent_new")
        here.receive(mail("Re: Export", "It is mended.", sender="Ana Ruiz <ana@acme.example>"), agent.reply_to)
        hers, his = here.letter("reply", "maria@customer.example"), here.letter("reply", "jonas@customer.example")
        assert "My salary" in hers.text
        assert "salary" not in his.text + his.html + his.subject
        here.receive(mail("Re: Export", "STATUS", sender=JONAS), his.reply_to)
        told = here.letter("my_tickets", "jonas@customer.example")
        assert "It says error 500" in told.text
        assert "salary" not in told.text + told.html


def test_tickets_of_different_people_are_not_merged(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(mail("Export fails"))
        here.receive(mail("Export fails", sender=JONAS))
        with pytest.raises(Refused, match=r"jonas@customer\.example is not on ACME-1000"):
            merge(here)
        assert here.ticket(1001).status == "new"
        assert (len(said(here, 1000)), len(said(here, 1001))) == (1, 1)


def test_who_read_along_on_the_merged_ticket_alone_may_write_and_learns_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        with here.office.db.transaction() as tx:
            cause = AgentActed("ana", (commands.AddReader("jonas@customer.example"),), None)
            merging.act(tx, here.office.desk, 1001, cause, here.now, new_id)
        agent = [each for each in here.letters if each.name == "agent_new"][-1]
        here.receive(mail("Re: Export", "Which?", sender="Ana Ruiz <ana@acme.example>"), agent.reply_to)
        address = here.letter("reply", "jonas@customer.example").reply_to
        merge(here)
        assert here.receive(mail("Re: Export", "The second one.", sender=JONAS), address).ticket == 1000
        here.receive(mail("Re: Export", "STATUS", sender=JONAS), address)
        assert [each for each in here.letters if each.name == "my_tickets"] == []
        assert said(here, 1000)[-1].author.role == "participant"


def test_a_merge_is_taken_back_whole_while_its_letter_waits(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        here.receive(sent_with("Export fails", "first.txt"))
        here.receive(sent_with("Export still fails", "second.txt"))
        act(here, 1001, commands.Tag("export"))
        here.pass_time(hours=1)
        before = {number: (plain(here.ticket(number)), said(here, number)) for number in (1000, 1001)}
        merge(here)
        assert here.ticket(1000).tags == ("export",)
        here.pass_time(seconds=30)
        assert undo(here, 1001).merged_into is None
        assert {number: (plain(here.ticket(number)), said(here, number)) for number in (1000, 1001)} == before
        assert states(here, 1001) == {"ack_stranger": "queued", "agent_new": "queued", "merged": "dropped"}
        assert balanced(here)


def plain(ticket: Ticket) -> Ticket:
    """Without the marks that any event leaves."""
    return replace(ticket, version=0, updated_at=MONDAY)


def states(here: TestDesk, number: int) -> dict[str, str]:
    with here.office.db.snapshot() as tx:
        return {each.letter.name: each.state for each in queue.listed(tx, states=ALL) if each.letter.ticket == number}


def test_a_merge_is_taken_back_from_either_ticket(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        twins(here)
        merge(here)
        assert undo(here, 1000).number == 1000
        assert here.ticket(1001).status == "new"
        assert words(here, 1001) == ["Still error 500."]


def test_what_came_since_the_merge_stays_when_it_is_taken_back(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        twins(here)
        letter = here.letter("ack_stranger")
        merge(here)
        here.pass_time(seconds=20)
        here.receive(mail("Re: Export", "Meanwhile it works."), letter.reply_to)
        here.pass_time(seconds=20)
        undo(here, 1001)
        assert words(here, 1000) == ["It says error 500.", "Meanwhile it works."]
        assert words(here, 1001) == ["Still error 500."]
        assert here.ticket(1000).absorbed == ()
        assert balanced(here)


def test_letters_that_wait_stop_with_the_merge_and_wait_again_when_it_is_taken_back(tmp_path: Path) -> None:
    with desk(tmp_path, WAITS, undo_window="60s") as here:
        twins(here)
        with here.office.db.transaction() as tx:
            cause = AgentActed("ana", (commands.EnterPhase("answered"),))
            merging.act(tx, here.office.desk, 1001, cause, here.now, new_id)
        here.pass_time(seconds=30)
        waiting = [each.name for each in here.letters if each.ticket == 1001][-1]
        merge(here)
        assert states(here, 1001)[waiting] == "dropped"
        here.pass_time(seconds=10)
        undo(here, 1001)
        assert states(here, 1001)[waiting] == "waiting"


def test_what_has_left_is_not_taken_back_but_unmerged(tmp_path: Path) -> None:
    with desk(tmp_path, undo_window="60s") as here:
        twins(here)
        letter = here.letter("ack_stranger")
        merge(here)
        here.pass_time(days=2)
        with here.office.db.transaction() as tx:
            outbox.settle(tx, here.letter("merged").id, "sent", now=here.now)
        with pytest.raises(Refused, match="has left: unmerge ACME-1001 instead"):
            undo(here, 1001)
        here.receive(mail("Re: Export", "Meanwhile it works."), letter.reply_to)
        unmerge(here)
        assert (here.ticket(1001).status, here.ticket(1001).merged_into) == ("new", None)
        assert words(here, 1000) == ["It says error 500.", "Meanwhile it works."]
        assert words(here, 1001) == ["Still error 500."]
        assert here.receive(mail("Re: Export", "And this."), letter.reply_to).ticket == 1001
        assert balanced(here)


def test_files_have_their_old_numbers_when_a_ticket_is_on_its_own_again(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        here.receive(sent_with("Export fails", "first.txt"))
        here.receive(sent_with("Export still fails", "second.txt"))
        merge(here)
        here.receive(sent_with("Re: Export", "third.txt"), here.letter("merged").reply_to)
        unmerge(here)
        assert (files(here, 1000), files(here, 1001)) == ({1: "first.txt", 3: "third.txt"}, {1: "second.txt"})
        merge(here)
        assert files(here, 1000) == {1: "first.txt", 3: "third.txt", 4: "second.txt"}
        assert balanced(here)


def test_a_merged_ticket_is_kept_as_long_as_the_one_it_goes_on_as(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        twins(here)
        merge(here)
        here.pass_time(days=400)
        with here.office.db.transaction() as tx:
            assert erase.closed_before(tx, here.now) == []
            merging.act(tx, here.office.desk, 1000, AgentActed("ana", (commands.Close(),)), here.now, new_id)
        here.pass_time(days=1)
        with here.office.db.transaction() as tx:
            assert erase.closed_before(tx, here.now) == [1000]
            erase.erase_ticket(tx, 1000)
            assert erase.closed_before(tx, here.now) == [1001]
