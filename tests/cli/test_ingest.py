"""`gateway mail ingest`: what an MTA pipes in is durable, or tried again; through the daemon where one runs."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.place import MAIL, Place


def mail(name: str, to: str = "support@acme.example") -> str:
    return MAIL.format(id=name, subject=f"About {name}", text="Hello\n.\n.. dots").replace("support@acme.example", to)


def kept(place: Place) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(place.state / "gateway.db")) as db:
        return list(db.execute("SELECT source, mail_from FROM mail ORDER BY received_at"))


def test_a_mail_from_a_pipe_is_in_the_spool_when_the_command_ends(desk: Place) -> None:
    told = desk.run("mail", "ingest", stdin=mail("pipe"))
    assert (told.code, told.err.startswith("accepted ")) == (0, True)
    assert kept(desk)[-1] == ("ingest", "maria@customer.example")
    assert desk.run("mail", "list", "--state", "pending").rows[0][2] == "pending"


def test_the_same_mail_again_is_accepted_and_kept_once(desk: Place) -> None:
    assert desk.run("mail", "ingest", desk.folder / "export.eml").code == 0
    assert len(kept(desk)) == 3


def test_the_null_sender_stays_null(desk: Place) -> None:
    bounce = mail("bounce").replace("Return-Path: <maria@customer.example>", "Return-Path: <>")
    assert desk.run("mail", "ingest", stdin=bounce).code == 0
    assert kept(desk)[-1] == ("ingest", "")


def test_an_mta_says_sender_and_recipient_in_its_environment(desk: Place) -> None:
    told = desk.run(
        "mail", "ingest", stdin=mail("environment", to="list@lists.example"),
        environ={"SENDER": "<owner@lists.example>", "RECIPIENT": "support@acme.example"},
    )  # fmt: skip
    assert told.code == 0
    assert kept(desk)[-1] == ("ingest", "owner@lists.example")


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        ((), "", 65),
        (("/nowhere/x.eml",), "", 66),
        ((), mail("foreign", to="somebody@else.example"), 65),
        (("--to", "unknown@acme.example"), mail("unknown"), 65),
        (("--mailbox", "suport"), mail("mailbox"), 67),
        (("--mailbox", "support"), mail("into", to="somebody@else.example"), 0),
        (("--to", "support+1000.wrongcode@acme.example"), mail("tag"), 0),
    ],
)
def test_what_is_not_ours_is_refused_with_a_code_that_an_mta_understands(
    desk: Place, words: tuple[str, ...], stdin: str, code: int
) -> None:
    told = desk.run("mail", "ingest", *words, stdin=stdin)
    assert (told.code, "Traceback" in told.err) == (code, False)


def test_a_mail_that_is_too_large_is_refused(desk: Place) -> None:
    desk.configure(more='[limits]\nmessage_size = "1 MB"\n')
    assert desk.run("mail", "ingest", stdin=mail("large") + "x" * 1_100_000).code == 65


def test_our_own_faults_are_reasons_to_try_again_and_never_to_give_a_mail_back(desk: Place) -> None:
    (desk.state / "gateway.db").rename(desk.state / "elsewhere")
    assert desk.run("mail", "ingest", stdin=mail("no-database")).code == 75
    (desk.state / "gateway.db").write_text("no database" * 100)
    assert desk.run("mail", "ingest", stdin=mail("no-database")).code == 75
    desk.configure(more="[sned]\n")
    assert desk.run("mail", "ingest", stdin=mail("no-configuration")).code == 75


def test_the_daemon_takes_it_and_it_becomes_a_ticket(served: Place) -> None:
    told = served.run("mail", "ingest", stdin=mail("daemon"))
    assert (told.code, told.err.startswith("2.0.0 ")) == (0, True)
    until = time.monotonic() + 60
    while not (found := served.run("ticket", "list", "About daemon", "--json").json) and time.monotonic() < until:
        time.sleep(0.1)
    whole = served.run("ticket", "show", str(found[0]["number"]), "--json").json
    assert whole["articles"][0]["text"] == "Hello\n.\n.. dots"
    assert served.run("status", "--json").json["running"]


def test_the_daemon_says_what_is_ours(served: Place) -> None:
    both = mail("both", to="somebody@else.example, support@acme.example")
    assert served.run("mail", "ingest", stdin=both).code == 0
    assert served.run("mail", "ingest", stdin=mail("foreign", to="somebody@else.example")).code == 65
    assert served.run("mail", "ingest", "--mailbox", "support", stdin=mail("m", to="x@else.example")).code == 0


def test_mail_goes_on_coming_in_while_the_file_on_disk_is_broken(served: Place) -> None:
    good = served.file.read_text()
    served.file.write_text(good + "[sned\n")
    try:
        assert served.run("mail", "ingest", stdin=mail("broken-file")).code == 0
        assert served.run("reload").code == 78
        assert served.run("status").code == 78
    finally:
        served.file.write_text(good)
    assert served.run("reload").code == 0


def test_a_second_daemon_is_told_to_try_again(served: Place) -> None:
    assert served.run("serve", "--once").code == 75


def test_a_mail_for_a_running_daemon_costs_no_import_of_the_desk(served: Place, tmp_path: Path) -> None:
    path = tmp_path / "quick.eml"
    path.write_text(mail("quick"))
    script = (
        "import sys; from gateway.cli import main; "
        f"sys.argv = ['gateway', '-c', {str(served.file)!r}, 'mail', 'ingest', {str(path)!r}]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print(sorted({'sqlalchemy', 'jinja2', 'gateway.config', 'gateway.desk'} & sys.modules.keys()))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
