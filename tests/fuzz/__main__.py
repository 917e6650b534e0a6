"""`python -m tests.fuzz LAW|every SECONDS FOLDER`: a coverage-guided search for bytes that break a law.

Needs atheris (`pip install 'atheris>=3'`). What it finds is written to FOLDER; make a mail of our own of it, in
tests/mails/, with what should have come of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gateway"]):
    from tests.fuzz.laws import LAWS, every
    from tests.fuzz.seeds import SEEDS


def main() -> None:
    law, seconds, folder = sys.argv[1], sys.argv[2], sys.argv[3]
    for n, seed in enumerate(seeds(law)):
        Path(folder, f"seed-{n}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/found-", "-max_len=8192", "-timeout=10"]
    atheris.Setup([sys.argv[0], folder, *options, "-verbosity=0", "-print_final_stats=1"], LAWS.get(law, every))
    atheris.Fuzz()


def seeds(law: str) -> list[bytes]:
    """Those of one law, or of all of them, each with the byte in front that leads to its law."""
    if law in LAWS:
        return SEEDS[law]
    return [bytes([n]) + seed for n, name in enumerate(sorted(LAWS)) for seed in SEEDS[name]]


if __name__ == "__main__":
    main()
