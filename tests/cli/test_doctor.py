"""`gateway doctor` on a desk in a folder: this machine and its files. Servers are in tests/journeys."""

import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.config.load import load
from gateway.config.settings import Config
from gateway.doctor import ask_machine, ask_store, ask_unit
from tests.cli.place import Place
from tests.servers import free_port

AT = datetime(2026, 4, 14, 9, 0, tzinfo=UTC)


def findings(place: Place, *words: str) -> dict[str, dict[str, Any]]:
    """By check; the last one of each."""
    return {each["check"]: each for each in place.run("doctor", "--json", *words).json["findings"]}


def config(place: Place, **environ: str) -> Config:
    loaded = load(place.file, environment=environ, today=AT.date())
    assert isinstance(loaded, Config)
    return loaded


def test_a_desk_before_its_first_start_fails_nothing_and_makes_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.configure()
    told = place.run("doctor", "--json")
    found = {each["check"]: each["level"] for each in told.json["findings"]}
    assert (told.code, told.json["failures"]) == (0, 0)
    assert (found["database"], found["daemon"], found["disk"]) == ("skip", "warn", "ok")
    assert not place.state.exists()


def test_warnings_count_with_strict_alone_and_q_tells_only_what_is_wrong(desk: Place) -> None:
    assert desk.run("doctor").code == 0
    told = desk.run("doctor", "--strict", "-q")
    assert told.code == 1
    assert {row[0] for row in told.rows} == {"warn"}


def test_a_desk_whose_daemon_runs_has_its_listener_knocked_at(served: Place) -> None:
    found = findings(served)
    assert (found["listen"]["level"], found["listen"]["what"]) == ("ok", "answers")
    assert "daemon" not in found
    assert found["database"]["what"].endswith("integrity ok")


def test_a_port_that_another_program_holds_is_a_failure(desk: Place, served: Place) -> None:
    port = int(served.file.read_text().partition("127.0.0.1:")[2].partition('"')[0])
    desk.configure(smtp=port)
    told = desk.run("doctor", "--json")
    found = {each["check"]: each for each in told.json["findings"]}
    assert (told.code, found["listen"]["level"]) == (1, "fail")
    assert found["listen"]["repair"] == [f"ss -lntp 'sport = :{port}'"]


def test_a_listener_that_the_running_daemon_does_not_have_is_a_failure(served: Place) -> None:
    before = served.file.read_text()
    served.file.write_text(before.replace("[listen]", f'[listen]\nlmtp = ["127.0.0.1:{free_port()}"]'))
    try:
        told = served.run("doctor", "--json")
        lmtp = next(each for each in told.json["findings"] if each["name"].startswith("lmtp"))
        assert (told.code, lmtp["level"]) == (1, "fail")
    finally:
        served.file.write_text(before)


def test_another_server_s_verdicts_name_the_line_of_the_configuration(desk: Place) -> None:
    before = desk.file.read_text()
    mail = desk.mail("verdict", "With a verdict", "Hello")
    mail.write_text("Authentication-Results: mail.acme.example; dmarc=pass\n" + mail.read_text())
    assert desk.run("mail", "ingest", mail).code == 0
    assert findings(desk)["trust"]["repair"][0].startswith('trust_auth_results = "mail.acme.example"')

    desk.file.write_text(before + '\n[security]\ntrust_auth_results = "mx.acme.example"\n')
    found = findings(desk)["trust"]
    assert found["level"] == "fail"
    line = len(before.splitlines()) + 3
    assert found["repair"] == [f'trust_auth_results = "mail.acme.example"   ({desk.file}:{line}, [security])']

    desk.file.write_text(before + '\n[security]\ntrust_auth_results = "mail.acme.example"\n')
    assert findings(desk)["trust"]["level"] == "ok"


def test_a_mail_that_brought_a_verdict_of_our_server_refuses_trust(desk: Place) -> None:
    desk.configure(more='\n[security]\ntrust_auth_results = "mx.acme.example"\n')
    mail = desk.mail("forged", "Forged", "Hello")
    ours = "Authentication-Results: mx.acme.example; dmarc=none\n"
    forged = "\nAuthentication-Results: mx.acme.example; dmarc=pass\n\n"
    mail.write_text(ours + mail.read_text().replace("\n\n", forged, 1))
    assert desk.run("mail", "ingest", mail).code == 0
    assert findings(desk)["trust.forged"]["level"] == "fail"


def test_a_clock_behind_a_server_s_stamp_is_told(desk: Place) -> None:
    ahead = datetime.now(UTC) + timedelta(minutes=30)
    mail = desk.mail("stamped", "Stamped", "Hello")
    stamp = f"Received: from x by mx.acme.example; {ahead:%a, %d %b %Y %H:%M:%S +0000}\n"
    mail.write_text(stamp + mail.read_text())
    assert desk.run("mail", "ingest", mail).code == 0
    found = findings(desk)["clock"]
    assert (found["level"], "30 min behind mx.acme.example" in found["what"]) == ("fail", True)


def test_a_damaged_database_and_one_of_another_version_are_failures_not_tracebacks(desk: Place) -> None:
    with closing(sqlite3.connect(desk.state / "gateway.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    told = desk.run("doctor", "--json")
    assert told.code == 1
    assert "newer gateway" in {each["check"]: each for each in told.json["findings"]}["database"]["what"]
    (desk.state / "gateway.db").write_bytes(b"no database" * 1000)
    for name in ("gateway.db-wal", "gateway.db-shm"):
        (desk.state / name).unlink(missing_ok=True)
    assert findings(desk)["database"]["level"] == "fail"


def test_a_database_that_cannot_be_reached_is_a_finding_among_the_others(desk: Place) -> None:
    pytest.importorskip("psycopg")
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    desk.configure(more=f'\n[storage]\ndatabase = "{url}"\n')
    told = desk.run("doctor", "--json")
    found = {each["check"]: each for each in told.json["findings"]}
    assert (told.code, found["database"]["level"], found["disk"]["level"]) == (1, "fail", "ok")
    assert "refused" in found["database"]["what"]


def test_a_name_server_is_an_address(desk: Place) -> None:
    assert desk.run("doctor", "--nameserver", "dns.example").code == 2


def test_a_backup_is_remembered(desk: Place, tmp_path: Path) -> None:
    assert findings(desk)["backup"]["level"] == "skip"
    assert desk.run("backup", tmp_path / "copy").code == 0
    found = findings(desk)["backup"]
    assert (found["level"], str(tmp_path / "copy") in found["what"]) == ("ok", True)


def test_an_open_state_directory_and_configuration_are_told(desk: Place) -> None:
    desk.state.chmod(0o755)
    desk.file.chmod(0o646)
    told = {each.repair[0] for each in _of_files(desk)}
    assert told == {f"chmod 0750 {desk.state}", f"chmod 0644 {desk.file}"}


def _of_files(place: Place) -> list[Any]:
    from gateway.doctor.machine import files

    return list(files(ask_machine.files(config(place), ())))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_database_of_another_user_than_its_directory_is_told(desk: Place) -> None:
    os.chown(desk.state / "gateway.db", 65534, 65534)
    (found,) = (each for each in _of_files(desk) if each.check == "files.owner")
    assert found.repair == (f"chown root: {desk.state / 'gateway.db'}",)


def test_the_file_systems_in_use_are_measured_once_each(desk: Place) -> None:
    (disk,) = ask_machine.disks(config(desk))
    assert 0 < disk.free < disk.total
    assert disk.kind


def test_the_unit_is_found_where_systemd_looks_and_with_its_drop_ins(desk: Place, tmp_path: Path) -> None:
    root = tmp_path / "root"
    assert ask_unit.unit(config(desk), root) is None
    for place, text in (("usr/lib", "User=packaged\n"), ("etc", "User=gateway\n")):
        (root / place / "systemd/system").mkdir(parents=True)
        (root / place / "systemd/system/gateway.service").write_text(text)
    drop_in = root / "etc/systemd/system/gateway.service.d/override.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("ProtectHome=no\n")
    seen = ask_unit.unit(config(desk), root)
    assert seen is not None
    assert (seen.text, "ProtectHome=yes" in seen.shipped) == ("User=gateway\n\nProtectHome=no\n", True)


def test_the_command_that_has_the_unit_s_secrets_loads_each_of_them(desk: Place) -> None:
    desk.configure(more='\n[send]\nhost = "smtp.acme.example"\nuser = "support@acme.example"\n')
    assert ask_machine.credentials(config(desk)) == ("smtp",)
    command = ask_machine.as_the_unit(config(desk), {})
    assert command == f"systemd-run -qP --wait -p User=gateway -p LoadCredential=smtp gateway -c {desk.file} doctor"


def test_the_newest_mails_are_looked_at_and_no_more(desk: Place) -> None:
    seen = ask_store.store(config(desk), {})
    assert len(seen.stamps) == 3
    assert seen.database.integrity == ""
    assert stat.S_IMODE((desk.state / "gateway.db").stat().st_mode) == 0o600
