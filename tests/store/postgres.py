"""A PostgreSQL of our own for a test session: on a socket in a temporary folder, ended by its own pid."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from gateway.store.database import Database
from gateway.store.schema import migrate
from gateway.store.tables import METADATA

HOW = "no PostgreSQL here: apt install postgresql"


def programs() -> Path | None:
    """The folder with `postgres` and `initdb`, the newest version where there are several."""
    found = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else Path(found).parent if found else None


class Server:
    """`fresh` gives an empty desk, `empty` a database without tables. Nothing here has to survive a power cut."""

    def __init__(self, bin_: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="gateway-pg-"))
        self._numbers = itertools.count()
        self._as: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        data = str(self._folder / "data")
        initdb = [str(bin_ / "initdb"), "-D", data, "-U", "gateway", "-A", "trust", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([*self._as, *initdb], check=True, stdout=subprocess.DEVNULL, cwd=self._folder)
        command = [str(bin_ / "postgres"), "-D", data, "-k", str(self._folder), "-c", "listen_addresses="]
        self._process = subprocess.Popen(
            [*self._as, *command, "-c", "fsync=off"], stderr=subprocess.DEVNULL, cwd=self._folder
        )
        self._wait()
        self._run("CREATE DATABASE desk")
        desk = Database(self._url("desk"))
        migrate(desk)
        desk.close()

    def fresh(self) -> str:
        """The one desk, emptied: a database for every test would be a thousand files for every test."""
        tables = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
        self._run(f"TRUNCATE {tables} RESTART IDENTITY", "desk")
        return self._url("desk")

    def empty(self) -> str:
        name = f"test{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        return self._url(name)

    def close(self) -> None:
        self._process.send_signal(signal.SIGINT)  # "fast": it waits for no client
        self._process.wait(30)
        shutil.rmtree(self._folder)

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://gateway@/{name}?host={self._folder}"

    def _run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self._address(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str = "postgres") -> str:
        return f"host={self._folder} user=gateway dbname={database}"

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self._address()).close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return
