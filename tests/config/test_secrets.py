"""Secrets are fetched where the reference says, and their texts go nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gateway.config import SecretError, SecretRef, resolve
from gateway.config.secrets import look
from gateway.config.show import show
from tests.config.desk import desk, loaded, problems


def secret_file(folder: Path, text: str = "hunter2\n", mode: int = 0o600) -> Path:
    path = folder / "secret"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_each_way_leads_to_the_secret(tmp_path: Path) -> None:
    path = secret_file(tmp_path)
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "PASSWORD": "hunter2"}
    printing = (sys.executable, "-c", "print('hunter2')")
    for ref in (
        SecretRef("credential", "secret"),
        SecretRef("file", str(path)),
        SecretRef("env", "PASSWORD"),
        SecretRef("command", argv=printing),
    ):
        assert resolve(ref, environment) == "hunter2"
        assert "hunter2" not in repr(ref)


def test_only_one_line_end_is_ignored(tmp_path: Path) -> None:
    path = secret_file(tmp_path, " with blanks \r\n")
    assert resolve(SecretRef("file", str(path)), {}) == " with blanks "


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        (SecretRef("credential", "x"), "provided by the systemd unit only"),
        (SecretRef("file", "/nowhere/x"), "/nowhere/x: no such file or directory"),
        (SecretRef("env", "GONE"), "the variable GONE is not set"),
        (SecretRef("command", argv=("no-such-program", "hunter2")), "the command no-such-program: no such file"),
        (SecretRef("command", argv=(sys.executable, "-c", "raise SystemExit(3)")), "failed with exit code 3"),
        (SecretRef("command", argv=(sys.executable, "-c", "")), "is empty"),
    ],
)
def test_a_secret_that_cannot_be_had_says_why_and_not_what(ref: SecretRef, message: str) -> None:
    with pytest.raises(SecretError, match=message) as error:
        resolve(ref, {})
    assert "hunter2" not in str(error.value)


def test_a_file_that_everybody_reads_is_no_secret(tmp_path: Path) -> None:
    path = secret_file(tmp_path, mode=0o644)
    with pytest.raises(SecretError, match=f"chmod 600 {path}"):
        resolve(SecretRef("file", str(path)), {})
    text = f"[mailbox.support.imap]\nhost = 'localhost'\npassword_secret = {{ file = '{path}' }}\n"
    (problem,) = problems(desk(tmp_path, text))
    assert problem.severity == "error"
    assert problem.message.endswith(f"{path} can be read by everybody on this machine: chmod 600 {path}")
    path.chmod(0o640)
    assert loaded(desk(tmp_path, text)).problems == ()


def test_a_credential_is_looked_for_where_the_unit_provides_any(tmp_path: Path) -> None:
    path = desk(tmp_path, "[mailbox.support.imap]\nhost = 'localhost'\n")
    (note,) = loaded(path).problems
    assert (note.severity, "not checked here" in note.message) == ("note", True)
    (error,) = problems(path, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "LoadCredential=imap-support:" in error.message
    (tmp_path / "imap-support").write_text("x")
    assert loaded(path, {"CREDENTIALS_DIRECTORY": str(tmp_path)}).problems == ()


def test_a_secret_counts_only_where_its_table_is_in_use(tmp_path: Path) -> None:
    gone = "password_secret = { file = '/nowhere/x' }\n"
    assert loaded(desk(tmp_path, f"[send]\n{gone}")).send.password_secret is None
    assert loaded(desk(tmp_path, f"[send]\nhost = 'localhost'\n{gone}")).send.password_secret is None
    (problem,) = problems(desk(tmp_path, f"[send]\nhost = 'localhost'\nuser = 'x'\n{gone}"))
    assert problem.severity == "error"


def test_looking_runs_nothing(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    ref = SecretRef("command", argv=(sys.executable, "-c", f"open({str(trace)!r}, 'w')"))
    assert look(ref, {}).reach == "not checked"
    assert not trace.exists()


def test_the_password_of_a_database_joins_its_url_only_when_asked(tmp_path: Path) -> None:
    text = "[storage]\ndatabase = 'postgresql+psycopg://desk@db/desk'\ndatabase_secret = { env = 'PW' }\n"
    storage = loaded(desk(tmp_path, text), {"PW": "p@ss/word"}).storage
    assert storage.database_url({"PW": "p@ss/word"}) == "postgresql+psycopg://desk:p%40ss%2Fword@db/desk"
    assert "p@ss" not in repr(storage)


def test_the_file_of_a_secret_is_relative_to_gateway_toml_like_every_path(tmp_path: Path) -> None:
    secret_file(tmp_path)
    config = loaded(
        desk(tmp_path, '[mailbox.support.imap]\nhost = "imap.acme.example"\npassword_secret = { file = "secret" }\n')
    )
    ref = config.imap["support"].password_secret
    assert ref is not None
    assert resolve(ref, {}) == "hunter2"
    assert "secret" in show(config, {})
    assert "# set" in show(config, {})
