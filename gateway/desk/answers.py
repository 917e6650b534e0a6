"""Saved answers: texts of the operator's with {places} in them, filled with what is true of a ticket.

The places of an answer alone are filled, once: what came by mail is only ever a value (DUTIES REN-01).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

PLACES: Final[Mapping[str, str]] = {
    "customer.name": "the requester's name",
    "customer.first": "what to greet the requester by",
    "customer.email": "the requester's address",
    "ticket.reference": "ACME-1042",
    "ticket.number": "1042",
    "ticket.title": "the subject of the ticket",
    "ticket.category": "the category's name",
    "ticket.phase": "the phase's name",
    "ticket.priority": "the priority's name",
    "ticket.task": "the number of the task elsewhere",
    "organisation.name": "the requester's organisation",
    "agent.name": "whoever answers",
    "agent.first": "their first name",
    "agent.phone": "their telephone number",
    "desk.name": "the public name of the desk",
    "desk.address": "the mailbox that the ticket came to",
    "desk.phone": "the desk's telephone number",
    "desk.call": "where a support call is scheduled",
    "today": "Thursday 16 April 2026",
}
# What a mail says of itself: an acknowledgement to a stranger, whose address anybody may write, repeats none of it.
ANOTHERS_WORDS: Final = frozenset({"customer.name", "customer.first", "ticket.title"})
# One pair of braces or two. What looks like no name ({"a": 1}) is text, and so is what stands behind a backslash.
_PLACE: Final = re.compile(r"( ?)(?<!\\)\{\{?\s*([A-Za-z][\w. -]{0,40}?)\s*(?:\|([^{}\n]{0,200}))?\}\}?")
_ESCAPED: Final = re.compile(r"\\([{}])")


@dataclass(frozen=True, slots=True)
class Slip:
    """A place that nothing fills: it stands at `start`, from 0, in the text. `meant` is the nearest that there is."""

    start: int
    word: str
    meant: str


def fill(text: str, values: Mapping[str, str]) -> str:
    """`values` by the names of PLACES. "{customer.first|there}" says "there" where there is no value; where nothing is
    said, the blank before it goes too."""
    done, at = [], 0
    for found in _PLACE.finditer(text):
        done.append(_unescaped(text[at : found.start()]))
        value = values.get(found[2], "") or found[3] or ""
        done.append(f"{found[1]}{value}" if value else "")
        at = found.end()
    return "".join((*done, _unescaped(text[at:])))


def slips(text: str) -> Iterator[Slip]:
    for found in _PLACE.finditer(text):
        name = found[2]
        if name not in PLACES:
            near = get_close_matches(name.lower().replace(" ", "."), PLACES, n=1)
            yield Slip(found.start() + len(found[1]), found[0].lstrip(), near[0] if near else "")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
