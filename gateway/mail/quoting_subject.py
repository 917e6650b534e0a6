"""What the prefix of a subject says: an answer ("Re:", "AW:"), a forward ("Fw:", "WG:"), or neither."""

from __future__ import annotations

import re
from typing import Final

from gateway.mail.quoting_lines import lowered
from gateway.mail.quoting_words import FORWARD_PREFIXES, FWD_PREFIXES, REPLY_PREFIXES

_TAGS: Final = re.compile(r"(?:\s*\[[^\[\]]{0,60}\]){0,4}\s*")
_PREFIX: Final = re.compile(r"([^\s:：\[\]()]{1,20}(?: [^\s:：\[\]()]{1,12})?)\s?(?:[\[(]\d{1,4}[\])])?\s?[:：]")


def prefix_of(subject: str) -> str:
    """The outermost prefix in lower case without its dot and number: "fw" of "[ext] FW[2]: Re: x"; "" for none."""
    rest = subject[:200][_tags_end(subject) :]
    found = _PREFIX.match(rest)
    word = lowered(found[1]).rstrip(".") if found else ""
    return word if word in FORWARD_PREFIXES or word in REPLY_PREFIXES else ""


def _tags_end(subject: str) -> int:
    tags = _TAGS.match(subject[:200])
    return tags.end() if tags else 0


def is_forward_prefix(prefix: str) -> bool:
    """Whether the prefix is a forward's in some language. "vs" is one in Danish and Norwegian, not in Finnish."""
    return prefix in FORWARD_PREFIXES


def is_outlook_forward_prefix(prefix: str) -> bool:
    """A forward's prefix of the clients that may forward below a mere attribution: all but "Fwd:"."""
    return prefix in FORWARD_PREFIXES - FWD_PREFIXES


def is_reply_prefix(prefix: str) -> bool:
    return prefix in REPLY_PREFIXES
