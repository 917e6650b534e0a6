"""What is said of the machine and of its unit, from figures and texts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.doctor.finding import Finding
from gateway.doctor.machine import (
    Backup,
    Clock,
    DatabaseSeen,
    Disk,
    FileSeen,
    Waiting,
    backup,
    clock,
    database,
    disk,
    files,
    work,
)
from gateway.doctor.unit import UnitSeen, unit

NOW = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)
GB = 10**9
DISK = Disk("state", "/var/lib/gateway", 20 * GB, 12 * GB, 1_000_000, 900_000, "ext4")
SHIPPED = (Path(__file__).resolve().parents[2] / "systemd/gateway.service").read_text()
UNIT = UnitSeen("/etc/systemd/system/gateway.service", SHIPPED, SHIPPED, "/etc/gateway/gateway.toml")


def of_disk(seen: Disk) -> list[tuple[str, str]]:
    return [(each.check, each.level) for each in disk(seen, 25_000_000, database=True)]


def test_a_disk_with_room_says_how_much() -> None:
    (found,) = disk(DISK, 25_000_000, database=True)
    assert (found.level, found.name, found.what) == ("ok", "disk", "40% of 20 GB used, 12 GB free")


@pytest.mark.parametrize(
    ("total", "free", "level"),
    [
        (20 * GB, GB, "warn"),
        (20 * GB, GB // 2, "fail"),
        (2000 * GB, 30 * GB, "ok"),  # a small share of much is enough
        (GB // 2, 40_000_000, "fail"),  # less than twice the largest mail: nothing is accepted
        (0, 0, "fail"),
    ],
)
def test_a_disk_is_judged_by_what_is_left(total: int, free: int, level: str) -> None:
    assert of_disk(replace(DISK, total=total, free=free)) == [("disk", level)]


def test_inodes_run_out_too_where_they_are_counted() -> None:
    assert of_disk(replace(DISK, inodes_free=20)) == [("disk", "ok"), ("inodes", "fail")]
    assert of_disk(replace(DISK, inodes=0, inodes_free=0)) == [("disk", "ok")]


def test_a_database_over_the_network_is_in_danger() -> None:
    assert of_disk(replace(DISK, kind="nfs4")) == [("disk", "ok"), ("disk.shared", "fail")]


@pytest.mark.parametrize(
    ("seen", "level", "words"),
    [
        (Clock(), "skip", "the kernel does not say"),
        (Clock(kept=True, error=timedelta(milliseconds=4)), "ok", "at most 4 ms off"),
        (Clock(kept=False), "warn", "no time service sets it"),
        (Clock(kept=True, ahead=timedelta(seconds=-40), of="mx.acme.example"), "warn", "40 s behind mx.acme.example"),
        (Clock(ahead=timedelta(minutes=9), of="smtp"), "fail", "9 min ahead of smtp"),
        (Clock(kept=True, ahead=timedelta(seconds=1)), "ok", "kept by a time service"),
    ],
)
def test_a_clock_is_judged_by_its_keeper_and_by_others(seen: Clock, level: str, words: str) -> None:
    found = clock(seen)
    assert found.level == level
    assert words in found.what


@pytest.mark.parametrize(
    ("seen", "level", "repair"),
    [
        (DatabaseSeen("gateway.db", 38_000_000, "0001"), "ok", ()),
        (DatabaseSeen("gateway.db", 9 * GB, "0001", integrity=None), "ok", ("gateway verify",)),
        (DatabaseSeen("gateway.db", 1, "0001", integrity="row 3 missing"), "fail", "gateway verify"),
        (DatabaseSeen("gateway.db", trouble="of version 0001: run `gateway db migrate`"), "fail", "gateway db migrate"),
        (DatabaseSeen("gateway.db", missing=True), "skip", "gateway serve"),
    ],
)
def test_a_database_is_whole_or_says_what_mends_it(seen: DatabaseSeen, level: str, repair: str) -> None:
    found = database(seen)
    assert found.level == level
    assert not repair or repair in found.repair or repair == found.repair


def of_file(**changes: object) -> list[Finding]:
    seen = FileSeen(Path("/var/lib/gateway/gateway.db"), 0o600, "gateway", 0o007)
    return list(files([replace(seen, **changes)]))  # type: ignore[arg-type]


def test_files_that_are_open_to_others_name_the_mode_that_closes_them() -> None:
    assert [each.level for each in of_file()] == ["ok"]
    (found,) = of_file(mode=0o644)
    assert (found.level, found.repair) == ("warn", ("chmod 0640 /var/lib/gateway/gateway.db",))
    (secret,) = of_file(mode=0o640, keep=0o077, of="secret")
    assert (secret.level, secret.repair) == ("fail", ("chmod 0600 /var/lib/gateway/gateway.db",))


def test_a_file_of_another_user_cannot_be_written_by_the_gateway() -> None:
    (found,) = of_file(owner="root", foreign="gateway")
    assert (found.level, found.repair) == ("fail", ("chown gateway: /var/lib/gateway/gateway.db",))


@pytest.mark.parametrize(("hours", "level"), [(20, "ok"), (27, "warn")])
def test_a_backup_is_old_after_a_day_and_two_hours(hours: int, level: str) -> None:
    assert backup(Backup(NOW - timedelta(hours=hours), "/srv/backup"), "gateway", NOW).level == level


def test_no_backup_yet_names_the_line_for_cron() -> None:
    found = backup(None, "gateway -c /etc/gateway/gateway.toml", NOW)
    assert "gateway -c /etc/gateway/gateway.toml --quiet backup" in found.repair[0]


def test_what_waits_too_long_is_told_with_the_command_that_tells_more() -> None:
    found = list(work([Waiting(True, "3 mails wait", "gateway mail list")], 2))
    assert [(each.level, each.repair) for each in found] == [("fail", ("gateway mail list",))]
    assert [each.what for each in work([], 1)] == ["nothing waits too long; 1 letter not due yet"]


def of_unit(seen: UnitSeen) -> list[str]:
    return [each.check for each in unit(seen)]


def test_the_unit_as_it_is_shipped_is_well() -> None:
    assert [(each.level, each.check) for each in unit(UNIT)] == [("ok", "unit")]


@pytest.mark.parametrize("line", ["ProtectSystem=no", "NoNewPrivileges=false", "ProtectHome="])
def test_a_drop_in_that_opens_the_unit_is_told_and_an_empty_value_is_one(line: str) -> None:
    seen = replace(UNIT, text=f"{SHIPPED}\n[Service]\n{line}\n")
    assert of_unit(seen) == ["unit.hardening"]


def test_a_unit_without_hardening_gets_the_lines_back() -> None:
    kept = "\n".join(line for line in SHIPPED.splitlines() if not line.startswith("Protect"))
    (found,) = unit(replace(UNIT, text=kept))
    assert "ProtectSystem" in found.what
    assert "ProtectSystem=strict" in found.repair


def test_a_service_of_root_is_a_failure_and_a_dynamic_user_is_none() -> None:
    assert "unit.user" in of_unit(replace(UNIT, text=SHIPPED.replace("User=gateway", "User=root")))
    dynamic = SHIPPED.replace("User=gateway", "DynamicUser=yes")
    assert "unit.user" not in of_unit(replace(UNIT, text=dynamic))


def test_a_credential_that_no_unit_hands_over_is_a_failure() -> None:
    assert of_unit(replace(UNIT, credentials=("smtp", "imap-support"))) == ["unit"]
    (found,) = unit(replace(UNIT, credentials=("imap-sales",)))
    assert (found.check, found.level) == ("unit.credential", "fail")


def test_a_socket_that_listen_waits_for_has_to_be_installed() -> None:
    assert of_unit(replace(UNIT, sockets=("lmtp",))) == ["unit.socket"]
    assert of_unit(replace(UNIT, sockets=("lmtp",), socket="FileDescriptorName=lmtp\n")) == ["unit"]


def test_a_service_with_another_configuration_is_told() -> None:
    assert of_unit(replace(UNIT, configuration="/srv/desk/gateway.toml")) == ["unit.configuration"]
