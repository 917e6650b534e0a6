"""What is said of a test mail that was sent to a tagged address."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.doctor.roundtrip import Trip, forged, plus

SENT = Trip("support@acme.test", "support+doctor@acme.test", timedelta(seconds=60))
BACK = replace(SENT, after=timedelta(seconds=3.2), forged_survived=False)


def test_a_test_mail_that_comes_back_says_how_soon() -> None:
    found = plus(BACK)
    assert (found.level, found.what, found.repair) == ("ok", "support+doctor@acme.test came back in 3 s", ())


@pytest.mark.parametrize(
    ("trip", "words"),
    [
        (SENT, "did not come back within 60 s"),
        (replace(SENT, refused="550 5.1.1 unknown"), "was refused: 550 5.1.1 unknown"),
    ],
)
def test_one_that_does_not_come_back_says_what_that_means_for_answers(trip: Trip, words: str) -> None:
    found = plus(trip)
    assert (found.level, words in found.what) == ("fail", True)
    assert any(line.startswith('reply_address = "none"') for line in found.repair)


@pytest.mark.parametrize(
    ("survived", "logged_in", "levels"),
    [
        ((False, False), False, ["ok"]),
        ((False, True), False, ["fail"]),
        ((True,), True, ["warn"]),  # a relay may spare those who log in
        ((None,), False, []),
        ((), False, []),
    ],
)
def test_a_forged_verdict_that_comes_through_refuses_trust(
    survived: tuple[bool | None, ...], logged_in: bool, levels: list[str]
) -> None:
    trips = [replace(BACK, forged_survived=each) for each in survived]
    assert [each.level for each in forged(trips, "mx.acme.test", "gateway.toml:9", logged_in=logged_in)] == levels
