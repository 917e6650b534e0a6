"""What goes wrong around a desk: the relay, the disk, its configuration, its own end. Nothing is lost by it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.desk import CONFIGURATION, SUPPORT, Desk, folder, running
from tests.journeys.mails import fresh_id, mail, submit
from tests.journeys.sink import Sink, until


@pytest.fixture(scope="module")
def own_relay() -> Iterator[Sink]:
    """A relay that tests may stop."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def patient(own_relay: Sink) -> Iterator[Desk]:
    """A daemon whose configuration and relay tests may break, as long as they mend them."""
    with folder() as place, running(Desk(place / "desk", own_relay.port)) as shared:
        yield shared


def test_letters_wait_while_the_relay_is_down_and_leave_when_it_is_back(patient: Desk, own_relay: Sink) -> None:
    own_relay.stop()
    customer, identifier = "waiting@customer.test", fresh_id()
    submit(patient.smtp, mail(customer, "Nobody hears us", message_id=identifier))
    number = patient.settled(identifier)["ticket"]
    query = "SELECT * FROM outbox WHERE ticket = ? AND state = 'queued' AND attempts = 1 AND last_text != ''"
    until(lambda: len(patient.rows(query, number)) == 2, 60, "two letters that were tried once")
    listed = {one["to"]: one for one in patient.asked("queue", "list")}
    assert listed[customer]["attempts"] == 1
    assert listed[customer]["next_attempt"] > listed[customer]["date"]

    own_relay.start()
    assert own_relay.to(customer) == []
    done = patient.gateway("queue", "retry", *(str(one["id"]) for one in listed.values()))
    assert done.code == 0, done.err
    ack = own_relay.wait_for(customer, "ack")
    assert ack.message_id == listed[customer]["message_id"]
    patient.quiet()
    assert len(own_relay.to(customer)) == 1


def test_a_mail_that_is_being_sent_when_the_daemon_is_told_to_stop_is_taken(patient: Desk, own_relay: Sink) -> None:
    identifier = fresh_id()
    raw = bytes(mail("late@customer.test", "in the last moment", message_id=identifier)).replace(b"\n", b"\r\n")
    with socket.create_connection(("127.0.0.1", patient.smtp), 10) as peer:
        replies = peer.makefile("rb")
        replies.readline()
        peer.sendall(b"EHLO c.test\r\n")
        while not replies.readline().startswith(b"250 "):
            pass
        for line in (b"MAIL FROM:<late@customer.test>", b"RCPT TO:<support@example.test>", b"DATA"):
            peer.sendall(line + b"\r\n")
            reply = replies.readline()
        assert reply.startswith(b"354")
        peer.sendall(raw[:100])
        os.kill(patient.pid, signal.SIGTERM)
        patient.wait_for_log("daemon.stopping")
        until(lambda: _refused(patient.smtp), 60, "an end of listening")
        peer.sendall(raw[100:] + b".\r\n")
        assert replies.readline().startswith(b"250 2.0.0")
    assert patient.stop() == 0
    patient.start()
    assert patient.settled(identifier)["decision"] == "new_ticket"
    own_relay.wait_for("late@customer.test", "ack")


def _refused(port: int) -> bool:
    """Nobody listens, or whoever does says 421."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as peer:
        return peer.recv(3) == b"421"
    return True


def test_a_reload_of_a_broken_file_keeps_the_configuration_before_it(patient: Desk, own_relay: Sink) -> None:
    whole = patient.configuration.read_text()
    patient.configuration.write_text(whole.replace("[tickets]", "[tickets"))
    os.kill(patient.pid, signal.SIGHUP)
    assert patient.wait_for_log("config.rejected")["level"] == "error"
    submit(patient.smtp, mail("reload1@customer.test", "before"))
    assert "Example Support" in str(own_relay.wait_for("reload1@customer.test", "ack").mail["From"])

    patient.configuration.write_text(whole.replace("Example Support", "Renamed Support"))
    os.kill(patient.pid, signal.SIGHUP)
    patient.wait_for_log("config.loaded")
    submit(patient.smtp, mail("reload2@customer.test", "after"))
    assert "Renamed Support" in str(own_relay.wait_for("reload2@customer.test", "ack").mail["From"])
    patient.configuration.write_text(whole)
    os.kill(patient.pid, signal.SIGHUP)
    patient.wait_for_log("config.loaded", count=2)


def test_a_second_daemon_on_the_same_desk_leaves_at_once_and_says_why(patient: Desk) -> None:
    done = patient.command("serve")
    assert done.returncode == 75
    assert str(patient.pid).encode() in done.stderr
    assert patient.alive


def test_a_broken_configuration_leaves_with_78_and_names_every_place(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", 9)
    text = (
        desk.configuration.read_text().replace("public_name", "publik_name").replace("start = 2000", 'start = "many"')
    )
    desk.configuration.write_text(text)
    (desk.folder / "config/agents.toml").write_text('[agent.ana]\nname = "Ana"\nemail = "not an address"\n')
    lines = [line.partition(" ")[0] for line in text.splitlines()]
    places = [
        f"{desk.configuration}:{lines.index('publik_name') + 1}:",
        f"{desk.configuration}:{lines.index('start') + 1}:",
        f"{desk.folder / 'config/agents.toml'}:3:",
    ]
    for command in ("check", "serve"):
        done = desk.command(command)
        assert done.returncode == 78
        said = (done.stdout + done.stderr).decode()
        for place in places:
            assert place in said
        assert "public_name" in said, "what was meant"
        assert "Traceback" not in said
    assert not desk.state.exists(), "nothing was started"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """An empty file system of 24 MB."""
    with folder() as place:
        disk = place / "desk/state"
        disk.mkdir(parents=True)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            line = "a small file system cannot be mounted here: run this test as root, where mounts are allowed"
            pytest.skip(line)
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=False)


def test_a_full_disk_is_452_and_nothing_is_lost_and_it_recovers_by_itself(small_disk: Path, own_relay: Sink) -> None:
    desk = Desk(small_disk.parent, own_relay.port)
    desk.configure(CONFIGURATION.replace('message_size = "60 MB"', 'message_size = "2 MB"'))
    filler = small_disk / "filler"
    with running(desk):
        before, during, after = fresh_id(), fresh_id(), fresh_id()
        submit(desk.smtp, mail("before@customer.test", "before", message_id=before))
        desk.settled(before)
        desk.quiet()
        with smtplib.SMTP("127.0.0.1", desk.smtp) as client:
            client.ehlo("c.test")
            client.mail("during@customer.test")
            client.rcpt(SUPPORT)
            assert client.docmd("DATA")[0] == 354
            large = bytes(mail("during@customer.test", "during", "stars\n" * 200_000, message_id=during))
            client.send(large[:100_000].replace(b"\n", b"\r\n"))
            fill(filler)
            client.send(large[100_000:].replace(b"\n", b"\r\n"))
            code, words = client.docmd(".")
            assert (code, words[:5]) == (452, b"4.3.1")
            until(lambda: _mail_code(client) == 452, 60, "452 at MAIL, before anything is sent")
        assert not desk.rows("SELECT 1 FROM mail WHERE message_id = ?", during)
        assert desk.alive
        filler.unlink()
        with smtplib.SMTP("127.0.0.1", desk.smtp) as client:
            client.ehlo("c.test")
            until(lambda: _mail_code(client) == 250, 60, "250 again, without a restart")
        submit(desk.smtp, mail("during@customer.test", "after", message_id=after))
        assert desk.settled(after)["decision"] == "new_ticket"
        assert desk.settled(before)["decision"] == "new_ticket"
        own_relay.wait_for("during@customer.test", "ack")
        assert desk.gateway("verify").code == 0


def _mail_code(client: smtplib.SMTP) -> int:
    client.rset()
    return client.mail("again@customer.test")[0]


def fill(filler: Path) -> None:
    """Until not an octet is left."""
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0")
    assert shutil.disk_usage(filler.parent).free < 8192
