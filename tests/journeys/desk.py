"""A real desk in a folder of its own: its configuration, its daemon, its command, and what they leave behind."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.cli import gateway, globals_first
from gateway.cli.failure import run
from tests.journeys.sink import until
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = str(Path(sys.executable).with_name("gateway"))
SUPPORT, SALES = "support@example.test", "sales@example.test"
ANA, ADMIN = "ana@staff.test", "ops@staff.test"
TRUSTED = "mx.example.test"  # the server whose Authentication-Results this desk believes

# `undo_window`: an agent's letter leaves at once. The limits are for one sender, and all tests have the same few.
CONFIGURATION = """\
version = 1
include = ["config/*.toml"]

[gateway]
name = "desk"
public_name = "Example Support"
domain = "example.test"

[tickets]
prefix = "EX"
start = 2000
undo_window = "0s"

[listen]
smtp = ["127.0.0.1:{smtp}"]
{listen}

[send]
host = "127.0.0.1"
port = {relay}
tls = "none"

[mailbox.support]
address = "support@example.test"
{imap}
[mailbox.sales]
address = "sales@example.test"

[security]
trust_auth_results = "mx.example.test"

[limits]
message_size = "60 MB"
new_tickets = "100000/h per sender"
automatic_letters = "100000/h per recipient"

[admin]
notify = ["ops@staff.test"]

[log]
format = "json"
"""
AGENTS = """\
[agent.ana]
name = "Ana Ruiz"
email = "ana@staff.test"
teams = ["first-line"]

[team.first-line]
name = "First line"
"""
IMAP = """
  [mailbox.support.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = "{user}"
  password_secret = {{ file = "imap.secret" }}
  poll = "5s"
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered, and the code it left with."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Desk:
    """`relay` is the port letters go to. `listen` and `imap` are lines of gateway.toml; `prefix` of its command."""

    folder: Path
    relay: int
    listen: str = ""
    imap: str = ""
    prefix: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    smtp: int = field(default_factory=free_port)
    lmtp: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        (self.folder / "config").mkdir(parents=True, exist_ok=True)
        self.configure()
        (self.folder / "config/agents.toml").write_text(AGENTS)

    def configure(self, text: str = CONFIGURATION) -> None:
        listen = self.listen or 'lmtp = ["127.0.0.1:{lmtp}"]'
        self.configuration.write_text(
            text.format(smtp=self.smtp, listen=listen.format(lmtp=self.lmtp), relay=self.relay, imap=self.imap)
        )

    @property
    def configuration(self) -> Path:
        return self.folder / "gateway.toml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    # -- the daemon ----------------------------------------------------------------------------------------------------

    def start(self, seconds: float = 60.0) -> None:
        """Until it says READY=1, as it says to systemd."""
        path = self.folder / "notify"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(str(path))
            notices.settimeout(0.2)
            self.launch({"NOTIFY_SOCKET": str(path)})
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and self.alive:
                with contextlib.suppress(TimeoutError):
                    if b"READY=1" in notices.recv(4096):
                        return
        raise AssertionError(f"the daemon is not ready; its log ends:\n{self.log()[-3000:]}")

    def launch(self, environment: Mapping[str, str] | None = None) -> None:
        with (self.folder / "daemon.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, GATEWAY, "-c", str(self.configuration), "serve"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**clean_environment(), **self.environment, **(environment or {})},
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def stop(self, seconds: float = 60.0) -> int:
        """SIGTERM; its exit code."""
        if self.process is None:
            return 0
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def restart(self) -> None:
        assert self.stop() == 0
        self.start()

    def log(self) -> str:
        path = self.folder / "daemon.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logged(self, event: str) -> list[dict[str, Any]]:
        found = []
        for line in self.log().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                told = json.loads(line)
                if isinstance(told, dict) and told.get("event") == event:
                    found.append(told)
        return found

    def wait_for_log(self, event: str, seconds: float = 60.0, *, count: int = 1) -> dict[str, Any]:
        until(lambda: len(self.logged(event)) >= count, seconds, f"{event} in the log, which ends {self.log()[-1500:]}")
        return self.logged(event)[-1]

    # -- its command ---------------------------------------------------------------------------------------------------

    def command(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """As a shell or an MTA runs it."""
        return subprocess.run(
            [GATEWAY, "-c", str(self.configuration), *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            timeout=120,
            env={**clean_environment(), **self.environment, **(environment or {})},
        )

    def gateway(self, *arguments: str) -> Said:
        """The same command within this process, which has imported by now what takes a process a second."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(gateway, globals_first(["-c", str(self.configuration), *arguments]))
        return Said(code, out.getvalue(), err.getvalue())

    def asked(self, *arguments: str) -> Any:
        """The JSON that a command prints."""
        said = self.gateway(*arguments, "--json")
        assert said.code == 0, said.err
        return json.loads(said.out)

    def ticket(self, number: int) -> dict[str, Any]:
        shown = self.asked("ticket", "show", str(number))
        assert isinstance(shown, dict)
        return shown

    # -- what it keeps -------------------------------------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Of a read-only look at its database; none while it is not there yet."""
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{self.state / 'gateway.db'}?mode=ro", uri=True, timeout=5)
            ) as db:
                db.row_factory = sqlite3.Row
                return [dict(row) for row in db.execute(query, values)]
        except sqlite3.OperationalError:
            return []

    def settled(self, message_id: str, seconds: float = 60.0) -> dict[str, Any]:
        """The row of the mail with this Message-ID, once it is pending no more."""
        query = "SELECT * FROM mail WHERE message_id = ? AND state != 'pending' ORDER BY received_at"
        until(
            lambda: self.rows(query, message_id), seconds, f"the mail {message_id}; the log ends {self.log()[-1500:]}"
        )
        return self.rows(query, message_id)[-1]

    def quiet(self, seconds: float = 60.0) -> None:
        """No mail waits, and no letter that is due."""
        waiting = (
            "SELECT 1 FROM mail WHERE state = 'pending' "
            "UNION ALL SELECT 1 FROM outbox WHERE state IN ('queued', 'sending')"
        )
        until(lambda: not self.rows(waiting), seconds, "quiet")

    def faults(self) -> list[str]:
        """What no run may leave in the log."""
        log = self.log()
        return [word for word in ("Traceback (most recent call last)", '"level": "error"') if word in log]


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Short, for the paths of sockets in it, and open, for the users that servers run as."""
    path = Path(tempfile.mkdtemp(prefix="gw-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def running(desk: Desk) -> Iterator[Desk]:
    """The daemon for as long as it is needed; it ends well, or the test fails."""
    try:
        desk.start()
        yield desk
    finally:
        code = desk.stop()
    assert code == 0, desk.log()[-3000:]


def with_imap(place: Path, port: int, user: str, password: str) -> str:
    """The lines for `Desk(imap=…)`; the password is a file beside the configuration."""
    place.mkdir(parents=True, exist_ok=True)
    secret = place / "imap.secret"
    secret.write_text(password)
    secret.chmod(0o600)
    return IMAP.format(port=port, user=user)


def clean_environment() -> dict[str, str]:
    """Ours, without what a unit, an MTA or a developer may have set."""
    ours = ("GATEWAY_", "NOTIFY_SOCKET", "STATE_DIRECTORY", "RUNTIME_DIRECTORY", "LISTEN_", "WATCHDOG_")
    told = ("SENDER", "RECIPIENT")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours) and name not in told}
