"""A reference desk as `gateway init` writes it, with two agents, in Berlin."""

from __future__ import annotations

from pathlib import Path

from gateway.config.settings import Config
from gateway.init import agents, files, identity
from tests.desks.play import loaded

DESKS = ("maintenance", "managed-it", "phased", "saas", "tiered")
ANA, BO = "Ana Ruiz <ana@acme.example>", "Bo Lindqvist <bo@acme.example>"


def desk(folder: Path, preset: str, *people: str, more: str = "", without: str = "") -> Config:
    """`more` is written into a file of its own; the line `without` is left out wherever it stands."""
    texts = files(preset, identity("support@acme.example", "Europe/Berlin"), agents(people or (ANA, BO)))
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace(without, "") if without else text, encoding="utf-8")
    if more:
        (folder / "config" / "zz-more.toml").write_text(more, encoding="utf-8")
    return loaded(folder / "gateway.toml")
