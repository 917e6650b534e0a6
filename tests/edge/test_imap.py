"""The IMAP source and its watcher against a real Dovecot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.edge.imap import ImapSettings, MailSource
from gateway.edge.imap_client import LoginRefused, Lost
from gateway.edge.imap_watch import (
    Connected,
    Disconnected,
    Fetched,
    LeftAlone,
    Report,
    SetAside,
    Surroundings,
    ValidityChanged,
    watch,
)
from tests.servers import PASSWORD, Dovecot, dovecot, token

from .spool import FileLedger, FileSpool

SOON = 15.0  # seconds: what happens at once, on a machine that is busy; the next poll comes later

pytestmark = [pytest.mark.asyncio, pytest.mark.servers]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def mail(name: str, body: str = "It stops.") -> bytes:
    return (
        f"From: alice@customer.example\r\nTo: Support <support+1042@example.test>\r\nSubject: {name}\r\n"
        f"Message-ID: <{name}@customer.example>\r\n\r\n{body}\r\n"
    ).encode()


def settings(server: Dovecot, account: str, **changes: object) -> ImapSettings:
    async def password() -> str:
        return PASSWORD

    plain = ImapSettings(
        "support", "support@example.test", "localhost", account, password, 25_000_000,
        port=server.imap_port, tls="starttls", tls_ca=server.certificates.ca, poll=120.0, patience=30.0,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


@dataclass
class Watch:
    """A watcher that runs, what it stored, and what it told."""

    spool: FileSpool
    ledger: FileLedger
    told: list[Report] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    def of(self, kind: type) -> list[Report]:
        return [report for report in self.told if isinstance(report, kind)]

    async def until(self, kind: type, count: int = 1, seconds: float = 30.0) -> list[Report]:
        async with asyncio.timeout(seconds):
            while len(self.of(kind)) < count:
                await asyncio.sleep(0.01)
        return self.of(kind)

    def subjects(self) -> list[str]:
        return sorted(
            stored.data.partition(b"Subject: ")[2].split(b"\r\n")[0].decode() for stored in self.spool.stored()
        )


@asynccontextmanager
async def watching(
    what: ImapSettings, folder: Path, *, earlier: Watch | None = None, now: datetime | None = None
) -> AsyncIterator[Watch]:
    spool = earlier.spool if earlier else FileSpool(folder)
    running = Watch(spool, earlier.ledger if earlier else FileLedger(spool))

    async def report(told: Report) -> None:
        running.told.append(told)

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.1))

    surroundings = Surroundings(lambda: now or datetime.now(UTC), sleep)
    running.task = asyncio.create_task(watch(what, running.ledger, running.spool, report, surroundings))
    try:
        yield running
    finally:
        running.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running.task


def names(server: Dovecot, account: str, folder: str) -> int:
    """How many mails lie in a folder."""
    with server.other_client(account) as client:
        kind, found = client.select(folder, readonly=True)
        return int(found[0] or 0) if kind == "OK" else 0


async def eventually(server: Dovecot, account: str, folder: str, count: int) -> None:
    async with asyncio.timeout(30):
        while await asyncio.to_thread(names, server, account, folder) != count:
            await asyncio.sleep(0.05)


async def test_a_mail_is_fetched_committed_and_moved(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("first"))
    async with watching(settings(server, account), tmp_path) as running:
        [fetched] = await running.until(Fetched)
        await eventually(server, account, "Gateway/Done", 1)
        assert names(server, account, "INBOX") == 0
    [stored] = running.spool.stored()
    assert stored.data.endswith(mail("first"))
    assert stored.envelope["source"] == "imap"
    assert stored.envelope["rcpt_tos"] == [account]
    assert stored.envelope["mail_from"] == "alice@customer.example"
    assert stored.envelope["tls"] is True
    assert isinstance(fetched, Fetched)
    assert (fetched.position.account, fetched.position.folder, fetched.duplicate) == ("support", "INBOX", False)


async def test_a_mail_that_arrives_is_taken_at_once_not_at_the_next_poll(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    async with watching(settings(server, account, poll=60.0), tmp_path) as running:
        await running.until(Connected)
        await asyncio.sleep(0.5)
        for number in range(3):
            began = time.monotonic()
            await asyncio.to_thread(server.deliver, account, mail(f"pushed {number}"))
            await running.until(Fetched, number + 1)
            assert time.monotonic() - began < SOON


async def test_without_idle_mail_is_found_by_polling(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    async with watching(settings(server, account, idle=False, poll=0.3), tmp_path) as running:
        await running.until(Connected)
        await asyncio.sleep(0.5)
        server.deliver(account, mail("polled"))
        await running.until(Fetched)


async def test_hundreds_of_mails_come_all_and_once(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    await asyncio.to_thread(server.deliver, account, *(mail(f"n{number}") for number in range(120)))
    async with watching(settings(server, account), tmp_path) as running:
        await running.until(Fetched, 120, 30)
        await eventually(server, account, "Gateway/Done", 120)
    assert len(running.spool.stored()) == 120


async def test_implicit_tls_and_names_are_verified(server: Dovecot) -> None:
    secure = settings(server, server.account(), tls="implicit", port=server.imaps_port)
    await (await MailSource.open(secure)).close()
    for stranger in (replace(secure, tls_ca=None), replace(settings(server, "x"), tls_ca=None)):
        with pytest.raises((OSError, Lost)):
            await MailSource.open(stranger)


async def test_a_password_is_refused_at_once_and_never_logged(
    server: Dovecot, caplog: pytest.LogCaptureFixture
) -> None:
    async def wrong() -> str:
        return 'wr"ong'

    caplog.set_level(logging.DEBUG)
    with pytest.raises(LoginRefused):
        await MailSource.open(settings(server, server.account(), secret=wrong))
    await (await MailSource.open(settings(server, server.account(), tls="none", host="127.0.0.1"))).close()
    assert "s3c" not in caplog.text
    assert "ong" not in caplog.text.replace("long", "")


async def test_a_refused_login_is_told_and_tried_in_steps_of_five_minutes(server: Dovecot, tmp_path: Path) -> None:
    async def wrong() -> str:
        return "wrong"

    async with watching(settings(server, server.account(), secret=wrong), tmp_path) as running:
        [told] = await running.until(Disconnected)
    assert isinstance(told, Disconnected)
    assert (told.refused, told.pause) == (True, 300.0)


async def test_xoauth2_logs_in_by_token_and_an_expired_one_does_not_hang(server: Dovecot) -> None:
    account = server.account()

    async def good() -> str:
        return token(account)

    async def expired() -> str:
        return token(account, -60)

    await (await MailSource.open(settings(server, account, auth="xoauth2", secret=good))).close()
    began = time.monotonic()
    with pytest.raises(LoginRefused):
        await MailSource.open(settings(server, account, auth="xoauth2", secret=expired))
    assert time.monotonic() - began < SOON


async def test_folders_have_blanks_umlauts_and_are_made(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    folders = settings(server, account, processed="Erledigte Vorgänge & mehr/Übergeben", failed='Kaputt "x"')
    server.deliver(account, mail("umlaut"))
    async with watching(folders, tmp_path) as running:
        await running.until(Fetched)
        await eventually(server, account, '"Erledigte Vorg&AOQ-nge &- mehr/&ANw-bergeben"', 1)
        with server.other_client(account) as client:
            subscribed = str(client.lsub())
        assert "Vorg&AOQ-nge &- mehr/&ANw-bergeben" in subscribed


async def test_a_folder_other_than_inbox_is_watched(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    async with watching(settings(server, account, folder="Straße Eingang", poll=0.3), tmp_path) as running:
        await running.until(Connected)
        with server.other_client(account) as client:
            client.append('"Stra&AN8-e Eingang"', "", None, mail("there"))
        await running.until(Fetched)
    assert running.subjects() == ["there"]


async def test_read_only_takes_mail_and_leaves_no_trace_on_the_server(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("watched"))
    async with watching(settings(server, account, read_only=True, poll=0.2), tmp_path) as running:
        await running.until(Fetched)
        await asyncio.sleep(0.6)
    assert len(running.of(Fetched)) == 1
    with server.other_client(account) as client:
        flags = str(client.fetch("1", "(FLAGS)"))
        assert not any(word in flags for word in ("Gateway", "Seen", "Deleted"))
        assert "Gateway" not in str(client.list())


async def test_without_a_processed_folder_the_keyword_tells_what_was_taken(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("kept"))
    async with watching(settings(server, account, processed="", poll=0.2), tmp_path) as running:
        await running.until(Fetched)
        await asyncio.sleep(0.7)
        assert len(running.of(Fetched)) == 1
    with server.other_client(account) as client:
        flags = str(client.fetch("1", "(FLAGS)"))
    assert "GatewayTaken" in flags
    assert "\\Seen" not in flags


async def test_a_crash_before_the_move_is_healed_by_the_ledger(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("crashed"))
    async with watching(settings(server, account, processed=""), tmp_path) as first:
        await first.until(Fetched)
    with server.other_client(account) as client:
        client.store("1", "-FLAGS", "(GatewayTaken)")
    async with watching(settings(server, account), tmp_path, earlier=first) as second:
        await eventually(server, account, "Gateway/Done", 1)
        assert second.of(Fetched) == []
    assert len(second.spool.stored()) == 1


async def test_a_new_uidvalidity_is_told_and_nothing_is_stored_twice(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("one"), mail("two"))
    async with watching(settings(server, account, processed="", idle=False, poll=0.3), tmp_path) as running:
        await running.until(Fetched, 2)
        await asyncio.sleep(0.3)
        server.bump_uidvalidity(account)
        server.deliver(account, mail("three"))
        server.cut()
        [changed] = await running.until(ValidityChanged)
        await asyncio.sleep(0.5)
    assert isinstance(changed, ValidityChanged)
    assert changed.before != changed.now
    assert running.subjects() == ["one", "three", "two"]


async def test_mail_older_than_the_first_fetch_is_left_alone_and_counted(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    with server.other_client(account) as client:
        for age in (30, 8, 6):
            stamp = datetime.now(UTC) - timedelta(days=age)
            client.append("INBOX", "", f'"{stamp:%d-%b-%Y %H:%M:%S +0000}"', mail(f"age {age}"))
    async with watching(settings(server, account), tmp_path) as running:
        await running.until(Fetched)
        [left] = await running.until(LeftAlone)
    assert left == LeftAlone("support", "INBOX", 2)
    assert running.subjects() == ["age 6"]
    with server.other_client(account) as client:  # moved in later by a person: not old mail, whatever its date
        stamp = datetime.now(UTC) - timedelta(days=40)
        client.append("INBOX", "", f'"{stamp:%d-%b-%Y %H:%M:%S +0000}"', mail("dragged in"))
    later = datetime.now(UTC) + timedelta(days=20)
    async with watching(settings(server, account), tmp_path, earlier=running, now=later) as again:
        await again.until(Fetched)
        assert again.of(LeftAlone) == []
    assert again.subjects() == ["age 6", "dragged in"]


async def test_a_mail_over_the_limit_is_set_aside_with_its_header(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("giant", "x" * 70 + "\r\n" * 40_000), mail("small"))
    async with watching(settings(server, account, message_size=20_000), tmp_path) as running:
        [aside] = await running.until(SetAside)
        await running.until(Fetched)
        await eventually(server, account, "Gateway/Failed", 1)
    assert isinstance(aside, SetAside)
    assert "larger than the 20000" in aside.reason
    [(_, _, header)] = running.ledger.aside
    assert b"Subject: giant" in header
    assert running.subjects() == ["small"]


async def test_a_mail_that_fails_thrice_is_set_aside_and_the_next_is_reached(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    server.deliver(account, mail("poison"), mail("good"))
    async with watching(settings(server, account, poll=0.2), tmp_path) as running:
        running.spool.poison = b"Subject: poison"
        [aside] = await running.until(SetAside)
        await eventually(server, account, "Gateway/Failed", 1)
    assert isinstance(aside, SetAside)
    assert aside.reason == "failed 3 times: ValueError"
    assert running.subjects() == ["good"]


async def test_while_our_own_store_is_broken_no_mail_leaves_its_folder(server: Dovecot, tmp_path: Path) -> None:
    """However often it was tried: a store that fails is no connection that was lost."""
    account = server.account()
    server.deliver(account, mail("patient"))
    async with watching(settings(server, account, poll=0.05), tmp_path) as running:
        running.spool.broken = OSError(5, "Input/output error")
        running.ledger.broken = OSError(5, "Input/output error")
        await asyncio.sleep(2.0)
        assert (running.of(SetAside), names(server, account, "INBOX")) == ([], 1)
        running.spool.broken = running.ledger.broken = None
        await running.until(Fetched)
    assert running.subjects() == ["patient"]


async def test_while_the_disk_is_full_mail_stays_on_the_server(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    spool = FileSpool(tmp_path, room=False)
    server.deliver(account, mail("waiting"))
    async with watching(
        settings(server, account, poll=0.1), tmp_path, earlier=Watch(spool, FileLedger(spool))
    ) as running:
        await asyncio.sleep(0.5)
        assert (spool.opened, names(server, account, "INBOX")) == (0, 1)
        spool.room = True
        await running.until(Fetched)


async def test_a_cut_in_idle_is_noticed_at_once_and_mail_goes_on(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    async with watching(settings(server, account, poll=600.0), tmp_path) as running:
        await running.until(Connected)
        await asyncio.sleep(0.5)
        began = time.monotonic()
        server.cut()
        [told] = await running.until(Disconnected)
        assert time.monotonic() - began < SOON
        assert isinstance(told, Disconnected)
        assert told.pause <= 1.0
        await running.until(Connected, 2)
        server.deliver(account, mail("after the cut"))
        await running.until(Fetched)


async def test_a_frozen_server_is_given_up_after_the_deadline(server: Dovecot, tmp_path: Path) -> None:
    account = server.account()
    async with watching(settings(server, account, poll=0.5, patience=1.0), tmp_path) as running:
        await running.until(Connected)
        await asyncio.sleep(0.3)
        server.freeze()
        try:
            await running.until(Disconnected)
        finally:
            server.thaw()
        server.cut()
        await running.until(Connected, 2)
        server.deliver(account, mail("thawed"))
        await running.until(Fetched)


async def test_a_mail_that_vanishes_meanwhile_is_no_trouble(server: Dovecot) -> None:
    account = server.account()
    server.deliver(account, mail("gone"), mail("here"))
    source = await MailSource.open(settings(server, account))
    await source.select("INBOX")
    [gone, here] = await source.search(datetime.now(UTC) - timedelta(days=1), None)
    with server.other_client(account) as client:
        client.store("1", "+FLAGS", "(\\Deleted)")
        client.expunge()
    assert await source.body(gone) is None
    assert (await source.body(here) or b"").endswith(mail("here"))
    assert await source.move(gone, "Gateway/Done") in (True, False)
    await source.close()


async def test_a_server_with_nothing_but_imap4rev1_keeps_mail_under_the_keyword(tmp_path: Path) -> None:
    with dovecot(capability="IMAP4rev1") as old:
        account = old.account()
        old.deliver(account, mail("old server"))
        async with watching(settings(old, account, poll=0.3), tmp_path) as running:
            await running.until(Fetched)
            await asyncio.sleep(0.8)
            old.deliver(account, mail("polled there"))
            await running.until(Fetched, 2)
        assert names(old, account, "INBOX") == 2
        assert len(running.of(Fetched)) == 2
        assert not running.of(Disconnected)


async def test_a_server_without_move_copies_and_expunges_that_mail_alone(tmp_path: Path) -> None:
    """Here names begin with "INBOX." and have dots between their levels."""
    with dovecot(capability="IMAP4rev1 UIDPLUS IDLE NAMESPACE", separator=".", prefix="INBOX.") as other:
        account = other.account()
        other.deliver(account, mail("theirs"))
        with other.other_client(account) as client:
            client.store("1", "+FLAGS", "(\\Deleted GatewayTaken)")
        other.deliver(account, mail("ours"))
        async with watching(settings(other, account), tmp_path) as running:
            await running.until(Fetched)
            await eventually(other, account, "INBOX.Gateway.Done", 1)
        assert running.subjects() == ["ours"]
        assert names(other, account, "INBOX") == 1
