"""One desk with three tickets is made once by the product itself; each test works on a copy of its own."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.place import Place
from tests.servers import free_port


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("made"))
    place.configure()
    assert place.run("db", "migrate").code == 0
    mails = (
        place.mail("export", "Export stops with an error", "It says error 500.\n\nMaria"),
        place.mail("escape", "=?utf-8?q?Bell=07_and_=1B=5B31mred=1B=5B0m=09tab?=", "Look:\x1b[2J gone\x1b]0;title\x07"),
        place.mail("invoice", "Where is my invoice?", "I cannot find it."),
    )
    for path in mails:
        assert place.run("mail", "ingest", path).code == 0
    assert place.run("serve", "--once").code == 0
    return place


@pytest.fixture
def desk(made: Place, tmp_path: Path) -> Place:
    shutil.copytree(made.folder, tmp_path / "desk")
    return Place(tmp_path / "desk")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A desk with a daemon that runs."""
    place = Place(tmp_path_factory.mktemp("served"))
    place.configure(smtp=free_port())
    program = str(Path(sys.executable).with_name("gateway"))
    with (place.folder / "log").open("wb") as log:
        daemon = subprocess.Popen([program, "-c", str(place.file), "serve"], stdout=log, stderr=log)
        try:
            until = time.monotonic() + 60
            while not (place.state / "ingest.sock").exists() and daemon.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            assert (place.state / "ingest.sock").exists(), (place.folder / "log").read_text()
            yield place
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(60)
