from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.desk import Desk, folder, running
from tests.journeys.sink import Sink


@pytest.fixture(scope="module")
def relay() -> Iterator[Sink]:
    """Every letter that the desks of a module send: Ana gets letters from others about tickets of the same numbers."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def desk(relay: Sink) -> Iterator[Desk]:
    """One daemon for the journeys that do it no harm, each with customers of its own."""
    with folder() as place, running(Desk(place / "desk", relay.port)) as shared:
        yield shared
