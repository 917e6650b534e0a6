"""Mail addresses: read strictly, in one normal form, with plus-tags (RFC 5322 §3.4, RFC 5321 §4.1.2, RFC 6531).

Nothing is guessed: an encoded word is never decoded into an address, a display name never becomes one
(CVE-2023-27043), and NUL, CR, LF or blanks inside make it none.
"""

from __future__ import annotations

import re
import unicodedata

from gateway.mail.message import Address

MAX_OCTETS = 320

_ATEXT = r"a-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-"
_ATOM = rf"[{_ATEXT}]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.I)
# Old Japanese carriers allow dots anywhere in a local part: docomo's "a..b@", "c.@".
_DOTTED = re.compile(rf"[.{_ATEXT}]+", re.I)
_QUOTED = re.compile(r'"(?:[\x21\x23-\x5b\x5d-\x7e]|\\[\x21-\x7e])*"')
_LABELS = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LITERAL = re.compile(r"\[(?:[0-9.]{7,15}|ipv6:[0-9a-f:.]{2,45})\]")


def normal(email: str) -> str:
    """The address in normal form, or "" where it is no addr-spec.

    Domain as A-label in lower case; local part in NFC, case-folded; quotes taken off where they are not needed.
    """
    if not email or len(email) > MAX_OCTETS or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in email):
        return ""
    local, at, domain = email.rpartition("@")
    if not at:
        return ""
    local, domain = _local(local), _domain(domain)
    return f"{local}@{domain}" if local and domain else ""


def split_plus(email: str) -> tuple[str, str]:
    """("support@acme.example", "1042.code") of "support+1042.code@acme.example"; the tag is "" where there is none."""
    local, at, domain = email.rpartition("@")
    base, plus, tag = local.partition("+")
    return (f"{base}{at}{domain}", tag) if plus and base else (email, "")


def with_plus(email: str, tag: str) -> str:
    """The address with `tag` behind a plus; a tag it has is replaced."""
    local, _, domain = split_plus(email)[0].rpartition("@")
    return f"{local}+{tag}@{domain}"


def mailboxes(value: str) -> tuple[Address, ...]:
    """The mailboxes of a decoded header value, strictly: an item that is none keeps its words and has no address.

    Group names are dropped, their members kept.
    """
    return tuple(_mailbox(item) for item in _items(value) if item.strip())


def _local(local: str) -> str:
    if "=?" in local or any(unicodedata.category(char)[0] == "C" for char in local):
        return ""
    local = unicodedata.normalize("NFC", local)
    if _LOCAL.fullmatch(local) or _DOTTED.fullmatch(local):
        return local.casefold()
    if not _QUOTED.fullmatch(local):
        return ""
    bare = re.sub(r"\\(.)", r"\1", local[1:-1])
    return bare.casefold() if _LOCAL.fullmatch(bare) else local.casefold()


def _domain(domain: str) -> str:
    domain = domain.lower()
    if not domain.isascii():
        try:
            domain = unicodedata.normalize("NFC", domain).encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    if len(domain) > 253:
        return ""
    return domain if _LABELS.fullmatch(domain) or _LITERAL.fullmatch(domain) else ""


def _items(value: str) -> list[str]:
    """Split at commas, semicolons and group colons that are in no quote, comment or angle."""
    items = [""]
    buffer: list[str] = []
    quoted = escaped = angle = False
    comment = 0
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or comment):
            escaped = True
        elif comment:
            comment += (char == "(") - (char == ")")
        elif char == '"':
            quoted = not quoted
        elif quoted:
            pass
        elif char == "(":
            comment = 1
        elif char in "<>":
            angle = char == "<"
        elif char in ",;" and not angle:
            items.append("".join(buffer))
            buffer = []
            continue
        elif char == ":" and not angle:
            buffer = []
            continue
        buffer.append(char)
    items.append("".join(buffer))
    return items


def _mailbox(item: str) -> Address:
    item = item.strip()
    if match := re.fullmatch(r'((?:[^<>"]|"(?:[^"\\]|\\.)*")*)<([^<>]*)>\s*', item):
        name, email = match[1].strip(), normal(match[2].strip())
    elif match := re.fullmatch(r"([^\s()<>]+)\s*\(([^()]*)\)", item):
        name, email = match[2].strip(), normal(match[1])
    else:
        name, email = "", normal(item)
    if not email:
        return Address(item)
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return Address("" if name == email else name, email)
