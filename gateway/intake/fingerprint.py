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
ROUNDS = 3  # so often mails that are alike are answered in that time
_LINES = 6  # of the new part: what stands below them quotes, and grows from round to round
_SHORT = 12  # words: people who chat write lines of one length, with other words in them; no machine is so brief
_OPENING = 12  # lines, blank ones too, in which a desk has said that it got something
_MOST = 2_000  # characters
_REQUEST = tuple(
    """
        ticket request case inquiry enquiry message e-mail email mail
        anfrage vorgang nachricht demande dossier solicitud consulta mensaje correo richiesta segnalazione
        messaggio pedido mensagem aanvraag bericht zgłoszen wiadomoś ärende henvendelse pyyn заявк обращен
        сообщен talep mesaj 問い合わせ 工单 邮件 문의 طلب פני
    """.split()
)
_RECEIVED = (
    "received", "receipt", "thank you for", "thanks for", "get back to you", "has been created", "was created",
    "has been opened", "was opened", "registered", "we got your", "reached our", "reached us",
    "eingegangen", "erhalten", "vielen dank", "erreicht", "reçu", "merci", "bien recibid", "hemos recibido", "gracias",
    "ricevut", "grazie", "recebemos", "recebid", "obrigad", "ontvangen", "bedankt", "otrzyma", "dziękuj", "mottag",
    "modtag", "mottatt", "takk", "tack för", "vastaanot", "kiitos", "получ", "отриман", "спасибо", "alındı", "teşekkür",
    "受け付け", "ありがとう", "收到", "感谢", "접수", "감사", "استلم", "شكرا", "התקבל", "תודה",
)  # fmt: skip
_BRACKETED = re.compile(r"\[[^\]]*\]|\([^)]*\)|#\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PREFIXES = frozenset("re aw antw antwort sv vs fw fwd wg tr rif ref res odp ynt".split())
_SECOND_LEVEL = 3  # letters: "co.uk" and "com.br" are no domain of anybody


def answers(reading: Reading) -> bool:
    """It says of itself that it answers something, whatever that was, or it thanks for a request as desks do."""
    message = reading.message
    first = message.subject.casefold().partition(":")[0].strip()
    if message.in_reply_to or message.references or reading.parts.quoted or first in _PREFIXES:
        return True
    beginning = " ".join((message.subject, *reading.parts.reply.splitlines()[:_OPENING]))[:_MOST].casefold()
    return any(word in beginning for word in _REQUEST) and any(word in beginning for word in _RECEIVED)


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
    plain = _BRACKETED.sub(" ", subject[:_MOST].casefold())
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
