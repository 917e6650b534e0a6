"""A short coverage-guided search in every run where atheris is installed; an hour of it in `make soak`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.laws import LAWS
from tests.fuzz.seeds import SEEDS

ROOT = Path(__file__).parents[2]
SOAK_SECONDS = int(os.environ.get("GATEWAY_FUZZ_SECONDS", "3600"))
needed = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris is missing: .venv/bin/pip install 'atheris>=3'"
)


def search(law: str, seconds: int, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", law, str(seconds), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + 120, check=False)
    found = {path.name: path.read_bytes() for path in folder.glob("found-*")}
    assert (done.returncode, found) == (0, {}), done.stderr[-4000:]


@pytest.mark.parametrize("law", sorted(LAWS))
def test_the_seeds_keep_the_laws(law: str):
    for seed in SEEDS[law]:
        LAWS[law](seed)


@needed
def test_a_short_search_finds_nothing(tmp_path: Path):
    search("every", 8, tmp_path)


@needed
@pytest.mark.soak
@pytest.mark.parametrize("law", sorted(LAWS))
def test_a_long_search_finds_nothing(law: str, tmp_path: Path):
    search(law, SOAK_SECONDS // len(LAWS), tmp_path)
