"""The new part of a mail, what it quotes, and the signature: annotations over the whole text, nothing is deleted.

Line-based and linear. The first mark that stands outside of a quote decides: a forward is kept whole, an answer's
quote goes to `quoted`. Interleaved answers keep the quotes they answer. What is no quote beyond doubt is reply.

Sources: RFC 3676 §4.3 and §4.5 (signature line, quote marks); the forms of the clients are in `quoting_words`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from gateway.mail.message import Address, Message, Parts
from gateway.mail.quoting_armour import unarmoured
from gateway.mail.quoting_attached import attached_sender
from gateway.mail.quoting_attribution import joined_attribution
from gateway.mail.quoting_html import Head, quote_heads
from gateway.mail.quoting_lines import MAX_LINE, clean, first_word, is_quote, is_rule, unquoted
from gateway.mail.quoting_marks import Mark, MarkReader
from gateway.mail.quoting_signature import signature_start
from gateway.mail.quoting_subject import is_forward_prefix, is_outlook_forward_prefix, is_reply_prefix, prefix_of
from gateway.mail.quoting_words import FINNISH_HEADER_WORDS, INLINE_WORDS

Label = Literal["reply", "quoted", "signature"]

# Lines that are looked at; nobody writes so much below or between quotes, and what comes after them is reply.
MAX_LINES_READ: Final = 5_000
MAX_PIECES: Final = 500
# Lines that are looked at for an attribution behind the answer.
MAX_SHARED_LINES: Final = 200
# Words below a single quote that make it an answer to that quote rather than a closing.
INLINE_ANSWER_WORDS: Final = 8
# A quoted line so long that the first word of the next line did not fit: the next line was wrapped by a client.
WRAP_COLUMN: Final = 70
WIDEST_QUOTE: Final = 1000
_ONE_MARK: Final = re.compile(r"^\s*> ?")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines `start` to `end` (exclusive): own words, a mark's lines, or what is quoted."""

    kind: Literal["own", "mark", "quote"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines `start` to `end` (exclusive) and the part they belong to."""

    label: Label
    start: int
    end: int


def annotate(message: Message) -> Parts:
    """The parts of a mail's text; subject, threading headers and HTML help to tell own words, quote and forward."""
    answers = bool(message.in_reply_to or message.references)
    parts = split(message.text, subject=message.subject, is_answer=answers, heads=quote_heads(message.html))
    if parts.forwarded_from is None and (sender := attached_sender(message)):
        return replace(parts, forwarded=True, forwarded_from=sender)
    return parts


def split(text: str, *, subject: str = "", is_answer: bool = True, heads: tuple[Head, ...] = ()) -> Parts:
    """The parts of `text`. Every line is in exactly one of them, in order; `reply` is blank only if `text` is.

    `is_answer`: the mail refers to another (In-Reply-To, References), or that is unknown. `heads`: what the HTML of
    the same mail says its quotes begin with. A line that an answer shares with an attribution behind it is cut in two.
    """
    armoured = unarmoured(text)
    parts = _split(armoured.text if armoured else text, prefix_of(subject), is_answer, heads)
    return replace(parts, signature=f"{parts.signature}\n{armoured.armour}".lstrip("\n")) if armoured else parts


def _split(text: str, prefix: str, is_answer: bool, heads: tuple[Head, ...]) -> Parts:
    lines = _lines(text)
    cleaned = [clean(line) for line in lines[:MAX_LINES_READ]]
    pieces, mark = _pieces(cleaned, heads)
    if mark and _is_forward(mark, cleaned, prefix, is_answer):
        own = _Piece("own", 0, _with_rule(cleaned, mark.start, 0))
        signature = _own_spans(lines, own)
        above = _joined(lines[: signature[0].start if signature else own.end])
        parts = _parts(lines, signature, mark.sender, forwarded=True)
        return replace(parts, above=above, original=_original(lines[mark.end :]))
    if mark and _answers_inside(cleaned, mark):
        return _parts(lines, [])
    return _parts(lines, _spans(lines, cleaned, pieces))


def _lines(text: str) -> list[str]:
    """The lines, those beyond `MAX_LINES_READ` as one; one that an attribution shares with the answer becomes two."""
    lines = text.split("\n", MAX_LINES_READ)
    for i in range(min(len(lines), MAX_SHARED_LINES) - 2, -1, -1):
        below = lines[i + 1] if lines[i + 1].strip() else lines[min(i + 2, len(lines) - 1)]
        if below.startswith(">") and (at := joined_attribution(lines[i])):
            lines[i : i + 1] = [lines[i][:at], lines[i][at:]]
    return lines


# Results


def _parts(lines: list[str], spans: list[_Span], sender: Address | None = None, *, forwarded: bool = False) -> Parts:
    """`spans` are in order; lines in none of them are reply."""
    found: dict[Label, list[str]] = {"reply": [], "quoted": [], "signature": []}
    at = 0
    for span in spans:
        found["reply"] += lines[at : span.start]
        found[span.label] += lines[span.start : span.end]
        at = span.end
    found["reply"] += lines[at:]
    reply, quoted, signature = (_joined(found[label]) for label in ("reply", "quoted", "signature"))
    if not reply and signature:
        reply, signature = signature, ""
    if not reply:
        reply, quoted = _joined(lines), ""
    return Parts(reply, quoted, signature, sender, forwarded)


def _joined(lines: list[str]) -> str:
    """The lines as text without blank lines at its ends; the indentation of the first line stays."""
    text = "\n".join(lines)
    indented = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, indented) + 1 :].rstrip()


# Forwards


def _original(lines: list[str]) -> str:
    """As it was written: some clients put quote marks before every line of it."""
    if all(is_quote(line) or not line.strip() for line in map(clean, lines[:MAX_LINES_READ])):
        lines = [_ONE_MARK.sub("", line) for line in lines]
    return _joined(lines)


def _is_forward(mark: Mark, cleaned: list[str], prefix: str, is_answer: bool) -> bool:
    """Whether what the first mark announces is forwarded rather than answered."""
    if mark.sort == "forward":
        return True
    if prefix == "vs" and mark.keys & FINNISH_HEADER_WORDS:
        return False
    if mark.sort == "attribution":
        alone = all(is_rule(line) for line in cleaned[: mark.start] if line)
        return is_outlook_forward_prefix(prefix) or (is_forward_prefix(prefix) and alone)
    if is_forward_prefix(prefix):
        return True
    # A forward whose subject somebody rewrote: a header block in a mail that answers nothing.
    return mark.sort == "block" and not is_answer and not is_reply_prefix(prefix)


def _with_rule(cleaned: list[str], start: int, lowest: int) -> int:
    """Upwards from a mark over blank lines to the rule some clients draw, but not above line `lowest`."""
    above = start
    while above > lowest and not cleaned[above - 1]:
        above -= 1
    return above - 1 if above > lowest and is_rule(cleaned[above - 1]) else start


def _answers_inside(cleaned: list[str], mark: Mark) -> bool:
    """Whether the own words say that the answers stand in an unmarked quote ("see my answers in red")."""
    if mark.sort == "attribution" or mark.start > MAX_SHARED_LINES:
        return False
    words = " ".join(line for line in cleaned[: mark.start] if line)[:2000].lower()
    return len(words.split()) <= 40 and any(f" {phrase}" in f" {words}" for phrase in INLINE_WORDS)


# Pieces


def _pieces(cleaned: list[str], heads: tuple[Head, ...]) -> tuple[list[_Piece], Mark | None]:
    """The text in order, and the first mark outside of a quote or at the head of one.

    What follows a mark without quote marks is a quote to the end, unless nothing stands above: then the mark is left
    over from another program and the words below are own.
    """
    reader = MarkReader(cleaned, heads)
    pieces: list[_Piece] = []
    first: Mark | None = None
    i = own = 0
    while i < len(cleaned) and len(pieces) < MAX_PIECES:
        mark = reader.mark_at(i, own) if cleaned[i] else None
        if mark:
            first = first or mark
            start = _with_rule(cleaned, mark.start, own)
            _add_own(pieces, cleaned, own, start)
            pieces.append(_Piece("mark", start, mark.end))
            i = own = mark.end
            if _opens_unmarked_quote(pieces, cleaned, mark.end):
                pieces.append(_Piece("quote", mark.end, _END))
                return pieces, first
        elif is_quote(cleaned[i]):
            end = _quote_end(cleaned, i, wraps=_has_words(cleaned, pieces, own, i))
            inner = _mark_in_quote(cleaned, i, end)
            first = first or inner
            start = _with_rule(cleaned, i, own) if inner else i
            _add_own(pieces, cleaned, own, start)
            if inner and inner.keys and not any(map(unquoted, cleaned[inner.end : end])):
                # Orange and Centrum put quote marks before the header block, and none before what it announces.
                pieces.append(_Piece("mark", start, end))
                if _opens_unmarked_quote(pieces, cleaned, end):
                    pieces.append(_Piece("quote", end, _END))
                    return pieces, first
            else:
                pieces.append(_Piece("quote", start, end))
            i = own = end
        else:
            i += 1
    _add_own(pieces, cleaned, own, len(cleaned))
    return pieces, first


# The end of a quote that runs to the end of the text, lines that were not read included.
_END: Final = 2**31


def _opens_unmarked_quote(pieces: list[_Piece], cleaned: list[str], i: int) -> bool:
    while i < len(cleaned) and not cleaned[i]:
        i += 1
    return (i == len(cleaned) or not is_quote(cleaned[i])) and any(piece.kind == "own" for piece in pieces[:4])


def _add_own(pieces: list[_Piece], cleaned: list[str], start: int, end: int) -> None:
    """Own words; blank lines alone belong to what stands above them."""
    if any(cleaned[start:end]):
        pieces.append(_Piece("own", start, end))
    elif pieces:
        pieces[-1] = _Piece(pieces[-1].kind, pieces[-1].start, end)


def _mark_in_quote(cleaned: list[str], start: int, end: int) -> Mark | None:
    """The mark a quote opens with: Apple Mail puts it inside."""
    inner = [clean(unquoted(line)) for line in cleaned[start : min(end, start + 40)]]
    reader = MarkReader(inner)
    lead = next((i for i, line in enumerate(inner) if line), 0)
    marks = (reader.mark_at(i, 0) for i in range(lead, min(lead + 4, len(inner))) if inner[i])
    # Orange names the date in a line of its own above the fields.
    dated = any(map(str.isdigit, inner[lead])) if inner else False
    mark = next((one for one in marks if one and one.start <= lead + (dated and one.sort == "block")), None)
    return mark and Mark(mark.sort, start + lead, start + mark.end, mark.sender, mark.keys)


def _has_words(cleaned: list[str], pieces: list[_Piece], own: int, i: int) -> bool:
    """Whether more than a greeting stands above line `i`."""
    if any(
        piece.kind == "own" and _words(cleaned, piece.start, piece.end) >= INLINE_ANSWER_WORDS for piece in pieces[:4]
    ):
        return True
    return _words(cleaned, own, i) >= INLINE_ANSWER_WORDS


def _quote_end(cleaned: list[str], start: int, *, wraps: bool) -> int:
    """The end of the quoted lines from `start` on, over blank lines and over lines that a client wrapped.

    `wraps`: an answer stands above, so that a short line between quoted ones is an overhang, not an answer in place.
    """
    i = end = start + 1
    while i < len(cleaned):
        if is_quote(cleaned[i]):
            end = i = i + 1
        elif not cleaned[i]:
            i += 1
        elif i == end and i + 1 < len(cleaned) and is_quote(cleaned[i + 1]) and _wrapped(cleaned, i, wraps=wraps):
            end = i = i + 1
        else:
            break
    return end


def _wrapped(cleaned: list[str], i: int, *, wraps: bool) -> bool:
    """Whether line `i` is the overhang of the quoted line above it: the rest of a link, or words that did not fit."""
    above, line = cleaned[i - 1], cleaned[i]
    quoted = above.lstrip("> ")[:WIDEST_QUOTE]
    for opening, closing in ("()", "<>"):
        if quoted.rfind(opening) > quoted.rfind(closing) and closing in line and " " not in line:
            return True
    return wraps and line[:1].islower() and len(above) + 1 + len(first_word(line)) >= WRAP_COLUMN


# Spans


def _spans(lines: list[str], cleaned: list[str], pieces: list[_Piece]) -> list[_Span]:
    """Own words are reply but for their signatures; quotes are quoted unless they are answered in place."""
    signatures = {i: _own_spans(lines, piece) for i, piece in enumerate(pieces) if piece.kind == "own"}
    words = [
        _words(cleaned, piece.start, signatures[i][0].start if signatures[i] else piece.end) if i in signatures else 0
        for i, piece in enumerate(pieces)
    ]
    kept = _answered(pieces, words) | _cited(pieces, cleaned)
    spans: list[_Span] = []
    for i, piece in enumerate(pieces):
        if piece.kind == "own":
            spans += signatures[i]
        elif i not in kept:
            spans.append(_Span("quoted", piece.start, piece.end))
    return spans


def _own_spans(lines: list[str], piece: _Piece) -> list[_Span]:
    cut = signature_start(lines, piece.start, piece.end)
    return [_Span("signature", cut, piece.end)] if cut < piece.end else []


def _words(cleaned: list[str], start: int, end: int) -> int:
    return sum(len(line[:MAX_LINE].split()) for line in cleaned[start:end])


def _cited(pieces: list[_Piece], cleaned: list[str]) -> set[int]:
    """The indices of the quotes that own words announce: "The log says:" above lines with quote marks."""
    pairs = ((i, pieces[i - 1]) for i, piece in enumerate(pieces) if i and piece.kind == "quote")
    announced = {i for i, above in pairs if above.kind == "own" and _last_line(cleaned, above).endswith((":", "："))}
    return {i for i in announced if pieces[i].end < _END}


def _last_line(cleaned: list[str], piece: _Piece) -> str:
    return next((cleaned[i] for i in range(piece.end - 1, piece.start - 1, -1) if cleaned[i]), "")


def _answered(pieces: list[_Piece], words: list[int]) -> set[int]:
    """The indices of the quotes that are kept because own words below answer them.

    `words` counts a piece's own words. Answers between quotes keep every quote above the last of them, and so does a
    quote without attribution. Of a single attributed quote it is kept by an answer that is more than a closing, where
    something stands above it too; an answer below the whole quote needs no quote.
    """
    quotes = [i for i, piece in enumerate(pieces) if piece.kind == "quote"]
    answers = [i for i, count in enumerate(words) if count and quotes and i > quotes[0]]
    if not answers:
        return set()
    between = answers[0] < quotes[-1]
    bare = all(i == 0 or pieces[i - 1].kind != "mark" for i in quotes)
    above = any(words[: quotes[0]]) and sum(words[i] for i in answers) >= INLINE_ANSWER_WORDS
    return {i for i in quotes if i < answers[-1]} if between or bare or above else set()
