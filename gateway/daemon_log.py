"""How the daemon logs: an event a line, the same for our own events and for the libraries'."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal, TextIO

import structlog

Format = Literal["auto", "console", "json", "journal"]

_SECRETS = frozenset(("password", "token", "authorization", "access_token", "secret"))
_SYSLOG = {10: 7, 20: 6, 30: 4, 40: 3, 50: 2}  # sd-daemon(3): "<N>" before a line is its level
_QUIET = ("mail.log", "aioimaplib", "aioimaplib.aioimaplib", "apscheduler", "sqlalchemy", "asyncio")


def configure(level: str, form: Format, stream: TextIO = sys.stderr, environ: Mapping[str, str] = os.environ) -> None:
    """`auto`: fields for the journal under systemd, colours on a terminal, else JSON.

    The libraries are held at WARNING: at DEBUG two of them write whole mails and passwords (LIBRARIES §1, §2).
    """
    form = _chosen(form, stream, environ)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        _redact,
    ]
    formatter = _Journal if form == "journal" else structlog.stdlib.ProcessorFormatter
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        formatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_tail(form, stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *(step for step in shared if not isinstance(step, structlog.stdlib.ExtraAdder)),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _chosen(form: Format, stream: TextIO, environ: Mapping[str, str]) -> Format:
    if form != "auto":
        return form
    if environ.get("JOURNAL_STREAM"):
        return "journal"
    return "console" if stream.isatty() else "json"


def _tail(form: Format, stream: TextIO) -> list[Any]:
    match form:
        case "console":
            return [
                structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
            ]
        case "journal":
            fields = structlog.processors.LogfmtRenderer(key_order=["event"], bool_as_flag=False)
            return [structlog.processors.format_exc_info, _one_line, fields]
        case _:
            return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _redact(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if key.lower() in _SECRETS:
            event[key] = "***"
    return event


def _one_line(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A journal's record is a line: the rest would lose its level."""
    event.pop("timestamp", None)
    return {key: value.replace("\n", "\\n") if isinstance(value, str) else value for key, value in event.items()}


class _Journal(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        level = _SYSLOG.get(record.levelno, 6)
        return f"<{level}>{super().format(record)}"
