"""A calendar part (RFC 5545) in words: what, when, where, who asks. Shown where a mail has no other text."""

from __future__ import annotations

import re
from datetime import datetime

_UNFOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(r"([A-Za-z-]+)((?:;[^:\n]*)?):(.*)")
_ESCAPE = re.compile(r"\\([nN,;\\])")
_METHODS = {
    "REQUEST": "Invitation",
    "REPLY": "Answer to an invitation",
    "CANCEL": "Cancellation",
    "COUNTER": "Another time is proposed",
    "PUBLISH": "Event",
}
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "accepted tentatively"}


def method(source: str) -> str:
    """The iTIP method (RFC 5546) in upper case, or ""."""
    match = re.search(r"(?im)^METHOD:\s*([A-Z-]+)", source[:65536])
    return match[1].upper() if match else ""


def summary(source: str) -> str:
    """Some lines of text about the first event or task, or "" where there is none."""
    lines = _UNFOLD.sub("", source[:262_144].replace("\r\n", "\n")).split("\n")
    fields: dict[str, tuple[str, str]] = {}
    inside = 0
    for line in lines:
        if re.match(r"(?i)BEGIN:V(?:EVENT|TODO|JOURNAL)\s*$", line):
            inside = 1
        elif re.match(r"(?i)BEGIN:", line) and inside:
            inside += 1
        elif re.match(r"(?i)END:", line) and inside:
            inside -= 1
            if not inside:
                break
        elif inside == 1 and (match := _LINE.match(line)):
            fields.setdefault(match[1].upper(), (match[2], match[3].strip()))
    return _words(fields, method(source)) if fields else ""


def _words(fields: dict[str, tuple[str, str]], kind: str) -> str:
    what = _text(fields.get("SUMMARY", ("", ""))[1])
    out = [f"{_METHODS.get(kind, 'Event')}: {what}".rstrip(": ")]
    if kind == "REPLY" and (answer := re.search(r"(?i)PARTSTAT=([A-Z-]+)", fields.get("ATTENDEE", ("", ""))[0])):
        out.append(f"Answer: {_ANSWERS.get(answer[1].upper(), answer[1].lower())}")
    start, end = (_when(*fields[name]) if name in fields else "" for name in ("DTSTART", "DTEND"))
    if start:
        out.append(f"When: {start}" + (f" to {end}" if end else ""))
    for label, name in (("Where", "LOCATION"), ("From", "ORGANIZER")):
        parameters, value = fields.get(name, ("", ""))
        if text := _person(parameters, value) if name == "ORGANIZER" else _text(value):
            out.append(f"{label}: {text}")
    if note := _text(fields.get("DESCRIPTION", ("", ""))[1]).strip():
        out += ["", note]
    return "\n".join(out)


def _when(parameters: str, value: str) -> str:
    zone = re.search(r'(?i);TZID="?([^;:"]+)', parameters)
    for pattern, shown in (("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"), ("%Y%m%d", "%Y-%m-%d")):
        try:
            instant = datetime.strptime(value.removesuffix("Z"), pattern)  # noqa: DTZ007 wall-clock time, zone named beside it
        except ValueError:
            continue
        return instant.strftime(shown) + (" UTC" if value.endswith("Z") else f" ({zone[1]})" if zone else "")
    return value


def _person(parameters: str, value: str) -> str:
    name = re.search(r'(?i);CN=(?:"([^"]*)"|([^;:]*))', parameters)
    address = re.sub(r"(?i)^mailto:", "", value)
    shown = (name[1] or name[2] or "") if name else ""
    return f"{shown} <{address}>" if shown and shown != address else address


def _text(value: str) -> str:
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)
