"""`gateway simulate`: the desk of a configuration in a world with a virtual clock (CONTRACT §6)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config.settings import Config
from gateway.simulation.scenario import BadScenario, parse
from gateway.simulation.world import SYNTHETIC, NothingToAnswer
from tests.desks.play import MARIA, loaded, local, mail, play, reply, scenario

START, LATER = "2026-04-14T09:12:00+02:00", "2026-04-20T00:00:00+02:00"
MAIL = mail("When I export, it says error 500.", "Export fails")
DESK = """
version = 1
[gateway]
name = "acme"
public_name = "Acme Support"
domain = "acme.example"
timezone = "Europe/Berlin"
[tickets]
prefix = "ACME"
[mailbox.support]
address = "support@acme.example"
[agent.ana]
name = "Ana Ruiz"
email = "ana@acme.example"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Config:
    return written(tmp_path)


def written(folder: Path, more: str = "") -> Config:
    (folder / "gateway.toml").write_text(DESK + more)
    return loaded(folder / "gateway.toml")


def test_a_mail_becomes_a_ticket_and_is_acknowledged_at_once(desk: Config) -> None:
    played = play(desk, scenario(START, LATER, ("+0m", "mail", MAIL)))
    assert (played.ticket["number"], played.ticket["subject"]) == (1000, "Export fails")
    came, *_ = played.mails
    assert (came["direction"], came["from"], came["ticket"], came["letter"]) == (
        "in",
        "maria@customer.example",
        1000,
        None,
    )
    ack = played.letter("ack")
    assert (ack["to"], ack["ticket"], ack["at"]) == (["maria@customer.example"], 1000, "2026-04-14T07:12:00Z")
    assert ack["headers"]["X-Ticket"] == "ACME-1000"
    assert "Maria" in ack["text"]


def test_a_mail_that_nobody_verified_gets_the_strangers_acknowledgement(desk: Config) -> None:
    played = play(desk, scenario(START, LATER, ("+0m", "mail", MAIL | {"auth": "none"})))
    assert "ack_stranger" in played.names()
    assert "ack" not in played.names()


def test_a_forged_mail_is_not_acknowledged(desk: Config) -> None:
    played = play(desk, scenario(START, LATER, ("+0m", "mail", MAIL | {"auth": "fail"})))
    assert played.letters(to="maria@customer.example") == []


def test_a_reply_answers_the_newest_letter_that_its_sender_was_sent(desk: Config) -> None:
    played = play(
        desk,
        scenario(
            START, LATER, ("+0m", "mail", MAIL), ("+1h", "reply", reply("Which version do you use?")),
            ("+1d", "reply", reply("Version 12.", "maria@customer.example")),
        ),
    )  # fmt: skip
    assert [article["text"] for article in played.ticket["articles"]] == [
        "When I export, it says error 500.", "Which version do you use?", "Version 12.",
    ]  # fmt: skip
    assert played.letter("reply")["at"] == "2026-04-14T08:13:00Z"  # once nobody can take it back any more


def test_ticket_and_letter_narrow_which_letter_is_answered(desk: Config) -> None:
    other = mail("Another matter.", "Invoices")
    played = play(
        desk,
        scenario(
            START, LATER, ("+0m", "mail", MAIL), ("+5m", "mail", other),
            ("+1h", "reply", reply("About the export.", "maria@customer.example", ticket=1000, letter="ack")),
        ),
    )  # fmt: skip
    first, second = played.tickets
    assert [len(ticket["articles"]) for ticket in (first, second)] == [2, 1]


def test_a_reply_without_a_letter_to_answer_is_an_error(desk: Config) -> None:
    with pytest.raises(NothingToAnswer, match=r"event 1 \(\+1h\): bo@acme.example was sent no letter"):
        play(desk, scenario(START, LATER, ("+1h", "reply", reply("Hello?", "bo@acme.example"))))


def test_while_the_relay_is_down_letters_wait_and_are_not_lost(desk: Config) -> None:
    played = play(
        desk,
        scenario(START, LATER, ("+0m", "fault", "relay_down"), ("+1m", "mail", MAIL), ("+3h", "fault", "relay_up")),
    )
    assert played.letter("ack")["at"] >= "2026-04-14T10:12:00Z"


def test_mail_to_a_gateway_that_is_stopped_waits_at_its_server(desk: Config) -> None:
    played = play(
        desk,
        scenario(
            START, LATER, ("+0m", "fault", "gateway_stop"), ("+1m", "mail", MAIL), ("+3d", "fault", "gateway_start")
        ),
    )
    assert local(played.ticket["created_at"]) == "Fri 17 Apr 09:12"
    assert local(played.letter("ack")["at"]) == "Fri 17 Apr 09:12"


def test_a_letter_that_comes_back_is_told_to_the_agent(desk: Config) -> None:
    played = play(
        desk,
        scenario(
            START, LATER, ("+0m", "mail", MAIL), ("+1h", "fault", "bounce:maria@customer.example"),
            ("+2h", "reply", reply("Try it again, please.")),
        ),
    )  # fmt: skip
    failed = played.letter("agent_delivery_failed")
    assert failed["to"] == ["ana@acme.example"]
    assert local(failed["at"]) == "Tue 14 Apr 11:14"
    assert [article["delivery"] for article in played.ticket["articles"] if article["direction"] == "out"] == ["failed"]


def test_cc_headers_and_files_go_with_a_mail(tmp_path: Path) -> None:
    desk = written(tmp_path, '[security]\ncc_joins = "all"\n')
    (tmp_path / "export.csv").write_text("a;b\n1;2\n")
    sent = MAIL | {"cc": "Jonas <jonas@customer.example>", "attach": ["export.csv"], "headers": {"X-Mailer": "Postbox"}}
    played = play(desk, scenario(START, LATER, ("+0m", "mail", sent)), tmp_path)
    (article,) = played.ticket["articles"]
    assert [(file["name"], file["content_type"], file["size"]) for file in article["attachments"]] == [
        ("export.csv", "text/csv", 8)
    ]
    assert played.mails[0]["headers"]["X-Mailer"] == "Postbox"
    assert played.mails[0]["headers"]["Cc"] == "Jonas <jonas@customer.example>"


def test_a_mail_that_a_machine_wrote_is_not_answered(desk: Config) -> None:
    away = MAIL | {"headers": {"Auto-Submitted": "auto-replied"}, "subject": "Out of office", "text": "I am away."}
    played = play(desk, scenario(START, LATER, ("+0m", "mail", away)))
    assert [mail["direction"] for mail in played.mails if mail["from"] != "support@acme.example"] == ["in"]
    assert played.letters(to="maria@customer.example") == []


@pytest.mark.parametrize(("key", "given"), [("mail", {"eml": "odd.eml"}), ("eml", "odd.eml")])
def test_a_mail_is_taken_from_a_file_as_it_is(desk: Config, tmp_path: Path, key: str, given: object) -> None:
    (tmp_path / "odd.eml").write_bytes(
        b"From: Maria Lopez <maria@customer.example>\nTo: support@acme.example\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"
        b"Message-ID: <1@customer.example>\nDate: Tue, 14 Apr 2026 09:00:00 +0200\n\nHello.\n"
    )
    played = play(desk, scenario(START, LATER, ("+0m", key, given)), tmp_path)
    assert played.ticket["subject"] == "Grüße"
    assert played.letter("ack")["to"] == ["maria@customer.example"]


def test_spans_of_business_time_count_by_the_desks_calendar(desk: Config) -> None:
    found = parse(
        scenario("2026-04-17T17:00:00+02:00", LATER, ("+2 business hours", "fault", "relay_down")), Path(), desk.policy
    )
    assert local(found.events[0].at.isoformat()) == "Mon 20 Apr 10:00"


def test_a_scenario_plays_the_same_way_twice(desk: Config) -> None:
    wanted = scenario(START, LATER, ("+0m", "mail", MAIL), ("+1h", "reply", reply("Which version?")))
    assert play(desk, wanted) == play(desk, wanted)


def test_a_desk_that_trusts_a_server_reads_its_word_in_the_simulation_too(tmp_path: Path) -> None:
    desk = written(tmp_path, '[security]\ntrust_auth_results = "mx.acme.example"\nagents_must_pass = "dmarc"\n')
    played = play(
        desk,
        scenario(
            START, LATER, ("+0m", "mail", MAIL), ("+1h", "reply", reply("Proven.")),
            ("+2h", "reply", reply("Not proven.", auth="none")),
        ),
    )  # fmt: skip
    assert [article["visibility"] for article in played.ticket["articles"]] == ["public", "public", "held"]
    assert SYNTHETIC not in json.dumps(played.tickets)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('until = "2026-06-30T00:00:00Z"', "there is no start"),
        (scenario(LATER, START), "until lies before start"),
        (scenario("yesterday", LATER), "no instant"),
        (scenario(START, LATER, ("+2 houres", "mail", MAIL)), "did you mean +2 hours?"),
        (scenario(START, LATER, ("+0m", "fault", "relay_dwon")), "did you mean relay_down?"),
        (scenario(START, LATER, ("+0m", "fault", "bounce")), "names its address"),
        (scenario(START, LATER, ("+0m", "mail", MAIL | {"form": MARIA})), "did you mean from?"),
        (scenario(START, LATER, ("+0m", "mail", MAIL | {"attach": ["gone.csv"]})), "No such file"),
        (scenario(START, LATER, ("+0m", "mail", {"subject": "Hello"})), "there is no from"),
        (scenario(START, LATER, ("+0m", "mail", MAIL | {"auth": "maybe"})), "auth is"),
        (scenario(START, LATER) + '[[event]]\nat = "+0m"\n', "not none"),
        ("start = ", "Invalid value"),
    ],
)
def test_a_mistake_in_a_scenario_is_named_with_its_event(desk: Config, text: str, says: str) -> None:
    with pytest.raises(BadScenario) as raised:
        parse(text, Path(), desk.policy)
    assert says in str(raised.value)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("gateway")), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_prints_an_object_a_mail_and_a_summary(desk: Config, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(scenario(START, LATER, ("+0m", "mail", MAIL)))
    done = run("simulate", "s.toml", "--json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    *mails, last = map(json.loads, done.stdout.splitlines())
    assert {"at", "direction", "from", "to", "subject", "letter", "ticket", "text", "headers"} <= set(mails[0])
    summary = last["summary"]
    assert [ticket["number"] for ticket in summary["tickets"]] == [1000]
    assert (summary["mails_in"], summary["mails_out"]) == (1, len(mails) - 1)
    assert not (tmp_path / "state").exists()


def test_the_command_leaves_with_65_for_what_cannot_be_played(desk: Config, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(scenario(START, LATER, ("+1h", "reply", reply("Hello?"))))
    assert run("simulate", "s.toml", folder=tmp_path).returncode == 65
