"""The unit files, judged by systemd's own tools, on a root directory of their own (nothing is installed)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd"
MOST_EXPOSED = 2.0  # of 10: the rating of `systemd-analyze security`
SYSTEM_UNITS = Path("/usr/lib/systemd/system")


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        message = f"{tool} is missing: apt install systemd"
        if os.environ.get("GATEWAY_REQUIRE_SERVERS") == "1":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A system in which our units, account and directories are in place, and the command exists."""
    needs("systemd-analyze")
    shutil.copytree(SYSTEM_UNITS, tmp_path / "usr/lib/systemd/system", symlinks=True, ignore_dangling_symlinks=True)
    installed = tmp_path / "etc/systemd/system"
    installed.mkdir(parents=True)
    for unit in "gateway.service", "gateway.socket":
        shutil.copy(UNITS / unit, installed)
    for command in "usr/bin/gateway", "bin/kill":
        path = tmp_path / command
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    return tmp_path


def said(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.servers
def test_systemd_reads_the_units_without_a_word(root: Path) -> None:
    """An unknown key is only a warning to systemd, with exit code 0 in some versions: so its silence is what counts."""
    verify = ("systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no")
    assert said(*verify, "gateway.service", "gateway.socket") == (0, "")


@pytest.mark.servers
def test_the_service_is_less_exposed_than_two_of_ten() -> None:
    needs("systemd-analyze")
    _, report = said("systemd-analyze", "security", "--offline=true", "--no-pager", str(UNITS / "gateway.service"))
    rating = re.search(r"Overall exposure level for gateway\.service: ([\d.]+)", report)
    assert rating is not None, report
    assert float(rating[1]) <= MOST_EXPOSED, report


@pytest.mark.servers
def test_the_account_and_the_directories_are_made_as_the_service_needs_them(root: Path) -> None:
    needs("systemd-sysusers")
    needs("systemd-tmpfiles")
    assert said("systemd-sysusers", f"--root={root}", str(UNITS / "gateway.sysusers.conf"))[0] == 0
    assert re.search(r"^gateway:.*:/var/lib/gateway:/usr/sbin/nologin$", (root / "etc/passwd").read_text(), re.M)
    if os.geteuid() != 0:
        pytest.skip("only root can give directories away")
    code, report = said("systemd-tmpfiles", "--create", f"--root={root}", str(UNITS / "gateway.tmpfiles.conf"))
    assert code == 0, report
    assert (root / "var/lib/gateway").stat().st_mode & 0o777 == 0o750
    assert (root / "etc/gateway").stat().st_uid == 0


def test_a_broken_configuration_is_not_started_over_and_over() -> None:
    """78 is what `serve` exits with; a check before it would fail without systemd knowing its code."""
    service = (UNITS / "gateway.service").read_text()
    assert "RestartPreventExitStatus=78\n" in service
    assert not re.search(r"^ExecStartPre=", service, re.M)


def test_the_credentials_of_the_documented_configuration_reach_the_service() -> None:
    """Without a line here the daemon would look for a file that systemd never made."""
    service = (UNITS / "gateway.service").read_text()
    for name in "smtp", "imap-support":
        assert f"LoadCredential={name}\n" in service
