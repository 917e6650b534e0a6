"""The configuration of the checkout, and the smallest one that works."""

from __future__ import annotations

from pathlib import Path

from gateway.config import Problem, load
from gateway.desk.calendar import Calendar
from gateway.desk.policy import Mailbox, Pending, Solved, Stale
from gateway.desk.spans import Span
from tests.config.desk import SMALLEST, TODAY, loaded

ROOT = Path(__file__).parents[2]


def test_the_checkout_serves_one_mailbox_on_loopback_and_writes_letters_to_a_maildir() -> None:
    config = loaded(ROOT / "gateway.toml")
    assert [str(endpoint) for endpoint in config.listen.smtp] == ["127.0.0.1:2525"]
    assert (config.listen.lmtp, config.listen.http, config.send.host, dict(config.imap)) == ((), None, "", {})
    assert config.policy.mailboxes == {"support": Mailbox("support", "support@acme.example")}
    assert config.storage.database == f"sqlite:///{ROOT}/state/gateway.db"
    assert config.state_dir == ROOT / "state"
    assert config.problems == ()


def test_the_checkout_has_an_office_two_categories_and_four_priorities() -> None:
    policy = loaded(ROOT / "gateway.toml").policy
    assert sorted(policy.calendars) == ["always", "office"]
    assert [phase.id for phase in policy.categories["bug"].phases] == ["received", "review", "identified", "fixed"]
    assert set(policy.categories) == {"question", "bug"}
    assert sorted(policy.priorities, key=lambda name: policy.priorities[name].order) == [
        "critical", "high", "medium", "low",
    ]  # fmt: skip


def test_a_file_with_only_the_starred_keys_is_a_desk(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(SMALLEST)
    config = loaded(tmp_path / "gateway.toml")
    policy = config.policy
    (category,) = policy.categories.values()
    (priority,) = policy.priorities.values()
    assert (category.id, category.priority) == ("question", "medium")
    assert [(phase.id, phase.final) for phase in category.phases] == [("received", False), ("answered", True)]
    assert (priority.id, priority.calendar) == ("medium", "office")
    assert isinstance(policy.office, Calendar)
    assert sorted(policy.office.hours) == [0, 1, 2, 3, 4]
    assert policy.timezone == policy.office.timezone == "UTC"
    assert policy.pending == Pending(
        (Span(2, "business days"), Span(3, "business days")), Span(3, "business days"), "business hours", True
    )
    assert policy.solved == Solved(Span(5, "business days"), rating=True)
    assert policy.on_hold_update_every == Span(7 * 86_400)
    assert policy.stale == Stale(Span(2, "business days"), Span(1, "business days"))
    assert policy.reopen_window == Span(30 * 86_400)
    assert (policy.rules, policy.tiers, dict(policy.agents), config.admin_notify) == ((), (), {}, ())


def test_problems_are_a_list_and_a_configuration_is_not(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("version = 2\n")
    problems = load(tmp_path / "gateway.toml", environment={}, today=TODAY)
    assert isinstance(problems, list)
    assert all(isinstance(problem, Problem) for problem in problems)
