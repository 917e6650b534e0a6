import dataclasses
import json
import typing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, text

from gateway.desk.events import Event, PhaseEntered, StatusChanged, Tagged, TicketOpened
from gateway.desk.evolve import evolve, replay
from gateway.store import tickets
from gateway.store.codec import FromTheFuture, decode, encode
from gateway.store.database import Database
from gateway.store.events import KINDS, events_of
from tests.desk.samples import policy
from tests.desk.stories import STORIES, Story, live
from tests.store.samples import MINUTE, T0, opened, ticket_of, worked


def save_new(db: Database, number: int, **changes: object) -> None:
    events = worked(number)
    db.write(tickets.save, ticket_of(events), events, due_at=None, priority_order=2, **changes)  # type: ignore[arg-type]


def test_a_saved_ticket_is_what_its_events_make_it(db: Database) -> None:
    save_new(db, 1000)
    with db.transaction() as tx:
        assert tickets.load(tx, 1000, replay) == ticket_of(worked(1000))
        assert events_of(tx, 1000) == worked(1000)
        assert tickets.load(tx, 1001, replay) is None


def test_what_another_release_made_of_the_events_is_not_taken_for_them(db: Database) -> None:
    save_new(db, 1000)
    with db.transaction() as tx:
        tx.execute(text("UPDATE ticket SET snapshot = '{}', projected_by = '0.0.9'"))
        assert tickets.load(tx, 1000, replay) == ticket_of(worked(1000))


def test_many_tickets_are_loaded_at_once_in_the_order_they_are_asked_for(db: Database) -> None:
    for number in (1000, 1001, 1002):
        save_new(db, number)
    with db.transaction() as tx:
        tx.execute(text("UPDATE ticket SET projected_by = '' WHERE number = 1001"))
        found = tickets.load_all(tx, [1002, 999, 1000, 1001], replay)
    assert found == [ticket_of(worked(number)) for number in (1002, 1000, 1001)]


def test_later_events_are_appended_to_those_that_are_there(db: Database) -> None:
    save_new(db, 1000)
    later = Tagged(at=T0 + MINUTE, by="agent:ana", tag="billing")
    after = evolve(ticket_of(worked(1000)), later)
    db.write(tickets.save, after, [later], due_at=T0, priority_order=1)
    with db.transaction() as tx:
        assert tickets.load(tx, 1000, replay) == after
        assert tickets.due(tx, T0, 10) == [1000]


def test_whoever_changed_an_older_ticket_is_told_and_nothing_of_theirs_is_kept(db: Database) -> None:
    save_new(db, 1000)
    stale = ticket_of(worked(1000))
    for tag in ("one", "two"):
        event = Tagged(at=T0, by="agent:ana", tag=tag)
        if tag == "two":
            with pytest.raises(tickets.Conflict):
                db.write(tickets.save, evolve(stale, event), [event], due_at=None, priority_order=2)
        else:
            db.write(tickets.save, evolve(stale, event), [event], due_at=None, priority_order=2)
    with db.snapshot() as tx:
        assert [event.tag for event in events_of(tx, 1000) if isinstance(event, Tagged)] == ["one"]


def test_a_ticket_is_opened_once(db: Database) -> None:
    save_new(db, 1000)
    with pytest.raises(tickets.Conflict):
        save_new(db, 1000)


def test_numbers_begin_where_they_are_told_and_never_repeat(db: Database) -> None:
    assert [db.write(tickets.next_number, 1000) for _ in range(3)] == [1000, 1001, 1002]
    assert db.write(tickets.next_number, 5000) == 5000
    assert db.write(tickets.next_number, 1000) == 5001


def test_a_number_of_a_failed_transaction_is_given_again(db: Database) -> None:
    def fail(tx: Connection) -> None:
        assert tickets.next_number(tx, 1000) == 1000
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        db.write(fail)
    assert db.write(tickets.next_number, 1000) == 1000


def test_tickets_fall_due_in_order_and_not_before(db: Database) -> None:
    for number, minutes in ((1000, 3), (1001, 1), (1002, 2), (1003, 9)):
        events = worked(number)
        due_at = T0 + minutes * MINUTE
        db.write(tickets.save, ticket_of(events), events, due_at=due_at, priority_order=2)
    save_new(db, 1004)
    with db.snapshot() as tx:
        assert tickets.due(tx, T0 + 3 * MINUTE, 10) == [1001, 1002, 1000]
        assert tickets.next_due_at(tx) == T0 + MINUTE


def example(kind: type) -> typing.Any:
    """An event, or a value in one, with every field set to something else than its default."""
    hints = typing.get_type_hints(kind)
    make: typing.Callable[..., typing.Any] = kind
    return make(**{field.name: filled(hints[field.name]) for field in dataclasses.fields(kind)})


def filled(hint: object) -> object:
    samples: dict[object, object] = {str: "ä", int: 7, bool: True, type(T0): T0, type(T0.date()): T0.date()}
    if hint in samples:
        return samples[hint]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return example(hint)
    choices = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return (filled(choices[0]), filled(choices[0]))
    return filled(choices[0]) if isinstance(choices[0], type) else choices[-1]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.__name__))
def test_every_event_comes_back_as_it_was(kind: type[Event]) -> None:
    event = example(kind)
    assert decode(kind, encode(event)) == event


def test_an_event_of_yesterday_gets_the_defaults_of_today() -> None:
    plain = encode(opened(1000, channel="phone", tags=("a",)))
    assert plain["at"] == "2026-04-14T07:12:00Z"
    del plain["tags"], plain["channel"]
    read = decode(TicketOpened, plain)
    assert (read.tags, read.channel) == ((), "mail")


def test_what_a_newer_gateway_wrote_is_refused(db: Database) -> None:
    with pytest.raises(FromTheFuture, match="mood"):
        decode(StatusChanged, encode(worked(1)[2]) | {"mood": "sunny"})
    save_new(db, 1000)
    with db.transaction() as tx:
        tx.exec_driver_sql("UPDATE event SET kind = 'TicketDreamt' WHERE seq = 3")
    with db.snapshot() as tx, pytest.raises(FromTheFuture, match="TicketDreamt"):
        events_of(tx, 1000)


def test_instants_keep_their_microseconds_and_lose_their_zone() -> None:
    odd = T0 + timedelta(microseconds=17)
    event = PhaseEntered(at=odd, by="gateway", phase="review", expected_by=odd)
    assert decode(PhaseEntered, encode(event)) == event
    assert encode(event)["expected_by"] == "2026-04-14T07:12:00.000017Z"


@settings(max_examples=60)
@given(STORIES)
def test_what_is_kept_of_a_ticket_is_what_its_events_say_after_every_one_of_them(story: Story) -> None:
    """Loading trusts the projection: nothing may get lost on the way into it and back."""
    life = live(policy(), story)
    for count in range(1, len(life.events) + 1):
        shown = replay(life.events[:count])
        assert shown is not None
        assert decode(type(shown), json.loads(json.dumps(encode(shown)))) == shown
