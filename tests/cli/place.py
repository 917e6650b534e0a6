"""A desk in a folder, and the command run on it as a shell would: exit code, what it printed, what it complained."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from gateway.cli import gateway, globals_first
from gateway.cli.failure import run

CONFIGURATION = """\
[gateway]
name = "acme"
public_name = "Acme Support"
domain = "acme.example"
timezone = "Europe/Berlin"

[tickets]
prefix = "ACME"
undo_window = "0s"

[listen]
smtp = ["127.0.0.1:{smtp}"]

[mailbox.support]
address = "support@acme.example"

[category.bug]
words = ["error"]
phase = [
  {{ id = "received", expect = "3 business days" }},
  {{ id = "review" }},
  {{ id = "fixed", final = true }},
]

[category.question]

[priority.high]
[priority.medium]

[team.first-line]

[agent.ana]
name = "Ana Ruiz"
email = "ana@acme.example"
teams = ["first-line"]

[agent.vera]
name = "Vera Lang"
email = "vera@acme.example"
role = "viewer"
"""
MAIL = """\
Return-Path: <maria@customer.example>
From: Maria Lopez <maria@customer.example>
To: support@acme.example
Subject: {subject}
Message-ID: <{id}@mail.customer.example>
Date: Tue, 14 Apr 2026 09:12:00 +0200
Content-Type: text/plain; charset=utf-8

{text}
"""


@dataclass(frozen=True, slots=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """TSV, cell by cell."""
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Place:
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "gateway.toml"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def configure(self, *, smtp: int = 0, more: str = "") -> None:
        self.file.write_text(CONFIGURATION.format(smtp=smtp) + more)

    def mail(self, name: str, subject: str, text: str) -> Path:
        path = self.folder / f"{name}.eml"
        path.write_text(MAIL.format(id=name, subject=subject, text=text))
        return path

    def run(self, *words: str | Path, stdin: str | bytes = "", environ: Mapping[str, str] | None = None) -> Told:
        return command("-c", self.file, *words, stdin=stdin, environ=environ)


def command(*words: str | Path, stdin: str | bytes = "", environ: Mapping[str, str] | None = None) -> Told:
    """In this process, through the same door as the program."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"), _paper(), _paper()]
    names = ("stdin", "stdout", "stderr")
    mine = ("VISUAL", "EDITOR")  # of whoever runs the tests
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_") and name not in mine}
    with mock.patch.dict(os.environ, {**ours, **(environ or {})}, clear=True):
        before = [getattr(sys, name) for name in names]
        for name, stream in zip(names, streams, strict=True):
            setattr(sys, name, stream)
        try:
            code = run(gateway, globals_first([str(word) for word in words]))
        finally:
            for name, stream in zip(names, before, strict=True):
                setattr(sys, name, stream)
    return Told(code, *(_read(stream) for stream in streams[1:]))


def _paper() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape")


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "replace")
