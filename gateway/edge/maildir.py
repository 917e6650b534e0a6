"""Letters out: into a Maildir, where no relay is configured (https://cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import os
from pathlib import Path


def deliver_to_maildir(directory: Path, data: bytes, unique: str) -> Path:
    """Write one mail durably and return its file in `new`. Blocks for two fsyncs: call it in a thread.

    `unique` names the file. The same name again replaces the mail by itself: a letter that is repeated after a crash
    is there once. Raises OSError.
    """
    if not unique or "/" in unique or unique.startswith("."):
        raise ValueError(f"not a file name: {unique!r}")
    for name in ("tmp", "new", "cur"):
        (directory / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving, delivered = directory / "tmp" / unique, directory / "new" / unique
    with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    arriving.replace(delivered)
    _sync_folder(directory / "new")
    return delivered


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
