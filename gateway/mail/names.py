"""Names of attachments: safe to show, to save under and to put in a header (RFC 2183 §2.3 and §5)."""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 150
MAX_CHARS = 2000

_EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/rfc822-headers": "txt",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "application/ics": "ics",
    "application/json": "json",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/ms-tnef": "dat",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
    "application/pgp-keys": "asc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tif",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "video/mp4": "mp4",
    "message/rfc822": "eml",
    "message/global": "eml",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
}
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)")


def clean(name: str) -> str:
    """The last path element in NFC without controls, bidi or zero-width characters, at most 150 bytes; "" if none.

    Percent signs stay: they were decoded once, where RFC 2231 says so, and never again.
    """
    if len(name) > MAX_CHARS:
        name = name[: MAX_CHARS // 2] + name[-MAX_CHARS // 2 :]
    name = unicodedata.normalize("NFC", re.sub(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+", " ", name))
    # Cc, Cf, Cs, Co, Cn: controls, bidi, zero-width, surrogates, private use. Zero-width joiners stay inside emoji.
    name = "".join(
        char for at, char in enumerate(name) if unicodedata.category(char)[0] != "C" or _joins_emoji(name, at)
    )
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r" {2,}", " ", name).strip().lstrip(".").rstrip(". ").lstrip(" ")
    if _RESERVED.match(name):
        name = "_" + name
    return _cut(name)


def fallback(number: int, content_type: str) -> str:
    """A name for a part that has none; `number` counts from 1."""
    extension = _EXTENSIONS.get(content_type, "")
    return f"attachment-{number}" + (f".{extension}" if extension else "")


def type_of(name: str) -> str:
    """A content type for a file that came without one, from its extension."""
    extension = name.rpartition(".")[2].lower()
    return next((kind for kind, known in _EXTENSIONS.items() if known == extension), "application/octet-stream")


def of_message(subject: str) -> str:
    """An attached mail is named from its subject, in which a slash is no path. "" where there is no subject."""
    stem = clean(re.sub(r"[/\\]", "-", subject))
    return _cut(stem + ".eml") if stem else ""


def _joins_emoji(name: str, at: int) -> bool:
    around = name[max(0, at - 1) : at] + name[at + 1 : at + 2]
    return name[at] == "\u200d" and len(around) == 2 and all(ord(char) > 0x2190 for char in around)


def _cut(name: str) -> str:
    """At most MAX_BYTES of UTF-8, cut between characters, the extension kept when it is one."""
    if len(name.encode("utf-8")) <= MAX_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode("utf-8")) > 16 or not stem:
        stem, dot, extension = name, "", ""
    room = MAX_BYTES - len((dot + extension).encode("utf-8"))
    return stem.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip() + dot + extension
