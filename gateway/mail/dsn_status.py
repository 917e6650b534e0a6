"""Enhanced status codes (RFC 3463) of a failure: as the report writes them, or as its words imply them.

Class 5 is final, class 4 may pass. A report without a code still has an SMTP reply (RFC 5321 §4.2.1: its first digit
is the class) or a sentence that says what is wrong; the table below gives the subject and detail for such sentences.
"""

from __future__ import annotations

import re

# At most so much of a report is searched: what matters stands in the first lines of a block.
SEARCHED = 16_384

_CODE = r"([45])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)"
_AFTER_REPLY = re.compile(rf"(?<![\d.])[45]\d\d[\s:'\"#(-]{{1,4}}{_CODE}")
_MARKED = re.compile(rf"(?:#|\(|\[|code[:=]?\s{{0,2}}|status[:=]?\s{{0,2}}|DSN\s){_CODE}", re.I)
_BARE = re.compile(rf"(?<![\w.-]){_CODE}")
_REPLY_SAID = re.compile(
    r"(?:<<<\s?|said:?\s{1,4}|respon(?:se|ded)[^\n]{0,40}?\s|error[^\n]{0,24}?[\s:]|returned[^\n]{0,20}?[\s:'\"]|"
    r"code\s?:?\s?|"
    r"Out:\s|^\s{0,12}|[:('\"]\s?)([45])[0-5]\d(?=[\s\-:,;)\]'\"#]|$)",
    re.M | re.I,
)

# (what the words mean, subject.detail of RFC 3463 §3, the class they have when there is no SMTP reply beside them)
_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        r"mailbox (?:is )?(?:currently )?full|(?:over|exceed\w*)[^\n]{0,24}quota|quota[^\n]{0,24}(?:exceed|full|"
        r"limit)|"
        r"exceeds allowed size|mail ?(?:box|folder) (?:size )?(?:is |has )?(?:limit|exceed|full)|inbox is full|"
        r"(?:insufficient|not enough|no) (?:disk |storage |mailbox )?space|out of storage|disk full|"
        r"receiving (?:mail|messages) too|過多|一杯|容量|переполнен|postfach (?:ist )?voll|"
        r"bo[iî]te (?:aux lettres )?pleine|"
        r"buz[oó]n (?:est[aá] )?lleno|casella piena",
        "2.2",
        "5",
    ),
    (
        r"too (?:big|large)|size (?:limit|exceeds)|exceeds? (?:the )?(?:maximum|max|size|fixed)|"
        r"message length exceeds|"
        r"zu gro(?:ß|ss)|trop (?:gros|volumineux)",
        "3.4",
        "5",
    ),
    (
        r"(?:user|account|mailbox|recipient|address|member)[^\n]{0,40}(?:disabled|suspended|inactive|locked|"
        r"deactivated|"
        r"discontinued|not active|expired|blocked)|(?:disabled|inactive|suspended) (?:user|account|mailbox)|"
        r"no longer (?:on|at|in)",
        "2.1",
        "5",
    ),
    (
        r"(?:user|recipient|mailbox|address|account|alias|subscriber|member|id)[^\n]{0,48}"
        r"(?:unknown|not (?:found|exist|known|recogni[sz]ed|valid|listed|registered)|doesn'?t (?:exist|have)|"
        r"does not exist|"
        r"invalid|no longer|unavailable|isn'?t|wasn'?t found|rejected)|"
        r"(?:unknown|no such|invalid|bad|illegal|nonexistent|non-existent|undefined|unrouteable|unroutable|"
        r"no valid)[^\n]{0,24}"
        r"(?:user|recipient|mailbox|address|account|local|rcpt|person|alias|subscriber)|no mailbox|not a (?:valid|"
        r"known|"
        r"registered)|not listed in|doesn'?t have an?[^\n]{0,40}account|no one by that name|"
        r"name is not recogni[sz]ed|"
        r"couldn'?t be found|unbekannt|inconnu|desconocid|sconosciut|onbekend|nieznan|неизвест|не найден|não existe|"
        r"(?:ユーザ|宛先|アドレス)[^\n]{0,16}(?:存在し|見つか|不明)|不存在|找不到",
        "1.1",
        "5",
    ),
    (
        r"host (?:unknown|not found|name lookup)|unknown host|(?:domain|host)[^\n]{0,40}(?:not (?:exist|found)|"
        r"invalid|"
        r"unknown|doesn'?t exist|does not exist)|name service error|NXDOMAIN|dns (?:lookup|error|failure)|"
        r"no (?:mx|mail exchanger)|couldn'?t find (?:any|a) (?:mail|host)|nullmx|does not accept (?:e?-?mail|mail)",
        "1.2",
        "5",
    ),
    (r"malformed|syntax (?:error|is not)|bad address syntax|illegal (?:character|address)|invalid format", "1.3", "5"),
    (r"(?:has|recipient) moved|new address|has changed", "1.6", "5"),
    (r"loop|too many hops|hop count", "4.6", "5"),
    (
        r"timed? ?out|retry time|giving up|too long|has not yet been|will be retried|could not be delivered for|"
        r"could not send message for|for the last \d|within \d|\d+ attempts|expired",
        "4.7",
        "4",
    ),
    (
        r"connection (?:refused|reset|lost|closed)|unable to connect|no route|unreachable|not responding|"
        r"cannot connect|"
        r"didn'?t respond|network (?:error|problem)",
        "4.1",
        "4",
    ),
    (
        r"greylist|grey-list|try again|too many (?:connection|message|mail)|rate limit|temporar|deferred|busy",
        "7.0",
        "4",
    ),
    (
        r"relay(?:ing)? (?:access )?(?:denied|not (?:allowed|permitted))|not allowed to relay|unable to relay",
        "7.1",
        "5",
    ),
    (r"virus|infected|malware|prohibited attachment|blocked attachment|banned", "7.0", "5"),
    (r"spf|dkim|dmarc|authenticat", "7.26", "5"),
    (
        r"spam|blacklist|black list|blocklist|block list|blocked|denied|reject|policy|not (?:allowed|permitted|"
        r"authori[sz]ed)|"
        r"reputation|unsolicited|prohibited|refused|permission|permitted to send|unfortunately, messages",
        "7.1",
        "5",
    ),
    (
        r"(?:system|local|internal|server|mailer|configuration) (?:\w+ )?(?:error|failure)|out of memory|i/o error",
        "3.0",
        "5",
    ),
)
_REASON = tuple((re.compile(pattern, re.I), detail, default) for pattern, detail, default in _REASONS)


def stated(text: str) -> str:
    """The enhanced code that `text` spells out, or "". One right after an SMTP reply goes before the others."""
    text = text[:SEARCHED]
    for pattern in (_AFTER_REPLY, _MARKED, _BARE):
        match = pattern.search(text)
        if match:
            return ".".join(match.groups())
    return ""


def derived(text: str, *, delayed: bool = False) -> str:
    """The code that the SMTP reply and the words of `text` amount to, or "" when they say nothing.

    A delay is class 4 whatever the last attempt was told.
    """
    text = text[:SEARCHED]
    reply = _REPLY_SAID.search(text)
    words = " ".join(text.split())
    reason = next(((detail, default) for pattern, detail, default in _REASON if pattern.search(words)), None)
    if reply is None and reason is None:
        return "4.0.0" if delayed else ""
    detail, default = reason or ("0.0", "5")
    return f"{'4' if delayed else reply.group(1) if reply else default}.{detail}"


def best(given: str, words: str, *, delayed: bool = False) -> str:
    """The most telling code: the report's own, unless it is a blank "5.0.0" and its diagnostic knows more."""
    said = stated(words)
    if given and not given.endswith(".0.0"):
        return given
    if said and not said.endswith(".0.0"):
        return said
    return given or said or derived(words, delayed=delayed)
