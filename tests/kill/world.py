"""A desk in a folder of its own, and the daemon that is started on it and killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kill.given import ADDRESS

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = (str(Path(sys.executable).with_name("gateway")),)
AGENT = "ana@acme.example"

CONFIGURATION = """\
version = 1
include = ["config/*.toml"]

[gateway]
name = "acme"
public_name = "Acme Support"
domain = "acme.example"

[tickets]
prefix = "ACME"

[listen]
smtp = ["127.0.0.1:{smtp}"]
lmtp = ["127.0.0.1:{lmtp}"]

[send]
host = "127.0.0.1"
port = {relay}
tls = "none"

[mailbox.support]
address = "{address}"
{imap}
[log]
format = "json"
"""
IMAP = """
  [mailbox.support.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "none"
  user = "{user}"
  password_secret = {{ file = "{secret}" }}
  poll = "2s"
"""
AGENTS = """\
[agent.ana]
name = "Ana Ruiz"
email = "{agent}"
teams = ["first-line"]

[team.first-line]
name = "First line"
"""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox on a private server: `port` speaks IMAP, `lmtp_port` puts mail into it."""

    port: int
    lmtp_port: int
    user: str
    password: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class World:
    """`command` starts the daemon: the product's own, or one of tests.failpoints. `extra` ends gateway.toml."""

    folder: Path
    relay_port: int
    imap: ImapAccount | None = None
    command: Sequence[str] = PRODUCT
    smtp_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    extra: str = ""
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        (self.folder / "config").mkdir(parents=True)
        imap = ""
        if self.imap is not None:
            secret = self.folder / "imap.secret"
            imap = IMAP.format(port=self.imap.port, user=self.imap.user, secret=secret)
            secret.write_text(self.imap.password)
            secret.chmod(0o600)
        self.configuration.write_text(
            CONFIGURATION.format(
                smtp=self.smtp_port, lmtp=self.lmtp_port, relay=self.relay_port, address=ADDRESS, imap=imap
            )
            + self.extra
        )
        (self.folder / "config/agents.toml").write_text(AGENTS.format(agent=AGENT))

    @property
    def configuration(self) -> Path:
        return self.folder / "gateway.toml"

    @property
    def database(self) -> Path:
        return self.folder / "state/gateway.db"

    def start(self) -> None:
        with (self.folder / "daemon.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "-c", str(self.configuration), "serve"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, as a power button would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM; its exit code. Raises TimeoutExpired when it does not end."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def wait_for_banner(self, seconds: float = 20) -> float:
        """Seconds until the SMTP port greets. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.smtp_port), 1) as peer:
                if peer.recv(100).startswith(b"220"):
                    return time.monotonic() - began
            if not self.alive:
                break
            time.sleep(0.01)
        raise TimeoutError(f"no banner; the log ends:\n{self.log()[-3000:]}")

    def log(self) -> str:
        return (self.folder / "daemon.log").read_text(errors="replace")

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Of a read-only look at the database; none while it is not there yet."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=5)) as db:
                db.row_factory = sqlite3.Row
                return [dict(row) for row in db.execute(query)]
        except sqlite3.OperationalError:
            return []

    def log_lines(self) -> Iterator[dict[str, Any]]:
        """The structured ones; a line that a kill cut off is none."""
        for line in self.log().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                if isinstance(told := json.loads(line), dict):
                    yield told


def _environment() -> dict[str, str]:
    """Ours, without what a unit or a developer may have set."""
    ours = ("GATEWAY_", "NOTIFY_SOCKET", "STATE_DIRECTORY", "RUNTIME_DIRECTORY", "LISTEN_", "WATCHDOG_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
