"""One run: start, feed, kill at random, wait until all is quiet, stop, take account."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.kill import account, given
from tests.kill.feeder import Doors, Feeder
from tests.kill.ledger import Ledger
from tests.kill.relay import Relay
from tests.kill.world import PRODUCT, ImapAccount, World

FEEDERS = 8
MEAN_LIFE = 1.0  # seconds that the daemon lives, from its start or from its banner
PATIENCE_WITH_A_LEASE = 30.0  # seconds
DURING_START = 0.2  # of the kills hit a daemon that is still starting


@dataclass(frozen=True, slots=True)
class Plan:
    """`patience` seconds for the whole run. `planted` starts tests.failpoints, in each life or, `once`, the first."""

    mails: int
    kills: int
    imap: ImapAccount | None = None
    poison: int = 2
    seed: int = 1
    patience: float = 240.0
    planted: str = ""
    once: bool = False
    replies: float = 0.12


@dataclass(slots=True)
class Outcome:
    """`findings` is empty where the promise was kept."""

    plan: Plan
    folder: Path
    seconds: float = 0.0
    kills: int = 0
    attempts: int = 0
    acknowledged: int = 0
    letters: int = 0
    repeats: int = 0
    tracebacks: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(sorted({text.split()[0] for text in self.findings}))
        return (
            f"{self.plan.mails} mails, {self.acknowledged} yeses, {self.attempts} attempts, {self.kills} kills, "
            f"{self.letters} letters, {self.repeats} repeats, in {self.seconds:.0f} s: "
            f"{len(self.findings)} findings {kinds}"
        )


def run(plan: Plan, folder: Path | None = None) -> Outcome:
    folder = folder or Path(tempfile.mkdtemp(prefix="gateway-kill-"))
    outcome = Outcome(plan, folder)
    relay = Relay(Ledger(folder / "relay"))
    relay.start()
    world = World(folder / "desk", relay.port, plan.imap)
    if plan.planted:
        world.command = (sys.executable, "-m", "tests.failpoints", plan.planted)
    mails = given.make(plan.mails, imap=plan.imap is not None, poison=plan.poison, seed=plan.seed, replies=plan.replies)
    doors = Doors(world.smtp_port, world.lmtp_port, plan.imap)
    feeder = Feeder(mails, doors, relay.subject_to, (Ledger(folder / "given"), Ledger(folder / "acknowledged")))
    began = time.monotonic()
    try:
        world.start()
        feeder.start(FEEDERS)
        drive = _revive if plan.once else _kill
        outcome.kills = drive(world, feeder, plan, until=began + plan.patience)
        if not _quiet(world, feeder, until=began + plan.patience):
            outcome.findings.append(f"RESTLESS after {plan.patience:.0f} s: {_state(world)}")
        code = world.stop()
        if code:
            outcome.findings.append(f"EXIT {code} after SIGTERM; the log ends: {world.log()[-500:]}")
    finally:
        if world.alive:
            world.kill()
        relay.stop()
    outcome.seconds = time.monotonic() - began
    outcome.attempts, outcome.acknowledged = feeder.attempts, len(feeder.acknowledged.lines)
    sent = [line["message_id"] for line in relay.ledger.lines]
    outcome.letters, outcome.repeats = len({*sent}), len(sent) - len({*sent})
    outcome.tracebacks = world.log().count("Traceback (most recent call last)")
    outcome.findings += [f"REFUSED {mail}: no yes in {plan.patience:.0f} s" for mail in feeder.failed]
    outcome.findings += [f"UNANSWERED {mail}: its acknowledgement did not arrive" for mail in feeder.unanswered]
    lines = feeder.given.lines, feeder.acknowledged.lines, relay.ledger.lines
    outcome.findings += account.findings(world, account.Evidence(mails, *lines, outcome.kills))
    return outcome


def _kill(world: World, feeder: Feeder, plan: Plan, *, until: float) -> int:
    """Kill and start until all kills are done and all mail is given; the kills. The daemon is then running."""
    rng = random.Random(plan.seed)
    kills = 0
    while (kills < plan.kills or feeder.busy) and time.monotonic() < until:
        if kills == plan.kills:
            time.sleep(0.1)
            continue
        if rng.random() >= DURING_START:
            with suppress(TimeoutError):  # then it ended by itself
                world.wait_for_banner()
        time.sleep(rng.expovariate(1 / MEAN_LIFE))
        if not world.alive and not plan.planted:
            raise RuntimeError(f"the daemon ended by itself; its log ends:\n{world.log()[-3000:]}")
        world.kill()
        kills += 1
        if kills == plan.kills:
            world.command = PRODUCT
        world.start()
    return kills


def _revive(world: World, feeder: Feeder, _plan: Plan, *, until: float) -> int:
    """Let the planted accident happen, and start the product itself where it was deadly; how often that was.

    What was in hand when something raised keeps its lease, which only a new start ends before its time.
    """
    deaths = 0
    restart = time.monotonic() + PATIENCE_WITH_A_LEASE
    while time.monotonic() < until:
        if time.monotonic() > restart and not deaths:
            world.stop()
        if not world.alive:
            if deaths:
                raise RuntimeError(f"the daemon ended by itself; its log ends:\n{world.log()[-3000:]}")
            world.command = PRODUCT
            world.start()
            deaths += 1
        if _quiet(world, feeder, until=min(until, time.monotonic() + 2)):
            break
    return deaths


def _quiet(world: World, feeder: Feeder, *, until: float) -> bool:
    """Wait for the last mail to be given, settled and answered."""
    calm = 0
    while time.monotonic() < until:
        calm = calm + 1 if not feeder.busy and not any(_state(world).values()) else 0
        if calm == 3:
            return True
        time.sleep(0.3)
    return False


def _state(world: World) -> dict[str, int]:
    """What still waits, by where."""
    mails = world.rows("SELECT count(*) AS n FROM mail WHERE state = 'pending'")
    letters = world.rows("SELECT count(*) AS n FROM outbox WHERE state NOT IN ('sent', 'failed', 'dropped', 'held')")
    inbox = account.folder_sizes(world.imap).get("INBOX", 0) if world.imap else 0
    return {"mails": mails[0]["n"] if mails else 1, "letters": letters[0]["n"] if letters else 1, "mailbox": inbox}
