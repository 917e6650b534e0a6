"""`gateway init`: a desk of one's own, from a preset."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.cli import gateway
from gateway.cli.failure import run
from gateway.init import NotAnAddress, agents, files, identity
from tests.desks.desk import ANA, BO, DESKS, desk
from tests.desks.play import loaded


def init(*arguments: str) -> int:
    """The code it leaves with."""
    return run(gateway, ["init", *arguments, "--yes", "--offline"])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("address", "name", "public_name", "domain", "prefix"),
    [
        ("support@acme.example", "acme", "Acme Support", "acme.example", "ACME"),
        ("Help@Support.Big-Corp.co.uk", "big-corp", "Big Corp Help", "support.big-corp.co.uk", "BIGCORP"),
        ("it.desk@3dprint.example", "3dprint", "3Dprint Support", "3dprint.example", "DPRINT"),
        ("support@123.example", "123", "123 Support", "123.example", "DESK"),
    ],
)
def test_who_the_desk_is_follows_from_its_address(
    address: str, name: str, public_name: str, domain: str, prefix: str
) -> None:
    found = identity(address)
    assert (found.name, found.public_name, found.domain, found.prefix) == (name, public_name, domain, prefix)


@pytest.mark.parametrize("text", ["support", "support@localhost", "", "a b@acme.example"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NotAnAddress):
        identity(text)


def test_the_first_agent_is_a_lead_and_names_stay_apart() -> None:
    found = agents((ANA, BO, "Ana Lee <ana.lee@acme.example>", "kim@acme.example"))
    assert [(agent.id, agent.name, agent.role) for agent in found] == [
        ("ana", "Ana Ruiz", "lead"), ("bo", "Bo Lindqvist", "agent"), ("ana-2", "Ana Lee", "agent"),
        ("kim", "Kim", "agent"),
    ]  # fmt: skip


@pytest.mark.parametrize("preset", DESKS)
def test_agents_join_the_first_team(preset: str, tmp_path: Path) -> None:
    policy = desk(tmp_path, preset).policy
    first = next(iter(policy.teams))
    assert [agent.teams for agent in policy.agents.values()] == [(first,), (first,)]


def test_nothing_of_the_sample_is_left_in_a_desk_of_ones_own() -> None:
    for preset in DESKS:
        for path, text in files(preset, identity("help@bigcorp.test"), agents(())).items():
            assert "acme" not in text.lower(), (preset, path)


def test_names_with_quotes_and_backslashes_are_written_as_toml(tmp_path: Path) -> None:
    odd = '"Ana \\"The Fixer\\" Ruiz" <ana@acme.example>'
    assert desk(tmp_path, "phased", odd).policy.agents["ana"].name == 'Ana "The Fixer" Ruiz'


def test_the_command_writes_a_desk_that_checks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init("support@bigcorp.test", "--desk", "tiered", "--dir", "desk", "--agent", ANA) == 0
    config = loaded(here / "desk" / "gateway.toml")
    assert (config.policy.prefix, sorted(config.policy.agents)) == ("BIGCORP", ["ana"])
    assert sorted(path.name for path in (here / "desk" / "config").iterdir()) == [
        "agents.toml", "calendars.toml", "categories.toml", "notifications.toml", "rules.toml", "service.toml",
    ]  # fmt: skip
    assert "gateway -c desk/gateway.toml check" in capsys.readouterr().out


def test_the_command_overwrites_nothing(here: Path) -> None:
    (here / "gateway.toml").write_text("mine\n")
    assert init("support@bigcorp.test") == 73
    assert (here / "gateway.toml").read_text() == "mine\n"
    assert not (here / "config").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("support@acme.example", "--desk", "none"), 2), (("support",), 65)],
)
def test_the_command_says_what_it_needs(here: Path, arguments: tuple[str, ...], code: int) -> None:
    assert init(*arguments) == code
    assert list(here.iterdir()) == []
