"""The presets of the five reference desks: each loads, and says what the desk says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.desk.policy import Category, Policy
from gateway.init import presets
from gateway.templates_files import packaged
from tests.desks.desk import DESKS, desk


def policy(folder: Path, preset: str) -> Policy:
    return desk(folder, preset).policy


def steps(category: Category) -> list[tuple[str, str, str]]:
    return [(phase.id, phase.name.default, str(phase.expect or "none")) for phase in category.phases]


def test_there_is_a_preset_for_each_reference_desk() -> None:
    assert presets() == DESKS


@pytest.mark.parametrize("preset", DESKS)
def test_a_preset_loads_without_a_warning(preset: str, tmp_path: Path) -> None:
    """Keys whose feature is not built yet are notes."""
    assert [problem for problem in desk(tmp_path, preset).problems if problem.severity != "note"] == []


@pytest.mark.parametrize("preset", DESKS)
def test_a_preset_has_no_agent_customer_or_organisation_of_its_own(preset: str, tmp_path: Path) -> None:
    found = policy(tmp_path, preset)
    assert sorted(found.agents) == ["ana", "bo"]
    assert dict(found.organisations) == {}


@pytest.mark.parametrize("preset", DESKS)
def test_every_phase_of_a_preset_says_what_it_means_and_what_comes_next(preset: str, tmp_path: Path) -> None:
    for category in policy(tmp_path, preset).categories.values():
        for phase in category.phases:
            assert phase.meaning.default, (category.id, phase.id)
            assert phase.final or phase.next.default, (category.id, phase.id)


@pytest.mark.parametrize("preset", DESKS)
def test_a_preset_marks_the_values_that_are_our_choice(preset: str) -> None:
    folder = packaged("config") / "desks" / preset
    for name in ("calendars.toml", "service.toml", "agents.toml"):
        assert "our choice" in (folder / name).read_text(), name


@pytest.mark.parametrize("preset", DESKS)
def test_gaps_between_letters_of_a_waiting_ticket_stay_under_a_week(preset: str, tmp_path: Path) -> None:
    """Mail clients stop grouping automated mails after seven days; four business days may be six days."""
    pending = policy(tmp_path, preset).pending
    for gap in (*pending.reminders, pending.close_after):
        assert gap is not None
        assert (gap.unit, gap.amount <= 4) == ("business days", True)


def test_phased_has_the_phases_and_timeframes_of_its_three_categories(tmp_path: Path) -> None:
    found = policy(tmp_path, "phased")
    assert {category.id: category.name.default for category in found.categories.values()} == {
        "bug": "Bug/Data Issues", "feature": "Feature Requests", "question": "Other Questions",
    }  # fmt: skip
    assert steps(found.categories["bug"]) == [
        ("received", "Request Received", "2h to 3 business days"),
        ("review", "Under Review by Support Team", "4 business days to 10 business days"),
        ("identified", "Bug Identified", "1 business day to 10 business days"),
        ("plan", "Resolution Plan Determined", "none"),
        ("fixed", "Fix Confirmed on Production", "none"),
    ]
    assert steps(found.categories["feature"]) == [
        ("received", "We've Received Your Request", "1 business day to 10 business days"),
        ("review", "Under Review by Support Team", "5 business days to 10 business days"),
        ("roadmap", "Flagged as Quarter Roadmap Consideration", "5 business days to 10 business days"),
        ("complete", "Review Complete!", "none"),
    ]
    assert steps(found.categories["question"]) == [
        ("received", "We've Received Your Request", "4 business hours to 3 business days"),
        ("review", "Under Review by Support Team", "2 business days to 3 business days"),
        ("answered", "Response Sent!", "none"),
    ]
    fixed = found.categories["bug"].phases[-1]
    assert (fixed.final, fixed.hidden_until_reached) == (True, True)
    assert found.categories["feature"].revisit == "quarterly"
    assert found.reopen_window is None  # always


def test_tiered_has_the_targets_of_its_four_priorities_and_three_tiers(tmp_path: Path) -> None:
    found = policy(tmp_path, "tiered")
    assert {
        name: (each.order, str(each.first_response), str(each.first_response_outside), str(each.resolution))
        for name, each in found.priorities.items()
    } == {
        "critical": (1, "15m", "None", "4h"),
        "high": (2, "1 business hour", "4h", "8h"),
        "medium": (3, "4 business hours", "None", "1 business day"),
        "low": (4, "1 business day", "None", "2 business days to 3 business days"),
    }
    assert {each.first_response_by for each in found.priorities.values()} == {"take"}
    assert found.calendars[found.priorities["critical"].calendar].always
    assert str(found.priorities["critical"].update_every) == "1h"
    assert all(found.priorities[name].update_once_late for name in ("high", "medium", "low"))
    assert [(tier.id, tier.team) for tier in found.tiers] == [
        ("tier1", "first-line"), ("tier2", "technical"), ("tier3", "specialists"),
    ]  # fmt: skip
    assert found.categories[found.first_mailbox.category].priority == "low"  # general mail: within one business day
    for category in found.categories.values():
        names = [phase.name.default for phase in category.phases]
        assert names == ["Received", "In progress", "Escalated", "Resolved"]


def test_maintenance_has_its_six_categories_two_of_which_cost(tmp_path: Path) -> None:
    found = policy(tmp_path, "maintenance")
    assert [(each.id, each.name.default, each.costs) for each in found.categories.values()] == [
        ("change-request", "Change Request", True),
        ("important", "Important", True),
        ("bug", "Bug Report", False),
        ("business-critical", "Business Critical", False),
        ("question", "Question", False),
        ("other", "Other", False),
    ]
    assert all(each.choose for each in found.categories.values())
    assert [found.categories[name].priority for name in ("important", "business-critical")] == ["high", "critical"]
    assert {str(each.first_response) for each in found.priorities.values()} == {"2 business days"}
    for category in found.categories.values():
        assert [phase.name.default for phase in category.phases] == ["Received", "In progress", "Done"]


def test_managed_it_assigns_within_an_hour_which_is_its_first_response(tmp_path: Path) -> None:
    found = policy(tmp_path, "managed-it")
    for priority in found.priorities.values():
        assert str(priority.assign_within) == str(priority.first_response) == "1 business hour"
        assert priority.first_response_by == "assigned"
    assert found.stale.after
    assert len(found.pending.reminders) == 3
    for category in found.categories.values():
        names = [phase.name.default for phase in category.phases]
        assert names == ["Received", "Assigned", "In progress", "Resolved"]


def test_saas_halts_for_critical_bugs_and_writes_weekly_while_on_hold(tmp_path: Path) -> None:
    found = policy(tmp_path, "saas")
    assert {name: str(each.resolution) for name, each in found.priorities.items()} == {
        "critical": "None", "high": "1w to 2w", "standard": "2w to 3w", "normal": "None",
    }  # fmt: skip
    assert {(str(each.first_response), each.warn_at) for each in found.priorities.values()} == {("4h", 75)}
    assert (found.priorities["critical"].alert, found.priorities["critical"].halts) == ("all", True)
    assert str(found.on_hold_update_every) == "1w"
    assert found.support_call_url == "https://acme.example/call"
    assert [phase.name.default for phase in found.categories["bug"].phases] == [
        "Received", "With support", "With engineering", "Resolved",
    ]  # fmt: skip
    assert [phase.name.default for phase in found.categories["feature"].phases] == [
        "Received", "Product review", "Scoping", "Decided",
    ]  # fmt: skip
    assert "Not every request will be built" in found.categories["feature"].note.default
