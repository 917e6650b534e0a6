from dataclasses import replace
from datetime import timedelta

from gateway.desk.events import Assigned, Linked, ParticipantAdded, StatusChanged
from gateway.intake.verdict import KnownId, TicketFacts
from gateway.mail.message import Envelope
from gateway.store import articles, facts, keys, mails, outbox, pauses, people, tickets
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.spool import Taken, accept_all
from tests.store.samples import MINUTE, T0, letter, opened, ticket_of

SHA = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc"


def save(db: Database, number: int, *later: object, **changes: object) -> None:
    events = [replace(opened(number), **changes), *later]  # type: ignore[arg-type]
    db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=2)  # type: ignore[arg-type]


def test_a_ticket_is_told_with_everybody_who_has_to_do_with_it(db: Database) -> None:
    save(
        db,
        1000,
        ParticipantAdded(at=T0, by="agent:ana", name="", email="boss@customer.example"),
        ParticipantAdded(at=T0, by="agent:ana", name="", email="maria@home.example", role="alias"),
        Assigned(at=T0, by="agent:ana", assignee="ana"),
        StatusChanged(at=T0, by="agent:ana", before="new", after="closed"),
    )
    for id_, to in (("a", "maria@customer.example"), ("b", "gone@customer.example"), ("c", "gone@customer.example")):
        db.write(outbox.put, letter(id_, ticket=1000, to=to))
    with db.snapshot() as tx:
        found = facts.ticket_facts(tx, [1000, 999])
    assert found == {
        1000: TicketFacts(
            number=1000,
            status="closed",
            mailbox="support",
            category="bug",
            requester="maria@customer.example",
            requester_name="Maria Lopez",
            participants=("boss@customer.example",),
            aliases=("maria@home.example",),
            correspondents=("gone@customer.example", "maria@customer.example"),
            closed_at=T0,
            team="first-line",
            assignee="ana",
        )
    }


def test_a_merged_ticket_is_told_with_its_target_and_a_ring_of_them_ends(db: Database) -> None:
    merged = {number: Linked(at=T0, by="agent:ana", link="merged_into", number=to) for number, to in ((1, 2), (2, 3))}
    save(db, 1, merged[1])
    save(db, 2, merged[2])
    save(db, 3, Linked(at=T0, by="agent:ana", link="merged_into", number=1))
    with db.snapshot() as tx:
        found = facts.ticket_facts(tx, [1])
    assert {number: each.merged_into for number, each in found.items()} == {1: 2, 2: 3, 3: 1}


def test_ids_are_told_in_the_mails_order_and_ours_with_their_recipient(db: Database) -> None:
    save(db, 1000)
    ours = letter("a", ticket=1000)
    db.write(outbox.put, ours)
    db.write(outbox.put, letter("admin", ticket=None))
    db.write(articles.remember, 1000, "<one@customer.example>")
    asked = ["<one@customer.example>", ours.message_id, letter("admin").message_id]
    with db.snapshot() as tx:
        assert facts.known_ids(tx, asked) == [
            KnownId("<one@customer.example>", 1000, "customer"),
            KnownId(ours.message_id, 1000, "ours", recipient="maria@customer.example", letter="a", at=ours.date),
        ]
        assert facts.known_ids(tx, [*(f"<{n}@x>" for n in range(100)), ours.message_id]) == []


def test_what_a_sender_opened_and_was_sent_lately_is_counted(db: Database) -> None:
    save(db, 1, at=T0 - timedelta(hours=2))
    save(db, 2, at=T0)
    save(db, 3, at=T0, requester_email="else@customer.example")
    answer = letter("answer", ticket=1, auto_submitted="auto-replied")
    db.write(outbox.put, answer)
    with db.snapshot() as tx:
        hour_ago, before = T0 - timedelta(hours=1), T0 - timedelta(hours=3)
        assert facts.lately(tx, "", "maria@customer.example", opened=hour_ago, answered=T0 + timedelta(hours=1)) == (
            False,
            1,
            0,
        )
        ours = facts.lately(tx, answer.message_id, "maria@customer.example", opened=before, answered=hour_ago)
        assert ours == (True, 2, 1)


def test_work_in_hand_is_counted_by_agent(db: Database) -> None:
    for number, agent in ((1, "ana"), (2, "ana"), (3, "ben"), (4, None)):
        save(db, number, Assigned(at=T0, by="gateway", assignee=agent))
    save(
        db,
        5,
        Assigned(at=T0, by="gateway", assignee="ana"),
        StatusChanged(at=T0, by="agent:ana", before="new", after="solved"),
    )
    with db.snapshot() as tx:
        assert facts.open_by_assignee(tx) == {"ana": 2, "ben": 1}


def test_an_address_is_proven_once_and_the_first_time_is_kept(db: Database) -> None:
    with db.snapshot() as tx:
        assert people.get(tx, "maria@customer.example") == people.Known("maria@customer.example")
    db.write(people.mark_proven, "maria@customer.example", T0)
    db.write(people.mark_proven, "maria@customer.example", T0 + MINUTE)
    db.write(people.note, "maria@customer.example", name="Maria Lopez")
    with db.snapshot() as tx:
        known = people.get(tx, "maria@customer.example")
        assert people.is_proven(tx, "maria@customer.example")
    assert (known.proven_at, known.name) == (T0, "Maria Lopez")


def test_final_failures_are_counted_and_forgiven_and_senders_blocked(db: Database) -> None:
    assert [db.write(people.count_hard_bounce, "gone@customer.example") for _ in range(3)] == [1, 2, 3]
    db.write(people.forgive_bounces, "gone@customer.example")
    db.write(people.block, "gone@customer.example")
    with db.snapshot() as tx:
        known = people.get(tx, "gone@customer.example")
    assert (known.hard_bounces, known.blocked) == (0, True)


def test_a_key_is_made_once_and_the_newest_is_in_use_after_a_rotation(db: Database) -> None:
    first = db.write(keys.load_or_make, T0, lambda: b"one")
    assert db.write(keys.load_or_make, T0, lambda: b"two") == first
    rotated = db.write(keys.rotate, T0 + MINUTE, lambda: b"three")
    assert [(key.id, key.secret, key.retired_at) for key in rotated.keys] == [
        ("2", b"three", None),
        ("1", b"one", T0 + MINUTE),
    ]
    assert len(db.write(keys.rotate, T0 + 2 * MINUTE).current.secret) == 32


def test_a_pause_is_seen_by_all_and_keeps_its_beginning(db: Database) -> None:
    db.write(pauses.pause, "out", now=T0)
    db.write(pauses.pause, "out", now=T0 + MINUTE)
    with db.snapshot() as tx:
        assert pauses.paused(tx) == {"out": T0}
    db.write(pauses.resume, "out")
    with db.snapshot() as tx:
        assert pauses.paused(tx) == {}


def test_mails_alike_are_counted_by_ticket_and_only_lately(db: Database, blobs: Blobs) -> None:
    def settled(n: int, ticket: int | None, minutes: int) -> None:
        taken = Taken(f"m{n}", f"k{n}", SHA, 3, b"abc", Envelope(), None, T0 + minutes * MINUTE)
        db.write(accept_all, blobs, [taken])
        db.write(
            mails.settle, f"m{n}", now=T0, state="done", decision="append", reason="", kind="person", ticket=ticket,
            article=None, verdict=None, message_id=None, from_email="", subject="", fingerprint="aaaa",
        )  # fmt: skip

    for n, (ticket, minutes) in enumerate([(1000, 0), (1000, 60), (1000, 61), (None, 62), (1001, 63)]):
        settled(n, ticket, minutes)
    assert db.write(facts.alike_since, "aaaa", T0 + 60 * MINUTE) == {1000: 2, 0: 1, 1001: 1}
    assert db.write(facts.alike_since, "", T0) == {}


def test_what_is_known_of_bounces_and_answers_is_the_same_on_every_database(db: Database) -> None:
    maria = "maria@customer.example"
    statuses = ("4.4.1", "5.2.2", "5.7.1", "5.0.0", "5.4.4")
    ended = [db.write(people.bounced, maria, status, T0) for status in statuses]
    assert ended == [False, False, False, False, True]
    assert "3 letters" in db.write(people.suppression, maria)
    db.write(people.forgive_bounces, maria)
    assert db.write(people.suppression, maria) == ""
    db.write(outbox.put, letter("l1", ticket=1000, auto_submitted="auto-replied"))
    db.write(outbox.settle, "l1", "sent", now=T0)
    assert db.write(outbox.answers_on, 1000, T0, T0 + MINUTE) == 1
    assert db.write(outbox.answered_since, T0) == 1
