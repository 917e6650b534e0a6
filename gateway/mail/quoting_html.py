"""What the HTML of a mail says about its quote: the words of the containers that mail clients put around it.

The text stays the text; these words tell where in it the quote begins when its language or its form is in no table.
Sources: the markup that Gmail (`gmail_attr`), Thunderbird (`moz-cite-prefix`), Roundcube (`reply-intro`), Outlook on
the web (`divRplyFwdMsg`), Yahoo, Proton, Zoho, Tutanota, GMX and Outlook on phones write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from gateway.mail.html import too_deep

MAX_CHARS: Final = 512 * 1024
MAX_NODES: Final = 10
_OTHER: Final = re.compile(r"\W+")

# Elements that hold an attribution or a header block, whole.
_INTRODUCTIONS: Final = ".gmail_attr, .moz-cite-prefix, #reply-intro, #divRplyFwdMsg, .OutlookMessageHeader"
# Elements that hold the quote itself; one counts only where it is the last of the mail, for answers may stand below.
_QUOTES: Final = (
    ".yahoo_quoted, .protonmail_quote, .zmail_extra, .tutanota_quote, #mail-editor-reference-message-container,"
    " div[name=quote], .ms-outlook-mobile-reference-message, .gmail_quote"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The letters and digits a quote begins with. `whole`: they are all of the introduction, and a mark's lines."""

    text: str
    whole: bool
    forward: bool


def squashed(text: str) -> str:
    """Letters and digits alone, in lower case: equal for a text and the same text in HTML."""
    return _OTHER.sub("", text).lower()


def quote_heads(html: str) -> tuple[Head, ...]:
    """What the quotes in `html` begin with, in document order; () where it is too large or too deep to be looked at."""
    if not html or len(html) > MAX_CHARS or too_deep(html):
        return ()
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return ()
    heads = [_head(node.text() or "", whole=True) for node in tree.css(_INTRODUCTIONS)[:MAX_NODES]]
    end = squashed(tree.body.text()[-400:])
    for node in tree.css(_QUOTES)[:MAX_NODES]:
        text = node.text() or ""
        if (last := squashed(text[-400:])[-40:]) and end.endswith(last):
            heads.append(_head(text, whole=False))
            break
    return tuple(head for head in heads if len(head.text) >= 12)


def _head(text: str, *, whole: bool) -> Head:
    return Head(squashed(text[:2000])[:300], whole, text.lstrip().startswith("--"))
