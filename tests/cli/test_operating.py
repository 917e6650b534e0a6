"""What an operator does: status, pause, keys, verify, backup; and what the program says when all goes wrong."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from gateway.cli import COMMANDS, glance
from gateway.config.load import PLACES
from tests.cli.place import Place, command


def test_the_status_of_a_desk_without_a_daemon_says_so_and_counts(desk: Place) -> None:
    told = desk.run("status")
    assert told.code == 0
    assert "not running" in told.out.splitlines()[0]
    assert "3 open, 3 without agent, 0 late" in told.out
    found = desk.run("status", "--json").json
    assert (found["running"], found["mails"], found["tickets"]["new"]) == (False, {"done": 3}, 3)
    assert found["mailboxes"][0]["last_mail"].endswith("Z")
    assert [each["level"] for each in found["trouble"]] == ["critical"]


def test_monitoring_gets_its_line_and_its_code(desk: Place) -> None:
    told = desk.run("status", "--nagios")
    assert (told.code, told.out.split(" - ")[0]) == (2, "GATEWAY CRITICAL")
    assert "| open=3 late=0 " in told.out


def test_a_status_without_a_database_makes_none(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.configure()
    assert "no database yet" in place.run("status").out
    assert not place.state.exists()


def test_a_status_works_while_the_configuration_is_broken(desk: Place) -> None:
    desk.configure(more="[sned]\n")
    told = desk.run("status")
    assert (told.code, "the configuration on disk is broken since" in told.out) == (78, True)
    assert desk.run("status", "--nagios").code == 2


def test_a_pause_holds_until_it_is_ended_and_the_status_shows_it(desk: Place) -> None:
    assert desk.run("pause", "out").code == 0
    assert list(desk.run("status", "--json").json["paused"]) == ["out"]
    assert set(desk.run("pause", "--json").json) == {"in", "out", "timers"}
    assert desk.run("resume", "--json").json == {}
    assert desk.run("pause", "outt").code == 2


def test_a_reload_without_a_daemon_is_not_reachable_and_of_a_broken_file_is_refused(desk: Place) -> None:
    assert desk.run("reload").code == 69
    desk.configure(more="[sned]\n")
    told = desk.run("reload")
    assert (told.code, f"{desk.file}:41:2: error" in told.err) == (78, True)


def test_keys_are_listed_and_replaced_and_their_secrets_never_shown(desk: Place) -> None:
    with closing(sqlite3.connect(desk.state / "gateway.db")) as db:
        (secret,) = db.execute("SELECT secret FROM key").fetchone()
    assert desk.run("keys", "rotate").code == 0
    told = desk.run("keys", "list", "--json")
    assert [each["state"] for each in told.json] == ["in use", "retired"]
    assert told.json[1]["counts_until"] > told.json[1]["retired_at"]
    assert secret.hex() not in told.out


def test_a_desk_as_promised_verifies_and_a_changed_row_is_a_difference(desk: Place) -> None:
    assert desk.run("verify").code == 0
    with closing(sqlite3.connect(desk.state / "gateway.db")) as db, db:
        db.execute("UPDATE ticket SET status = 'closed' WHERE number = 1001")
    told = desk.run("verify")
    assert told.code == 1
    assert told.rows[0][0] == "ticket 1001"


def test_a_backup_is_restored_elsewhere_and_sends_nothing_until_it_is_told(desk: Place, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy", Place(tmp_path / "other")
    assert desk.run("backup", copy).code == 0
    assert (copy / "configuration/gateway.toml").read_bytes() == desk.file.read_bytes()
    other.folder.mkdir()
    other.configure()
    assert other.run("restore", tmp_path / "nowhere").code == 66
    assert other.run("restore", copy).code == 0
    assert other.run("ticket", "list").out == desk.run("ticket", "list").out
    assert list(other.run("status", "--json").json["paused"]) == ["out"]
    assert other.run("restore", copy).code == 73


def test_a_database_of_a_newer_program_is_left_alone(desk: Place) -> None:
    with closing(sqlite3.connect(desk.state / "gateway.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("ticket", "list"), ("status",), ("db", "migrate"), ("serve", "--once")):
        told = desk.run(*words)
        assert (told.code, "newer gateway" in told.err) == (78, True)


def test_a_desk_without_a_database_is_not_reachable(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.configure()
    assert place.run("ticket", "list").code == 69


def test_a_database_that_somebody_else_holds_is_tried_again(desk: Place) -> None:
    with closing(sqlite3.connect(desk.state / "gateway.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        told = desk.run("pause", "out")
    assert told.code == 75
    assert "Traceback" not in told.err
    assert len(told.err.splitlines()) == 1


def test_trouble_that_nobody_foresaw_is_one_line_and_a_traceback_only_with_v(desk: Place) -> None:
    with closing(sqlite3.connect(desk.state / "gateway.db")) as db, db:
        db.execute("ALTER TABLE ticket RENAME TO elsewhere")
    told = desk.run("ticket", "list")
    assert (told.code, told.err) == (1, "gateway: the database: no such table: ticket\n")
    assert "Traceback" in desk.run("ticket", "list", "-v").err


@pytest.mark.parametrize(
    ("words", "meant"), [(("statuss",), "status"), (("mail", "explian"), "explain"), (("ticket", "lst"), "list")]
)
def test_a_mistyped_command_says_what_was_meant(words: tuple[str, ...], meant: str) -> None:
    told = command(*words)
    assert (told.code, "Did you mean" in told.err, meant in told.err) == (2, True, True)


def test_a_mistyped_option_says_what_was_meant() -> None:
    told = command("mail", "list", "--limt", "3")
    assert (told.code, "--limit" in told.err) == (2, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_help_names_is_there(name: str) -> None:
    told = command(name, "--help")
    assert (told.code, told.out.startswith("Usage: gateway " + name)) == (0, True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_completion(shell: str) -> None:
    told = command("completion", shell)
    assert (told.code, "_GATEWAY_COMPLETE" in told.out) == (0, True)


def test_completing_a_command_imports_no_command() -> None:
    script = (
        "import sys; from gateway.cli import gateway; import click; "
        "ctx = gateway.make_context('gateway', [], resilient_parsing=True); "
        "print([each.value for each in gateway.shell_complete(ctx, 'ti')], 'gateway.store' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "['ticket'] False\n"


def test_help_imports_neither_database_nor_configuration() -> None:
    script = "import sys; from gateway.cli import main; sys.argv = ['gateway', '--help']\n"
    script += "try: main()\nexcept SystemExit: pass\n"
    script += "print(sorted({'sqlalchemy', 'jinja2', 'gateway.config', 'gateway.desk'} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_a_glance_looks_where_the_configuration_is_looked_for() -> None:
    assert glance.PLACES == PLACES


def test_a_mail_is_shown_with_its_trace_and_without_its_escapes(desk: Place) -> None:
    ids = desk.run("mail", "list", "-q").out.split()
    told = [desk.run("mail", "show", each).out for each in ids]
    assert "".join(told).count("reply_address: absent") == 3
    assert "\x1b" not in "".join(told)
    assert desk.run("mail", "show", ids[0][:8], "--json").json["verdict"]["by"] == "none"


def test_letters_are_listed_by_what_became_of_them(desk: Place) -> None:
    rows = desk.run("queue", "list", "--all").rows
    assert {len(row) for row in rows} == {8}
    assert {(row[1], row[6]) for row in rows} == {("sent", "")}
    assert desk.run("queue", "list").out == ""
    assert desk.run("queue", "retry", rows[0][0]).code == 76
    assert "X-Ticket-Letter: " in desk.run("queue", "show", rows[0][0][:14], "--raw").out
    assert desk.run("queue", "show", "nothing-like-it").code == 67
