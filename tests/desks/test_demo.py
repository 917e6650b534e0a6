"""`gateway demo`: what it shows is so."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from gateway.demo import staging
from gateway.simulation.gallery import files, index, named
from gateway.simulation.world import WentOut


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("gateway")), "demo", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_every_check_of_the_demonstration_passes(tmp_path: Path) -> None:
    done = demo(tmp_path, "--speed", "max")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ mails, 2 tickets, 1 rating, 1\d checks passed", done.stdout)
    assert "Tue 14 Apr 09:12  maria@customer.example → support@acme.example" in done.stdout


def test_each_mail_is_written_and_shown_in_the_gallery(tmp_path: Path) -> None:
    demo(tmp_path, "--speed", "max", "--out", "seen", "-q")
    page = (tmp_path / "seen" / "index.html").read_text()
    linked = set(re.findall(r'href="([^"]+)"', page))
    there = {path.name for path in (tmp_path / "seen").iterdir()}
    assert linked == there - {"index.html"}
    assert {"01-from-maria.eml", "03-ack-maria.eml", "03-ack-maria.html", "03-ack-maria.txt"} <= there
    assert not re.search(r'(src|href)="(http|//)', page)


def test_the_gallery_adapts_to_dark_screens_and_shows_what_was_written_as_text() -> None:
    async def play() -> str:
        async with staging() as story:
            mails = [mail async for mail in story.run()]
            return index(named(mails), story.played.policy, "A <title>", "")

    page = asyncio.run(play())
    assert "prefers-color-scheme: dark" in page
    assert "A &lt;title&gt;" in page


def test_a_letter_has_a_page_and_a_customers_mail_has_none() -> None:
    async def play() -> list[tuple[bool, set[str]]]:
        async with staging() as story:
            mails = [mail async for mail in story.run()]
            return [
                (isinstance(each.mail, WentOut), {n.rpartition(".")[2] for n in files(each)}) for each in named(mails)
            ]

    for went_out, endings in asyncio.run(play()):
        assert endings == ({"eml", "txt", "html"} if went_out else {"eml", "txt"})


def test_speed_and_folder_are_looked_at_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert demo(tmp_path, "--speed", "slow").returncode == 2
    assert demo(tmp_path, "--speed", "0").returncode == 2
    assert demo(tmp_path, "--speed", "max", "--out", "file").returncode == 73
