"""A small run of the harness in every test run; the long ones, and those that must fail, in `make soak`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import failpoints
from tests.kill.run import Plan, run
from tests.kill.world import ImapAccount
from tests.servers import dovecot


@pytest.fixture
def mailbox() -> Iterator[ImapAccount]:
    """A mailbox of its own on a private Dovecot."""
    with dovecot() as server:
        yield ImapAccount(server.imap_port, server.lmtp_port, server.account(), "plain")


@pytest.mark.servers
def test_killed_six_times_during_120_mails_nothing_is_lost_or_doubled(tmp_path: Path, mailbox: ImapAccount) -> None:
    outcome = run(Plan(mails=120, kills=6, imap=mailbox, patience=240), tmp_path)
    assert outcome.kills == 6
    assert outcome.findings == [], outcome


@pytest.mark.parametrize("planted", ["before_commit:kill:3", "after_smtp_250:kill:2"])
def test_an_accident_at_a_tender_place_loses_and_doubles_nothing(tmp_path: Path, planted: str) -> None:
    outcome = run(Plan(mails=12, kills=0, poison=0, planted=planted, once=True, patience=120), tmp_path)
    assert f"failpoint {planted}" in (tmp_path / "desk/daemon.log").read_text()
    assert outcome.kills == 1
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize(("mails", "kills"), [(600, 20), (1500, 40)])
def test_killed_many_times_during_many_mails_nothing_is_lost_or_doubled(
    tmp_path: Path, mailbox: ImapAccount, mails: int, kills: int
) -> None:
    outcome = run(Plan(mails=mails, kills=kills, seed=2, imap=mailbox, patience=900), tmp_path)
    print(outcome)
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize(("point", "action"), list(itertools.product(failpoints.POINTS, failpoints.ACTIONS)))
def test_an_accident_at_any_place_of_any_kind_loses_and_doubles_nothing(
    tmp_path: Path, mailbox: ImapAccount, point: str, action: str
) -> None:
    planted = f"{point}:{action}:{1 if point in failpoints.AT_START else 2}"
    outcome = run(Plan(mails=20, kills=0, imap=mailbox, poison=1, planted=planted, once=True, patience=150), tmp_path)
    assert f"failpoint {point}" in (tmp_path / "desk/daemon.log").read_text()
    assert outcome.findings == [], outcome


@pytest.mark.soak
@pytest.mark.parametrize(
    ("mutant", "finding"),
    [
        ("mutant:ack-first", "LOST"),
        ("mutant:no-key,before_250:kill:6", "DOUBLE"),
        ("mutant:sent-first,outbox_claimed:kill:4", "NEVER"),
    ],
)
def test_the_harness_finds_each_of_the_three_classic_mistakes(tmp_path: Path, mutant: str, finding: str) -> None:
    outcome = run(Plan(mails=200, kills=6, planted=mutant, replies=0), tmp_path)
    assert finding in {text.split()[0] for text in outcome.findings}
