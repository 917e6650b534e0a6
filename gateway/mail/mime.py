"""The MIME tree of a mail: parts as slices of the raw bytes (RFC 2045, RFC 2046).

Time is linear in the size for each level of nesting, and levels, parts and header fields are capped. A message/* part
is a leaf: what is inside it is somebody else's mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.mail import params
from gateway.mail.fields import Head, read_head
from gateway.mail.message import Unreadable
from gateway.mail.transfer import undo

MAX_DEPTH = 50
MAX_PARTS = 500
SEARCHED = 2**18

_BOUNDARY_LIKE = re.compile(
    rb"(?:^|\n)--([^\s-][^\r\n]{0,200}|-{2,60}[^\s-][^\r\n]{0,200})[ \t]*\r?\n(?=content-|\r?\n)", re.I
)


@dataclass(frozen=True, slots=True)
class Node:
    """A part. `start` and `end` bound its body (undecoded) within `source`; leaves have no `children`."""

    head: Head
    type: params.Valued
    disposition: params.Valued
    start: int
    end: int
    source: bytes = field(repr=False)
    children: tuple[Node, ...] = ()
    parent: str = ""
    first: bool = True

    @property
    def content_type(self) -> str:
        return self.type.value

    def data(self) -> bytes:
        """The decoded bytes of a leaf. Its last line end belongs to the boundary, not to it."""
        return undo(self.source[self.start : self.end], self.head.first("content-transfer-encoding").decode("latin-1"))


class _Budget:
    """Parts that may still be read."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.defects: list[str] = []

    def take(self) -> None:
        self.parts -= 1
        if self.parts < 0:
            raise Unreadable(f"more than {MAX_PARTS} parts")


def read_tree(data: bytes, start: int) -> tuple[Node, tuple[str, ...]]:
    """The whole tree from the first header byte, and what was wrong with it. Raises `Unreadable` beyond the caps."""
    budget = _Budget()
    node = _read(data, start, len(data), "", True, 0, budget)
    return node, tuple(dict.fromkeys(budget.defects))


def _read(data: bytes, start: int, end: int, parent: str, first: bool, depth: int, budget: _Budget) -> Node:
    if depth > MAX_DEPTH:
        raise Unreadable(f"nested more than {MAX_DEPTH} levels deep")
    budget.take()
    head = read_head(data, start, end)
    budget.defects.extend(head.defects)
    declared = params.read(head.first("content-type"))
    if not re.fullmatch(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", declared.value):
        usual = "message/rfc822" if parent == "multipart/digest" else "text/plain"
        if declared.value:
            budget.defects.append("invalid content type")
            usual = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(
                declared.value.split("/")[0], usual
            )
        declared = params.Valued(usual, declared.params, declared.raw)
    disposition = params.read(head.first("content-disposition"))
    node = Node(head, declared, disposition, head.body, end, data, (), parent, first)
    if not declared.value.startswith("multipart/"):
        return node
    slices = _parts(node, budget)
    if not slices:
        budget.defects.append("multipart without its boundary")
        plain = params.Valued("text/plain", declared.params, declared.raw)
        return Node(head, plain, disposition, head.body, end, data, (), parent, first)
    children = tuple(
        _read(data, one, two, declared.value, number == 0, depth + 1, budget)
        for number, (one, two) in enumerate(slices)
    )
    return Node(head, declared, disposition, head.body, end, data, children, parent, first)


def _parts(node: Node, budget: _Budget) -> list[tuple[int, int]]:
    for boundary in _boundaries(node.type.raw.get("boundary", b"")):
        for strict in (True, False):
            if slices := split(node.source, node.start, node.end, boundary, budget.parts, strict=strict):
                return slices
    if match := _BOUNDARY_LIKE.search(node.source, node.start, min(node.end, node.start + SEARCHED)):
        budget.defects.append("a boundary that is not the declared one")
        return split(node.source, node.start, node.end, match[1].rstrip(), budget.parts)
    return []


def _boundaries(declared: bytes) -> list[bytes]:
    """As declared, and as it may have been before it was folded or padded."""
    bare = declared.rstrip()
    forms = (declared, bare, re.sub(rb"\t", b" ", bare), re.sub(rb"\s+", b"", bare), re.sub(rb"\s+", b" ", bare))
    return [form for form in dict.fromkeys(forms) if form]


def split(
    data: bytes, start: int, end: int, boundary: bytes, most: int, *, strict: bool = True
) -> list[tuple[int, int]]:
    """The slices between delimiter lines (RFC 2046 §5.1.1). A missing close delimiter ends with the data.

    Strictly, a delimiter has its line for itself; else anything may follow it after a blank.
    """
    delimiter = b"--" + boundary
    slices: list[tuple[int, int]] = []
    begun = -1
    position = data.find(delimiter, start, end)
    while position != -1:
        after = position + len(delimiter)
        stop = data.find(b"\n", after, end)
        stop = end if stop == -1 else stop
        tail = data[after : min(stop, after + 200)]
        closes = tail.startswith(b"--")
        alone = not tail.strip() or (not strict and tail[:1] in b" \t")
        if (closes or alone) and (position == start or data[position - 1] == 0x0A):
            if begun != -1:
                slices.append((begun, _before_line_end(data, position, begun)))
                if len(slices) > most:
                    raise Unreadable(f"more than {MAX_PARTS} parts")
            # Beyond its end a part may go on: an inner multipart of a careless sender has the boundary of the outer.
            begun = -1 if closes else min(stop + 1, end)
        position = data.find(b"\n" + delimiter, stop - 1, end)
        position += position != -1
    if begun != -1 and begun < end:
        slices.append((begun, end))
    return slices


def _before_line_end(data: bytes, position: int, floor: int) -> int:
    if position > floor and data[position - 1] == 0x0A:
        position -= 1
        if position > floor and data[position - 1] == 0x0D:
            position -= 1
    return position
