"""HTML of a mail → text to read, or → HTML that is safe to show. Nothing is fetched, nothing runs.

Both parsers below are quadratic in nesting (100,000 open `div`s: 40 s), so depth and size are looked at first.
"""

from __future__ import annotations

import html as html_entities
import re
from dataclasses import dataclass, field

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_CHARS = 2 * 2**20
MAX_DEPTH = 200
MAX_TAGS = 200_000
# Open formatting elements are opened anew in every block (HTML5 §13.2.4.3): 190 fonts by 100,000 paragraphs took 2 s.
MAX_WORK = 3_000_000
MAX_QUOTES = 50

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements that are never closed, or whose end tag is optional: counting them would see depth where there is none.
_OPEN_ENDED = (
    "area base basefont br col embed frame hr img input link meta param source track wbr p li dt dd option tr td th"
    " thead tbody tfoot colgroup html head body"
)
_NOT_TEXT = "script style head title template noscript iframe object embed svg math select textarea button"
_BLOCK_TAGS = (
    "address article aside center dd details dir div dl dt fieldset figcaption figure footer form header main nav"
    " section summary table caption tbody thead tfoot tr ul ol menu"
)
_PARAGRAPH_TAGS = "p h1 h2 h3 h4 h5 h6 pre blockquote ul ol table dl"
_SAFE_TAGS = (
    "a abbr b blockquote br caption cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins li ol p pre q s small"
    " span strong sub sup table tbody td tfoot th thead tr u ul"
)
_UNCOUNTED = frozenset(_OPEN_ENDED.split())
_DROPPED = frozenset(_NOT_TEXT.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_PARAGRAPHS = frozenset(_PARAGRAPH_TAGS.split())
_BREAKING = _BLOCKS | _PARAGRAPHS | {"br", "hr", "li"}
SAFE_TAGS = frozenset(_SAFE_TAGS.split())
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%)?(?:;|!|$)")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SAME_TAGS = re.compile(r"(</?[A-Za-z][^<>]{0,40}>)(?:\s*\1)+")  # a million openings say what one says
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z!][a-zA-Z0-9]{0,30})[^<>]{0,2000}>")


def too_deep(html: str, limit: int = MAX_DEPTH) -> bool:
    """Whether more than `limit` elements are open at once, or there are more tags than a letter needs; linear."""
    depth = tags = work = 0
    for match in _TAG.finditer(html):
        tags += 1
        work += depth
        if tags > MAX_TAGS or work > MAX_WORK:
            return True
        if match[2].lower() in _UNCOUNTED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > limit:
            return True
    return False


def to_text(html: str) -> str:
    """Readable text: quotes as "> " lines, lists with "- ", links behind their words, cells with a tab between.

    Text that the sender hid is left out. Beyond the caps the tags are taken out and that is all.
    """
    html = html[:MAX_CHARS]
    if too_deep(html):
        return _crude(html)
    root = LexborHTMLParser(html).body
    if root is None:
        return ""
    page = _Page()
    _walk(root, page)
    return page.text()


def safe_html(html: str) -> str:
    """Allow-listed HTML for showing: no script, style, form, class, id or remote image; links http, https, mailto.

    An image is kept when it is a part of the mail (`cid:`). Beyond the caps it is text in a `pre`.
    """
    html = html[:MAX_CHARS]
    if too_deep(html):
        return "<pre>" + nh3.clean_text(_crude(html)) + "</pre>"
    cleaned: str = nh3.clean(
        _without_hidden(html),
        tags=set(SAFE_TAGS),
        attributes={
            "a": {"href", "title"},
            "img": {"src", "alt", "width", "height"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel="noopener nofollow noreferrer",
        strip_comments=True,
    )
    return cleaned.replace("<img>", "")


def _without_hidden(html: str) -> str:
    """What a style hides must not come to light when the style is taken away."""
    tree = LexborHTMLParser(html)
    for node in tree.css("[style], [hidden]"):
        if _hidden(node):
            node.decompose()
    return tree.html or ""


def _attribute(tag: str, name: str, value: str) -> str | None:
    lowered = value.strip().lower()
    if name == "src":
        return value if lowered.startswith("cid:") else None
    if name == "href":
        return value if lowered.startswith(("http://", "https://", "mailto:")) else None
    return value


@dataclass(slots=True)
class _Page:
    """Lines in the making. `depth` counts the open quotes, `gap` whether a blank line is owed before the next words."""

    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    depth: int = 0
    gap: bool = False
    last: int = 0
    pre: int = 0
    lists: list[int] = field(default_factory=list)

    def words(self, text: str) -> None:
        if self.pre:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.current.append(first)
            for line in rest:
                self.end_line(True)
                self.current.append(line)
            return
        text = _BLANKS.sub(" ", text)
        if text.startswith(" ") and (not self.current or self.current[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self.current.append(text)

    def end_line(self, forced: bool = False) -> None:
        """Ends the line if there is one; `forced` (a `br`) makes an empty one too."""
        line = "".join(self.current)
        line = line.rstrip()
        self.current = []
        if not line and not forced:
            return
        depth = min(self.depth, MAX_QUOTES)
        if self.gap and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(depth, self.last)).rstrip())
        self.gap = False
        self.last = depth
        self.lines.append(("> " * depth + line).rstrip() if line != "--" else "> " * depth + "-- ")

    def end_paragraph(self) -> None:
        self.end_line()
        self.gap = True

    def text(self) -> str:
        self.end_line()
        text = "\n".join(self.lines).replace("\xa0", " ")
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _walk(root: LexborNode, page: _Page) -> None:
    """In document order with a stack of its own: depth is the sender's choice."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(node, page)
            continue
        if node.is_text_node:
            page.words(node.text_content or "")
            continue
        tag = node.tag or ""
        if tag in _DROPPED or not node.is_element_node or _hidden(node):
            continue
        _enter(node, tag, page)
        stack.append((node, True))
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend((one, False) for one in reversed(children))


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN.search(style.lower().replace(" ", "")))


def _enter(node: LexborNode, tag: str, page: _Page) -> None:
    if tag in _PARAGRAPHS and not (tag in ("ul", "ol") and page.lists):
        page.end_paragraph()
    elif tag in _BLOCKS:
        page.end_line()
    match tag:
        case "br":
            page.end_line(True)
        case "blockquote":
            page.depth += 1
        case "pre":
            page.pre += 1
        case "ul" | "ol":
            page.lists.append(0 if tag == "ol" else -1)
        case "li":
            page.end_line()
            page.current.append(_bullet(page))
        case "hr":
            page.end_line()
            page.current.append("-" * 20)
            page.end_line()
        case "img":
            if alt := _BLANKS.sub(" ", (node.attributes.get("alt") or "")).strip():
                page.words(f"[{alt[:200]}]")


def _bullet(page: _Page) -> str:
    if not page.lists:
        return "- "
    indent = "  " * (min(len(page.lists), 10) - 1)
    if page.lists[-1] >= 0:
        page.lists[-1] += 1
        return f"{indent}{page.lists[-1]}. "
    return f"{indent}- "


def _leave(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    if tag == "a":
        _link(node, page)
    if tag in ("td", "th"):
        if page.current:
            page.current.append("\t")
        return
    if tag in _PARAGRAPHS and not (tag in ("ul", "ol") and len(page.lists) > 1):
        page.end_paragraph()
    elif tag in _BLOCKS or tag == "li":
        page.end_line()
    match tag:
        case "blockquote":
            page.depth -= 1
        case "pre":
            page.pre -= 1
        case "ul" | "ol":
            page.lists.pop()


def _link(node: LexborNode, page: _Page) -> None:
    """The address behind a link, unless its words say it already."""
    href = (node.attributes.get("href") or "").strip()
    if not href.lower().startswith(("http://", "https://", "mailto:")):
        return
    shown = "".join(page.current[-8:]).lower()
    bare = re.sub(r"(?i)^(?:https?://|mailto:)(?:www\.)?", "", href).rstrip("/").lower()
    if bare.split("?")[0] in shown or not shown.strip():
        return
    page.words(f" <{_BLANKS.sub('', href)[:500]}>")


def _crude(html: str) -> str:
    """The words between the tags, for markup that is too deep or too much to be parsed; linear."""
    out: list[str] = []
    html = _SAME_TAGS.sub(r"\1", html)
    position = 0
    dropping = ""
    for match in _ANY_TAG.finditer(html):
        if not dropping and position < match.start():
            out.append(_BLANKS.sub(" ", html[position : match.start()]))
        position = match.end()
        tag = match[2].lower()
        if dropping:
            dropping = "" if match[1] and tag == dropping else dropping
        elif tag in _DROPPED and not match[1]:
            dropping = tag
        elif (space := "\n" if tag in _BREAKING else " ") != (out[-1] if out else "") or out[-2:-1] != [space]:
            out.append(space)  # two of a kind say as much as a million
    if not dropping:
        out.append(_BLANKS.sub(" ", html[position:]))
    lines = (_BLANKS.sub(" ", line).strip() for line in html_entities.unescape("".join(out)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
