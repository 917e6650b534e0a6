"""The demo of the README tells what happens, so what happens is tested."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_demo_goes_from_the_report_over_reminders_and_the_close_to_the_repair() -> None:
    gateway = Path(sys.executable).with_name("gateway")
    command: list[str | Path] = [gateway, "-c", HERE / "gateway.toml", "--json", "simulate", HERE / "scenario.toml"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    *mails, last = map(json.loads, played.stdout.splitlines())
    to_maria = [mail["letter"] for mail in mails if mail["to"] == ["maria@customer.example"]]
    assert to_maria == [
        *("ack", "phase_changed", "question", "reminder", "reminder_last", "closed_no_answer"),
        *("reopened", "solved", "closed"),
    ]
    assert last["summary"]["tickets"][0]["status"] == "closed"
