"""A reference desk as `gateway init` writes it, with two agents, in Berlin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.config.settings import Config
from gateway.init import agents, files, identity
from tests.desks.play import loaded

DESKS = ("maintenance", "managed-it", "phased", "saas", "tiered")
ANA, BO = "Ana Ruiz <ana@acme.example>", "Bo Lindqvist <bo@acme.example>"


def desk(folder: Path, preset: str, *people: str, more: str = "", edits: Mapping[str, str] | None = None) -> Config:
    """`more` is written into a file of its own; `edits` maps what stands in the files to what is to stand there."""
    texts = files(preset, identity("support@acme.example", "Europe/Berlin"), agents(people or (ANA, BO)))
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        for before, after in (edits or {}).items():
            text = text.replace(before, after)
        target.write_text(text, encoding="utf-8")
    if more:
        (folder / "config" / "zz-more.toml").write_text(more, encoding="utf-8")
    return loaded(folder / "gateway.toml")
