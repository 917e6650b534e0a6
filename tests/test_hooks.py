"""Programs of the operator's: what calls them, what they are told, and that they hold up nothing."""

import asyncio
import json
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gateway.daemon import serve
from gateway.desk import commands
from gateway.desk.events import ArticleAdded, Assigned, Event, PriorityChanged, StatusChanged
from gateway.desk.hooks import Call, calls
from gateway.desk.policy import Hook
from gateway.hooks import PATIENCE, Place, Ran, run, run_due
from tests.config.desk import desk as configured
from tests.config.desk import loaded
from tests.office import TestDesk, desk, mail
from tests.store.samples import T0, opened, ticket_of
from tests.test_forget import act

BY = {"at": T0, "by": "agent:ana"}
WROTE = ArticleAdded(at=T0, by="requester", article="a", direction="in", visibility="public")
HOOK = '\n[hook.chat]\non = ["opened", "solved", "wrote"]\ncommand = ["./chat", "a b", "a b"]\ntimeout = "5s"\n'
# One write a line: several run at the same time.
KEEP = '#!/bin/sh\nprintf "%s\\n" "$(cat)" >> told; echo "$GATEWAY_ON $1 $2 ${SECRET:-none}"\n'


def named(*events: Event, on: tuple[str, ...]) -> list[str]:
    hook = Hook("x", on, ("x",))  # type: ignore[arg-type]
    return [f"{call.seq} {call.name}" for call in calls(ticket_of([*events]), events, [hook])]


def test_an_event_calls_a_hook_once_by_what_it_is_called_on() -> None:
    solved = StatusChanged(before="open", after="solved", **BY)  # type: ignore[arg-type]
    again = StatusChanged(before="solved", after="open", **BY)  # type: ignore[arg-type]
    urgent = PriorityChanged(before="low", after="high", **BY)  # type: ignore[arg-type]
    assert named(opened(1), solved, again, on=("solved", "status")) == ["2 solved", "3 status"]
    assert named(opened(1), again, on=("reopened",)) == ["2 reopened"]
    assert named(opened(1), urgent, on=("priority",)) == ["2 priority"]
    assert named(opened(1), Assigned(assignee=None, **BY), on=("opened", "solved")) == ["1 opened"]  # type: ignore[arg-type]


def test_the_mail_that_opens_a_ticket_is_no_reply_and_a_machine_is_nobody() -> None:
    later = ticket_of([opened(1), WROTE])
    hook = Hook("x", ("wrote", "noted", "held", "answered"), ("x",))
    assert named(opened(1), WROTE, on=("wrote",)) == []
    assert list(calls(later, [WROTE], [hook])) == [Call("x", 1, 2, "wrote")]
    assert list(calls(later, [replace(WROTE, machine=True)], [hook])) == []
    assert [call.name for call in calls(later, [replace(WROTE, visibility="held")], [hook])] == ["held"]
    assert [call.name for call in calls(later, [replace(WROTE, visibility="private")], [hook])] == ["noted"]


def program(folder: Path, text: str) -> None:
    path = folder / "chat"
    path.write_text(text)
    path.chmod(0o755)


def called(at: TestDesk, folder: Path) -> list[Ran]:
    place = Place(folder, {"PATH": "/usr/bin:/bin", "SECRET": "swordfish"})
    return asyncio.run(run_due(at.office.db, at.office.desk, lambda: at.now, place))


def test_a_program_is_told_the_event_and_the_ticket_and_called_once(tmp_path: Path) -> None:
    program(tmp_path, KEEP)
    with desk(tmp_path, HOOK) as at:
        at.receive(mail("Printer burns"))
        act(at, 1000, commands.Solve())
        ran = called(at, tmp_path)
        assert sorted((each.outcome, each.said) for each in ran) == [
            ("done", "opened a b a b none\n"),
            ("done", "solved a b a b none\n"),
        ]
        assert called(at, tmp_path) == []
    told = [json.loads(line) for line in (tmp_path / "told").read_text().splitlines()]
    by_name = {each["on"]: each for each in told}
    assert by_name["opened"]["event"]["kind"] == "TicketOpened"
    assert by_name["solved"]["event"]["data"]["after"] == "solved"
    assert by_name["solved"]["ticket"]["reference"] == "ACME-1000"
    assert by_name["solved"]["ticket"]["subject"] == "Printer burns"


def test_a_program_that_fails_is_tried_again_with_patience_and_then_given_up(tmp_path: Path) -> None:
    program(tmp_path, "#!/bin/sh\necho no network >&2\nexit 3\n")
    with desk(tmp_path, HOOK) as at:
        at.receive(mail())
        for minutes in PATIENCE:
            (ran,) = called(at, tmp_path)
            assert (ran.outcome, ran.code, ran.said) == ("again", 3, "no network\n")
            at.pass_time(minutes=minutes, seconds=-1)
            assert called(at, tmp_path) == []
            at.pass_time(seconds=1)
        assert [each.outcome for each in called(at, tmp_path)] == ["failed"]
        at.pass_time(days=1)
        assert called(at, tmp_path) == []


def test_what_a_crash_left_undone_is_called_again_under_the_same_id(tmp_path: Path) -> None:
    from gateway.store import calls as promised

    with desk(tmp_path, HOOK) as at:
        at.receive(mail())
        claim = {"hooks": ["chat"], "limit": 9, "lease": timedelta(minutes=5)}
        (first,) = at.office.db.write(promised.claim, at.now, **claim)  # type: ignore[arg-type]
        assert at.office.db.write(promised.claim, at.now, **claim) == []  # type: ignore[arg-type]
        at.pass_time(minutes=6)
        (again,) = at.office.db.write(promised.claim, at.now, **claim)  # type: ignore[arg-type]
        assert (again.id, first.attempts, again.attempts) == (first.id, 1, 2)


@pytest.mark.sqlite
def test_calls_of_a_hook_that_is_not_configured_wait(tmp_path: Path) -> None:
    program(tmp_path, KEEP)
    with desk(tmp_path, HOOK) as at:
        at.receive(mail())
    with desk(tmp_path) as at:
        assert called(at, tmp_path) == []
    with desk(tmp_path, HOOK) as at:
        assert [each.outcome for each in called(at, tmp_path)] == ["done"]


def test_the_daemon_calls_hooks_and_a_dry_run_does_not(tmp_path: Path) -> None:
    program(tmp_path, KEEP)
    with desk(tmp_path, HOOK) as at:
        at.receive(mail())
        config = at.office.config
    serve(config, {}, once=True, dry_run=True)
    assert not (tmp_path / "told").exists()
    serve(config, {"PATH": "/usr/bin:/bin"}, once=True)
    assert len((tmp_path / "told").read_text().splitlines()) == 1


def ended(text: str, folder: Path, seconds: float = 5) -> tuple[int | None, str]:
    program(folder, text)
    hook = Hook("x", (), ("./chat",), timedelta(seconds=seconds))
    return asyncio.run(run(hook, b"x" * 1_000_000, Place(folder, {"PATH": "/usr/bin:/bin"})))


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    beating = "#!/bin/sh\n(while :; do date +%N >> beats; sleep 0.05; done) &\nsleep 60\n"
    code, said = ended(beating, tmp_path, seconds=1.0)
    assert (code, said) == (None, "it took longer than 1 s")
    assert time.monotonic() - began < 30
    beats = (tmp_path / "beats").read_text()
    time.sleep(0.5)
    assert (tmp_path / "beats").read_text() == beats


def test_a_program_may_ignore_what_it_is_given_and_print_without_end(tmp_path: Path) -> None:
    assert ended("#!/bin/sh\nexit 0\n", tmp_path) == (0, "")
    code, said = ended("#!/bin/sh\nhead -c 5000000 /dev/zero | tr '\\0' x\n", tmp_path)
    assert (code, set(said), len(said)) == (0, {"x"}, 2_000)


def test_a_program_that_is_missing_is_a_failure_like_any_other(tmp_path: Path) -> None:
    hook = Hook("x", (), ("./missing",))
    assert asyncio.run(run(hook, b"", Place(tmp_path, {}))) == (None, "./missing: No such file or directory")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('on = ["opend"]\ncommand = ["true"]', 'did you mean "opened"'),
        ('on = ["opened"]\ncommand = "true"', "a program and its arguments in a list"),
        ('on = ["opened"]\ncommand = []', "a program and its arguments in a list"),
        ('on = ["opened"]', "command"),
        ('on = ["opened"]\ncommand = ["true"]\ntimeout = "2h"', "timeout"),
        ('on = ["opened"]\ncommand = ["./gone"]', "there is no program ./gone here"),
    ],
)
def test_a_hook_that_cannot_be_is_said_to_be_wrong(tmp_path: Path, line: str, words: str) -> None:
    from gateway.config import load
    from gateway.config.problem import render

    found = load(configured(tmp_path, f"\n[hook.x]\n{line}\n"), environment={}, today=datetime(2026, 4, 14).date())  # noqa: DTZ001
    problems = found if isinstance(found, list) else found.problems
    assert words.lower() in "\n".join(map(render, problems)).lower()


def test_a_hook_is_read_as_written(tmp_path: Path) -> None:
    text = '\n[hook.night]\non = ["late", "held"]\ncommand = ["true", "x", "x"]\n'
    (hook,) = loaded(configured(tmp_path, text)).policy.hooks
    assert hook == Hook("night", ("late", "held"), ("true", "x", "x"), timedelta(seconds=30))
