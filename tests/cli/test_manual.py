"""Manual pages have what the program has, and say it to `man` without a warning."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from gateway.cli import COMMANDS, gateway
from gateway.cli.manual import pages
from gateway.config.keys import Root
from tests.cli.place import Place, command

PAGES = dict(pages())


def test_there_is_a_page_for_every_command_one_for_all_and_one_for_the_configuration() -> None:
    assert set(PAGES) == {"gateway.1", "gateway.toml.5", *(f"gateway-{name}.1" for name in COMMANDS)}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_names_every_option_of_its_command(name: str) -> None:
    found = gateway.get_command(click.Context(gateway), name)
    assert found is not None
    inner = found.commands.values() if isinstance(found, click.Group) else ()
    options = [
        option
        for each in (found, *inner)
        for parameter in each.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
    ]
    page = PAGES[f"gateway-{name}.1"].replace("\\-", "-")
    assert [option for option in options if option not in page] == []


def test_the_page_of_the_configuration_names_every_table() -> None:
    page = PAGES["gateway.toml.5"].replace("\\-", "-")
    for header in ("[gateway]", "[mailbox.NAME]", "[hook.NAME]", "[privacy]", "delete_closed_after"):
        assert header in page
    assert all(key in page for key in ("include", "version"))
    assert len(Root.keys()) > 20


@pytest.mark.parametrize("name", ["gateway.1", "gateway-ticket.1", "gateway.toml.5"])
def test_groff_has_nothing_to_complain_about(name: str) -> None:
    if shutil.which("groff") is None:
        pytest.skip("no groff here: apt install groff-base")
    told = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-k", "-P-bcou"],
        input=PAGES[name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stderr == ""
    assert "NAME" in told.stdout


def test_no_line_commands_the_formatter_by_accident() -> None:
    allowed = (".TH", ".SH", ".SS", ".TP", ".PP", ".br")
    lines = [line for page in PAGES.values() for line in page.splitlines()]
    assert [line for line in lines if line[:1] in (".", "'") and not line.startswith(allowed)] == []


def test_pages_are_written_into_the_folders_where_man_looks(tmp_path: Path, desk: Place) -> None:
    assert command("manual", tmp_path / "man").code == 0
    assert (tmp_path / "man/man1/gateway-ticket.1").read_text() == PAGES["gateway-ticket.1"]
    assert (tmp_path / "man/man5/gateway.toml.5").is_file()
    (tmp_path / "file").write_text("")
    assert command("manual", tmp_path / "file").code == 2
