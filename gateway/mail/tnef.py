"""Outlook's winmail.dat (TNEF): the files and the text inside, with caps on all of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from tnefparse import TNEF

MAX_BYTES = 20 * 2**20
MAX_FILES = 100
TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")

# It logs an error for each attribute it does not know.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """`files` are (name as sent, bytes); `text` and `html` the body, where the TNEF has one."""

    files: tuple[tuple[str, bytes], ...]
    text: str = ""
    html: str = ""


def unpack(data: bytes) -> Unpacked | None:
    """What is inside, or None where it is no TNEF, damaged or too large: then the part stays as it is."""
    if len(data) > MAX_BYTES or not data.startswith(b"\x78\x9f\x3e\x22"):
        return None
    try:
        tnef = TNEF(data, do_checksum=False)
        files = tuple((str(a.long_filename() or a.name or ""), bytes(a.data)) for a in tnef.attachments[:MAX_FILES])
        text, html = _body(tnef.body), _body(tnef.htmlbody)
    except Exception:  # noqa: BLE001 the package raises whatever damaged bytes lead it to
        return None
    return Unpacked(files, text, html) if files or text or html else None


def _body(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
