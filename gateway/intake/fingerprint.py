"""What is the same in the mails of two machines that answer each other, whatever changes from mail to mail.

Addresses may be new each time, numbers count up, names and ids differ: the domain, the words of the subject and the
shape of the text do not. Two people rarely write both alike within an hour; a machine always does.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from gateway.intake.reading import Reading

PERIOD = timedelta(hours=1)  # mails alike are counted over it
_LINES = 6  # of the new part: what stands below them quotes, and grows from round to round
_SHORT = 12  # words: people who chat write lines of one length, with other words in them; no machine is so brief
_BRACKETED = re.compile(r"\[[^\]]*\]|\([^)]*\)|#\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PREFIXES = frozenset("re aw antw antwort sv vs fw fwd wg tr rif ref res odp ynt".split())
_SECOND_LEVEL = 3  # letters: "co.uk" and "com.br" are no domain of anybody


def fingerprint(reading: Reading) -> str:
    """Sixteen hexadecimal digits, or "" where nobody can be said to have sent it."""
    domain = _domain(reading)
    if not domain:
        return ""
    files = sorted({each.sha256 for each in reading.message.attachments})  # ten photographs are ten mails
    parts = (domain, " ".join(subject_words(reading.message.subject)), shape(reading.parts.reply), *files)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def subject_words(subject: str) -> tuple[str, ...]:
    """Its words, each once, in alphabetical order: no numbers, no references in brackets, no "Re:"."""
    plain = _BRACKETED.sub(" ", subject.casefold())
    tokens = (token for token in plain.split() if not any(letter.isdigit() for letter in token))
    words = {word for token in tokens for word in _WORD.findall(token)}
    return tuple(sorted(words - _PREFIXES))


def shape(text: str) -> str:
    """How many words each of its first lines has: the same when a number, a name or an id in it is another one.

    Of a short text, the words themselves, but for those with a digit.
    """
    filled = (line.split() for line in text.splitlines() if line.strip())
    lines = [words for words, _ in zip(filled, range(_LINES), strict=False)]
    if sum(len(words) for words in lines) >= _SHORT:
        return " ".join(str(len(words)) for words in lines)
    return " ".join(word.casefold() for words in lines for word in words if not any(c.isdigit() for c in word))


def _domain(reading: Reading) -> str:
    """Without the labels in front that some senders make anew for each mail."""
    message = reading.message
    sender = reading.sender or next(iter(message.from_), None)
    address = sender.email if sender and sender.email else reading.envelope.mail_from
    labels = address.rpartition("@")[2].lower().split(".")
    most = 3 if len(labels) > 2 and len(labels[-2]) <= _SECOND_LEVEL else 2
    return ".".join(labels[-most:])
