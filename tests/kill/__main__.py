"""`python -m tests.kill`: one run by hand, its figures and what it found."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext

from tests.kill.run import Plan, run
from tests.kill.world import ImapAccount
from tests.servers import dovecot


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    options.add_argument("--mails", type=int, default=600)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--patience", type=float, default=900, help="seconds for the whole run")
    options.add_argument("--imap", action="store_true", help="over IMAP too, from a private Dovecot")
    options.add_argument("--plant", default="", help="as tests.failpoints: mutant:ack-first, before_commit:kill, …")
    chosen = options.parse_args()
    with dovecot() if chosen.imap else nullcontext() as server:
        mailbox = ImapAccount(server.imap_port, server.lmtp_port, server.account(), "plain") if server else None
        plan = Plan(
            mails=chosen.mails,
            kills=chosen.kills,
            seed=chosen.seed,
            planted=chosen.plant,
            imap=mailbox,
            patience=chosen.patience,
        )
        outcome = run(plan)
    print(outcome)
    for finding in outcome.findings[:40]:
        print("  ", finding)
    print("  ", f"ledgers and log in {outcome.folder}")
    return bool(outcome.findings)


sys.exit(main())
