from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.desk import Desk, folder, running
from tests.journeys.sink import Sink


@pytest.fixture(scope="session")
def relay() -> Iterator[Sink]:
    """Every letter that the desk sends, whoever it is for."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def desk(relay: Sink) -> Iterator[Desk]:
    """One daemon for the journeys that do it no harm, each with customers of its own."""
    with folder() as place, running(Desk(place / "desk", relay.port)) as shared:
        yield shared
