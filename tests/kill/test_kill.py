"""A small run of the harness in every test run; the long ones, and those that must fail, in `make soak`."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests import failpoints
from tests.kill.run import Plan, run


def test_killed_six_times_during_150_mails_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    outcome = run(Plan(mails=150, kills=6, patience=55), tmp_path)
    assert outcome.kills == 6
    assert outcome.findings == [], outcome


@pytest.mark.parametrize("planted", ["before_commit:kill:3", "after_smtp_250:kill:2"])
def test_an_accident_at_a_tender_place_loses_and_doubles_nothing(tmp_path: Path, planted: str) -> None:
    outcome = run(Plan(mails=12, kills=0, poison=0, planted=planted, once=True, patience=40), tmp_path)
    assert f"failpoint {planted}" in (tmp_path / "desk/daemon.log").read_text()
    assert outcome.kills == 1
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_forty_times_during_1500_mails_nothing_is_lost_or_doubled(tmp_path: Path, seed: int) -> None:
    outcome = run(Plan(mails=1500, kills=40, seed=seed), tmp_path)
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize(("point", "action"), list(itertools.product(failpoints.POINTS, failpoints.ACTIONS)))
def test_an_accident_at_any_place_of_any_kind_loses_and_doubles_nothing(
    tmp_path: Path, point: str, action: str
) -> None:
    outcome = run(Plan(mails=20, kills=0, poison=1, planted=f"{point}:{action}:2", once=True, patience=150), tmp_path)
    assert f"failpoint {point}" in (tmp_path / "desk/daemon.log").read_text()
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize(
    ("mutant", "finding"),
    [
        ("mutant:ack-first", "LOST"),
        ("mutant:no-key,before_250:kill:40", "DOUBLE"),
        ("mutant:sent-first", "NEVER"),
    ],
)
def test_the_harness_finds_each_of_the_three_classic_mistakes(tmp_path: Path, mutant: str, finding: str) -> None:
    outcome = run(Plan(mails=400, kills=12, planted=mutant), tmp_path)
    assert finding in {text.split()[0] for text in outcome.findings}
