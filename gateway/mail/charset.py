"""Bytes of a mail → text, whatever the label says.

Labels lie: "gb2312" is gbk, "iso-8859-1" is windows-1252, "us-ascii" anything, and some name no charset at all.
A label is a hint from a table of charsets we know (never a Python codec of that name: "zlib", "rot13", "idna" and
"unicode_escape" are codecs too); bytes that contradict it are read by what they look like.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from gateway.mail.charset_guess import guess

ALIASES = {
    "": "",
    "ascii": "us-ascii",
    "ansi_x3.4-1968": "us-ascii",
    "646": "us-ascii",
    "us": "us-ascii",
    "7bit": "us-ascii",
    "8bit": "",
    "default": "",
    "unknown": "",
    "unknown-8bit": "",
    "x-unknown": "",
    "x-user-defined": "",
    "binary": "",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
    "cp65001": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "utf7": "utf-7",
    "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "unicode": "utf-16",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "8859-1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-6-e": "iso-8859-6",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "logical": "iso-8859-8",
    "visual": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "gb_2312-80": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big-5": "cp950",
    "x-x-big5": "cp950",
    "cn-big5": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "x-ms-cp932": "cp932",
    "x-euc-jp": "euc-jp",
    "eucjp": "euc-jp",
    "eucjp-ms": "euc-jp",
    "iso-2022-jp-ms": "iso-2022-jp",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "csiso2022jp": "iso-2022-jp",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "x-windows-949": "cp949",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "koi8-ru": "koi8-u",
    "x-viscii": "",
}
_PLAIN = re.compile(
    r"(?:us-ascii|utf-8|utf-7|utf-16(?:be|le)?|utf-32(?:be|le)?|iso-8859-(?:[2-9]|1[03-6])|koi8-[rut]"
    r"|cp(?:437|720|737|775|85[0-8]|86[0-9]|874|932|949|950|1006|125[0-8])|mac_(?:roman|cyrillic|latin2|greek"
    r"|turkish)"
    r"|gb18030|hz|big5hkscs|cp950|euc-jp|euc_jis_2004|shift_jis_2004|iso-2022-(?:jp(?:-[123]|-2004|-ext)?|kr)"
    r"|johab|ptcp154)"
)
_SPELLING = re.compile(r"(?:x-)?(?:windows|win|ms|cp|ibm|dos|x-cp|oem)[-_ ]?(?=\d)")
_ISO = re.compile(r"iso[-_ ]?8859[-_ ]?(\d{1,2})(?:[:_-]\d{4}|)$")
_WEAK = frozenset(("", "us-ascii", "cp1252"))
_ASCII_BASED = _WEAK | {"utf-8", "gb18030", "cp932", "cp949", "cp950"}
# Bytes that are controls in ISO 8859 and letters or quotation marks in its sibling from Windows.
_C1 = re.compile(rb"[\x80-\x9f]")
_SIBLINGS = {"iso-8859-2": "cp1250", "iso-8859-7": "cp1253", "iso-8859-8": "cp1255", "iso-8859-13": "cp1257"}
# Ukrainian letters of KOI8-U beside others: in KOI8-R they are lines of a box.
_UKRAINIAN = re.compile(rb"[\xc0-\xff][\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd]|[\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd][\xc0-\xff]")
_HIGH = bytes(range(0x80, 0x100))
# windows-1252 has five holes; in a mail their bytes are better passed on than lost.
_WINDOWS = {code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def known(label: str) -> str:
    """The codec for a charset label, or "" where the label says nothing we can use."""
    name = label.strip().strip("\"' \t").lower().split("*", 1)[0]
    if name in ALIASES:
        return ALIASES[name]
    if iso := _ISO.match(name):
        name = f"iso-8859-{int(iso[1])}"
    else:
        name = _SPELLING.sub("cp", name)
    name = ALIASES.get(name, name)
    return name if _PLAIN.fullmatch(name) else ""


def decode(data: bytes, label: str = "") -> tuple[str, bool]:
    """The text, and whether the label was true: False when it was unknown, or the bytes were not in that charset.

    Never raises; the text has no lone surrogates.
    """
    charset = known(label)
    if data.isascii() and b"\x1b" not in data and charset in _ASCII_BASED:
        return data.decode("ascii"), True
    for name in _candidates(data, charset):
        if (text := _strict(data, name)) is not None:
            return text, name == charset or not label or charset in ("iso-2022-jp", "utf-16")
    return _damaged(data, charset), False


def _candidates(data: bytes, charset: str) -> Iterator[str]:
    """Charsets to try in strict mode, best first."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        yield "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16"
    if charset == "iso-2022-jp" or (charset in _WEAK | {"utf-8"} and b"\x1b$" in data):
        yield from ("iso-2022-jp-ext", "iso-2022-jp-2004", "iso2022_jp_2")
    if charset == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield "utf-16-be"
    if sibling := _SIBLINGS.get(charset) if _C1.search(data) else None:
        yield sibling
    if charset == "koi8-r" and _UKRAINIAN.search(data):
        yield "koi8-u"
    if charset not in _WEAK:
        yield charset
    if charset == "cp950":
        yield "big5hkscs"
    # A sender who says us-ascii or latin-1 and sends valid multi-byte UTF-8 means UTF-8: chance hits are rare.
    yield "utf-8"
    if _share_of_utf8(data) > 0.8:
        return
    if guessed := guess(data):
        yield guessed
    if charset in _WEAK:
        yield "cp1252"


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8")
    except (UnicodeError, ValueError):
        return None
    return text


def _damaged(data: bytes, charset: str) -> str:
    """Text of bytes that are valid in no charset that was thought of: read as well as can be."""
    if _share_of_utf8(data) > 0.5:
        return data.decode("utf-8", "replace")
    if charset.startswith(("utf-16", "utf-32")):
        return data.decode(charset, "replace")
    if charset not in _WEAK and charset != "utf-8":
        text = data.decode(charset, "replace").encode("utf-8", "replace").decode("utf-8")
        if text.count("\ufffd") * 10 <= len(text):
            return text
    return data.decode("latin-1").translate(_WINDOWS)


def _share_of_utf8(data: bytes) -> float:
    """How many of the non-ASCII bytes belong to valid UTF-8 sequences, 0 to 1."""
    plain = len(data.translate(None, _HIGH))
    high = len(data) - plain
    return (len(data.decode("utf-8", "ignore").encode("utf-8")) - plain) / high if high else 0.0
