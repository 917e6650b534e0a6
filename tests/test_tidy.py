"""What is not to be kept any longer goes, what is kept stays."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.config.load import load
from gateway.config.settings import Config
from gateway.daemon import Daemon
from gateway.desk import commands
from gateway.desk.evolve import replay
from gateway.desk.spans import parse_span
from gateway.store import mails
from gateway.store.verify import verify
from gateway.tidy import Tidied, back, tidy
from tests.desk.samples import policy
from tests.office import SMALLEST, TestDesk, desk, mail
from tests.test_forget import act

DAY = timedelta(days=1)


def tidied(at: TestDesk, **how: Any) -> Tidied:
    office = at.office
    settings = {"raw_mail": "keep", "delete_closed_after": None, **how}
    return asyncio.run(tidy(office.db, office.desk.blobs, office.config.policy.office, at.now, **settings))


def kept(at: TestDesk) -> int:
    with at.office.db.snapshot() as tx:
        assert [str(each) for each in verify(tx, at.office.desk.blobs, replay)] == []
        return sum(record.mail.sha256 is not None for record in mails.listed(tx))


def test_raw_mails_go_after_their_time_and_their_bytes_a_day_later(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.receive(mail())
        at.pass_time(days=91)
        at.receive(mail())
        assert tidied(at) == Tidied()
        assert (tidied(at, raw_mail=parse_span("90 days")).mails, kept(at)) == (1, 1)
        at.pass_time(minutes=1)
        assert (tidied(at, raw_mail="none").mails, kept(at)) == (1, 0)


def test_tickets_go_once_they_have_been_closed_long_enough(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for _ in range(3):
            at.receive(mail("The walrus sings"))
        act(at, 1000, commands.Close())
        at.pass_time(days=2)
        act(at, 1001, commands.Close())
        at.pass_time(days=29)
        assert tidied(at, delete_closed_after=parse_span("30 days")).tickets == 1
        with pytest.raises(AssertionError):
            at.ticket(1000)
        assert at.ticket(1001).status == "closed"
        assert kept(at) == 2
        at.pass_time(days=9_000)
        assert tidied(at, delete_closed_after=parse_span("30 days")).tickets == 1
        act(at, 1002, commands.Close())
        at.pass_time(days=31)
        tidied(at, delete_closed_after=parse_span("30 days"))
        files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
        assert [path.name for path in files if b"walrus" in path.read_bytes().lower()] == []


def test_business_days_are_counted_back_by_the_calendar() -> None:
    monday = datetime(2026, 4, 13, 10, 0, tzinfo=UTC)
    assert back(monday, parse_span("3 days"), policy().office) == monday - 3 * DAY
    assert back(monday, parse_span("1 business day"), policy().office) <= monday - 3 * DAY


def test_the_daemon_tidies_as_its_configuration_says(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.receive(mail())
        act(at, 1000, commands.Close())
    (tmp_path / "gateway.toml").write_text(SMALLEST + '[privacy]\ndelete_closed_after = "1d"\n[listen]\nsmtp = []\n')
    config = load(tmp_path / "gateway.toml", environment={}, today=datetime.now(UTC).date())
    assert isinstance(config, Config)

    async def once() -> list[str]:
        daemon = Daemon(config, {})
        await daemon.tidy()
        jobs = [job.func.__name__ for job in daemon._scheduler().get_jobs()]
        await daemon.once()
        return jobs

    assert "tidy" in asyncio.run(once())
    with desk(tmp_path) as at, pytest.raises(AssertionError):
        at.ticket(1000)
