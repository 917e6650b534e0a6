"""`python -m tests.kill`: one run by hand, its figures and what it found."""

from __future__ import annotations

import argparse
import sys

from tests.kill.run import Plan, run


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    options.add_argument("--mails", type=int, default=600)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--plant", default="", help="as tests.failpoints: mutant:ack-first, before_commit:kill, …")
    chosen = options.parse_args()
    outcome = run(Plan(mails=chosen.mails, kills=chosen.kills, seed=chosen.seed, planted=chosen.plant))
    print(outcome)
    for finding in outcome.findings[:40]:
        print("  ", finding)
    print("  ", f"ledgers and log in {outcome.folder}")
    return bool(outcome.findings)


sys.exit(main())
