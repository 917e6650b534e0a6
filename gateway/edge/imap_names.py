"""Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3), quoted, with the server's own delimiter."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

_NAMESPACE = re.compile(rb'\(\("((?:[^"\\]|\\.)*)" "(\\?.)"')
_LISTED = re.compile(rb'\(([^)]*)\) (?:"\\?."|NIL) (?:"((?:[^"\\]|\\.)*)"|([^ ]+))')
_LIST = re.compile(rb'\([^)]*\) "(\\?.)" ')


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def utf7(name: str) -> str:
    out: list[str] = []
    for run in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name):
        if run.isascii() and run.isprintable():
            out.append(run.replace("&", "&-"))
        else:
            encoded = base64.b64encode(run.encode("utf-16-be", "replace")).decode().rstrip("=")
            out.append("&" + encoded.replace("/", ",") + "-")
    return "".join(out)


def from_utf7(text: str) -> str:
    """What `utf7` wrote; what it cannot have written stays as it is."""

    def decoded(run: re.Match[str]) -> str:
        if not run[1]:
            return "&"
        try:
            encoded = run[1].replace(",", "/")
            return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-16-be")
        except ValueError:
            return run[0]

    return re.sub(r"&([A-Za-z0-9+,]*)-", decoded, text)


@dataclass(frozen=True, slots=True)
class Naming:
    """How a server names mailboxes: what stands before every name of ours, and between its levels."""

    prefix: str = ""
    delimiter: str = "/"

    def wire(self, name: str) -> str:
        """A configured name as an argument of a command. "/" stands for the delimiter; INBOX is INBOX everywhere."""
        if name.upper() == "INBOX":
            return quoted("INBOX")
        local = name.replace("/", self.delimiter)
        if not local.upper().startswith(self.prefix.upper()):
            local = self.prefix + local
        return quoted(utf7(local))

    def read(self, line: bytes) -> str:
        """The configured name of the mailbox in a line of a LIST answer; "" where it has none, or cannot be opened."""
        found = _LISTED.fullmatch(line)
        if found is None or rb"\noselect" in found[1].lower():
            return ""
        local = from_utf7(_unquoted(found[2] if found[2] is not None else found[3]))
        if self.prefix and local.upper().startswith(self.prefix.upper()):
            local = local[len(self.prefix) :]
        return local.replace(self.delimiter, "/")


def from_namespace(lines: list[bytes]) -> Naming | None:
    """The personal namespace of a NAMESPACE answer (RFC 2342), such as `(("INBOX." ".")) NIL NIL`."""
    for line in lines:
        found = _NAMESPACE.match(line)
        if found is not None:
            return Naming(_unquoted(found[1]), _unquoted(found[2]))
    return None


def from_list(lines: list[bytes]) -> Naming:
    """The delimiter that `LIST "" ""` tells."""
    for line in lines:
        found = _LIST.match(line)
        if found is not None:
            return Naming("", _unquoted(found[1]))
    return Naming()


def _unquoted(text: bytes) -> str:
    return re.sub(rb"\\(.)", rb"\1", text).decode("ascii", "replace")
