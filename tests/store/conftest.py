"""A database of its own for every test, with the settings of the real one: an SQLite file, and PostgreSQL where it is.

`db` runs a test on both, `lite` on SQLite alone.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.schema import migrate
from tests.store.postgres import HOW, Server, programs


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    bin_ = programs()
    if bin_ is None:
        if os.environ.get("GATEWAY_REQUIRE_SERVERS") == "1":
            pytest.fail(HOW)
        pytest.skip(HOW)
    server = Server(bin_)
    yield server
    server.close()


@pytest.fixture(scope="session")
def desk_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "gateway.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def lite(desk_file: Path, tmp_path: Path) -> Iterator[Database]:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    shutil.copy(desk_file, folder)
    database = Database(f"sqlite:///{folder}/gateway.db")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield request.getfixturevalue("lite")
        return
    database = Database(request.getfixturevalue("postgres").fresh())
    yield database
    database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "state" / "blobs")
