"""Dates that customers were given: warned of before they break, admitted once when they did."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.desk import commands
from gateway.desk.causes import AgentActed
from gateway.desk.decide import Refused, decide
from tests.desk.living import Life, born
from tests.desk.samples import MONDAY, answer, days, policy

FRIDAY = datetime(2026, 4, 17, 18, tzinfo=UTC)


def promised() -> Life:
    life = born(policy())
    life.commanded(commands.Take(), commands.EnterPhase("plan"), commands.GiveDate(FRIDAY))
    return life


def test_a_date_from_an_agent_is_a_promise_and_told_with_the_phase_in_one_letter():
    life = promised()
    assert life.ticket.step is not None
    assert (life.ticket.step.by, life.ticket.step.promised) == (FRIDAY, True)
    assert life.sent("phase_changed") == ["phase_changed 04-13"]


def test_a_date_alone_is_told_too():
    life = born(policy())
    life.commanded(commands.GiveDate(FRIDAY))
    assert life.sent("phase_changed") == ["phase_changed 04-13"]


def test_a_promise_is_warned_of_before_it_breaks_and_when_it_does_and_then_admitted_once():
    life = promised()
    life.until(MONDAY + days(40))
    ours = [f"{notice.reason} {at:%a %H}" for at, notice in life.letters if notice.letter == "agent_warning"]
    assert ours[:2] == ["promise Thu 15", "promise Fri 18"]
    assert life.sent("delayed") == ["delayed 04-20"]


def test_a_new_date_in_time_spares_the_apology():
    life = promised()
    life.commanded(commands.GiveDate(FRIDAY + days(7)), at=FRIDAY)
    life.until(FRIDAY + days(6))
    assert life.sent("delayed") == []


def test_the_next_phase_keeps_the_promise():
    life = promised()
    life.commanded(commands.EnterPhase("review"), at=MONDAY + days(2))
    life.until(MONDAY + days(3))
    assert life.ticket.promise is None
    assert "promise" not in [notice.reason for _, notice in life.letters]


def test_nobody_is_told_of_a_delay_while_we_wait_for_them():
    life = promised()
    life.asked(MONDAY + days(1))
    life.until(MONDAY + days(30))
    assert life.sent("delayed") == []


def test_the_end_of_a_timeframe_is_told_to_us_once_and_never_to_the_customer():
    life = born(policy())
    life.until(MONDAY + days(40))
    assert [notice.reason for _, notice in life.letters if notice.letter == "agent_warning"] == ["phase", "phase"]
    assert life.sent("delayed", "phase_changed") == []


def test_what_is_solved_is_promised_no_date():
    life = born(policy())
    life.commanded(commands.Solve())
    with pytest.raises(Refused, match="reopen it"):
        decide(life.ticket, AgentActed("ana", (commands.GiveDate(FRIDAY),)), life.policy, MONDAY)


def test_words_with_a_date_are_one_letter():
    life = born(policy())
    life.hears(AgentActed("ana", (commands.GiveDate(FRIDAY),), answer()))
    assert life.sent(to="maria@customer.example") == ["ack 04-13", "reply 04-13"]
