"""What our own server found out about a sender: Authentication-Results (RFC 8601), read with distrust.

Anybody may write such a field into a mail. It counts when its authserv-id is the one the operator named
(§5: our server removes those that come in with its own id, but not every filter does so under every
setting) and when it stands where a server puts it: above everything the author wrote. OpenDKIM
writes above our Received, rspamd below it, both above From. A field of our id further down came with the
mail and is no evidence.

Of several results for one method the worst holds: a forged pass beside a real fail changes nothing. Comments
are skipped, never searched: they quote the envelope sender, which is the sender's own writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gateway.mail.message import Authentication, AuthResult, Message

_TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<mark>[;=])|(?P<open>\()|(?P<word>[^\s;="(]+)', re.S
)
_COMMENT_MARK = re.compile(r"\\.|[()]", re.S)
_QUOTED_PAIR = re.compile(r"\\(.)", re.S)

# Fields an author writes (RFC 5322 §3.6.1-3.6.5, RFC 2045): whatever follows the first of them came with the mail.
_AUTHORED = frozenset(
    """from sender reply-to to cc bcc subject date message-id in-reply-to references comments keywords
    mime-version""".split()
)

# RFC 8601 §2.7: every result word of the three methods. A word that is not here proves nothing ("unknown").
_MEANING: dict[str, AuthResult] = {
    "pass": "pass",
    "fail": "fail",
    "hardfail": "fail",
    "softfail": "fail",
    "none": "none",
    "neutral": "none",
    "policy": "none",
    "bestguesspass": "none",
    "temperror": "unknown",
    "permerror": "unknown",
}
_WORST_FIRST: tuple[AuthResult, ...] = ("fail", "unknown", "none", "pass")


@dataclass(frozen=True, slots=True)
class Clause:
    """One resinfo (RFC 8601 §2.2). `properties` are ("header.from", "a.example") pairs, repeated ones kept."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.properties if key == name)


@dataclass(frozen=True, slots=True)
class Results:
    """One field, read. `version` is "1" where the field names none."""

    authserv_id: str
    version: str
    clauses: tuple[Clause, ...]


def read(message: Message, authserv_id: str) -> Authentication:
    """What the server called `authserv_id` says of this mail's sender; "" trusts nobody and all stays "unknown".

    dmarc=pass counts when the mail has a single From and header.from, if given, is its domain. A broken check
    (temperror, permerror) is "unknown", a domain without a policy "none": neither is a pass nor a fail.
    """
    clauses = [clause for results in _trusted(message, authserv_id) for clause in results.clauses]
    domain = _author_domain(message)
    dkim = [clause for clause in clauses if clause.method == "dkim"]
    signed = _worst(_meaning(clause) for clause in dkim)
    return Authentication(
        spf=_worst(_meaning(clause) for clause in clauses if clause.method == "spf"),
        dkim=signed,
        dmarc=_worst(_about(clause, domain) for clause in clauses if clause.method == "dmarc"),
        aligned_dkim=signed == "pass" and any(_aligned(clause, domain) for clause in dkim),
    )


def verdict(auth: Authentication) -> AuthResult:
    """Did our server pass the sender? DMARC decides; where it has no answer, a signature of the From domain does.

    A broken or missing signature alone is never a "fail": it means as much as no signature (RFC 6376 §6.1).
    """
    if auth.dmarc in ("pass", "fail"):
        return auth.dmarc
    if auth.aligned_dkim:
        return "pass"
    return "unknown" if auth.spf == auth.dkim == auth.dmarc == "unknown" else "none"


@dataclass(frozen=True, slots=True)
class Stamps:
    """Whose fields a mail carries: authserv-ids `above` what its author wrote, and `below`, where they came with it.

    `apart`: those above that stand on both sides of a Received. A server writes all of its own on one side.
    """

    above: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


def stamps(fields: Iterable[tuple[str, str]]) -> Stamps:
    """Of the fields of a mail in their order, name and value."""
    sides: tuple[set[str], set[str], set[str]] = (set(), set(), set())  # before a Received, behind it, the author's
    side = 0
    for name, value in fields:
        field = name.strip().lower()
        if field in _AUTHORED or field.startswith("content-"):
            side = 2
        elif field == "received" and side == 0 and sides[0]:
            side = 1
        elif field == "authentication-results" and (results := parse_results(value)) is not None:
            sides[side].add(results.authserv_id)
    before, behind, authored = map(frozenset, sides)
    return Stamps(before | behind, authored, before & behind)


def parse_results(value: str) -> Results | None:
    """The field body by the grammar of RFC 8601 §2.2; None where there is no authserv-id.

    Stricter servers are read exactly, looser ones as far as they go: a clause ends at the first thing that is
    no name=value pair, and only its first pair is a result.
    """
    head, *clauses = _split(_tokens(value))
    words = _words(head)
    if not words or "=" in head:
        return None
    version = words[1] if len(words) > 1 else "1"
    return Results(words[0].lower(), version, tuple(filter(None, map(_clause, clauses))))


def _trusted(message: Message, authserv_id: str) -> Iterator[Results]:
    wanted = authserv_id.strip().lower()
    if not wanted:
        return
    for name, value in message.raw_headers or message.headers:
        field = name.strip().lower()
        if field in _AUTHORED or field.startswith("content-"):
            return
        if field == "authentication-results":
            results = parse_results(value)
            if results is not None and results.authserv_id == wanted and results.version == "1":
                yield results


def _worst(results: Iterable[AuthResult]) -> AuthResult:
    return min(results, key=_WORST_FIRST.index, default="unknown")


def _meaning(clause: Clause) -> AuthResult:
    return _MEANING.get(clause.result, "unknown")


def _about(clause: Clause, domain: str) -> AuthResult:
    """A DMARC result, as far as it speaks of this author: a pass for another domain proves nothing of this one."""
    result = _meaning(clause)
    named = {_domain(value) for value in clause.property("header.from")}
    if result == "pass" and (not domain or named - {domain}):
        return "none"
    return result


def _aligned(clause: Clause, domain: str) -> bool:
    """The signing domain is the From domain or above it.

    Relaxed alignment (RFC 7489 §3.1.1) would take siblings too, but which domains belong to one owner only the
    public suffix list knows: without it, d=anyone.pages.example would sign for pages.example.
    """
    signers = {_domain(value) for value in clause.property("header.d") or clause.property("header.i")}
    return (
        bool(domain)
        and len(signers) == 1
        and all("." in signer and f".{domain}".endswith(f".{signer}") for signer in signers)
    )


def _author_domain(message: Message) -> str:
    if message.from_fields > 1 or len(message.from_) != 1:
        return ""
    return _domain(message.from_[0].email)


def _domain(value: str) -> str:
    """The domain of an address or of "@domain", as an A-label in lower case (RFC 8601 §2.2: pvalue)."""
    domain = value.rpartition("@")[2].strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    """(kind, text) with kind word | ; | = | space. Comments (nested, RFC 5322 §3.2.2) are space."""
    at = 0
    while at < len(value):
        match = _TOKEN.match(value, at)
        assert match is not None, "the alternatives cover every character"
        kind, text, at = match.lastgroup or "", match.group(), match.end()
        if kind == "open":
            at = _after_comment(value, at)
            yield "space", " "
        elif kind == "quoted":
            yield "word", _QUOTED_PAIR.sub(r"\1", text[1:].removesuffix('"'))
        elif kind == "mark":
            yield text, text
        else:
            yield kind, text


def _after_comment(value: str, at: int) -> int:
    depth = 1
    for mark in _COMMENT_MARK.finditer(value, at):
        depth += {"(": 1, ")": -1}.get(mark.group(), 0)
        if depth == 0:
            return mark.end()
    return len(value)


def _split(tokens: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Clauses at ";", each a list of words, "=" and " ". Words that touch are one (`"a b"@c.example`)."""
    clauses: list[list[str]] = [[]]
    glue = False
    for kind, text in tokens:
        clause = clauses[-1]
        if kind == ";":
            clauses.append([])
        elif kind == "word" and glue:
            clause[-1] += text
        elif kind == "space":
            clause.append(" ")
        else:
            clause.append(text)
        glue = kind == "word"
    return clauses


def _words(clause: list[str]) -> list[str]:
    return [token for token in clause if token not in (" ", "=")]


def _clause(tokens: list[str]) -> Clause | None:
    pairs = _pairs(tokens)
    if not pairs:
        return None
    (method, result), *properties = pairs
    return Clause(
        method.partition("/")[0].lower(), result.lower(), tuple((key.lower(), value) for key, value in properties)
    )


def _pairs(tokens: list[str]) -> list[tuple[str, str]]:
    """name=value pairs, blanks around "=" and "." allowed, up to the first thing that is none."""
    pairs: list[tuple[str, str]] = []
    rest = [token for token in tokens if token != " "]
    at = 0
    while at < len(rest):
        name = rest[at]
        while at + 1 < len(rest) and (name.endswith((".", "/")) or rest[at + 1].startswith((".", "/"))):
            at += 1
            name += rest[at]
        if name == "=" or at + 2 >= len(rest) or rest[at + 1] != "=" or rest[at + 2] == "=":
            break
        pairs.append((name, rest[at + 2]))
        at += 3
        while at < len(rest) and rest[at] == "=":  # the padding of an unquoted base64 value
            at += 1
    return pairs
