"""A database of its own for every test: a file, with the pragmas of the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.blobs import Blobs
from gateway.store.database import Database
from gateway.store.schema import migrate


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/state/gateway.db")
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "state" / "blobs")
