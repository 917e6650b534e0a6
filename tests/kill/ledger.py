"""A file of JSON lines, each of them on disk before `write` returns: what a killed program cannot have made up."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any


class Ledger:
    """May be written by several threads."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self.lines: list[dict[str, Any]] = []

    def write(self, **line: Any) -> None:
        text = json.dumps(line).encode() + b"\n"
        with self._lock:
            os.write(self._file, text)
            os.fsync(self._file)
            self.lines.append(line)

    def close(self) -> None:
        os.close(self._file)
