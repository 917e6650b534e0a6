"""Delivery reports: what became of a mail we sent (RFC 3464, RFC 6533), and the many that follow no RFC.

A report is read for what it proves about a letter: the action, each recipient with a status, and which mail it was.
Whether it is believed is for others to decide: anybody can write one.
"""

from __future__ import annotations

import re

from gateway.mail.address import normal
from gateway.mail.dsn_status import best, stated
from gateway.mail.dsn_wild import is_daemon, named_recipients, read_wild
from gateway.mail.message import Bounce, BounceAction, BouncedRecipient, Message, Part
from gateway.mail.returned import Notice, message_id_of, notice_of

_MOST_RECIPIENTS = 200
_DIAGNOSTIC = 500
_STATUS_SOURCE = 262_144

_FIELD = re.compile(r"([A-Za-z][A-Za-z-]{1,60})[ \t]*:[ \t]*(.*)", re.S)
_FOLD = re.compile(r"\n[ \t]+")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_ADDRESS = re.compile(r"[^\s<>\"(),;@]{1,256}@[^\s<>\"(),;@]{1,255}")
_UNICODE_XTEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_TYPED = re.compile(r"[ \t]*[\w-]{1,40}[ \t]*;[ \t]*")
_FIELDS_IN_TEXT = re.compile(r"^(?:Final|Original)-Recipient[ \t]*:", re.M | re.I)

_REFUSED = re.compile(r"\b(?:rejected|refused)\b", re.I)

# The worse of several comes first: a report that says "failed" for one of two is about a failure.
_ACTIONS: tuple[BounceAction, ...] = ("failed", "delayed", "expanded", "relayed", "delivered")


def read(message: Message) -> Bounce | None:
    """The report that this mail is, or None. A mail that merely carries somebody's report is none."""
    notice = notice_of(message)
    if refusal := _refusal(message):
        return _read_fields(refusal.text, notice, message)
    reported = bool(notice.fields) and (message.content_type == "multipart/report" or is_daemon(message))
    if reported:
        bounce = _read_fields("\n\n".join(notice.fields), notice, message)
        if bounce is not None:
            return bounce
    wild = read_wild(message, notice)
    if wild is None:
        return None
    # Some write the fields into the text, some wrap a whole report in a mail of their own without MIME.
    whole = message.text[:_STATUS_SOURCE]
    for text in (notice.text, whole):
        if _FIELDS_IN_TEXT.search(text) and (text is not whole or not named_recipients(message, notice)):
            return _read_fields(text, notice, message) or wild
    return wild


def is_refusal(message: Message) -> bool:
    """Whether a mail filter sent our mail back with a disposition notification (RFC 5429 §2.1.2), else a "
    "read receipt."""
    return _refusal(message) is not None


def _refusal(message: Message) -> Part | None:
    parts = (part for part in message.parts if part.content_type == "message/disposition-notification")
    found = next((part for part in parts if "automatic-action" in part.text.lower()), None)
    return found if found and _REFUSED.search(message.text[:4096]) else None


def _read_fields(source: str, notice: Notice, message: Message) -> Bounce | None:
    groups = _groups(source)
    entries = _entries(groups, notice)
    if not entries:
        return None
    best_first: dict[str, tuple[BounceAction, BouncedRecipient]] = {}
    for action, recipient in entries:  # several parts may tell of one recipient: counted once, by the worst
        known = best_first.get(recipient.email)
        if known is None or _ACTIONS.index(action) < _ACTIONS.index(known[0]):
            best_first[recipient.email] = (action, recipient)
    envelope_id = next((group["original-envelope-id"] for group in groups if group.get("original-envelope-id")), None)
    return Bounce(
        action=min((action for action, _ in best_first.values()), key=_ACTIONS.index),
        recipients=tuple(recipient for _, recipient in best_first.values()),
        original_message_id=message_id_of(notice, message),
        original_envelope_id=envelope_id,
        original_headers=notice.headers,
    )


def _groups(source: str) -> list[dict[str, str]]:
    """Field groups (RFC 3464 §2.1): parted by blank lines, or where a recipient is named anew without one."""
    groups: list[dict[str, str]] = []
    for block in re.split(r"\n[ \t]*\n", source[:_STATUS_SOURCE].replace("\r\n", "\n")):
        group: dict[str, str] = {}
        for line in _FOLD.sub(" ", block).split("\n"):
            match = _FIELD.match(line.lstrip("> \t"))
            if match is None:
                continue
            name, value = match[1].lower(), match[2].strip()
            if name in ("final-recipient", "original-recipient") and name in group:
                groups.append(group)
                group = {}
            group.setdefault(name, value)
        if group:
            groups.append(group)
    return groups[: 4 * _MOST_RECIPIENTS]


def _entries(groups: list[dict[str, str]], notice: Notice) -> list[tuple[BounceAction, BouncedRecipient]]:
    entries: list[tuple[BounceAction, BouncedRecipient]] = []
    said = stated(notice.text)
    for group in groups:
        if not ("final-recipient" in group or "original-recipient" in group or "x-actual-recipient" in group):
            continue
        address = _recipient(group, notice)
        if address and len(entries) < _MOST_RECIPIENTS:
            diagnostic = _TYPED.sub("", group.get("diagnostic-code", ""), count=1)
            action = _action(group)
            status = _status(group, diagnostic, action) or said or ("4.0.0" if action == "delayed" else "5.0.0")
            entries.append((action, BouncedRecipient(address, status, diagnostic[:_DIAGNOSTIC])))
    return entries


def _recipient(group: dict[str, str], notice: Notice) -> str:
    """The address we wrote to (RFC 3464 §2.3.1) where the report knows it: a forwarder's own says little to us."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        match = _ADDRESS.search(_unicode(group.get(name, "")))
        address = normal(match.group().rstrip(".")) if match else ""
        if address:
            return address
    to = next((value for name, value in notice.headers if name == "to"), "")
    addressees = _ADDRESS.findall(to[:4_096])
    only = normal(addressees[0]) if len(addressees) == 1 else ""
    return only or _TYPED.sub("", group.get("final-recipient", ""), count=1)[:256]


def _unicode(value: str) -> str:
    r"""Undo utf-8-addr-xtext (RFC 6533 §3): `\x{E4}` is ä."""
    return _UNICODE_XTEXT.sub(lambda match: _character(int(match[1], 16)), value)


def _character(point: int) -> str:
    return chr(point) if point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF else "\ufffd"


def _action(group: dict[str, str]) -> BounceAction:
    """The action-value, whatever its case and comments (RFC 3464 §2.3.3); by the class where it is none of "
    "the five."""
    word = re.match(r"\s*(?:\([^()]{0,200}\)\s*)?([a-z]+)", group.get("action", "").lower())
    for action in _ACTIONS:
        if word and word[1].startswith(action.removesuffix("ed")):
            return action
    return "delivered" if group.get("status", "").strip().startswith("2") else "failed"


def _status(group: dict[str, str], diagnostic: str, action: BounceAction) -> str:
    given = _STATUS.search(group.get("status", ""))
    code = ".".join(given.groups()) if given else ""
    if action in ("delivered", "relayed", "expanded"):
        return code or "2.0.0"
    return best(code, diagnostic or group.get("status", ""), delayed=action == "delayed")
