"""Headless Chromium by its command line: a page's picture, or what its script wrote into it. No network is needed."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Literal

from tests.servers import need

Scheme = Literal["light", "dark"]

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PREFERS: dict[Scheme, str] = {"dark": "0", "light": "1"}  # blink::mojom::PreferredColorScheme


def dump(page: Path, scheme: Scheme = "light", *, seconds: float = 240) -> str:
    """The page as it stands once its scripts have come to rest."""
    # Virtual time does not pass while work is done: the budget is what waiting may add up to.
    return _run(page, scheme, "--virtual-time-budget=600000", "--dump-dom", seconds=seconds)


def shoot(page: Path, picture: Path, width: int, height: int, scheme: Scheme = "light") -> None:
    """A PNG of the window, which is at least 500 px wide: what is to be narrower goes into a frame."""
    _run(page, scheme, f"--window-size={width},{height}", f"--screenshot={picture}", seconds=60)


def _run(page: Path, scheme: Scheme, *flags: str, seconds: float) -> str:
    chromium = need("chromium", "chromium")
    with tempfile.TemporaryDirectory(prefix="gateway-chromium-", ignore_cleanup_errors=True) as profile:
        done = subprocess.run(
            [chromium, *_FLAGS, f"--user-data-dir={profile}",
             f"--blink-settings=preferredColorScheme={_PREFERS[scheme]}", *flags, page.as_uri()],
            check=True, capture_output=True, timeout=seconds,
        )  # fmt: skip
    return done.stdout.decode()
