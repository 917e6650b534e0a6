from datetime import timedelta

from gateway.mail.letter import Enclosure, Letter
from gateway.store import outbox, queue, sent
from gateway.store.blobs import Blobs
from gateway.store.database import Database
from tests.store.samples import MINUTE, T0, letter

HOUR = 60 * MINUTE


def put(db: Database, *letters: Letter) -> list[bool]:
    return [db.write(outbox.put, each) for each in letters]


def claim(db: Database, minutes: int = 0) -> list[tuple[str, int]]:
    claimed = db.write(outbox.claim, T0 + minutes * MINUTE, limit=10, lease=HOUR)
    return [(each.id, attempt) for each, attempt in claimed]


def test_a_letter_comes_back_to_the_last_field(db: Database, blobs: Blobs) -> None:
    db.write(blobs.put, [b"a picture"], T0)
    sha256 = "b61b4bb3fc9dd2fdd4fea0df7a2cf1c1ab8d8a1de2b5cd6ec05ba8e7d5ef0a4e"
    with db.snapshot() as tx:
        sha256 = str(tx.exec_driver_sql("SELECT sha256 FROM blob").scalar_one())
    full = letter(
        "a",
        enclosures=(Enclosure("a.png", "image/png", 9, sha256, "logo"),),
        in_reply_to="<one@customer.example>",
        article="a1",
        author="ana",
        language="de",
    )
    put(db, full)
    with db.snapshot() as tx:
        assert outbox.get(tx, "a") == full
        assert outbox.by_message_id(tx, full.message_id) == full


def test_what_was_decided_before_is_not_promised_again(db: Database) -> None:
    assert put(db, letter("a", once="ack 1042"), letter("b", once="ack 1042")) == [True, False]
    assert claim(db) == [("a", 1)]


def test_a_claimed_letter_is_nobody_elses_until_its_lease_ends(db: Database) -> None:
    put(db, letter("a"), letter("b", not_before=T0 + MINUTE))
    assert claim(db) == [("a", 1)]
    assert claim(db, 2) == [("b", 1)]
    assert claim(db, 59) == []
    assert claim(db, 61) == [("a", 2)]


def test_a_gateway_that_died_in_a_try_tries_again_at_once(db: Database) -> None:
    put(db, letter("a"))
    claim(db)
    assert db.write(outbox.reclaim, T0 + MINUTE) == 1
    assert claim(db, 1) == [("a", 2)]


def test_a_try_ends_as_sent_deferred_or_failed(db: Database) -> None:
    put(db, letter("a"), letter("b"), letter("c"))
    claim(db)
    db.write(outbox.settle, "a", "sent", now=T0 + MINUTE, code=250, text="2.0.0 ok")
    db.write(outbox.settle, "b", "deferred", now=T0, code=451, text="4.3.0 later", next_attempt=T0 + 5 * MINUTE)
    db.write(outbox.settle, "c", "failed", now=T0, code=550, text="5.1.1 no such user")
    with db.snapshot() as tx:
        found = {each.letter.id: each for each in (queue.get(tx, id_) for id_ in "abc") if each}
    assert [found[id_].state for id_ in "abc"] == ["sent", "queued", "failed"]
    assert (found["a"].sent_at, found["c"].last_code, found["b"].last_text) == (T0 + MINUTE, 550, "4.3.0 later")
    assert claim(db, 5) == [("b", 2)]


def test_a_waiting_letter_can_be_taken_back_and_a_gone_one_cannot(db: Database) -> None:
    put(db, letter("a", not_before=T0 + MINUTE), letter("b"))
    assert db.write(outbox.take_back, "once-a")
    assert not db.write(outbox.take_back, "once-b")
    assert claim(db, 9) == [("b", 1)]


def test_a_newer_letter_takes_the_place_of_the_waiting_one(db: Database) -> None:
    first = letter("a", ticket=1042, name="phase_changed", not_before=T0 + 2 * MINUTE)
    put(db, first, letter("b", ticket=1042, not_before=T0 + 2 * MINUTE), letter("c", ticket=7, name="phase_changed"))
    newer = {"ticket": 1042, "names": ["phase_changed", "assigned"], "recipient": first.to, "by": "once-d"}
    assert db.write(outbox.replace_waiting, **newer) == ("phase_changed",)
    assert claim(db, 9) == [("c", 1), ("b", 1)]


def test_what_a_letter_has_merged_away_waits_again_when_that_one_is_taken_back(db: Database) -> None:
    waits = {"ticket": 1042, "not_before": T0 + 2 * MINUTE}
    put(db, letter("a", name="phase_changed", **waits), letter("b", name="assigned", **waits))
    newer = {"ticket": 1042, "recipient": letter("a").to}
    db.write(outbox.replace_waiting, names=["assigned"], by="once-c", **newer)
    put(db, letter("c", name="assigned", **waits))
    db.write(outbox.replace_waiting, names=["phase_changed", "assigned"], by="once-d", **newer)
    put(db, letter("d", name="solved", **waits))
    assert db.write(outbox.take_back, "once-d")
    assert sorted(claim(db, 9)) == [("a", 1), ("c", 1)]


def test_only_automatic_answers_of_the_period_count_against_the_limit(db: Database) -> None:
    automatic = {"auto_submitted": "auto-replied"}
    put(
        db,
        letter("a", date=T0 - 2 * HOUR, **automatic),
        letter("b", **automatic),
        letter("c"),
        letter("d", to="else@customer.example", **automatic),
        letter("e", not_before=T0 + MINUTE, **automatic),
    )
    db.write(outbox.take_back, "once-e")
    with db.snapshot() as tx:
        assert outbox.automatic_since(tx, "maria@customer.example", T0 - HOUR) == 1


def test_a_recipient_has_seen_what_was_sent_to_them_in_its_order(db: Database) -> None:
    first, second = letter("b", ticket=7), letter("a", ticket=7, date=T0 + MINUTE, not_before=T0 + MINUTE)
    put(db, second, first, letter("c", ticket=7, to="ana@acme.example"), letter("d", ticket=8), letter("e", ticket=7))
    db.write(queue.drop, "e")
    with db.snapshot() as tx:
        assert sent.seen_by(tx, 7, first.to) == [(T0, first.message_id), (T0 + MINUTE, second.message_id)]


def test_the_delivery_of_an_article_is_that_of_its_unluckiest_recipient(db: Database) -> None:
    put(db, *(letter(id_, ticket=7, article=on) for id_, on in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "z"))))
    put(db, letter("e", ticket=7, article="y"))
    for id_, outcome in (("a", "sent"), ("b", "failed"), ("c", "sent"), ("d", "sent")):
        db.write(outbox.settle, id_, outcome, now=T0)  # type: ignore[arg-type]
    with db.snapshot() as tx:
        assert outbox.delivery_of(tx, 7) == {"x": "failed", "y": "queued", "z": "sent"}


def test_operators_hold_release_retry_and_drop(db: Database) -> None:
    put(db, letter("a"), letter("b"), letter("c"))
    assert db.write(queue.hold, "a")
    assert db.write(queue.drop, "b")
    assert claim(db) == [("c", 1)]
    assert not db.write(queue.drop, "c")
    db.write(outbox.settle, "c", "failed", now=T0)
    assert db.write(queue.retry, "c", T0)
    assert db.write(queue.release, "a", T0)
    assert not db.write(queue.release, "b", T0)
    assert sorted(claim(db)) == [("a", 1), ("c", 2)]
    with db.snapshot() as tx:
        assert queue.counts(tx) == {"sending": 2, "dropped": 1}
        assert {each.letter.id for each in queue.listed(tx)} == {"a", "c"}


def test_the_age_of_the_queue_is_that_of_what_is_due_the_longest(db: Database) -> None:
    put(db, letter("a", not_before=T0 + timedelta(days=1)), letter("b", not_before=T0 + MINUTE))
    with db.snapshot() as tx:
        assert outbox.oldest_due(tx, T0) is None
        assert outbox.oldest_due(tx, T0 + HOUR) == T0 + MINUTE
        assert outbox.next_attempt(tx) == T0 + MINUTE


def test_a_report_without_an_id_is_about_the_newest_letter_that_left(db: Database) -> None:
    put(db, letter("a", ticket=7), letter("b", ticket=7, date=T0 + MINUTE), letter("c", ticket=7, date=T0 + HOUR))
    for id_ in "ab":
        db.write(outbox.settle, id_, "sent", now=T0)
    with db.snapshot() as tx:
        assert sent.last_to(tx, 7, "maria@customer.example") == "b"
        assert sent.last_to(tx, 8, "maria@customer.example") is None
    assert db.write(sent.came_back, "b", "5.1.1 no such user")
    assert not db.write(sent.came_back, "b", "5.1.1 no such user")
