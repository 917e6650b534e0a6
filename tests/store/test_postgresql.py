"""Several gateways on one PostgreSQL: what SQLite gets from having one writer, it gets from its constraints."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from gateway.desk.events import Tagged
from gateway.desk.evolve import evolve, replay
from gateway.mail.message import Envelope
from gateway.store import mails, outbox, schema, tickets
from gateway.store.blobs import Blobs
from gateway.store.database import Database, UnsafeDatabase
from gateway.store.schema import MIGRATIONS, migrate, require_schema
from gateway.store.spool import Taken, accept_all
from gateway.store.tables import METADATA
from tests.store.postgres import Server
from tests.store.samples import T0, letter, ticket_of, worked

pytestmark = pytest.mark.servers
HOUR = timedelta(hours=1)
WORDS = ("ix_ticket_words", "ix_article_words")  # by expressions: no model declares them


@pytest.fixture
def two(postgres: Server) -> Iterator[tuple[Database, Database]]:
    url = postgres.fresh()
    databases = Database(url), Database(url)
    yield databases
    for db in databases:
        db.close()


def at_once(count: int, two: tuple[Database, Database], *work: object) -> list[object]:
    """`count` times `write(*work)`, in eight threads, on either database in turn."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda n: two[n % 2].write(*work), range(count)))  # type: ignore[arg-type]


def test_the_migrations_make_the_tables_that_the_program_means(postgres: Server) -> None:
    grown, fresh = Database(postgres.empty()), Database(postgres.empty())
    schema._upgrade(grown, MIGRATIONS, "head")
    migrate(fresh)
    made = []
    for db in (grown, fresh):
        require_schema(db)
        with db.snapshot() as tx:
            declared = MigrationContext.configure(tx, opts={"include_name": lambda name, *_: name not in WORDS})
            assert compare_metadata(declared, METADATA) == []
            made.append(tx.execute(text("SELECT indexdef FROM pg_indexes ORDER BY indexname")).scalars().all())
        db.close()
    assert made[0] == made[1]
    assert sum(name in line for name in WORDS for line in made[0]) == 2


def test_gateways_that_start_at_once_make_one_desk(postgres: Server) -> None:
    url = postgres.empty()
    two = Database(url), Database(url)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(migrate, two))) == ["0001", "None"]
    for db in two:
        db.close()


def test_numbers_are_given_once(two: tuple[Database, Database]) -> None:
    assert sorted(at_once(100, two, tickets.next_number, 1000)) == list(range(1000, 1100))  # type: ignore[type-var]


def test_a_mail_that_two_gateways_take_is_one_mail(two: tuple[Database, Database], blobs: Blobs) -> None:
    def taken(n: int) -> Taken:
        return Taken(
            f"m{n}", f"key {n % 10}", f"{n % 10:064}", 1, b"x", Envelope(rcpt_tos=(f"{n}@a.example",)), None, T0
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: two[n % 2].write(accept_all, blobs, [taken(n)]), range(100)))
    assert sum(not answer.duplicate for (answer,) in answers) == 10
    with two[0].snapshot() as tx:
        waiting = mails.pending(tx, 1000)
    assert [mail.copies for mail in waiting] == [10] * 10
    assert {len(mail.envelope.rcpt_tos) for mail in waiting} == {10}


def test_batches_with_the_same_mails_in_another_order_do_not_stop_each_other(
    two: tuple[Database, Database], blobs: Blobs
) -> None:
    def batch(by: int) -> list[Taken]:
        mails = [Taken(f"m{by}.{n}", f"key {n}", f"{n:064}", 1, b"x", Envelope(), None, T0) for n in range(50)]
        return mails[:: 1 - 2 * (by % 2)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: two[n % 2].write(accept_all, blobs, batch(n)), range(12)))
    with two[0].snapshot() as tx:
        assert [mail.copies for mail in mails.pending(tx, 1000)] == [12] * 50


def test_a_letter_is_claimed_by_one_gateway(two: tuple[Database, Database]) -> None:
    for n in range(100):
        two[0].write(outbox.put, letter(f"l{n}"))

    def claim(n: int) -> list[str]:
        claimed = two[n % 2].write(outbox.claim, T0, limit=3, lease=HOUR, by=str(n % 2))
        return [each.id for each, _ in claimed]

    with ThreadPoolExecutor(8) as pool:
        claimed = [each for some in pool.map(claim, range(60)) for each in some]
    assert sorted(claimed) == sorted(f"l{n}" for n in range(100))


def test_changes_to_one_ticket_follow_each_other(two: tuple[Database, Database]) -> None:
    two[0].write(tickets.save, ticket_of(worked(1000)), worked(1000), due_at=None, priority_order=2)

    def tag(n: int) -> None:
        def work(tx: object) -> None:
            ticket = tickets.load(tx, 1000, replay)  # type: ignore[arg-type]
            assert ticket is not None
            event = Tagged(at=T0, by="gateway", tag=str(n))
            tickets.save(tx, evolve(ticket, event), [event], due_at=None, priority_order=2)  # type: ignore[arg-type]

        two[n % 2].write(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tag, range(40)))
    with two[0].transaction() as tx:
        ticket = tickets.load(tx, 1000, replay)
    assert ticket is not None
    assert sorted(ticket.tags) == sorted(["export", *map(str, range(40))])


def test_what_one_gateway_writes_another_sees(two: tuple[Database, Database]) -> None:
    ours, theirs = two
    seen = ours.data_version()
    assert ours.data_version() == seen
    theirs.write(tickets.next_number, 1000)
    assert ours.data_version() != seen


def test_a_server_that_may_forget_is_refused(postgres: Server) -> None:
    url = postgres.empty()
    db = Database(url)
    with db.transaction() as tx:
        name = tx.execute(text("SELECT current_database()")).scalar_one()
        tx.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    db.close()
    other = Database(url)
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"), other.transaction():
        pass
    other.close()
