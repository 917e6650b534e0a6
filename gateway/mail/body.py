"""The MIME tree → what is shown, what is attached, and the leaves that reports are read from.

Shown is every text part that is no attachment, in order, of alternatives the plain one; all other leaves are
attachments, whatever their disposition says, but signatures (RFC 1847) and the alternatives not shown.
"""

from __future__ import annotations

import hashlib
import html as html_escapes
import re
from dataclasses import dataclass, field

from gateway.mail import calendar_part, names, tnef
from gateway.mail.charset import decode
from gateway.mail.embedded import find
from gateway.mail.fields import mail_start, read_head
from gateway.mail.flowed import unflow
from gateway.mail.html import to_text
from gateway.mail.message import Attachment, Part, Unreadable
from gateway.mail.mime import Node, read_tree
from gateway.mail.smime import signed_content
from gateway.mail.words import one_line, text_of

MAX_ATTACHMENTS = 200
MAX_OPENED = 3
MAX_TEXT = 2 * 2**20

_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_CIPHERS = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_PLAIN = frozenset(("text/plain", "text/enriched", "text/richtext"))
_OTHER_FORMS = frozenset(("text/x-amp-html", "text/watch-html", "text/x-watch-html"))
_REPORTS = frozenset(
    (
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
        "message/rfc822",
        "message/global",
        "message/rfc822-headers",
    )
)
_MESSAGES = frozenset(("message/rfc822", "message/global", "message/news"))
_NOT_IN_ID = re.compile(r"[^\w.@!#$%&'*+/=?^`{|}~:-]")
_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
# A terminal obeys C1 controls as it does escape sequences; form feeds and next lines end a line.
_CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)} | dict.fromkeys(
    (0x0B, 0x0C, 0x85), "\n"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one or both of its forms."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Body:
    """What the tree holds. `subject` is the protected one (RFC 9788), `opened` counts signatures read through."""

    attachments: list[Attachment] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    encrypted: bool = False
    subject: str = ""
    opened: int = 0
    report: str = ""

    def text(self) -> str:
        """The whole text, from HTML where a piece has no other form, from a calendar where there is no piece."""
        shown = [piece.plain if piece.plain.strip() else to_text(piece.html) for piece in self.pieces]
        text = "\n".join(one.strip("\n") for one in shown if one.strip())
        # HTML entities and calendar escapes can spell controls too.
        return clean_text(text or "\n\n".join(filter(None, map(calendar_part.summary, self.calendars))))

    def html(self) -> str:
        """Every piece as HTML, or "" where none is."""
        if not any(piece.html for piece in self.pieces):
            return ""
        return "\n".join(piece.html or f"<pre>{html_escapes.escape(piece.plain)}</pre>" for piece in self.pieces)


def clean_text(text: str) -> str:
    """Line ends as "\\n"; no NUL, C0 (but tab and newline) or C1, no byte order mark at the start."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def read_body(root: Node) -> Body:
    """Raises `Unreadable` beyond 200 attachments."""
    body = Body()
    body.pieces = _read(root, body)
    return body


def _read(node: Node, body: Body) -> list[Piece]:
    if not node.children:
        return _leaf(node, body)
    kind = node.content_type
    if kind == "multipart/encrypted":
        body.encrypted = True
    if kind == "multipart/report":
        body.report = one_line(node.type.params.get("report-type", "")).lower()
    if kind == "multipart/signed":
        _protected_subject(node.children[0], body)
    if kind == "multipart/alternative":
        return _alternative(node, body)
    return [piece for child in node.children for piece in _read(child, body)]


def _alternative(node: Node, body: Body) -> list[Piece]:
    """One piece: the first plain form that has words, the last HTML form (RFC 2046 §5.1.4: the last is the richest)."""
    plain = html = ""
    for child in node.children:
        body_pieces = _read(child, body)
        if any(piece.html for piece in body_pieces):
            html = Body(pieces=body_pieces).html()
        elif not plain.strip():
            plain = "\n".join(piece.plain for piece in body_pieces)
    return [Piece(plain, html)] if plain or html else []


def _leaf(node: Node, body: Body) -> list[Piece]:
    kind = node.content_type
    data = node.data()
    name = _name(node)
    _note(node, kind, data, body)
    if kind in _SIGNATURES:
        return []
    if kind in _CIPHERS:
        if body.opened < MAX_OPENED and (inner := signed_content(data)) is not None:
            body.opened += 1
            return _read(read_tree(inner, 0)[0], body)
        body.encrypted = body.encrypted or "signed" not in node.type.params.get("smime-type", "")
    if kind in tnef.TYPES or name.lower() == "winmail.dat":
        return _tnef(node, data, name, body)
    if kind == "text/calendar":
        body.calendars.append(clean_text(decode(data, node.type.params.get("charset", "utf-8"))[0]))
    if _is_shown(node, kind, name, body):
        return _shown(node, kind, data, name, body)
    if kind in _OTHER_FORMS and node.parent == "multipart/alternative":
        return []
    _attach(node, kind, data, name, body)
    return []


def _is_shown(node: Node, kind: str, name: str, body: Body) -> bool:
    if kind not in _PLAIN and kind != "text/html":
        return False
    if node.disposition.value == "attachment" and (name or not node.first or node.parent):
        return False
    return not name or (node.first and not body.attachments)


def _shown(node: Node, kind: str, data: bytes, name: str, body: Body) -> list[Piece]:
    label = node.type.params.get("charset", "")
    if kind == "text/html" and not label and (meta := _META_CHARSET.search(data[:4096])):
        label = meta[1].decode("ascii")
    if len(data) > MAX_TEXT:
        body.defects.append(f"only the first {MAX_TEXT} bytes of a text of {len(data)} are shown")
        _attach(node, kind, data, name or ("text.html" if kind == "text/html" else "text.txt"), body)
    if kind == "text/plain":
        embedded = find(data)
        data = embedded.text
        for number, (inner, content) in enumerate(embedded.files, 1):
            shown = names.clean(text_of(inner)) or f"file-{number}"
            _attach(node, names.type_of(shown), content, shown, body)
    text, true = decode(data[:MAX_TEXT], label)
    if not true:
        body.defects.append(f"text is not in its charset {text_of(label.encode())!r}")
    text = clean_text(text)
    if kind == "text/html":
        return [Piece(html=text)]
    if kind != "text/plain":
        text = re.sub(r"<[^<>\n]{0,60}>", "", text.replace("<<", "\0")).replace("\0", "<")
    elif node.type.params.get("format", "").strip().lower() == "flowed":
        text = unflow(text, node.type.params.get("delsp", "").strip().lower() == "yes")
    return [Piece(plain=text)] if text.strip() else []


def _note(node: Node, kind: str, data: bytes, body: Body) -> None:
    """A leaf for the readers of reports."""
    text = ""
    if kind.startswith("text/") or kind in _REPORTS:
        text = clean_text(decode(data[:MAX_TEXT], node.type.params.get("charset", ""))[0])
    body.parts.append(Part(kind, text, body.report, node.disposition.value))


def _name(node: Node) -> str:
    """The cleaned name: Content-Disposition's before Content-Type's, then the description's if it looks like a file."""
    for params in (
        node.disposition.params.get("filename"),
        node.type.params.get("name"),
        node.disposition.params.get("name"),
        node.type.params.get("filename"),
    ):
        if params and (cleaned := names.clean(params)):
            return cleaned
    described = names.clean(text_of(node.head.first("content-description")))
    return described if re.search(r"\.\w{2,5}$", described) else ""


def _attach(node: Node, kind: str, data: bytes, name: str, body: Body) -> None:
    if len(body.attachments) >= MAX_ATTACHMENTS:
        raise Unreadable(f"more than {MAX_ATTACHMENTS} attachments")
    if not name and kind in _MESSAGES:
        name = names.of_message(_subject(data))
    name = name or names.fallback(len(body.attachments) + 1, kind)
    content_id = _NOT_IN_ID.sub("", text_of(node.head.first("content-id"))) or None
    inline = node.disposition.value == "inline" or (content_id is not None and node.disposition.value != "attachment")
    body.attachments.append(Attachment(name, kind, data, hashlib.sha256(data).hexdigest(), inline, content_id))


def _subject(data: bytes) -> str:
    """The subject of an attached mail, or "" where its header is beyond the caps: it is not read for more."""
    start = mail_start(data)
    try:
        return text_of(read_head(data, start, len(data)).first("subject"))
    except Unreadable:
        return ""


def _tnef(node: Node, data: bytes, name: str, body: Body) -> list[Piece]:
    unpacked = tnef.unpack(data)
    if unpacked is None:
        _attach(node, node.content_type, data, name, body)
        return []
    for inner, content in unpacked.files:
        _attach(node, names.type_of(inner), content, names.clean(inner), body)
    piece = Piece(clean_text(unpacked.text), clean_text(unpacked.html))
    return [piece] if (piece.plain or piece.html) else []


def _protected_subject(node: Node, body: Body) -> None:
    if {"protected-headers", "hp"} & node.type.params.keys() and (subject := node.head.first("subject")):
        body.subject = text_of(subject)
